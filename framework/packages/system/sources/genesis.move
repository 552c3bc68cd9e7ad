/// How a network begins: validators with their stakes, accounts with their coins,
/// and the rest of the supply for the system state.
module sui_system::genesis;

use std::string::String;
use sui::balance::Balance;
use sui::coin;
use sui::sui::SUI;
use sui_system::sui_system;
use sui_system::validator;

/// Lists that describe the same things have different lengths.
const EUnequalLengths: u64 = 0;

/// This is not the first epoch.
const ENotCalledAtGenesis: u64 = 1;

#[allow(unused_function)]
// Called once. `id` is the identity at 0x5, and `supply` holds all native coins.
// Validator `i` has entry `i` of each list that begins with `validator`; account
// `recipients[i]` gets one coin of `amounts[i]` base units, in this order.
fun create(
    id: UID,
    mut supply: Balance<SUI>,
    protocol_version: u64,
    reference_gas_price: u64,
    chain_start_timestamp_ms: u64,
    validator_addresses: vector<address>,
    validator_names: vector<String>,
    validator_protocol_pubkeys: vector<vector<u8>>,
    validator_network_addresses: vector<String>,
    validator_stakes: vector<u64>,
    recipients: vector<address>,
    amounts: vector<u64>,
    ctx: &mut TxContext,
) {
    assert!(ctx.epoch() == 0, ENotCalledAtGenesis);
    let count = validator_addresses.length();
    assert!(
        validator_names.length() == count
            && validator_protocol_pubkeys.length() == count
            && validator_network_addresses.length() == count
            && validator_stakes.length() == count
            && recipients.length() == amounts.length(),
        EUnequalLengths,
    );
    let validators = vector::tabulate!(count, |i| {
        validator::new(
            validator_addresses[i],
            validator_names[i],
            validator_protocol_pubkeys[i],
            validator_network_addresses[i],
            supply.split(validator_stakes[i]),
        )
    });
    recipients.zip_do!(amounts, |recipient, amount| {
        transfer::public_transfer(coin::take(&mut supply, amount, ctx), recipient)
    });
    sui_system::create(
        id,
        validators,
        supply,
        protocol_version,
        reference_gas_price,
        chain_start_timestamp_ms,
        ctx,
    )
}
