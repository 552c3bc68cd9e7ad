//! Parameters of `entry` functions can come from a transaction: pure values,
//! objects by value or by reference, vectors of either, objects to receive,
//! and the transaction context at the end. Results are values with `drop`.
//!
//! The clock is only lent out to read: every transaction may name it, and none
//! may hold it up.

use super::names::{is_framework_type, is_std_type, transaction_context};
use crate::error::Violation;
use crate::{Rule, WorkMeter, abilities};
use heddle_bytecode::{
    Ability, AbilitySet, CompiledModule, DatatypeHandleIndex, FunctionDefinitionIndex,
    SignatureToken,
};

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    for (index, function) in module.entries::<FunctionDefinitionIndex>() {
        if !function.is_entry {
            continue;
        }
        let handle = &module[function.function];
        let broken =
            |message: String| Err(Violation::new(Rule::ObjectRule, message).in_function(index));
        let mut parameters = module[handle.parameters].0.as_slice();
        if let Some((last, rest)) = parameters.split_last()
            && transaction_context(module, last).is_some()
        {
            parameters = rest;
        }
        for (position, token) in parameters.iter().enumerate() {
            meter.charge_each(token.preorder().count())?;
            if !is_argument(module, token, &handle.type_parameters) {
                return broken(format!(
                    "parameter {position} of an entry function cannot come from a transaction"
                ));
            }
        }
        for (position, token) in module[handle.return_].0.iter().enumerate() {
            meter.charge_each(token.preorder().count())?;
            let has_drop = abilities(module, token, &handle.type_parameters).has(Ability::Drop);
            if token.is_reference() || !has_drop {
                return broken(format!(
                    "result {position} of an entry function must be a value with `drop`"
                ));
            }
        }
    }
    Ok(())
}

fn is_argument(
    module: &CompiledModule,
    token: &SignatureToken,
    type_parameters: &[AbilitySet],
) -> bool {
    match token {
        SignatureToken::Reference(inner) => {
            is_clock(module, inner) || is_object(module, inner, type_parameters)
        }
        SignatureToken::MutableReference(inner) => {
            !is_clock(module, inner) && is_object(module, inner, type_parameters)
        }
        other => {
            is_pure(module, other, type_parameters)
                || (!is_clock(module, other) && is_object(module, other, type_parameters))
        }
    }
}

fn is_clock(module: &CompiledModule, token: &SignatureToken) -> bool {
    matches!(token, SignatureToken::Datatype(handle)
        if is_framework_type(module, *handle, "clock", "Clock"))
}

fn is_pure(
    module: &CompiledModule,
    token: &SignatureToken,
    type_parameters: &[AbilitySet],
) -> bool {
    let is_text = |handle: DatatypeHandleIndex| {
        is_std_type(module, handle, "string", "String")
            || is_std_type(module, handle, "ascii", "String")
            || is_framework_type(module, handle, "object", "ID")
    };
    match token {
        SignatureToken::Vector(element) => is_pure(module, element, type_parameters),
        SignatureToken::Datatype(handle) => is_text(*handle),
        SignatureToken::DatatypeInstantiation(instantiation) => {
            let (handle, arguments) = &**instantiation;
            is_std_type(module, *handle, "option", "Option")
                && arguments
                    .iter()
                    .all(|argument| is_pure(module, argument, type_parameters))
        }
        SignatureToken::TypeParameter(index) => type_parameters
            .get(index.position())
            .is_some_and(|abilities| !abilities.has(Ability::Key)),
        SignatureToken::Signer
        | SignatureToken::Reference(_)
        | SignatureToken::MutableReference(_) => false,
        _ => true,
    }
}

fn is_object(
    module: &CompiledModule,
    token: &SignatureToken,
    type_parameters: &[AbilitySet],
) -> bool {
    match token {
        SignatureToken::Vector(element) => is_object(module, element, type_parameters),
        SignatureToken::DatatypeInstantiation(instantiation)
            if is_framework_type(module, instantiation.0, "transfer", "Receiving") =>
        {
            true
        }
        other => abilities(module, other, type_parameters).has(Ability::Key),
    }
}
