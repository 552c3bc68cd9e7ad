/// What unit tests need. None of it is published.
#[test_only]
module std::unit_test;

/// Fails the test, after printing both sides, unless they are equal.
public macro fun assert_eq<$T: drop>($t1: $T, $t2: $T) {
    let left = $t1;
    let right = $t2;
    std::unit_test::assert_ref_eq!(&left, &right)
}

/// Fails the test, after printing both sides, unless they are equal.
public macro fun assert_ref_eq<$T>($t1: &$T, $t2: &$T) {
    let left = $t1;
    let right = $t2;
    let equal = left == right;
    if (!equal) {
        std::debug::print(&b"assert_eq failed:");
        std::debug::print(left);
        std::debug::print(&b"!=");
        std::debug::print(right);
    };
    assert!(equal);
}

/// Gets rid of any value, even one without `drop`.
public native fun destroy<T>(v: T);

/// Marks a module as compiled for tests: a network knows no such native, so it
/// refuses to publish what the compiler made callable this way.
public native fun poison();
