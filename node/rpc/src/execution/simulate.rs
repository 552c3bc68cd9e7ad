//! Trying a transaction: completing it, and saying what it would do.

use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render::effects::ObjectVersions;
use crate::render::json;
use crate::render::transaction::{TransactionSource, transaction};
use crate::resolve::gas::{Completed, complete};
use crate::resolve::sketch::{MissingSender, sketch};
use heddle_adapter::{Checks, CommandOutputs, TypedValue};
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::simulate_transaction_request::TransactionChecks;

const DEFAULT_MASK: &str = "*";

/// Completes and tries a transaction.
///
/// # Errors
/// [`RpcError`] if it can't be completed or would not be admitted. A
/// transaction that would fail is no error: its effects say so.
pub(super) fn simulate(
    state: &NodeState,
    request: &proto::SimulateTransactionRequest,
) -> Result<proto::SimulateTransactionResponse, RpcError> {
    use proto::SimulateTransactionResponse as Message;
    let mask = read_mask::<Message>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let message = request
        .transaction
        .as_ref()
        .ok_or_else(|| RpcError::missing("transaction"))?;
    let (checks, missing_sender) = match request.checks() {
        TransactionChecks::Disabled => (Checks::Disabled, MissingSender::UseZero),
        _ => (Checks::Enabled, MissingSender::Refuse),
    };
    let sketch = sketch(message, missing_sender, state)?;
    let completed = complete(state, sketch, checks, request.do_gas_selection())?;
    let mut response = Message::default();
    if let Some(mask) = mask.subtree(Message::TRANSACTION_FIELD) {
        response.transaction = Some(executed(state, &completed, &mask)?);
    }
    if let Some(mask) = mask.subtree(Message::COMMAND_OUTPUTS_FIELD) {
        response.command_outputs = completed
            .output
            .command_outputs
            .iter()
            .map(|outputs| command_result(state, outputs, &mask))
            .collect::<Result<_, _>>()?;
    }
    Ok(response)
}

fn executed(
    state: &NodeState,
    completed: &Completed,
    mask: &FieldMaskTree,
) -> Result<proto::ExecutedTransaction, RpcError> {
    let execution = &completed.output.execution;
    let inputs = completed.output.input_objects.iter().cloned();
    let written = execution.written.iter().map(|one| one.object.clone());
    let source = TransactionSource {
        digest: completed.transaction.digest(),
        transaction: &completed.transaction,
        signatures: &[],
        effects: &execution.effects,
        events: execution.events.as_ref(),
        place: None,
        failure_detail: execution.failure_detail.as_deref(),
        objects: ObjectVersions::new(state.store(), inputs.chain(written)),
        stand_in: completed.output.stand_in_gas,
    };
    transaction(state, &source, mask)
}

fn command_result(
    state: &NodeState,
    outputs: &CommandOutputs,
    mask: &FieldMaskTree,
) -> Result<proto::CommandResult, RpcError> {
    let mut result = proto::CommandResult::default();
    if let Some(mask) = mask.subtree(proto::CommandResult::RETURN_VALUES_FIELD) {
        result.return_values = outputs
            .return_values
            .iter()
            .map(|value| command_output(state, value, &mask))
            .collect::<Result<_, _>>()?;
    }
    if let Some(mask) = mask.subtree(proto::CommandResult::MUTATED_BY_REF_FIELD) {
        result.mutated_by_ref = outputs
            .mutated_by_ref
            .iter()
            .map(|mutated| {
                let mut output = command_output(state, &mutated.value, &mask)?;
                if mask.contains(proto::CommandOutput::ARGUMENT_FIELD) {
                    output.argument = Some(mutated.argument.into());
                }
                Ok::<_, RpcError>(output)
            })
            .collect::<Result<_, _>>()?;
    }
    Ok(result)
}

fn command_output(
    state: &NodeState,
    value: &TypedValue,
    mask: &FieldMaskTree,
) -> Result<proto::CommandOutput, RpcError> {
    let mut output = proto::CommandOutput::default();
    if mask.contains(proto::CommandOutput::VALUE_FIELD) {
        let mut bcs = proto::Bcs::from(value.bytes.clone());
        bcs.name = Some(value.type_.to_string());
        output.value = Some(bcs);
    }
    if mask.contains(proto::CommandOutput::JSON_FIELD) {
        output.json = state
            .render_json(&value.type_, &value.bytes)?
            .map(|value| Box::new(json::to_proto(value)));
    }
    Ok(output)
}
