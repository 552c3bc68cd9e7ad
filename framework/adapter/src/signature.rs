//! A function's signature, in the terms in which clients resolve arguments.

use std::fmt;
use sui_sdk_types::{Address, Identifier};

/// Who may call a function from Move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Its own module alone (transactions too, if it is `entry`).
    Private,
    /// Modules of the same package.
    Friend,
    /// Everyone.
    Public,
}

/// How a parameter or result is passed, if not by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `&T`.
    Immutable,
    /// `&mut T`.
    Mutable,
}

/// A type parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeParameter {
    /// Abilities that an argument must have, in the order copy, drop, store, key.
    pub constraints: Vec<Ability>,
}

/// An ability of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Values can be copied.
    Copy,
    /// Values can be dropped.
    Drop,
    /// Values can be stored in objects.
    Store,
    /// Values are objects.
    Key,
}

/// A type that may mention the function's type parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenType {
    /// `bool`.
    Bool,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `u128`.
    U128,
    /// `u256`.
    U256,
    /// `address`.
    Address,
    /// `signer`.
    Signer,
    /// `vector<T>`.
    Vector(Box<OpenType>),
    /// A struct or an enum.
    Datatype {
        /// The package version that first defined it.
        address: Address,
        /// Its module.
        module: Identifier,
        /// Its name.
        name: Identifier,
        /// Its type arguments.
        type_arguments: Vec<OpenType>,
    },
    /// The n-th type parameter of the function.
    TypeParameter(u16),
}

/// What an argument for a parameter must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterRole {
    /// Plain bytes: numbers, booleans, addresses, ids, strings, options and
    /// vectors of such.
    Pure,
    /// An object, or the result of another command.
    Object,
    /// `0x2::transfer::Receiving<T>`: an object sent to another object's address.
    Receiving,
    /// `&TxContext` or `&mut TxContext`: not an argument, execution fills it in.
    TxContext,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// By value (`None`) or by reference.
    pub reference: Option<Reference>,
    /// The type behind the reference.
    pub type_: OpenType,
    /// What the argument must be.
    pub role: ParameterRole,
}

/// A result of a function: a type, perhaps behind a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnType {
    /// By value (`None`) or by reference.
    pub reference: Option<Reference>,
    /// The type behind the reference.
    pub type_: OpenType,
}

/// The signature of a Move function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionSignature {
    /// The package version that was asked.
    pub package: Address,
    /// The module.
    pub module: Identifier,
    /// The function's name.
    pub name: Identifier,
    /// Who may call it.
    pub visibility: Visibility,
    /// Whether a transaction may call it even if it is not public.
    pub is_entry: bool,
    /// Type parameters in order.
    pub type_parameters: Vec<TypeParameter>,
    /// Parameters in order, `TxContext` included.
    pub parameters: Vec<Parameter>,
    /// Results in order.
    pub returns: Vec<ReturnType>,
}

impl OpenType {
    /// Whether this is the datatype `address::module::name`, whatever its
    /// type arguments.
    pub fn is_datatype(&self, address: &Address, module: &str, name: &str) -> bool {
        matches!(
            self,
            OpenType::Datatype { address: a, module: m, name: n, .. }
                if a == address && m.as_str() == module && n.as_str() == name
        )
    }
}

impl fmt::Display for OpenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenType::Bool => f.write_str("bool"),
            OpenType::U8 => f.write_str("u8"),
            OpenType::U16 => f.write_str("u16"),
            OpenType::U32 => f.write_str("u32"),
            OpenType::U64 => f.write_str("u64"),
            OpenType::U128 => f.write_str("u128"),
            OpenType::U256 => f.write_str("u256"),
            OpenType::Address => f.write_str("address"),
            OpenType::Signer => f.write_str("signer"),
            OpenType::Vector(element) => write!(f, "vector<{element}>"),
            OpenType::TypeParameter(index) => write!(f, "T{index}"),
            OpenType::Datatype {
                address,
                module,
                name,
                type_arguments,
            } => {
                write!(f, "{address}::{module}::{name}")?;
                for (index, argument) in type_arguments.iter().enumerate() {
                    f.write_str(if index == 0 { "<" } else { ", " })?;
                    write!(f, "{argument}")?;
                }
                if !type_arguments.is_empty() {
                    f.write_str(">")?;
                }
                Ok(())
            }
        }
    }
}
