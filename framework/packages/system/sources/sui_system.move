/// The network's own state: one shared object at 0x5.
///
/// The object is a shell that never changes its form. What it holds is a dynamic
/// field whose name is the form's version number, so that a later version of this
/// package can put another form in its place.
module sui_system::sui_system;

use sui::balance::Balance;
use sui::dynamic_field;
use sui::sui::SUI;
use sui_system::sui_system_state_inner::{Self, SuiSystemStateInner};
use sui_system::validator::Validator;

/// Only the system may do this: the sender is not 0x0.
const ENotSystemAddress: u64 = 0;

/// The state has a form that this version of the package does not know.
const EWrongInnerVersion: u64 = 1;

/// The system state's shell.
public struct SuiSystemState has key {
    id: UID,
    /// The version number of the form inside.
    version: u64,
}

// Called by `sui_system::genesis`: makes and shares the state of epoch 0. `id` is the
// identity at 0x5.
public(package) fun create(
    id: UID,
    validators: vector<Validator>,
    treasury: Balance<SUI>,
    protocol_version: u64,
    reference_gas_price: u64,
    epoch_start_timestamp_ms: u64,
    ctx: &TxContext,
) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let version = sui_system_state_inner::version();
    let mut self = SuiSystemState { id, version };
    let inner = sui_system_state_inner::create(
        validators,
        treasury,
        protocol_version,
        reference_gas_price,
        epoch_start_timestamp_ms,
    );
    dynamic_field::add(&mut self.id, version, inner);
    transfer::share_object(self)
}

#[allow(unused_function)]
// Called by the system between two epochs.
fun advance_epoch(
    wrapper: &mut SuiSystemState,
    new_epoch: u64,
    next_protocol_version: u64,
    reference_gas_price: u64,
    epoch_start_timestamp_ms: u64,
    ctx: &TxContext,
) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    wrapper
        .load_mut()
        .advance_epoch(
            new_epoch,
            next_protocol_version,
            reference_gas_price,
            epoch_start_timestamp_ms,
        )
}

/// The current epoch. `TxContext` has it too, without a shared object.
public fun epoch(wrapper: &SuiSystemState): u64 {
    wrapper.load().epoch()
}

/// Which rules hold.
public fun protocol_version(wrapper: &SuiSystemState): u64 {
    wrapper.load().protocol_version()
}

/// The reference gas price, in base units per unit of gas.
public fun reference_gas_price(wrapper: &SuiSystemState): u64 {
    wrapper.load().reference_gas_price()
}

/// When the epoch began, in milliseconds since the Unix epoch.
public fun epoch_start_timestamp_ms(wrapper: &SuiSystemState): u64 {
    wrapper.load().epoch_start_timestamp_ms()
}

/// Native coins that belong to nobody, in base units.
public fun treasury_amount(wrapper: &SuiSystemState): u64 {
    wrapper.load().treasury_amount()
}

/// The sum of all validators' stakes, in base units.
public fun total_stake(wrapper: &SuiSystemState): u64 {
    wrapper.load().total_stake()
}

/// The accounts of the validators that sign in this epoch.
public fun active_validator_addresses(wrapper: &mut SuiSystemState): vector<address> {
    wrapper.load().validators().map_ref!(|validator| validator.sui_address())
}

/// The validators that sign in this epoch.
public fun active_validators(wrapper: &SuiSystemState): &vector<Validator> {
    wrapper.load().validators()
}

fun load(self: &SuiSystemState): &SuiSystemStateInner {
    assert!(self.version == sui_system_state_inner::version(), EWrongInnerVersion);
    dynamic_field::borrow(&self.id, self.version)
}

fun load_mut(self: &mut SuiSystemState): &mut SuiSystemStateInner {
    assert!(self.version == sui_system_state_inner::version(), EWrongInnerVersion);
    dynamic_field::borrow_mut(&mut self.id, self.version)
}
