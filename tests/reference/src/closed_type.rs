//! Types without parameters, and what the gas rule asks of them.

use crate::Program;
use heddle_bytecode::DatatypeDefinition;
use std::sync::Arc;

/// A type with all type parameters put in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `bool`
    Bool,
    /// `u8` to `u256`, by their bits.
    Integer(u32),
    /// `address`
    Address,
    /// `signer`
    Signer,
    /// `vector<T>`
    Vector(Arc<Type>),
    /// A struct or enum.
    Datatype(Arc<Datatype>),
    /// `&T`
    Reference(Arc<Type>),
    /// `&mut T`
    MutableReference(Arc<Type>),
}

/// A struct or enum with its type arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Datatype {
    /// Position of its module in the [`Program`].
    pub module: usize,
    /// Its definition there.
    pub definition: DatatypeDefinition,
    /// Its type arguments.
    pub arguments: Vec<Type>,
}

impl Type {
    /// What a reference refers to; the type itself if it is none.
    #[must_use]
    pub fn target(&self) -> &Type {
        match self {
            Self::Reference(target) | Self::MutableReference(target) => target,
            other => other,
        }
    }

    /// Whether it is `&T` or `&mut T`.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        matches!(self, Self::Reference(_) | Self::MutableReference(_))
    }

    /// Words of 64 bits that a value takes outside of vectors.
    pub(crate) fn words(&self, program: &Program) -> u64 {
        match self {
            Self::Bool | Self::Reference(_) | Self::MutableReference(_) => 1,
            Self::Integer(bits) => u64::from(*bits).div_ceil(64),
            Self::Address | Self::Signer => 4,
            Self::Vector(_) => 2,
            Self::Datatype(datatype) => {
                let words = |fields: Vec<Type>| -> u64 {
                    fields.iter().map(|field| field.words(program)).sum()
                };
                match datatype.definition {
                    DatatypeDefinition::Struct(_) => words(program.fields(datatype, 0)).max(1),
                    DatatypeDefinition::Enum(_) => {
                        let variants = program.variant_count(datatype);
                        let largest = (0..variants).map(|tag| words(program.fields(datatype, tag)));
                        1 + largest.max().unwrap_or(0)
                    }
                }
            }
        }
    }

    /// Bytes that an element of this type takes in a vector.
    pub(crate) fn element_bytes(&self, program: &Program) -> u64 {
        match self {
            Self::Bool => 1,
            Self::Integer(bits) if *bits <= 64 => u64::from(*bits) / 8,
            other => other.words(program) * 8,
        }
    }

    /// Parts of a value, itself included, without the elements of vectors; of
    /// enums those of the largest variant.
    pub(crate) fn walk(&self, program: &Program) -> u64 {
        match self {
            Self::Datatype(datatype) => {
                let parts = (0..program.variant_count(datatype)).map(|tag| {
                    let fields = program.fields(datatype, tag);
                    fields.iter().map(|field| field.walk(program)).sum::<u64>()
                });
                1 + parts.max().unwrap_or(0)
            }
            _ => 1,
        }
    }

    /// The walk of a value that may hold vectors; 0 for others.
    pub(crate) fn owning_walk(&self, program: &Program) -> u64 {
        match self.holds_vectors(program) {
            true => self.walk(program),
            false => 0,
        }
    }

    /// Nodes of the type and of its arguments.
    fn nodes(&self) -> u64 {
        match self {
            Self::Vector(element) => 1 + element.nodes(),
            Self::Datatype(datatype) => 1 + datatype.arguments.iter().map(Type::nodes).sum::<u64>(),
            _ => 1,
        }
    }

    /// Nodes of the type, and the sizes of the types of its fields or elements.
    pub(crate) fn size(&self, program: &Program) -> u64 {
        match self {
            Self::Vector(element) => 1 + element.size(program),
            Self::Datatype(datatype) => {
                let fields = (0..program.variant_count(datatype))
                    .flat_map(|tag| program.fields(datatype, tag));
                self.nodes() + fields.map(|field| field.size(program)).sum::<u64>()
            }
            Self::Reference(target) | Self::MutableReference(target) => target.size(program),
            _ => 1,
        }
    }

    /// Whether a value may hold a vector.
    pub(crate) fn holds_vectors(&self, program: &Program) -> bool {
        match self {
            Self::Vector(_) => true,
            Self::Datatype(datatype) => (0..program.variant_count(datatype)).any(|tag| {
                let fields = program.fields(datatype, tag);
                fields.iter().any(|field| field.holds_vectors(program))
            }),
            _ => false,
        }
    }
}
