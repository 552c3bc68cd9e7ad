//! What the VM is compared with: a second, naive interpreter of Move bytecode,
//! and a generator of random programs for both.
//!
//! ```text
//! choices ──▶ generate ──▶ modules (verified) ──▶ this interpreter ──▶ Outcome ─┐
//!                 │                           └─▶ heddle-vm, each tier ────────┴─ equal?
//!                 └──▶ mutate
//! ```
//!
//! The interpreter takes one instruction after the other on an operand stack
//! of values that know what they are; references are paths. It computes gas
//! from the published rule (`gas`), not from the VM's code. It shares with
//! the VM only the binary format, and is slow: what it is for is to be
//! obviously right.
//!
//! The generator makes typed statement and expression trees and lowers them
//! to bytecode in varied ways; see [`generate`]. All that is random comes from
//! [`Choices`], a sequence of numbers that can be recorded, replayed and made
//! smaller, which is how a failing program shrinks.
//!
//! Programs have no natives and no objects.

mod choices;
mod closed_type;
mod gas;
pub mod generate;
mod machine;
mod mutate;
mod program;
mod value;

pub use choices::{Choices, shrink};
pub use closed_type::{Datatype, Type};
pub use mutate::mutate;
pub use program::Program;

use heddle_bytecode::FunctionDefinitionIndex;

/// A call from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Position of the module in the program.
    pub module: usize,
    /// The function.
    pub function: FunctionDefinitionIndex,
    /// Its type arguments.
    pub type_arguments: Vec<Type>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

/// An argument: a value, or what a reference refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// In BCS, well formed.
    pub bytes: Vec<u8>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it gave back.
    pub result: Result<Returned, Failure>,
    /// Gas used; all of the budget if it did not suffice.
    pub gas_used: u64,
}

/// What a call that succeeded gave back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Results in BCS.
    pub values: Vec<Vec<u8>>,
    /// What `&mut` arguments refer to afterwards: index of the argument, BCS.
    pub mutated: Vec<(usize, Vec<u8>)>,
}

/// Why a call failed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub kind: FailureKind,
    /// Where; `None` outside of any function.
    pub place: Option<Place>,
}

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Position of the module in the program.
    pub module: usize,
    /// The function.
    pub function: FunctionDefinitionIndex,
    /// The instruction.
    pub offset: u16,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// `abort` with this code.
    Abort(u64),
    /// The budget did not suffice.
    OutOfGas,
    /// Too many frames.
    CallDepth,
    /// Result beyond the width, or below zero.
    Overflow,
    /// Division or remainder by 0.
    DivisionByZero,
    /// Shift by the width or more.
    ShiftAmount,
    /// Cast of a value that does not fit.
    Cast,
    /// Index beyond the length.
    VectorIndex {
        /// The index.
        index: u64,
        /// The length.
        length: u64,
    },
    /// `pop_back` of an empty vector.
    PopEmpty,
    /// A vector unpacked into another number of elements.
    UnpackLength {
        /// Elements asked for.
        expected: u64,
        /// Elements there.
        length: u64,
    },
    /// An enum value taken apart as another variant.
    Variant {
        /// The variant asked for.
        expected: u16,
        /// The variant there.
        actual: u16,
    },
}

/// The budget did not suffice.
pub(crate) struct OutOfGas;

/// Runs `call` with a budget of gas, which also bounds how long it takes.
#[must_use]
pub fn run(program: &Program, call: &Call, budget: u64) -> Outcome {
    machine::run(program, call, budget)
}
