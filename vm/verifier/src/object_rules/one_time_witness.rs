//! A one-time witness is a struct named like its module in upper case, with
//! one field of type `bool` (which is how an empty struct is compiled).
//! Publishing makes the only instance there ever is and gives it to `init`.
//!
//! Such a struct has `drop` alone, is not generic, and is never made by its
//! module, whether or not there is an `init`: the framework knows a witness by
//! its type, so a second one would be taken for the first.

use super::names::is_framework;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, CodeOffset, CompiledModule, FunctionDefinitionIndex,
    SignatureToken, StructDefinition, StructDefinitionIndex,
};

/// The module's witness, if it has one: a struct of the right name and fields.
pub(super) fn candidate(
    module: &CompiledModule,
) -> Option<(StructDefinitionIndex, &StructDefinition)> {
    // The native coin's witness is made at genesis, by its module's `new`.
    if is_framework(module) && module.name().as_str() == "sui" {
        return None;
    }
    let name = module.name().as_str().to_ascii_uppercase();
    module
        .entries::<StructDefinitionIndex>()
        .find(|(_, definition)| {
            module[module[definition.struct_handle].name].as_str() == name
                && matches!(definition.fields(), [field] if field.signature == SignatureToken::Bool)
        })
}

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    meter.charge_each(module.struct_defs.len())?;
    let Some((witness, definition)) = candidate(module) else {
        return Ok(());
    };
    let handle = &module[definition.struct_handle];
    let broken = |what: &str| {
        let name = &module[handle.name];
        Violation::new(
            Rule::ObjectRule,
            format!("struct {name} has the name and field of a one-time witness, so it {what}"),
        )
    };
    if handle.abilities != AbilitySet::singleton(Ability::Drop) {
        return Err(broken("must have `drop` and no other ability"));
    }
    if !handle.type_parameters.is_empty() {
        return Err(broken("must not be generic"));
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            if *instruction == Bytecode::Pack(witness) {
                return Err(broken("must only be made by publishing").at(index, CodeOffset(offset)));
            }
        }
    }
    Ok(())
}
