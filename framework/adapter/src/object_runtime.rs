//! What natives gather while Move code runs: new and deleted ids, transfers,
//! events, children in use.
//!
//! One [`ObjectRuntime`] lives in the VM's extensions for the length of a
//! transaction. Natives change it; the adapter's own commands (splitting a
//! coin, transferring) change it through the same methods, so there is one
//! account of what happened. Its maps are ordered: their order reaches effects.
//!
//! A child object is in one of three states:
//!
//! ```text
//!            borrow / remove                  remove
//!   Stored ─────────────────────▶ Placed ─────────────▶ Absent
//!      │                             ▲                     │
//!      └── (never touched: no slot)  └──────── add ────────┘
//! ```

use crate::changes::{Body, Draft};
use heddle_objects::limits;
use heddle_vm::GlobalRef;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sui_sdk_types::{Address, Digest, Event, ExecutionError, Identifier, Object, Owner, StructTag};

/// Facts of the transaction that natives hand to Move code.
#[derive(Clone, Debug)]
pub struct TransactionContext {
    /// Who sent it.
    pub sender: Address,
    /// Who pays, if that is somebody else.
    pub sponsor: Option<Address>,
    /// Its digest, from which ids are derived.
    pub digest: Digest,
    /// The epoch.
    pub epoch: u64,
    /// When the epoch began, in milliseconds since the Unix epoch.
    pub epoch_timestamp_ms: u64,
    /// Reference gas price, in base units per gas unit.
    pub reference_gas_price: u64,
    /// Price that it pays, in base units per gas unit.
    pub gas_price: u64,
    /// The most that it pays, in base units.
    pub gas_budget: u64,
    /// How many ids were derived so far.
    pub ids_created: u64,
}

impl TransactionContext {
    /// A context for unit tests: sender zero, epoch zero, price one.
    pub fn for_tests() -> Self {
        TransactionContext {
            sender: Address::ZERO,
            sponsor: None,
            digest: Digest::ZERO,
            epoch: 0,
            epoch_timestamp_ms: 0,
            reference_gas_price: 1,
            gas_price: 1,
            gas_budget: u64::MAX,
            ids_created: 0,
        }
    }
}

/// A child object that the transaction has touched.
#[derive(Clone, Debug)]
pub(crate) struct ChildSlot {
    /// The object under which it was stored or was put last.
    pub(crate) parent: Address,
    /// The version in the store, if the store has one under that parent.
    pub(crate) prior: Option<Arc<Object>>,
    /// Where its value is.
    pub(crate) state: ChildState,
}

/// Where the value of a child is.
#[derive(Clone, Debug)]
pub(crate) enum ChildState {
    /// Nowhere under this parent: it never existed or was taken out.
    Absent,
    /// In the store alone.
    Stored,
    /// In the execution's memory.
    Placed {
        /// Where.
        global: GlobalRef,
        /// Its type.
        type_: StructTag,
        /// Whether its type has `store`.
        has_public_transfer: bool,
    },
}

/// How a transferred object relates to the state before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransferOutcome {
    /// The transaction created it.
    New,
    /// It had this owner before.
    SameOwner,
    /// It had another owner before.
    OwnerChanged,
}

/// An object that left Move code, as [`ObjectRuntime::end_transaction`] gives it.
#[derive(Clone, Debug)]
pub struct TransferredObject {
    /// Its id.
    pub id: Address,
    /// Who owns it now.
    pub owner: Owner,
    /// Its type, by defining ids.
    pub type_: StructTag,
    /// Its BCS contents.
    pub contents: Vec<u8>,
}

/// What a transaction in a unit test did.
#[derive(Clone, Debug)]
pub struct EndedTransaction {
    /// Objects that got an owner, by id.
    pub transferred: Vec<TransferredObject>,
    /// Ids made, ascending.
    pub created: Vec<Address>,
    /// Ids deleted, ascending.
    pub deleted: Vec<Address>,
    /// Events in order of emission.
    pub events: Vec<Event>,
}

/// What natives gather. See the module's introduction.
#[derive(Clone, Debug)]
pub struct ObjectRuntime {
    /// The transaction's facts.
    pub(crate) context: TransactionContext,
    /// The version that everything written gets.
    pub(crate) lamport_version: u64,
    /// Owners of the declared inputs and of received objects.
    pub(crate) input_owners: BTreeMap<Address, Owner>,
    /// Objects that may be received: id to version.
    pub(crate) receivable: BTreeMap<Address, u64>,
    /// Ids derived or recorded as new.
    pub(crate) new_ids: BTreeSet<Address>,
    /// Ids deleted that were not new.
    pub(crate) deleted_ids: BTreeSet<Address>,
    /// Objects that have left Move code, with their owner.
    pub(crate) transfers: BTreeMap<Address, Draft>,
    /// Events so far.
    pub(crate) events: Vec<Event>,
    /// Bytes of the contents of all events so far.
    pub(crate) events_bytes: usize,
    /// The package version and module that the current command calls: events
    /// name them.
    pub(crate) emitter: (Address, Identifier),
    /// Children touched.
    pub(crate) children: BTreeMap<Address, ChildSlot>,
    /// Objects received, as they were.
    pub(crate) received: BTreeMap<Address, Arc<Object>>,
    /// A failure in the public format that a native left for the adapter.
    pub(crate) failure: Option<ExecutionError>,
    /// Whether this is genesis: then there is no limit on the number of ids,
    /// and objects with fixed ids count as new.
    genesis: bool,
}

impl ObjectRuntime {
    /// An empty account of a transaction.
    pub fn new(context: TransactionContext, lamport_version: u64) -> Self {
        ObjectRuntime {
            context,
            lamport_version,
            input_owners: BTreeMap::new(),
            receivable: BTreeMap::new(),
            new_ids: BTreeSet::new(),
            deleted_ids: BTreeSet::new(),
            transfers: BTreeMap::new(),
            events: Vec::new(),
            events_bytes: 0,
            emitter: (Address::TWO, Identifier::from_static("transaction")),
            children: BTreeMap::new(),
            received: BTreeMap::new(),
            failure: None,
            genesis: false,
        }
    }

    /// The same for genesis, which makes as many objects as it wants, some of
    /// them with fixed ids.
    pub(crate) fn for_genesis(mut self) -> Self {
        self.genesis = true;
        self
    }

    /// Events emitted so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The transaction's facts, to be changed between the transactions that a
    /// unit test plays.
    pub fn context_mut(&mut self) -> &mut TransactionContext {
        &mut self.context
    }

    /// Makes `id` an input with this owner.
    pub fn declare_input(&mut self, id: Address, owner: Owner) {
        self.input_owners.insert(id, owner);
    }

    /// Ends a transaction that a unit test plays: takes out what it gathered,
    /// so that the next one begins afresh. Children stay: there is no store
    /// that they could be written to.
    pub fn end_transaction(&mut self) -> EndedTransaction {
        let transferred = std::mem::take(&mut self.transfers)
            .into_iter()
            .filter_map(|(id, draft)| match draft.body {
                Body::Struct {
                    type_, contents, ..
                } => Some(TransferredObject {
                    id,
                    owner: draft.owner,
                    type_,
                    contents,
                }),
                Body::Package(_) => None,
            })
            .collect();
        self.events_bytes = 0;
        self.input_owners.clear();
        self.received.clear();
        EndedTransaction {
            transferred,
            created: std::mem::take(&mut self.new_ids).into_iter().collect(),
            deleted: std::mem::take(&mut self.deleted_ids).into_iter().collect(),
            events: std::mem::take(&mut self.events),
        }
    }

    /// Derives an id that no other transaction and no earlier call gives, and
    /// records it as new. `None` when the transaction has made as many as it may.
    pub(crate) fn fresh_id(&mut self) -> Option<Address> {
        let id = Address::derive_id(self.context.digest, self.context.ids_created);
        self.context.ids_created += 1;
        self.record_new_id(id).then_some(id)
    }

    /// Records `id` as new, unless it was deleted before in this transaction:
    /// then it simply lives on (a dynamic field removed and added again).
    /// False when the transaction has made as many as it may.
    pub(crate) fn record_new_id(&mut self, id: Address) -> bool {
        if !self.deleted_ids.remove(&id) {
            self.new_ids.insert(id);
        }
        self.genesis || self.new_ids.len() <= limits::CREATED_OBJECTS_MAX
    }

    /// Records `id` as deleted; a new one is simply forgotten. False when the
    /// transaction has deleted as many as it may.
    pub(crate) fn delete_id(&mut self, id: Address) -> bool {
        if !self.new_ids.remove(&id) {
            self.deleted_ids.insert(id);
        }
        self.genesis || self.deleted_ids.len() <= limits::DELETED_OBJECTS_MAX
    }

    /// Hands an object to `owner`. `contents` begin with the object's id;
    /// `None` if they are too short for one.
    pub(crate) fn transfer(
        &mut self,
        owner: Owner,
        type_: StructTag,
        has_public_transfer: bool,
        contents: Vec<u8>,
    ) -> Option<TransferOutcome> {
        let id = leading_id(&contents)?;
        let outcome = if self.genesis || self.new_ids.contains(&id) {
            TransferOutcome::New
        } else if self.input_owners.get(&id) == Some(&owner) {
            TransferOutcome::SameOwner
        } else {
            TransferOutcome::OwnerChanged
        };
        let body = Body::Struct {
            type_,
            has_public_transfer,
            contents,
        };
        self.transfers.insert(id, Draft { body, owner });
        Some(outcome)
    }

    /// The owner of an object that gets shared: a shared input stays shared
    /// since when it was, anything else is shared since now.
    pub(crate) fn owner_when_shared(&self, id: &Address) -> Owner {
        match self.input_owners.get(id) {
            Some(Owner::Shared(start)) => Owner::Shared(*start),
            _ => Owner::Shared(self.lamport_version),
        }
    }
}

/// The id with which the contents of an object begin.
pub(crate) fn leading_id(contents: &[u8]) -> Option<Address> {
    contents
        .get(..Address::LENGTH)
        .and_then(|bytes| Address::from_bytes(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> ObjectRuntime {
        ObjectRuntime::new(TransactionContext::for_tests(), 7)
    }

    #[test]
    fn an_id_made_and_deleted_leaves_no_trace() {
        let mut runtime = runtime();
        let id = runtime.fresh_id().expect("below the limit");
        assert!(runtime.new_ids.contains(&id));
        assert!(runtime.delete_id(id));
        assert!(runtime.new_ids.is_empty() && runtime.deleted_ids.is_empty());
    }

    #[test]
    fn an_id_deleted_and_made_again_lives_on() {
        let mut runtime = runtime();
        let id = Address::from_static("0x42");
        assert!(runtime.delete_id(id));
        assert!(runtime.record_new_id(id));
        assert!(runtime.new_ids.is_empty() && runtime.deleted_ids.is_empty());
    }

    #[test]
    fn ids_are_those_of_the_public_derivation() {
        let mut runtime = runtime();
        for count in 0..3 {
            assert_eq!(
                runtime.fresh_id(),
                Some(Address::derive_id(Digest::ZERO, count))
            );
        }
    }

    #[test]
    fn sharing_keeps_the_version_since_when() {
        let mut runtime = runtime();
        let old = Address::from_static("0x1");
        runtime.input_owners.insert(old, Owner::Shared(3));
        assert_eq!(runtime.owner_when_shared(&old), Owner::Shared(3));
        assert_eq!(
            runtime.owner_when_shared(&Address::from_static("0x2")),
            Owner::Shared(7)
        );
    }

    #[test]
    fn ids_run_out_at_the_limit() {
        let mut runtime = runtime();
        for _ in 0..limits::CREATED_OBJECTS_MAX {
            assert!(runtime.fresh_id().is_some());
        }
        assert_eq!(runtime.fresh_id(), None);
    }
}
