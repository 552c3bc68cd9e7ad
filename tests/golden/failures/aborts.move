// Aborts with plain codes: directly, by assertions, from inner calls.
module golden::aborts;

const ENotZero: u64 = 42;

//> direct(7) ! abort 7
//> direct(0) ! abort 0
//> direct(18446744073709551615) ! abort 18446744073709551615
fun direct(code: u64) { abort code }

//> asserted(0) = 0
//> asserted(1) ! abort 42
fun asserted(x: u64): u64 {
    assert!(x == 0, ENotZero);
    x
}

//> from_inside(1) ! abort 42
fun from_inside(x: u64): u64 { 1 + asserted(x) }

//> in_expression(true) = 1
//> in_expression(false) ! abort 8
fun in_expression(flag: bool): u64 { if (flag) 1 else abort 8 }

//> computed(5) ! abort 15
fun computed(x: u64): u64 { abort x * 3 }

//> with_values_alive([1, 2]) ! abort 42
fun with_values_alive(v: vector<u64>): vector<u64> {
    let w = vector[v, v];
    asserted(w.length());
    v
}

//> in_loop(3) ! abort 3
fun in_loop(n: u64) {
    let mut i = 0;
    loop {
        if (i == n) abort i;
        i = i + 1;
    }
}
