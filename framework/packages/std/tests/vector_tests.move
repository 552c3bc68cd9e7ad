#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::vector_tests;

use std::unit_test::assert_eq;

/// Neither copied nor dropped.
public struct Solid(u64)

fun solid(n: u64): Solid { Solid(n) }

fun melt(s: Solid): u64 {
    let Solid(n) = s;
    n
}

#[test]
fun functions() {
    assert_eq!(vector::singleton(7), vector[7]);
    assert!(vector<u8>[].is_empty() && !vector[1].is_empty());

    let mut v = vector[1, 2, 3];
    v.reverse();
    assert_eq!(v, vector[3, 2, 1]);
    v.append(vector[9, 8]);
    assert_eq!(v, vector[3, 2, 1, 9, 8]);
    assert!(v.contains(&9) && !v.contains(&4));
    let (found, at) = v.index_of(&9);
    assert!(found && at == 3);
    let (found, at) = v.index_of(&4);
    assert!(!found && at == 0);

    assert_eq!(v.remove(1), 2);
    assert_eq!(v, vector[3, 1, 9, 8]);
    v.insert(5, 0);
    v.insert(6, 5);
    assert_eq!(v, vector[5, 3, 1, 9, 8, 6]);
    assert_eq!(v.swap_remove(0), 5);
    assert_eq!(v, vector[6, 3, 1, 9, 8]);
    assert_eq!(v.swap_remove(4), 8);
    assert_eq!(v, vector[6, 3, 1, 9]);

    assert_eq!(vector[vector[1], vector[], vector[2, 3]].flatten(), vector[1, 2, 3]);
    assert_eq!(v.skip(1), vector[3, 1, 9]);
    assert_eq!(v.skip(0), v);
    assert_eq!(v.skip(4), vector[]);
    assert_eq!(v.skip(99), vector[]);
    assert_eq!(v.take(2), vector[6, 3]);
    assert_eq!(v.take(4), v);
}

#[test]
fun reversing_any_length() {
    6u64.do!(|n| {
        let mut v = vector::tabulate!(n, |i| i);
        v.reverse();
        assert_eq!(v, vector::tabulate!(n, |i| n - 1 - i));
    })
}

#[test]
fun visiting() {
    let mut seen = vector[];
    vector[1, 2, 3].do!(|e| seen.push_back(e));
    assert_eq!(seen, vector[1, 2, 3]);

    seen = vector[];
    vector[1, 2, 3].destroy!(|e| seen.push_back(e));
    assert_eq!(seen, vector[3, 2, 1]);

    seen = vector[];
    vector[1, 2, 3].do_ref!(|e| seen.push_back(*e));
    assert_eq!(seen, vector[1, 2, 3]);

    seen.do_mut!(|e| *e = *e * 10);
    assert_eq!(seen, vector[10, 20, 30]);

    let mut sum = 0;
    vector[solid(1), solid(2)].do!(|s| sum = sum + melt(s));
    vector[solid(4)].destroy!(|s| sum = sum + melt(s));
    assert_eq!(sum, 7);
}

#[test]
fun transforming() {
    assert_eq!(vector[1, 2].map!(|e| e + 1), vector[2, 3]);
    assert_eq!(vector[1, 2].map_ref!(|e| *e == 2), vector[false, true]);
    assert_eq!(vector[solid(3)].map!(|s| melt(s)), vector[3]);
    assert_eq!(vector[5, 1, 6, 2].filter!(|e| *e > 4), vector[5, 6]);
    let (yes, no) = vector[5, 1, 6, 2].partition!(|e| *e > 4);
    assert_eq!(yes, vector[5, 6]);
    assert_eq!(no, vector[1, 2]);
    assert_eq!(vector[1, 2, 3].fold!(0, |acc, e| acc * 10 + e), 123);
    assert_eq!(vector[1, 2, 9, 3].take_while!(|e| *e < 5), vector[1, 2]);
    assert_eq!(vector[1, 2, 9, 3].skip_while!(|e| *e < 5), vector[9, 3]);
    assert_eq!(vector[1].skip_while!(|e| *e < 5), vector[]);
}

#[test]
fun asking() {
    let v = vector[4, 7, 4];
    assert_eq!(v.find_index!(|e| *e == 4), option::some(0));
    assert_eq!(v.find_index!(|e| *e == 5), option::none());
    assert_eq!(v.find_indices!(|e| *e == 4), vector[0, 2]);
    assert_eq!(v.count!(|e| *e == 4), 2);
    assert!(v.any!(|e| *e == 7) && !v.any!(|e| *e == 8));
    assert!(v.all!(|e| *e > 3) && !v.all!(|e| *e > 4));
    assert!(vector<u64>[].all!(|_| false) && !vector<u64>[].any!(|_| true));
}

#[test]
fun zipping() {
    let mut seen = vector[];
    vector[1, 2].zip_do!(vector[10, 20], |a, b| seen.push_back(a + b));
    vector[1, 2].zip_do_reverse!(vector[10, 20], |a, b| seen.push_back(a + b));
    vector[1, 2].zip_do_ref!(&vector[10, 20], |a, b| seen.push_back(*a + *b));
    assert_eq!(seen, vector[11, 22, 22, 11, 11, 22]);
    let mut a = vector[1, 2];
    let mut b = vector[10, 20];
    a.zip_do_mut!(&mut b, |a, b| {
        *a = *a + *b;
        *b = 0;
    });
    assert_eq!(a, vector[11, 22]);
    assert_eq!(b, vector[0, 0]);
    assert_eq!(vector[1, 2].zip_map!(vector[3, 4], |a, b| a * b), vector[3, 8]);
    assert_eq!(vector[1, 2].zip_map_ref!(&vector[3, 4], |a, b| *a * *b), vector[3, 8]);
}

#[test, expected_failure]
fun zipping_needs_equal_lengths() {
    vector[1].zip_do!(vector[1, 2], |_, _| ());
}

/// What is sorted by `key` alone, so that the order among equals shows.
public struct Item has copy, drop {
    key: u64,
    place: u64,
}

#[test]
fun sorting_is_right_and_stable() {
    // Pseudo-random keys, many of them equal.
    let mut state = 12345u64;
    20u64.do!(|length| {
        let items = vector::tabulate!(length, |place| {
            state = (state * 1103515245 + 12345) % 2147483648;
            Item { key: state / 65536 % 5, place }
        });
        let mut merged = items;
        merged.merge_sort_by!(|a, b| a.key <= b.key);
        let mut inserted = items;
        inserted.insertion_sort_by!(|a, b| a.key <= b.key);
        assert_eq!(merged, inserted);
        assert!(
            merged.is_sorted_by!(|a, b| {
                a.key < b.key || (a.key == b.key && a.place < b.place)
            }),
        );
        assert_eq!(merged.length(), length);
    });
    assert!(!vector[2, 1].is_sorted_by!(|a, b| *a <= *b));
}

#[test, expected_failure(abort_code = vector::EINDEX_OUT_OF_BOUNDS)]
fun removing_outside() {
    vector[1].remove(1);
}

#[test, expected_failure(abort_code = vector::EINDEX_OUT_OF_BOUNDS)]
fun inserting_outside() {
    vector[1].insert(1, 2);
}

#[test, expected_failure(abort_code = vector::EINDEX_OUT_OF_BOUNDS)]
fun swap_removing_from_nothing() {
    vector<u64>[].swap_remove(0);
}

#[test, expected_failure]
fun taking_more_than_there_is() {
    vector[1].take(2);
}

#[test, expected_failure(vector_error, minor_status = 1, location = Self)]
fun borrowing_outside() {
    let v = vector[1];
    let _ = &v[1];
}
