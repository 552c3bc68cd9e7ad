//! A failed execution in words, for the description that clients show.

use heddle_objects::sui_sdk_types::{ExecutionError, ExecutionStatus};
use sui_rpc::proto::sui::rpc::v2 as proto;

/// The status message, with a description if the transaction failed: `detail`
/// if the node still knows where the failure came from, else what the status
/// itself says.
pub(crate) fn status(status: &ExecutionStatus, detail: Option<&str>) -> proto::ExecutionStatus {
    let mut message = proto::ExecutionStatus::from(status.clone());
    if let ExecutionStatus::Failure { error, .. } = status
        && let Some(failure) = &mut message.error
        && failure.description.is_none()
    {
        failure.description = Some(detail.map_or_else(|| describe(error), str::to_owned));
    }
    message
}

/// What an execution error says without any context.
fn describe(error: &ExecutionError) -> String {
    match error {
        ExecutionError::MoveAbort { location, code } => {
            let function = location.function_name.as_ref().map_or_else(
                || format!("function {}", location.function),
                ToString::to_string,
            );
            format!(
                "{}::{}::{function} aborted with code {code} (instruction {})",
                location.package, location.module, location.instruction
            )
        }
        ExecutionError::InsufficientGas => "the gas budget is used up".into(),
        ExecutionError::CommandArgumentError { argument, kind } => {
            format!("argument {argument} of the command does not fit: {kind:?}")
        }
        ExecutionError::TypeArgumentError {
            type_argument,
            kind,
        } => format!("type argument {type_argument} does not fit: {kind:?}"),
        // The variant's name and data in the public format say the rest.
        other => format!("{other:?}"),
    }
}
