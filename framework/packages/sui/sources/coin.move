/// Coins: balances with an identity, which accounts own and transactions pass on.
///
/// `create_currency` starts a currency. Who has its `TreasuryCap` mints and burns;
/// its `CoinMetadata` says how clients show amounts.
#[allow(lint(public_entry))]
module sui::coin;

use std::ascii;
use std::string;
use sui::balance::{Self, Balance, Supply};
use sui::funds_accumulator::Withdrawal;
use sui::url::{Self, Url};

/// The witness is not a one-time witness.
const EBadWitness: u64 = 0;

/// A coin can't be divided into no parts, or into more parts than it has units.
const EInvalidArg: u64 = 1;

/// The coin's balance is less than what is asked of it.
const ENotEnough: u64 = 2;

/// An amount of the currency `T` that can be owned.
public struct Coin<phantom T> has key, store {
    id: UID,
    balance: Balance<T>,
}

/// How clients show a currency. There is one for each.
public struct CoinMetadata<phantom T> has key, store {
    id: UID,
    /// One coin is 10 to this power of base units.
    decimals: u8,
    name: string::String,
    symbol: ascii::String,
    description: string::String,
    icon_url: Option<Url>,
}

/// The right to mint and burn the currency `T`.
public struct TreasuryCap<phantom T> has key, store {
    id: UID,
    total_supply: Supply<T>,
}

/// A currency began.
public struct CurrencyCreated<phantom T> has copy, drop {
    decimals: u8,
}

// === Supply ===

/// How much of the currency there is.
public fun total_supply<T>(cap: &TreasuryCap<T>): u64 {
    cap.total_supply.supply_value()
}

/// The supply; the cap ends.
public fun treasury_into_supply<T>(treasury: TreasuryCap<T>): Supply<T> {
    let TreasuryCap { id, total_supply } = treasury;
    id.delete();
    total_supply
}

/// Borrows the supply.
public fun supply_immut<T>(treasury: &TreasuryCap<T>): &Supply<T> {
    &treasury.total_supply
}

/// Borrows the supply for writing.
public fun supply_mut<T>(treasury: &mut TreasuryCap<T>): &mut Supply<T> {
    &mut treasury.total_supply
}

// === Coins and balances ===

/// The amount.
public fun value<T>(self: &Coin<T>): u64 {
    self.balance.value()
}

/// Borrows the balance.
public fun balance<T>(coin: &Coin<T>): &Balance<T> {
    &coin.balance
}

/// Borrows the balance for writing.
public fun balance_mut<T>(coin: &mut Coin<T>): &mut Balance<T> {
    &mut coin.balance
}

/// A new coin with `balance`.
public fun from_balance<T>(balance: Balance<T>, ctx: &mut TxContext): Coin<T> {
    Coin { id: object::new(ctx), balance }
}

/// The balance; the coin ends.
public fun into_balance<T>(coin: Coin<T>): Balance<T> {
    let Coin { id, balance } = coin;
    id.delete();
    balance
}

/// A new coin with `value` taken out of `balance`. Aborts with `ENotEnough` of
/// `sui::balance` when there is less.
public fun take<T>(balance: &mut Balance<T>, value: u64, ctx: &mut TxContext): Coin<T> {
    from_balance(balance.split(value), ctx)
}

/// Adds the coin's balance to `balance`; the coin ends.
public fun put<T>(balance: &mut Balance<T>, coin: Coin<T>) {
    balance.join(coin.into_balance());
}

/// Adds the balance of `c`, which ends.
public entry fun join<T>(self: &mut Coin<T>, c: Coin<T>) {
    self.balance.join(c.into_balance());
}

/// A new coin with `split_amount` taken out of this one. Aborts with `ENotEnough` of
/// `sui::balance` when there is less.
public fun split<T>(self: &mut Coin<T>, split_amount: u64, ctx: &mut TxContext): Coin<T> {
    take(&mut self.balance, split_amount, ctx)
}

/// `n - 1` new coins with one `n`th of the amount each, rounded down; the rest stays
/// here. Aborts with `EInvalidArg` when `n` is 0, and with `ENotEnough` when it is
/// greater than the amount.
public fun divide_into_n<T>(self: &mut Coin<T>, n: u64, ctx: &mut TxContext): vector<Coin<T>> {
    assert!(n > 0, EInvalidArg);
    assert!(n <= self.value(), ENotEnough);
    let part = self.value() / n;
    vector::tabulate!(n - 1, |_| self.split(part, ctx))
}

/// A new coin with nothing.
public fun zero<T>(ctx: &mut TxContext): Coin<T> {
    from_balance(balance::zero(), ctx)
}

/// Ends a coin with nothing. Aborts with `ENonZero` of `sui::balance` when there is
/// something.
public fun destroy_zero<T>(c: Coin<T>) {
    c.into_balance().destroy_zero()
}

// === Balances of addresses ===

/// Gives the coin's amount to `recipient`. As this network keeps no balances of
/// addresses yet, the coin itself is transferred.
public fun send_funds<T>(coin: Coin<T>, recipient: address) {
    transfer::public_transfer(coin, recipient)
}

/// A new coin with what `withdrawal` allows. Not built yet: aborts with
/// `sui::funds_accumulator::ENotSupportedYet`, unless that is nothing.
public fun redeem_funds<T>(withdrawal: Withdrawal<Balance<T>>, ctx: &mut TxContext): Coin<T> {
    from_balance(balance::redeem_funds(withdrawal), ctx)
}

// === Currencies ===

/// Starts the currency `T`, whose one-time witness is `witness`. `symbol` must be
/// ASCII, `name` and `description` UTF-8. Aborts with `EBadWitness` when the witness
/// is not a one-time witness.
public fun create_currency<T: drop>(
    witness: T,
    decimals: u8,
    symbol: vector<u8>,
    name: vector<u8>,
    description: vector<u8>,
    icon_url: Option<Url>,
    ctx: &mut TxContext,
): (TreasuryCap<T>, CoinMetadata<T>) {
    assert!(sui::types::is_one_time_witness(&witness), EBadWitness);
    sui::event::emit(CurrencyCreated<T> { decimals });
    let cap = TreasuryCap {
        id: object::new(ctx),
        total_supply: balance::create_supply(witness),
    };
    let metadata = CoinMetadata {
        id: object::new(ctx),
        decimals,
        name: name.to_string(),
        symbol: symbol.to_ascii_string(),
        description: description.to_string(),
        icon_url,
    };
    (cap, metadata)
}

/// A new coin with `value` new units. Aborts with `EOverflow` of `sui::balance` when
/// the supply would become too large.
public fun mint<T>(cap: &mut TreasuryCap<T>, value: u64, ctx: &mut TxContext): Coin<T> {
    from_balance(cap.mint_balance(value), ctx)
}

/// A balance of `value` new units. Aborts like `mint`.
public fun mint_balance<T>(cap: &mut TreasuryCap<T>, value: u64): Balance<T> {
    cap.total_supply.increase_supply(value)
}

/// Unmakes the coin and its amount, which is returned.
public entry fun burn<T>(cap: &mut TreasuryCap<T>, c: Coin<T>): u64 {
    cap.total_supply.decrease_supply(c.into_balance())
}

/// Mints `amount` and gives the coin to `recipient`.
public entry fun mint_and_transfer<T>(
    c: &mut TreasuryCap<T>,
    amount: u64,
    recipient: address,
    ctx: &mut TxContext,
) {
    transfer::public_transfer(c.mint(amount, ctx), recipient)
}

// === Metadata ===

/// Changes the name.
public entry fun update_name<T>(
    _treasury: &TreasuryCap<T>,
    metadata: &mut CoinMetadata<T>,
    name: string::String,
) {
    metadata.name = name
}

/// Changes the symbol.
public entry fun update_symbol<T>(
    _treasury: &TreasuryCap<T>,
    metadata: &mut CoinMetadata<T>,
    symbol: ascii::String,
) {
    metadata.symbol = symbol
}

/// Changes the description.
public entry fun update_description<T>(
    _treasury: &TreasuryCap<T>,
    metadata: &mut CoinMetadata<T>,
    description: string::String,
) {
    metadata.description = description
}

/// Changes the icon's address.
public entry fun update_icon_url<T>(
    _treasury: &TreasuryCap<T>,
    metadata: &mut CoinMetadata<T>,
    url: ascii::String,
) {
    metadata.icon_url = option::some(url::new_unsafe(url))
}

/// One coin is 10 to this power of base units.
public fun get_decimals<T>(metadata: &CoinMetadata<T>): u8 {
    metadata.decimals
}

/// The name.
public fun get_name<T>(metadata: &CoinMetadata<T>): string::String {
    metadata.name
}

/// The symbol.
public fun get_symbol<T>(metadata: &CoinMetadata<T>): ascii::String {
    metadata.symbol
}

/// The description.
public fun get_description<T>(metadata: &CoinMetadata<T>): string::String {
    metadata.description
}

/// The icon's address.
public fun get_icon_url<T>(metadata: &CoinMetadata<T>): Option<Url> {
    metadata.icon_url
}

// === Older names ===

/// Older name of `supply_immut`.
#[deprecated(note = b"Use `supply_immut` instead.")]
public fun supply<T>(treasury: &mut TreasuryCap<T>): &Supply<T> {
    &treasury.total_supply
}

// === Tests ===

#[test_only]
/// A coin out of nothing.
public fun mint_for_testing<T>(value: u64, ctx: &mut TxContext): Coin<T> {
    from_balance(balance::create_for_testing(value), ctx)
}

#[test_only]
/// Ends a coin and returns its amount.
public fun burn_for_testing<T>(coin: Coin<T>): u64 {
    coin.into_balance().destroy_for_testing()
}

#[test_only]
/// A right to mint without a witness.
public fun create_treasury_cap_for_testing<T>(ctx: &mut TxContext): TreasuryCap<T> {
    TreasuryCap { id: object::new(ctx), total_supply: balance::create_supply_for_testing() }
}
