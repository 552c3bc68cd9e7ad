/// A map of any size: each entry is a dynamic field, loaded only when it is used.
/// Keys have one type and values another; `sui::bag` mixes them.
module sui::table;

use sui::dynamic_field as field;

/// The table is not empty.
const ETableNotEmpty: u64 = 0;

/// The map. Its entries are not in it but attached to its identity, so two tables
/// with the same entries are never equal.
public struct Table<phantom K: copy + drop + store, phantom V: store> has key, store {
    id: UID,
    /// The number of entries.
    size: u64,
}

/// A table without entries.
public fun new<K: copy + drop + store, V: store>(ctx: &mut TxContext): Table<K, V> {
    Table { id: object::new(ctx), size: 0 }
}

/// Adds an entry. Aborts with `EFieldAlreadyExists` of `sui::dynamic_field` when the
/// table has the key.
public fun add<K: copy + drop + store, V: store>(table: &mut Table<K, V>, k: K, v: V) {
    field::add(&mut table.id, k, v);
    table.size = table.size + 1
}

/// Borrows the value of `k`, as `&table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow<K: copy + drop + store, V: store>(table: &Table<K, V>, k: K): &V {
    field::borrow(&table.id, k)
}

/// Borrows the value of `k` for writing, as `&mut table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow_mut<K: copy + drop + store, V: store>(table: &mut Table<K, V>, k: K): &mut V {
    field::borrow_mut(&mut table.id, k)
}

/// Takes out the entry of `k` and returns its value. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
public fun remove<K: copy + drop + store, V: store>(table: &mut Table<K, V>, k: K): V {
    let v = field::remove(&mut table.id, k);
    table.size = table.size - 1;
    v
}

/// Whether the table has `k`.
public fun contains<K: copy + drop + store, V: store>(table: &Table<K, V>, k: K): bool {
    field::exists_with_type<K, V>(&table.id, k)
}

/// The number of entries.
public fun length<K: copy + drop + store, V: store>(table: &Table<K, V>): u64 {
    table.size
}

/// Whether there are no entries.
public fun is_empty<K: copy + drop + store, V: store>(table: &Table<K, V>): bool {
    table.size == 0
}

/// Ends a table without entries. Aborts with `ETableNotEmpty` when it has some.
public fun destroy_empty<K: copy + drop + store, V: store>(table: Table<K, V>) {
    assert!(table.is_empty(), ETableNotEmpty);
    let Table { id, size: _ } = table;
    id.delete()
}

/// Ends a table, whose entries are lost, and their storage fees with them.
public fun drop<K: copy + drop + store, V: drop + store>(table: Table<K, V>) {
    let Table { id, size: _ } = table;
    id.delete()
}
