//! Calls from outside: a function, type arguments and arguments.

use crate::value::uleb128;
use crate::{Argument, Call, Choices, Program, Type};
use heddle_bytecode::{
    Ability, AbilitySet, DatatypeDefinition, FunctionDefinitionIndex, SignatureToken,
};
use std::sync::Arc;

/// A random call of `function`; `None` if it can't be called from outside,
/// because it returns a reference.
pub fn call(
    choices: &mut Choices,
    program: &Program,
    module: usize,
    function: FunctionDefinitionIndex,
) -> Option<Call> {
    let tables = &program.modules[module];
    let handle = &tables[tables[function].function];
    if tables[handle.return_]
        .0
        .iter()
        .any(SignatureToken::is_reference)
    {
        return None;
    }
    let type_arguments: Vec<Type> = handle
        .type_parameters
        .iter()
        .map(|constraint| type_argument(choices, program, *constraint))
        .collect();
    let parameters = program.signature(module, handle.parameters, &type_arguments);
    let arguments = parameters
        .iter()
        .map(|ty| {
            let mut bytes = Vec::new();
            random_value(choices, program, ty.target(), 3, &mut bytes);
            Argument { bytes }
        })
        .collect();
    Some(Call {
        module,
        function,
        type_arguments,
        arguments,
    })
}

/// A closed type with these abilities.
fn type_argument(choices: &mut Choices, program: &Program, needed: AbilitySet) -> Type {
    if choices.chance(40) {
        // A struct or enum that is not generic.
        let modules = program.modules.iter().enumerate();
        let mut fitting = Vec::new();
        for (position, module) in modules {
            let structs = module.entries().map(|(index, definition)| {
                let definition: &heddle_bytecode::StructDefinition = definition;
                (DatatypeDefinition::Struct(index), definition.struct_handle)
            });
            let enums = module.entries().map(|(index, definition)| {
                let definition: &heddle_bytecode::EnumDefinition = definition;
                (DatatypeDefinition::Enum(index), definition.enum_handle)
            });
            for (definition, handle) in structs.chain(enums) {
                let handle = &module[handle];
                if !handle.is_generic() && needed.is_subset(handle.abilities) {
                    fitting.push(crate::Datatype {
                        module: position,
                        definition,
                        arguments: Vec::new(),
                    });
                }
            }
        }
        if !fitting.is_empty() {
            return Type::Datatype(Arc::new(fitting.swap_remove(choices.index(fitting.len()))));
        }
    }
    let ty = match choices.below(8) {
        0..=2 => Type::Integer(64),
        3 | 4 => Type::Integer(8 << choices.below(6)),
        5 => Type::Address,
        6 => Type::Vector(Arc::new(Type::Integer(8))),
        _ => Type::Vector(Arc::new(Type::Vector(Arc::new(Type::Integer(16))))),
    };
    debug_assert!(!needed.has(Ability::Key));
    ty
}

/// Appends the BCS of some value.
fn random_value(
    choices: &mut Choices,
    program: &Program,
    ty: &Type,
    depth: u32,
    out: &mut Vec<u8>,
) {
    match ty {
        Type::Bool => out.push(choices.below(2) as u8),
        Type::Integer(bits) => {
            let bytes = *bits as usize / 8;
            let start = out.len();
            out.resize(start + bytes, 0);
            match choices.below(10) {
                0..=5 => out[start] = choices.below(6) as u8,
                6 | 7 => out[start] = choices.below(256) as u8,
                8 => out[start..].fill(0xFF),
                _ => out[start..].fill_with(|| choices.below(256) as u8),
            }
        }
        Type::Address | Type::Signer => {
            let byte = choices.below(3) as u8;
            out.extend_from_slice(&[byte; 32]);
        }
        Type::Vector(element) => {
            let count = choices.below(if depth == 0 { 1 } else { 5 });
            uleb128(count, out);
            for _ in 0..count {
                random_value(choices, program, element, depth - 1, out);
            }
        }
        Type::Datatype(datatype) => {
            let mut tag = 0;
            if let DatatypeDefinition::Enum(_) = datatype.definition {
                tag = choices.index(program.variant_count(datatype));
                uleb128(tag as u64, out);
            }
            for field in program.fields(datatype, tag) {
                random_value(choices, program, &field, depth.saturating_sub(1), out);
            }
        }
        Type::Reference(_) | Type::MutableReference(_) => {
            unreachable!("arguments are given by what they refer to")
        }
    }
}
