//! What an abort code says whose author gave it a message.
//!
//! For `assert!(…)` without a code, and for constants marked `#[error]`, the
//! Move compiler puts the place and not a number into the abort code:
//!
//! ```text
//! bit   63   62 ──── 48   47 ──── 32   31 ──── 16      15 ──── 0
//!       tag   reserved       line         name          value
//! ```
//!
//! The last two point into the constants of the module that aborted: the name
//! of the error constant, and its value. All ones mean that there is none.

use crate::node_state::NodeState;
use heddle_bytecode::{BinaryLimits, CompiledModule, ConstantPoolIndex, SignatureToken};
use heddle_objects::sui_sdk_types::{
    Address, Command, ExecutionError, ExecutionStatus, MoveLocation, MovePackage, Object,
    ObjectData, Transaction, TransactionKind,
};
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::clever_error::Value;
use sui_rpc::proto::sui::rpc::v2::execution_error::ErrorDetails;

const TAG: u64 = 1 << 63;
/// An index that points nowhere.
const NONE: u16 = u16::MAX;
/// Longest message that is shown as text, in bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024;

/// The parts of an abort code with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CleverCode {
    line: u16,
    name: Option<u16>,
    value: Option<u16>,
}

impl CleverCode {
    /// `None` for an ordinary abort code.
    fn of(code: u64) -> Option<Self> {
        let part = |shift: u32| ((code >> shift) & u64::from(u16::MAX)) as u16;
        (code & TAG != 0).then(|| CleverCode {
            line: part(32),
            name: Some(part(16)).filter(|index| *index != NONE),
            value: Some(part(0)).filter(|index| *index != NONE),
        })
    }
}

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
    let Some(code) = CleverCode::of(*code) else {
        return;
    };
    let Some(error) = &mut message.error else {
        return;
    };
    if let Some(ErrorDetails::Abort(abort)) = &mut error.error_details {
        let module = module_of(state, transaction, location);
        abort.clever_error = Some(describe(code, module.as_ref()));
    }
}

fn describe(code: CleverCode, module: Option<&CompiledModule>) -> proto::CleverError {
    let mut clever = proto::CleverError::default();
    clever.line_number = Some(u64::from(code.line));
    let Some(module) = module else {
        return clever;
    };
    let constant = |index: Option<u16>| module.get(ConstantPoolIndex(index?));
    clever.constant_name =
        constant(code.name).and_then(|constant| text(&constant.type_, &constant.data));
    if let Some(constant) = constant(code.value) {
        clever.constant_type = type_name(&constant.type_);
        clever.value = Some(match text(&constant.type_, &constant.data) {
            Some(text) => Value::Rendered(text),
            None => Value::Raw(constant.data.clone().into()),
        });
    }
    clever
}

/// A constant as text, `None` for types that have no obvious one.
fn text(type_: &SignatureToken, data: &[u8]) -> Option<String> {
    Some(match type_ {
        SignatureToken::Bool => bcs::from_bytes::<bool>(data).ok()?.to_string(),
        SignatureToken::U8 => bcs::from_bytes::<u8>(data).ok()?.to_string(),
        SignatureToken::U16 => bcs::from_bytes::<u16>(data).ok()?.to_string(),
        SignatureToken::U32 => bcs::from_bytes::<u32>(data).ok()?.to_string(),
        SignatureToken::U64 => bcs::from_bytes::<u64>(data).ok()?.to_string(),
        SignatureToken::U128 => bcs::from_bytes::<u128>(data).ok()?.to_string(),
        SignatureToken::Address => bcs::from_bytes::<Address>(data).ok()?.to_string(),
        SignatureToken::Vector(element) if **element == SignatureToken::U8 => {
            let bytes: Vec<u8> = bcs::from_bytes(data).ok()?;
            String::from_utf8(bytes)
                .ok()
                .filter(|text| text.len() <= TEXT_BYTES_MAX)?
        }
        _ => return None,
    })
}

/// The name of a type that a constant can have.
fn type_name(type_: &SignatureToken) -> Option<String> {
    Some(match type_ {
        SignatureToken::Bool => "bool".into(),
        SignatureToken::U8 => "u8".into(),
        SignatureToken::U16 => "u16".into(),
        SignatureToken::U32 => "u32".into(),
        SignatureToken::U64 => "u64".into(),
        SignatureToken::U128 => "u128".into(),
        SignatureToken::U256 => "u256".into(),
        SignatureToken::Address => "address".into(),
        SignatureToken::Vector(element) => format!("vector<{}>", type_name(element)?),
        _ => return None,
    })
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
    use heddle_bytecode::{Constant, format};

    #[test]
    fn ordinary_codes_are_no_clever_ones() {
        for code in [0, 7, TAG - 1] {
            assert_eq!(CleverCode::of(code), None);
        }
    }

    #[test]
    fn a_code_names_line_constant_and_message() {
        let mut module = CompiledModule::empty(format::VERSION_MAX);
        module.constant_pool = ["ENotToday", "not today"]
            .map(|text| Constant {
                type_: SignatureToken::Vector(Box::new(SignatureToken::U8)),
                data: bcs::to_bytes(text).expect("plain"),
            })
            .into();
        let code = CleverCode::of(TAG | 42 << 32 | 1).expect("tagged");
        let clever = describe(code, Some(&module));
        assert_eq!(clever.line_number, Some(42));
        assert_eq!(clever.constant_name.as_deref(), Some("ENotToday"));
        assert_eq!(clever.constant_type.as_deref(), Some("vector<u8>"));
        assert_eq!(clever.value, Some(Value::Rendered("not today".into())));
    }

    #[test]
    fn a_line_alone_is_shown_and_bad_indexes_are_passed_over() {
        let nothing = u64::from(NONE) << 16 | u64::from(NONE);
        for code in [TAG | 3 << 32 | nothing, TAG | 3 << 32 | 9 << 16 | 9] {
            let module = CompiledModule::empty(format::VERSION_MAX);
            let clever = describe(CleverCode::of(code).expect("tagged"), Some(&module));
            assert_eq!(clever.line_number, Some(3));
            assert!(clever.constant_name.is_none() && clever.value.is_none());
        }
    }
}
