//! What can go wrong inside the interpreter, before the place is known.

use crate::{ArithmeticError, ExecutionErrorKind, OutOfGas, ResolveError, VectorError};

/// The cause of a failed instruction. It travels in a box: every checked access
/// can return one, and a result of one pointer stays in a register, which the
/// match loop has none too many of. [`Fault::into_kind`] makes the public error
/// of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Abort(u64),
    OutOfGas,
    Arithmetic(ArithmeticError),
    VectorIndex {
        index: u64,
        length: u64,
    },
    PopEmpty,
    UnpackLength {
        expected: u64,
        length: u64,
    },
    Variant {
        expected: u16,
        actual: u64,
    },
    MemoryLimit,
    CallDepth,
    /// An access outside of the execution's memory.
    Bounds,
    Invariant(&'static str),
    Resolve(Box<ResolveError>),
    Kind(Box<ExecutionErrorKind>),
}

impl From<OutOfGas> for Box<Fault> {
    #[cold]
    fn from(_: OutOfGas) -> Self {
        Box::new(Fault::OutOfGas)
    }
}

impl From<ResolveError> for Box<Fault> {
    #[cold]
    fn from(error: ResolveError) -> Self {
        Box::new(Fault::Resolve(Box::new(error)))
    }
}

/// An access outside of the execution's memory.
#[cold]
#[inline(never)]
pub(crate) fn bounds() -> Box<Fault> {
    Box::new(Fault::Bounds)
}

/// What no verified program can do.
#[cold]
#[inline(never)]
pub(crate) fn invariant(detail: &'static str) -> Box<Fault> {
    Box::new(Fault::Invariant(detail))
}

/// An arithmetic error.
#[cold]
#[inline(never)]
pub(crate) fn arithmetic(error: ArithmeticError) -> Box<Fault> {
    Box::new(Fault::Arithmetic(error))
}

/// An index beyond a vector's length.
#[cold]
#[inline(never)]
pub(crate) fn vector_index(index: u64, length: u64) -> Box<Fault> {
    Box::new(Fault::VectorIndex { index, length })
}

/// `pop_back` of an empty vector.
#[cold]
#[inline(never)]
pub(crate) fn pop_empty() -> Box<Fault> {
    Box::new(Fault::PopEmpty)
}

impl Fault {
    pub(crate) fn into_kind(self, heap_limit_bytes: u64) -> ExecutionErrorKind {
        use ExecutionErrorKind as Kind;
        match self {
            Self::Abort(code) => Kind::Abort { code },
            Self::OutOfGas => Kind::OutOfGas,
            Self::Arithmetic(error) => Kind::Arithmetic(error),
            Self::VectorIndex { index, length } => {
                Kind::Vector(VectorError::Index { index, length })
            }
            Self::PopEmpty => Kind::Vector(VectorError::PopEmpty),
            Self::UnpackLength { expected, length } => {
                Kind::Vector(VectorError::UnpackLength { expected, length })
            }
            Self::Variant { expected, actual } => Kind::VariantMismatch { expected, actual },
            Self::MemoryLimit => Kind::MemoryLimit {
                limit_bytes: heap_limit_bytes,
            },
            Self::CallDepth => Kind::CallDepth,
            Self::Bounds => Kind::InvariantViolation("access outside of execution memory"),
            Self::Invariant(detail) => Kind::InvariantViolation(detail),
            Self::Resolve(error) => Kind::Resolve(*error),
            Self::Kind(kind) => *kind,
        }
    }
}
