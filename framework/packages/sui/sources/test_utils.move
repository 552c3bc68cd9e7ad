/// What unit tests of packages use. `std::unit_test` has the better part of it.
#[test_only]
module sui::test_utils;

/// Fails the test unless both are equal.
public fun assert_eq<T: drop>(t1: T, t2: T) {
    assert_ref_eq(&t1, &t2)
}

/// Fails the test, after printing both, unless they are equal.
public fun assert_ref_eq<T>(t1: &T, t2: &T) {
    if (t1 != t2) {
        std::debug::print(t1);
        std::debug::print(t2);
        abort
    }
}

/// Fails the test unless both have the same elements, in whatever order.
public fun assert_same_elems<T>(v1: &vector<T>, v2: &vector<T>) {
    assert!(v1.length() == v2.length());
    assert!(v1.all!(|e| v2.contains(e)));
    assert!(v2.all!(|e| v1.contains(e)));
}

/// Prints ASCII text.
public fun print(str: vector<u8>) {
    std::debug::print(&str.to_ascii_string())
}

/// Gets rid of any value, even one without `drop`.
public fun destroy<T>(x: T) {
    std::unit_test::destroy(x)
}

/// A one-time witness, of which a network makes only one.
public native fun create_one_time_witness<T: drop>(): T;
