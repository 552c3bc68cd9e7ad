// Functions of the integer modules of std.
module golden::integer_functions;

//> largest(3, 9) = 9
fun largest(a: u64, b: u64): u64 { a.max(b) }

//> smallest(3, 9) = 3
fun smallest(a: u8, b: u8): u8 { a.min(b) }

//> distance(3, 9) = 6
//> distance(9, 3) = 6
fun distance(a: u128, b: u128): u128 { a.diff(b) }

//> power(2, 10) = 1024
//> power(2, 64) ! overflow
//> power(7, 0) = 1
fun power(a: u64, b: u8): u64 { a.pow(b) }

//> root(0) = 0
//> root(15) = 3
//> root(16) = 4
//> root(18446744073709551615) = 4294967295
fun root(a: u64): u64 { a.sqrt() }

//> rounded_up(10, 3) = 4
//> rounded_up(9, 3) = 3
fun rounded_up(a: u32, b: u32): u32 { a.divide_and_round_up(b) }

//> narrowed(255) = some(255)
//> narrowed(256) = none
fun narrowed(a: u64): Option<u8> { a.try_as_u8() }

//> flipped(0) = 65535
fun flipped(a: u16): u16 { a.bitwise_not() }
