//! Integers of 128 and 256 bits in a frame, least word first.
//!
//! Slots are added with wrap-around: the translator never lets a value cross
//! the end of a window, and an index of 16 bits needs no check.

use crate::ArithmeticError;
use crate::fault::{self, Fault};
use crate::memory::Window;
use crate::op::Slot;
use crate::value_width::{Comparison, WideOp, Width};
use ruint::aliases::U256;

#[inline(always)]
fn word(frame: &Window, slot: Slot, offset: u16) -> u64 {
    frame[usize::from(slot.wrapping_add(offset))]
}

/// Four words from `slot`.
#[inline(always)]
pub(super) fn words4(frame: &Window, slot: Slot) -> [u64; 4] {
    [0, 1, 2, 3].map(|offset| word(frame, slot, offset))
}

/// Writes four words from `slot`.
#[inline(always)]
pub(super) fn set_words4(frame: &mut Window, slot: Slot, value: [u64; 4]) {
    for (offset, word) in [0u16, 1, 2, 3].into_iter().zip(value) {
        frame[usize::from(slot.wrapping_add(offset))] = word;
    }
}

#[inline(always)]
fn get128(frame: &Window, slot: Slot) -> u128 {
    u128::from(word(frame, slot, 0)) | u128::from(word(frame, slot, 1)) << 64
}

#[inline(always)]
fn set128(frame: &mut Window, slot: Slot, value: u128) {
    frame[usize::from(slot)] = value as u64;
    frame[usize::from(slot.wrapping_add(1))] = (value >> 64) as u64;
}

fn get256(frame: &Window, slot: Slot) -> U256 {
    U256::from_limbs(words4(frame, slot))
}

fn set256(frame: &mut Window, slot: Slot, value: U256) {
    set_words4(frame, slot, *value.as_limbs());
}

#[cold]
fn overflow() -> Box<Fault> {
    fault::arithmetic(ArithmeticError::Overflow)
}

#[cold]
fn by_zero() -> Box<Fault> {
    fault::arithmetic(ArithmeticError::DivisionByZero)
}

pub(super) fn arithmetic128(
    frame: &mut Window,
    op: WideOp,
    dst: Slot,
    a: Slot,
    b: Slot,
) -> Result<(), Box<Fault>> {
    let left = get128(frame, a);
    if let WideOp::Shl | WideOp::Shr = op {
        let shift = shift_amount(frame, b, 128)?;
        let value = match op {
            WideOp::Shl => left << shift,
            _ => left >> shift,
        };
        set128(frame, dst, value);
        return Ok(());
    }
    let right = get128(frame, b);
    let value = match op {
        WideOp::Add => left.checked_add(right).ok_or_else(overflow)?,
        WideOp::Sub => left.checked_sub(right).ok_or_else(overflow)?,
        WideOp::Mul => left.checked_mul(right).ok_or_else(overflow)?,
        WideOp::Div => left.checked_div(right).ok_or_else(by_zero)?,
        WideOp::Mod => left.checked_rem(right).ok_or_else(by_zero)?,
        WideOp::And => left & right,
        WideOp::Or => left | right,
        _ => left ^ right,
    };
    set128(frame, dst, value);
    Ok(())
}

pub(super) fn arithmetic256(
    frame: &mut Window,
    op: WideOp,
    dst: Slot,
    a: Slot,
    b: Slot,
) -> Result<(), Box<Fault>> {
    let left = get256(frame, a);
    if let WideOp::Shl | WideOp::Shr = op {
        let shift = shift_amount(frame, b, 256)?;
        let value = match op {
            WideOp::Shl => left << shift,
            _ => left >> shift,
        };
        set256(frame, dst, value);
        return Ok(());
    }
    let right = get256(frame, b);
    let value = match op {
        WideOp::Add => left.checked_add(right).ok_or_else(overflow)?,
        WideOp::Sub => left.checked_sub(right).ok_or_else(overflow)?,
        WideOp::Mul => left.checked_mul(right).ok_or_else(overflow)?,
        WideOp::Div => left.checked_div(right).ok_or_else(by_zero)?,
        WideOp::Mod => left.checked_rem(right).ok_or_else(by_zero)?,
        WideOp::And => left & right,
        WideOp::Or => left | right,
        _ => left ^ right,
    };
    set256(frame, dst, value);
    Ok(())
}

fn shift_amount(frame: &Window, slot: Slot, bits: u64) -> Result<usize, Box<Fault>> {
    match word(frame, slot, 0) {
        shift if shift < bits => Ok(shift as usize),
        _ => Err(fault::arithmetic(ArithmeticError::ShiftAmount)),
    }
}

pub(super) fn compare128(frame: &mut Window, op: Comparison, dst: Slot, a: Slot, b: Slot) {
    let (left, right) = (get128(frame, a), get128(frame, b));
    frame[usize::from(dst)] = u64::from(match op {
        Comparison::Lt => left < right,
        Comparison::Le => left <= right,
    });
}

pub(super) fn compare256(frame: &mut Window, op: Comparison, dst: Slot, a: Slot, b: Slot) {
    let (left, right) = (get256(frame, a), get256(frame, b));
    frame[usize::from(dst)] = u64::from(match op {
        Comparison::Lt => left < right,
        Comparison::Le => left <= right,
    });
}

/// Casts between widths of which at least one is beyond a word.
pub(super) fn cast(
    frame: &mut Window,
    from: Width,
    to: Width,
    dst: Slot,
    src: Slot,
) -> Result<(), Box<Fault>> {
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
        return Err(fault::arithmetic(ArithmeticError::Cast));
    }
    match to {
        Width::W256 => set_words4(frame, dst, value),
        Width::W128 => {
            frame[usize::from(dst)] = value[0];
            frame[usize::from(dst.wrapping_add(1))] = value[1];
        }
        _ => frame[usize::from(dst)] = value[0],
    }
    Ok(())
}
