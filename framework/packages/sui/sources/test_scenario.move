/// Several transactions of several senders in one unit test.
///
/// A scenario holds what objects its transactions left behind, and whose they are. A
/// test takes one out to work on it, and gives it back, or moves it elsewhere, before
/// the transaction ends:
///
/// ```move
/// let mut scenario = test_scenario::begin(alice);
/// thing::create(scenario.ctx());
/// scenario.next_tx(alice);
/// let mut thing = scenario.take_from_sender<Thing>();
/// thing.change();
/// scenario.return_to_sender(thing);
/// scenario.end();
/// ```
///
/// What a transaction moved is there in the next one, not before.
#[test_only, allow(unused_mut_ref)]
module sui::test_scenario;

use sui::vec_map::VecMap;

/// A shared or immutable object was moved, or not given back.
#[allow(unused_const)]
const EInvalidSharedOrImmutableUsage: u64 = 0;

/// The transaction's effects can't be told: an object that was taken is gone.
#[allow(unused_const)]
const ECouldNotGenerateEffects: u64 = 1;

/// The object was not taken from there.
const ECantReturnObject: u64 = 2;

/// There is no object of that type.
const EEmptyInventory: u64 = 3;

/// There is no such object.
#[allow(unused_const)]
const EObjectNotFound: u64 = 4;

/// The reference gas price may change only with the epoch.
const EInvalidReferenceGasPrice: u64 = 5;

/// The epoch may not go back.
const EInvalidEpoch: u64 = 6;

// What transactions of a scenario pay, unless a test says otherwise.
const DEFAULT_GAS_PRICE: u64 = 1_000;
const DEFAULT_GAS_BUDGET: u64 = 1_000_000_000;

/// The transactions of a test: the current one, and what those before it did.
public struct Scenario {
    txn_number: u64,
    ctx: TxContext,
}

/// The facts of a transaction to come.
public struct TxContextBuilder has copy, drop {
    sender: address,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    /// None: as in the transaction before.
    rgp: Option<u64>,
    gas_price: u64,
    gas_budget: u64,
    sponsor: Option<address>,
}

/// What a transaction did. The order of the fields is that of the host.
public struct TransactionEffects has drop {
    /// Objects that are new.
    created: vector<ID>,
    /// Objects that existed and were changed or moved.
    written: vector<ID>,
    /// Objects that ended.
    deleted: vector<ID>,
    /// Objects that an account got.
    transferred_to_account: VecMap<ID, address>,
    /// Objects that an object got.
    transferred_to_object: VecMap<ID, ID>,
    /// Objects that were shared.
    shared: vector<ID>,
    /// Objects that were frozen.
    frozen: vector<ID>,
    /// How many events were emitted.
    num_user_events: u64,
}

// === Transactions ===

/// A scenario whose first transaction is from `sender`.
public fun begin(sender: address): Scenario {
    begin_with_context(ctx_builder_from_sender(sender))
}

/// A scenario whose first transaction has these facts.
public fun begin_with_context(ctx: TxContextBuilder): Scenario {
    let rgp = ctx.rgp.destroy_with_default(DEFAULT_GAS_PRICE);
    Scenario { txn_number: 0, ctx: ctx.build(0, rgp) }
}

/// Ends the transaction and begins one from `sender`.
public fun next_tx(scenario: &mut Scenario, sender: address): TransactionEffects {
    let mut builder = scenario.ctx_builder();
    builder.sender = sender;
    scenario.next_with_context(builder)
}

/// Ends the transaction and begins one with these facts. Aborts with `EInvalidEpoch`
/// when the epoch would go back, and with `EInvalidReferenceGasPrice` when the
/// reference gas price would change within an epoch.
public fun next_with_context(scenario: &mut Scenario, ctx: TxContextBuilder): TransactionEffects {
    let effects = end_transaction();
    let before = scenario.ctx.reference_gas_price();
    let rgp = ctx.rgp.destroy_with_default(before);
    assert!(ctx.epoch >= scenario.ctx.epoch(), EInvalidEpoch);
    assert!(rgp == before || ctx.epoch > scenario.ctx.epoch(), EInvalidReferenceGasPrice);
    scenario.txn_number = scenario.txn_number + 1;
    scenario.ctx = ctx.build(scenario.txn_number, rgp);
    effects
}

/// Ends the transaction and the epoch, and begins a transaction from `sender`.
public fun next_epoch(scenario: &mut Scenario, sender: address): TransactionEffects {
    scenario.later_epoch(0, sender)
}

/// `next_epoch`, with the new epoch beginning `delta_ms` after the last.
public fun later_epoch(
    scenario: &mut Scenario,
    delta_ms: u64,
    sender: address,
): TransactionEffects {
    let mut builder = scenario.ctx_builder();
    builder.sender = sender;
    builder.epoch = builder.epoch + 1;
    builder.epoch_timestamp_ms = builder.epoch_timestamp_ms + delta_ms;
    scenario.next_with_context(builder)
}

/// Ends transactions and epochs until `epoch` is the current one. Aborts with
/// `EInvalidEpoch` unless it is still to come.
public fun skip_to_epoch(scenario: &mut Scenario, epoch: u64) {
    assert!(epoch >= scenario.ctx.epoch(), EInvalidEpoch);
    let sender = scenario.sender();
    while (scenario.ctx.epoch() < epoch) {
        scenario.next_epoch(sender);
    }
}

/// Ends the last transaction and the scenario.
public fun end(scenario: Scenario): TransactionEffects {
    let Scenario { txn_number: _, ctx: _ } = scenario;
    end_transaction()
}

/// Makes the objects that a network has from its genesis, as far as tests use them:
/// the clock and the randomness. Ends the transaction; the next has the same sender.
public fun create_system_objects(scenario: &mut Scenario) {
    let sender = scenario.sender();
    scenario.next_tx(@0x0);
    sui::clock::create_for_testing(&mut scenario.ctx).share_for_testing();
    sui::random::create_for_testing(&mut scenario.ctx);
    scenario.next_tx(sender);
}

// === The current transaction ===

/// The transaction's context, to be given to functions under test.
public fun ctx(scenario: &mut Scenario): &mut TxContext {
    &mut scenario.ctx
}

/// A new identity.
public fun new_object(scenario: &mut Scenario): UID {
    object::new(&mut scenario.ctx)
}

/// The transaction's sender.
public fun sender(scenario: &Scenario): address {
    scenario.ctx.sender()
}

/// How many transactions have ended.
public fun num_concluded_txes(scenario: &Scenario): u64 {
    scenario.txn_number
}

// === Facts of transactions ===

/// The facts of the current transaction, for another like it.
public fun ctx_builder(scenario: &Scenario): TxContextBuilder {
    let ctx = &scenario.ctx;
    TxContextBuilder {
        sender: ctx.sender(),
        epoch: ctx.epoch(),
        epoch_timestamp_ms: ctx.epoch_timestamp_ms(),
        ids_created: 0,
        rgp: option::none(),
        gas_price: ctx.gas_price(),
        gas_budget: ctx.gas_budget(),
        sponsor: ctx.sponsor(),
    }
}

/// The facts of a transaction from `sender`, the others at their first values.
public fun ctx_builder_from_sender(sender: address): TxContextBuilder {
    TxContextBuilder {
        sender,
        epoch: 0,
        epoch_timestamp_ms: 0,
        ids_created: 0,
        rgp: option::none(),
        gas_price: DEFAULT_GAS_PRICE,
        gas_budget: DEFAULT_GAS_BUDGET,
        sponsor: option::none(),
    }
}

/// The same facts with this epoch.
public fun set_epoch(mut builder: TxContextBuilder, epoch: u64): TxContextBuilder {
    builder.epoch = epoch;
    builder
}

/// The same facts with the epoch beginning at this time.
public fun set_epoch_timestamp(
    mut builder: TxContextBuilder,
    epoch_timestamp_ms: u64,
): TxContextBuilder {
    builder.epoch_timestamp_ms = epoch_timestamp_ms;
    builder
}

/// The same facts with so many identities made already.
public fun set_ids_created(mut builder: TxContextBuilder, ids_created: u64): TxContextBuilder {
    builder.ids_created = ids_created;
    builder
}

/// The same facts with this reference gas price.
public fun set_reference_gas_price(mut builder: TxContextBuilder, rgp: u64): TxContextBuilder {
    builder.rgp = option::some(rgp);
    builder
}

/// The same facts with this gas price.
public fun set_gas_price(mut builder: TxContextBuilder, gas_price: u64): TxContextBuilder {
    builder.gas_price = gas_price;
    builder
}

/// The same facts with this gas budget.
public fun set_gas_budget(mut builder: TxContextBuilder, gas_budget: u64): TxContextBuilder {
    builder.gas_budget = gas_budget;
    builder
}

/// The same facts with this account paying.
public fun set_sponsor(mut builder: TxContextBuilder, sponsor: address): TxContextBuilder {
    builder.sponsor = option::some(sponsor);
    builder
}

/// The same facts with the sender paying.
public fun unset_sponsor(mut builder: TxContextBuilder): TxContextBuilder {
    builder.sponsor = option::none();
    builder
}

fun build(builder: TxContextBuilder, txn_number: u64, rgp: u64): TxContext {
    tx_context::create(
        builder.sender,
        tx_context::dummy_tx_hash_with_hint(txn_number),
        builder.epoch,
        builder.epoch_timestamp_ms,
        builder.ids_created,
        rgp,
        builder.gas_price,
        builder.gas_budget,
        builder.sponsor,
    )
}

// === Objects of the sender ===

/// Takes the sender's latest object of type `T`. Aborts with `EEmptyInventory` when
/// there is none.
public fun take_from_sender<T: key>(scenario: &Scenario): T {
    take_from_address(scenario, scenario.sender())
}

/// Takes that object of the sender. Aborts with `EObjectNotFound` when there is none.
public fun take_from_sender_by_id<T: key>(scenario: &Scenario, id: ID): T {
    take_from_address_by_id(scenario, scenario.sender(), id)
}

/// Gives an object back to the sender. Aborts with `ECantReturnObject` when it was not
/// taken there.
public fun return_to_sender<T: key>(scenario: &Scenario, t: T) {
    return_to_address(scenario.sender(), t)
}

/// Whether the sender has an object of type `T`.
public fun has_most_recent_for_sender<T: key>(scenario: &Scenario): bool {
    has_most_recent_for_address<T>(scenario.sender())
}

/// The sender's latest object of type `T`.
public fun most_recent_id_for_sender<T: key>(scenario: &Scenario): Option<ID> {
    most_recent_id_for_address<T>(scenario.sender())
}

/// The sender's objects of type `T`.
public fun ids_for_sender<T: key>(scenario: &Scenario): vector<ID> {
    ids_for_address<T>(scenario.sender())
}

// === Objects of any account ===

/// Takes the account's latest object of type `T`. Aborts with `EEmptyInventory` when
/// there is none.
public fun take_from_address<T: key>(scenario: &Scenario, account: address): T {
    let id = most_recent_id_for_address<T>(account);
    assert!(id.is_some(), EEmptyInventory);
    take_from_address_by_id(scenario, account, id.destroy_some())
}

/// Takes that object of the account. Aborts with `EObjectNotFound` when there is none.
public native fun take_from_address_by_id<T: key>(
    scenario: &Scenario,
    account: address,
    id: ID,
): T;

/// Gives an object back to the account. Aborts with `ECantReturnObject` when it was
/// not taken there.
public fun return_to_address<T: key>(account: address, t: T) {
    assert!(was_taken_from_address(account, object::id(&t)), ECantReturnObject);
    transfer::transfer_impl(t, account)
}

/// Whether the account has an object of type `T`.
public fun has_most_recent_for_address<T: key>(account: address): bool {
    most_recent_id_for_address<T>(account).is_some()
}

/// The account's objects of type `T`.
public native fun ids_for_address<T: key>(account: address): vector<ID>;

/// The account's latest object of type `T`.
public native fun most_recent_id_for_address<T: key>(account: address): Option<ID>;

native fun was_taken_from_address(account: address, id: ID): bool;

// === Immutable objects ===

/// Takes the latest immutable object of type `T`. Aborts with `EEmptyInventory` when
/// there is none.
public fun take_immutable<T: key>(scenario: &Scenario): T {
    let id = most_recent_immutable_id<T>();
    assert!(id.is_some(), EEmptyInventory);
    take_immutable_by_id(scenario, id.destroy_some())
}

/// Takes that immutable object. Aborts with `EObjectNotFound` when there is none.
public native fun take_immutable_by_id<T: key>(scenario: &Scenario, id: ID): T;

/// Gives an immutable object back. Aborts with `ECantReturnObject` when it was not
/// taken from there.
public fun return_immutable<T: key>(t: T) {
    assert!(was_taken_immutable(object::id(&t)), ECantReturnObject);
    transfer::freeze_object_impl(t)
}

/// Whether there is an immutable object of type `T`.
public fun has_most_recent_immutable<T: key>(): bool {
    most_recent_immutable_id<T>().is_some()
}

/// The latest immutable object of type `T`.
public native fun most_recent_immutable_id<T: key>(): Option<ID>;

native fun was_taken_immutable(id: ID): bool;

// === Shared objects ===

/// Takes the latest shared object of type `T`. Aborts with `EEmptyInventory` when there
/// is none.
public fun take_shared<T: key>(scenario: &Scenario): T {
    let id = most_recent_id_shared<T>();
    assert!(id.is_some(), EEmptyInventory);
    take_shared_by_id(scenario, id.destroy_some())
}

/// Takes that shared object. Aborts with `EObjectNotFound` when there is none.
public native fun take_shared_by_id<T: key>(scenario: &Scenario, id: ID): T;

/// Gives a shared object back. Aborts with `ECantReturnObject` when it was not taken
/// from there.
public fun return_shared<T: key>(t: T) {
    assert!(was_taken_shared(object::id(&t)), ECantReturnObject);
    transfer::share_object_impl(t)
}

/// Whether there is a shared object of type `T`.
public fun has_most_recent_shared<T: key>(): bool {
    most_recent_id_shared<T>().is_some()
}

/// The latest shared object of type `T`.
public native fun most_recent_id_shared<T: key>(): Option<ID>;

native fun was_taken_shared(id: ID): bool;

/// Takes the latest shared object of type `T`, lends it to `$f`, and gives it back.
public macro fun with_shared<$T: key>($scenario: &mut Scenario, $f: |&mut $T, &mut Scenario|) {
    let scenario = $scenario;
    let mut shared = scenario.take_shared<$T>();
    $f(&mut shared, scenario);
    sui::test_scenario::return_shared(shared)
}

/// Takes that shared object, lends it to `$f`, and gives it back.
public macro fun with_shared_by_id<$T: key>(
    $scenario: &mut Scenario,
    $id: ID,
    $f: |&mut $T, &mut Scenario|,
) {
    let scenario = $scenario;
    let mut shared = scenario.take_shared_by_id<$T>($id);
    $f(&mut shared, scenario);
    sui::test_scenario::return_shared(shared)
}

// === Objects to be received ===

/// The right to receive the latest object of type `T` that the object `object` owns.
/// Aborts with `EEmptyInventory` when there is none.
public fun most_recent_receiving_ticket<T: key>(object: &ID): sui::transfer::Receiving<T> {
    let id = most_recent_id_for_address<T>(object.to_address());
    assert!(id.is_some(), EEmptyInventory);
    receiving_ticket_by_id(id.destroy_some())
}

/// The right to receive that object. Aborts with `EObjectNotFound` when there is none.
public fun receiving_ticket_by_id<T: key>(object_id: ID): sui::transfer::Receiving<T> {
    let version = allocate_receiving_ticket_for_object<T>(object_id);
    transfer::make_receiver(object_id, version)
}

/// Gives a right to receive back without using it.
public fun return_receiving_ticket<T: key>(ticket: sui::transfer::Receiving<T>) {
    deallocate_receiving_ticket_for_object(transfer::receiving_id(&ticket))
}

native fun allocate_receiving_ticket_for_object<T: key>(id: ID): u64;

native fun deallocate_receiving_ticket_for_object(id: ID);

// === Effects ===

/// Objects that are new.
public fun created(effects: &TransactionEffects): vector<ID> {
    effects.created
}

/// Objects that existed and were changed or moved.
public fun written(effects: &TransactionEffects): vector<ID> {
    effects.written
}

/// Objects that ended.
public fun deleted(effects: &TransactionEffects): vector<ID> {
    effects.deleted
}

/// Objects that an account got, and the account.
public fun transferred_to_account(effects: &TransactionEffects): VecMap<ID, address> {
    effects.transferred_to_account
}

/// Objects that an object got, and that object.
public fun transferred_to_object(effects: &TransactionEffects): VecMap<ID, ID> {
    effects.transferred_to_object
}

/// Objects that were shared.
public fun shared(effects: &TransactionEffects): vector<ID> {
    effects.shared
}

/// Objects that were frozen.
public fun frozen(effects: &TransactionEffects): vector<ID> {
    effects.frozen
}

/// How many events were emitted.
public fun num_user_events(effects: &TransactionEffects): u64 {
    effects.num_user_events
}

// Ends the transaction in the host.
native fun end_transaction(): TransactionEffects;
