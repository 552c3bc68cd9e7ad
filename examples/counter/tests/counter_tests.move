#[test_only]
module counter::counter_tests;

use counter::counter;
use std::unit_test::assert_eq;

#[test]
fun it_counts() {
    let ctx = &mut tx_context::dummy();
    let mut counter = counter::new_for_testing(ctx);
    assert_eq!(counter.value(), 0);
    3u8.do!(|_| counter.increment());
    assert_eq!(counter.value(), 3);
    counter.delete(ctx);
}

#[test]
fun the_owner_sets_the_value() {
    let ctx = &mut tx_context::dummy();
    let mut counter = counter::new_for_testing(ctx);
    counter.set_value(100, ctx);
    counter.increment();
    assert_eq!(counter.value(), 101);
    assert_eq!(counter.owner(), ctx.sender());
    counter.delete(ctx);
}

#[test, expected_failure(abort_code = counter::ENotOwner)]
fun nobody_else_does() {
    let mut counter = counter::new_for_testing(&mut tx_context::dummy());
    let somebody = tx_context::new_from_hint(@0xB0B, 1, 0, 0, 0);
    counter.set_value(7, &somebody);
    abort
}
