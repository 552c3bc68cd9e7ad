#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::coin_tests;

use std::unit_test::{assert_eq, destroy};
use sui::balance;
use sui::coin::{Self, Coin};
use sui::funds_accumulator as funds;
use sui::pay;
use sui::test_utils;
use sui::url;

/// A one-time witness, of the module's name.
public struct COIN_TESTS has drop {}

#[test]
fun balances() {
    let mut supply = balance::create_supply(COIN_TESTS {});
    let mut all = supply.increase_supply(100);
    assert_eq!(supply.supply_value(), 100);
    let part = all.split(30);
    assert_eq!(all.value(), 70);
    assert_eq!(part.value(), 30);
    assert_eq!(all.join(part), 100);
    let everything = all.withdraw_all();
    all.destroy_zero();
    assert_eq!(supply.decrease_supply(everything), 100);
    assert_eq!(supply.destroy_supply(), 0);
    balance::zero<COIN_TESTS>().destroy_zero();
    assert_eq!(balance::create_for_testing<COIN_TESTS>(3).destroy_for_testing(), 3);
    assert_eq!(balance::create_supply_for_testing<COIN_TESTS>().destroy_supply_for_testing(), 0);
}

#[test, expected_failure(abort_code = balance::ENotEnough)]
fun splitting_more_than_there_is() {
    let mut balance = balance::create_for_testing<COIN_TESTS>(3);
    let _part = balance.split(4);
    abort
}

#[test, expected_failure(abort_code = balance::ENonZero)]
fun destroying_something_as_zero() {
    balance::create_for_testing<COIN_TESTS>(3).destroy_zero();
}

#[test, expected_failure(abort_code = balance::EOverflow)]
fun more_than_can_be_counted() {
    let mut supply = balance::create_supply(COIN_TESTS {});
    let _all = supply.increase_supply(std::u64::max_value!());
    abort
}

#[test, expected_failure(abort_code = balance::EOverflow)]
fun less_than_nothing() {
    let mut supply = balance::create_supply(COIN_TESTS {});
    supply.decrease_supply(balance::create_for_testing(1));
    abort
}

#[test]
fun coins() {
    let ctx = &mut tx_context::dummy();
    let mut coin = coin::mint_for_testing<COIN_TESTS>(100, ctx);
    let part = coin.split(40, ctx);
    assert_eq!(coin.value(), 60);
    assert_eq!(coin.balance().value(), 60);
    coin.join(part);
    let mut balance = coin.into_balance();
    let taken = coin::take(&mut balance, 10, ctx);
    coin::put(&mut balance, taken);
    let mut coin = balance.into_coin(ctx);
    coin.balance_mut().join(balance::create_for_testing(5));

    let parts = coin.divide_into_n(4, ctx);
    assert_eq!(parts.length(), 3);
    parts.do!(|part| assert_eq!(part.burn_for_testing(), 26));
    assert_eq!(coin.burn_for_testing(), 105 - 3 * 26);
    coin::zero<COIN_TESTS>(ctx).destroy_zero();
}

#[test, expected_failure(abort_code = coin::EInvalidArg)]
fun dividing_into_nothing() {
    let ctx = &mut tx_context::dummy();
    let _parts = coin::mint_for_testing<COIN_TESTS>(100, ctx).divide_into_n(0, ctx);
    abort
}

#[test, expected_failure(abort_code = coin::ENotEnough)]
fun dividing_into_too_many() {
    let ctx = &mut tx_context::dummy();
    let _parts = coin::mint_for_testing<COIN_TESTS>(2, ctx).divide_into_n(3, ctx);
    abort
}

#[test, allow(deprecated_usage)]
fun currencies() {
    let ctx = &mut tx_context::dummy();
    let witness = test_utils::create_one_time_witness<COIN_TESTS>();
    let icon = url::new_unsafe_from_bytes(b"https://example.org/icon.svg");
    let (mut cap, mut metadata) = coin::create_currency(
        witness,
        6,
        b"TEST",
        b"Test coin",
        x"c3a4",
        option::some(icon),
        ctx,
    );
    assert_eq!(metadata.get_decimals(), 6);
    assert_eq!(metadata.get_symbol(), b"TEST".to_ascii_string());
    assert_eq!(metadata.get_name(), b"Test coin".to_string());
    assert_eq!(metadata.get_description(), x"c3a4".to_string());
    assert_eq!(metadata.get_icon_url(), option::some(icon));
    cap.update_symbol(&mut metadata, b"T".to_ascii_string());
    cap.update_name(&mut metadata, b"N".to_string());
    cap.update_description(&mut metadata, b"D".to_string());
    cap.update_icon_url(&mut metadata, b"I".to_ascii_string());
    assert_eq!(metadata.get_symbol(), b"T".to_ascii_string());
    assert_eq!(metadata.get_name(), b"N".to_string());
    assert_eq!(metadata.get_description(), b"D".to_string());
    assert_eq!(metadata.get_icon_url().destroy_some().inner_url(), b"I".to_ascii_string());

    let coin = cap.mint(50, ctx);
    let more = cap.mint_balance(7);
    cap.mint_and_transfer(3, @0xA, ctx);
    assert_eq!(cap.total_supply(), 60);
    assert_eq!(cap.supply_immut().supply_value(), 60);
    assert_eq!(cap.supply().supply_value(), 60);
    assert_eq!(cap.supply_mut().supply_value(), 60);
    assert_eq!(cap.burn(coin), 50);
    assert_eq!(cap.treasury_into_supply().destroy_supply(), 10);
    destroy(more);
    destroy(metadata);
}

#[test, expected_failure(abort_code = coin::EBadWitness), allow(deprecated_usage)]
fun any_type_is_no_currency() {
    let ctx = &mut tx_context::dummy();
    let (_cap, _metadata) = coin::create_currency(
        0u8,
        6,
        b"",
        b"",
        b"",
        option::none(),
        ctx,
    );
    abort
}


fun some_coin(value: u64, ctx: &mut TxContext): Coin<COIN_TESTS> {
    coin::mint_for_testing(value, ctx)
}

#[test]
fun paying() {
    let ctx = &mut tx_context::dummy();
    let mut coin = some_coin(100, ctx);
    pay::split(&mut coin, 1, ctx);
    pay::split_vec(&mut coin, vector[2, 3], ctx);
    pay::split_and_transfer(&mut coin, 4, @0xA, ctx);
    assert_eq!(coin.value(), 90);
    pay::divide_and_keep(&mut coin, 3, ctx);
    assert_eq!(coin.value(), 30);
    pay::join(&mut coin, some_coin(5, ctx));
    pay::join_vec(&mut coin, vector[some_coin(6, ctx), some_coin(7, ctx)]);
    assert_eq!(coin.value(), 48);
    pay::keep(coin, ctx);
    pay::join_vec_and_transfer(vector[some_coin(8, ctx), some_coin(9, ctx)], @0xA);
    sui::sui::transfer(coin::mint_for_testing(1, ctx), @0xA);
}

#[test, expected_failure(abort_code = pay::ENoCoins)]
fun paying_with_nothing() {
    pay::join_vec_and_transfer<COIN_TESTS>(vector[], @0xA);
}

#[test]
fun funds_of_addresses() {
    let ctx = &mut tx_context::dummy();
    some_coin(5, ctx).send_funds(@0xA);
    balance::zero<COIN_TESTS>().send_funds(@0xA);
    let mut all = funds::create_withdrawal_for_testing<balance::Balance<COIN_TESTS>>(@0xA, 10);
    let mut part = all.withdrawal_split(4);
    assert_eq!(all.withdrawal_limit(), 6);
    assert_eq!(part.withdrawal_owner(), @0xA);
    all.withdrawal_join(part.withdrawal_split(3));
    assert_eq!(all.withdrawal_limit(), 9);
    coin::redeem_funds(part.withdrawal_split(0), ctx).destroy_zero();
}

#[test, expected_failure(abort_code = funds::ENotSupportedYet)]
fun redeeming_is_not_built() {
    let funds = funds::create_withdrawal_for_testing<balance::Balance<COIN_TESTS>>(@0xA, 10);
    let _balance = balance::redeem_funds(funds);
    abort
}

#[test, expected_failure(abort_code = balance::ENotSupportedYet)]
fun sending_a_balance_is_not_built() {
    balance::create_for_testing<COIN_TESTS>(1).send_funds(@0xA);
}

#[test, expected_failure(abort_code = funds::EInvalidSubLimit)]
fun withdrawing_more_than_the_limit() {
    funds::create_withdrawal_for_testing<balance::Balance<COIN_TESTS>>(@0xA, 10)
        .withdrawal_split(11);
}

#[test, expected_failure(abort_code = funds::EOwnerMismatch)]
fun joining_withdrawals_of_two_owners() {
    funds::create_withdrawal_for_testing<balance::Balance<COIN_TESTS>>(@0xA, 1).withdrawal_join(
        funds::create_withdrawal_for_testing(@0xB, 1),
    );
}

#[test, expected_failure(abort_code = funds::EOverflow)]
fun joining_withdrawals_without_end() {
    funds::create_withdrawal_for_testing<balance::Balance<COIN_TESTS>>(@0xA, 1).withdrawal_join(
        funds::create_withdrawal_for_testing(@0xA, std::u256::max_value!()),
    );
}
