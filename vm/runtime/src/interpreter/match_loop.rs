//! The match loop itself.
//!
//! What an arm may assign is a register that all arms must agree on, so little
//! changes in the loop: the current code, the position in it and the frame's
//! window. All else is behind one pointer, the [`Host`], and natives are called
//! outside. An instruction that reaches beyond the frame goes through the whole
//! memory, after which the window is taken anew.

use super::{Exit, Frame, Host, vector, wide};
use crate::code::{Body, ConstantValue, Ops};
use crate::fault::{self, Fault};
use crate::linkage::FunctionIndex;
use crate::memory::{
    FRAME_START_MAX, copy, load, load_packed, slice, slice_mut, store, store_packed, window,
};
use crate::op::{IN_FRAME, Op};
use crate::value::{copy_value, decode, drop_value, equal};
use crate::{ArithmeticError, BcsError};

// One flat match: each arm is short or delegates. What changes in the loop is
// kept to a minimum, because every variable that an arm may assign is a
// register that all arms must agree on; that is why natives are called outside.
#[inline(never)]
pub(super) fn interpret(host: &mut Host<'_, '_>) -> Result<Exit, Box<Fault>> {
    let Some(top) = host.frames.last() else {
        return Err(fault::invariant("no frame to run"));
    };
    let mut body = top.body;
    let mut pc = top.pc as usize;
    host.start = top.start as usize;

    let fault = 'run: {
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => break 'run Box::<Fault>::from(fault),
                }
            };
        }
        let mut frame = window(host.words, host.start);

        macro_rules! reg {
            ($slot:expr) => {
                frame[usize::from($slot)]
            };
        }
        // The word of memory that a slot is.
        macro_rules! at {
            ($slot:expr) => {
                host.start.wrapping_add(usize::from($slot))
            };
        }
        // The frame again, after the memory as a whole was used.
        macro_rules! reframe {
            () => {
                frame = window(host.words, host.start)
            };
        }
        macro_rules! binary {
            ($dst:expr, $a:expr, $b:expr, |$x:ident, $y:ident| $value:expr) => {{
                let ($x, $y) = (reg!($a), reg!($b));
                reg!($dst) = $value;
            }};
        }
        macro_rules! immediate {
            ($dst:expr, $a:expr, |$x:ident| $value:expr) => {{
                let $x = reg!($a);
                reg!($dst) = $value;
            }};
        }
        macro_rules! branch {
            ($condition:expr, $target:expr, $taken:expr, $fall:expr) => {{
                let cost = if $condition {
                    pc = $target as usize;
                    $taken
                } else {
                    // Behind the next block's Gas, if the branch charges it.
                    pc = pc.wrapping_add(usize::from($fall != 0));
                    $fall
                };
                check!(host.gas.charge(u64::from(cost)));
            }};
        }
        macro_rules! address {
            ($a:expr, $off:expr) => {
                (reg!($a) as u32 as usize).wrapping_add($off as usize)
            };
        }
        // Word of a vector's header.
        macro_rules! header {
            ($vec:expr, $off:expr) => {
                if $off == IN_FRAME {
                    at!($vec)
                } else {
                    address!($vec, $off) >> 3
                }
            };
        }
        macro_rules! layout {
            ($index:expr) => {
                match body.layouts.get(usize::from($index)) {
                    Some(layout) => &**layout,
                    None => break 'run fault::invariant("layout out of range"),
                }
            };
        }

        loop {
            let Some(op) = body.ops.get(pc) else {
                break 'run fault::invariant("code runs off its end");
            };
            pc = pc.wrapping_add(1);
            match *op {
                Op::Gas { cost } => check!(host.gas.charge(u64::from(cost))),
                Op::Jump { target, cost } => {
                    pc = target as usize;
                    check!(host.gas.charge(u64::from(cost)));
                }
                Op::BrTrue {
                    a,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) != 0, target, taken, fall),
                Op::BrFalse {
                    a,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) == 0, target, taken, fall),
                Op::BrEq {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) == reg!(b), target, taken, fall),
                Op::BrNe {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) != reg!(b), target, taken, fall),
                Op::BrLt {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) < reg!(b), target, taken, fall),
                Op::BrLe {
                    a,
                    b,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) <= reg!(b), target, taken, fall),
                Op::BrEqImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) == u64::from(imm), target, taken, fall),
                Op::BrNeImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) != u64::from(imm), target, taken, fall),
                Op::BrLtImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) < u64::from(imm), target, taken, fall),
                Op::BrGeImm {
                    a,
                    imm,
                    target,
                    taken,
                    fall,
                } => branch!(reg!(a) >= u64::from(imm), target, taken, fall),
                Op::Switch { a, off, table } => {
                    let at = address!(a, off) >> 3;
                    let tag = check!(load(host.words, at));
                    let (target, cost) = check!(jump(body, table, tag));
                    reframe!();
                    pc = target;
                    check!(host.gas.charge(cost));
                }
                Op::SwitchSlot { a, table } => {
                    let (target, cost) = check!(jump(body, table, reg!(a)));
                    pc = target;
                    check!(host.gas.charge(cost));
                }
                Op::Call { base, callee } => {
                    if host.frames.len() >= host.depth_max {
                        break 'run Fault::CallDepth.into();
                    }
                    let callee = FunctionIndex(callee);
                    let next = check!(host.context.code(callee));
                    let Body::Ops(next) = &next.body else {
                        break 'run fault::invariant("native is called as Move code");
                    };
                    let start = at!(base);
                    if start > FRAME_START_MAX {
                        break 'run Fault::CallDepth.into();
                    }
                    if let Some(caller) = host.frames.last_mut() {
                        caller.pc = pc as u32;
                    }
                    host.frames.push(Frame {
                        body: next,
                        pc: 0,
                        start: start as u32,
                        function: callee,
                    });
                    (body, pc) = (next, 0);
                    host.start = start;
                    reframe!();
                }
                Op::CallNative { base, callee } => {
                    let start = at!(base);
                    if start > FRAME_START_MAX {
                        break 'run Fault::CallDepth.into();
                    }
                    if let Some(caller) = host.frames.last_mut() {
                        caller.pc = pc as u32;
                    }
                    let callee = FunctionIndex(callee);
                    return Ok(Exit::Native { callee, start });
                }
                Op::Ret0 {} | Op::Ret1 { .. } | Op::Ret { .. } => {
                    match *op {
                        Op::Ret1 { src } => frame[0] = reg!(src),
                        Op::Ret { src, words: count } => {
                            check!(copy(host.words, at!(src), host.start, usize::from(count)));
                        }
                        _ => {}
                    }
                    host.frames.pop();
                    let Some(caller) = host.frames.last() else {
                        return Ok(Exit::Done);
                    };
                    body = caller.body;
                    pc = caller.pc as usize;
                    host.start = caller.start as usize;
                    reframe!();
                }
                Op::Abort { src } => break 'run Box::new(Fault::Abort(reg!(src))),

                Op::Const { dst, imm } => reg!(dst) = imm,
                Op::ConstWords { dst, index } => {
                    let Some(ConstantValue::Words(value)) = body.constants.get(usize::from(index))
                    else {
                        break 'run fault::invariant("constant out of range");
                    };
                    let target = slice_mut(host.words, at!(dst), value.len());
                    check!(target).copy_from_slice(value);
                    reframe!();
                }
                Op::ConstValue { dst, index } => {
                    let Some(ConstantValue::Encoded { layout, bytes }) =
                        body.constants.get(usize::from(index))
                    else {
                        break 'run fault::invariant("constant out of range");
                    };
                    let at = at!(dst);
                    check!(
                        decode(host.words, host.heap, layout, at, bytes).map_err(constant_fault)
                    );
                    reframe!();
                }
                Op::Move { dst, src } => reg!(dst) = reg!(src),
                Op::Move2 { dst, src } => {
                    let value = (reg!(src), reg!(src.wrapping_add(1)));
                    (reg!(dst), reg!(dst.wrapping_add(1))) = value;
                }
                Op::Move4 { dst, src } => {
                    let value = wide::words4(frame, src);
                    wide::set_words4(frame, dst, value);
                }
                Op::MoveWords {
                    dst,
                    src,
                    words: count,
                } => {
                    let (from, to) = (at!(src), at!(dst));
                    check!(copy(host.words, from, to, usize::from(count)));
                    reframe!();
                }
                Op::MoveOut {
                    dst,
                    src,
                    words: count,
                } => {
                    let (from, to) = (at!(src), at!(dst));
                    check!(copy(host.words, from, to, usize::from(count)));
                    check!(slice_mut(host.words, from, usize::from(count))).fill(0);
                    reframe!();
                }
                Op::Zero { dst, words: count } => {
                    check!(slice_mut(host.words, at!(dst), usize::from(count))).fill(0);
                    reframe!();
                }
                Op::CopyValue { dst, src, layout } => {
                    let (from, to) = (at!(src), at!(dst));
                    check!(copy_value(
                        host.words,
                        host.heap,
                        &mut host.gas,
                        layout!(layout),
                        from,
                        to
                    ));
                    reframe!();
                }
                Op::Drop { slot, layout } => {
                    // Most locals to drop were moved out and are zero.
                    let layout = layout!(layout);
                    if reg!(slot) != 0 || layout.words > 2 {
                        check!(drop_value(host.words, host.heap, layout, at!(slot)));
                        reframe!();
                    }
                }

                Op::Add64 { dst, a, b } => {
                    reg!(dst) = check!(reg!(a).checked_add(reg!(b)).ok_or_else(overflow));
                }
                Op::Add64Imm { dst, a, imm } => {
                    reg!(dst) = check!(reg!(a).checked_add(imm).ok_or_else(overflow));
                }
                Op::AddN { bits, dst, a, b } => {
                    let sum = reg!(a).wrapping_add(reg!(b));
                    if sum > low_bits(bits) {
                        break 'run overflow();
                    }
                    reg!(dst) = sum;
                }
                Op::AddNImm { bits, dst, a, imm } => {
                    let sum = reg!(a).wrapping_add(imm);
                    if sum > low_bits(bits) {
                        break 'run overflow();
                    }
                    reg!(dst) = sum;
                }
                Op::Sub { dst, a, b } => {
                    reg!(dst) = check!(reg!(a).checked_sub(reg!(b)).ok_or_else(overflow));
                }
                Op::SubImm { dst, a, imm } => {
                    reg!(dst) = check!(reg!(a).checked_sub(imm).ok_or_else(overflow));
                }
                Op::Mul64 { dst, a, b } => {
                    reg!(dst) = check!(reg!(a).checked_mul(reg!(b)).ok_or_else(overflow));
                }
                Op::Mul64Imm { dst, a, imm } => {
                    reg!(dst) = check!(reg!(a).checked_mul(imm).ok_or_else(overflow));
                }
                Op::MulN { bits, dst, a, b } => {
                    let product = reg!(a).wrapping_mul(reg!(b));
                    if product > low_bits(bits) {
                        break 'run overflow();
                    }
                    reg!(dst) = product;
                }
                Op::Div { dst, a, b } => {
                    reg!(dst) = check!(reg!(a).checked_div(reg!(b)).ok_or_else(by_zero));
                }
                Op::DivImm { dst, a, imm } => {
                    reg!(dst) = check!(reg!(a).checked_div(imm).ok_or_else(by_zero));
                }
                Op::Mod { dst, a, b } => {
                    reg!(dst) = check!(reg!(a).checked_rem(reg!(b)).ok_or_else(by_zero));
                }
                Op::ModImm { dst, a, imm } => {
                    reg!(dst) = check!(reg!(a).checked_rem(imm).ok_or_else(by_zero));
                }
                Op::And { dst, a, b } => binary!(dst, a, b, |x, y| x & y),
                Op::AndImm { dst, a, imm } => immediate!(dst, a, |x| x & imm),
                Op::Or { dst, a, b } => binary!(dst, a, b, |x, y| x | y),
                Op::OrImm { dst, a, imm } => immediate!(dst, a, |x| x | imm),
                Op::Xor { dst, a, b } => binary!(dst, a, b, |x, y| x ^ y),
                Op::XorImm { dst, a, imm } => immediate!(dst, a, |x| x ^ imm),
                Op::Shl { bits, dst, a, b } => {
                    let shift = reg!(b);
                    if shift >= u64::from(bits) {
                        break 'run fault::arithmetic(ArithmeticError::ShiftAmount);
                    }
                    reg!(dst) = (reg!(a) << shift) & low_bits(bits);
                }
                Op::ShlImm {
                    bits,
                    shift,
                    dst,
                    a,
                } => immediate!(dst, a, |x| (x << (shift & 63)) & low_bits(bits)),
                Op::Shr { bits, dst, a, b } => {
                    let shift = reg!(b);
                    if shift >= u64::from(bits) {
                        break 'run fault::arithmetic(ArithmeticError::ShiftAmount);
                    }
                    reg!(dst) = reg!(a) >> shift;
                }
                Op::ShrImm { shift, dst, a } => immediate!(dst, a, |x| x >> (shift & 63)),
                Op::Not { dst, a } => immediate!(dst, a, |x| x ^ 1),
                Op::Cast { bits, dst, src } => {
                    let value = reg!(src);
                    if value > low_bits(bits) {
                        break 'run fault::arithmetic(ArithmeticError::Cast);
                    }
                    reg!(dst) = value;
                }
                Op::CastWide { from, to, dst, src } => {
                    check!(wide::cast(frame, from, to, dst, src));
                }
                Op::Eq { dst, a, b } => binary!(dst, a, b, |x, y| u64::from(x == y)),
                Op::Ne { dst, a, b } => binary!(dst, a, b, |x, y| u64::from(x != y)),
                Op::Lt { dst, a, b } => binary!(dst, a, b, |x, y| u64::from(x < y)),
                Op::Le { dst, a, b } => binary!(dst, a, b, |x, y| u64::from(x <= y)),
                Op::EqImm { dst, a, imm } => immediate!(dst, a, |x| u64::from(x == imm)),
                Op::NeImm { dst, a, imm } => immediate!(dst, a, |x| u64::from(x != imm)),
                Op::LtImm { dst, a, imm } => immediate!(dst, a, |x| u64::from(x < imm)),
                Op::GeImm { dst, a, imm } => immediate!(dst, a, |x| u64::from(x >= imm)),
                Op::Arith128 { op, dst, a, b } => check!(wide::arithmetic128(frame, op, dst, a, b)),
                Op::Arith256 { op, dst, a, b } => check!(wide::arithmetic256(frame, op, dst, a, b)),
                Op::Compare128 { op, dst, a, b } => wide::compare128(frame, op, dst, a, b),
                Op::Compare256 { op, dst, a, b } => wide::compare256(frame, op, dst, a, b),
                Op::EqWords {
                    negate,
                    dst,
                    a,
                    b,
                    words: count,
                } => {
                    let count = usize::from(count);
                    let left = check!(slice(host.words, at!(a), count));
                    let right = check!(slice(host.words, at!(b), count));
                    let result = (left == right) != negate;
                    reframe!();
                    reg!(dst) = u64::from(result);
                }
                Op::EqValue {
                    negate,
                    dst,
                    a,
                    b,
                    layout,
                } => {
                    let layout = layout!(layout);
                    let (a, b) = (at!(a), at!(b));
                    let result = check!(equal(host.words, &mut host.gas, layout, a, b)) != negate;
                    check!(drop_value(host.words, host.heap, layout, a));
                    check!(drop_value(host.words, host.heap, layout, b));
                    reframe!();
                    reg!(dst) = u64::from(result);
                }
                Op::EqRef {
                    negate,
                    dst,
                    a,
                    b,
                    layout,
                } => {
                    let layout = layout!(layout);
                    let (a, b) = (address!(a, 0), address!(b, 0));
                    let result = if let Some(bytes) = layout.scalar_bytes() {
                        let left = check!(load_packed(host.words, a, bytes));
                        left == check!(load_packed(host.words, b, bytes))
                    } else {
                        check!(equal(host.words, &mut host.gas, layout, a >> 3, b >> 3))
                    };
                    reframe!();
                    reg!(dst) = u64::from(result != negate);
                }

                Op::FrameAddress { dst, slot } => {
                    reg!(dst) = ((at!(slot)) as u64) << 3;
                }
                Op::AddOffset { dst, src, off } => {
                    reg!(dst) = reg!(src).wrapping_add(u64::from(off));
                }
                Op::Load64 { dst, a, off } => {
                    let at = address!(a, off) >> 3;
                    let value = check!(load(host.words, at));
                    reframe!();
                    reg!(dst) = value;
                }
                Op::LoadN { bytes, dst, a, off } => {
                    let at = address!(a, off);
                    let value = check!(load_packed(host.words, at, u32::from(bytes)));
                    reframe!();
                    reg!(dst) = value;
                }
                Op::LoadWords {
                    dst,
                    a,
                    words: count,
                    off,
                } => {
                    let from = address!(a, off) >> 3;
                    check!(copy(host.words, from, at!(dst), usize::from(count)));
                    reframe!();
                }
                Op::LoadValue {
                    dst,
                    a,
                    layout,
                    off,
                } => {
                    let from = address!(a, off) >> 3;
                    let to = at!(dst);
                    check!(copy_value(
                        host.words,
                        host.heap,
                        &mut host.gas,
                        layout!(layout),
                        from,
                        to
                    ));
                    reframe!();
                }
                Op::Store64 { a, src, off } => {
                    let at = address!(a, off) >> 3;
                    let value = reg!(src);
                    check!(store(host.words, at, value));
                    reframe!();
                }
                Op::StoreN { bytes, a, src, off } => {
                    let at = address!(a, off);
                    let value = reg!(src);
                    check!(store_packed(host.words, at, u32::from(bytes), value));
                    reframe!();
                }
                Op::StoreWords {
                    a,
                    src,
                    words: count,
                    off,
                } => {
                    let to = address!(a, off) >> 3;
                    check!(copy(host.words, at!(src), to, usize::from(count)));
                    reframe!();
                }
                Op::StoreValue {
                    a,
                    src,
                    layout,
                    off,
                } => {
                    let to = address!(a, off) >> 3;
                    let layout = layout!(layout);
                    check!(drop_value(host.words, host.heap, layout, to));
                    let count = layout.words as usize;
                    check!(copy(host.words, at!(src), to, count));
                    reframe!();
                }

                Op::PackVariant {
                    base,
                    tag,
                    fields,
                    words: count,
                } => {
                    let at = at!(base);
                    let value = check!(slice_mut(host.words, at, usize::from(count)));
                    let fields = usize::from(fields);
                    if fields >= value.len() {
                        break 'run fault::invariant("variant is larger than its enum");
                    }
                    value.copy_within(..fields, 1);
                    value[0] = u64::from(tag);
                    value[1 + fields..].fill(0);
                    reframe!();
                }
                Op::UnpackVariant {
                    dst,
                    src,
                    tag,
                    fields,
                } => {
                    check!(variant(reg!(src), tag));
                    let (from, to) = (at!(src).wrapping_add(1), at!(dst));
                    check!(copy(host.words, from, to, usize::from(fields)));
                    reframe!();
                }
                Op::CheckVariant { a, tag, off } => {
                    let at = address!(a, off) >> 3;
                    let actual = check!(load(host.words, at));
                    check!(variant(actual, tag));
                    reframe!();
                }
                Op::CheckVariantSlot { a, tag } => check!(variant(reg!(a), tag)),

                Op::VecPack {
                    dst,
                    src,
                    layout,
                    count,
                } => {
                    let layout = layout!(layout);
                    let (from, to) = (at!(src), at!(dst));
                    check!(vector::pack(host.words, host.heap, layout, from, to, count));
                    reframe!();
                }
                Op::VecUnpack {
                    dst,
                    src,
                    layout,
                    count,
                } => {
                    let layout = layout!(layout);
                    let (from, to) = (at!(src), at!(dst));
                    check!(vector::unpack(
                        host.words, host.heap, layout, from, to, count
                    ));
                    reframe!();
                }
                Op::VecLen { dst, vec, off } => {
                    let at = header!(vec, off);
                    let length = check!(load(host.words, at.wrapping_add(1)));
                    reframe!();
                    reg!(dst) = length;
                }
                Op::VecBorrow {
                    dst,
                    vec,
                    idx,
                    off,
                    bytes,
                } => {
                    let (at, index) = (header!(vec, off), reg!(idx));
                    let element = check!(vector::element(host.words, at, index, bytes));
                    reframe!();
                    reg!(dst) = element as u64;
                }
                Op::VecLoad64 { dst, vec, idx, off } => {
                    let (at, index) = (header!(vec, off), reg!(idx));
                    let element = check!(vector::element(host.words, at, index, 8));
                    let value = check!(load(host.words, element >> 3));
                    reframe!();
                    reg!(dst) = value;
                }
                Op::VecLoadN {
                    bytes,
                    dst,
                    vec,
                    idx,
                    off,
                } => {
                    let (at, index) = (header!(vec, off), reg!(idx));
                    let element = check!(vector::element(host.words, at, index, u32::from(bytes)));
                    let value = check!(load_packed(host.words, element, u32::from(bytes)));
                    reframe!();
                    reg!(dst) = value;
                }
                Op::VecStore64 { src, vec, idx, off } => {
                    let (at, index, value) = (header!(vec, off), reg!(idx), reg!(src));
                    let element = check!(vector::element(host.words, at, index, 8));
                    check!(store(host.words, element >> 3, value));
                    reframe!();
                }
                Op::VecStoreN {
                    bytes,
                    src,
                    vec,
                    idx,
                    off,
                } => {
                    let (at, index, value) = (header!(vec, off), reg!(idx), reg!(src));
                    let element = check!(vector::element(host.words, at, index, u32::from(bytes)));
                    check!(store_packed(host.words, element, u32::from(bytes), value));
                    reframe!();
                }
                Op::VecPush64 { vec, src, off } => {
                    let (at, value) = (header!(vec, off), reg!(src));
                    check!(vector::push_word(host.words, host.heap, at, value));
                    reframe!();
                }
                Op::VecPush {
                    vec,
                    src,
                    off,
                    bytes,
                } => {
                    let (at, from) = (header!(vec, off), at!(src));
                    check!(vector::push(host.words, host.heap, at, from, bytes));
                    reframe!();
                }
                Op::VecPop64 { dst, vec, off } => {
                    let at = header!(vec, off);
                    let value = check!(vector::pop_word(host.words, at));
                    reframe!();
                    reg!(dst) = value;
                }
                Op::VecPop {
                    dst,
                    vec,
                    off,
                    bytes,
                } => {
                    let (at, to) = (header!(vec, off), at!(dst));
                    check!(vector::pop(host.words, at, to, bytes));
                    reframe!();
                }
                Op::VecSwap {
                    vec,
                    i,
                    j,
                    off,
                    bytes,
                } => {
                    let (at, i, j) = (header!(vec, off), reg!(i), reg!(j));
                    check!(vector::swap(host.words, at, i, j, bytes));
                    reframe!();
                }
            }
        }
    };
    if let Some(top) = host.frames.last_mut() {
        top.pc = pc as u32;
    }
    Err(fault)
}

#[cold]
fn by_zero() -> Box<Fault> {
    fault::arithmetic(ArithmeticError::DivisionByZero)
}

/// Target and cost for a variant tag.
fn jump(body: &Ops, table: u16, tag: u64) -> Result<(usize, u64), Box<Fault>> {
    let (target, cost) = body
        .jump_tables
        .get(usize::from(table))
        .and_then(|table| table.get(usize::try_from(tag).ok()?))
        .ok_or_else(|| fault::invariant("switch on an unknown variant"))?;
    Ok((*target as usize, u64::from(*cost)))
}

#[inline(always)]
fn variant(actual: u64, expected: u16) -> Result<(), Box<Fault>> {
    if actual == u64::from(expected) {
        Ok(())
    } else {
        Err(Box::new(Fault::Variant { expected, actual }))
    }
}

/// Constants were checked when the code was translated.
fn constant_fault(error: BcsError) -> Box<Fault> {
    match error {
        BcsError::MemoryLimit => Box::new(Fault::MemoryLimit),
        _ => fault::invariant("constant is not of its type"),
    }
}

#[cold]
fn overflow() -> Box<Fault> {
    fault::arithmetic(ArithmeticError::Overflow)
}

#[inline(always)]
fn low_bits(bits: u8) -> u64 {
    u64::MAX >> (64 - u32::from(bits)).min(63)
}
