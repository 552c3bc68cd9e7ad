// Comparisons of u16, as values and as conditions.
module golden::u16_compare;

//> less(0, 0) = false
//> less(0, 1) = true
//> less(1, 0) = false
//> less(65535, 65535) = false
//> less(65535, 0) = false
//> less(32767, 32768) = true
//> less(32768, 32767) = false
//> less(65534, 65535) = true
fun less(a: u16, b: u16): bool { a < b }

//> at_most(0, 0) = true
//> at_most(0, 1) = true
//> at_most(1, 0) = false
//> at_most(65535, 65535) = true
//> at_most(65535, 0) = false
//> at_most(32767, 32768) = true
//> at_most(32768, 32767) = false
//> at_most(65534, 65535) = true
fun at_most(a: u16, b: u16): bool { a <= b }

//> more(0, 0) = false
//> more(0, 1) = false
//> more(1, 0) = true
//> more(65535, 65535) = false
//> more(65535, 0) = true
//> more(32767, 32768) = false
//> more(32768, 32767) = true
//> more(65534, 65535) = false
fun more(a: u16, b: u16): bool { a > b }

//> at_least(0, 0) = true
//> at_least(0, 1) = false
//> at_least(1, 0) = true
//> at_least(65535, 65535) = true
//> at_least(65535, 0) = true
//> at_least(32767, 32768) = false
//> at_least(32768, 32767) = true
//> at_least(65534, 65535) = false
fun at_least(a: u16, b: u16): bool { a >= b }

//> equal(0, 0) = true
//> equal(0, 1) = false
//> equal(1, 0) = false
//> equal(65535, 65535) = true
//> equal(65535, 0) = false
//> equal(32767, 32768) = false
//> equal(32768, 32767) = false
//> equal(65534, 65535) = false
fun equal(a: u16, b: u16): bool { a == b }

//> different(0, 0) = false
//> different(0, 1) = true
//> different(1, 0) = true
//> different(65535, 65535) = false
//> different(65535, 0) = true
//> different(32767, 32768) = true
//> different(32768, 32767) = true
//> different(65534, 65535) = true
fun different(a: u16, b: u16): bool { a != b }

//> larger(0, 0) = 0
//> larger(0, 1) = 1
//> larger(1, 0) = 1
//> larger(65535, 65535) = 65535
//> larger(65535, 0) = 65535
//> larger(32767, 32768) = 32768
//> larger(32768, 32767) = 32768
//> larger(65534, 65535) = 65535
fun larger(a: u16, b: u16): u16 { if (a > b) a else b }

//> sign(0, 0) = 1
//> sign(5, 9) = 0
//> sign(65535, 1) = 2
fun sign(a: u16, b: u16): u8 { if (a < b) 0 else if (a == b) 1 else 2 }
