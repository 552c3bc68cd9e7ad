#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::option_tests;

use std::unit_test::assert_eq;

#[test]
fun functions() {
    let mut o = option::none();
    assert!(o.is_none() && !o.is_some());
    assert!(!o.contains(&1));
    assert_eq!(*o.borrow_with_default(&5), 5);
    assert_eq!(o.get_with_default(6), 6);
    o.fill(1);
    assert!(o.is_some() && o.contains(&1) && !o.contains(&2));
    assert_eq!(*o.borrow(), 1);
    assert_eq!(*o.borrow_with_default(&5), 1);
    assert_eq!(o.get_with_default(6), 1);
    *o.borrow_mut() = 2;
    assert_eq!(o.swap(3), 2);
    assert_eq!(o.swap_or_fill(4), option::some(3));
    assert_eq!(o.extract(), 4);
    assert_eq!(o.swap_or_fill(5), option::none());
    assert_eq!(o.destroy_with_default(0), 5);
    assert_eq!(option::none().destroy_with_default(0), 0);
    assert_eq!(option::some(1).destroy_some(), 1);
    option::none<u64>().destroy_none();
    assert_eq!(option::some(1).to_vec(), vector[1]);
    assert_eq!(option::none<u64>().to_vec(), vector[]);
}

#[test]
fun macros() {
    let mut seen = vector[];
    option::some(1).do!(|e| seen.push_back(e));
    option::some(2).destroy!(|e| seen.push_back(e));
    option::none<u64>().do!(|e| seen.push_back(e));
    option::some(3).do_ref!(|e| seen.push_back(*e));
    let mut o = option::some(4);
    o.do_mut!(|e| *e = *e + 1);
    assert_eq!(o, option::some(5));
    assert_eq!(seen, vector[1, 2, 3]);

    assert_eq!(option::some(1).or!(abort), option::some(1));
    assert_eq!(option::none().or!(option::some(2)), option::some(2));
    assert_eq!(option::some(1).and!(|e| option::some(e + 1)), option::some(2));
    assert_eq!(option::none<u64>().and!(|_| option::some(1)), option::none());
    assert_eq!(option::some(1).and_ref!(|e| option::some(*e + 1)), option::some(2));
    assert_eq!(option::some(1).filter!(|e| *e == 1), option::some(1));
    assert_eq!(option::some(1).filter!(|e| *e == 2), option::none());
    assert!(option::some(1).is_some_and!(|e| *e == 1));
    assert!(!option::none<u64>().is_some_and!(|_| true));
    assert!(option::none<u64>().is_none_or!(|_| false));
    assert!(!option::some(1).is_none_or!(|_| false));
    assert_eq!(o.extract_or!(abort), 5);
    assert_eq!(o.extract_or!(6), 6);
    assert_eq!(option::some(1).destroy_or!(abort), 1);
    assert_eq!(option::none().destroy_or!(2), 2);
    assert_eq!(option::some(1).map!(|e| e == 1), option::some(true));
    assert_eq!(option::none<u64>().map!(|e| e == 1), option::none());
    assert_eq!(option::some(1).map_ref!(|e| *e == 2), option::some(false));
}

#[test, expected_failure(abort_code = option::EOPTION_NOT_SET)]
fun borrowing_nothing() {
    option::none<u64>().borrow();
}

#[test, expected_failure(abort_code = option::EOPTION_NOT_SET)]
fun borrowing_nothing_for_writing() {
    option::none<u64>().borrow_mut();
}

#[test, expected_failure(abort_code = option::EOPTION_NOT_SET)]
fun extracting_nothing() {
    option::none<u64>().extract();
}

#[test, expected_failure(abort_code = option::EOPTION_NOT_SET)]
fun swapping_nothing() {
    option::none<u64>().swap(1);
}

#[test, expected_failure(abort_code = option::EOPTION_NOT_SET)]
fun destroying_nothing_as_some() {
    option::none<u64>().destroy_some();
}

#[test, expected_failure(abort_code = option::EOPTION_IS_SET)]
fun filling_twice() {
    option::some(1).fill(2);
}

#[test, expected_failure(abort_code = option::EOPTION_IS_SET)]
fun destroying_something_as_none() {
    option::some(1).destroy_none();
}
