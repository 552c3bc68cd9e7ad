//! Layouts with names, for rendering values as JSON and for checking BCS
//! outside of an execution.

use std::sync::Arc;
use sui_sdk_types::{Identifier, StructTag};

/// The shape of a type with the names that its author gave. BCS follows it:
/// fields in order, vectors with a length, enums with a variant index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeLayout {
    /// `bool`, one byte, 0 or 1.
    Bool,
    /// `u8`
    U8,
    /// `u16`, little endian, as all integers.
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `u128`
    U128,
    /// `u256`
    U256,
    /// `address`, 32 bytes.
    Address,
    /// `signer`, 32 bytes.
    Signer,
    /// `vector<T>`
    Vector(Arc<TypeLayout>),
    /// A struct.
    Struct(Arc<StructLayout>),
    /// An enum.
    Enum(Arc<EnumLayout>),
}

/// A struct with its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructLayout {
    /// The type, by defining ids.
    pub tag: StructTag,
    /// Name and type of each field, in order.
    pub fields: Vec<FieldLayout>,
}

/// An enum with its variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumLayout {
    /// The type, by defining ids.
    pub tag: StructTag,
    /// Variants in order of their tag.
    pub variants: Vec<VariantLayout>,
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantLayout {
    /// Its name.
    pub name: Identifier,
    /// Its fields, in order.
    pub fields: Vec<FieldLayout>,
}

/// One field of a struct or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// Its name; positional fields are called `pos0`, `pos1`, ….
    pub name: Identifier,
    /// Its type.
    pub layout: TypeLayout,
}
