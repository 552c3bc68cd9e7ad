//! `heddle move assemble` and `heddle move disassemble`: modules as text.
//!
//! * [`assemble`]: text to compiled modules.
//! * [`disassemble`]: which functions to show, and how they come out as JSON.
//! * [`side_by_side`]: Move bytecode beside its translation, for a person.

mod assemble;
mod disassemble;
mod side_by_side;

pub(crate) use assemble::{AssembleArgs, assemble};
pub(crate) use disassemble::{DisassembleArgs, disassemble};
