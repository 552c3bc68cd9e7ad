// Loops that count and accumulate in u64.
module golden::u64_loop;

//> sum(0) = 0
//> sum(1) = 1
//> sum(10) = 55
//> sum(22) = 253
fun sum(n: u64): u64 {
    let mut i = 0;
    let mut total = 0;
    while (i < n) {
        i = i + 1;
        total = total + i;
    };
    total
}

//> power_of_two(0) = 1
//> power_of_two(1) = 2
//> power_of_two(63) = 9223372036854775808
//> power_of_two(64) ! overflow
fun power_of_two(mut n: u16): u64 {
    let mut power = 1;
    while (n > 0) {
        power = power * 2;
        n = n - 1;
    };
    power
}

//> gcd(0, 5) = 5
//> gcd(12, 18) = 6
//> gcd(18446744073709551615, 9223372036854775808) = 1
//> gcd(2303094240779272728, 11307657885205793063) = 1
//> gcd(17, 1) = 1
fun gcd(a: u64, b: u64): u64 { if (b == 0) a else gcd(b, a % b) }

//> ones(0) = 0
//> ones(1) = 1
//> ones(18446744073709551615) = 64
//> ones(2303094240779272728) = 30
fun ones(mut a: u64): u16 {
    let mut count = 0;
    while (a != 0) {
        a = a & (a - 1);
        count = count + 1;
    };
    count
}
