/// Arithmetic on `u64`. All of it is in `std::u64` and `std::u128` now, as methods.
module sui::math;

/// Older name of `std::u64::max`.
#[deprecated(note = b"Use `std::u64::max` instead.")]
public fun max(x: u64, y: u64): u64 {
    x.max(y)
}

/// Older name of `std::u64::min`.
#[deprecated(note = b"Use `std::u64::min` instead.")]
public fun min(x: u64, y: u64): u64 {
    x.min(y)
}

/// Older name of `std::u64::diff`.
#[deprecated(note = b"Use `std::u64::diff` instead.")]
public fun diff(x: u64, y: u64): u64 {
    x.diff(y)
}

/// Older name of `std::u64::pow`.
#[deprecated(note = b"Use `std::u64::pow` instead.")]
public fun pow(base: u64, exponent: u8): u64 {
    base.pow(exponent)
}

/// Older name of `std::u64::sqrt`.
#[deprecated(note = b"Use `std::u64::sqrt` instead.")]
public fun sqrt(x: u64): u64 {
    x.sqrt()
}

/// Older name of `std::u128::sqrt`.
#[deprecated(note = b"Use `std::u128::sqrt` instead.")]
public fun sqrt_u128(x: u128): u128 {
    x.sqrt()
}

/// Older name of `std::u64::divide_and_round_up`.
#[deprecated(note = b"Use `std::u64::divide_and_round_up` instead.")]
public fun divide_and_round_up(x: u64, y: u64): u64 {
    x.divide_and_round_up(y)
}
