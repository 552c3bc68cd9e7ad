/// Numbers with 32 bits before and 32 bits after the binary point. Kept for
/// packages that use it; `std::uq32_32` is its successor.
module std::fixed_point32;

/// The number times 2 to the power of 32, rounded down.
public struct FixedPoint32 has copy, drop, store {
    value: u64,
}

/// The denominator is 0.
const EDENOMINATOR: u64 = 0x10001;

/// The quotient exceeds `u64`.
const EDIVISION: u64 = 0x20002;

/// The product exceeds `u64`.
const EMULTIPLICATION: u64 = 0x20003;

/// The divisor is 0.
const EDIVISION_BY_ZERO: u64 = 0x10004;

/// The ratio is too large, or greater than 0 and too small, to be represented.
const ERATIO_OUT_OF_RANGE: u64 = 0x20005;

const MAX_U64: u128 = 0xFFFF_FFFF_FFFF_FFFF;

/// `val * multiplier`, rounded down. Aborts with `EMULTIPLICATION` when that
/// exceeds `u64`.
public fun multiply_u64(val: u64, multiplier: FixedPoint32): u64 {
    let product = (val as u128) * (multiplier.value as u128) >> 32;
    assert!(product <= MAX_U64, EMULTIPLICATION);
    product as u64
}

/// `val / divisor`, rounded down. Aborts with `EDIVISION_BY_ZERO` when the divisor
/// is 0, and with `EDIVISION` when the quotient exceeds `u64`.
public fun divide_u64(val: u64, divisor: FixedPoint32): u64 {
    assert!(divisor.value != 0, EDIVISION_BY_ZERO);
    let quotient = ((val as u128) << 32) / (divisor.value as u128);
    assert!(quotient <= MAX_U64, EDIVISION);
    quotient as u64
}

/// `numerator / denominator`, rounded down to a multiple of 2 to the power of -32.
/// Aborts with `EDENOMINATOR` when the denominator is 0, and with
/// `ERATIO_OUT_OF_RANGE` when the result is too large, or is 0 while the numerator
/// is not.
public fun create_from_rational(numerator: u64, denominator: u64): FixedPoint32 {
    assert!(denominator != 0, EDENOMINATOR);
    let ratio = ((numerator as u128) << 32) / (denominator as u128);
    assert!(ratio <= MAX_U64 && (ratio != 0 || numerator == 0), ERATIO_OUT_OF_RANGE);
    FixedPoint32 { value: ratio as u64 }
}

/// The number whose representation is `value`.
public fun create_from_raw_value(value: u64): FixedPoint32 {
    FixedPoint32 { value }
}

/// The number's representation.
public fun get_raw_value(num: FixedPoint32): u64 {
    num.value
}

/// Whether the number is 0.
public fun is_zero(num: FixedPoint32): bool {
    num.value == 0
}
