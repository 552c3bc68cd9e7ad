// Arithmetic errors carry their place, also behind calls and in the middle of
// expressions.
module golden::arithmetic;

fun divide(a: u64, b: u64): u64 { a / b }

//> outer(10, 2) = 6
//> outer(10, 0) ! division by zero
fun outer(a: u64, b: u64): u64 { 1 + divide(a, b) }

//> average([1, 2, 3]) = 2
//> average([]) ! division by zero
fun average(v: vector<u64>): u64 { v.fold!(0, |sum, x| sum + x) / v_length(&v) }

fun v_length(v: &vector<u64>): u64 { v.length() }

//> percentage(50, 200) = 25
//> percentage(18446744073709551615, 2) ! overflow
fun percentage(part: u64, whole: u64): u64 { part * 100 / whole }

//> narrowed(200, 55) = 255
//> narrowed(200, 56) ! cast
fun narrowed(a: u16, b: u16): u8 { (a + b) as u8 }

//> shifted(1, 7) = 128
//> shifted(1, 8) ! shift amount
fun shifted(x: u8, by: u8): u8 { x << by }

//> balance(10, 3) = 7
//> balance(3, 10) ! overflow
fun balance(have: u64, spend: u64): u64 { have - spend }
