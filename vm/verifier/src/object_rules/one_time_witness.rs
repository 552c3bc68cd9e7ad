//! A one-time witness is a struct named like its module in upper case, with
//! `drop` alone and one field of type `bool` (which is how an empty struct is
//! compiled). Publishing makes the only instance there ever is and gives it to
//! `init`, so the module itself must never make one.

use super::init;
use super::names::is_framework;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, CompiledModule, FunctionDefinitionIndex, SignatureToken,
    StructDefinition, StructDefinitionIndex,
};

/// The module's witness, if it has one: a struct of the right name and shape.
pub(super) fn candidate(
    module: &CompiledModule,
) -> Option<(StructDefinitionIndex, &StructDefinition)> {
    module
        .entries::<StructDefinitionIndex>()
        .find(|(_, definition)| {
            let handle = &module[definition.struct_handle];
            module[handle.name].as_str() == module.name().as_str().to_ascii_uppercase()
                && handle.abilities == AbilitySet::singleton(Ability::Drop)
                && handle.type_parameters.is_empty()
                && matches!(definition.fields(), [field] if field.signature == SignatureToken::Bool)
        })
}

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let Some((witness, _)) = candidate(module) else {
        return Ok(());
    };
    // The native coin's witness is made at genesis, by its module's `new`.
    if is_framework(module) && module.name().as_str() == "sui" {
        return Ok(());
    }
    // Without an `init` that takes it, the struct is one like any other.
    if !init::takes_witness(module) {
        return Ok(());
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        if code.code.contains(&Bytecode::Pack(witness)) {
            return Err(Violation::new(
                Rule::ObjectRule,
                "the module makes an instance of its one-time witness, which only publishing may",
            )
            .in_function(index));
        }
    }
    Ok(())
}
