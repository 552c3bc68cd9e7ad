//! What an abort code says whose author gave it a message. How the compiler
//! puts that into the code is described at [`CleverError`].

use crate::node_state::NodeState;
use heddle_bytecode::{BinaryLimits, CleverCode, CleverError, CompiledModule};
use heddle_objects::sui_sdk_types::{
    Address, Command, ExecutionError, ExecutionStatus, MoveLocation, MovePackage, Object,
    ObjectData, Transaction, TransactionKind,
};
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::clever_error::Value;
use sui_rpc::proto::sui::rpc::v2::execution_error::ErrorDetails;

/// Adds to a failed status what its abort code says. Does nothing if the
/// transaction did not abort with such a code, or its module can't be read.
pub(crate) fn add(
    state: &NodeState,
    transaction: &Transaction,
    status: &ExecutionStatus,
    message: &mut proto::ExecutionStatus,
) {
    let ExecutionStatus::Failure {
        error: ExecutionError::MoveAbort { location, code },
        ..
    } = status
    else {
        return;
    };
    // Most codes are plain numbers: their module need not be read.
    if CleverCode::of(*code).is_none() {
        return;
    }
    let Some(error) = &mut message.error else {
        return;
    };
    if let Some(ErrorDetails::Abort(abort)) = &mut error.error_details {
        let module = module_of(state, transaction, location);
        abort.clever_error = CleverError::of(*code, module.as_ref()).map(message_of);
    }
}

fn message_of(error: CleverError) -> proto::CleverError {
    let mut message = proto::CleverError::default();
    message.line_number = Some(u64::from(error.line));
    message.error_code = error.error_code.map(u64::from);
    message.constant_name = error.constant_name;
    message.constant_type = error.constant_type;
    message.value = match (error.message, error.constant_bcs) {
        (Some(text), _) => Some(Value::Rendered(text)),
        (None, bytes) => bytes.map(|bytes| Value::Raw(bytes.into())),
    };
    message
}

/// The module that aborted. The location names its package by the original
/// id; which version ran follows from what the transaction calls.
fn module_of(
    state: &NodeState,
    transaction: &Transaction,
    location: &MoveLocation,
) -> Option<CompiledModule> {
    let (TransactionKind::ProgrammableTransaction(program)
    | TransactionKind::ProgrammableSystemTransaction(program)) = &transaction.kind
    else {
        return None;
    };
    let called = program.commands.iter().filter_map(|command| match command {
        Command::MoveCall(call) => Some(call.package),
        _ => None,
    });
    for id in called {
        let Some(object) = package_object(state, &id) else {
            continue;
        };
        let package = package_of(&object)?;
        if let Some(module) = read(package, location)
            && *module.address() == location.package
        {
            return Some(module);
        }
        if let Some(link) = package.linkage_table.get(&location.package) {
            let dependency = package_object(state, &link.upgraded_id)?;
            return read(package_of(&dependency)?, location);
        }
    }
    let object = package_object(state, &location.package)?;
    read(package_of(&object)?, location)
}

fn package_object(state: &NodeState, id: &Address) -> Option<Arc<Object>> {
    state.store().object(id).ok().flatten()
}

fn package_of(object: &Object) -> Option<&MovePackage> {
    match object.data() {
        ObjectData::Package(package) => Some(package),
        ObjectData::Struct(_) => None,
    }
}

fn read(package: &MovePackage, location: &MoveLocation) -> Option<CompiledModule> {
    let bytes = package.modules.get(&location.module)?;
    CompiledModule::deserialize(bytes, &BinaryLimits::local()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_as_text_and_bytes_that_are_none_as_they_are() {
        let mut error = CleverError {
            line: 42,
            error_code: Some(7),
            constant_name: Some("ENotToday".into()),
            constant_type: Some("vector<u8>".into()),
            message: Some("not today".into()),
            constant_bcs: Some(vec![9]),
        };
        let shown = message_of(error.clone());
        assert_eq!((shown.line_number, shown.error_code), (Some(42), Some(7)));
        assert_eq!(shown.constant_name.as_deref(), Some("ENotToday"));
        assert_eq!(shown.constant_type.as_deref(), Some("vector<u8>"));
        assert_eq!(shown.value, Some(Value::Rendered("not today".into())));
        error.message = None;
        let shown = message_of(error);
        assert_eq!(shown.value, Some(Value::Raw(vec![9].into())));
    }
}
