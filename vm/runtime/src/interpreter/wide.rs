//! Integers of 128 and 256 bits in a frame, least word first.
//!
//! Slots are added with wrap-around: the translator never lets a value cross
//! the end of a window, and an index of 16 bits needs no check. Operands are as
//! for words: result to `a`, operands in `b` and `c`.

use super::cells::Window;
use super::instruction::{Exit, Host, Instruction, get, set, straight};
use crate::ArithmeticError;
use crate::fault;
use crate::op::Slot;
use crate::value_width::{Comparison, WideOp, Width};
use ruint::aliases::U256;

/// An integer of several words.
pub(super) trait Wide: Copy + Ord {
    const BITS: u64;
    fn read(frame: &Window, slot: Slot) -> Self;
    fn write(self, frame: &Window, slot: Slot);
    fn calculate(op: WideOp, a: Self, b: Self) -> Result<Self, ArithmeticError>;
    fn shifted(self, op: WideOp, amount: usize) -> Self;
}

#[inline(always)]
fn word(frame: &Window, slot: Slot, offset: u16) -> u64 {
    get!(frame, slot.wrapping_add(offset))
}

/// Four words from `slot`.
#[inline(always)]
pub(super) fn words4(frame: &Window, slot: Slot) -> [u64; 4] {
    [0, 1, 2, 3].map(|offset| word(frame, slot, offset))
}

/// Writes four words from `slot`.
#[inline(always)]
pub(super) fn set_words4(frame: &Window, slot: Slot, value: [u64; 4]) {
    for (offset, word) in [0u16, 1, 2, 3].into_iter().zip(value) {
        set!(frame, slot.wrapping_add(offset), word);
    }
}

macro_rules! calculate {
    () => {
        #[inline(always)]
        fn calculate(op: WideOp, a: Self, b: Self) -> Result<Self, ArithmeticError> {
            use ArithmeticError::{DivisionByZero, Overflow};
            match op {
                WideOp::Add => a.checked_add(b).ok_or(Overflow),
                WideOp::Sub => a.checked_sub(b).ok_or(Overflow),
                WideOp::Mul => a.checked_mul(b).ok_or(Overflow),
                WideOp::Div => a.checked_div(b).ok_or(DivisionByZero),
                WideOp::Mod => a.checked_rem(b).ok_or(DivisionByZero),
                WideOp::And => Ok(a & b),
                WideOp::Or => Ok(a | b),
                _ => Ok(a ^ b),
            }
        }

        #[inline(always)]
        fn shifted(self, op: WideOp, amount: usize) -> Self {
            match op {
                WideOp::Shl => self << amount,
                _ => self >> amount,
            }
        }
    };
}

impl Wide for u128 {
    const BITS: u64 = 128;

    #[inline(always)]
    fn read(frame: &Window, slot: Slot) -> Self {
        u128::from(word(frame, slot, 0)) | u128::from(word(frame, slot, 1)) << 64
    }

    #[inline(always)]
    fn write(self, frame: &Window, slot: Slot) {
        set!(frame, slot, self as u64);
        set!(frame, slot.wrapping_add(1), (self >> 64) as u64);
    }

    calculate!();
}

impl Wide for U256 {
    const BITS: u64 = 256;

    #[inline(always)]
    fn read(frame: &Window, slot: Slot) -> Self {
        U256::from_limbs(words4(frame, slot))
    }

    #[inline(always)]
    fn write(self, frame: &Window, slot: Slot) {
        set_words4(frame, slot, *self.as_limbs());
    }

    calculate!();
}

/// One operation, out of line where it takes its time, so that the instruction
/// itself keeps everything in registers.
#[inline(never)]
fn calculate_outside<W: Wide>(
    frame: &Window,
    op: WideOp,
    dst: Slot,
    a: Slot,
    b: Slot,
) -> Option<ArithmeticError> {
    let left = W::read(frame, a);
    let result = if let WideOp::Shl | WideOp::Shr = op {
        match word(frame, b, 0) {
            amount if amount < W::BITS => Ok(left.shifted(op, amount as usize)),
            _ => Err(ArithmeticError::ShiftAmount),
        }
    } else {
        W::calculate(op, left, W::read(frame, b))
    };
    match result {
        Ok(value) => {
            value.write(frame, dst);
            None
        }
        Err(error) => Some(error),
    }
}

/// The operation with this number.
const fn operation(number: u8) -> WideOp {
    match number {
        0 => WideOp::Add,
        1 => WideOp::Sub,
        2 => WideOp::Mul,
        3 => WideOp::Div,
        4 => WideOp::Mod,
        5 => WideOp::And,
        6 => WideOp::Or,
        7 => WideOp::Xor,
        8 => WideOp::Shl,
        _ => WideOp::Shr,
    }
}

/// Arithmetic on `W`. `d`: the operation.
pub(super) fn arithmetic<'h, 'c, W: Wide>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, next, ..] = at else {
        return host.runs_off(gas);
    };
    match calculate_outside::<W>(frame, operation(op.d as u8), op.a, op.b, op.c) {
        None => (next.run)(host, &at[1..], frame, gas),
        Some(error) => host.fail(at, gas, fault::arithmetic(error)),
    }
}

straight! {
    /// 128-bit addition.
    fn add128(host, at, op, frame, gas) {
        let Some(sum) = u128::read(frame, op.b).checked_add(u128::read(frame, op.c)) else {
            return host.fail(at, gas, fault::arithmetic(ArithmeticError::Overflow));
        };
        sum.write(frame, op.a);
    }
}

straight! {
    /// 128-bit subtraction.
    fn sub128(host, at, op, frame, gas) {
        let Some(rest) = u128::read(frame, op.b).checked_sub(u128::read(frame, op.c)) else {
            return host.fail(at, gas, fault::arithmetic(ArithmeticError::Overflow));
        };
        rest.write(frame, op.a);
    }
}

/// Order of two `W`. `d`: 0 for less, 1 for less or equal.
pub(super) fn compare<'h, 'c, W: Wide>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, next, ..] = at else {
        return host.runs_off(gas);
    };
    let (left, right) = (W::read(frame, op.b), W::read(frame, op.c));
    let result = if op.d == Comparison::Lt as u16 {
        left < right
    } else {
        left <= right
    };
    set!(frame, op.a, u64::from(result));
    (next.run)(host, &at[1..], frame, gas)
}

/// The width with this number of bits.
fn width(bits: u16) -> Width {
    match bits {
        8 => Width::W8,
        16 => Width::W16,
        32 => Width::W32,
        64 => Width::W64,
        128 => Width::W128,
        _ => Width::W256,
    }
}

#[inline(never)]
fn cast_outside(frame: &Window, from: Width, to: Width, dst: Slot, src: Slot) -> bool {
    let low = word(frame, src, 0);
    let value = match from {
        Width::W256 => words4(frame, src),
        Width::W128 => [low, word(frame, src, 1), 0, 0],
        _ => [low, 0, 0, 0],
    };
    let fits = match to {
        Width::W256 => true,
        Width::W128 => value[2..] == [0, 0],
        narrow => value[1..] == [0, 0, 0] && value[0] <= u64::MAX >> (64 - narrow.bits()),
    };
    if !fits {
        return false;
    }
    match to {
        Width::W256 => set_words4(frame, dst, value),
        Width::W128 => {
            set!(frame, dst, value[0]);
            set!(frame, dst.wrapping_add(1), value[1]);
        }
        _ => set!(frame, dst, value[0]),
    }
    true
}

straight! {
    /// Casts `b` where at least one width is beyond a word. `c`, `d`: bits
    /// before and after.
    fn cast_wide(host, at, op, frame, gas) {
        if !cast_outside(frame, width(op.c), width(op.d), op.a, op.b) {
            return host.fail(at, gas, fault::arithmetic(ArithmeticError::Cast));
        }
    }
}
