//! A type with `key` is a struct whose first field is `id: UID`.

use super::names::is_uid;
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{Ability, CompiledModule};

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    meter.charge_each(module.struct_defs.len() + module.enum_defs.len())?;
    for definition in &module.struct_defs {
        let handle = &module[definition.struct_handle];
        if !handle.abilities.has(Ability::Key) {
            continue;
        }
        let starts_with_id = definition.fields().first().is_some_and(|field| {
            module[field.name].as_str() == "id" && is_uid(module, &field.signature)
        });
        if !starts_with_id {
            return Err(Violation::new(
                Rule::ObjectRule,
                format!(
                    "struct {} has `key`, so its first field must be `id: 0x2::object::UID`",
                    module[handle.name]
                ),
            ));
        }
    }
    for definition in &module.enum_defs {
        let handle = &module[definition.enum_handle];
        if handle.abilities.has(Ability::Key) {
            return Err(Violation::new(
                Rule::ObjectRule,
                format!("enum {} cannot have `key`", module[handle.name]),
            ));
        }
    }
    Ok(())
}
