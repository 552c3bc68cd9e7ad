// Loops that count and accumulate in u128.
module golden::u128_loop;

//> sum(0) = 0
//> sum(1) = 1
//> sum(10) = 55
//> sum(22) = 253
fun sum(n: u128): u128 {
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
//> power_of_two(127) = 170141183460469231731687303715884105728
//> power_of_two(128) ! overflow
fun power_of_two(mut n: u16): u128 {
    let mut power = 1;
    while (n > 0) {
        power = power * 2;
        n = n - 1;
    };
    power
}

//> gcd(0, 5) = 5
//> gcd(12, 18) = 6
//> gcd(340282366920938463463374607431768211455, 170141183460469231731687303715884105728) = 1
//> gcd(138039901878243111216667072284714210017, 164423711883070252392083381584791758878) = 1
//> gcd(17, 1) = 1
fun gcd(a: u128, b: u128): u128 { if (b == 0) a else gcd(b, a % b) }

//> ones(0) = 0
//> ones(1) = 1
//> ones(340282366920938463463374607431768211455) = 128
//> ones(138039901878243111216667072284714210017) = 63
fun ones(mut a: u128): u16 {
    let mut count = 0;
    while (a != 0) {
        a = a & (a - 1);
        count = count + 1;
    };
    count
}
