#[test_only]
module thread::thread_tests;

use std::unit_test::{assert_eq, destroy};
use sui::coin::{Self, TreasuryCap};
use thread::thread::{Self, THREAD};

#[test]
fun publishing_makes_a_treasury_and_metadata() {
    let ctx = &mut tx_context::dummy();
    thread::init_for_testing(ctx);
    assert_eq!(ctx.ids_created(), 2);
}

#[test]
fun minting_and_burning_change_the_supply() {
    let ctx = &mut tx_context::dummy();
    let mut treasury: TreasuryCap<THREAD> = coin::create_treasury_cap_for_testing(ctx);

    thread::mint(&mut treasury, 1_000, @0xA, ctx);
    let mut coin = treasury.mint(500, ctx);
    assert_eq!(treasury.total_supply(), 1_500);

    let part = coin.split(200, ctx);
    assert_eq!(thread::burn(&mut treasury, part), 200);
    assert_eq!(treasury.total_supply(), 1_300);
    assert_eq!(coin.value(), 300);

    destroy(coin);
    destroy(treasury);
}

#[test, expected_failure(abort_code = sui::balance::ENotEnough)]
fun nobody_spends_more_than_they_have() {
    let ctx = &mut tx_context::dummy();
    let mut coin = coin::mint_for_testing<THREAD>(10, ctx);
    let _more = coin.split(11, ctx);
    abort
}
