/// What makes a value an object: its identifier.
///
/// A struct with `key` has a `UID` as its first field. A `UID` exists once: it can
/// be made only by `new` (and by the framework, for objects whose address follows
/// from something else), can't be copied or dropped, and ends only in `delete`. An
/// `ID` is the same address as a plain value that anybody may copy.
module sui::object;

use std::bcs;
use sui::address;

/// `id.to_bytes()`, see `id_to_bytes`.
public use fun id_to_bytes as ID.to_bytes;

/// `id.to_address()`, see `id_to_address`.
public use fun id_to_address as ID.to_address;

/// `uid.as_inner()`, see `uid_as_inner`.
public use fun uid_as_inner as UID.as_inner;

/// `uid.to_inner()`, see `uid_to_inner`.
public use fun uid_to_inner as UID.to_inner;

/// `uid.to_bytes()`, see `uid_to_bytes`.
public use fun uid_to_bytes as UID.to_bytes;

/// `uid.to_address()`, see `uid_to_address`.
public use fun uid_to_address as UID.to_address;

// Addresses of the objects that exist once in a network.
const SYSTEM_STATE: address = @0x5;
const CLOCK: address = @0x6;
const AUTHENTICATOR_STATE: address = @0x7;
const RANDOMNESS_STATE: address = @0x8;
const COIN_REGISTRY: address = @0xc;
const DISPLAY_REGISTRY: address = @0xd;
const DENY_LIST: address = @0x403;
const ACCUMULATOR_ROOT: address = @0xacc;

/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 0;

/// The address of an object. Unlike a `UID` it proves nothing: it may belong to an
/// object that is gone, or that never was.
public struct ID has copy, drop, store {
    bytes: address,
}

/// The identity of one object.
public struct UID has store {
    id: ID,
}

// === Plain identifiers ===

/// The 32 bytes of the identifier.
public fun id_to_bytes(id: &ID): vector<u8> {
    bcs::to_bytes(&id.bytes)
}

/// The identifier as an address.
public fun id_to_address(id: &ID): address {
    id.bytes
}

/// The identifier with these bytes. Aborts in `sui::address` unless there are 32.
public fun id_from_bytes(bytes: vector<u8>): ID {
    address::from_bytes(bytes).to_id()
}

/// The identifier with this address.
public fun id_from_address(bytes: address): ID {
    ID { bytes }
}

// === Identities ===

/// Borrows the plain identifier.
public fun uid_as_inner(uid: &UID): &ID {
    &uid.id
}

/// A copy of the plain identifier.
public fun uid_to_inner(uid: &UID): ID {
    uid.id
}

/// The 32 bytes of the identity.
public fun uid_to_bytes(uid: &UID): vector<u8> {
    bcs::to_bytes(&uid.id.bytes)
}

/// The identity as an address.
public fun uid_to_address(uid: &UID): address {
    uid.id.bytes
}

/// A new identity, different from every other that was or will be.
public fun new(ctx: &mut TxContext): UID {
    new_uid_from_hash(tx_context::fresh_object_address(ctx))
}

/// Ends an object, which its module has unpacked before. What was attached to it
/// as dynamic fields is lost for ever.
public fun delete(id: UID) {
    let UID { id: ID { bytes } } = id;
    delete_impl(bytes)
}

// === Identifiers of objects ===

/// The identifier of `obj`.
public fun id<T: key>(obj: &T): ID {
    borrow_uid(obj).id
}

/// Borrows the identifier of `obj`.
public fun borrow_id<T: key>(obj: &T): &ID {
    &borrow_uid(obj).id
}

/// The 32 bytes of the identifier of `obj`.
public fun id_bytes<T: key>(obj: &T): vector<u8> {
    borrow_uid(obj).to_bytes()
}

/// The address of `obj`.
public fun id_address<T: key>(obj: &T): address {
    borrow_uid(obj).to_address()
}

// === For the framework ===

// The identity at an address that is known to be unique.
public(package) fun new_uid_from_hash(bytes: address): UID {
    record_new_uid(bytes);
    UID { id: ID { bytes } }
}

// Identities of the objects that genesis makes.

#[allow(unused_function)]
fun sui_system_state(ctx: &TxContext): UID {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    singleton(SYSTEM_STATE)
}

public(package) fun clock(): UID {
    singleton(CLOCK)
}

#[allow(unused_function)]
public(package) fun authenticator_state(): UID {
    singleton(AUTHENTICATOR_STATE)
}

public(package) fun randomness_state(): UID {
    singleton(RANDOMNESS_STATE)
}

#[allow(unused_function)]
public(package) fun sui_deny_list_object_id(): UID {
    singleton(DENY_LIST)
}

#[allow(unused_function)]
public(package) fun sui_accumulator_root_object_id(): UID {
    singleton(ACCUMULATOR_ROOT)
}

#[allow(unused_function)]
public(package) fun sui_coin_registry_object_id(): UID {
    singleton(COIN_REGISTRY)
}

#[allow(unused_function)]
public(package) fun sui_display_registry_object_id(): UID {
    singleton(DISPLAY_REGISTRY)
}

fun singleton(bytes: address): UID {
    new_uid_from_hash(bytes)
}

// === Natives ===

// The first field of an object, which the rules for `key` make a `UID`.
native fun borrow_uid<T: key>(obj: &T): &UID;

// Tells the host that an identity ended.
native fun delete_impl(id: address);

// Tells the host that an identity began.
native fun record_new_uid(id: address);

// === Tests ===

#[test_only]
/// The identifier of the last object made in the transaction.
public fun last_created(ctx: &TxContext): ID {
    ID { bytes: ctx.last_created_object_id() }
}
