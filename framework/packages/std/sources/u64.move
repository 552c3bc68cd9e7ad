/// Functions and loops on `u64`, as methods of the type.
#[defines_primitive(u64)]
module std::u64;

use std::string::String;

/// Every bit of `x` turned around.
public fun bitwise_not(x: u64): u64 {
    x ^ max_value!()
}

/// The greater of the two.
public fun max(x: u64, y: u64): u64 {
    std::macros::num_max!(x, y)
}

/// The lesser of the two.
public fun min(x: u64, y: u64): u64 {
    std::macros::num_min!(x, y)
}

/// The distance between the two.
public fun diff(x: u64, y: u64): u64 {
    std::macros::num_diff!(x, y)
}

/// `x / y`, rounded up to the next integer. Fails in the virtual machine when `y`
/// is 0.
public fun divide_and_round_up(x: u64, y: u64): u64 {
    std::macros::num_divide_and_round_up!(x, y)
}

/// `base` multiplied with itself `exponent` times; 1 when `exponent` is 0. Fails in
/// the virtual machine when the result exceeds `u64`.
public fun pow(base: u64, exponent: u8): u64 {
    std::macros::num_pow!(base, exponent)
}

/// The greatest integer whose square is at most `x`.
public fun sqrt(x: u64): u64 {
    std::macros::num_sqrt!<u64, u128>(x, 64)
}

/// `x` as a `u8`, or none when it is too large.
public fun try_as_u8(x: u64): Option<u8> {
    std::macros::try_as_u8!(x)
}

/// `x` as a `u16`, or none when it is too large.
public fun try_as_u16(x: u64): Option<u16> {
    std::macros::try_as_u16!(x)
}

/// `x` as a `u32`, or none when it is too large.
public fun try_as_u32(x: u64): Option<u32> {
    std::macros::try_as_u32!(x)
}

/// The decimal digits of `x`.
public fun to_string(x: u64): String {
    std::macros::num_to_string!(x)
}

/// `x + y`, or none when that exceeds `u64`.
public fun checked_add(x: u64, y: u64): Option<u64> {
    std::macros::num_checked_add!(x, y, max_value!())
}

/// `x - y`, or none when `y` is greater than `x`.
public fun checked_sub(x: u64, y: u64): Option<u64> {
    std::macros::num_checked_sub!(x, y)
}

/// `x * y`, or none when that exceeds `u64`.
public fun checked_mul(x: u64, y: u64): Option<u64> {
    std::macros::num_checked_mul!(x, y, max_value!())
}

/// `x / y`, or none when `y` is 0.
public fun checked_div(x: u64, y: u64): Option<u64> {
    std::macros::num_checked_div!(x, y)
}

/// `x + y`, or the greatest `u64` when that exceeds it.
public fun saturating_add(x: u64, y: u64): u64 {
    std::macros::num_saturating_add!(x, y, max_value!())
}

/// `x - y`, or 0 when `y` is greater than `x`.
public fun saturating_sub(x: u64, y: u64): u64 {
    std::macros::num_saturating_sub!(x, y)
}

/// `x * y`, or the greatest `u64` when that exceeds it.
public fun saturating_mul(x: u64, y: u64): u64 {
    std::macros::num_saturating_mul!(x, y, max_value!())
}

/// The greatest `u64`.
public macro fun max_value(): u64 {
    0xFFFFFFFFFFFFFFFF
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$R: drop>($start: u64, $stop: u64, $f: |u64| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u64, $stop: u64, $f: |u64| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$R: drop>($stop: u64, $f: |u64| -> $R) {
    std::macros::do!($stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u64, $f: |u64| -> $R) {
    std::macros::do_eq!($stop, $f)
}
