#[test_only]
module sui_system::system_tests;

use std::unit_test::{assert_eq, destroy};
use sui::balance;
use sui::sui::SUI;
use sui_system::sui_system_state_inner::{Self as inner, SuiSystemStateInner};
use sui_system::validator::{Self, Validator};

fun a_validator(stake: u64): Validator {
    validator::new(
        @0xA,
        b"Loom".to_string(),
        x"0102",
        b"/ip4/127.0.0.1/tcp/9000".to_string(),
        balance::create_for_testing<SUI>(stake),
    )
}

fun a_state(): SuiSystemStateInner {
    inner::create(
        vector[a_validator(5), a_validator(6)],
        balance::create_for_testing(7),
        1,
        1000,
        50,
    )
}

#[test]
fun a_validator_says_what_it_is() {
    let validator = a_validator(5);
    assert_eq!(validator.sui_address(), @0xA);
    assert_eq!(*validator.name(), b"Loom".to_string());
    assert_eq!(*validator.protocol_pubkey_bytes(), x"0102");
    assert_eq!(*validator.network_address(), b"/ip4/127.0.0.1/tcp/9000".to_string());
    assert_eq!(validator.total_stake_amount(), 5);
    destroy(validator);
}

#[test]
fun epochs_follow_each_other() {
    let mut state = a_state();
    assert_eq!(state.epoch(), 0);
    assert_eq!(state.protocol_version(), 1);
    assert_eq!(state.reference_gas_price(), 1000);
    assert_eq!(state.epoch_start_timestamp_ms(), 50);
    assert_eq!(state.treasury_amount(), 7);
    assert_eq!(state.total_stake(), 11);
    assert_eq!(state.validators().length(), 2);
    state.advance_epoch(1, 2, 900, 60);
    assert_eq!(state.epoch(), 1);
    assert_eq!(state.protocol_version(), 2);
    assert_eq!(state.reference_gas_price(), 900);
    assert_eq!(state.epoch_start_timestamp_ms(), 60);
    assert_eq!(sui::event::events_by_type<inner::SystemEpochInfoEvent>().length(), 1);
    destroy(state);
}

#[test, expected_failure(abort_code = inner::EAdvancedToWrongEpoch)]
fun no_epoch_is_left_out() {
    a_state().advance_epoch(2, 1, 1000, 60);
    abort
}

#[test, expected_failure(abort_code = inner::EBackward)]
fun time_does_not_go_back() {
    a_state().advance_epoch(1, 1, 1000, 49);
    abort
}

#[test, expected_failure(abort_code = inner::EBackward)]
fun the_protocol_does_not_go_back() {
    a_state().advance_epoch(1, 0, 1000, 60);
    abort
}
