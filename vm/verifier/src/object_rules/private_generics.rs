//! Operations that only the module of a type may do with it: transfer, share,
//! freeze and receive without `store`, and emit as an event. The type argument
//! must be a datatype that the calling module defines.

use super::names::function_path;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Address, Bytecode, CompiledModule, FunctionDefinitionIndex, FunctionInstantiation,
    SignatureToken,
};

/// Functions whose first type argument must be the caller's own.
const PRIVATE: [(Address, &str, &str); 9] = [
    (Address::TWO, "transfer", "transfer"),
    (Address::TWO, "transfer", "party_transfer"),
    (Address::TWO, "transfer", "freeze_object"),
    (Address::TWO, "transfer", "share_object"),
    (Address::TWO, "transfer", "receive"),
    (Address::TWO, "event", "emit"),
    (Address::TWO, "event", "emit_authenticated"),
    (Address::TWO, "coin_registry", "new_currency"),
    (Address::from_static("0x1"), "internal", "permit"),
];

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, instruction) in code.code.iter().enumerate() {
            if let Bytecode::CallGeneric(instantiation) = instruction {
                check_call(module, &module[*instantiation]).map_err(|violation| {
                    let offset = u16::try_from(offset).unwrap_or(u16::MAX);
                    violation.at(index, heddle_bytecode::CodeOffset(offset))
                })?;
            }
        }
    }
    Ok(())
}

fn check_call(module: &CompiledModule, call: &FunctionInstantiation) -> Result<(), Violation> {
    let path = function_path(module, call.handle);
    let home = &module[module[call.handle].module];
    // Inside the module that offers the operation, its own types are the point.
    let own_function = *home == *module.self_handle();
    if own_function || !PRIVATE.contains(&path) {
        return Ok(());
    }
    let argument = module[call.type_parameters].0.first();
    let is_own = match argument {
        Some(SignatureToken::Datatype(handle)) => {
            module[*handle].module == module.self_module_handle
        }
        Some(SignatureToken::DatatypeInstantiation(instantiation)) => {
            module[instantiation.0].module == module.self_module_handle
        }
        _ => false,
    };
    if is_own {
        return Ok(());
    }
    let (_, in_module, name) = path;
    let hint = match in_module {
        "transfer" => format!("; use transfer::public_{name}, which needs `store`"),
        _ => String::new(),
    };
    Err(Violation::new(
        Rule::ObjectRule,
        format!("{in_module}::{name} may only be called with a type of the calling module{hint}"),
    ))
}
