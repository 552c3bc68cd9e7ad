/// A map of any size from keys of one type to objects of another. The objects stay
/// visible under their own addresses, which those in `sui::table` do not.
module sui::object_table;

use sui::dynamic_object_field as ofield;

/// The table is not empty.
const ETableNotEmpty: u64 = 0;

/// The map. Its entries are not in it but attached to its identity, so two tables
/// with the same entries are never equal.
public struct ObjectTable<phantom K: copy + drop + store, phantom V: key + store> has key, store {
    id: UID,
    /// The number of entries.
    size: u64,
}

/// A table without entries.
public fun new<K: copy + drop + store, V: key + store>(ctx: &mut TxContext): ObjectTable<K, V> {
    ObjectTable { id: object::new(ctx), size: 0 }
}

/// Adds an entry. Aborts with `EFieldAlreadyExists` of `sui::dynamic_field` when the
/// table has the key.
public fun add<K: copy + drop + store, V: key + store>(table: &mut ObjectTable<K, V>, k: K, v: V) {
    ofield::add(&mut table.id, k, v);
    table.size = table.size + 1
}

/// Borrows the object of `k`, as `&table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow<K: copy + drop + store, V: key + store>(table: &ObjectTable<K, V>, k: K): &V {
    ofield::borrow(&table.id, k)
}

/// Borrows the object of `k` for writing, as `&mut table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow_mut<K: copy + drop + store, V: key + store>(table: &mut ObjectTable<K, V>, k: K): &mut V {
    ofield::borrow_mut(&mut table.id, k)
}

/// Takes out the entry of `k` and returns its object. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
public fun remove<K: copy + drop + store, V: key + store>(table: &mut ObjectTable<K, V>, k: K): V {
    let v = ofield::remove(&mut table.id, k);
    table.size = table.size - 1;
    v
}

/// Whether the table has `k`.
public fun contains<K: copy + drop + store, V: key + store>(table: &ObjectTable<K, V>, k: K): bool {
    ofield::exists_with_type<K, V>(&table.id, k)
}

/// The number of entries.
public fun length<K: copy + drop + store, V: key + store>(table: &ObjectTable<K, V>): u64 {
    table.size
}

/// Whether there are no entries.
public fun is_empty<K: copy + drop + store, V: key + store>(table: &ObjectTable<K, V>): bool {
    table.size == 0
}

/// Ends a table without entries. Aborts with `ETableNotEmpty` when it has some.
public fun destroy_empty<K: copy + drop + store, V: key + store>(table: ObjectTable<K, V>) {
    assert!(table.is_empty(), ETableNotEmpty);
    let ObjectTable { id, size: _ } = table;
    id.delete()
}

/// The identifier of the object of `k`, if there is one.
public fun value_id<K: copy + drop + store, V: key + store>(
    table: &ObjectTable<K, V>,
    k: K,
): Option<ID> {
    ofield::id(&table.id, k)
}
