/// Functions and loops on `u32`, as methods of the type.
#[defines_primitive(u32)]
module std::u32;

use std::string::String;

/// Every bit of `x` turned around.
public fun bitwise_not(x: u32): u32 {
    x ^ max_value!()
}

/// The greater of the two.
public fun max(x: u32, y: u32): u32 {
    std::macros::num_max!(x, y)
}

/// The lesser of the two.
public fun min(x: u32, y: u32): u32 {
    std::macros::num_min!(x, y)
}

/// The distance between the two.
public fun diff(x: u32, y: u32): u32 {
    std::macros::num_diff!(x, y)
}

/// `x / y`, rounded up to the next integer. Fails in the virtual machine when `y`
/// is 0.
public fun divide_and_round_up(x: u32, y: u32): u32 {
    std::macros::num_divide_and_round_up!(x, y)
}

/// `base` multiplied with itself `exponent` times; 1 when `exponent` is 0. Fails in
/// the virtual machine when the result exceeds `u32`.
public fun pow(base: u32, exponent: u8): u32 {
    std::macros::num_pow!(base, exponent)
}

/// The greatest integer whose square is at most `x`.
public fun sqrt(x: u32): u32 {
    std::macros::num_sqrt!<u32, u64>(x, 32)
}

/// `x` as a `u8`, or none when it is too large.
public fun try_as_u8(x: u32): Option<u8> {
    std::macros::try_as_u8!(x)
}

/// `x` as a `u16`, or none when it is too large.
public fun try_as_u16(x: u32): Option<u16> {
    std::macros::try_as_u16!(x)
}

/// The decimal digits of `x`.
public fun to_string(x: u32): String {
    std::macros::num_to_string!(x)
}

/// `x + y`, or none when that exceeds `u32`.
public fun checked_add(x: u32, y: u32): Option<u32> {
    std::macros::num_checked_add!(x, y, max_value!())
}

/// `x - y`, or none when `y` is greater than `x`.
public fun checked_sub(x: u32, y: u32): Option<u32> {
    std::macros::num_checked_sub!(x, y)
}

/// `x * y`, or none when that exceeds `u32`.
public fun checked_mul(x: u32, y: u32): Option<u32> {
    std::macros::num_checked_mul!(x, y, max_value!())
}

/// `x / y`, or none when `y` is 0.
public fun checked_div(x: u32, y: u32): Option<u32> {
    std::macros::num_checked_div!(x, y)
}

/// `x + y`, or the greatest `u32` when that exceeds it.
public fun saturating_add(x: u32, y: u32): u32 {
    std::macros::num_saturating_add!(x, y, max_value!())
}

/// `x - y`, or 0 when `y` is greater than `x`.
public fun saturating_sub(x: u32, y: u32): u32 {
    std::macros::num_saturating_sub!(x, y)
}

/// `x * y`, or the greatest `u32` when that exceeds it.
public fun saturating_mul(x: u32, y: u32): u32 {
    std::macros::num_saturating_mul!(x, y, max_value!())
}

/// The greatest `u32`.
public macro fun max_value(): u32 {
    0xFFFFFFFF
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$R: drop>($start: u32, $stop: u32, $f: |u32| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u32, $stop: u32, $f: |u32| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$R: drop>($stop: u32, $f: |u32| -> $R) {
    std::macros::do!($stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u32, $f: |u32| -> $R) {
    std::macros::do_eq!($stop, $f)
}
