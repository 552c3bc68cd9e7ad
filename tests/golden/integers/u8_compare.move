// Comparisons of u8, as values and as conditions.
module golden::u8_compare;

//> less(0, 0) = false
//> less(0, 1) = true
//> less(1, 0) = false
//> less(255, 255) = false
//> less(255, 0) = false
//> less(127, 128) = true
//> less(128, 127) = false
//> less(254, 255) = true
fun less(a: u8, b: u8): bool { a < b }

//> at_most(0, 0) = true
//> at_most(0, 1) = true
//> at_most(1, 0) = false
//> at_most(255, 255) = true
//> at_most(255, 0) = false
//> at_most(127, 128) = true
//> at_most(128, 127) = false
//> at_most(254, 255) = true
fun at_most(a: u8, b: u8): bool { a <= b }

//> more(0, 0) = false
//> more(0, 1) = false
//> more(1, 0) = true
//> more(255, 255) = false
//> more(255, 0) = true
//> more(127, 128) = false
//> more(128, 127) = true
//> more(254, 255) = false
fun more(a: u8, b: u8): bool { a > b }

//> at_least(0, 0) = true
//> at_least(0, 1) = false
//> at_least(1, 0) = true
//> at_least(255, 255) = true
//> at_least(255, 0) = true
//> at_least(127, 128) = false
//> at_least(128, 127) = true
//> at_least(254, 255) = false
fun at_least(a: u8, b: u8): bool { a >= b }

//> equal(0, 0) = true
//> equal(0, 1) = false
//> equal(1, 0) = false
//> equal(255, 255) = true
//> equal(255, 0) = false
//> equal(127, 128) = false
//> equal(128, 127) = false
//> equal(254, 255) = false
fun equal(a: u8, b: u8): bool { a == b }

//> different(0, 0) = false
//> different(0, 1) = true
//> different(1, 0) = true
//> different(255, 255) = false
//> different(255, 0) = true
//> different(127, 128) = true
//> different(128, 127) = true
//> different(254, 255) = true
fun different(a: u8, b: u8): bool { a != b }

//> larger(0, 0) = 0
//> larger(0, 1) = 1
//> larger(1, 0) = 1
//> larger(255, 255) = 255
//> larger(255, 0) = 255
//> larger(127, 128) = 128
//> larger(128, 127) = 128
//> larger(254, 255) = 255
fun larger(a: u8, b: u8): u8 { if (a > b) a else b }

//> sign(0, 0) = 1
//> sign(5, 9) = 0
//> sign(255, 1) = 2
fun sign(a: u8, b: u8): u8 { if (a < b) 0 else if (a == b) 1 else 2 }
