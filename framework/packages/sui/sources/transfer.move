/// Where an object goes when its transaction is done: to an account or another
/// object, to everybody (shared), or to nobody (frozen).
///
/// Each way comes in two forms. The plain one is for the module that defines the
/// object's type, and only there does it verify; so a type without `store` moves
/// only as its module allows. The `public_` one works anywhere, for types with
/// `store`.
module sui::transfer;

use sui::party::Party;

/// An object can be shared only in the transaction that makes it.
#[allow(unused_const)]
const ESharedNonNewObject: u64 = 0;

/// The object could not be serialised.
#[allow(unused_const)]
const EBCSSerializationFailure: u64 = 1;

/// The object to receive has another type.
#[allow(unused_const)]
const EReceivingObjectTypeMismatch: u64 = 2;

/// The object to receive does not exist, has another owner or version, or was
/// received already.
#[allow(unused_const)]
const EUnableToReceiveObject: u64 = 3;

/// A shared object can't be transferred, frozen or become a child.
#[allow(unused_const)]
const ESharedObjectOperationNotSupported: u64 = 4;

/// The party must be a single owner with all permissions.
const EInvalidPartyPermissions: u64 = 5;

/// The right to receive, in this transaction, an object of type `T` that is owned
/// by another object. A transaction gets one as an input.
public struct Receiving<phantom T: key> has drop {
    id: ID,
    version: u64,
}

/// Gives `obj` to `recipient`: an account, or an object, which can hand it out with
/// `receive`.
public fun transfer<T: key>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

/// `transfer` for types with `store`, from any module.
public fun public_transfer<T: key + store>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

/// Gives `obj` to `party`. Its transactions are ordered like those of a shared
/// object. Aborts with `EInvalidPartyPermissions` unless the party is a single
/// owner.
public fun party_transfer<T: key>(obj: T, party: Party) {
    assert!(party.is_single_owner(), EInvalidPartyPermissions);
    let (default, addresses, permissions) = party.into_native();
    party_transfer_impl(obj, default, addresses, permissions)
}

/// `party_transfer` for types with `store`, from any module.
public fun public_party_transfer<T: key + store>(obj: T, party: Party) {
    assert!(party.is_single_owner(), EInvalidPartyPermissions);
    let (default, addresses, permissions) = party.into_native();
    party_transfer_impl(obj, default, addresses, permissions)
}

/// Makes `obj` immutable for ever: everybody may read it, nobody change, move or
/// delete it.
public fun freeze_object<T: key>(obj: T) {
    freeze_object_impl(obj)
}

/// `freeze_object` for types with `store`, from any module.
public fun public_freeze_object<T: key + store>(obj: T) {
    freeze_object_impl(obj)
}

/// Makes `obj` an input that every transaction may name, for ever. Aborts with
/// `ESharedNonNewObject` when the object was not made in this transaction.
public fun share_object<T: key>(obj: T) {
    share_object_impl(obj)
}

/// `share_object` for types with `store`, from any module.
public fun public_share_object<T: key + store>(obj: T) {
    share_object_impl(obj)
}

/// Takes an object that is owned by the object whose identity is `parent`. Aborts
/// with `EUnableToReceiveObject` when that can't be done, and with
/// `EReceivingObjectTypeMismatch` when it has another type.
public fun receive<T: key>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id.to_address(), version)
}

/// `receive` for types with `store`, from any module.
public fun public_receive<T: key + store>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id.to_address(), version)
}

/// The identifier of the object to receive.
public fun receiving_object_id<T: key>(receiving: &Receiving<T>): ID {
    receiving.id
}

// === Natives ===

public(package) native fun freeze_object_impl<T: key>(obj: T);

public(package) native fun share_object_impl<T: key>(obj: T);

public(package) native fun party_transfer_impl<T: key>(
    obj: T,
    default_permissions: u64,
    addresses: vector<address>,
    permissions: vector<u64>,
);

public(package) native fun transfer_impl<T: key>(obj: T, recipient: address);

native fun receive_impl<T: key>(parent: address, to_receive: address, version: u64): T;

// === Tests ===

#[test_only]
/// A right to receive made up for a test.
public(package) fun make_receiver<T: key>(id: ID, version: u64): Receiving<T> {
    Receiving { id, version }
}

#[test_only]
/// The object's identifier and version.
public(package) fun receiving_id<T: key>(r: &Receiving<T>): ID {
    r.id
}
