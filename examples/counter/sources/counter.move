/// A counter that everybody may increment.
///
/// It is a shared object: any transaction may name it, so the network puts the
/// transactions that do so into one order. What nobody but the owner may do, the
/// module must check itself.
module counter::counter;

/// The sender does not own the counter.
const ENotOwner: u64 = 0;

/// A counter.
public struct Counter has key {
    id: UID,
    /// Who may set the value.
    owner: address,
    value: u64,
}

/// The owner set a counter's value. Clients find events by their type.
public struct ValueSet has copy, drop {
    counter: ID,
    value: u64,
}

/// Makes a counter at 0, which belongs to the sender, and shares it.
///
/// `Counter` has no `store`, so no other module can share or transfer it: this is
/// the only way in which counters come to be.
public fun create(ctx: &mut TxContext) {
    transfer::share_object(Counter { id: object::new(ctx), owner: ctx.sender(), value: 0 })
}

/// Adds one. Anybody may.
public fun increment(counter: &mut Counter) {
    counter.value = counter.value + 1;
}

/// Sets the value. Aborts with `ENotOwner` unless the sender owns the counter.
public fun set_value(counter: &mut Counter, value: u64, ctx: &TxContext) {
    assert!(counter.owner == ctx.sender(), ENotOwner);
    counter.value = value;
    sui::event::emit(ValueSet { counter: object::id(counter), value });
}

/// Ends a counter. Aborts with `ENotOwner` unless the sender owns it.
public fun delete(counter: Counter, ctx: &TxContext) {
    assert!(counter.owner == ctx.sender(), ENotOwner);
    let Counter { id, owner: _, value: _ } = counter;
    id.delete();
}

/// The value.
public fun value(counter: &Counter): u64 {
    counter.value
}

/// Who may set the value.
public fun owner(counter: &Counter): address {
    counter.owner
}

#[test_only]
/// A counter that is not shared yet.
public fun new_for_testing(ctx: &mut TxContext): Counter {
    Counter { id: object::new(ctx), owner: ctx.sender(), value: 0 }
}
