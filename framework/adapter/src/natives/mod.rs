//! The native functions of the object framework, one file per Move module.
//!
//! Each file registers its functions and keeps its costs and abort codes. Costs
//! are in VM gas units (about one simple instruction each); what depends on the
//! size of data is charged before the work is done. Natives keep what they
//! gather in [`ObjectRuntime`], and reach stored objects by asking the
//! execution's package source (module `host`).

mod address;
mod dynamic_field;
mod ecdsa_k1;
mod ed25519;
mod event;
mod hash;
mod hmac;
mod object;
mod test_utils;
mod transfer;
mod tx_context;
mod types;
mod vector;

use crate::object_runtime::ObjectRuntime;
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Address, ExecutionError, StructTag, TypeTag};

/// The package whose natives these are.
const FRAMEWORK: Address = Address::TWO;

/// The natives of the standard library and of the object framework.
pub fn table() -> NativeTable {
    let mut table = NativeTable::with_std();
    vector::register(&mut table);
    register(&mut table);
    table
}

/// Adds the object framework's natives to `table`.
pub fn register(table: &mut NativeTable) {
    address::register(table);
    dynamic_field::register(table);
    ecdsa_k1::register(table);
    ed25519::register(table);
    event::register(table);
    hash::register(table);
    hmac::register(table);
    object::register(table);
    test_utils::register(table);
    transfer::register(table);
    tx_context::register(table);
    types::register(table);
}

/// The account of the transaction.
fn runtime<'c>(context: &'c mut NativeContext<'_>) -> Result<&'c mut ObjectRuntime, NativeError> {
    context
        .extensions()
        .get_mut::<ObjectRuntime>()
        .ok_or(NativeError::Misuse(
            "the execution has no ObjectRuntime among its extensions",
        ))
}

/// Type argument `index`, which must be a struct: every object is one.
fn object_type(context: &NativeContext<'_>, index: usize) -> Result<StructTag, NativeError> {
    match context.type_arg_tag(index)? {
        TypeTag::Struct(tag) => Ok(*tag),
        _ => Err(NativeError::Misuse("an object's type is not a struct")),
    }
}

/// Whether type argument `index` has `store`.
fn has_store(context: &NativeContext<'_>, index: usize) -> Result<bool, NativeError> {
    Ok(context
        .type_arg(index)?
        .abilities()
        .has(heddle_vm::Ability::Store))
}

/// Ends the execution with an error in the public format.
fn fail(
    context: &mut NativeContext<'_>,
    error: ExecutionError,
    detail: impl Into<String>,
) -> NativeError {
    match runtime(context) {
        Ok(runtime) => {
            runtime.failure = Some(error);
            NativeError::Host {
                detail: detail.into(),
            }
        }
        Err(error) => error,
    }
}

/// Ends the execution because a limit on what one transaction may do is reached.
fn limit(context: &mut NativeContext<'_>, what: &str) -> NativeError {
    fail(
        context,
        ExecutionError::MovePrimitiveRuntimeError { location: None },
        format!("limit reached: {what}"),
    )
}
