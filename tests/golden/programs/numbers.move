// Number theory with known answers.
module golden::numbers;

//> sieve(30) = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
fun sieve(n: u64): vector<u64> {
    let mut is_composite = vector[];
    let mut i = 0;
    while (i < n) { is_composite.push_back(false); i = i + 1 };
    let mut primes = vector[];
    let mut p = 2;
    while (p < n) {
        if (!is_composite[p]) {
            primes.push_back(p);
            let mut k = p * p;
            while (k < n) {
                *(&mut is_composite[k]) = true;
                k = k + p;
            };
        };
        p = p + 1;
    };
    primes
}

//> power_modulo(3, 200, 1000007) = 959082
//> power_modulo(2, 0, 7) = 1
fun power_modulo(mut base: u128, mut exponent: u128, modulus: u128): u128 {
    let mut result = 1;
    base = base % modulus;
    while (exponent > 0) {
        if (exponent & 1 == 1) result = result * base % modulus;
        base = base * base % modulus;
        exponent = exponent >> 1;
    };
    result
}

//> square_root(115792089237316195423570985008687907853269984665640564039457584007913129639935) = 340282366920938463463374607431768211455
//> square_root(2) = 1
//> square_root(0) = 0
fun square_root(x: u256): u256 {
    let mut low = 0;
    let mut high = 340282366920938463463374607431768211456;
    while (high - low > 1) {
        let middle = (low + high) / 2;
        if (middle * middle <= x) low = middle else high = middle;
    };
    low
}

//> digits(9045) = 18
fun digits(mut n: u64): u64 {
    let mut sum = 0;
    while (n > 0) { sum = sum + n % 10; n = n / 10 };
    sum
}

//> random(42, 3) = [1220265334, 484179026, 886563538]
fun random(seed: u64, n: u64): vector<u64> {
    let mut state = seed as u128;
    let mut out = vector[];
    let mut i = 0;
    while (i < n) {
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xffffffffffffffff;
        out.push_back((state >> 33) as u64);
        i = i + 1;
    };
    out
}
