//! Translated code as data, for people and tools: what `heddle move
//! disassemble` shows.
//!
//! A [`FunctionListing`] is a copy: it says nothing about how code is kept,
//! and changing the instruction set changes only the texts in it. The names,
//! operands and documentation of the instructions come from the table in
//! `op.rs` ([`instruction_set`]).

use crate::code::{Body, Code, ConstantValue, Ops};
use crate::linkage::{FunctionIndex, LinkContext};
use crate::op::Op;
use crate::translate::reachable_blocks;
use std::fmt::Write as _;
use std::ops::Range;

/// An instruction of the register code that Move is translated to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionDescription {
    /// Its mnemonic.
    pub name: &'static str,
    /// Names of the operands and of their types.
    pub operands: &'static [(&'static str, &'static str)],
    /// What it does, in Markdown.
    pub doc: &'static str,
}

/// All instructions of the register code.
#[must_use]
pub fn instruction_set() -> &'static [InstructionDescription] {
    crate::op::INSTRUCTIONS
}

/// The translated code of one function instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionListing {
    /// Whether the function is implemented in Rust; then there is no code.
    pub is_native: bool,
    /// Gas units charged the first time that the function runs in a call from
    /// outside.
    pub load_cost: u64,
    /// The basic blocks in the order of the code.
    pub blocks: Vec<ListedBlock>,
}

/// A basic block: what is charged at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedBlock {
    /// Offsets of the Move instructions that it stands for. Empty for what is
    /// done on entry alone, where code also branches to the first instruction.
    pub offsets: Range<u16>,
    /// Gas units charged before it runs. What depends on data (bytes copied,
    /// natives) comes on top while it runs.
    pub cost: u32,
    /// Its instructions.
    pub instructions: Vec<ListedInstruction>,
}

/// One instruction of translated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedInstruction {
    /// Its position in the translated code, which is what branches name.
    pub position: u32,
    /// Offset of the Move instruction that it stands for. Several may stand
    /// for one, and some Move instructions for none.
    pub offset: u16,
    /// Mnemonic and operands.
    pub text: String,
    /// What an operand means that is an index: the function called, the
    /// targets of a switch, the words of a constant.
    pub note: Option<String>,
}

/// The listing of `code`, whose calls `context` can name.
pub(crate) fn list(code: &Code, context: &LinkContext) -> FunctionListing {
    let mut listing = FunctionListing {
        is_native: false,
        load_cost: code.load_cost,
        blocks: Vec::new(),
    };
    let Body::Ops(body) = &code.body else {
        listing.is_native = true;
        return listing;
    };
    let unit = code.module.module.get(code.function);
    let unit = unit.and_then(|definition| definition.code.as_ref());
    let ranges = unit.and_then(reachable_blocks).unwrap_or_default();
    for (position, (op, offset)) in (0..).zip(body.ops.iter().zip(&body.offsets)) {
        let instruction = ListedInstruction {
            position,
            offset: *offset,
            text: op.to_string(),
            note: note(op, body, context),
        };
        if let Op::Gas { cost } = op {
            let range = ranges
                .iter()
                .find(|range| range.contains(&usize::from(*offset)));
            let end = range.map_or(*offset, |range| u16::try_from(range.end).unwrap_or(*offset));
            // Two blocks at one place: the first is the function's entry.
            if let Some(entry) = listing.blocks.last_mut()
                && entry.offsets.start == *offset
            {
                entry.offsets.end = *offset;
            }
            listing.blocks.push(ListedBlock {
                offsets: *offset..end,
                cost: *cost,
                instructions: Vec::new(),
            });
        }
        if let Some(block) = listing.blocks.last_mut() {
            block.instructions.push(instruction);
        }
    }
    listing
}

fn note(op: &Op, body: &Ops, context: &LinkContext) -> Option<String> {
    match op {
        Op::Call { callee, .. } | Op::CallNative { callee, .. } => {
            context.function_name(FunctionIndex(*callee))
        }
        Op::Switch { table, .. } | Op::SwitchSlot { table, .. } => {
            let table = body.jump_tables.get(usize::from(*table))?;
            let mut text = String::new();
            for (tag, (target, cost)) in table.iter().enumerate() {
                let comma = if tag > 0 { ", " } else { "" };
                let _ = write!(text, "{comma}{tag}: target={target} cost={cost}");
            }
            Some(text)
        }
        Op::ConstWords { index, .. } | Op::ConstValue { index, .. } => {
            match body.constants.get(usize::from(*index))? {
                ConstantValue::Words(words) => {
                    let words: Vec<String> =
                        words.iter().map(|word| format!("{word:#x}")).collect();
                    Some(words.join(" "))
                }
                ConstantValue::Encoded { module, index, .. } => {
                    let bytes = &module.module.get(*index)?.data;
                    Some(format!("{} bytes of BCS", bytes.len()))
                }
            }
        }
        _ => None,
    }
}
