//! Whether two functions of two modules have the same code, whatever the
//! indexes through which they name things.

use super::{NamedType, datatype_name, named, named_all};
use heddle_bytecode::{
    Bytecode, CodeUnit, CompiledModule, EnumDefinitionIndex, FieldHandleIndex, FunctionHandleIndex,
    Opcode, SignatureIndex, StructDefinitionIndex, VariantTag,
};

/// An operand, with names in place of indexes.
#[derive(Debug, PartialEq, Eq)]
enum Operand {
    /// A number, offset, local or count, as text.
    Literal(String),
    Types(Vec<NamedType>),
    Constant(NamedType, Vec<u8>),
    /// A function, datatype, field or variant by its full name.
    Item(String),
}

/// Whether `old` and `new` are the same code.
pub(super) fn same(
    old_module: &CompiledModule,
    old: Option<&CodeUnit>,
    new_module: &CompiledModule,
    new: Option<&CodeUnit>,
) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            locals(old_module, old) == locals(new_module, new)
                && jump_tables(old_module, old) == jump_tables(new_module, new)
                && old.code.len() == new.code.len()
                && old.code.iter().zip(&new.code).all(|(old, new)| {
                    old.opcode() == new.opcode()
                        && operands(old_module, old) == operands(new_module, new)
                })
        }
        _ => false,
    }
}

fn locals(module: &CompiledModule, code: &CodeUnit) -> Vec<NamedType> {
    named_all(module, &module[code.locals].0)
}

fn jump_tables(module: &CompiledModule, code: &CodeUnit) -> Vec<(String, Vec<u16>)> {
    code.jump_tables
        .iter()
        .map(|table| {
            let targets = table.jump_table.iter().map(|target| target.0).collect();
            (enum_name(module, table.head_enum), targets)
        })
        .collect()
}

fn struct_name(module: &CompiledModule, index: StructDefinitionIndex) -> String {
    datatype_name(module, module[index].struct_handle)
}

fn enum_name(module: &CompiledModule, index: EnumDefinitionIndex) -> String {
    datatype_name(module, module[index].enum_handle)
}

fn operands(module: &CompiledModule, instruction: &Bytecode) -> Vec<Operand> {
    use Bytecode as B;
    let literal = |value: &dyn std::fmt::Display| vec![Operand::Literal(value.to_string())];
    let types = |index: SignatureIndex| Operand::Types(named_all(module, &module[index].0));
    let function = |index: FunctionHandleIndex| {
        let handle = &module[index];
        let home = module.module_id(&module[handle.module]);
        Operand::Item(format!("{home}::{}", module[handle.name]))
    };
    let structure = |index| Operand::Item(struct_name(module, index));
    let field = |index: FieldHandleIndex| {
        let handle = &module[index];
        let owner = struct_name(module, handle.owner);
        Operand::Item(format!("{owner}.{}", handle.field))
    };
    let variant = |index: EnumDefinitionIndex, tag: VariantTag| {
        Operand::Item(format!("{}#{tag}", enum_name(module, index)))
    };
    match instruction {
        B::BrTrue(target) | B::BrFalse(target) | B::Branch(target) => literal(target),
        B::LdU8(value) => literal(value),
        B::LdU16(value) => literal(value),
        B::LdU32(value) => literal(value),
        B::LdU64(value) => literal(value),
        B::LdU128(value) => literal(value),
        B::LdU256(value) => literal(value),
        B::LdConst(index) => {
            let constant = &module[*index];
            vec![Operand::Constant(
                named(module, &constant.type_),
                constant.data.clone(),
            )]
        }
        B::CopyLoc(local)
        | B::MoveLoc(local)
        | B::StLoc(local)
        | B::MutBorrowLoc(local)
        | B::ImmBorrowLoc(local) => literal(local),
        B::MutBorrowField(index) | B::ImmBorrowField(index) => vec![field(*index)],
        B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index) => {
            let instantiation = &module[*index];
            vec![
                field(instantiation.handle),
                types(instantiation.type_parameters),
            ]
        }
        B::Call(index) => vec![function(*index)],
        B::CallGeneric(index) => {
            let instantiation = &module[*index];
            vec![
                function(instantiation.handle),
                types(instantiation.type_parameters),
            ]
        }
        B::Pack(index) | B::Unpack(index) => vec![structure(*index)],
        B::PackGeneric(index) | B::UnpackGeneric(index) => {
            let instantiation = &module[*index];
            vec![
                structure(instantiation.def),
                types(instantiation.type_parameters),
            ]
        }
        B::PackVariant(index)
        | B::UnpackVariant(index)
        | B::UnpackVariantImmRef(index)
        | B::UnpackVariantMutRef(index) => {
            let handle = &module[*index];
            vec![variant(handle.enum_def, handle.variant)]
        }
        B::PackVariantGeneric(index)
        | B::UnpackVariantGeneric(index)
        | B::UnpackVariantGenericImmRef(index)
        | B::UnpackVariantGenericMutRef(index) => {
            let handle = &module[*index];
            let instantiation = &module[handle.enum_def];
            vec![
                variant(instantiation.def, handle.variant),
                types(instantiation.type_parameters),
            ]
        }
        B::VecPack(index, count) | B::VecUnpack(index, count) => {
            vec![types(*index), Operand::Literal(count.to_string())]
        }
        B::VecLen(index)
        | B::VecImmBorrow(index)
        | B::VecMutBorrow(index)
        | B::VecPushBack(index)
        | B::VecPopBack(index)
        | B::VecSwap(index) => vec![types(*index)],
        B::VariantSwitch(table) => literal(table),
        _ => {
            debug_assert!(has_no_operands(instruction.opcode()));
            Vec::new()
        }
    }
}

/// What [`operands`] leaves to its last arm: plain operations, and those on
/// global storage, which no verified module has.
fn has_no_operands(opcode: Opcode) -> bool {
    use Opcode as O;
    opcode.name().ends_with("Deprecated")
        || matches!(
            opcode,
            O::Pop
                | O::Ret
                | O::LdTrue
                | O::LdFalse
                | O::ReadRef
                | O::WriteRef
                | O::FreezeRef
                | O::Add
                | O::Sub
                | O::Mul
                | O::Mod
                | O::Div
                | O::BitOr
                | O::BitAnd
                | O::Xor
                | O::Or
                | O::And
                | O::Not
                | O::Eq
                | O::Neq
                | O::Lt
                | O::Gt
                | O::Le
                | O::Ge
                | O::Shl
                | O::Shr
                | O::Abort
                | O::Nop
                | O::CastU8
                | O::CastU16
                | O::CastU32
                | O::CastU64
                | O::CastU128
                | O::CastU256
        )
}
