/// Balances that belong to an address instead of an object.
///
/// Not built yet: the types are here so that packages which name them compile, and
/// whatever would need the accounts behind them aborts with `ENotSupportedYet`.
module sui::funds_accumulator;

use std::internal::Permit;

/// This network keeps no balances of addresses yet.
const ENotSupportedYet: u64 = 100;

/// The parts would exceed the whole.
const EInvalidSubLimit: u64 = 0;

/// The withdrawals are from different addresses.
const EOwnerMismatch: u64 = 1;

/// The sum exceeds the greatest limit.
const EOverflow: u64 = 2;

/// The right to take up to `limit` of what `owner` has of `T`. A transaction gets
/// one as an input.
public struct Withdrawal<phantom T: store> has drop {
    owner: address,
    limit: u256,
}

/// Whose funds these are.
public fun withdrawal_owner<T: store>(withdrawal: &Withdrawal<T>): address {
    withdrawal.owner
}

/// The most that may be taken.
public fun withdrawal_limit<T: store>(withdrawal: &Withdrawal<T>): u256 {
    withdrawal.limit
}

/// Splits a right to `sub_limit` off. Aborts with `EInvalidSubLimit` when that is
/// more than the limit.
public fun withdrawal_split<T: store>(
    withdrawal: &mut Withdrawal<T>,
    sub_limit: u256,
): Withdrawal<T> {
    assert!(sub_limit <= withdrawal.limit, EInvalidSubLimit);
    withdrawal.limit = withdrawal.limit - sub_limit;
    Withdrawal { owner: withdrawal.owner, limit: sub_limit }
}

/// Adds the limit of `other`. Aborts with `EOwnerMismatch` when its owner is
/// another, and with `EOverflow` when the sum is too large.
public fun withdrawal_join<T: store>(withdrawal: &mut Withdrawal<T>, other: Withdrawal<T>) {
    let Withdrawal { owner, limit } = other;
    assert!(owner == withdrawal.owner, EOwnerMismatch);
    assert!(limit <= std::u256::max_value!() - withdrawal.limit, EOverflow);
    withdrawal.limit = withdrawal.limit + limit;
}

/// Takes the funds. Always aborts with `ENotSupportedYet`.
public(package) fun redeem<T: store>(withdrawal: Withdrawal<T>, _: Permit<T>): T {
    let Withdrawal { .. } = withdrawal;
    abort ENotSupportedYet
}

#[test_only]
/// A right made up for a test.
public fun create_withdrawal_for_testing<T: store>(owner: address, limit: u256): Withdrawal<T> {
    Withdrawal { owner, limit }
}
