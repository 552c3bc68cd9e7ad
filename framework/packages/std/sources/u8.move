/// Functions and loops on `u8`, as methods of the type.
#[defines_primitive(u8)]
module std::u8;

use std::string::String;

/// Every bit of `x` turned around.
public fun bitwise_not(x: u8): u8 {
    x ^ max_value!()
}

/// The greater of the two.
public fun max(x: u8, y: u8): u8 {
    std::macros::num_max!(x, y)
}

/// The lesser of the two.
public fun min(x: u8, y: u8): u8 {
    std::macros::num_min!(x, y)
}

/// The distance between the two.
public fun diff(x: u8, y: u8): u8 {
    std::macros::num_diff!(x, y)
}

/// `x / y`, rounded up to the next integer. Fails in the virtual machine when `y`
/// is 0.
public fun divide_and_round_up(x: u8, y: u8): u8 {
    std::macros::num_divide_and_round_up!(x, y)
}

/// `base` multiplied with itself `exponent` times; 1 when `exponent` is 0. Fails in
/// the virtual machine when the result exceeds `u8`.
public fun pow(base: u8, exponent: u8): u8 {
    std::macros::num_pow!(base, exponent)
}

/// The greatest integer whose square is at most `x`.
public fun sqrt(x: u8): u8 {
    std::macros::num_sqrt!<u8, u16>(x, 8)
}

/// The decimal digits of `x`.
public fun to_string(x: u8): String {
    std::macros::num_to_string!(x)
}

/// `x + y`, or none when that exceeds `u8`.
public fun checked_add(x: u8, y: u8): Option<u8> {
    std::macros::num_checked_add!(x, y, max_value!())
}

/// `x - y`, or none when `y` is greater than `x`.
public fun checked_sub(x: u8, y: u8): Option<u8> {
    std::macros::num_checked_sub!(x, y)
}

/// `x * y`, or none when that exceeds `u8`.
public fun checked_mul(x: u8, y: u8): Option<u8> {
    std::macros::num_checked_mul!(x, y, max_value!())
}

/// `x / y`, or none when `y` is 0.
public fun checked_div(x: u8, y: u8): Option<u8> {
    std::macros::num_checked_div!(x, y)
}

/// `x + y`, or the greatest `u8` when that exceeds it.
public fun saturating_add(x: u8, y: u8): u8 {
    std::macros::num_saturating_add!(x, y, max_value!())
}

/// `x - y`, or 0 when `y` is greater than `x`.
public fun saturating_sub(x: u8, y: u8): u8 {
    std::macros::num_saturating_sub!(x, y)
}

/// `x * y`, or the greatest `u8` when that exceeds it.
public fun saturating_mul(x: u8, y: u8): u8 {
    std::macros::num_saturating_mul!(x, y, max_value!())
}

/// The greatest `u8`.
public macro fun max_value(): u8 {
    0xFF
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$R: drop>($start: u8, $stop: u8, $f: |u8| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u8, $stop: u8, $f: |u8| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$R: drop>($stop: u8, $f: |u8| -> $R) {
    std::macros::do!($stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u8, $f: |u8| -> $R) {
    std::macros::do_eq!($stop, $f)
}
