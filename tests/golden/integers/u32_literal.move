// u32 with literals: small and large ones, on either side.
module golden::u32_literal;

//> plus_one(0) = 1
//> plus_one(4294967294) = 4294967295
//> plus_one(4294967295) ! overflow
fun plus_one(a: u32): u32 { a + 1 }

//> plus_large(0) = 4294967290
//> plus_large(5) = 4294967295
//> plus_large(6) ! overflow
fun plus_large(a: u32): u32 { a + 4294967290 }

//> minus_one(1) = 0
//> minus_one(4294967295) = 4294967294
//> minus_one(0) ! overflow
fun minus_one(a: u32): u32 { a - 1 }

//> from_large(0) = 4294967290
//> from_large(4294967290) = 0
//> from_large(4294967295) ! overflow
fun from_large(a: u32): u32 { 4294967290 - a }

//> doubled(0) = 0
//> doubled(2147483647) = 4294967294
//> doubled(2147483648) ! overflow
fun doubled(a: u32): u32 { a * 2 }

//> halved(0) = 0
//> halved(1) = 0
//> halved(4294967295) = 2147483647
fun halved(a: u32): u32 { a / 2 }

//> last_digit(0) = 0
//> last_digit(9) = 9
//> last_digit(10) = 0
//> last_digit(4294967295) = 5
fun last_digit(a: u32): u32 { a % 10 }

//> horner(0) = 2
//> horner(10) = 14
//> horner(536870911) = 644245095
//> horner(4294967295) ! overflow
fun horner(a: u32): u32 { ((a * 3 + 7) * 2 - 1) / 5 }

//> is_hundred(0) = false
//> is_hundred(100) = true
//> is_hundred(4294967295) = false
fun is_hundred(a: u32): bool { a == 100 }

//> bounded(0) = 0
//> bounded(99) = 99
//> bounded(100) = 100
//> bounded(101) = 100
//> bounded(4294967295) = 100
fun bounded(a: u32): u32 { if (a < 100) a else 100 }

//> largest() = 4294967295
fun largest(): u32 { 0xffffffff }

//> constants() = 2147483648, 332589539, 4294967295
const HALF: u32 = 2147483648;
const ODD: u32 = 332589539;
fun constants(): (u32, u32, u32) { (HALF, ODD, 4294967295u32) }
