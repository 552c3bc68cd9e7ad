//! A function's signature, in the terms in which clients resolve arguments.

use crate::{Executor, QueryError};
use heddle_objects::{ObjectRead, STD_PACKAGE_ID};
use heddle_vm::{FunctionInfo, Passing, ResolveError, SignatureType};
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

impl Executor {
    /// The signature of `package::module::function`. `package` is a package
    /// version's own id.
    ///
    /// # Errors
    /// [`QueryError`] if one of the three does not exist or the store fails.
    pub fn function(
        &self,
        store: &dyn ObjectRead,
        package: &Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Result<FunctionSignature, QueryError> {
        let host = self.host(store);
        match self.vm().function(&host, *package, module, function) {
            Ok(info) => Ok(describe(&info)),
            Err(error) => match host.take_fault() {
                Some(fault) => Err(fault.into()),
                None => Err(function_error(error, package, module, function)),
            },
        }
    }
}

fn function_error(
    error: ResolveError,
    package: &Address,
    module: &Identifier,
    function: &Identifier,
) -> QueryError {
    match error {
        ResolveError::PackageNotFound(package) => QueryError::PackageNotFound(package),
        ResolveError::ModuleNotFound { package, module } => {
            QueryError::ModuleNotFound { package, module }
        }
        ResolveError::FunctionNotFound {
            package,
            module,
            function,
        } => QueryError::FunctionNotFound {
            package,
            module,
            function,
        },
        other => QueryError::Unreadable {
            name: format!("{package}::{module}::{function}"),
            reason: other.to_string(),
        },
    }
}

fn describe(info: &FunctionInfo) -> FunctionSignature {
    FunctionSignature {
        package: info.package,
        module: info.module.clone(),
        name: info.name.clone(),
        visibility: match info.visibility {
            heddle_vm::Visibility::Private => Visibility::Private,
            heddle_vm::Visibility::Friend => Visibility::Friend,
            heddle_vm::Visibility::Public => Visibility::Public,
        },
        is_entry: info.is_entry,
        type_parameters: info
            .type_parameters
            .iter()
            .map(|constraints| TypeParameter {
                constraints: abilities(*constraints),
            })
            .collect(),
        parameters: info.parameters.iter().map(parameter).collect(),
        returns: info
            .returns
            .iter()
            .map(|type_| {
                let (reference, inner) = reference(type_);
                ReturnType {
                    reference,
                    type_: open_type(inner),
                }
            })
            .collect(),
    }
}

/// The abilities of a set in the order copy, drop, store, key.
pub(crate) fn abilities(set: heddle_vm::AbilitySet) -> Vec<Ability> {
    set.into_iter()
        .map(|ability| match ability {
            heddle_vm::Ability::Copy => Ability::Copy,
            heddle_vm::Ability::Drop => Ability::Drop,
            heddle_vm::Ability::Store => Ability::Store,
            heddle_vm::Ability::Key => Ability::Key,
        })
        .collect()
}

fn reference(type_: &SignatureType) -> (Option<Reference>, &SignatureType) {
    match type_.passing() {
        (Passing::Value, inner) => (None, inner),
        (Passing::ImmutableReference, inner) => (Some(Reference::Immutable), inner),
        (Passing::MutableReference, inner) => (Some(Reference::Mutable), inner),
    }
}

fn parameter(type_: &SignatureType) -> Parameter {
    let (reference, inner) = reference(type_);
    let type_ = open_type(inner);
    let role = if type_.is_datatype(&Address::TWO, "tx_context", "TxContext") {
        ParameterRole::TxContext
    } else if type_.is_datatype(&Address::TWO, "transfer", "Receiving") {
        ParameterRole::Receiving
    } else if is_pure(&type_) {
        ParameterRole::Pure
    } else {
        ParameterRole::Object
    };
    Parameter {
        reference,
        type_,
        role,
    }
}

/// Whether values of the type are given as bytes. A type parameter counts as
/// an object: which it is depends on the call.
fn is_pure(type_: &OpenType) -> bool {
    match type_ {
        OpenType::Signer | OpenType::TypeParameter(_) => false,
        OpenType::Vector(element) => is_pure(element),
        OpenType::Datatype { type_arguments, .. } => {
            type_.is_datatype(&STD_PACKAGE_ID, "string", "String")
                || type_.is_datatype(&STD_PACKAGE_ID, "ascii", "String")
                || type_.is_datatype(&Address::TWO, "object", "ID")
                || (type_.is_datatype(&STD_PACKAGE_ID, "option", "Option")
                    && type_arguments.iter().all(is_pure))
        }
        _ => true,
    }
}

fn open_type(type_: &SignatureType) -> OpenType {
    match type_ {
        SignatureType::Bool => OpenType::Bool,
        SignatureType::U8 => OpenType::U8,
        SignatureType::U16 => OpenType::U16,
        SignatureType::U32 => OpenType::U32,
        SignatureType::U64 => OpenType::U64,
        SignatureType::U128 => OpenType::U128,
        SignatureType::U256 => OpenType::U256,
        SignatureType::Address => OpenType::Address,
        SignatureType::Signer => OpenType::Signer,
        SignatureType::Vector(element) => OpenType::Vector(Box::new(open_type(element))),
        SignatureType::Datatype { id, type_arguments } => OpenType::Datatype {
            address: id.defining_id,
            module: id.module.clone(),
            name: id.name.clone(),
            type_arguments: type_arguments.iter().map(open_type).collect(),
        },
        SignatureType::TypeParameter(index) => OpenType::TypeParameter(*index),
        // References stand outermost alone, where `reference` takes them off.
        SignatureType::Reference(inner) | SignatureType::MutableReference(inner) => {
            open_type(inner)
        }
    }
}
