/// A currency of your own.
///
/// A currency is a type, here `THREAD`. Publishing this package calls `init` once,
/// with the one and only value of that type: proof that the currency starts now.
/// From it the framework makes two objects: the `TreasuryCap`, whose owner may mint
/// and burn, and the `CoinMetadata`, which tells wallets how to show an amount.
module thread::thread;

use sui::coin::{Self, Coin, TreasuryCap};

/// The currency, and its one-time witness: a struct named like the module in
/// capitals, with `drop` alone.
public struct THREAD has drop {}

// Runs once, when the package is published.
#[allow(deprecated_usage)]
fun init(witness: THREAD, ctx: &mut TxContext) {
    let (treasury, metadata) = coin::create_currency(
        witness,
        6, // One thread is 1,000,000 base units.
        b"THREAD",
        b"Thread",
        b"The currency of the coin example",
        option::none(),
        ctx,
    );
    // Nobody may change the metadata any more, and everybody may read it.
    transfer::public_freeze_object(metadata);
    // The publisher is the mint.
    transfer::public_transfer(treasury, ctx.sender());
}

/// Makes `amount` base units and gives them to `recipient`. Only the owner of the
/// treasury can pass it, so nothing else needs to be checked.
public fun mint(
    treasury: &mut TreasuryCap<THREAD>,
    amount: u64,
    recipient: address,
    ctx: &mut TxContext,
) {
    transfer::public_transfer(treasury.mint(amount, ctx), recipient);
}

/// Unmakes a coin and returns how many base units it had.
public fun burn(treasury: &mut TreasuryCap<THREAD>, coin: Coin<THREAD>): u64 {
    treasury.burn(coin)
}

#[test_only]
/// The currency as if the package had just been published.
public fun init_for_testing(ctx: &mut TxContext) {
    init(THREAD {}, ctx)
}
