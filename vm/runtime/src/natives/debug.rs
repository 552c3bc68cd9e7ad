//! `std::debug`. What is printed goes to a [`DebugOutput`] in the extensions,
//! if the caller put one there; otherwise nowhere. It never changes gas.

use super::STD;
use crate::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::TypeTag;

/// Collects what programs print, for tests and simulations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugOutput {
    /// Type and BCS of each value printed, in order.
    pub values: Vec<(TypeTag, Vec<u8>)>,
}

/// Units for a call.
const PRINT: u64 = 10;

pub(super) fn register(table: &mut NativeTable) {
    table.register(STD, "debug", "print", print);
    table.register(STD, "debug", "print_stack_trace", print_stack_trace);
}

/// `print<T>(&T)`
fn print(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(PRINT)?;
    let bytes = context.arg_bcs(0)?;
    let tag = context.type_arg_tag(0)?;
    if let Some(output) = context.extensions().get_mut::<DebugOutput>() {
        output.values.push((tag, bytes));
    }
    Ok(())
}

/// `print_stack_trace()`
fn print_stack_trace(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(PRINT)
}
