/// Unsigned numbers with 32 bits before and 32 bits after the binary point.
/// Results are rounded down.
module std::uq32_32;

#[error]
const EDenominator: vector<u8> = b"The denominator is zero";

#[error]
const EQuotientTooSmall: vector<u8> = b"The quotient is not zero, but too small for UQ32_32";

#[error]
const EQuotientTooLarge: vector<u8> = b"The quotient is too large for UQ32_32";

#[error]
const EOverflow: vector<u8> = b"The result is too large for UQ32_32";

#[error]
const EDivisionByZero: vector<u8> = b"The divisor is zero";

/// The number times 2 to the power of 32.
public struct UQ32_32(u64) has copy, drop, store;

/// `numerator / denominator`. Aborts when the denominator is 0, and when the result
/// is too large, or rounds to 0 while the numerator is not 0.
public fun from_quotient(numerator: u64, denominator: u64): UQ32_32 {
    assert!(denominator != 0, EDenominator);
    let quotient = ((numerator as u128) << 32) / (denominator as u128);
    assert!(quotient != 0 || numerator == 0, EQuotientTooSmall);
    assert!(quotient <= std::u64::max_value!() as u128, EQuotientTooLarge);
    UQ32_32(quotient as u64)
}

/// The number equal to `integer`.
public fun from_int(integer: u32): UQ32_32 {
    UQ32_32((integer as u64) << 32)
}

/// `a + b`. Aborts when that is too large.
public fun add(a: UQ32_32, b: UQ32_32): UQ32_32 {
    let sum = (a.0 as u128) + (b.0 as u128);
    assert!(sum <= std::u64::max_value!() as u128, EOverflow);
    UQ32_32(sum as u64)
}

/// `a - b`. Aborts when `b` is greater than `a`.
public fun sub(a: UQ32_32, b: UQ32_32): UQ32_32 {
    assert!(b.0 <= a.0, EOverflow);
    UQ32_32(a.0 - b.0)
}

/// `a * b`. Aborts when that is too large.
public fun mul(a: UQ32_32, b: UQ32_32): UQ32_32 {
    UQ32_32(int_mul(a.0, b))
}

/// `a / b`. Aborts when `b` is 0, and when the result is too large.
public fun div(a: UQ32_32, b: UQ32_32): UQ32_32 {
    UQ32_32(int_div(a.0, b))
}

/// The integer part.
public fun to_int(a: UQ32_32): u32 {
    (a.0 >> 32) as u32
}

/// `val * multiplier`. Aborts when that exceeds `u64`.
public fun int_mul(val: u64, multiplier: UQ32_32): u64 {
    let product = (val as u128) * (multiplier.0 as u128) >> 32;
    assert!(product <= std::u64::max_value!() as u128, EOverflow);
    product as u64
}

/// `val / divisor`. Aborts when the divisor is 0, and when the result exceeds `u64`.
public fun int_div(val: u64, divisor: UQ32_32): u64 {
    assert!(divisor.0 != 0, EDivisionByZero);
    let quotient = ((val as u128) << 32) / (divisor.0 as u128);
    assert!(quotient <= std::u64::max_value!() as u128, EOverflow);
    quotient as u64
}

/// Whether `a` is less than or equal to `b`.
public fun le(a: UQ32_32, b: UQ32_32): bool {
    a.0 <= b.0
}

/// Whether `a` is less than `b`.
public fun lt(a: UQ32_32, b: UQ32_32): bool {
    a.0 < b.0
}

/// Whether `a` is greater than or equal to `b`.
public fun ge(a: UQ32_32, b: UQ32_32): bool {
    a.0 >= b.0
}

/// Whether `a` is greater than `b`.
public fun gt(a: UQ32_32, b: UQ32_32): bool {
    a.0 > b.0
}

/// The number's representation.
public fun to_raw(a: UQ32_32): u64 {
    a.0
}

/// The number whose representation is `raw_value`.
public fun from_raw(raw_value: u64): UQ32_32 {
    UQ32_32(raw_value)
}
