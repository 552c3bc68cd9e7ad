//! The format can hold things that belong to other Move chains: global
//! storage, and structs that are native. They are refused.

use heddle_bytecode::{
    CodeOffset, CompiledModule, FunctionDefinitionIndex, StructFieldInformation,
};

use crate::{Rule, WorkMeter, error::Violation, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    meter.charge_each(module.struct_defs.len())?;
    for definition in &module.struct_defs {
        if definition.field_information == StructFieldInformation::Native {
            let name = words::datatype(module, definition.struct_handle);
            return Err(Violation::new(
                Rule::NativeStruct,
                format!("{name} is native"),
            ));
        }
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        if !definition.acquires_global_resources.is_empty() {
            let violation = Violation::new(Rule::Acquires, "acquires global resources");
            return Err(violation.in_function(index));
        }
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            if instruction.is_global_storage() {
                let message = format!(
                    "{} reaches into global storage",
                    instruction.opcode().name()
                );
                let violation = Violation::new(Rule::GlobalStorage, message);
                return Err(violation.at(index, CodeOffset(offset)));
            }
        }
    }
    Ok(())
}
