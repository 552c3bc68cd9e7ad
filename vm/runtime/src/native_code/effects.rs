//! Which slots an instruction reads and writes.
//!
//! Native code keeps slots in registers. Before an instruction is handed to
//! [`step`](crate::interpreter::step), which works on the frame in memory, the
//! slots that it reads are written there, and the ones that it writes are read
//! back afterwards. A range that is too long here costs time, one that is too
//! short would be a miscompilation: the differential tests run every
//! instruction with both tiers.

use crate::code::{Code, ConstantValue, Ops};
use crate::layout::Layout;
use crate::op::{IN_FRAME, Op, Slot};
use crate::value_width::{WideOp, Width};
use smallvec::SmallVec;
use std::ops::Range;

/// Consecutive slots.
pub(super) type Slots = Range<u32>;

/// What an instruction does to the frame.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) reads: SmallVec<[Slots; 4]>,
    pub(super) writes: SmallVec<[Slots; 2]>,
    /// Whether [`step`](crate::interpreter::step) may charge for it.
    pub(super) charges: bool,
}

impl Effects {
    fn reads(mut self, slot: Slot, words: u32) -> Self {
        self.reads.push(range(slot, words));
        self
    }

    fn writes(mut self, slot: Slot, words: u32) -> Self {
        self.writes.push(range(slot, words));
        self
    }

    fn charges(mut self) -> Self {
        self.charges = true;
        self
    }

    /// The header of a vector operand, read.
    fn reads_header(self, vec: Slot, off: u32) -> Self {
        self.reads(vec, if off == IN_FRAME { 2 } else { 1 })
    }

    /// The header of a vector operand, read and written.
    fn changes_header(self, vec: Slot, off: u32) -> Self {
        let read = self.reads_header(vec, off);
        if off == IN_FRAME {
            read.writes(vec, 2)
        } else {
            read
        }
    }
}

pub(super) fn range(slot: Slot, words: u32) -> Slots {
    u32::from(slot)..u32::from(slot) + words
}

/// Words that an element of `bytes` bytes takes in a frame.
pub(super) fn words_of(bytes: u32) -> u32 {
    bytes.div_ceil(8).max(1)
}

/// Effects of `op`, an instruction of `body`. `callee` finds the code of a
/// function that is called. `None` if the tier does not know the instruction or
/// an index of it leads nowhere: such a function stays interpreted.
pub(super) fn effects<'c>(
    op: &Op,
    body: &Ops,
    callee: impl Fn(u32) -> Option<&'c Code>,
) -> Option<Effects> {
    let layout = |index: u16| -> Option<&Layout> {
        body.layouts.get(usize::from(index)).map(|layout| &**layout)
    };
    let with = Effects::default();
    Some(match *op {
        Op::Gas { .. } | Op::Jump { .. } | Op::Ret0 {} => with,
        Op::BrTrue { a, .. }
        | Op::BrFalse { a, .. }
        | Op::BrEqImm { a, .. }
        | Op::BrNeImm { a, .. }
        | Op::BrLtImm { a, .. }
        | Op::BrGeImm { a, .. }
        | Op::Switch { a, .. }
        | Op::SwitchSlot { a, .. }
        | Op::CheckVariant { a, .. }
        | Op::CheckVariantSlot { a, .. } => with.reads(a, 1),
        Op::BrEq { a, b, .. }
        | Op::BrNe { a, b, .. }
        | Op::BrLt { a, b, .. }
        | Op::BrLe { a, b, .. } => with.reads(a, 1).reads(b, 1),
        Op::Call {
            base,
            callee: index,
        }
        | Op::CallNative {
            base,
            callee: index,
        } => {
            let callee = callee(index)?;
            with.reads(base, callee.parameter_words)
                .writes(base, callee.return_words)
                .charges()
        }
        Op::Ret1 { src } | Op::Abort { src } => with.reads(src, 1),
        Op::Ret { src, words } => with.reads(src, u32::from(words)),

        Op::Const { dst, .. } => with.writes(dst, 1),
        Op::ConstWords { dst, index } => match body.constants.get(usize::from(index))? {
            ConstantValue::Words(words) => with.writes(dst, words.len() as u32),
            ConstantValue::Encoded { .. } => return None,
        },
        Op::ConstValue { dst, index } => match body.constants.get(usize::from(index))? {
            ConstantValue::Words(_) => return None,
            ConstantValue::Encoded { layout, .. } => with.writes(dst, layout.words).charges(),
        },
        Op::Move { dst, src } => with.reads(src, 1).writes(dst, 1),
        Op::Move2 { dst, src } => with.reads(src, 2).writes(dst, 2),
        Op::Move4 { dst, src } => with.reads(src, 4).writes(dst, 4),
        Op::MoveWords { dst, src, words } => {
            let words = u32::from(words);
            with.reads(src, words).writes(dst, words)
        }
        Op::MoveOut { dst, src, words } => {
            let words = u32::from(words);
            with.reads(src, words).writes(dst, words).writes(src, words)
        }
        Op::Zero { dst, words } => with.writes(dst, u32::from(words)),
        Op::CopyValue {
            dst,
            src,
            layout: index,
        } => {
            let words = layout(index)?.words;
            with.reads(src, words).writes(dst, words).charges()
        }
        Op::Drop {
            slot,
            layout: index,
        } => with.reads(slot, layout(index)?.words.max(1)).charges(),

        Op::DropLocals {} => {
            let mut all = with.charges();
            for (slot, index) in &body.owning_locals {
                all = all.reads(*slot, layout(*index)?.words.max(1));
            }
            all
        }

        Op::Add64 { dst, a, b }
        | Op::AddN { dst, a, b, .. }
        | Op::Sub { dst, a, b }
        | Op::Mul64 { dst, a, b }
        | Op::MulN { dst, a, b, .. }
        | Op::Div { dst, a, b }
        | Op::Mod { dst, a, b }
        | Op::And { dst, a, b }
        | Op::Or { dst, a, b }
        | Op::Xor { dst, a, b }
        | Op::Shl { dst, a, b, .. }
        | Op::Shr { dst, a, b, .. }
        | Op::Eq { dst, a, b }
        | Op::Ne { dst, a, b }
        | Op::Lt { dst, a, b }
        | Op::Le { dst, a, b } => with.reads(a, 1).reads(b, 1).writes(dst, 1),
        Op::Add64Imm { dst, a, .. }
        | Op::AddNImm { dst, a, .. }
        | Op::SubImm { dst, a, .. }
        | Op::Mul64Imm { dst, a, .. }
        | Op::DivImm { dst, a, .. }
        | Op::ModImm { dst, a, .. }
        | Op::AndImm { dst, a, .. }
        | Op::OrImm { dst, a, .. }
        | Op::XorImm { dst, a, .. }
        | Op::ShlImm { dst, a, .. }
        | Op::ShrImm { dst, a, .. }
        | Op::Not { dst, a }
        | Op::EqImm { dst, a, .. }
        | Op::NeImm { dst, a, .. }
        | Op::LtImm { dst, a, .. }
        | Op::GeImm { dst, a, .. } => with.reads(a, 1).writes(dst, 1),
        Op::Cast { dst, src, .. } => with.reads(src, 1).writes(dst, 1),
        Op::CastWide { from, to, dst, src } => with
            .reads(src, u32::from(from.words()))
            .writes(dst, u32::from(to.words())),
        Op::Arith128 { op, dst, a, b } => wide(op, Width::W128, dst, a, b),
        Op::Arith256 { op, dst, a, b } => wide(op, Width::W256, dst, a, b),
        Op::Compare128 { dst, a, b, .. } => with.reads(a, 2).reads(b, 2).writes(dst, 1),
        Op::Compare256 { dst, a, b, .. } => with.reads(a, 4).reads(b, 4).writes(dst, 1),
        Op::EqWords {
            dst, a, b, words, ..
        } => {
            let words = u32::from(words);
            with.reads(a, words).reads(b, words).writes(dst, 1)
        }
        Op::EqValue {
            dst,
            a,
            b,
            layout: index,
            ..
        } => {
            let words = layout(index)?.words;
            with.reads(a, words)
                .reads(b, words)
                .writes(dst, 1)
                .charges()
        }
        Op::EqRef {
            dst,
            a,
            b,
            layout: index,
            ..
        } => {
            layout(index)?;
            with.reads(a, 1).reads(b, 1).writes(dst, 1).charges()
        }

        Op::FrameAddress { dst, .. } => with.writes(dst, 1),
        Op::AddOffset { dst, src, .. } => with.reads(src, 1).writes(dst, 1),
        Op::Load64 { dst, a, .. } | Op::LoadN { dst, a, .. } => with.reads(a, 1).writes(dst, 1),
        Op::LoadWords { dst, a, words, .. } => with.reads(a, 1).writes(dst, u32::from(words)),
        Op::LoadValue {
            dst,
            a,
            layout: index,
            ..
        } => with.reads(a, 1).writes(dst, layout(index)?.words).charges(),
        Op::Store64 { a, src, .. } | Op::StoreN { a, src, .. } => with.reads(a, 1).reads(src, 1),
        Op::StoreWords { a, src, words, .. } => with.reads(a, 1).reads(src, u32::from(words)),
        Op::StoreValue {
            a,
            src,
            layout: index,
            ..
        } => with.reads(a, 1).reads(src, layout(index)?.words).charges(),

        Op::PackVariant {
            base,
            fields,
            words,
            ..
        } => {
            if fields >= words {
                return None;
            }
            with.reads(base, u32::from(fields))
                .writes(base, u32::from(words))
        }
        Op::UnpackVariant {
            dst, src, fields, ..
        } => with
            .reads(src, 1 + u32::from(fields))
            .writes(dst, u32::from(fields)),

        Op::VecPack {
            dst,
            src,
            layout: index,
            count,
        } => {
            let words = layout(index)?.words.checked_mul(count)?;
            (words < 1 << 16).then(|| with.reads(src, words).writes(dst, 2).charges())?
        }
        Op::VecUnpack {
            dst,
            src,
            layout: index,
            count,
        } => {
            let words = layout(index)?.words.checked_mul(count)?;
            (words < 1 << 16).then(|| {
                with.reads(src, 2)
                    .writes(src, 2)
                    .writes(dst, words)
                    .charges()
            })?
        }
        Op::VecLen { dst, vec, off } => with.reads_header(vec, off).writes(dst, 1),
        Op::VecBorrow {
            dst, vec, idx, off, ..
        }
        | Op::VecLoad64 { dst, vec, idx, off }
        | Op::VecLoadN {
            dst, vec, idx, off, ..
        } => with.reads_header(vec, off).reads(idx, 1).writes(dst, 1),
        Op::VecStore64 { src, vec, idx, off }
        | Op::VecStoreN {
            src, vec, idx, off, ..
        } => with.reads_header(vec, off).reads(idx, 1).reads(src, 1),
        Op::VecPush {
            vec,
            src,
            off,
            bytes,
        } => with.changes_header(vec, off).reads(src, words_of(bytes)),
        Op::VecPush64 { vec, src, off } => with.changes_header(vec, off).reads(src, 1),
        Op::VecPop {
            dst,
            vec,
            off,
            bytes,
        } => with.changes_header(vec, off).writes(dst, words_of(bytes)),
        Op::VecPop64 { dst, vec, off } => with.changes_header(vec, off).writes(dst, 1),
        Op::VecSwap { vec, i, j, off, .. } => with.reads_header(vec, off).reads(i, 1).reads(j, 1),
        #[allow(
            unreachable_patterns,
            reason = "an instruction that is new to this tier stays interpreted"
        )]
        _ => return None,
    })
}

fn wide(op: WideOp, width: Width, dst: Slot, a: Slot, b: Slot) -> Effects {
    let words = u32::from(width.words());
    let is_shift = matches!(op, WideOp::Shl | WideOp::Shr);
    Effects::default()
        .reads(a, words)
        .reads(b, if is_shift { 1 } else { words })
        .writes(dst, words)
}
