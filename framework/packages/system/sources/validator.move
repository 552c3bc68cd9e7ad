/// A validator as the system state knows it.
module sui_system::validator;

use std::string::String;
use sui::balance::Balance;
use sui::sui::SUI;

/// A validator: who it is, and what it holds at stake.
public struct Validator has store {
    /// The account that answers for it.
    sui_address: address,
    name: String,
    /// The key with which it signs checkpoints.
    protocol_pubkey_bytes: vector<u8>,
    /// Where other validators reach it.
    network_address: String,
    /// What it loses when it misbehaves, in base units of the native coin.
    stake: Balance<SUI>,
}

// A validator with its stake.
public(package) fun new(
    sui_address: address,
    name: String,
    protocol_pubkey_bytes: vector<u8>,
    network_address: String,
    stake: Balance<SUI>,
): Validator {
    Validator { sui_address, name, protocol_pubkey_bytes, network_address, stake }
}

/// The account that answers for the validator.
public fun sui_address(self: &Validator): address {
    self.sui_address
}

/// Its name.
public fun name(self: &Validator): &String {
    &self.name
}

/// The key with which it signs checkpoints.
public fun protocol_pubkey_bytes(self: &Validator): &vector<u8> {
    &self.protocol_pubkey_bytes
}

/// Where other validators reach it.
public fun network_address(self: &Validator): &String {
    &self.network_address
}

/// Its stake in base units of the native coin.
public fun total_stake_amount(self: &Validator): u64 {
    self.stake.value()
}
