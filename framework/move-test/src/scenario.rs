//! The natives of `sui::test_scenario`: several transactions in one test.
//!
//! A scenario stands in for the store. What a transaction moved to an owner goes
//! into the [`Inventory`] when the transaction ends; a later one takes it from
//! there, and has to give back what isn't its own to keep.
//!
//! ```text
//!              take                   transfer, return
//!   stored ───────────▶ taken ───────────────────────▶ (in the object runtime)
//!     ▲                   │ delete, wrap                          │
//!     │                   ▼                                       │
//!     │                 gone                                      │
//!     └──────────────────── end_transaction ◀─────────────────────┘
//! ```
//!
//! The latest object of an owner is the one that came last: by transaction, and
//! within one, objects from before come first, then new ones as they were made.
//! Dynamic fields aren't here: they stay in the object runtime for the whole
//! test.

use std::collections::BTreeMap;

use heddle_adapter::ObjectRuntime;
use heddle_adapter::object_runtime::{EndedTransaction, TransferredObject};
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Address, Owner, StructTag, TypeTag};

/// A shared or immutable object was moved, changed, or not given back.
const E_INVALID_SHARED_OR_IMMUTABLE_USAGE: u64 = 0;
/// There is no such object.
const E_OBJECT_NOT_FOUND: u64 = 4;
/// Of `sui::transfer`: the object can't be received by this parent.
const E_UNABLE_TO_RECEIVE_OBJECT: u64 = 3;

/// The version that every object in a scenario has.
const VERSION: u64 = 1;

/// Units for a look into the inventory.
const ACCESS_COST: u64 = 100;

const FRAMEWORK: Address = Address::TWO;

/// Objects between the transactions of a scenario.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    /// What can be taken.
    stored: BTreeMap<Address, Stored>,
    /// What the current transaction has taken, as it was.
    taken: BTreeMap<Address, Stored>,
    /// Objects that a ticket to receive was made for.
    tickets: BTreeMap<Address, u64>,
    /// Objects stored so far: later ones have higher numbers.
    count: u64,
}

#[derive(Clone, Debug)]
struct Stored {
    owner: Owner,
    type_: StructTag,
    contents: Vec<u8>,
    position: u64,
}

/// In whose name an object is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Account(Address),
    Immutable,
    Shared,
}

impl Holder {
    fn of(owner: &Owner) -> Option<Self> {
        match owner {
            Owner::Address(account) | Owner::ConsensusAddress { owner: account, .. } => {
                Some(Self::Account(*account))
            }
            Owner::Immutable => Some(Self::Immutable),
            Owner::Shared(_) => Some(Self::Shared),
            _ => None,
        }
    }
}

impl Inventory {
    /// The objects of `type_` that `holder` has, the latest last.
    fn ids(&self, holder: Holder, type_: &StructTag) -> Vec<Address> {
        let mut found: Vec<_> = self
            .stored
            .iter()
            .filter(|(_, object)| {
                object.type_ == *type_ && Holder::of(&object.owner) == Some(holder)
            })
            .map(|(id, object)| (object.position, *id))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Moves an object from stored to taken, and returns it.
    fn take(&mut self, holder: Holder, id: Address, type_: &StructTag) -> Option<&Stored> {
        let object = self.stored.get(&id)?;
        if object.type_ != *type_ || Holder::of(&object.owner) != Some(holder) {
            return None;
        }
        let object = self.stored.remove(&id)?;
        self.taken.insert(id, object);
        self.taken.get(&id)
    }

    fn was_taken(&self, holder: Holder, id: &Address) -> bool {
        let object = self.taken.get(id);
        object.is_some_and(|object| Holder::of(&object.owner) == Some(holder))
    }

    /// Stores what a transaction moved. The error is the code to abort with.
    fn end_transaction(&mut self, ended: &EndedTransaction, made: &[Address]) -> Result<(), u64> {
        let moved: BTreeMap<_, _> = ended
            .transferred
            .iter()
            .map(|object| (object.id, object))
            .collect();
        for (id, before) in std::mem::take(&mut self.taken) {
            let is_fine = match (&before.owner, moved.get(&id)) {
                (Owner::Shared(_), Some(after)) => after.owner == before.owner,
                (Owner::Shared(_), None) => ended.deleted.contains(&id),
                (Owner::Immutable, Some(after)) => {
                    after.owner == before.owner && after.contents == before.contents
                }
                (Owner::Immutable, None) => false,
                _ => true,
            };
            if !is_fine {
                return Err(E_INVALID_SHARED_OR_IMMUTABLE_USAGE);
            }
        }
        self.tickets.clear();
        let place = |object: &&TransferredObject| made.iter().position(|id| *id == object.id);
        let mut arriving: Vec<_> = ended.transferred.iter().collect();
        // `None` sorts first: objects from before.
        arriving.sort_by_key(place);
        for object in arriving {
            self.count += 1;
            let stored = Stored {
                owner: object.owner,
                type_: object.type_.clone(),
                contents: object.contents.clone(),
                position: self.count,
            };
            self.stored.insert(object.id, stored);
        }
        Ok(())
    }
}

/// Adds the natives of `test_scenario`, and receiving from a scenario.
pub(crate) fn register(table: &mut NativeTable) {
    let mut add = |name, function| table.register(FRAMEWORK, "test_scenario", name, function);
    add("take_from_address_by_id", take_from_address_by_id);
    add("ids_for_address", ids_for_address);
    add("most_recent_id_for_address", most_recent_id_for_address);
    add("was_taken_from_address", was_taken_from_address);
    add("take_immutable_by_id", take_immutable_by_id);
    add("most_recent_immutable_id", most_recent_immutable_id);
    add("was_taken_immutable", was_taken_immutable);
    add("take_shared_by_id", take_shared_by_id);
    add("most_recent_id_shared", most_recent_id_shared);
    add("was_taken_shared", was_taken_shared);
    add("allocate_receiving_ticket_for_object", allocate_ticket);
    add("deallocate_receiving_ticket_for_object", deallocate_ticket);
    add("end_transaction", end_transaction);
    table.register(FRAMEWORK, "transfer", "receive_impl", receive_impl);
}

fn inventory<'c>(context: &'c mut NativeContext<'_>) -> Result<&'c mut Inventory, NativeError> {
    context.charge(ACCESS_COST)?;
    context
        .extensions()
        .get_mut::<Inventory>()
        .ok_or(NativeError::Misuse("the test has no inventory"))
}

fn runtime<'c>(context: &'c mut NativeContext<'_>) -> Result<&'c mut ObjectRuntime, NativeError> {
    context
        .extensions()
        .get_mut::<ObjectRuntime>()
        .ok_or(NativeError::Misuse("the test has no object runtime"))
}

/// Type argument 0, which is an object's.
fn object_type(context: &NativeContext<'_>) -> Result<StructTag, NativeError> {
    match context.type_arg_tag(0)? {
        TypeTag::Struct(tag) => Ok(*tag),
        _ => Err(NativeError::Misuse("an object's type is not a struct")),
    }
}

/// Argument `index`, an `ID`.
fn arg_id(context: &mut NativeContext<'_>, index: usize) -> Result<Address, NativeError> {
    let bytes = context.arg_bcs(index)?;
    Address::from_bytes(bytes).map_err(|_| NativeError::Misuse("an ID is not an address"))
}

/// Takes an object and returns it to Move.
fn take(context: &mut NativeContext<'_>, holder: Holder, id: Address) -> Result<(), NativeError> {
    let type_ = object_type(context)?;
    let taken = inventory(context)?.take(holder, id, &type_).cloned();
    let Some(object) = taken else {
        return Err(context.abort(E_OBJECT_NOT_FOUND));
    };
    runtime(context)?.declare_input(id, object.owner);
    context.return_bcs(&object.contents)
}

/// Returns the latest object of `holder` as an `Option<ID>`.
fn most_recent(context: &mut NativeContext<'_>, holder: Holder) -> Result<(), NativeError> {
    let type_ = object_type(context)?;
    let latest = inventory(context)?.ids(holder, &type_).pop();
    let latest: Vec<Address> = latest.into_iter().collect();
    context.return_bcs(&encode(&latest)?)
}

fn was_taken(
    context: &mut NativeContext<'_>,
    holder: Holder,
    index: usize,
) -> Result<(), NativeError> {
    let id = arg_id(context, index)?;
    let was_taken = inventory(context)?.was_taken(holder, &id);
    context.return_bool(was_taken)
}

fn encode<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, NativeError> {
    bcs::to_bytes(value).map_err(|error| NativeError::Host {
        detail: error.to_string(),
    })
}

/// `take_from_address_by_id<T: key>(scenario: &Scenario, account: address, id: ID): T`
fn take_from_address_by_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let account = context.arg_address(1)?;
    let id = arg_id(context, 2)?;
    take(context, Holder::Account(account), id)
}

/// `ids_for_address<T: key>(account: address): vector<ID>`
fn ids_for_address(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let account = context.arg_address(0)?;
    let type_ = object_type(context)?;
    let ids = inventory(context)?.ids(Holder::Account(account), &type_);
    context.return_bcs(&encode(&ids)?)
}

/// `most_recent_id_for_address<T: key>(account: address): Option<ID>`
fn most_recent_id_for_address(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let account = context.arg_address(0)?;
    most_recent(context, Holder::Account(account))
}

/// `was_taken_from_address(account: address, id: ID): bool`
fn was_taken_from_address(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let account = context.arg_address(0)?;
    was_taken(context, Holder::Account(account), 1)
}

/// `take_immutable_by_id<T: key>(scenario: &Scenario, id: ID): T`
fn take_immutable_by_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let id = arg_id(context, 1)?;
    take(context, Holder::Immutable, id)
}

/// `most_recent_immutable_id<T: key>(): Option<ID>`
fn most_recent_immutable_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    most_recent(context, Holder::Immutable)
}

/// `was_taken_immutable(id: ID): bool`
fn was_taken_immutable(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    was_taken(context, Holder::Immutable, 0)
}

/// `take_shared_by_id<T: key>(scenario: &Scenario, id: ID): T`
fn take_shared_by_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let id = arg_id(context, 1)?;
    take(context, Holder::Shared, id)
}

/// `most_recent_id_shared<T: key>(): Option<ID>`
fn most_recent_id_shared(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    most_recent(context, Holder::Shared)
}

/// `was_taken_shared(id: ID): bool`
fn was_taken_shared(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    was_taken(context, Holder::Shared, 0)
}

/// `allocate_receiving_ticket_for_object<T: key>(id: ID): u64`
fn allocate_ticket(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let id = arg_id(context, 0)?;
    let type_ = object_type(context)?;
    let inventory = inventory(context)?;
    let is_there = inventory
        .stored
        .get(&id)
        .is_some_and(|object| object.type_ == type_ && matches!(object.owner, Owner::Address(_)));
    if !is_there {
        return Err(context.abort(E_OBJECT_NOT_FOUND));
    }
    inventory.tickets.insert(id, VERSION);
    context.return_u64(VERSION)
}

/// `deallocate_receiving_ticket_for_object(id: ID)`
fn deallocate_ticket(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let id = arg_id(context, 0)?;
    if inventory(context)?.tickets.remove(&id).is_none() {
        return Err(context.abort(E_OBJECT_NOT_FOUND));
    }
    Ok(())
}

/// `receive_impl<T: key>(parent: address, to_receive: address, version: u64): T`,
/// of `sui::transfer`, out of the inventory.
fn receive_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let (parent, id) = (context.arg_address(0)?, context.arg_address(1)?);
    let version = context.arg_u64(2)?;
    let type_ = object_type(context)?;
    let inventory = inventory(context)?;
    let has_ticket = inventory.tickets.get(&id) == Some(&version);
    let object = has_ticket
        .then(|| inventory.take(Holder::Account(parent), id, &type_).cloned())
        .flatten();
    let Some(object) = object else {
        return Err(context.abort(E_UNABLE_TO_RECEIVE_OBJECT));
    };
    inventory.tickets.remove(&id);
    runtime(context)?.declare_input(id, object.owner);
    context.return_bcs(&object.contents)
}

/// `TransactionEffects` of `test_scenario`.
#[derive(Default, serde::Serialize)]
struct Effects {
    created: Vec<Address>,
    written: Vec<Address>,
    deleted: Vec<Address>,
    transferred_to_account: Vec<(Address, Address)>,
    transferred_to_object: Vec<(Address, Address)>,
    shared: Vec<Address>,
    frozen: Vec<Address>,
    num_user_events: u64,
}

impl Effects {
    fn of(ended: &EndedTransaction) -> Self {
        let mut effects = Self {
            deleted: ended.deleted.clone(),
            num_user_events: ended.events.len() as u64,
            ..Self::default()
        };
        for object in &ended.transferred {
            if ended.created.contains(&object.id) {
                effects.created.push(object.id);
            } else {
                effects.written.push(object.id);
            }
            match object.owner {
                Owner::Address(account) | Owner::ConsensusAddress { owner: account, .. } => {
                    effects.transferred_to_account.push((object.id, account));
                }
                Owner::Object(parent) => effects.transferred_to_object.push((object.id, parent)),
                Owner::Shared(_) => effects.shared.push(object.id),
                Owner::Immutable => effects.frozen.push(object.id),
                _ => {}
            }
        }
        effects
    }
}

/// `end_transaction(): TransactionEffects`
fn end_transaction(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let runtime = runtime(context)?;
    let facts = runtime.context_mut();
    let made: Vec<_> = (0..facts.ids_created)
        .map(|count| Address::derive_id(facts.digest, count))
        .collect();
    let ended = runtime.end_transaction();
    let size = ended
        .transferred
        .iter()
        .map(|object| object.contents.len() as u64)
        .sum();
    context.charge(size)?;
    if let Err(code) = inventory(context)?.end_transaction(&ended, &made) {
        return Err(context.abort(code));
    }
    context.return_bcs(&encode(&Effects::of(&ended))?)
}
