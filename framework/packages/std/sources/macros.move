/// The arithmetic and loops behind the modules `u8` to `u256`, for any integer
/// type. Call them through those modules.
module std::macros;

use std::string::String;

/// The greater of the two.
public macro fun num_max<$T>($x: $T, $y: $T): $T {
    let x = $x;
    let y = $y;
    if (x < y) y else x
}

/// The lesser of the two.
public macro fun num_min<$T>($x: $T, $y: $T): $T {
    let x = $x;
    let y = $y;
    if (y < x) y else x
}

/// The distance between the two.
public macro fun num_diff<$T>($x: $T, $y: $T): $T {
    let x = $x;
    let y = $y;
    if (x < y) y - x else x - y
}

/// `$x / $y`, rounded up.
public macro fun num_divide_and_round_up<$T>($x: $T, $y: $T): $T {
    let x = $x;
    let y = $y;
    let quotient = x / y;
    if (x % y == 0) quotient else quotient + 1
}

/// `$base` to the power of `$exponent`, by repeated squaring.
public macro fun num_pow<$T>($base: $T, $exponent: u8): $T {
    let mut square = $base;
    let mut exponent = $exponent;
    let mut power = 1;
    while (exponent > 0) {
        if (exponent % 2 == 1) power = power * square;
        exponent = exponent / 2;
        // Only a square that is used may overflow.
        if (exponent > 0) square = square * square;
    };
    power
}

/// The greatest integer whose square is at most `$x`, found digit by binary digit
/// from the top. `$bitsize` is the width of `$T`, and `$U` a wider type, in which a
/// square always fits.
public macro fun num_sqrt<$T, $U>($x: $T, $bitsize: u8): $T {
    let x = $x as $U;
    let mut bit = (1: $U) << ($bitsize / 2 - 1);
    let mut root = (0: $U);
    while (bit > 0) {
        let candidate = root | bit;
        if (candidate * candidate <= x) root = candidate;
        bit = bit >> 1;
    };
    root as $T
}

/// The decimal digits of `$x`.
public macro fun num_to_string<$T>($x: $T): String {
    let mut rest = $x;
    let mut digits = vector[];
    loop {
        digits.push_back((rest % 10) as u8 + 0x30);
        rest = rest / 10;
        if (rest == 0) break;
    };
    digits.reverse();
    digits.to_string()
}

/// `$x + $y`, or none when that exceeds `$max`.
public macro fun num_checked_add<$T>($x: $T, $y: $T, $max: $T): Option<$T> {
    let x = $x;
    let y = $y;
    if (y <= $max - x) option::some(x + y) else option::none()
}

/// `$x - $y`, or none when `$y` is greater.
public macro fun num_checked_sub<$T>($x: $T, $y: $T): Option<$T> {
    let x = $x;
    let y = $y;
    if (y <= x) option::some(x - y) else option::none()
}

/// `$x * $y`, or none when that exceeds `$max`.
public macro fun num_checked_mul<$T>($x: $T, $y: $T, $max: $T): Option<$T> {
    let x = $x;
    let y = $y;
    if (y == 0 || x <= $max / y) option::some(x * y) else option::none()
}

/// `$x / $y`, or none when `$y` is 0.
public macro fun num_checked_div<$T>($x: $T, $y: $T): Option<$T> {
    let x = $x;
    let y = $y;
    if (y != 0) option::some(x / y) else option::none()
}

/// `$x + $y`, or `$max` when that exceeds it.
public macro fun num_saturating_add<$T>($x: $T, $y: $T, $max: $T): $T {
    let x = $x;
    let y = $y;
    if (y <= $max - x) x + y else $max
}

/// `$x - $y`, or 0 when `$y` is greater.
public macro fun num_saturating_sub<$T>($x: $T, $y: $T): $T {
    let x = $x;
    let y = $y;
    if (y <= x) x - y else 0
}

/// `$x * $y`, or `$max` when that exceeds it.
public macro fun num_saturating_mul<$T>($x: $T, $y: $T, $max: $T): $T {
    let x = $x;
    let y = $y;
    if (y == 0 || x <= $max / y) x * y else $max
}

/// `$x` as a `u8`, or none when it is too large.
public macro fun try_as_u8<$T>($x: $T): Option<u8> {
    let x = $x;
    if (x <= 0xFF) option::some(x as u8) else option::none()
}

/// `$x` as a `u16`, or none when it is too large.
public macro fun try_as_u16<$T>($x: $T): Option<u16> {
    let x = $x;
    if (x <= 0xFFFF) option::some(x as u16) else option::none()
}

/// `$x` as a `u32`, or none when it is too large.
public macro fun try_as_u32<$T>($x: $T): Option<u32> {
    let x = $x;
    if (x <= 0xFFFFFFFF) option::some(x as u32) else option::none()
}

/// `$x` as a `u64`, or none when it is too large.
public macro fun try_as_u64<$T>($x: $T): Option<u64> {
    let x = $x;
    if (x <= 0xFFFFFFFFFFFFFFFF) option::some(x as u64) else option::none()
}

/// `$x` as a `u128`, or none when it is too large.
public macro fun try_as_u128<$T>($x: $T): Option<u128> {
    let x = $x;
    if (x <= 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF) option::some(x as u128) else option::none()
}

/// Runs `$f` for every integer from `$start` up to, not including, `$stop`.
public macro fun range_do<$T, $R: drop>($start: $T, $stop: $T, $f: |$T| -> $R) {
    let mut i = $start;
    let stop = $stop;
    while (i < stop) {
        $f(i);
        i = i + 1;
    }
}

/// Runs `$f` for every integer from `$start` up to and including `$stop`.
public macro fun range_do_eq<$T, $R: drop>($start: $T, $stop: $T, $f: |$T| -> $R) {
    let mut i = $start;
    let stop = $stop;
    // The step behind `$stop` may not exist, so it is not taken.
    if (i <= stop) {
        loop {
            $f(i);
            if (i == stop) break;
            i = i + 1;
        }
    }
}

/// Runs `$f` for every integer from 0 up to, not including, `$stop`.
public macro fun do<$T, $R: drop>($stop: $T, $f: |$T| -> $R) {
    std::macros::range_do!(0, $stop, $f)
}

/// Runs `$f` for every integer from 0 up to and including `$stop`.
public macro fun do_eq<$T, $R: drop>($stop: $T, $f: |$T| -> $R) {
    std::macros::range_do_eq!(0, $stop, $f)
}
