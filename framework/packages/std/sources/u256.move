/// Functions and loops on `u256`, as methods of the type.
#[defines_primitive(u256)]
module std::u256;

use std::string::String;

/// Every bit of `x` turned around.
public fun bitwise_not(x: u256): u256 {
    x ^ max_value!()
}

/// The greater of the two.
public fun max(x: u256, y: u256): u256 {
    std::macros::num_max!(x, y)
}

/// The lesser of the two.
public fun min(x: u256, y: u256): u256 {
    std::macros::num_min!(x, y)
}

/// The distance between the two.
public fun diff(x: u256, y: u256): u256 {
    std::macros::num_diff!(x, y)
}

/// `x / y`, rounded up to the next integer. Fails in the virtual machine when `y`
/// is 0.
public fun divide_and_round_up(x: u256, y: u256): u256 {
    std::macros::num_divide_and_round_up!(x, y)
}

/// `base` multiplied with itself `exponent` times; 1 when `exponent` is 0. Fails in
/// the virtual machine when the result exceeds `u256`.
public fun pow(base: u256, exponent: u8): u256 {
    std::macros::num_pow!(base, exponent)
}

/// `x` as a `u8`, or none when it is too large.
public fun try_as_u8(x: u256): Option<u8> {
    std::macros::try_as_u8!(x)
}

/// `x` as a `u16`, or none when it is too large.
public fun try_as_u16(x: u256): Option<u16> {
    std::macros::try_as_u16!(x)
}

/// `x` as a `u32`, or none when it is too large.
public fun try_as_u32(x: u256): Option<u32> {
    std::macros::try_as_u32!(x)
}

/// `x` as a `u64`, or none when it is too large.
public fun try_as_u64(x: u256): Option<u64> {
    std::macros::try_as_u64!(x)
}

/// `x` as a `u128`, or none when it is too large.
public fun try_as_u128(x: u256): Option<u128> {
    std::macros::try_as_u128!(x)
}

/// The decimal digits of `x`.
public fun to_string(x: u256): String {
    std::macros::num_to_string!(x)
}

/// `x + y`, or none when that exceeds `u256`.
public fun checked_add(x: u256, y: u256): Option<u256> {
    std::macros::num_checked_add!(x, y, max_value!())
}

/// `x - y`, or none when `y` is greater than `x`.
public fun checked_sub(x: u256, y: u256): Option<u256> {
    std::macros::num_checked_sub!(x, y)
}

/// `x * y`, or none when that exceeds `u256`.
public fun checked_mul(x: u256, y: u256): Option<u256> {
    std::macros::num_checked_mul!(x, y, max_value!())
}

/// `x / y`, or none when `y` is 0.
public fun checked_div(x: u256, y: u256): Option<u256> {
    std::macros::num_checked_div!(x, y)
}

/// `x + y`, or the greatest `u256` when that exceeds it.
public fun saturating_add(x: u256, y: u256): u256 {
    std::macros::num_saturating_add!(x, y, max_value!())
}

/// `x - y`, or 0 when `y` is greater than `x`.
public fun saturating_sub(x: u256, y: u256): u256 {
    std::macros::num_saturating_sub!(x, y)
}

/// `x * y`, or the greatest `u256` when that exceeds it.
public fun saturating_mul(x: u256, y: u256): u256 {
    std::macros::num_saturating_mul!(x, y, max_value!())
}

/// The greatest `u256`.
public macro fun max_value(): u256 {
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$R: drop>($start: u256, $stop: u256, $f: |u256| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u256, $stop: u256, $f: |u256| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$R: drop>($stop: u256, $f: |u256| -> $R) {
    std::macros::do!($stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u256, $f: |u256| -> $R) {
    std::macros::do_eq!($stop, $f)
}
