/// The network's time.
///
/// The clock is one shared object, at 0x6. A transaction that reads it is ordered,
/// after which the network sets the time: several transactions may see the same.
module sui::clock;


/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 0;

/// The clock. Transactions may take it only as an immutable reference.
public struct Clock has key {
    id: UID,
    /// Milliseconds since the Unix epoch; never less than before.
    timestamp_ms: u64,
}

/// Milliseconds since the Unix epoch.
public fun timestamp_ms(clock: &Clock): u64 {
    clock.timestamp_ms
}

#[allow(unused_function)]
// Called once, in genesis. The first commit sets the time.
fun create(ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    transfer::share_object(Clock { id: object::clock(), timestamp_ms: 0 })
}

#[allow(unused_function)]
// Called by the system ahead of the transactions of a commit.
fun consensus_commit_prologue(clock: &mut Clock, timestamp_ms: u64, ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    clock.timestamp_ms = timestamp_ms.max(clock.timestamp_ms)
}

// === Tests ===

#[test_only]
/// A clock at time 0 for a test.
public fun create_for_testing(ctx: &mut TxContext): Clock {
    Clock { id: object::new(ctx), timestamp_ms: 0 }
}

#[test_only]
/// Shares a clock made for a test.
public fun share_for_testing(clock: Clock) {
    transfer::share_object(clock)
}

#[test_only]
/// Lets `tick` milliseconds pass.
public fun increment_for_testing(clock: &mut Clock, tick: u64) {
    clock.timestamp_ms = clock.timestamp_ms + tick
}

#[test_only]
/// Sets the time. Aborts when that would go back.
public fun set_for_testing(clock: &mut Clock, timestamp_ms: u64) {
    assert!(timestamp_ms >= clock.timestamp_ms);
    clock.timestamp_ms = timestamp_ms
}

#[test_only]
/// Ends a clock made for a test.
public fun destroy_for_testing(clock: Clock) {
    let Clock { id, timestamp_ms: _ } = clock;
    id.delete()
}
