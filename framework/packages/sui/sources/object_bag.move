/// A map of any size whose keys and objects may have different types. The objects
/// stay visible under their own addresses, which those in `sui::bag` do not.
module sui::object_bag;

use sui::dynamic_object_field as ofield;

/// The bag is not empty.
const EBagNotEmpty: u64 = 0;

/// The map. Its entries are not in it but attached to its identity, so two bags with
/// the same entries are never equal.
public struct ObjectBag has key, store {
    id: UID,
    /// The number of entries.
    size: u64,
}

/// A bag without entries.
public fun new(ctx: &mut TxContext): ObjectBag {
    ObjectBag { id: object::new(ctx), size: 0 }
}

/// Adds an entry. Aborts with `EFieldAlreadyExists` of `sui::dynamic_field` when the
/// bag has the key.
public fun add<K: copy + drop + store, V: key + store>(bag: &mut ObjectBag, k: K, v: V) {
    ofield::add(&mut bag.id, k, v);
    bag.size = bag.size + 1
}

/// Borrows the object of `k`, as `&bag[k]` does too. Aborts with `EFieldDoesNotExist`
/// of `sui::dynamic_field` when there is none, and with `EFieldTypeMismatch` when it
/// is not a `V`.
#[syntax(index)]
public fun borrow<K: copy + drop + store, V: key + store>(bag: &ObjectBag, k: K): &V {
    ofield::borrow(&bag.id, k)
}

/// Borrows the object of `k` for writing, as `&mut bag[k]` does too. Aborts like
/// `borrow`.
#[syntax(index)]
public fun borrow_mut<K: copy + drop + store, V: key + store>(bag: &mut ObjectBag, k: K): &mut V {
    ofield::borrow_mut(&mut bag.id, k)
}

/// Takes out the entry of `k` and returns its object. Aborts like `borrow`.
public fun remove<K: copy + drop + store, V: key + store>(bag: &mut ObjectBag, k: K): V {
    let v = ofield::remove(&mut bag.id, k);
    bag.size = bag.size - 1;
    v
}

/// Whether the bag has `k`, whatever its object's type.
public fun contains<K: copy + drop + store>(bag: &ObjectBag, k: K): bool {
    ofield::exists_(&bag.id, k)
}

/// Whether the bag has `k` and its object is a `V`.
public fun contains_with_type<K: copy + drop + store, V: key + store>(bag: &ObjectBag, k: K): bool {
    ofield::exists_with_type<K, V>(&bag.id, k)
}

/// The number of entries.
public fun length(bag: &ObjectBag): u64 {
    bag.size
}

/// Whether there are no entries.
public fun is_empty(bag: &ObjectBag): bool {
    bag.size == 0
}

/// Ends a bag without entries. Aborts with `EBagNotEmpty` when it has some.
public fun destroy_empty(bag: ObjectBag) {
    assert!(bag.is_empty(), EBagNotEmpty);
    let ObjectBag { id, size: _ } = bag;
    id.delete()
}

/// The identifier of the object of `k`, if there is one.
public fun value_id<K: copy + drop + store>(bag: &ObjectBag, k: K): Option<ID> {
    ofield::id(&bag.id, k)
}
