/// A map of any size whose keys and values may have different types: each entry is a
/// dynamic field, loaded only when it is used.
module sui::bag;

use sui::dynamic_field as field;

/// The bag is not empty.
const EBagNotEmpty: u64 = 0;

/// The map. Its entries are not in it but attached to its identity, so two bags with
/// the same entries are never equal.
public struct Bag has key, store {
    id: UID,
    /// The number of entries.
    size: u64,
}

/// A bag without entries.
public fun new(ctx: &mut TxContext): Bag {
    Bag { id: object::new(ctx), size: 0 }
}

/// Adds an entry. Aborts with `EFieldAlreadyExists` of `sui::dynamic_field` when the
/// bag has the key.
public fun add<K: copy + drop + store, V: store>(bag: &mut Bag, k: K, v: V) {
    field::add(&mut bag.id, k, v);
    bag.size = bag.size + 1
}

/// Borrows the value of `k`, as `&bag[k]` does too. Aborts with `EFieldDoesNotExist`
/// of `sui::dynamic_field` when there is none, and with `EFieldTypeMismatch` when it
/// is not a `V`.
#[syntax(index)]
public fun borrow<K: copy + drop + store, V: store>(bag: &Bag, k: K): &V {
    field::borrow(&bag.id, k)
}

/// Borrows the value of `k` for writing, as `&mut bag[k]` does too. Aborts like
/// `borrow`.
#[syntax(index)]
public fun borrow_mut<K: copy + drop + store, V: store>(bag: &mut Bag, k: K): &mut V {
    field::borrow_mut(&mut bag.id, k)
}

/// Takes out the entry of `k` and returns its value. Aborts like `borrow`.
public fun remove<K: copy + drop + store, V: store>(bag: &mut Bag, k: K): V {
    let v = field::remove(&mut bag.id, k);
    bag.size = bag.size - 1;
    v
}

/// Whether the bag has `k`, whatever its value's type.
public fun contains<K: copy + drop + store>(bag: &Bag, k: K): bool {
    field::exists_(&bag.id, k)
}

/// Whether the bag has `k` and its value is a `V`.
public fun contains_with_type<K: copy + drop + store, V: store>(bag: &Bag, k: K): bool {
    field::exists_with_type<K, V>(&bag.id, k)
}

/// The number of entries.
public fun length(bag: &Bag): u64 {
    bag.size
}

/// Whether there are no entries.
public fun is_empty(bag: &Bag): bool {
    bag.size == 0
}

/// Ends a bag without entries. Aborts with `EBagNotEmpty` when it has some.
public fun destroy_empty(bag: Bag) {
    assert!(bag.is_empty(), EBagNotEmpty);
    let Bag { id, size: _ } = bag;
    id.delete()
}
