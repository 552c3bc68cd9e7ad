// u8 with literals: small and large ones, on either side.
module golden::u8_literal;

//> plus_one(0) = 1
//> plus_one(254) = 255
//> plus_one(255) ! overflow
fun plus_one(a: u8): u8 { a + 1 }

//> plus_large(0) = 250
//> plus_large(5) = 255
//> plus_large(6) ! overflow
fun plus_large(a: u8): u8 { a + 250 }

//> minus_one(1) = 0
//> minus_one(255) = 254
//> minus_one(0) ! overflow
fun minus_one(a: u8): u8 { a - 1 }

//> from_large(0) = 250
//> from_large(250) = 0
//> from_large(255) ! overflow
fun from_large(a: u8): u8 { 250 - a }

//> doubled(0) = 0
//> doubled(127) = 254
//> doubled(128) ! overflow
fun doubled(a: u8): u8 { a * 2 }

//> halved(0) = 0
//> halved(1) = 0
//> halved(255) = 127
fun halved(a: u8): u8 { a / 2 }

//> last_digit(0) = 0
//> last_digit(9) = 9
//> last_digit(10) = 0
//> last_digit(255) = 5
fun last_digit(a: u8): u8 { a % 10 }

//> horner(0) = 2
//> horner(10) = 14
//> horner(31) = 39
//> horner(255) ! overflow
fun horner(a: u8): u8 { ((a * 3 + 7) * 2 - 1) / 5 }

//> is_hundred(0) = false
//> is_hundred(100) = true
//> is_hundred(255) = false
fun is_hundred(a: u8): bool { a == 100 }

//> bounded(0) = 0
//> bounded(99) = 99
//> bounded(100) = 100
//> bounded(101) = 100
//> bounded(255) = 100
fun bounded(a: u8): u8 { if (a < 100) a else 100 }

//> largest() = 255
fun largest(): u8 { 0xff }

//> constants() = 128, 74, 255
const HALF: u8 = 128;
const ODD: u8 = 74;
fun constants(): (u8, u8, u8) { (HALF, ODD, 255u8) }
