//! Arguments for functions: values of types, in BCS.

use crate::choices::Choices;
use crate::generate::substitute;
use heddle_bytecode::{CompiledModule, DatatypeHandleIndex, FieldDefinition, SignatureToken as T};
use heddle_vm::CallArg;
use sui_sdk_types::{Identifier, StructTag, TypeTag};

/// A type of `module` as a tag, with `arguments` for its type parameters;
/// `None` for references.
#[must_use]
pub fn tag(module: &CompiledModule, token: &T, arguments: &[TypeTag]) -> Option<TypeTag> {
    Some(match token {
        T::Bool => TypeTag::Bool,
        T::U8 => TypeTag::U8,
        T::U16 => TypeTag::U16,
        T::U32 => TypeTag::U32,
        T::U64 => TypeTag::U64,
        T::U128 => TypeTag::U128,
        T::U256 => TypeTag::U256,
        T::Address => TypeTag::Address,
        T::Signer => TypeTag::Signer,
        T::Vector(element) => TypeTag::Vector(Box::new(tag(module, element, arguments)?)),
        T::Datatype(handle) => struct_tag(module, *handle, Vec::new())?,
        T::DatatypeInstantiation(instantiation) => {
            let inner = instantiation.1.iter();
            let inner = inner
                .map(|token| tag(module, token, arguments))
                .collect::<Option<Vec<_>>>()?;
            struct_tag(module, instantiation.0, inner)?
        }
        T::TypeParameter(index) => arguments.get(usize::from(index.0))?.clone(),
        T::Reference(_) | T::MutableReference(_) => return None,
    })
}

fn struct_tag(
    module: &CompiledModule,
    handle: DatatypeHandleIndex,
    arguments: Vec<TypeTag>,
) -> Option<TypeTag> {
    let handle = module.get(handle)?;
    let home = module.get(handle.module)?;
    Some(TypeTag::Struct(Box::new(StructTag::new(
        *module.get(home.address)?,
        Identifier::new(module.get(home.name)?.as_str()).ok()?,
        Identifier::new(module.get(handle.name)?.as_str()).ok()?,
        arguments,
    ))))
}

/// An argument for a parameter, `None` if no value of its type can be made.
pub fn argument(
    module: &CompiledModule,
    token: &T,
    arguments: &[T],
    choices: &mut Choices<'_>,
) -> Option<CallArg> {
    let mut bytes = Vec::new();
    Some(match token {
        T::Reference(inner) => {
            value(module, inner, arguments, choices, 6, &mut bytes)?;
            CallArg::ImmRef(bytes)
        }
        T::MutableReference(inner) => {
            value(module, inner, arguments, choices, 6, &mut bytes)?;
            CallArg::MutRef(bytes)
        }
        token => {
            value(module, token, arguments, choices, 6, &mut bytes)?;
            CallArg::Value(bytes)
        }
    })
}

/// Appends a value of a type, whose type parameters stand for `arguments`.
fn value(
    module: &CompiledModule,
    token: &T,
    arguments: &[T],
    choices: &mut Choices<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Option<()> {
    let number = |choices: &mut Choices<'_>, width: usize, out: &mut Vec<u8>| {
        let low = choices.number().to_le_bytes();
        out.extend((0..width).map(|at| low.get(at).copied().unwrap_or(0)));
    };
    match token {
        T::Bool => out.push(choices.byte() & 1),
        T::U8 => number(choices, 1, out),
        T::U16 => number(choices, 2, out),
        T::U32 => number(choices, 4, out),
        T::U64 => number(choices, 8, out),
        T::U128 => number(choices, 16, out),
        T::U256 | T::Address | T::Signer => number(choices, 32, out),
        T::Vector(element) => {
            let length = if depth == 0 { 0 } else { choices.byte() % 5 };
            out.push(length);
            for _ in 0..length {
                value(module, element, arguments, choices, depth - 1, out)?;
            }
        }
        T::Datatype(handle) => datatype(module, *handle, &[], choices, depth, out)?,
        T::DatatypeInstantiation(instantiation) => {
            let inner: Vec<T> = instantiation
                .1
                .iter()
                .map(|token| substitute(token, arguments))
                .collect();
            datatype(module, instantiation.0, &inner, choices, depth, out)?;
        }
        T::TypeParameter(index) => {
            let argument = arguments.get(usize::from(index.0))?;
            value(module, argument, &[], choices, depth, out)?;
        }
        T::Reference(_) | T::MutableReference(_) => return None,
    }
    Some(())
}

fn datatype(
    module: &CompiledModule,
    handle: DatatypeHandleIndex,
    arguments: &[T],
    choices: &mut Choices<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let structs = module.struct_defs.iter();
    let mut fields: Option<&[FieldDefinition]> = structs
        .clone()
        .find(|definition| definition.struct_handle == handle)
        .map(|definition| definition.fields());
    if fields.is_none() {
        let definition = module
            .enum_defs
            .iter()
            .find(|definition| definition.enum_handle == handle)?;
        let tag = choices.below(definition.variants.len());
        out.push(u8::try_from(tag).ok()?);
        fields = definition
            .variants
            .get(tag)
            .map(|variant| variant.fields.as_slice());
    }
    for field in fields? {
        value(module, &field.signature, arguments, choices, depth, out)?;
    }
    Some(())
}
