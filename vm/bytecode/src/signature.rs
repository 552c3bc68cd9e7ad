//! Types as the binary format writes them.

use crate::{DatatypeHandleIndex, TypeParameterIndex};

/// A list of types: parameters, return values, locals or type arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub Vec<SignatureToken>);

impl Signature {
    /// How many types the list holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A type, possibly open: type parameters are those of the item it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureToken {
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
    Vector(Box<SignatureToken>),
    /// A struct or enum without type parameters.
    Datatype(DatatypeHandleIndex),
    /// A generic struct or enum with its type arguments, at least one.
    DatatypeInstantiation(Box<(DatatypeHandleIndex, Vec<SignatureToken>)>),
    /// `&T`
    Reference(Box<SignatureToken>),
    /// `&mut T`
    MutableReference(Box<SignatureToken>),
    /// A type parameter.
    TypeParameter(TypeParameterIndex),
}

impl SignatureToken {
    /// Whether the type is one of the six unsigned integers.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::U8 | Self::U16 | Self::U32 | Self::U64 | Self::U128 | Self::U256
        )
    }

    /// Whether the type is `&T` or `&mut T`.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        matches!(self, Self::Reference(_) | Self::MutableReference(_))
    }

    /// Whether the type is `&mut T`.
    #[must_use]
    pub fn is_mutable_reference(&self) -> bool {
        matches!(self, Self::MutableReference(_))
    }

    /// The types directly inside this one.
    #[must_use]
    pub fn children(&self) -> &[SignatureToken] {
        match self {
            Self::Vector(inner) | Self::Reference(inner) | Self::MutableReference(inner) => {
                std::slice::from_ref(inner)
            }
            Self::DatatypeInstantiation(instantiation) => &instantiation.1,
            _ => &[],
        }
    }

    /// The type and all types inside it, each before its own parts.
    pub fn preorder(&self) -> impl Iterator<Item = &SignatureToken> {
        self.preorder_with_depth().map(|(token, _)| token)
    }

    /// Like [`SignatureToken::preorder`], with each type's depth; this type
    /// itself is at depth 1.
    pub fn preorder_with_depth(&self) -> impl Iterator<Item = (&SignatureToken, usize)> {
        Preorder {
            next: Some((self, 1)),
            waiting: Vec::new(),
        }
    }
}

/// Types still to be visited. Allocates nothing for types without siblings,
/// which most are.
struct Preorder<'a> {
    next: Option<(&'a SignatureToken, usize)>,
    waiting: Vec<(&'a SignatureToken, usize)>,
}

impl<'a> Iterator for Preorder<'a> {
    type Item = (&'a SignatureToken, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let (token, depth) = self.next.or_else(|| self.waiting.pop())?;
        self.next = match token.children() {
            [] => None,
            [first, rest @ ..] => {
                let rest = rest.iter().rev().map(|part| (part, depth + 1));
                self.waiting.extend(rest);
                Some((first, depth + 1))
            }
        };
        Some((token, depth))
    }
}
