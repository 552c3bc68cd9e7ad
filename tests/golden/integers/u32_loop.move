// Loops that count and accumulate in u32.
module golden::u32_loop;

//> sum(0) = 0
//> sum(1) = 1
//> sum(10) = 55
//> sum(22) = 253
fun sum(n: u32): u32 {
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
//> power_of_two(31) = 2147483648
//> power_of_two(32) ! overflow
fun power_of_two(mut n: u16): u32 {
    let mut power = 1;
    while (n > 0) {
        power = power * 2;
        n = n - 1;
    };
    power
}

//> gcd(0, 5) = 5
//> gcd(12, 18) = 6
//> gcd(4294967295, 2147483648) = 1
//> gcd(332589539, 3979342273) = 1
//> gcd(17, 1) = 1
fun gcd(a: u32, b: u32): u32 { if (b == 0) a else gcd(b, a % b) }

//> ones(0) = 0
//> ones(1) = 1
//> ones(4294967295) = 32
//> ones(332589539) = 17
fun ones(mut a: u32): u16 {
    let mut count = 0;
    while (a != 0) {
        a = a & (a - 1);
        count = count + 1;
    };
    count
}
