// u64 with literals: small and large ones, on either side.
module golden::u64_literal;

//> plus_one(0) = 1
//> plus_one(18446744073709551614) = 18446744073709551615
//> plus_one(18446744073709551615) ! overflow
fun plus_one(a: u64): u64 { a + 1 }

//> plus_large(0) = 18446744073709551610
//> plus_large(5) = 18446744073709551615
//> plus_large(6) ! overflow
fun plus_large(a: u64): u64 { a + 18446744073709551610 }

//> minus_one(1) = 0
//> minus_one(18446744073709551615) = 18446744073709551614
//> minus_one(0) ! overflow
fun minus_one(a: u64): u64 { a - 1 }

//> from_large(0) = 18446744073709551610
//> from_large(18446744073709551610) = 0
//> from_large(18446744073709551615) ! overflow
fun from_large(a: u64): u64 { 18446744073709551610 - a }

//> doubled(0) = 0
//> doubled(9223372036854775807) = 18446744073709551614
//> doubled(9223372036854775808) ! overflow
fun doubled(a: u64): u64 { a * 2 }

//> halved(0) = 0
//> halved(1) = 0
//> halved(18446744073709551615) = 9223372036854775807
fun halved(a: u64): u64 { a / 2 }

//> last_digit(0) = 0
//> last_digit(9) = 9
//> last_digit(10) = 0
//> last_digit(18446744073709551615) = 5
fun last_digit(a: u64): u64 { a % 10 }

//> horner(0) = 2
//> horner(10) = 14
//> horner(2305843009213693951) = 2767011611056432743
//> horner(18446744073709551615) ! overflow
fun horner(a: u64): u64 { ((a * 3 + 7) * 2 - 1) / 5 }

//> is_hundred(0) = false
//> is_hundred(100) = true
//> is_hundred(18446744073709551615) = false
fun is_hundred(a: u64): bool { a == 100 }

//> bounded(0) = 0
//> bounded(99) = 99
//> bounded(100) = 100
//> bounded(101) = 100
//> bounded(18446744073709551615) = 100
fun bounded(a: u64): u64 { if (a < 100) a else 100 }

//> largest() = 18446744073709551615
fun largest(): u64 { 0xffffffffffffffff }

//> constants() = 9223372036854775808, 2303094240779272728, 18446744073709551615
const HALF: u64 = 9223372036854775808;
const ODD: u64 = 2303094240779272728;
fun constants(): (u64, u64, u64) { (HALF, ODD, 18446744073709551615u64) }
