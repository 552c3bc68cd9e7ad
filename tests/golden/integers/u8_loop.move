// Loops that count and accumulate in u8.
module golden::u8_loop;

//> sum(0) = 0
//> sum(1) = 1
//> sum(10) = 55
//> sum(22) = 253
//> sum(23) ! overflow
fun sum(n: u8): u8 {
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
//> power_of_two(7) = 128
//> power_of_two(8) ! overflow
fun power_of_two(mut n: u16): u8 {
    let mut power = 1;
    while (n > 0) {
        power = power * 2;
        n = n - 1;
    };
    power
}

//> gcd(0, 5) = 5
//> gcd(12, 18) = 6
//> gcd(255, 128) = 1
//> gcd(74, 110) = 2
//> gcd(17, 1) = 1
fun gcd(a: u8, b: u8): u8 { if (b == 0) a else gcd(b, a % b) }

//> ones(0) = 0
//> ones(1) = 1
//> ones(255) = 8
//> ones(74) = 3
fun ones(mut a: u8): u16 {
    let mut count = 0;
    while (a != 0) {
        a = a & (a - 1);
        count = count + 1;
    };
    count
}
