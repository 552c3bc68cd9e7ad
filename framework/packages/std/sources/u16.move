/// Functions and loops on `u16`, as methods of the type.
#[defines_primitive(u16)]
module std::u16;

use std::string::String;

/// Every bit of `x` turned around.
public fun bitwise_not(x: u16): u16 {
    x ^ max_value!()
}

/// The greater of the two.
public fun max(x: u16, y: u16): u16 {
    std::macros::num_max!(x, y)
}

/// The lesser of the two.
public fun min(x: u16, y: u16): u16 {
    std::macros::num_min!(x, y)
}

/// The distance between the two.
public fun diff(x: u16, y: u16): u16 {
    std::macros::num_diff!(x, y)
}

/// `x / y`, rounded up to the next integer. Fails in the virtual machine when `y`
/// is 0.
public fun divide_and_round_up(x: u16, y: u16): u16 {
    std::macros::num_divide_and_round_up!(x, y)
}

/// `base` multiplied with itself `exponent` times; 1 when `exponent` is 0. Fails in
/// the virtual machine when the result exceeds `u16`.
public fun pow(base: u16, exponent: u8): u16 {
    std::macros::num_pow!(base, exponent)
}

/// The greatest integer whose square is at most `x`.
public fun sqrt(x: u16): u16 {
    std::macros::num_sqrt!<u16, u32>(x, 16)
}

/// `x` as a `u8`, or none when it is too large.
public fun try_as_u8(x: u16): Option<u8> {
    std::macros::try_as_u8!(x)
}

/// The decimal digits of `x`.
public fun to_string(x: u16): String {
    std::macros::num_to_string!(x)
}

/// `x + y`, or none when that exceeds `u16`.
public fun checked_add(x: u16, y: u16): Option<u16> {
    std::macros::num_checked_add!(x, y, max_value!())
}

/// `x - y`, or none when `y` is greater than `x`.
public fun checked_sub(x: u16, y: u16): Option<u16> {
    std::macros::num_checked_sub!(x, y)
}

/// `x * y`, or none when that exceeds `u16`.
public fun checked_mul(x: u16, y: u16): Option<u16> {
    std::macros::num_checked_mul!(x, y, max_value!())
}

/// `x / y`, or none when `y` is 0.
public fun checked_div(x: u16, y: u16): Option<u16> {
    std::macros::num_checked_div!(x, y)
}

/// `x + y`, or the greatest `u16` when that exceeds it.
public fun saturating_add(x: u16, y: u16): u16 {
    std::macros::num_saturating_add!(x, y, max_value!())
}

/// `x - y`, or 0 when `y` is greater than `x`.
public fun saturating_sub(x: u16, y: u16): u16 {
    std::macros::num_saturating_sub!(x, y)
}

/// `x * y`, or the greatest `u16` when that exceeds it.
public fun saturating_mul(x: u16, y: u16): u16 {
    std::macros::num_saturating_mul!(x, y, max_value!())
}

/// The greatest `u16`.
public macro fun max_value(): u16 {
    0xFFFF
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$R: drop>($start: u16, $stop: u16, $f: |u16| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u16, $stop: u16, $f: |u16| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$R: drop>($stop: u16, $f: |u16| -> $R) {
    std::macros::do!($stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u16, $f: |u16| -> $R) {
    std::macros::do_eq!($stop, $f)
}
