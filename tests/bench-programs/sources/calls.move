/// Calls: chains of small functions, and recursion.
module bench::calls;

/// Three calls deep, `n` times.
public fun chain(n: u64): u64 {
    let mut x = 7;
    let mut i = 0;
    while (i < n) {
        x = first(x) % 1_000_003;
        i = i + 1;
    };
    x
}

fun first(x: u64): u64 { second(x) + 1 }

fun second(x: u64): u64 { third(x) + 2 }

fun third(x: u64): u64 { x + 3 }

/// Eight calls deep, with two arguments each, `n` times.
public fun long_chain(n: u64): u64 {
    let mut x = 7;
    let mut i = 0;
    while (i < n) {
        x = a(x, i) % 1_000_003;
        i = i + 1;
    };
    x
}

fun a(x: u64, y: u64): u64 { b(x + 1, y) }

fun b(x: u64, y: u64): u64 { c(x, y + 1) }

fun c(x: u64, y: u64): u64 { d(x + y, y) }

fun d(x: u64, y: u64): u64 { e(x + 3, y) }

fun e(x: u64, y: u64): u64 { f(x, y + 3) }

fun f(x: u64, y: u64): u64 { g(x ^ y, y) }

fun g(x: u64, y: u64): u64 { h(x, y) + 1 }

fun h(x: u64, y: u64): u64 { x + y }

/// The `n`th Fibonacci number, by plain recursion.
public fun fibonacci(n: u64): u64 {
    if (n < 2) n else fibonacci(n - 1) + fibonacci(n - 2)
}
