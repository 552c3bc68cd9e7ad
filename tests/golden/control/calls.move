// Calls: argument order, many arguments, results passed on, nothing returned.
module golden::calls;

fun weigh(a: u64, b: u64, c: u64): u64 { a * 100 + b * 10 + c }

//> in_order(1, 2, 3) = 123
fun in_order(a: u64, b: u64, c: u64): u64 { weigh(a, b, c) }

//> turned(1, 2, 3) = 312
fun turned(a: u64, b: u64, c: u64): u64 { weigh(c, a, b) }

//> evaluated_left_to_right() = 123
fun evaluated_left_to_right(): u64 {
    let mut n = 0;
    weigh({ n = n + 1; n }, { n = n + 1; n }, { n = n + 1; n })
}

//> nested(2) = 26
fun nested(x: u64): u64 { weigh(0, x, weigh(0, 0, weigh(0, 0, 6))) }

//> many(1, 2, 3, 4, 5, 6, 7, 8) = 36
fun many(a: u8, b: u16, c: u32, d: u64, e: u128, f: u256, g: u64, h: u8): u256 {
    (a as u256) + (b as u256) + (c as u256) + (d as u256) + (e as u256) + f + (g as u256) + (h as u256)
}

fun swapped(a: u64, b: u64): (u64, u64) { (b, a) }

//> twice_swapped(1, 2) = 1, 2
fun twice_swapped(a: u64, b: u64): (u64, u64) {
    let (a, b) = swapped(a, b);
    swapped(a, b)
}

//> ignored(1, 2) = 2
fun ignored(a: u64, b: u64): u64 {
    let (x, _) = swapped(a, b);
    x
}

fun touch(x: &mut u64) { *x = *x + 1 }

//> without_result(1) = 3
fun without_result(mut x: u64): u64 {
    touch(&mut x);
    touch(&mut x);
    x
}

//> five() = 1, true, "x", @0x2, 5
fun five(): (u8, bool, vector<u8>, address, u256) { (1, true, b"x", @0x2, 5) }
