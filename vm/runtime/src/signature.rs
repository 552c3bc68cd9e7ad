//! What a caller outside the VM needs to know of a function.

use heddle_bytecode::{AbilitySet, Visibility};
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

/// A function as its callers see it. Types name datatypes by defining id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInfo {
    /// The package version it was looked up in.
    pub package: Address,
    /// First version of that package.
    pub original_id: Address,
    /// Its module.
    pub module: Identifier,
    /// Its name.
    pub name: Identifier,
    /// Who may call it from Move.
    pub visibility: Visibility,
    /// Whether a transaction may call it whatever its visibility.
    pub is_entry: bool,
    /// Whether its body is a native.
    pub is_native: bool,
    /// Abilities that each type argument must have.
    pub type_parameters: Vec<AbilitySet>,
    /// Types of its parameters, in order.
    pub parameters: Vec<SignatureType>,
    /// Types of its results, in order.
    pub returns: Vec<SignatureType>,
}

/// Names one datatype, whatever package version it is looked at from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DatatypeId {
    /// Storage id of the package version that first defined it.
    pub defining_id: Address,
    /// Its module.
    pub module: Identifier,
    /// Its name.
    pub name: Identifier,
}

/// A type that may mention the type parameters of its function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// `bool`
    Bool,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `u128`
    U128,
    /// `u256`
    U256,
    /// `address`
    Address,
    /// `signer`
    Signer,
    /// `vector<T>`
    Vector(Box<SignatureType>),
    /// A struct or enum with its type arguments.
    Datatype {
        /// Which one.
        id: DatatypeId,
        /// Its type arguments, in order.
        type_arguments: Vec<SignatureType>,
    },
    /// The function's type parameter of this index.
    TypeParameter(u16),
    /// `&T`
    Reference(Box<SignatureType>),
    /// `&mut T`
    MutableReference(Box<SignatureType>),
}

/// How a parameter or result is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passing {
    /// By value.
    Value,
    /// As `&T`.
    ImmutableReference,
    /// As `&mut T`.
    MutableReference,
}

/// A type argument is missing, or a reference stands where none may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantiateError {
    /// Fewer type arguments than the type mentions.
    #[error("type parameter {index} has no argument: {given} were given")]
    MissingTypeArgument {
        /// The parameter mentioned.
        index: u16,
        /// How many arguments there are.
        given: usize,
    },
    /// A reference inside a vector, datatype or reference.
    #[error("a reference can't be part of another type")]
    NestedReference,
}

impl SignatureType {
    /// Splits the outer reference off.
    pub fn passing(&self) -> (Passing, &SignatureType) {
        match self {
            Self::Reference(inner) => (Passing::ImmutableReference, inner),
            Self::MutableReference(inner) => (Passing::MutableReference, inner),
            other => (Passing::Value, other),
        }
    }

    /// The closed type, and how it is passed, with `type_arguments` put in.
    ///
    /// # Errors
    /// If an argument is missing, or a reference is nested.
    pub fn instantiate(
        &self,
        type_arguments: &[TypeTag],
    ) -> Result<(Passing, TypeTag), InstantiateError> {
        let (passing, inner) = self.passing();
        Ok((passing, inner.to_tag(type_arguments)?))
    }

    // Recursion is bounded by the depth limit under which signatures load.
    fn to_tag(&self, type_arguments: &[TypeTag]) -> Result<TypeTag, InstantiateError> {
        Ok(match self {
            Self::Bool => TypeTag::Bool,
            Self::U8 => TypeTag::U8,
            Self::U16 => TypeTag::U16,
            Self::U32 => TypeTag::U32,
            Self::U64 => TypeTag::U64,
            Self::U128 => TypeTag::U128,
            Self::U256 => TypeTag::U256,
            Self::Address => TypeTag::Address,
            Self::Signer => TypeTag::Signer,
            Self::Vector(element) => TypeTag::Vector(Box::new(element.to_tag(type_arguments)?)),
            Self::Datatype {
                id,
                type_arguments: inner,
            } => {
                let arguments = inner
                    .iter()
                    .map(|argument| argument.to_tag(type_arguments))
                    .collect::<Result<Vec<_>, _>>()?;
                TypeTag::Struct(Box::new(StructTag::new(
                    id.defining_id,
                    id.module.clone(),
                    id.name.clone(),
                    arguments,
                )))
            }
            Self::TypeParameter(index) => type_arguments.get(usize::from(*index)).cloned().ok_or(
                InstantiateError::MissingTypeArgument {
                    index: *index,
                    given: type_arguments.len(),
                },
            )?,
            Self::Reference(_) | Self::MutableReference(_) => {
                return Err(InstantiateError::NestedReference);
            }
        })
    }
}
