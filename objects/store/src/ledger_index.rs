//! Who finds which transactions: the index behind lists of transactions and
//! events.
//!
//! For each transaction of a checkpoint, one key per [`LedgerSubject`] that it
//! concerns: `tag(1) ‖ subject ‖ ledger position(8)`. A search for several
//! things at once takes the positions of one and checks the rest on the
//! transactions themselves.

use crate::{LedgerPosition, Store, StoreError, column::Column, key};
use heddle_objects::{ExecutedTransaction, Ownership};
use std::{collections::BTreeSet, ops::Range};
use sui_sdk_types::{
    Address, Command, Identifier, ObjectIn, ObjectOut, Owner, StructTag, TransactionKind,
};

/// Something by which transactions are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerSubject {
    /// Transactions that this address sent.
    Sender(Address),
    /// Transactions that changed something which this address owned before or after.
    AffectedAddress(Address),
    /// Transactions that changed this object.
    AffectedObject(Address),
    /// Transactions that called into this package.
    CalledPackage(Address),
    /// Transactions that called into this module.
    CalledModule(Address, Identifier),
    /// Transactions that called this function.
    CalledFunction(Address, Identifier, Identifier),
    /// Transactions with an event emitted by a call into this package.
    EmittingPackage(Address),
    /// Transactions with an event emitted by a call into this module.
    EmittingModule(Address, Identifier),
    /// Transactions with an event whose type is defined in this package.
    EventPackage(Address),
    /// Transactions with an event whose type is defined in this module.
    EventModule(Address, Identifier),
    /// Transactions with an event of this type, whatever its type arguments.
    EventName(Address, Identifier, Identifier),
    /// Transactions with an event of exactly this type.
    EventType(StructTag),
    /// Transactions that published or upgraded a package.
    PackageWrite,
}

impl LedgerSubject {
    fn prefix(&self) -> Vec<u8> {
        let mut key = Vec::with_capacity(80);
        match self {
            LedgerSubject::Sender(address) => push(&mut key, 0, address, &[]),
            LedgerSubject::AffectedAddress(address) => push(&mut key, 1, address, &[]),
            LedgerSubject::AffectedObject(id) => push(&mut key, 2, id, &[]),
            LedgerSubject::CalledPackage(package) => push(&mut key, 3, package, &[]),
            LedgerSubject::CalledModule(package, module) => push(&mut key, 4, package, &[module]),
            LedgerSubject::CalledFunction(package, module, function) => {
                push(&mut key, 5, package, &[module, function]);
            }
            LedgerSubject::EmittingPackage(package) => push(&mut key, 6, package, &[]),
            LedgerSubject::EmittingModule(package, module) => {
                push(&mut key, 7, package, &[module]);
            }
            LedgerSubject::EventPackage(package) => push(&mut key, 8, package, &[]),
            LedgerSubject::EventModule(package, module) => push(&mut key, 9, package, &[module]),
            LedgerSubject::EventName(package, module, name) => {
                push(&mut key, 10, package, &[module, name]);
            }
            LedgerSubject::EventType(tag) => {
                key.push(11);
                key::push_type(&mut key, tag);
            }
            LedgerSubject::PackageWrite => key.push(12),
        }
        key
    }
}

fn push(key: &mut Vec<u8>, tag: u8, address: &Address, names: &[&Identifier]) {
    key.push(tag);
    key.extend_from_slice(address.as_bytes());
    for name in names {
        key::push_name(key, name.as_str());
    }
}

/// The keys under which a transaction at a position is found, sorted.
pub(crate) fn keys(executed: &ExecutedTransaction, position: LedgerPosition) -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::new();
    let mut add = |subject: LedgerSubject| {
        let mut key = subject.prefix();
        key.extend_from_slice(&position.0.to_be_bytes());
        keys.insert(key);
    };
    add(LedgerSubject::Sender(
        executed.transaction.transaction.sender,
    ));
    add_changes(executed, &mut add);
    add_calls(executed, &mut add);
    add_events(executed, &mut add);
    keys
}

fn add_changes(executed: &ExecutedTransaction, add: &mut impl FnMut(LedgerSubject)) {
    let Some(effects) = executed.effects_v2() else {
        return;
    };
    let add_owner = |owner: &Owner, add: &mut dyn FnMut(LedgerSubject)| {
        if let Some(address) = Ownership::of(owner).and_then(Ownership::address) {
            add(LedgerSubject::AffectedAddress(address));
        }
    };
    for change in &effects.changed_objects {
        add(LedgerSubject::AffectedObject(change.object_id));
        if let ObjectIn::Exist { owner, .. } = &change.input_state {
            add_owner(owner, add);
        }
        match &change.output_state {
            ObjectOut::ObjectWrite { owner, .. } => add_owner(owner, add),
            ObjectOut::PackageWrite { .. } => add(LedgerSubject::PackageWrite),
            _ => {}
        }
    }
}

fn add_calls(executed: &ExecutedTransaction, add: &mut impl FnMut(LedgerSubject)) {
    let (TransactionKind::ProgrammableTransaction(program)
    | TransactionKind::ProgrammableSystemTransaction(program)) =
        &executed.transaction.transaction.kind
    else {
        return;
    };
    for command in &program.commands {
        if let Command::MoveCall(call) = command {
            let (package, module) = (call.package, call.module.clone());
            add(LedgerSubject::CalledPackage(package));
            add(LedgerSubject::CalledModule(package, module.clone()));
            add(LedgerSubject::CalledFunction(
                package,
                module,
                call.function.clone(),
            ));
        }
    }
}

fn add_events(executed: &ExecutedTransaction, add: &mut impl FnMut(LedgerSubject)) {
    for event in executed.events.iter().flat_map(|events| &events.0) {
        add(LedgerSubject::EmittingPackage(event.package_id));
        add(LedgerSubject::EmittingModule(
            event.package_id,
            event.module.clone(),
        ));
        let tag = &event.type_;
        let (package, module) = (*tag.address(), tag.module().clone());
        add(LedgerSubject::EventPackage(package));
        add(LedgerSubject::EventModule(package, module.clone()));
        add(LedgerSubject::EventName(
            package,
            module,
            tag.name().clone(),
        ));
        add(LedgerSubject::EventType(tag.clone()));
    }
}

/// In which order positions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedgerOrder {
    /// Oldest first.
    #[default]
    Ascending,
    /// Newest first.
    Descending,
}

impl Store {
    /// The positions within `range` of the transactions that concern a
    /// subject, at most `limit`. Go on from the last position found.
    ///
    /// Empty if the store was opened without a ledger index when the
    /// checkpoints in the range were written.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn positions_of(
        &self,
        subject: &LedgerSubject,
        range: Range<LedgerPosition>,
        order: LedgerOrder,
        limit: usize,
    ) -> Result<Vec<LedgerPosition>, StoreError> {
        let mut found = Vec::new();
        if range.is_empty() || limit == 0 {
            return Ok(found);
        }
        let bound = |position: LedgerPosition| {
            let mut key = subject.prefix();
            key.extend_from_slice(&position.0.to_be_bytes());
            key
        };
        let (start, end) = (bound(range.start), bound(range.end));
        let visit = |key: &[u8], _: &[u8]| {
            found.push(LedgerPosition(key::trailing_number(
                Column::LedgerIndex,
                key,
            )?));
            Ok(found.len() < limit)
        };
        let view = self.database.now();
        match order {
            LedgerOrder::Ascending => {
                view.scan_range(Column::LedgerIndex, start, Some(end), visit)?;
            }
            LedgerOrder::Descending => {
                view.scan_range_back(Column::LedgerIndex, start, end, visit)?;
            }
        }
        Ok(found)
    }
}
