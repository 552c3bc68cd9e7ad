//! `std::type_name`.

use super::STD;
use crate::runtime_type::{RuntimeType, TypeKind};
use crate::{NativeContext, NativeError, NativeTable};
use std::fmt::Write as _;
use sui_sdk_types::Address;

/// Abort code for a primitive, which no package defines.
const NON_MODULE_TYPE: u64 = 0;
/// Units for each node of a type whose name is made.
const PER_NODE: u64 = 200;

pub(super) fn register(table: &mut NativeTable) {
    table.register(STD, "type_name", "get", with_defining_ids);
    table.register(STD, "type_name", "get_with_original_ids", with_original_ids);
    table.register(STD, "type_name", "with_defining_ids", with_defining_ids);
    table.register(STD, "type_name", "with_original_ids", with_original_ids);
    table.register(STD, "type_name", "defining_id", defining_id);
    table.register(STD, "type_name", "original_id", original_id);
}

/// A type as this module writes it: addresses with all digits and without
/// `0x`, no blank after a comma.
fn write_type(ty: &RuntimeType, use_original: bool, out: &mut String) {
    let name = match &ty.kind {
        TypeKind::Bool => "bool",
        TypeKind::U8 => "u8",
        TypeKind::U16 => "u16",
        TypeKind::U32 => "u32",
        TypeKind::U64 => "u64",
        TypeKind::U128 => "u128",
        TypeKind::U256 => "u256",
        TypeKind::Address => "address",
        TypeKind::Signer => "signer",
        TypeKind::Vector(element) => {
            out.push_str("vector<");
            write_type(element, use_original, out);
            ">"
        }
        TypeKind::Datatype(datatype) => {
            let address = if use_original {
                datatype.loaded_from.package.original_id
            } else {
                datatype.defining_id
            };
            for byte in address.as_bytes() {
                let _ = write!(out, "{byte:02x}");
            }
            let _ = write!(out, "::{}::{}", datatype.loaded_from.name, datatype.name);
            for (index, argument) in datatype.arguments.iter().enumerate() {
                out.push(if index == 0 { '<' } else { ',' });
                write_type(argument, use_original, out);
            }
            if datatype.arguments.is_empty() {
                ""
            } else {
                ">"
            }
        }
    };
    out.push_str(name);
}

/// Returns a `TypeName`, whose only content is the bytes of the name.
fn return_name(context: &mut NativeContext<'_>, use_original: bool) -> Result<(), NativeError> {
    let ty = context.type_arg(0)?;
    context.charge(PER_NODE * u64::from(ty.nodes))?;
    let mut name = String::new();
    write_type(&ty, use_original, &mut name);
    let encoded = bcs::to_bytes(&name).map_err(|error| NativeError::Host {
        detail: error.to_string(),
    })?;
    context.return_bcs(&encoded)
}

/// `with_defining_ids<T>(): TypeName`
fn with_defining_ids(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    return_name(context, false)
}

/// `with_original_ids<T>(): TypeName`
fn with_original_ids(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    return_name(context, true)
}

fn ids(context: &NativeContext<'_>) -> Result<(Address, Address), NativeError> {
    context
        .type_arg(0)?
        .defining_and_original_id()
        .ok_or_else(|| context.abort(NON_MODULE_TYPE))
}

/// `defining_id<T>(): address`
fn defining_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let (defining_id, _) = ids(context)?;
    context.return_address(defining_id)
}

/// `original_id<T>(): address`
fn original_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let (_, original_id) = ids(context)?;
    context.return_address(original_id)
}
