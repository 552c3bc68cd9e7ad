//! Emitting instructions, looking back at the last one, and control flow.

use super::{Operand, Result, Translator};
use crate::code::JumpTable;
use crate::layout::Layout;
use crate::op::{Op, Slot};
use crate::translate::operand::Where;
use heddle_bytecode::{CodeOffset, VariantJumpTableIndex};
use std::sync::Arc;

/// A branch whose target is not known yet carries the target's block.
impl Translator<'_> {
    pub(super) fn emit(&mut self, op: Op) {
        self.emit_for(self.offset, op);
    }

    /// Emits an instruction that does the work of the Move instruction at
    /// `offset`, which is where it may fail.
    pub(super) fn emit_for(&mut self, offset: u16, op: Op) {
        self.ops.push(op);
        self.offsets.push(offset);
    }

    /// The last instruction of this block, if there is one.
    pub(super) fn last(&mut self) -> Option<&mut Op> {
        if self.ops.len() > self.barrier {
            self.ops.last_mut()
        } else {
            None
        }
    }

    /// Takes the last instruction back; returns the offset that it was for.
    pub(super) fn take_last(&mut self) -> u16 {
        self.ops.pop();
        self.offsets.pop().unwrap_or(self.offset)
    }

    pub(super) fn emit_move(&mut self, dst: Slot, src: Slot, words: u32) {
        if dst == src {
            return;
        }
        self.emit(match words {
            1 => Op::Move { dst, src },
            2 => Op::Move2 { dst, src },
            4 => Op::Move4 { dst, src },
            _ => Op::MoveWords {
                dst,
                src,
                words: words as u16,
            },
        });
    }

    /// Lets the last instruction write its result of `words` words to `to`
    /// instead of `from`, if that is what it wrote.
    pub(super) fn retarget(&mut self, from: Slot, to: Slot, words: u32) -> bool {
        match self.last().and_then(result_of) {
            Some((dst, size)) if *dst == from && size == words => {
                *dst = to;
                true
            }
            _ => false,
        }
    }

    /// Index of `layout` in the function's table.
    pub(super) fn layout_index(&mut self, layout: &Arc<Layout>) -> u16 {
        let next = self.layouts.len() as u16;
        let place = self.layout_places.entry(Arc::as_ptr(layout));
        *place.or_insert_with(|| {
            self.layouts.push(layout.clone());
            next
        })
    }

    pub(super) fn jump(&mut self, target: CodeOffset) -> Result<()> {
        let block = self.blocks.block_at(target.position())?;
        if !self.blocks.follows(block, usize::from(self.offset)) {
            self.emit(Op::Jump {
                target: block as u32,
                cost: 0,
            });
        }
        Ok(())
    }

    /// `BrTrue` (`when`) or `BrFalse`.
    pub(super) fn branch_if(&mut self, when: bool, target: CodeOffset) -> Result<()> {
        let target = self.blocks.block_at(target.position())? as u32;
        let bool = &self.primitives().bool;
        let condition = self.pop_of(bool)?;
        let fused = match (condition.place, self.last().copied()) {
            (Where::Slot(slot), Some(last)) if slot == condition.home => {
                fuse(last, slot, when, target)
            }
            _ => None,
        };
        if let Some(op) = fused {
            self.take_last();
            self.emit(op);
            return Ok(());
        }
        let a = self.slot_of(&condition);
        let (taken, fall) = (0, 0);
        self.emit(if when {
            Op::BrTrue {
                a,
                target,
                taken,
                fall,
            }
        } else {
            Op::BrFalse {
                a,
                target,
                taken,
                fall,
            }
        });
        Ok(())
    }

    pub(super) fn variant_switch(&mut self, table: VariantJumpTableIndex) -> Result<()> {
        let unit = self.unit;
        let targets = &unit
            .jump_tables
            .get(table.position())
            .ok_or("jump table out of range")?
            .jump_table;
        let operand: Operand = self.pop_reference()?;
        let is_enum =
            operand.ty.ty.datatype().is_some_and(|datatype| {
                datatype.is_enum && datatype.variants.len() == targets.len()
            });
        if !is_enum {
            return Err("switch needs a reference to an enum with as many variants".into());
        }
        let entries = targets
            .iter()
            .map(|target| Ok((self.blocks.block_at(target.position())? as u32, 0)))
            .collect::<Result<JumpTable>>()?;
        let table = self.jump_tables.len() as u16;
        self.jump_tables.push(entries);
        if let Where::Address { slot, .. } = operand.place {
            self.emit(Op::SwitchSlot { a: slot, table });
        } else {
            let (a, off) = self.reference_operand(&operand);
            self.emit(Op::Switch { a, off, table });
        }
        Ok(())
    }

    /// Replaces blocks by positions, and puts the costs in.
    pub(super) fn patch_branches(&mut self) -> Result<()> {
        for position in 0..self.ops.len() {
            let next = match self.ops.get(position + 1) {
                Some(Op::Gas { cost }) => u16::try_from(*cost).unwrap_or(0),
                _ => 0,
            };
            match &mut self.ops[position] {
                Op::Jump { target, cost } => {
                    let (at, block_cost) = self.blocks.entry(*target as usize);
                    (*target, *cost) = (at + 1, block_cost);
                }
                Op::BrTrue {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrFalse {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrEq {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrNe {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrLt {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrLe {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrEqImm {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrNeImm {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrLtImm {
                    target,
                    taken,
                    fall,
                    ..
                }
                | Op::BrGeImm {
                    target,
                    taken,
                    fall,
                    ..
                } => {
                    let (at, block_cost) = self.blocks.entry(*target as usize);
                    *fall = next;
                    // A cost that doesn't fit is charged by the block's Gas.
                    (*target, *taken) = match u16::try_from(block_cost) {
                        Ok(cost) => (at + 1, cost),
                        Err(_) => (at, 0),
                    };
                }
                _ => {}
            }
        }
        for table in &mut self.jump_tables {
            for (target, cost) in table.iter_mut() {
                let (at, block_cost) = self.blocks.entry(*target as usize);
                (*target, *cost) = (at + 1, block_cost);
            }
        }
        Ok(())
    }
}

/// The slot that an instruction writes its only result to, and the result's
/// size, where the instruction itself knows it.
fn result_of(op: &mut Op) -> Option<(&mut Slot, u32)> {
    use Op::*;
    Some(match op {
        Const { dst, .. } | Move { dst, .. } => (dst, 1),
        Move2 { dst, .. } => (dst, 2),
        Move4 { dst, .. } => (dst, 4),
        MoveWords { dst, words, .. }
        | MoveOut { dst, words, .. }
        | LoadWords { dst, words, .. } => (dst, u32::from(*words)),
        Zero { dst, words } => (dst, u32::from(*words)),
        Add64 { dst, .. }
        | Add64Imm { dst, .. }
        | AddN { dst, .. }
        | AddNImm { dst, .. }
        | Sub { dst, .. }
        | SubImm { dst, .. }
        | Mul64 { dst, .. }
        | Mul64Imm { dst, .. }
        | MulN { dst, .. }
        | Div { dst, .. }
        | DivImm { dst, .. }
        | Mod { dst, .. }
        | ModImm { dst, .. }
        | And { dst, .. }
        | AndImm { dst, .. }
        | Or { dst, .. }
        | OrImm { dst, .. }
        | Xor { dst, .. }
        | XorImm { dst, .. }
        | Shl { dst, .. }
        | ShlImm { dst, .. }
        | Shr { dst, .. }
        | ShrImm { dst, .. }
        | Not { dst, .. }
        | Cast { dst, .. }
        | Eq { dst, .. }
        | Ne { dst, .. }
        | Lt { dst, .. }
        | Le { dst, .. }
        | EqImm { dst, .. }
        | NeImm { dst, .. }
        | LtImm { dst, .. }
        | GeImm { dst, .. }
        | Compare128 { dst, .. }
        | Compare256 { dst, .. }
        | EqWords { dst, .. }
        | EqValue { dst, .. }
        | EqRef { dst, .. }
        | FrameAddress { dst, .. }
        | AddOffset { dst, .. }
        | Load64 { dst, .. }
        | LoadN { dst, .. }
        | VecLen { dst, .. }
        | VecBorrow { dst, .. }
        | VecLoad64 { dst, .. }
        | VecLoadN { dst, .. }
        | VecPop64 { dst, .. } => (dst, 1),
        CastWide { dst, to, .. } => (dst, u32::from(to.words())),
        Arith128 { dst, .. } => (dst, 2),
        Arith256 { dst, .. } => (dst, 4),
        _ => return None,
    })
}

/// The branch that does the work of comparison `last`, whose result is in
/// `condition`, and of a branch taken if the result is `when`.
fn fuse(last: Op, condition: Slot, when: bool, target: u32) -> Option<Op> {
    let (taken, fall) = (0, 0);
    let narrow = |imm: u64| u32::try_from(imm).ok();
    let op = match last {
        Op::Eq { dst, a, b } | Op::Ne { dst, a, b } if dst == condition => {
            if matches!(last, Op::Eq { .. }) == when {
                Op::BrEq {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                }
            } else {
                Op::BrNe {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                }
            }
        }
        Op::EqImm { dst, a, imm } | Op::NeImm { dst, a, imm } if dst == condition => {
            let imm = narrow(imm)?;
            if matches!(last, Op::EqImm { .. }) == when {
                Op::BrEqImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                }
            } else {
                Op::BrNeImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                }
            }
        }
        Op::LtImm { dst, a, imm } | Op::GeImm { dst, a, imm } if dst == condition => {
            let imm = narrow(imm)?;
            if matches!(last, Op::LtImm { .. }) == when {
                Op::BrLtImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                }
            } else {
                Op::BrGeImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                }
            }
        }
        // Not (a < b) is b <= a, and the other way round.
        Op::Lt { dst, a, b } | Op::Le { dst, a, b } if dst == condition => {
            let is_less = matches!(last, Op::Lt { .. });
            let (a, b) = if when { (a, b) } else { (b, a) };
            if is_less == when {
                Op::BrLt {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                }
            } else {
                Op::BrLe {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                }
            }
        }
        Op::Not { dst, a } if dst == condition => {
            if when {
                Op::BrFalse {
                    a,
                    target,
                    taken,
                    fall,
                }
            } else {
                Op::BrTrue {
                    a,
                    target,
                    taken,
                    fall,
                }
            }
        }
        _ => return None,
    };
    Some(op)
}
