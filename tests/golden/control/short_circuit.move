// `&&` and `||` evaluate their right side only if it matters.
module golden::short_circuit;

fun is_even(x: u64): bool { x % 2 == 0 }

//> and(true, true) = true
//> and(true, false) = false
//> and(false, true) = false
//> and(false, false) = false
fun and(a: bool, b: bool): bool { a && b }

//> or(true, true) = true
//> or(true, false) = true
//> or(false, true) = true
//> or(false, false) = false
fun or(a: bool, b: bool): bool { a || b }

//> not(true) = false
//> not(false) = true
fun not(a: bool): bool { !a }

//> guarded(0, 10) = false
//> guarded(5, 10) = true
//> guarded(3, 10) = false
fun guarded(divisor: u64, x: u64): bool { divisor != 0 && x % divisor == 0 }

//> rescued(0, 10) = true
//> rescued(5, 10) = true
//> rescued(3, 10) = false
fun rescued(divisor: u64, x: u64): bool { divisor == 0 || x % divisor == 0 }

//> mixed(2, 3) = true
//> mixed(3, 3) = false
//> mixed(3, 2) = true
//> mixed(0, 1) = true
fun mixed(a: u64, b: u64): bool { is_even(a) && !is_even(b) || is_even(b) && a > b }

//> count(false, false) = 0
//> count(true, false) = 1
//> count(true, true) = 2
fun count(a: bool, b: bool): u64 {
    let mut n = 0;
    if (a && { n = n + 1; b }) n = n + 1;
    n
}
