/// The native coin, in which transactions are paid for. Its type is named as
/// clients expect; people know it as Heddle, HED.
#[allow(lint(public_entry))]
module sui::sui;

use sui::balance::Balance;
use sui::coin::{Self, Coin};

/// The native coin was made before.
const EAlreadyMinted: u64 = 0;

/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 1;

#[allow(unused_const)]
/// Base units of one coin.
const MIST_PER_SUI: u64 = 1_000_000_000;

#[allow(unused_const)]
/// All coins there will ever be.
const TOTAL_SUPPLY_SUI: u64 = 10_000_000_000;

/// All coins there will ever be, in base units.
const TOTAL_SUPPLY_MIST: u64 = 10_000_000_000_000_000_000;

/// The native currency.
public struct SUI has drop {}

#[allow(unused_function, deprecated_usage)]
// Called once, in genesis: makes all coins, and the metadata, which is frozen. No
// right to mint remains.
fun new(ctx: &mut TxContext): Balance<SUI> {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    assert!(ctx.epoch() == 0, EAlreadyMinted);
    let (treasury, metadata) = coin::create_currency(
        SUI {},
        9,
        b"HED",
        b"Heddle",
        b"The native coin of Heddle, with which transactions are paid for.",
        option::none(),
        ctx,
    );
    transfer::public_freeze_object(metadata);
    let mut supply = treasury.treasury_into_supply();
    let all = supply.increase_supply(TOTAL_SUPPLY_MIST);
    supply.destroy_supply();
    all
}

/// Gives the coin to `recipient`.
public entry fun transfer(c: Coin<SUI>, recipient: address) {
    transfer::public_transfer(c, recipient)
}
