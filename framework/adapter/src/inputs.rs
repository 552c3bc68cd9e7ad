//! The object versions that go into an execution.
//!
//! Declared inputs bound what a transaction can touch: everything else is
//! reached from them (children through their root, received objects through
//! their declaration). Loading happens once, before anything runs.

use crate::ExecuteError;
use heddle_objects::{DeclaredInputs, ObjectRead, SharedVersion};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Digest, Object, ObjectReference, Owner};

/// What a transaction may do with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Owned by an address: anything.
    Owned,
    /// Immutable: read.
    Immutable,
    /// Shared and declared read-only: read.
    SharedRead,
    /// Shared and declared mutable: write, delete, share again.
    SharedWrite,
}

impl Access {
    /// Whether the input gets a new version, whatever the transaction does.
    pub(crate) fn is_mutable(self) -> bool {
        matches!(self, Access::Owned | Access::SharedWrite)
    }
}

/// One input object.
#[derive(Clone, Debug)]
pub(crate) struct InputEntry {
    /// The version that goes in.
    pub(crate) object: Arc<Object>,
    /// What may be done with it.
    pub(crate) access: Access,
}

/// A shared input that a transaction ordered earlier has deleted, or given to
/// another owner.
#[derive(Clone, Debug)]
pub(crate) struct DeletedShared {
    /// The object.
    pub(crate) id: Address,
    /// The version that was assigned to it.
    pub(crate) version: u64,
    /// Whether it was declared mutable.
    pub(crate) mutable: bool,
}

/// All inputs of one execution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Input objects by id, gas payment included.
    pub(crate) objects: BTreeMap<Address, InputEntry>,
    /// Shared inputs declared read-only, in order of declaration.
    pub(crate) shared_reads: Vec<Address>,
    /// Shared inputs that no longer exist, in order of declaration.
    pub(crate) deleted_shared: Vec<DeletedShared>,
    /// Objects that may be received, by id.
    pub(crate) receiving: BTreeMap<Address, ObjectReference>,
    /// Packages that the commands name.
    pub(crate) packages: Vec<Address>,
    /// The version of everything that the execution writes.
    pub(crate) lamport_version: u64,
}

impl Inputs {
    /// Reads every declared input.
    pub(crate) fn load(
        declared: &DeclaredInputs,
        shared_versions: &[SharedVersion],
        store: &dyn ObjectRead,
    ) -> Result<Self, ExecuteError> {
        let mut inputs = Inputs {
            packages: declared.packages.clone(),
            lamport_version: declared.lamport_version(shared_versions),
            ..Inputs::default()
        };
        for reference in &declared.owned {
            let entry = load_owned(reference, store)?;
            inputs.objects.insert(*reference.object_id(), entry);
        }
        for (id, initial_version, mutable) in &declared.shared {
            let version = shared_versions
                .iter()
                .find(|shared| shared.object_id == *id)
                .map(|shared| shared.version)
                .ok_or(ExecuteError::MissingSharedVersion { id: *id })?;
            inputs.load_shared(*id, *initial_version, version, *mutable, store)?;
        }
        for reference in &declared.receiving {
            inputs
                .receiving
                .insert(*reference.object_id(), reference.clone());
        }
        Ok(inputs)
    }

    /// Reads one shared input at the version that was assigned to it.
    pub(crate) fn load_shared(
        &mut self,
        id: Address,
        initial_version: u64,
        version: u64,
        mutable: bool,
        store: &dyn ObjectRead,
    ) -> Result<(), ExecuteError> {
        let found = store.at_version(&id, version)?;
        if found.is_none() && store.at_or_before(&id, version)?.is_some() {
            return Err(ExecuteError::MissingInput { id, version });
        }
        // An object that has left this line of versions (it got another owner
        // through consensus) is gone for this transaction as well.
        let Some(object) = found.filter(|object| match object.owner() {
            Owner::Shared(start) => *start == initial_version,
            Owner::ConsensusAddress { start_version, .. } => *start_version == initial_version,
            _ => false,
        }) else {
            self.deleted_shared.push(DeletedShared {
                id,
                version,
                mutable,
            });
            return Ok(());
        };
        let access = if mutable {
            Access::SharedWrite
        } else {
            self.shared_reads.push(id);
            Access::SharedRead
        };
        self.objects.insert(id, InputEntry { object, access });
        Ok(())
    }

    /// The transactions that wrote the inputs.
    pub(crate) fn previous_transactions(&self) -> impl Iterator<Item = Digest> + '_ {
        self.objects
            .values()
            .map(|entry| entry.object.previous_transaction())
    }
}

fn load_owned(
    reference: &ObjectReference,
    store: &dyn ObjectRead,
) -> Result<InputEntry, ExecuteError> {
    let id = *reference.object_id();
    let version = reference.version();
    let object = store
        .at_version(&id, version)?
        .ok_or(ExecuteError::MissingInput { id, version })?;
    let access = match object.owner() {
        Owner::Address(_) => Access::Owned,
        Owner::Immutable => Access::Immutable,
        other => return Err(ExecuteError::InputOwner { id, owner: *other }),
    };
    Ok(InputEntry { object, access })
}
