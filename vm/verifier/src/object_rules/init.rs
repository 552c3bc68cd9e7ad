//! `init` is called once, when its module is published: with the module's
//! one-time witness if it has one, and the transaction context. It is
//! private, not `entry`, not generic, and returns nothing; and nobody calls it.

use super::names::is_transaction_context;
use super::one_time_witness;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Bytecode, CodeOffset, CompiledModule, FunctionDefinition, FunctionDefinitionIndex,
    SignatureToken, Visibility,
};

const INIT: &str = "init";

fn definition(module: &CompiledModule) -> Option<(FunctionDefinitionIndex, &FunctionDefinition)> {
    module.function_named(INIT)
}

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let Some((index, function)) = definition(module) else {
        return Ok(());
    };
    let broken = |message: &str| {
        Err(Violation::new(Rule::ObjectRule, format!("init {message}")).in_function(index))
    };
    let handle = &module[function.function];
    if function.visibility != Visibility::Private {
        return broken("must be private");
    }
    if function.is_entry {
        return broken("must not be entry");
    }
    if !handle.type_parameters.is_empty() {
        return broken("must not be generic");
    }
    if !module[handle.return_].is_empty() {
        return broken("must not return anything");
    }
    let parameters = &module[handle.parameters].0;
    let takes_context = parameters
        .last()
        .is_some_and(|token| is_transaction_context(module, token));
    if !takes_context {
        return broken("must take the transaction context as its last parameter");
    }
    let before_context = &parameters[..parameters.len() - 1];
    match one_time_witness::candidate(module) {
        Some((_, witness))
            if before_context != [SignatureToken::Datatype(witness.struct_handle)] =>
        {
            return broken(
                "must take the module's one-time witness and the transaction context alone",
            );
        }
        None if !before_context.is_empty() => {
            return broken(
                "must take the transaction context alone, as the module has no one-time witness",
            );
        }
        _ => {}
    }
    for (caller, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            if *instruction == Bytecode::Call(function.function) {
                return Err(Violation::new(
                    Rule::ObjectRule,
                    "init is called, which only publishing may",
                )
                .at(caller, CodeOffset(offset)));
            }
        }
    }
    Ok(())
}
