//! `init` is called once, when its module is published: with the module's
//! one-time witness if it asks for it, and the transaction context. It is
//! private, not `entry`, not generic, and returns nothing; and nobody calls it.

use super::names::transaction_context;
use super::one_time_witness;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Bytecode, CompiledModule, FunctionDefinition, FunctionDefinitionIndex, SignatureToken,
    Visibility,
};

const INIT: &str = "init";

fn definition(module: &CompiledModule) -> Option<(FunctionDefinitionIndex, &FunctionDefinition)> {
    module.function_named(INIT)
}

/// Whether `init` asks for the module's one-time witness.
pub(super) fn takes_witness(module: &CompiledModule) -> bool {
    let Some((_, function)) = definition(module) else {
        return false;
    };
    let Some((_, witness)) = one_time_witness::candidate(module) else {
        return false;
    };
    let parameters = &module[module[function.function].parameters].0;
    parameters.first() == Some(&SignatureToken::Datatype(witness.struct_handle))
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
    let context = parameters
        .last()
        .and_then(|token| transaction_context(module, token));
    if context.is_none() {
        return broken("must take the transaction context as its last parameter");
    }
    if parameters.len() > 2 || (parameters.len() == 2 && !takes_witness(module)) {
        return broken(
            "must take nothing but the module's one-time witness and the transaction context",
        );
    }
    for (caller, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        if code.code.contains(&Bytecode::Call(function.function)) {
            return Err(Violation::new(
                Rule::ObjectRule,
                "init is called, which only publishing may",
            )
            .in_function(caller));
        }
    }
    Ok(())
}
