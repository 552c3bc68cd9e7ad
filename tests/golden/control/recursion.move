// Recursion: deep, mutual, with several results, and too deep.
module golden::recursion;

//> factorial(0) = 1
//> factorial(5) = 120
//> factorial(20) = 2432902008176640000
//> factorial(21) ! overflow
fun factorial(n: u64): u64 { if (n == 0) 1 else n * factorial(n - 1) }

//> fibonacci(0) = 0
//> fibonacci(1) = 1
//> fibonacci(20) = 6765
fun fibonacci(n: u64): u64 { if (n < 2) n else fibonacci(n - 1) + fibonacci(n - 2) }

//> is_even(10) = true
//> is_even(11) = false
fun is_even(n: u64): bool { n == 0 || is_odd(n - 1) }

fun is_odd(n: u64): bool { n != 0 && is_even(n - 1) }

//> hanoi(0, 1, 3, 2) = []
//> hanoi(2, 1, 3, 2) = [[1, 2], [1, 3], [2, 3]]
fun hanoi(n: u64, from: u8, to: u8, over: u8): vector<vector<u8>> {
    let mut moves = vector[];
    move_disks(n, from, to, over, &mut moves);
    moves
}

fun move_disks(n: u64, from: u8, to: u8, over: u8, moves: &mut vector<vector<u8>>) {
    if (n == 0) return;
    move_disks(n - 1, from, over, to, moves);
    moves.push_back(vector[from, to]);
    move_disks(n - 1, over, to, from, moves);
}

//> ackermann(2, 3) = 9
fun ackermann(m: u64, n: u64): u64 {
    if (m == 0) n + 1
    else if (n == 0) ackermann(m - 1, 1)
    else ackermann(m - 1, ackermann(m, n - 1))
}

//> depth(1000) = 1000
//> depth(5000) ! call depth limit
fun depth(n: u64): u64 { if (n == 0) 0 else 1 + depth(n - 1) }

//> divmod_list(1234, 10) = [1, 2, 3, 4]
fun divmod_list(n: u64, base: u64): vector<u64> {
    let (quotient, rest) = divmod(n, base);
    let mut digits = if (quotient == 0) vector[] else divmod_list(quotient, base);
    digits.push_back(rest);
    digits
}

fun divmod(a: u64, b: u64): (u64, u64) { (a / b, a % b) }
