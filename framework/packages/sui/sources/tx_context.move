/// The transaction that is being executed.
///
/// A function that needs it takes `&TxContext`, or `&mut TxContext` to make
/// objects, as its last parameter; callers don't supply it.
module sui::tx_context;

#[test_only]
use std::bcs;

#[test_only]
const TX_HASH_LENGTH: u64 = 32;

#[test_only]
/// A transaction hash must have 32 bytes.
const EBadTxHashLength: u64 = 0;

#[test_only]
/// No object has been made in this transaction.
const ENoIDsCreated: u64 = 1;

/// The transaction's facts. The functions below ask the host for them, which knows
/// the same; the fields are there for the clients that decode them.
#[allow(unused_field)]
public struct TxContext has drop {
    /// The account that signed.
    sender: address,
    /// The transaction's digest: 32 bytes.
    tx_hash: vector<u8>,
    /// The current epoch.
    epoch: u64,
    /// When the epoch began, in milliseconds since the Unix epoch.
    epoch_timestamp_ms: u64,
    /// How many identities the transaction has made.
    ids_created: u64,
}

/// The account that signed the transaction.
public fun sender(_self: &TxContext): address {
    native_sender()
}

/// The transaction's digest: 32 bytes that no other transaction has. A sender can
/// influence them; don't take them for random.
public fun digest(self: &TxContext): &vector<u8> {
    &self.tx_hash
}

/// The current epoch.
public fun epoch(_self: &TxContext): u64 {
    native_epoch()
}

/// When the current epoch began, in milliseconds since the Unix epoch. The current
/// time is in `sui::clock`.
public fun epoch_timestamp_ms(_self: &TxContext): u64 {
    native_epoch_timestamp_ms()
}

/// The account that pays for the transaction, when it is not the sender.
public fun sponsor(_self: &TxContext): Option<address> {
    let mut sponsor = native_sponsor();
    if (sponsor.is_empty()) option::none() else option::some(sponsor.pop_back())
}

/// An address that no object has, derived from the digest and from the number of
/// those already made in the transaction.
public fun fresh_object_address(_ctx: &mut TxContext): address {
    fresh_id()
}

/// The network's reference gas price, in base units per unit of gas.
public fun reference_gas_price(_self: &TxContext): u64 {
    native_rgp()
}

/// The gas price that the transaction pays, in base units per unit of gas.
public fun gas_price(_self: &TxContext): u64 {
    native_gas_price()
}

/// The most that the transaction may cost, in base units.
public(package) fun gas_budget(_self: &TxContext): u64 {
    native_gas_budget()
}

// === Natives ===

native fun native_sender(): address;
native fun native_epoch(): u64;
native fun native_epoch_timestamp_ms(): u64;
native fun native_sponsor(): vector<address>;
native fun native_rgp(): u64;
native fun native_gas_price(): u64;
native fun native_gas_budget(): u64;
native fun fresh_id(): address;

// The address of the object number `ids_created` of the transaction `tx_hash`.
public(package) native fun derive_id(tx_hash: vector<u8>, ids_created: u64): address;

// === Tests ===

#[test_only]
native fun native_ids_created(): u64;

#[test_only]
native fun last_created_id(): address;

#[test_only]
native fun replace(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: vector<address>,
);

#[test_only]
/// A context with every fact given; the gas facts and the sponsor stay as they are.
/// Aborts with `EBadTxHashLength` unless `tx_hash` has 32 bytes.
public fun new(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    assert!(tx_hash.length() == TX_HASH_LENGTH, EBadTxHashLength);
    replace(
        sender,
        tx_hash,
        epoch,
        epoch_timestamp_ms,
        ids_created,
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        native_sponsor(),
    );
    TxContext { sender, tx_hash, epoch, epoch_timestamp_ms, ids_created }
}

#[test_only]
/// A context with every fact given, the gas facts and the sponsor too.
public fun create(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: Option<address>,
): TxContext {
    assert!(tx_hash.length() == TX_HASH_LENGTH, EBadTxHashLength);
    replace(
        sender,
        tx_hash,
        epoch,
        epoch_timestamp_ms,
        ids_created,
        rgp,
        gas_price,
        gas_budget,
        sponsor.to_vec(),
    );
    TxContext { sender, tx_hash, epoch, epoch_timestamp_ms, ids_created }
}

#[test_only]
/// A context whose digest is made from the number `hint`.
public fun new_from_hint(
    sender: address,
    hint: u64,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    new(sender, dummy_tx_hash_with_hint(hint), epoch, epoch_timestamp_ms, ids_created)
}

#[test_only]
/// A context for tests that don't care: sender 0x0, epoch 0, a fixed digest.
public fun dummy(): TxContext {
    new(
        @0x0,
        x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        0,
        0,
        0,
    )
}

#[test_only]
/// A digest made from a number.
public fun dummy_tx_hash_with_hint(hint: u64): vector<u8> {
    let mut hash = bcs::to_bytes(&hint);
    while (hash.length() < TX_HASH_LENGTH) hash.push_back(0);
    hash
}

#[test_only]
/// How many identities the transaction has made.
public fun ids_created(_self: &TxContext): u64 {
    native_ids_created()
}

#[test_only]
/// How many identities the transaction has made.
public fun get_ids_created(self: &TxContext): u64 {
    self.ids_created()
}

#[test_only]
/// The address of the last object made in the transaction. Aborts with
/// `ENoIDsCreated` when there is none.
public fun last_created_object_id(_self: &TxContext): address {
    assert!(native_ids_created() > 0, ENoIDsCreated);
    last_created_id()
}

#[test_only]
/// Goes on to the next epoch.
public fun increment_epoch_number(self: &mut TxContext) {
    self.epoch = native_epoch() + 1;
    self.epoch_timestamp_ms = native_epoch_timestamp_ms();
    self.refresh();
}

#[test_only]
/// Lets the epoch begin `delta_ms` later.
public fun increment_epoch_timestamp(self: &mut TxContext, delta_ms: u64) {
    self.epoch = native_epoch();
    self.epoch_timestamp_ms = native_epoch_timestamp_ms() + delta_ms;
    self.refresh();
}

#[test_only]
// Tells the host the fields that have changed.
fun refresh(self: &TxContext) {
    replace(
        native_sender(),
        self.tx_hash,
        self.epoch,
        self.epoch_timestamp_ms,
        native_ids_created(),
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        native_sponsor(),
    )
}
