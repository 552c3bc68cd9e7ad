//! Epochs. There is one so far: the network does not change epochs yet.

use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use heddle_objects::{EpochContext, limits};
use std::collections::BTreeMap;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::timestamp_ms_to_proto;

const DEFAULT_MASK: &str = "epoch";

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetEpochRequest,
) -> Result<proto::GetEpochResponse, RpcError> {
    let mask = read_mask::<proto::Epoch>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let current = state.node().epoch();
    if let Some(asked) = request.epoch.filter(|asked| *asked != current.epoch) {
        return Err(RpcError::not_found("epoch", asked));
    }
    let mut epoch = proto::Epoch::default();
    epoch.epoch = Some(current.epoch);
    epoch.committee = Some(state.node().committee().clone().into());
    epoch.system_state = Some(Box::new(system_state(&current)));
    epoch.first_checkpoint = Some(0);
    epoch.start = Some(timestamp_ms_to_proto(current.epoch_start_timestamp_ms));
    epoch.reference_gas_price = Some(current.reference_gas_price);
    epoch.protocol_config = Some(protocol_config(&current));
    let mut response = proto::GetEpochResponse::default();
    response.epoch = Some(proto::Epoch::merge_from(&epoch, &mask));
    Ok(response)
}

/// The part of the system state that exists: there is no staking, no storage
/// fund and no subsidy, which zeros say.
fn system_state(epoch: &EpochContext) -> proto::SystemState {
    let mut state = proto::SystemState::default();
    state.version = Some(1);
    state.epoch = Some(epoch.epoch);
    state.protocol_version = Some(epoch.protocol_version);
    state.reference_gas_price = Some(epoch.reference_gas_price);
    state.epoch_start_timestamp_ms = Some(epoch.epoch_start_timestamp_ms);
    state.safe_mode = Some(false);
    state.safe_mode_storage_rewards = Some(0);
    state.safe_mode_computation_rewards = Some(0);
    state.safe_mode_storage_rebates = Some(0);
    state.safe_mode_non_refundable_storage_fee = Some(0);
    let mut parameters = proto::SystemParameters::default();
    parameters.epoch_duration_ms = Some(0);
    parameters.stake_subsidy_start_epoch = Some(0);
    parameters.max_validator_count = Some(1);
    parameters.min_validator_joining_stake = Some(0);
    parameters.validator_low_stake_threshold = Some(0);
    parameters.validator_low_stake_grace_period = Some(0);
    state.parameters = Some(parameters);
    let mut fund = proto::StorageFund::default();
    fund.total_object_storage_rebates = Some(0);
    fund.non_refundable_balance = Some(0);
    state.storage_fund = Some(fund);
    let mut subsidy = proto::StakeSubsidy::default();
    subsidy.balance = Some(0);
    subsidy.distribution_counter = Some(0);
    subsidy.current_distribution_amount = Some(0);
    subsidy.stake_subsidy_period_length = Some(0);
    subsidy.stake_subsidy_decrease_rate = Some(0);
    state.stake_subsidy = Some(subsidy);
    state
}

/// The protocol's limits under the names that clients look for.
fn protocol_config(epoch: &EpochContext) -> proto::ProtocolConfig {
    let attributes: [(&str, u64); 18] = [
        ("base_tx_cost_fixed", limits::GAS_UNITS_MIN),
        ("max_tx_size_bytes", limits::TRANSACTION_BYTES_MAX as u64),
        ("max_tx_gas", limits::GAS_BUDGET_MAX),
        ("max_gas_price", limits::GAS_PRICE_MAX),
        ("max_gas_payment_objects", limits::GAS_OBJECTS_MAX as u64),
        ("max_gas_computation_bucket", limits::COMPUTATION_UNITS_MAX),
        ("max_programmable_tx_commands", limits::COMMANDS_MAX as u64),
        ("max_input_objects", limits::INPUTS_MAX as u64),
        ("max_arguments", limits::ARGUMENTS_MAX as u64),
        ("max_type_arguments", limits::TYPE_ARGUMENTS_MAX as u64),
        (
            "max_type_argument_depth",
            limits::TYPE_ARGUMENT_DEPTH_MAX as u64,
        ),
        (
            "max_pure_argument_size",
            limits::PURE_ARGUMENT_BYTES_MAX as u64,
        ),
        ("max_modules_in_publish", limits::PACKAGE_MODULES_MAX as u64),
        (
            "max_package_dependencies",
            limits::PACKAGE_DEPENDENCIES_MAX as u64,
        ),
        ("max_move_object_size", limits::OBJECT_BYTES_MAX as u64),
        ("max_move_package_size", limits::PACKAGE_BYTES_MAX as u64),
        ("obj_data_cost_refundable", limits::STORAGE_UNITS_PER_BYTE),
        ("storage_gas_price", limits::STORAGE_GAS_PRICE),
    ];
    let mut config = proto::ProtocolConfig::default();
    config.protocol_version = Some(epoch.protocol_version);
    config.feature_flags = BTreeMap::new();
    config.attributes = attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_string()))
        .collect();
    config
}
