/// Loops of integer arithmetic, every operation checked.
module bench::integers;

/// Multiply, add and take the remainder.
public fun multiply_add_mod(n: u64): u64 {
    let mut x = 7;
    let mut i = 0;
    while (i < n) {
        x = (x * 31 + i) % 1_000_003;
        i = i + 1;
    };
    x
}

/// Bits only: xor, shift, mask, and one addition.
public fun bits(n: u64): u64 {
    let mut x = 7;
    let mut i = 0;
    while (i < n) {
        x = ((x ^ i) + (x >> 3)) & 0xffff;
        i = i + 1;
    };
    x
}

/// Subtraction, division and branches: Euclid's algorithm on neighbours.
public fun gcd(n: u64): u64 {
    let mut sum = 0;
    let mut i = 1;
    while (i <= n) {
        let mut a = i * 7 + 5;
        let mut b = i + 3;
        while (b != 0) {
            let rest = a % b;
            a = b;
            b = rest;
        };
        sum = sum + a;
        i = i + 1;
    };
    sum
}

/// The same as `multiply_add_mod` with 128 bits, and values that need them.
public fun wide(n: u64): u64 {
    let mut x: u128 = 7;
    let mut i: u64 = 0;
    while (i < n) {
        x = (x * 6_364_136_223_846_793_005 + (i as u128)) % 9_223_372_036_854_775_783;
        i = i + 1;
    };
    (x & 0xffff_ffff_ffff_ffff) as u64
}

/// The same with 256 bits.
public fun widest(n: u64): u64 {
    let mut x: u256 = 7;
    let mut i: u64 = 0;
    while (i < n) {
        x = (x * 6_364_136_223_846_793_005 + (i as u256))
            % 170_141_183_460_469_231_731_687_303_715_884_105_727;
        i = i + 1;
    };
    (x & 0xffff_ffff_ffff_ffff) as u64
}

/// Bytes, with casts.
public fun narrow(n: u64): u64 {
    let mut x: u8 = 7;
    let mut i: u64 = 0;
    while (i < n) {
        x = (x & 0x3f) + ((i & 0x7f) as u8);
        i = i + 1;
    };
    x as u64
}
