/// Unsigned numbers with 64 bits before and 64 bits after the binary point.
/// Results are rounded down.
module std::uq64_64;

#[error]
const EDenominator: vector<u8> = b"The denominator is zero";

#[error]
const EQuotientTooSmall: vector<u8> = b"The quotient is not zero, but too small for UQ64_64";

#[error]
const EQuotientTooLarge: vector<u8> = b"The quotient is too large for UQ64_64";

#[error]
const EOverflow: vector<u8> = b"The result is too large for UQ64_64";

#[error]
const EDivisionByZero: vector<u8> = b"The divisor is zero";

/// The number times 2 to the power of 64.
public struct UQ64_64(u128) has copy, drop, store;

/// `numerator / denominator`. Aborts when the denominator is 0, and when the result
/// is too large, or rounds to 0 while the numerator is not 0.
public fun from_quotient(numerator: u128, denominator: u128): UQ64_64 {
    assert!(denominator != 0, EDenominator);
    let quotient = ((numerator as u256) << 64) / (denominator as u256);
    assert!(quotient != 0 || numerator == 0, EQuotientTooSmall);
    assert!(quotient <= std::u128::max_value!() as u256, EQuotientTooLarge);
    UQ64_64(quotient as u128)
}

/// The number equal to `integer`.
public fun from_int(integer: u64): UQ64_64 {
    UQ64_64((integer as u128) << 64)
}

/// `a + b`. Aborts when that is too large.
public fun add(a: UQ64_64, b: UQ64_64): UQ64_64 {
    let sum = (a.0 as u256) + (b.0 as u256);
    assert!(sum <= std::u128::max_value!() as u256, EOverflow);
    UQ64_64(sum as u128)
}

/// `a - b`. Aborts when `b` is greater than `a`.
public fun sub(a: UQ64_64, b: UQ64_64): UQ64_64 {
    assert!(b.0 <= a.0, EOverflow);
    UQ64_64(a.0 - b.0)
}

/// `a * b`. Aborts when that is too large.
public fun mul(a: UQ64_64, b: UQ64_64): UQ64_64 {
    UQ64_64(int_mul(a.0, b))
}

/// `a / b`. Aborts when `b` is 0, and when the result is too large.
public fun div(a: UQ64_64, b: UQ64_64): UQ64_64 {
    UQ64_64(int_div(a.0, b))
}

/// The integer part.
public fun to_int(a: UQ64_64): u64 {
    (a.0 >> 64) as u64
}

/// `val * multiplier`. Aborts when that exceeds `u128`.
public fun int_mul(val: u128, multiplier: UQ64_64): u128 {
    let product = (val as u256) * (multiplier.0 as u256) >> 64;
    assert!(product <= std::u128::max_value!() as u256, EOverflow);
    product as u128
}

/// `val / divisor`. Aborts when the divisor is 0, and when the result exceeds `u128`.
public fun int_div(val: u128, divisor: UQ64_64): u128 {
    assert!(divisor.0 != 0, EDivisionByZero);
    let quotient = ((val as u256) << 64) / (divisor.0 as u256);
    assert!(quotient <= std::u128::max_value!() as u256, EOverflow);
    quotient as u128
}

/// Whether `a` is less than or equal to `b`.
public fun le(a: UQ64_64, b: UQ64_64): bool {
    a.0 <= b.0
}

/// Whether `a` is less than `b`.
public fun lt(a: UQ64_64, b: UQ64_64): bool {
    a.0 < b.0
}

/// Whether `a` is greater than or equal to `b`.
public fun ge(a: UQ64_64, b: UQ64_64): bool {
    a.0 >= b.0
}

/// Whether `a` is greater than `b`.
public fun gt(a: UQ64_64, b: UQ64_64): bool {
    a.0 > b.0
}

/// The number's representation.
public fun to_raw(a: UQ64_64): u128 {
    a.0
}

/// The number whose representation is `raw_value`.
public fun from_raw(raw_value: u128): UQ64_64 {
    UQ64_64(raw_value)
}
