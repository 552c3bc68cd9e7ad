//! Integers of one word, and booleans. `a` is where the result goes; operands
//! are in `b` and `c`, an immediate in `x`.

use super::instruction::{get, set, straight};
use crate::ArithmeticError;
use crate::fault;

/// Operations that can't fail: of two slots, and of a slot and an immediate.
macro_rules! total {
    ($(
        #[doc = $doc:literal]
        [$($name:ident)?] [$($imm:ident)?] |$x:ident, $y:ident| $value:expr;
    )*) => { $(
        $(straight! {
            #[doc = $doc]
            fn $name(host, at, op, frame, gas) {
                let ($x, $y) = (get!(frame, op.b), get!(frame, op.c));
                set!(frame, op.a, $value);
            }
        })?
        $(straight! {
            #[doc = $doc]
            fn $imm(host, at, op, frame, gas) {
                let ($x, $y) = (get!(frame, op.b), op.x);
                set!(frame, op.a, $value);
            }
        })?
    )* };
}

/// The same for operations that give `None` with an arithmetic error.
macro_rules! partial {
    ($(
        $(#[$doc:meta])*
        $name:ident, $imm:ident $([const $bits:ident])?, $error:ident, |$x:ident, $y:ident| $value:expr;
    )*) => { $(
        straight! {
            $(#[$doc])*
            fn $name $([const $bits: u32])? (host, at, op, frame, gas) {
                let ($x, $y) = (get!(frame, op.b), get!(frame, op.c));
                let Some(value) = $value else {
                    return host.fail(at, gas, fault::arithmetic(ArithmeticError::$error));
                };
                set!(frame, op.a, value);
            }
        }
        straight! {
            $(#[$doc])*
            fn $imm $([const $bits: u32])? (host, at, op, frame, gas) {
                let ($x, $y) = (get!(frame, op.b), op.x);
                let Some(value) = $value else {
                    return host.fail(at, gas, fault::arithmetic(ArithmeticError::$error));
                };
                set!(frame, op.a, value);
            }
        }
    )* };
}

#[inline(always)]
fn within(value: u64, bits: u32) -> Option<u64> {
    (value <= low_bits(bits)).then_some(value)
}

#[inline(always)]
fn low_bits(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

#[inline(always)]
fn sum<const BITS: u32>(x: u64, y: u64) -> Option<u64> {
    match BITS {
        64 => x.checked_add(y),
        _ => within(x.wrapping_add(y), BITS),
    }
}

#[inline(always)]
fn product<const BITS: u32>(x: u64, y: u64) -> Option<u64> {
    match BITS {
        64 => x.checked_mul(y),
        _ => within(x.wrapping_mul(y), BITS),
    }
}

total! {
    /// Bitwise and.
    [and] [and_imm] |x, y| x & y;
    /// Bitwise or.
    [or] [or_imm] |x, y| x | y;
    /// Bitwise exclusive or.
    [xor] [xor_imm] |x, y| x ^ y;
    /// Equality.
    [eq] [eq_imm] |x, y| u64::from(x == y);
    /// Inequality.
    [ne] [ne_imm] |x, y| u64::from(x != y);
    /// `b < c`.
    [lt] [lt_imm] |x, y| u64::from(x < y);
    /// `b <= c`.
    [le] [] |x, y| u64::from(x <= y);
    /// `b >= c`.
    [] [ge_imm] |x, y| u64::from(x >= y);
}

partial! {
    /// Addition of `BITS`.
    add, add_imm [const BITS], Overflow, |x, y| sum::<BITS>(x, y);
    /// Subtraction at any width.
    sub, sub_imm, Overflow, |x, y| x.checked_sub(y);
    /// Multiplication of `BITS`.
    mul, mul_imm [const BITS], Overflow, |x, y| product::<BITS>(x, y);
    /// Division.
    div, div_imm, DivisionByZero, |x, y| x.checked_div(y);
    /// Remainder.
    rem, rem_imm, DivisionByZero, |x, y| x.checked_rem(y);
    /// Shift left at `BITS`; bits beyond are lost.
    shl, shl_imm [const BITS], ShiftAmount, |x, y|
        (y < u64::from(BITS)).then(|| (x << (y & 63)) & low_bits(BITS));
    /// Shift right at `BITS`.
    shr, shr_imm [const BITS], ShiftAmount, |x, y|
        (y < u64::from(BITS)).then(|| x >> (y & 63));
}

straight! {
    /// Fails unless `b` fits `BITS`.
    fn cast[const BITS: u32](host, at, op, frame, gas) {
        let Some(value) = within(get!(frame, op.b), BITS) else {
            return host.fail(at, gas, fault::arithmetic(ArithmeticError::Cast));
        };
        set!(frame, op.a, value);
    }
}
