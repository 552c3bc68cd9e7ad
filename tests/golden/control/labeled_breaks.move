// Labels: leaving and continuing an outer loop, and leaving a block with a value.
module golden::labeled_breaks;

//> pair_with_sum([1, 2, 3, 4], 7) = some([2, 3])
//> pair_with_sum([1, 2, 3, 4], 3) = some([0, 1])
//> pair_with_sum([1, 2], 9) = none
fun pair_with_sum(v: vector<u64>, sum: u64): Option<vector<u64>> {
    let n = v.length();
    let mut found = option::none();
    let mut i = 0;
    'outer: while (i < n) {
        let mut j = i + 1;
        while (j < n) {
            if (v[i] + v[j] == sum) {
                found = option::some(vector[i, j]);
                break 'outer
            };
            j = j + 1;
        };
        i = i + 1;
    };
    found
}

//> primes_below(20) = [2, 3, 5, 7, 11, 13, 17, 19]
//> primes_below(2) = []
fun primes_below(n: u64): vector<u64> {
    let mut primes = vector[];
    let mut i = 1;
    'next: while (i + 1 < n) {
        i = i + 1;
        let mut d = 2;
        while (d * d <= i) {
            if (i % d == 0) continue 'next;
            d = d + 1;
        };
        primes.push_back(i);
    };
    primes
}

//> classify(3) = 1
//> classify(30) = 2
//> classify(300) = 3
fun classify(x: u64): u64 {
    'block: {
        if (x < 10) return 'block 1;
        if (x < 100) return 'block 2;
        3
    }
}

//> value_of_outer(4) = 12
fun value_of_outer(n: u64): u64 {
    let mut i = 0;
    'outer: loop {
        i = i + 1;
        let mut j = 0;
        loop {
            j = j + 1;
            if (i * j == n * 3) break 'outer i * j;
            if (j > n) break;
        };
    }
}
