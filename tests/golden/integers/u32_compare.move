// Comparisons of u32, as values and as conditions.
module golden::u32_compare;

//> less(0, 0) = false
//> less(0, 1) = true
//> less(1, 0) = false
//> less(4294967295, 4294967295) = false
//> less(4294967295, 0) = false
//> less(2147483647, 2147483648) = true
//> less(2147483648, 2147483647) = false
//> less(4294967294, 4294967295) = true
fun less(a: u32, b: u32): bool { a < b }

//> at_most(0, 0) = true
//> at_most(0, 1) = true
//> at_most(1, 0) = false
//> at_most(4294967295, 4294967295) = true
//> at_most(4294967295, 0) = false
//> at_most(2147483647, 2147483648) = true
//> at_most(2147483648, 2147483647) = false
//> at_most(4294967294, 4294967295) = true
fun at_most(a: u32, b: u32): bool { a <= b }

//> more(0, 0) = false
//> more(0, 1) = false
//> more(1, 0) = true
//> more(4294967295, 4294967295) = false
//> more(4294967295, 0) = true
//> more(2147483647, 2147483648) = false
//> more(2147483648, 2147483647) = true
//> more(4294967294, 4294967295) = false
fun more(a: u32, b: u32): bool { a > b }

//> at_least(0, 0) = true
//> at_least(0, 1) = false
//> at_least(1, 0) = true
//> at_least(4294967295, 4294967295) = true
//> at_least(4294967295, 0) = true
//> at_least(2147483647, 2147483648) = false
//> at_least(2147483648, 2147483647) = true
//> at_least(4294967294, 4294967295) = false
fun at_least(a: u32, b: u32): bool { a >= b }

//> equal(0, 0) = true
//> equal(0, 1) = false
//> equal(1, 0) = false
//> equal(4294967295, 4294967295) = true
//> equal(4294967295, 0) = false
//> equal(2147483647, 2147483648) = false
//> equal(2147483648, 2147483647) = false
//> equal(4294967294, 4294967295) = false
fun equal(a: u32, b: u32): bool { a == b }

//> different(0, 0) = false
//> different(0, 1) = true
//> different(1, 0) = true
//> different(4294967295, 4294967295) = false
//> different(4294967295, 0) = true
//> different(2147483647, 2147483648) = true
//> different(2147483648, 2147483647) = true
//> different(4294967294, 4294967295) = true
fun different(a: u32, b: u32): bool { a != b }

//> larger(0, 0) = 0
//> larger(0, 1) = 1
//> larger(1, 0) = 1
//> larger(4294967295, 4294967295) = 4294967295
//> larger(4294967295, 0) = 4294967295
//> larger(2147483647, 2147483648) = 2147483648
//> larger(2147483648, 2147483647) = 2147483648
//> larger(4294967294, 4294967295) = 4294967295
fun larger(a: u32, b: u32): u32 { if (a > b) a else b }

//> sign(0, 0) = 1
//> sign(5, 9) = 0
//> sign(4294967295, 1) = 2
fun sign(a: u32, b: u32): u8 { if (a < b) 0 else if (a == b) 1 else 2 }
