//! An instruction is generic exactly if the item it names is, and counts in
//! vector instructions are small enough to be the height of a stack.

use heddle_bytecode::{
    Bytecode, CodeOffset, CompiledModule, DatatypeHandleIndex, FunctionDefinitionIndex,
    FunctionHandleIndex,
};

use crate::{Rule, WorkMeter, error::Violation, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        for (offset, operation) in (0u16..=u16::MAX).zip(&code.code) {
            instruction(module, operation)
                .map_err(|violation| violation.at(index, CodeOffset(offset)))?;
        }
    }
    Ok(())
}

fn instruction(module: &CompiledModule, instruction: &Bytecode) -> Result<(), Violation> {
    use Bytecode as B;

    match instruction {
        B::Call(index) => function(module, *index, false),
        B::CallGeneric(index) => function(module, module[*index].handle, true),
        B::Pack(index) | B::Unpack(index) => datatype(module, module[*index].struct_handle, false),
        B::PackGeneric(index) | B::UnpackGeneric(index) => {
            datatype(module, module[module[*index].def].struct_handle, true)
        }
        B::ImmBorrowField(index) | B::MutBorrowField(index) => {
            datatype(module, module[module[*index].owner].struct_handle, false)
        }
        B::ImmBorrowFieldGeneric(index) | B::MutBorrowFieldGeneric(index) => {
            let owner = module[module[*index].handle].owner;
            datatype(module, module[owner].struct_handle, true)
        }
        B::PackVariant(index)
        | B::UnpackVariant(index)
        | B::UnpackVariantImmRef(index)
        | B::UnpackVariantMutRef(index) => {
            datatype(module, module[module[*index].enum_def].enum_handle, false)
        }
        B::PackVariantGeneric(index)
        | B::UnpackVariantGeneric(index)
        | B::UnpackVariantGenericImmRef(index)
        | B::UnpackVariantGenericMutRef(index) => {
            let instantiation = &module[module[*index].enum_def];
            datatype(module, module[instantiation.def].enum_handle, true)
        }
        B::VecPack(_, count) | B::VecUnpack(_, count) if *count > u64::from(u16::MAX) => {
            let message = format!("a vector of {count} elements cannot be on the stack");
            Err(Violation::new(Rule::SizeLimit, message))
        }
        _ => Ok(()),
    }
}

fn function(
    module: &CompiledModule,
    index: FunctionHandleIndex,
    is_generic: bool,
) -> Result<(), Violation> {
    matching(module[index].is_generic(), is_generic, || {
        words::function(module, index)
    })
}

fn datatype(
    module: &CompiledModule,
    index: DatatypeHandleIndex,
    is_generic: bool,
) -> Result<(), Violation> {
    matching(module[index].is_generic(), is_generic, || {
        words::datatype(module, index)
    })
}

fn matching(item: bool, instruction: bool, name: impl FnOnce() -> String) -> Result<(), Violation> {
    if item == instruction {
        return Ok(());
    }
    let words = |is_generic| if is_generic { "generic" } else { "not generic" };
    let message = format!(
        "{} is {}, but the instruction is {}",
        name(),
        words(item),
        words(instruction)
    );
    Err(Violation::new(Rule::GenericMismatch, message))
}
