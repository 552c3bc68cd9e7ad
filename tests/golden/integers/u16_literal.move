// u16 with literals: small and large ones, on either side.
module golden::u16_literal;

//> plus_one(0) = 1
//> plus_one(65534) = 65535
//> plus_one(65535) ! overflow
fun plus_one(a: u16): u16 { a + 1 }

//> plus_large(0) = 65530
//> plus_large(5) = 65535
//> plus_large(6) ! overflow
fun plus_large(a: u16): u16 { a + 65530 }

//> minus_one(1) = 0
//> minus_one(65535) = 65534
//> minus_one(0) ! overflow
fun minus_one(a: u16): u16 { a - 1 }

//> from_large(0) = 65530
//> from_large(65530) = 0
//> from_large(65535) ! overflow
fun from_large(a: u16): u16 { 65530 - a }

//> doubled(0) = 0
//> doubled(32767) = 65534
//> doubled(32768) ! overflow
fun doubled(a: u16): u16 { a * 2 }

//> halved(0) = 0
//> halved(1) = 0
//> halved(65535) = 32767
fun halved(a: u16): u16 { a / 2 }

//> last_digit(0) = 0
//> last_digit(9) = 9
//> last_digit(10) = 0
//> last_digit(65535) = 5
fun last_digit(a: u16): u16 { a % 10 }

//> horner(0) = 2
//> horner(10) = 14
//> horner(8191) = 9831
//> horner(65535) ! overflow
fun horner(a: u16): u16 { ((a * 3 + 7) * 2 - 1) / 5 }

//> is_hundred(0) = false
//> is_hundred(100) = true
//> is_hundred(65535) = false
fun is_hundred(a: u16): bool { a == 100 }

//> bounded(0) = 0
//> bounded(99) = 99
//> bounded(100) = 100
//> bounded(101) = 100
//> bounded(65535) = 100
fun bounded(a: u16): u16 { if (a < 100) a else 100 }

//> largest() = 65535
fun largest(): u16 { 0xffff }

//> constants() = 32768, 23948, 65535
const HALF: u16 = 32768;
const ODD: u16 = 23948;
fun constants(): (u16, u16, u16) { (HALF, ODD, 65535u16) }
