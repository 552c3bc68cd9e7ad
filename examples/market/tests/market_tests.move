#[test_only]
module market::market_tests;

use market::market::{Self, Market};
use std::unit_test::{assert_eq, destroy};
use sui::coin;
use sui::sui::SUI;

const SELLER: address = @0x5E11;
const BUYER: address = @0xB0B;

/// Something to sell.
public struct Thing has key, store {
    id: UID,
}

// The next transaction: another sender and digest.
fun as_sender(sender: address, number: u64): TxContext {
    tx_context::new_from_hint(sender, number, 0, 0, 0)
}

// A market on which the seller has listed a thing for 100.
fun market_with_thing(): (Market<SUI>, ID) {
    let ctx = &mut as_sender(SELLER, 1);
    let mut market = market::new_for_testing(ctx);
    let thing = Thing { id: object::new(ctx) };
    let id = object::id(&thing);
    market.list(thing, 100, ctx);
    assert_eq!(market.listed(), 1);
    assert_eq!(market.price(id), 100);
    (market, id)
}

#[test]
fun buying_pays_the_seller() {
    let (mut market, id) = market_with_thing();

    let ctx = &mut as_sender(BUYER, 2);
    let payment = coin::mint_for_testing(100, ctx);
    let thing: Thing = market.buy(id, payment, ctx);
    assert_eq!(object::id(&thing), id);
    assert_eq!(market.listed(), 0);

    let profits = market.take_profits(&mut as_sender(SELLER, 3));
    assert_eq!(profits.value(), 100);

    destroy(thing);
    destroy(profits);
    destroy(market);
}

#[test]
fun a_seller_takes_a_thing_back() {
    let (mut market, id) = market_with_thing();
    let thing: Thing = market.delist(id, &as_sender(SELLER, 2));
    assert_eq!(object::id(&thing), id);
    destroy(thing);
    destroy(market);
}

#[test, expected_failure(abort_code = market::ENotSeller)]
fun nobody_else_takes_it_back() {
    let (mut market, id) = market_with_thing();
    let _thing: Thing = market.delist(id, &as_sender(BUYER, 2));
    abort
}

#[test, expected_failure(abort_code = market::EWrongPayment)]
fun the_price_must_be_paid() {
    let (mut market, id) = market_with_thing();
    let ctx = &mut as_sender(BUYER, 2);
    let _thing: Thing = market.buy(id, coin::mint_for_testing(99, ctx), ctx);
    abort
}

#[test, expected_failure(abort_code = market::ENotListed)]
fun a_thing_is_sold_once() {
    let (mut market, id) = market_with_thing();
    let ctx = &mut as_sender(BUYER, 2);
    let _thing: Thing = market.buy(id, coin::mint_for_testing(100, ctx), ctx);
    let _again: Thing = market.buy(id, coin::mint_for_testing(100, ctx), ctx);
    abort
}

#[test, expected_failure(abort_code = market::ENoProfits)]
fun only_sellers_have_profits() {
    let (mut market, _) = market_with_thing();
    let _coin = market.take_profits(&mut as_sender(BUYER, 2));
    abort
}
