/// What the system state holds, in the form of this version. A later form takes its
/// place under a new version number, while the object at 0x5 stays.
module sui_system::sui_system_state_inner;

use sui::balance::Balance;
use sui::sui::SUI;
use sui_system::validator::Validator;

/// The epoch does not follow the current one.
const EAdvancedToWrongEpoch: u64 = 8;

/// Time, and the version of the protocol, never go back.
const EBackward: u64 = 9;

// The version number of this form.
const VERSION: u64 = 1;

/// The state of the network in an epoch.
public struct SuiSystemStateInner has store {
    epoch: u64,
    /// Which rules hold.
    protocol_version: u64,
    /// The version number of this form.
    system_state_version: u64,
    /// Those that sign in this epoch.
    validators: vector<Validator>,
    /// Native coins that belong to nobody.
    treasury: Balance<SUI>,
    /// Base units per unit of gas.
    reference_gas_price: u64,
    /// Milliseconds since the Unix epoch.
    epoch_start_timestamp_ms: u64,
}

/// An epoch began.
public struct SystemEpochInfoEvent has copy, drop {
    epoch: u64,
    protocol_version: u64,
    reference_gas_price: u64,
    total_stake: u64,
}

// The state of epoch 0.
public(package) fun create(
    validators: vector<Validator>,
    treasury: Balance<SUI>,
    protocol_version: u64,
    reference_gas_price: u64,
    epoch_start_timestamp_ms: u64,
): SuiSystemStateInner {
    SuiSystemStateInner {
        epoch: 0,
        protocol_version,
        system_state_version: VERSION,
        validators,
        treasury,
        reference_gas_price,
        epoch_start_timestamp_ms,
    }
}

// The version number of this form.
public(package) fun version(): u64 {
    VERSION
}

// Goes on to `new_epoch`. Aborts with `EAdvancedToWrongEpoch` unless it is the next,
// and with `EBackward` when time or protocol would go back.
public(package) fun advance_epoch(
    self: &mut SuiSystemStateInner,
    new_epoch: u64,
    next_protocol_version: u64,
    reference_gas_price: u64,
    epoch_start_timestamp_ms: u64,
) {
    assert!(new_epoch == self.epoch + 1, EAdvancedToWrongEpoch);
    assert!(
        next_protocol_version >= self.protocol_version
            && epoch_start_timestamp_ms >= self.epoch_start_timestamp_ms,
        EBackward,
    );
    self.epoch = new_epoch;
    self.protocol_version = next_protocol_version;
    self.reference_gas_price = reference_gas_price;
    self.epoch_start_timestamp_ms = epoch_start_timestamp_ms;
    sui::event::emit(SystemEpochInfoEvent {
        epoch: new_epoch,
        protocol_version: next_protocol_version,
        reference_gas_price,
        total_stake: self.total_stake(),
    })
}

public(package) fun epoch(self: &SuiSystemStateInner): u64 {
    self.epoch
}

public(package) fun protocol_version(self: &SuiSystemStateInner): u64 {
    self.protocol_version
}

public(package) fun reference_gas_price(self: &SuiSystemStateInner): u64 {
    self.reference_gas_price
}

public(package) fun epoch_start_timestamp_ms(self: &SuiSystemStateInner): u64 {
    self.epoch_start_timestamp_ms
}

public(package) fun treasury_amount(self: &SuiSystemStateInner): u64 {
    self.treasury.value()
}

public(package) fun validators(self: &SuiSystemStateInner): &vector<Validator> {
    &self.validators
}

public(package) fun total_stake(self: &SuiSystemStateInner): u64 {
    let mut total = 0;
    self.validators.do_ref!(|validator| total = total + validator.total_stake_amount());
    total
}
