//! From [`Op`]s to [`Instruction`]s: which function does an op, and where its
//! operands go. What an op says about sizes chooses among functions made for
//! one size each.

use super::instruction::{Handler, Instruction};
use super::{control, data, integers, vector, wide};
use crate::layout::Layout;
use crate::op::{IN_FRAME, Op};
use crate::value_width::WideOp;
use ruint::aliases::U256;
use std::sync::Arc;

/// The instructions for `ops`, one for one.
pub(crate) fn assemble(ops: &[Op], layouts: &[Arc<Layout>]) -> Box<[Instruction]> {
    ops.iter().map(|op| instruction(op, layouts)).collect()
}

fn with(run: Handler, operands: [u16; 4], x: u64) -> Instruction {
    let [a, b, c, d] = operands;
    Instruction { run, a, b, c, d, x }
}

/// Two halves in one word.
fn halves(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The function for an integer of so many bits.
macro_rules! by_bits {
    ($bits:expr, $module:ident::$name:ident) => {
        match $bits {
            8 => $module::$name::<8> as Handler,
            16 => $module::$name::<16>,
            32 => $module::$name::<32>,
            _ => $module::$name::<64>,
        }
    };
}

/// The function for an integer of so many bytes.
macro_rules! by_bytes {
    ($bytes:expr, $module:ident::$name:ident $(, $more:expr)?) => {
        match $bytes {
            1 => $module::$name::<1 $(, $more)?> as Handler,
            2 => $module::$name::<2 $(, $more)?>,
            4 => $module::$name::<4 $(, $more)?>,
            _ => $module::$name::<8 $(, $more)?>,
        }
    };
}

/// The function for a vector in the frame or behind a reference.
macro_rules! by_place {
    ($off:expr, $name:ident) => {
        if $off == IN_FRAME {
            vector::$name::<true> as Handler
        } else {
            vector::$name::<false>
        }
    };
    ($off:expr, $bytes:expr, $name:ident) => {
        if $off == IN_FRAME {
            by_bytes!($bytes, vector::$name, true)
        } else {
            by_bytes!($bytes, vector::$name, false)
        }
    };
}

/// The function for a vector whose elements have this size.
macro_rules! by_element {
    ($off:expr, $bytes:expr, $small:ident, $words:ident) => {
        match ($bytes, $off == IN_FRAME) {
            (1 | 2 | 4 | 8, _) => by_place!($off, $bytes, $small),
            (16, true) => vector::$words::<2, true>,
            (16, false) => vector::$words::<2, false>,
            (32, true) => vector::$words::<4, true>,
            (32, false) => vector::$words::<4, false>,
            (_, true) => vector::$words::<0, true>,
            (_, false) => vector::$words::<0, false>,
        }
    };
}

// A table: one line for each where it fits.
#[rustfmt::skip]
fn instruction(op: &Op, layouts: &[Arc<Layout>]) -> Instruction {
    let three = |run: Handler, a, b, c| with(run, [a, b, c, 0], 0);
    let imm = |run: Handler, a, b, x| with(run, [a, b, 0, 0], x);
    let branch = |run: Handler, [a, b]: [u16; 2], x, [taken, fall]: [u16; 2]| {
        with(run, [a, b, taken, fall], x)
    };
    match *op {
        Op::Gas { cost } => imm(control::gas, 0, 0, u64::from(cost)),
        Op::Jump { target, cost } => imm(control::jump, 0, 0, halves(target, cost)),
        Op::BrTrue { a, target, taken, fall } => {
            branch(control::br_true, [a, 0], halves(target, 0), [taken, fall])
        }
        Op::BrFalse { a, target, taken, fall } => {
            branch(control::br_false, [a, 0], halves(target, 0), [taken, fall])
        }
        Op::BrEq { a, b, target, taken, fall } => {
            branch(control::br_eq, [a, b], halves(target, 0), [taken, fall])
        }
        Op::BrNe { a, b, target, taken, fall } => {
            branch(control::br_ne, [a, b], halves(target, 0), [taken, fall])
        }
        Op::BrLt { a, b, target, taken, fall } => {
            branch(control::br_lt, [a, b], halves(target, 0), [taken, fall])
        }
        Op::BrLe { a, b, target, taken, fall } => {
            branch(control::br_le, [a, b], halves(target, 0), [taken, fall])
        }
        Op::BrEqImm { a, imm, target, taken, fall } => {
            branch(control::br_eq_imm, [a, 0], halves(target, imm), [taken, fall])
        }
        Op::BrNeImm { a, imm, target, taken, fall } => {
            branch(control::br_ne_imm, [a, 0], halves(target, imm), [taken, fall])
        }
        Op::BrLtImm { a, imm, target, taken, fall } => {
            branch(control::br_lt_imm, [a, 0], halves(target, imm), [taken, fall])
        }
        Op::BrGeImm { a, imm, target, taken, fall } => {
            branch(control::br_ge_imm, [a, 0], halves(target, imm), [taken, fall])
        }
        Op::Switch { a, off, table } => imm(control::switch, a, table, u64::from(off)),
        Op::SwitchSlot { a, table } => imm(control::switch_slot, a, table, 0),
        Op::Call { base, callee } => imm(control::call, base, 0, u64::from(callee)),
        Op::CallNative { base, callee } => imm(control::call_native, base, 0, u64::from(callee)),
        Op::Ret0 {} => imm(control::ret0, 0, 0, 0),
        Op::Ret1 { src } => imm(control::ret1, src, 0, 0),
        Op::Ret { src, words } => imm(control::ret, src, words, 0),
        Op::Abort { src } => imm(control::abort, src, 0, 0),

        Op::Const { dst, imm: value } => imm(data::constant, dst, 0, value),
        Op::ConstWords { dst, index } => imm(data::constant_words, dst, index, 0),
        Op::Move { dst, src } => imm(data::move1, dst, src, 0),
        Op::Move2 { dst, src } => imm(data::move2, dst, src, 0),
        Op::Move4 { dst, src } => imm(data::move4, dst, src, 0),
        Op::MoveWords { dst, src, words } => three(data::move_words, dst, src, words),
        Op::MoveOut { dst, src, words: 2 } => three(data::move_out2, dst, src, 2),
        Op::MoveOut { dst, src, words } => three(data::move_out, dst, src, words),
        Op::Zero { dst, words: 2 } => imm(data::zero2, dst, 2, 0),
        Op::Zero { dst, words } => imm(data::zero, dst, words, 0),
        Op::Drop { slot, layout } if words(layouts, layout) == 2 => {
            imm(data::drop_vector, slot, 0, 0)
        }

        Op::Add64 { dst, a, b } => three(integers::add::<64>, dst, a, b),
        Op::Add64Imm { dst, a, imm: value } => imm(integers::add_imm::<64>, dst, a, value),
        Op::AddN { bits, dst, a, b } => three(by_bits!(bits, integers::add), dst, a, b),
        Op::AddNImm { bits, dst, a, imm: value } => {
            imm(by_bits!(bits, integers::add_imm), dst, a, value)
        }
        Op::Sub { dst, a, b } => three(integers::sub, dst, a, b),
        Op::SubImm { dst, a, imm: value } => imm(integers::sub_imm, dst, a, value),
        Op::Mul64 { dst, a, b } => three(integers::mul::<64>, dst, a, b),
        Op::Mul64Imm { dst, a, imm: value } => imm(integers::mul_imm::<64>, dst, a, value),
        Op::MulN { bits, dst, a, b } => three(by_bits!(bits, integers::mul), dst, a, b),
        Op::Div { dst, a, b } => three(integers::div, dst, a, b),
        Op::DivImm { dst, a, imm: value } => imm(integers::div_imm, dst, a, value),
        Op::Mod { dst, a, b } => three(integers::rem, dst, a, b),
        Op::ModImm { dst, a, imm: value } => imm(integers::rem_imm, dst, a, value),
        Op::And { dst, a, b } => three(integers::and, dst, a, b),
        Op::AndImm { dst, a, imm: value } => imm(integers::and_imm, dst, a, value),
        Op::Or { dst, a, b } => three(integers::or, dst, a, b),
        Op::OrImm { dst, a, imm: value } => imm(integers::or_imm, dst, a, value),
        Op::Xor { dst, a, b } => three(integers::xor, dst, a, b),
        Op::XorImm { dst, a, imm: value } => imm(integers::xor_imm, dst, a, value),
        Op::Shl { bits, dst, a, b } => three(by_bits!(bits, integers::shl), dst, a, b),
        Op::ShlImm { bits, shift, dst, a } => {
            imm(by_bits!(bits, integers::shl_imm), dst, a, u64::from(shift))
        }
        Op::Shr { bits, dst, a, b } => three(by_bits!(bits, integers::shr), dst, a, b),
        Op::ShrImm { shift, dst, a } => imm(integers::shr_imm::<64>, dst, a, u64::from(shift)),
        Op::Not { dst, a } => imm(integers::xor_imm, dst, a, 1),
        Op::Cast { bits, dst, src } => imm(by_bits!(bits, integers::cast), dst, src, 0),
        Op::CastWide { from, to, dst, src } => {
            let (from, to) = (from.bits() as u16, to.bits() as u16);
            with(wide::cast_wide, [dst, src, from, to], 0)
        }
        Op::Eq { dst, a, b } => three(integers::eq, dst, a, b),
        Op::Ne { dst, a, b } => three(integers::ne, dst, a, b),
        Op::Lt { dst, a, b } => three(integers::lt, dst, a, b),
        Op::Le { dst, a, b } => three(integers::le, dst, a, b),
        Op::EqImm { dst, a, imm: value } => imm(integers::eq_imm, dst, a, value),
        Op::NeImm { dst, a, imm: value } => imm(integers::ne_imm, dst, a, value),
        Op::LtImm { dst, a, imm: value } => imm(integers::lt_imm, dst, a, value),
        Op::GeImm { dst, a, imm: value } => imm(integers::ge_imm, dst, a, value),
        Op::Arith128 { op, dst, a, b } => wide_instruction(op, false, dst, a, b),
        Op::Arith256 { op, dst, a, b } => wide_instruction(op, true, dst, a, b),
        Op::Compare128 { op, dst, a, b } => {
            with(wide::compare::<u128>, [dst, a, b, op as u16], 0)
        }
        Op::Compare256 { op, dst, a, b } => {
            with(wide::compare::<U256>, [dst, a, b, op as u16], 0)
        }
        Op::EqWords { negate, dst, a, b, words } => {
            with(data::eq_words, [dst, a, b, words], u64::from(negate))
        }
        Op::EqRef { negate, dst, a, b, layout } => {
            let negate = u64::from(negate);
            match layouts.get(usize::from(layout)) {
                Some(layout) if layout.scalar_bytes().is_some() => {
                    let run = by_bytes!(layout.element_bytes, data::eq_ref);
                    with(run, [dst, a, b, 0], negate)
                }
                Some(layout) if !layout.owns_heap => {
                    with(data::eq_ref_words, [dst, a, b, layout.words as u16], negate)
                }
                _ => with(control::slow, [0; 4], 0),
            }
        }

        Op::FrameAddress { dst, slot } => imm(data::frame_address, dst, slot, 0),
        Op::AddOffset { dst, src, off } => imm(data::add_offset, dst, src, u64::from(off)),
        Op::Load64 { dst, a, off } => imm(data::load_ref::<8>, dst, a, u64::from(off)),
        Op::LoadN { bytes, dst, a, off } => {
            imm(by_bytes!(bytes, data::load_ref), dst, a, u64::from(off))
        }
        Op::LoadWords { dst, a, words, off } => {
            let run = match words {
                2 => data::load_count::<2> as Handler,
                4 => data::load_count::<4>,
                _ => data::load_words,
            };
            with(run, [dst, a, words, 0], u64::from(off))
        }
        Op::Store64 { a, src, off } => imm(data::store_ref::<8>, a, src, u64::from(off)),
        Op::StoreN { bytes, a, src, off } => {
            imm(by_bytes!(bytes, data::store_ref), a, src, u64::from(off))
        }
        Op::StoreWords { a, src, words, off } => {
            let run = match words {
                2 => data::store_count::<2> as Handler,
                4 => data::store_count::<4>,
                _ => data::store_words,
            };
            with(run, [a, src, words, 0], u64::from(off))
        }

        Op::PackVariant { base, tag, fields, words } => {
            with(data::pack_variant, [base, tag, fields, words], 0)
        }
        Op::UnpackVariant { dst, src, tag, fields } => {
            with(data::unpack_variant, [dst, src, tag, fields], 0)
        }
        Op::CheckVariant { a, tag, off } => imm(data::check_variant, a, tag, u64::from(off)),
        Op::CheckVariantSlot { a, tag } => imm(data::check_variant_slot, a, tag, 0),

        Op::VecLen { dst, vec, off } => imm(by_place!(off, length), dst, vec, u64::from(off)),
        Op::VecBorrow { dst, vec, idx, off, bytes } => {
            with(by_place!(off, borrow), [dst, vec, idx, 0], halves(off, bytes))
        }
        Op::VecLoad64 { dst, vec, idx, off } => {
            with(by_place!(off, 8, load_element), [dst, vec, idx, 0], u64::from(off))
        }
        Op::VecLoadN { bytes, dst, vec, idx, off } => {
            with(by_place!(off, bytes, load_element), [dst, vec, idx, 0], u64::from(off))
        }
        Op::VecStore64 { src, vec, idx, off } => {
            with(by_place!(off, 8, store_element), [src, vec, idx, 0], u64::from(off))
        }
        Op::VecStoreN { bytes, src, vec, idx, off } => {
            with(by_place!(off, bytes, store_element), [src, vec, idx, 0], u64::from(off))
        }
        Op::VecPush64 { vec, src, off } => {
            with(by_place!(off, 8, push), [src, vec, 0, 0], u64::from(off))
        }
        Op::VecPush { vec, src, off, bytes } => {
            let run = by_element!(off, bytes, push, push_words);
            with(run, [src, vec, 0, 0], halves(off, bytes))
        }
        Op::VecPop64 { dst, vec, off } => {
            with(by_place!(off, 8, pop), [dst, vec, 0, 0], u64::from(off))
        }
        Op::VecPop { dst, vec, off, bytes } => {
            let run = by_element!(off, bytes, pop, pop_words);
            with(run, [dst, vec, 0, 0], halves(off, bytes))
        }
        Op::VecSwap { vec, i, j, off, bytes } => {
            let run = by_element!(off, bytes, swap, swap_words);
            with(run, [i, vec, j, 0], halves(off, bytes))
        }

        Op::ConstValue { .. }
        | Op::CopyValue { .. }
        | Op::Drop { .. }
        | Op::DropLocals {}
        | Op::EqValue { .. }
        | Op::LoadValue { .. }
        | Op::StoreValue { .. }
        | Op::VecPack { .. }
        | Op::VecUnpack { .. } => with(control::slow, [0; 4], 0),
    }
}

fn words(layouts: &[Arc<Layout>], index: u16) -> u32 {
    layouts
        .get(usize::from(index))
        .map_or(0, |layout| layout.words)
}

fn wide_instruction(op: WideOp, is_256: bool, dst: u16, a: u16, b: u16) -> Instruction {
    let run = match op {
        _ if is_256 => wide::arithmetic::<U256> as Handler,
        WideOp::Add => wide::add128,
        WideOp::Sub => wide::sub128,
        _ => wide::arithmetic::<u128>,
    };
    with(run, [dst, a, b, op as u16], 0)
}
