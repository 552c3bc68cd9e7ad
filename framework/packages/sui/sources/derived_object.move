/// Objects whose addresses follow from another object and a key.
///
/// Everybody can compute such an address beforehand. The object at it is independent of
/// its parent once it is made: it has its own owner and version. An address is claimed
/// once, even if the object ends.
module sui::derived_object;

use sui::dynamic_field as field;

/// The address was claimed before.
const EObjectAlreadyExists: u64 = 0;

/// The name of the parent's dynamic field that says an address was claimed.
public struct Claimed(ID) has copy, drop, store;

/// The value of that field.
public enum ClaimedStatus has store {
    /// The address was claimed; it is not to be claimed again.
    Reserved,
}

/// What the address is derived from, so that it never meets a dynamic field's.
public struct DerivedObjectKey<K: copy + drop + store>(K) has copy, drop, store;

/// The identity that follows from `parent` and `key`. Aborts with `EObjectAlreadyExists`
/// when it was claimed before.
public fun claim<K: copy + drop + store>(parent: &mut UID, key: K): UID {
    let address = derive_address(parent.to_inner(), key);
    let claimed = Claimed(address.to_id());
    assert!(!field::exists_(parent, claimed), EObjectAlreadyExists);
    let id = object::new_uid_from_hash(address);
    field::add(parent, claimed, ClaimedStatus::Reserved);
    id
}

/// Whether the identity that follows from `parent` and `key` was claimed.
public fun exists<K: copy + drop + store>(parent: &UID, key: K): bool {
    let address = derive_address(parent.to_inner(), key);
    field::exists_(parent, Claimed(address.to_id()))
}

/// The address that follows from `parent` and `key`.
public fun derive_address<K: copy + drop + store>(parent: ID, key: K): address {
    field::hash_type_and_key(parent.to_address(), DerivedObjectKey(key))
}
