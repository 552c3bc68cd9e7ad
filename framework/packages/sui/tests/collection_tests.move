#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::collection_tests;

use std::unit_test::{assert_eq, destroy};
use sui::bag;
use sui::linked_table::{Self, LinkedTable};
use sui::object_bag;
use sui::object_table;
use sui::priority_queue;
use sui::table;
use sui::table_vec;
use sui::vec_map;
use sui::vec_set;

public struct Thing has key, store { id: UID }

fun thing(ctx: &mut TxContext): Thing {
    Thing { id: object::new(ctx) }
}

#[test]
fun maps() {
    let mut map = vec_map::empty();
    map.insert(b"a", 1);
    map.insert(b"b", 2);
    map.insert(b"c", 3);
    assert_eq!(map.length(), 3);
    assert!(!map.is_empty());
    assert!(map.contains(&b"b") && !map.contains(&b"d"));
    assert_eq!(*map.get(&b"b"), 2);
    assert_eq!(map[&b"b"], 2);
    *&mut map[&b"b"] = 20;
    *map.get_mut(&b"c") = 30;
    assert_eq!(map.try_get(&b"b"), option::some(20));
    assert_eq!(map.try_get(&b"d"), option::none());
    assert_eq!(map.keys(), vector[b"a", b"b", b"c"]);
    assert_eq!(map.get_idx(&b"c"), 2);
    assert_eq!(map.get_idx_opt(&b"d"), option::none());
    let (key, value) = map.get_entry_by_idx(2);
    assert!(key == &b"c" && value == &30);
    let (_, value) = map.get_entry_by_idx_mut(2);
    *value = 31;
    let (key, value) = map.remove(&b"a");
    assert!(key == b"a" && value == 1);
    let (key, value) = map.remove_entry_by_idx(0);
    assert!(key == b"b" && value == 20);
    let (key, value) = map.pop();
    assert!(key == b"c" && value == 31);
    map.destroy_empty();
    let map = vec_map::from_keys_values(vector[1, 2], vector[true, false]);
    let (keys, values) = map.into_keys_values();
    assert_eq!(keys, vector[1, 2]);
    assert_eq!(values, vector[true, false]);
}

#[test, expected_failure(abort_code = vec_map::EKeyAlreadyExists)]
fun a_key_twice() {
    vec_map::from_keys_values(vector[1, 1], vector[1, 2]);
}

#[test, expected_failure(abort_code = vec_map::EKeyDoesNotExist)]
fun a_key_that_is_not_there() {
    vec_map::empty<u64, u64>().get(&1);
}

#[test, expected_failure(abort_code = vec_map::EMapNotEmpty)]
fun a_map_that_is_not_empty() {
    vec_map::from_keys_values(vector[1], vector[1]).destroy_empty();
}

#[test, expected_failure(abort_code = vec_map::EIndexOutOfBounds)]
fun an_entry_that_is_not_there() {
    vec_map::empty<u64, u64>().get_entry_by_idx(0);
}

#[test, expected_failure(abort_code = vec_map::EIndexOutOfBounds)]
fun the_last_of_none() {
    vec_map::empty<u64, u64>().pop();
}

#[test, expected_failure(abort_code = vec_map::EUnequalLengths)]
fun a_key_without_value() {
    vec_map::from_keys_values(vector[1], vector<u64>[]);
}

#[test]
fun sets() {
    let mut set = vec_set::singleton(1);
    set.insert(2);
    assert!(set.contains(&2) && !set.contains(&3));
    assert_eq!(set.length(), 2);
    assert_eq!(*set.keys(), vector[1, 2]);
    set.remove(&1);
    assert_eq!(set.into_keys(), vector[2]);
    assert!(vec_set::empty<u8>().is_empty());
    assert_eq!(vec_set::from_keys(vector[3, 4]).length(), 2);
}

#[test, expected_failure(abort_code = vec_set::EKeyAlreadyExists)]
fun an_element_twice() {
    vec_set::from_keys(vector[1, 1]);
}

#[test, expected_failure(abort_code = vec_set::EKeyDoesNotExist)]
fun an_element_that_is_not_there() {
    vec_set::empty().remove(&1);
}

#[test]
fun tables() {
    let ctx = &mut tx_context::dummy();
    let mut table = table::new(ctx);
    assert!(table.is_empty());
    table.add(b"a", 1);
    table.add(b"b", 2);
    assert_eq!(table.length(), 2);
    assert!(table.contains(b"a") && !table.contains(b"c"));
    *&mut table[b"a"] = 10;
    *table.borrow_mut(b"b") = 20;
    assert_eq!(table[b"a"] + *table.borrow(b"b"), 30);
    assert_eq!(table.remove(b"a"), 10);
    assert_eq!(table.remove(b"b"), 20);
    table.destroy_empty();
    let mut table = table::new(ctx);
    table.add(1, 1);
    table.drop();
}

#[test, expected_failure(abort_code = table::ETableNotEmpty)]
fun a_table_that_is_not_empty() {
    let mut table = table::new(&mut tx_context::dummy());
    table.add(1, 1);
    table.destroy_empty();
}

#[test, expected_failure(abort_code = sui::dynamic_field::EFieldAlreadyExists)]
fun a_key_twice_in_a_table() {
    let mut table = table::new(&mut tx_context::dummy());
    table.add(1, 1);
    table.add(1, 1);
    abort
}

#[test]
fun bags() {
    let mut bag = bag::new(&mut tx_context::dummy());
    assert!(bag.is_empty());
    bag.add(b"a", 1);
    bag.add(7, true);
    assert_eq!(bag.length(), 2);
    assert!(bag.contains(b"a") && bag.contains(7) && !bag.contains(8));
    assert!(bag.contains_with_type<u64, bool>(7) && !bag.contains_with_type<u64, u64>(7));
    *&mut bag[b"a"] = 5;
    assert_eq!(bag[b"a"], 5);
    *bag.borrow_mut(7) = false;
    assert!(!*bag.borrow<u64, bool>(7));
    assert_eq!(bag.remove(b"a"), 5);
    assert_eq!(bag.remove(7), false);
    bag.destroy_empty();
}

#[test, expected_failure(abort_code = bag::EBagNotEmpty)]
fun a_bag_that_is_not_empty() {
    let mut bag = bag::new(&mut tx_context::dummy());
    bag.add(1, 1);
    bag.destroy_empty();
}

#[test]
fun bags_and_tables_of_objects() {
    let ctx = &mut tx_context::dummy();
    let one = thing(ctx);
    let id = object::id(&one);

    let mut bag = object_bag::new(ctx);
    bag.add(1, one);
    assert_eq!(bag.length(), 1);
    assert!(!bag.is_empty());
    assert!(bag.contains(1) && !bag.contains(2));
    assert!(bag.contains_with_type<u64, Thing>(1));
    assert_eq!(bag.value_id(1), option::some(id));
    assert_eq!(object::id(bag.borrow<u64, Thing>(1)), id);
    assert_eq!(object::id(bag.borrow_mut<u64, Thing>(1)), id);
    let one: Thing = bag.remove(1);
    bag.destroy_empty();

    let mut table = object_table::new(ctx);
    table.add(1, one);
    assert_eq!(table.length(), 1);
    assert!(!table.is_empty());
    assert!(table.contains(1) && !table.contains(2));
    assert_eq!(table.value_id(1), option::some(id));
    assert_eq!(object::id(&table[1]), id);
    assert_eq!(object::id(&mut table[1]), id);
    let one = table.remove(1);
    table.destroy_empty();
    destroy(one);
}

#[test, expected_failure(abort_code = object_bag::EBagNotEmpty)]
fun an_object_bag_that_is_not_empty() {
    let ctx = &mut tx_context::dummy();
    let mut bag = object_bag::new(ctx);
    bag.add(1, thing(ctx));
    bag.destroy_empty();
}

#[test, expected_failure(abort_code = object_table::ETableNotEmpty)]
fun an_object_table_that_is_not_empty() {
    let ctx = &mut tx_context::dummy();
    let mut table = object_table::new(ctx);
    table.add(1, thing(ctx));
    table.destroy_empty();
}

#[test]
fun table_vectors() {
    let ctx = &mut tx_context::dummy();
    let mut t = table_vec::singleton(1, ctx);
    t.push_back(2);
    t.push_back(3);
    assert_eq!(t.length(), 3);
    *&mut t[1] = 20;
    *t.borrow_mut(2) = 30;
    t.swap(0, 2);
    t.swap(1, 1);
    assert_eq!(vector[t[0], t[1], *t.borrow(2)], vector[30, 20, 1]);
    assert_eq!(t.swap_remove(0), 30);
    assert_eq!(t.pop_back(), 20);
    assert_eq!(t.pop_back(), 1);
    assert!(t.is_empty());
    t.destroy_empty();
    table_vec::singleton(1, ctx).drop();
}

#[test, expected_failure(abort_code = table_vec::EIndexOutOfBound)]
fun outside_a_table_vector() {
    let t = table_vec::singleton(1, &mut tx_context::dummy());
    let _ = t[1];
    abort
}

#[test, expected_failure(abort_code = table_vec::EIndexOutOfBound)]
fun nothing_in_a_table_vector() {
    table_vec::empty<u8>(&mut tx_context::dummy()).pop_back();
    abort
}

#[test, expected_failure(abort_code = table_vec::ETableNonEmpty)]
fun a_table_vector_that_is_not_empty() {
    table_vec::singleton(1, &mut tx_context::dummy()).destroy_empty();
}

// The keys from front to back, having checked that the way back is the same.
fun keys_in_order(table: &LinkedTable<u64, bool>): vector<u64> {
    let mut forward = vector[];
    let mut at = *table.front();
    while (at.is_some()) {
        let key = at.destroy_some();
        forward.push_back(key);
        at = *table.next(key);
    };
    let mut backward = vector[];
    let mut at = *table.back();
    while (at.is_some()) {
        let key = at.destroy_some();
        backward.push_back(key);
        at = *table.prev(key);
    };
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(forward.length(), table.length());
    forward
}

#[test]
fun linked_tables() {
    let ctx = &mut tx_context::dummy();
    let mut table = linked_table::new(ctx);
    assert!(table.is_empty() && table.front().is_none() && table.back().is_none());
    table.push_back(2, true);
    table.push_front(1, true);
    table.push_back(3, true);
    table.push_back(4, false);
    table.push_back(5, true);
    assert_eq!(keys_in_order(&table), vector[1, 2, 3, 4, 5]);
    assert!(table.contains(3) && !table.contains(9));
    *&mut table[3] = false;
    assert!(!table[3] && !*table.borrow(4));
    *table.borrow_mut(4) = true;
    assert!(!table.remove(3));
    assert_eq!(keys_in_order(&table), vector[1, 2, 4, 5]);
    table.remove(1);
    assert_eq!(keys_in_order(&table), vector[2, 4, 5]);
    table.remove(5);
    assert_eq!(keys_in_order(&table), vector[2, 4]);
    let (key, _) = table.pop_front();
    assert_eq!(key, 2);
    assert_eq!(keys_in_order(&table), vector[4]);
    let (key, value) = table.pop_back();
    assert!(key == 4 && value);
    assert_eq!(keys_in_order(&table), vector[]);
    table.destroy_empty();
    let mut table = linked_table::new(ctx);
    table.push_front(1, 1);
    table.drop();
}

#[test, expected_failure(abort_code = linked_table::ETableIsEmpty)]
fun the_front_of_nothing() {
    let mut table = linked_table::new<u64, u64>(&mut tx_context::dummy());
    table.pop_front();
    abort
}

#[test, expected_failure(abort_code = linked_table::ETableIsEmpty)]
fun the_back_of_nothing() {
    let mut table = linked_table::new<u64, u64>(&mut tx_context::dummy());
    table.pop_back();
    abort
}

#[test, expected_failure(abort_code = linked_table::ETableNotEmpty)]
fun a_linked_table_that_is_not_empty() {
    let mut table = linked_table::new(&mut tx_context::dummy());
    table.push_front(1, 1);
    table.destroy_empty();
}

#[test]
fun queues() {
    let mut state = 99u64;
    12u64.do!(|length| {
        let priorities = vector::tabulate!(length, |_| {
            state = (state * 1103515245 + 12345) % 2147483648;
            state / 65536 % 10
        });
        let mut expected = priorities;
        expected.insertion_sort_by!(|a, b| *a >= *b);

        // Made at once, and one by one.
        let mut queue = priority_queue::new(
            priority_queue::create_entries(priorities, priorities),
        );
        let mut other = priority_queue::new(vector[]);
        priorities.do!(|p| other.insert(p, p));
        assert_eq!(queue.priorities().length(), length);
        expected.do!(|p| {
            let (priority, value) = queue.pop_max();
            assert!(priority == p && value == p);
            let (priority, value) = other.pop_max();
            assert!(priority == p && value == p);
        });
    });
    let mut queue = priority_queue::new(vector[priority_queue::new_entry(3, b"c")]);
    let (_, value) = queue.pop_max();
    assert_eq!(value, b"c");
}

#[test, expected_failure(abort_code = priority_queue::EPopFromEmptyHeap)]
fun an_empty_queue() {
    priority_queue::new<u8>(vector[]).pop_max();
}
