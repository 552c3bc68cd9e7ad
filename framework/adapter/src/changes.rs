//! What an execution changes, before fees are settled and versions given.

use crate::inputs::Inputs;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sui_sdk_types::{
    Address, Digest, Event, MovePackage, MoveStruct, Object, ObjectData, Owner, StructTag,
};

/// The contents of an object to be written.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// A Move object.
    Struct {
        /// Its type.
        type_: StructTag,
        /// Whether anybody may transfer it (the type has `store`).
        has_public_transfer: bool,
        /// Its BCS contents, beginning with its id.
        contents: Vec<u8>,
    },
    /// A package; it carries its own version.
    Package(Box<MovePackage>),
}

/// An object to be written: everything but version, digest and fee.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Its contents.
    pub(crate) body: Body,
    /// Its owner from now on.
    pub(crate) owner: Owner,
}

impl Draft {
    /// The object as it was.
    pub(crate) fn unchanged(object: &Object) -> Self {
        let body = match object.data() {
            ObjectData::Struct(value) => Body::Struct {
                type_: value.object_type().clone(),
                has_public_transfer: value.has_public_transfer(),
                contents: value.contents().to_vec(),
            },
            ObjectData::Package(package) => Body::Package(Box::new(package.clone())),
        };
        Draft {
            body,
            owner: *object.owner(),
        }
    }

    /// Size of the contents in bytes, as the limits count it.
    pub(crate) fn contents_bytes(&self) -> usize {
        match &self.body {
            Body::Struct { contents, .. } => contents.len(),
            Body::Package(package) => crate::storage_fee::package_bytes(package),
        }
    }

    /// The object at `version`; a package keeps its own. `None` if the
    /// contents are too short to hold an id.
    pub(crate) fn into_object(
        self,
        version: u64,
        previous_transaction: Digest,
        storage_rebate: u64,
    ) -> Option<Object> {
        let data = match self.body {
            Body::Struct {
                type_,
                has_public_transfer,
                contents,
            } => ObjectData::Struct(MoveStruct::new(
                type_,
                has_public_transfer,
                version,
                contents,
            )?),
            Body::Package(package) => ObjectData::Package(*package),
        };
        Some(Object::new(
            data,
            self.owner,
            previous_transaction,
            storage_rebate,
        ))
    }
}

/// Everything that an execution changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Object versions that end here: each is written anew, deleted or wrapped.
    pub(crate) prior: BTreeMap<Address, Arc<Object>>,
    /// What exists afterwards.
    pub(crate) written: BTreeMap<Address, Draft>,
    /// Ids that are new.
    pub(crate) created: BTreeSet<Address>,
    /// Ids that never come back.
    pub(crate) deleted: BTreeSet<Address>,
    /// Events in order of emission.
    pub(crate) events: Vec<Event>,
    /// Children read, with their version, whether written or not.
    pub(crate) loaded_children: BTreeMap<Address, u64>,
    /// Transactions that wrote what was read beyond the declared inputs.
    pub(crate) dependencies: BTreeSet<Digest>,
}

impl Changes {
    /// The changes that every execution makes, a failed one included: each
    /// mutable input gets a new version with its old contents.
    pub(crate) fn of_inputs(inputs: &Inputs) -> Self {
        let mut changes = Changes::default();
        for (id, entry) in &inputs.objects {
            if entry.access.is_mutable() {
                changes.prior.insert(*id, Arc::clone(&entry.object));
                changes.written.insert(*id, Draft::unchanged(&entry.object));
            }
        }
        changes
    }
}
