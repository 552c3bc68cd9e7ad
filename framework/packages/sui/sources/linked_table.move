/// A map of any size whose entries are in an order: each is a dynamic field that
/// knows the key before and the key behind it.
module sui::linked_table;

use sui::dynamic_field as field;

/// The table is not empty.
const ETableNotEmpty: u64 = 0;

/// The table is empty.
const ETableIsEmpty: u64 = 1;

/// The map. Its entries are not in it but attached to its identity.
public struct LinkedTable<K: copy + drop + store, phantom V: store> has key, store {
    id: UID,
    /// The number of entries.
    size: u64,
    /// The first key.
    head: Option<K>,
    /// The last key.
    tail: Option<K>,
}

/// An entry.
public struct Node<K: copy + drop + store, V: store> has store {
    /// The key before.
    prev: Option<K>,
    /// The key behind.
    next: Option<K>,
    value: V,
}

/// A table without entries.
public fun new<K: copy + drop + store, V: store>(ctx: &mut TxContext): LinkedTable<K, V> {
    LinkedTable { id: object::new(ctx), size: 0, head: option::none(), tail: option::none() }
}

/// The first key, if there is one.
public fun front<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>): &Option<K> {
    &table.head
}

/// The last key, if there is one.
public fun back<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>): &Option<K> {
    &table.tail
}

/// Adds an entry before the first. Aborts with `EFieldAlreadyExists` of
/// `sui::dynamic_field` when the table has the key.
public fun push_front<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: K,
    value: V,
) {
    let next = table.head;
    field::add(&mut table.id, k, Node { prev: option::none(), next, value });
    table.head = option::some(k);
    table.set_prev(next, option::some(k));
    table.size = table.size + 1
}

/// Adds an entry behind the last. Aborts with `EFieldAlreadyExists` of
/// `sui::dynamic_field` when the table has the key.
public fun push_back<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: K,
    value: V,
) {
    let prev = table.tail;
    field::add(&mut table.id, k, Node { prev, next: option::none(), value });
    table.tail = option::some(k);
    table.set_next(prev, option::some(k));
    table.size = table.size + 1
}

/// Borrows the value of `k`, as `&table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>, k: K): &V {
    &table.node(k).value
}

/// Borrows the value of `k` for writing, as `&mut table[k]` does too. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
#[syntax(index)]
public fun borrow_mut<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: K,
): &mut V {
    &mut table.node_mut(k).value
}

/// The key before `k`. Aborts with `EFieldDoesNotExist` of `sui::dynamic_field` when
/// the table does not have `k`.
public fun prev<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>, k: K): &Option<K> {
    &table.node(k).prev
}

/// The key behind `k`. Aborts with `EFieldDoesNotExist` of `sui::dynamic_field` when
/// the table does not have `k`.
public fun next<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>, k: K): &Option<K> {
    &table.node(k).next
}

/// Takes out the entry of `k` and returns its value. Aborts with
/// `EFieldDoesNotExist` of `sui::dynamic_field` when there is none.
public fun remove<K: copy + drop + store, V: store>(table: &mut LinkedTable<K, V>, k: K): V {
    let Node { prev, next, value } = field::remove(&mut table.id, k);
    table.set_next(prev, next);
    table.set_prev(next, prev);
    table.size = table.size - 1;
    value
}

/// Takes out the first entry. Aborts with `ETableIsEmpty` when there is none.
public fun pop_front<K: copy + drop + store, V: store>(table: &mut LinkedTable<K, V>): (K, V) {
    assert!(table.head.is_some(), ETableIsEmpty);
    let k = *table.head.borrow();
    let value = table.remove(k);
    (k, value)
}

/// Takes out the last entry. Aborts with `ETableIsEmpty` when there is none.
public fun pop_back<K: copy + drop + store, V: store>(table: &mut LinkedTable<K, V>): (K, V) {
    assert!(table.tail.is_some(), ETableIsEmpty);
    let k = *table.tail.borrow();
    let value = table.remove(k);
    (k, value)
}

/// Whether the table has `k`.
public fun contains<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>, k: K): bool {
    field::exists_with_type<K, Node<K, V>>(&table.id, k)
}

/// The number of entries.
public fun length<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>): u64 {
    table.size
}

/// Whether there are no entries.
public fun is_empty<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>): bool {
    table.size == 0
}

/// Ends a table without entries. Aborts with `ETableNotEmpty` when it has some.
public fun destroy_empty<K: copy + drop + store, V: store>(table: LinkedTable<K, V>) {
    assert!(table.is_empty(), ETableNotEmpty);
    let LinkedTable { id, size: _, head: _, tail: _ } = table;
    id.delete()
}

/// Ends a table, whose entries are lost, and their storage fees with them.
public fun drop<K: copy + drop + store, V: drop + store>(table: LinkedTable<K, V>) {
    let LinkedTable { id, size: _, head: _, tail: _ } = table;
    id.delete()
}

fun node<K: copy + drop + store, V: store>(table: &LinkedTable<K, V>, k: K): &Node<K, V> {
    field::borrow(&table.id, k)
}

fun node_mut<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: K,
): &mut Node<K, V> {
    field::borrow_mut(&mut table.id, k)
}

// Lets `to` be what comes before `k`; what comes before the end is the tail.
fun set_prev<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: Option<K>,
    to: Option<K>,
) {
    if (k.is_some()) table.node_mut(k.destroy_some()).prev = to else table.tail = to
}

// Lets `to` be what comes behind `k`; what comes behind the beginning is the head.
fun set_next<K: copy + drop + store, V: store>(
    table: &mut LinkedTable<K, V>,
    k: Option<K>,
    to: Option<K>,
) {
    if (k.is_some()) table.node_mut(k.destroy_some()).next = to else table.head = to
}
