/// Random numbers that nobody knows before the transaction is ordered.
///
/// The network keeps fresh random bytes in one shared object, at 0x8. A transaction
/// that takes `&Random` makes a generator of its own, from those bytes and from an
/// address that no other generator gets.
///
/// A function that uses randomness should be `entry` and not `public`, and should not
/// spend less on one outcome than on another: a caller could otherwise look at the
/// outcome and abort.
module sui::random;

use std::bcs;
use sui::hmac::hmac_sha3_256;
use sui::versioned::{Self, Versioned};

/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 0;

/// The object holds a form that this version of the package does not know.
const EWrongInnerVersion: u64 = 1;

/// The new round does not follow the last.
const EInvalidRandomnessUpdate: u64 = 2;

/// The range is empty.
const EInvalidRange: u64 = 3;

/// There are too many elements to shuffle.
const EInvalidLength: u64 = 4;

// The version number of `RandomInner`.
const CURRENT_VERSION: u64 = 1;

// Bytes that a block of a generator has: the output of HMAC-SHA3-256.
const BLOCK_BYTES: u64 = 32;

/// The network's randomness. Transactions may take it only as an immutable
/// reference.
public struct Random has key {
    id: UID,
    inner: Versioned,
}

/// The latest random bytes.
public struct RandomInner has store {
    version: u64,
    epoch: u64,
    randomness_round: u64,
    random_bytes: vector<u8>,
}

/// A source of random numbers, for one transaction.
public struct RandomGenerator has drop {
    seed: vector<u8>,
    /// How many blocks were made.
    counter: u16,
    /// What is left of the last block.
    buffer: vector<u8>,
}

// === For the system ===

#[allow(unused_function)]
// Called once, in genesis.
fun create(ctx: &mut TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let inner = RandomInner {
        version: CURRENT_VERSION,
        epoch: ctx.epoch(),
        randomness_round: 0,
        random_bytes: vector[],
    };
    transfer::share_object(Random {
        id: object::randomness_state(),
        inner: versioned::create(CURRENT_VERSION, inner, ctx),
    })
}

#[allow(unused_function)]
// Called by the system with the random bytes of each round.
fun update_randomness_state(
    self: &mut Random,
    new_round: u64,
    new_bytes: vector<u8>,
    ctx: &TxContext,
) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let epoch = ctx.epoch();
    let inner = self.load_inner_mut();
    let first = inner.randomness_round == 0 && inner.epoch == 0 && inner.random_bytes.is_empty();
    assert!(
        if (first || epoch > inner.epoch) new_round == 0
        else epoch == inner.epoch && new_round == inner.randomness_round + 1,
        EInvalidRandomnessUpdate,
    );
    inner.epoch = epoch;
    inner.randomness_round = new_round;
    inner.random_bytes = new_bytes;
}

fun load_inner(self: &Random): &RandomInner {
    assert!(self.inner.version() == CURRENT_VERSION, EWrongInnerVersion);
    self.inner.load_value()
}

fun load_inner_mut(self: &mut Random): &mut RandomInner {
    assert!(self.inner.version() == CURRENT_VERSION, EWrongInnerVersion);
    self.inner.load_value_mut()
}

// === Generators ===

/// A generator that is unlike every other.
public fun new_generator(r: &Random, ctx: &mut TxContext): RandomGenerator {
    let random_bytes = r.load_inner().random_bytes;
    let seed = hmac_sha3_256(&random_bytes, &ctx.fresh_object_address().to_bytes());
    RandomGenerator { seed, counter: 0, buffer: vector[] }
}

/// `num_of_bytes` random bytes.
public fun generate_bytes(g: &mut RandomGenerator, num_of_bytes: u16): vector<u8> {
    vector::tabulate!(num_of_bytes as u64, |_| g.next_byte())
}

/// A random `u256`.
public fun generate_u256(g: &mut RandomGenerator): u256 {
    generate_number!(g, 32)
}

/// A random `u128`.
public fun generate_u128(g: &mut RandomGenerator): u128 {
    generate_number!(g, 16)
}

/// A random `u64`.
public fun generate_u64(g: &mut RandomGenerator): u64 {
    generate_number!(g, 8)
}

/// A random `u32`.
public fun generate_u32(g: &mut RandomGenerator): u32 {
    generate_number!(g, 4)
}

/// A random `u16`.
public fun generate_u16(g: &mut RandomGenerator): u16 {
    generate_number!(g, 2)
}

/// A random `u8`.
public fun generate_u8(g: &mut RandomGenerator): u8 {
    g.next_byte()
}

/// A random `bool`.
public fun generate_bool(g: &mut RandomGenerator): bool {
    g.next_byte() & 1 == 1
}

/// A random `u128` from `min` up to and including `max`. Aborts with `EInvalidRange`
/// when `min` is greater than `max`.
public fun generate_u128_in_range(g: &mut RandomGenerator, min: u128, max: u128): u128 {
    assert!(min <= max, EInvalidRange);
    // 64 bits more than the range needs: no number is likelier than another by more
    // than one part in 2 to the power of 64.
    let span = (max - min) as u256 + 1;
    let number: u256 = generate_number!(g, 24);
    min + ((number % span) as u128)
}

/// A random `u64` from `min` up to and including `max`. Aborts with `EInvalidRange`
/// when `min` is greater than `max`.
public fun generate_u64_in_range(g: &mut RandomGenerator, min: u64, max: u64): u64 {
    assert!(min <= max, EInvalidRange);
    // 64 bits more than the range needs: no number is likelier than another by more
    // than one part in 2 to the power of 64.
    let span = (max - min) as u256 + 1;
    let number: u256 = generate_number!(g, 16);
    min + ((number % span) as u64)
}

/// A random `u32` from `min` up to and including `max`. Aborts with `EInvalidRange`
/// when `min` is greater than `max`.
public fun generate_u32_in_range(g: &mut RandomGenerator, min: u32, max: u32): u32 {
    assert!(min <= max, EInvalidRange);
    // 64 bits more than the range needs: no number is likelier than another by more
    // than one part in 2 to the power of 64.
    let span = (max - min) as u256 + 1;
    let number: u256 = generate_number!(g, 12);
    min + ((number % span) as u32)
}

/// A random `u16` from `min` up to and including `max`. Aborts with `EInvalidRange`
/// when `min` is greater than `max`.
public fun generate_u16_in_range(g: &mut RandomGenerator, min: u16, max: u16): u16 {
    assert!(min <= max, EInvalidRange);
    // 64 bits more than the range needs: no number is likelier than another by more
    // than one part in 2 to the power of 64.
    let span = (max - min) as u256 + 1;
    let number: u256 = generate_number!(g, 10);
    min + ((number % span) as u16)
}

/// A random `u8` from `min` up to and including `max`. Aborts with `EInvalidRange`
/// when `min` is greater than `max`.
public fun generate_u8_in_range(g: &mut RandomGenerator, min: u8, max: u8): u8 {
    assert!(min <= max, EInvalidRange);
    // 64 bits more than the range needs: no number is likelier than another by more
    // than one part in 2 to the power of 64.
    let span = (max - min) as u256 + 1;
    let number: u256 = generate_number!(g, 9);
    min + ((number % span) as u8)
}

/// Puts the elements into a random order, each as likely as the other. Aborts with
/// `EInvalidLength` when there are more than 65535.
public fun shuffle<T>(g: &mut RandomGenerator, v: &mut vector<T>) {
    let length = v.length();
    assert!(length <= 0xFFFF, EInvalidLength);
    // From the end: each place gets one of the elements that have none yet.
    let mut left = length;
    while (left > 1) {
        let chosen = g.generate_u16_in_range(0, (left - 1) as u16) as u64;
        left = left - 1;
        v.swap(left, chosen);
    }
}

// An integer of `$width` random bytes.
macro fun generate_number<$T>($g: &mut RandomGenerator, $width: u64): $T {
    let g = $g;
    let mut number: $T = 0;
    let mut i = 0;
    while (i < $width) {
        number = number << 8 | (g.next_byte() as $T);
        i = i + 1;
    };
    number
}

fun next_byte(g: &mut RandomGenerator): u8 {
    if (g.buffer.is_empty()) g.refill();
    g.buffer.pop_back()
}

// Makes the next block: the seed's HMAC of the block's number.
fun refill(g: &mut RandomGenerator) {
    g.counter = g.counter + 1;
    g.buffer = hmac_sha3_256(&g.seed, &bcs::to_bytes(&g.counter));
    assert!(g.buffer.length() == BLOCK_BYTES);
}

// === Tests ===

#[test_only]
/// The network's randomness, as genesis makes it, shared. The sender must be 0x0.
public fun create_for_testing(ctx: &mut TxContext) {
    create(ctx)
}

#[test_only]
/// The system's update of the random bytes. The sender must be 0x0.
public fun update_randomness_state_for_testing(
    self: &mut Random,
    new_round: u64,
    new_bytes: vector<u8>,
    ctx: &TxContext,
) {
    self.update_randomness_state(new_round, new_bytes, ctx)
}

#[test_only]
/// A generator with a fixed seed.
public fun new_generator_for_testing(): RandomGenerator {
    new_generator_from_seed_for_testing(b"seed for tests, of 32 bytes size")
}

#[test_only]
/// A generator with the given seed.
public fun new_generator_from_seed_for_testing(seed: vector<u8>): RandomGenerator {
    RandomGenerator { seed, counter: 0, buffer: vector[] }
}
