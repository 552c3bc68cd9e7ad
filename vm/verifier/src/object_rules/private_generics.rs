//! Operations that only the module of a type may do with it: transfer, share,
//! freeze and receive without `store`, emit as an event, and the like. Each
//! type argument that the operation keeps private must be a datatype that the
//! calling module defines.
//!
//! The modules of the framework that offer most of them are listed whole: a
//! public function that is added to one of them and not to the list here would
//! be open to everyone, so the module is refused until somebody has decided.

use super::names::{STD, function_path};
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Address, Bytecode, CodeOffset, CompiledModule, FunctionDefinitionIndex, FunctionInstantiation,
    SignatureToken, Visibility,
};

/// A function of the framework, and for each of its type parameters whether
/// an argument must be the caller's own type.
type Operation = (Address, &'static str, &'static str, &'static [bool]);

const OPERATIONS: [Operation; 17] = [
    (Address::TWO, "transfer", "transfer", &[true]),
    (Address::TWO, "transfer", "party_transfer", &[true]),
    (Address::TWO, "transfer", "freeze_object", &[true]),
    (Address::TWO, "transfer", "share_object", &[true]),
    (Address::TWO, "transfer", "receive", &[true]),
    (Address::TWO, "transfer", "public_transfer", &[false]),
    (Address::TWO, "transfer", "public_party_transfer", &[false]),
    (Address::TWO, "transfer", "public_freeze_object", &[false]),
    (Address::TWO, "transfer", "public_share_object", &[false]),
    (Address::TWO, "transfer", "public_receive", &[false]),
    (Address::TWO, "transfer", "receiving_object_id", &[false]),
    (Address::TWO, "event", "emit", &[true]),
    (Address::TWO, "event", "emit_authenticated", &[true]),
    (Address::TWO, "event", "num_events", &[]),
    (Address::TWO, "event", "events_by_type", &[false]),
    (Address::TWO, "coin_registry", "new_currency", &[true]),
    (STD, "internal", "permit", &[true]),
];

/// Modules whose public functions are all in [`OPERATIONS`].
const LISTED_WHOLE: [(Address, &str); 2] = [(Address::TWO, "transfer"), (Address::TWO, "event")];

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    check_listed(module, meter)?;
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            if let Bytecode::CallGeneric(instantiation) = instruction {
                check_call(module, &module[*instantiation])
                    .map_err(|violation| violation.at(index, CodeOffset(offset)))?;
            }
        }
    }
    Ok(())
}

/// Refuses public functions that are not listed, in modules that are.
fn check_listed(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    if !LISTED_WHOLE.contains(&(*module.address(), module.name().as_str())) {
        return Ok(());
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        meter.charge_each(OPERATIONS.len())?;
        if definition.visibility == Visibility::Public
            && operation(function_path(module, definition.function)).is_none()
        {
            let message = "a public function of this module must be known to the verifier";
            return Err(Violation::new(Rule::ObjectRule, message).in_function(index));
        }
    }
    Ok(())
}

fn operation((address, in_module, name): (Address, &str, &str)) -> Option<&'static Operation> {
    OPERATIONS
        .iter()
        .find(|listed| (listed.0, listed.1, listed.2) == (address, in_module, name))
}

fn check_call(module: &CompiledModule, call: &FunctionInstantiation) -> Result<(), Violation> {
    let path = function_path(module, call.handle);
    let home = &module[module[call.handle].module];
    // Inside the module that offers the operation, its own types are the point.
    let is_own_function = *home == *module.self_handle();
    let Some((.., private)) = operation(path).filter(|_| !is_own_function) else {
        return Ok(());
    };
    let arguments = &module[call.type_parameters].0;
    // Beyond the list, if a handle claims more type parameters than there are:
    // it does not link, and is held to the stricter rule until then.
    let private = private.iter().copied().chain(std::iter::repeat(true));
    for (position, (argument, _)) in arguments
        .iter()
        .zip(private)
        .enumerate()
        .filter(|(_, (_, is_private))| *is_private)
    {
        if is_own_type(module, argument) {
            continue;
        }
        let (_, in_module, name) = path;
        let hint = match in_module {
            "transfer" => format!("; use transfer::public_{name}, which needs `store`"),
            _ => String::new(),
        };
        return Err(Violation::new(
            Rule::ObjectRule,
            format!(
                "type argument {position} of {in_module}::{name} must be a type that the calling \
                 module defines{hint}"
            ),
        ));
    }
    Ok(())
}

/// Whether a type is an instance of a datatype that the module defines.
fn is_own_type(module: &CompiledModule, token: &SignatureToken) -> bool {
    let handle = match token {
        SignatureToken::Datatype(handle) => *handle,
        SignatureToken::DatatypeInstantiation(instantiation) => instantiation.0,
        _ => return false,
    };
    module[handle].module == module.self_module_handle
}
