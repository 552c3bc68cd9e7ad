//! The fields of a datatype have what its declared abilities demand.

use heddle_bytecode::{AbilitySet, CompiledModule, DatatypeHandleIndex, FieldDefinition};

use crate::{Rule, WorkMeter, error::Violation, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    for definition in &module.struct_defs {
        fields(module, meter, definition.struct_handle, definition.fields())?;
    }
    for definition in &module.enum_defs {
        for variant in &definition.variants {
            fields(module, meter, definition.enum_handle, &variant.fields)?;
        }
    }
    Ok(())
}

fn fields(
    module: &CompiledModule,
    meter: &mut WorkMeter,
    owner: DatatypeHandleIndex,
    fields: &[FieldDefinition],
) -> Result<(), Violation> {
    let handle = &module[owner];
    let demanded = handle.abilities.requires();
    // A generic datatype has an ability only where its arguments allow it, so
    // its own parameters may be taken to have all of them.
    let type_parameters = vec![AbilitySet::ALL; handle.type_parameters.len()];
    for field in fields {
        meter.charge_each(field.signature.preorder().count())?;
        let found = crate::abilities(module, &field.signature, &type_parameters);
        if !demanded.is_subset(found) {
            let message = format!(
                "{} declares {}, but its field {} lacks {}",
                words::datatype(module, owner),
                handle.abilities,
                module[field.name],
                demanded.difference(found)
            );
            return Err(Violation::new(Rule::FieldAbility, message));
        }
    }
    Ok(())
}
