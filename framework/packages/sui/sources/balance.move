/// Amounts of a currency, without the identity that makes a coin.
///
/// A currency is a type. Whoever holds its `Supply` makes and unmakes balances;
/// everybody else can only divide and join them, so that the sum over all balances
/// is the supply.
module sui::balance;

use std::type_name;
use sui::funds_accumulator::Withdrawal;

/// A coin of the balance: `balance.into_coin(ctx)`.
public use fun sui::coin::from_balance as Balance.into_coin;

/// The balance is not zero.
const ENonZero: u64 = 0;

/// The supply would exceed what can be counted.
const EOverflow: u64 = 1;

/// The balance is less than what is asked of it.
const ENotEnough: u64 = 2;

/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 3;

/// The system does this with the native coin only.
const ENotSUI: u64 = 4;

/// This network keeps no balances of addresses yet.
const ENotSupportedYet: u64 = 100;

// The name of the native coin's type, whose module depends on this one.
const NATIVE_COIN: vector<u8> =
    b"0000000000000000000000000000000000000000000000000000000000000002::sui::SUI";

/// How much of the currency `T` there is. Whoever has it can change that.
public struct Supply<phantom T> has store {
    value: u64,
}

/// An amount of the currency `T`, in base units.
public struct Balance<phantom T> has store {
    value: u64,
}

/// The amount.
public fun value<T>(self: &Balance<T>): u64 {
    self.value
}

/// How much of the currency there is.
public fun supply_value<T>(supply: &Supply<T>): u64 {
    supply.value
}

/// The supply of a new currency: nothing yet. The module that defines `T` decides
/// how often this is done, since it makes the witness.
public fun create_supply<T: drop>(_: T): Supply<T> {
    Supply { value: 0 }
}

/// Makes `value` units. Aborts with `EOverflow` unless the supply stays below the
/// greatest `u64`.
public fun increase_supply<T>(self: &mut Supply<T>, value: u64): Balance<T> {
    assert!(value < std::u64::max_value!() - self.value, EOverflow);
    self.value = self.value + value;
    Balance { value }
}

/// Unmakes `balance` and returns its amount. Aborts with `EOverflow` when that is
/// more than the supply.
public fun decrease_supply<T>(self: &mut Supply<T>, balance: Balance<T>): u64 {
    let Balance { value } = balance;
    assert!(value <= self.value, EOverflow);
    self.value = self.value - value;
    value
}

/// Nothing of a currency.
public fun zero<T>(): Balance<T> {
    Balance { value: 0 }
}

/// Adds `balance` and returns the sum.
public fun join<T>(self: &mut Balance<T>, balance: Balance<T>): u64 {
    let Balance { value } = balance;
    self.value = self.value + value;
    self.value
}

/// Takes `value` out. Aborts with `ENotEnough` when there is less.
public fun split<T>(self: &mut Balance<T>, value: u64): Balance<T> {
    assert!(value <= self.value, ENotEnough);
    self.value = self.value - value;
    Balance { value }
}

/// Takes all out and leaves nothing.
public fun withdraw_all<T>(self: &mut Balance<T>): Balance<T> {
    let value = self.value;
    self.split(value)
}

/// Consumes a balance of nothing. Aborts with `ENonZero` when there is something.
public fun destroy_zero<T>(balance: Balance<T>) {
    assert!(balance.value == 0, ENonZero);
    let Balance { value: _ } = balance;
}

// === Balances of addresses ===

/// Adds `balance` to what `recipient` has. Not built yet: aborts with
/// `ENotSupportedYet`, unless the balance is zero. `sui::coin::send_funds` works.
public fun send_funds<T>(balance: Balance<T>, _recipient: address) {
    assert!(balance.value == 0, ENotSupportedYet);
    balance.destroy_zero()
}

/// Takes what `withdrawal` allows. Not built yet: aborts with
/// `sui::funds_accumulator::ENotSupportedYet`, unless that is nothing.
public fun redeem_funds<T>(withdrawal: Withdrawal<Balance<T>>): Balance<T> {
    if (withdrawal.withdrawal_limit() == 0) zero()
    else withdrawal.redeem(internal::permit())
}

// === For the system ===

// Ends a supply that is not to change any more.
public(package) fun destroy_supply<T>(self: Supply<T>): u64 {
    let Supply { value } = self;
    value
}

#[allow(unused_function)]
// Called by the system at the end of an epoch: the only way in which native coins
// appear that no supply counts.
fun create_staking_rewards<T>(value: u64, ctx: &TxContext): Balance<T> {
    assert_system_and_native<T>(ctx);
    Balance { value }
}

#[allow(unused_function)]
// Called by the system at the end of an epoch: the only way in which native coins
// disappear.
fun destroy_storage_rebates<T>(self: Balance<T>, ctx: &TxContext) {
    assert_system_and_native<T>(ctx);
    let Balance { value: _ } = self;
}

fun assert_system_and_native<T>(ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    assert!(type_name::with_original_ids<T>().into_string() == NATIVE_COIN.to_ascii_string(), ENotSUI);
}

// === Tests ===

#[test_only]
/// An amount out of nothing.
public fun create_for_testing<T>(value: u64): Balance<T> {
    Balance { value }
}

#[test_only]
/// Consumes a balance and returns its amount.
public fun destroy_for_testing<T>(self: Balance<T>): u64 {
    let Balance { value } = self;
    value
}

#[test_only]
/// The supply of a currency without its witness.
public fun create_supply_for_testing<T>(): Supply<T> {
    Supply { value: 0 }
}

#[test_only]
/// Consumes a supply and returns its amount.
public fun destroy_supply_for_testing<T>(self: Supply<T>): u64 {
    self.destroy_supply()
}
