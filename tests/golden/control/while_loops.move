// While loops: none, one and many rounds, conditions with effects.
module golden::while_loops;

//> sum_below(0) = 0
//> sum_below(1) = 0
//> sum_below(10) = 45
//> sum_below(1000) = 499500
fun sum_below(n: u64): u64 {
    let mut i = 0;
    let mut total = 0;
    while (i < n) {
        total = total + i;
        i = i + 1;
    };
    total
}

//> countdown(0) = 0
//> countdown(7) = 7
fun countdown(mut n: u64): u64 {
    let mut rounds = 0;
    while ({ let more = n > 0; if (more) n = n - 1; more }) rounds = rounds + 1;
    rounds
}

//> collatz(1) = 0
//> collatz(6) = 8
//> collatz(27) = 111
fun collatz(mut n: u64): u64 {
    let mut steps = 0;
    while (n != 1) {
        n = if (n % 2 == 0) n / 2 else 3 * n + 1;
        steps = steps + 1;
    };
    steps
}

//> table(3) = [0, 0, 0, 0, 1, 2, 0, 2, 4]
//> table(0) = []
fun table(n: u64): vector<u64> {
    let mut out = vector[];
    let mut i = 0;
    while (i < n) {
        let mut j = 0;
        while (j < n) {
            out.push_back(i * j);
            j = j + 1;
        };
        i = i + 1;
    };
    out
}

//> skips(10) = 25
fun skips(n: u64): u64 {
    let mut i = 0;
    let mut total = 0;
    while (i < n) {
        i = i + 1;
        if (i % 2 == 0) continue;
        total = total + i;
    };
    total
}

//> until(5) = 5
//> until(100) = 10
fun until(limit: u64): u64 {
    let mut i = 0;
    while (true) {
        if (i == limit || i == 10) break;
        i = i + 1;
    };
    i
}
