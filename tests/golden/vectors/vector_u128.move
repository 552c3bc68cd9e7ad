// Vectors of u128: every operation, with its errors.
module golden::vector_u128;

//> literal() = [0, 7, 340282366920938463463374607431768211455]
fun literal(): vector<u128> { vector[0, 7, 340282366920938463463374607431768211455] }

//> empty() = []
fun empty(): vector<u128> { vector[] }

//> length([]) = 0
//> length([0]) = 1
//> length([0, 7, 340282366920938463463374607431768211455]) = 3
fun length(v: vector<u128>): u64 { v.length() }

//> push([], 7) -> [7]
//> push([0, 7], 340282366920938463463374607431768211455) -> [0, 7, 340282366920938463463374607431768211455]
fun push(v: &mut vector<u128>, x: u128) { v.push_back(x) }

//> pop([0, 7]) = 7 -> [0]
//> pop([340282366920938463463374607431768211455]) = 340282366920938463463374607431768211455 -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<u128>): u128 { v.pop_back() }

//> at([0, 7, 340282366920938463463374607431768211455], 0) = 0
//> at([0, 7, 340282366920938463463374607431768211455], 1) = 7
//> at([0, 7, 340282366920938463463374607431768211455], 2) = 340282366920938463463374607431768211455
//> at([0, 7, 340282366920938463463374607431768211455], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([0], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<u128>, i: u64): u128 { v[i] }

//> set([0, 7, 340282366920938463463374607431768211455], 1, 0) -> [0, 0, 340282366920938463463374607431768211455]
//> set([0], 1, 7) ! index 1 out of bounds
fun set(v: &mut vector<u128>, i: u64, x: u128) { *(&mut v[i]) = x }

//> swap([0, 7, 340282366920938463463374607431768211455], 0, 2) -> [340282366920938463463374607431768211455, 7, 0]
//> swap([0, 7], 1, 1) -> [0, 7]
//> swap([0, 7], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<u128>, i: u64, j: u64) { v.swap(i, j) }

//> equal([0, 7], [0, 7]) = true
//> equal([0, 7], [0]) = false
//> equal([0, 340282366920938463463374607431768211455], [0, 7]) = false
//> equal([], []) = true
fun equal(v: vector<u128>, w: vector<u128>): bool { v == w }

//> copied([0, 7], 340282366920938463463374607431768211455) = [0, 7], [0, 7, 340282366920938463463374607431768211455]
fun copied(v: vector<u128>, x: u128): (vector<u128>, vector<u128>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([0, 7, 340282366920938463463374607431768211455]) = [340282366920938463463374607431768211455, 7, 0]
//> reversed([]) = []
fun reversed(mut v: vector<u128>): vector<u128> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(7, 40) = 40
//> grown(7, 0) = 0
fun grown(x: u128, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([0]) ! unpacked into 0
fun destroyed(v: vector<u128>) { v.destroy_empty() }

//> nested([0, 7]) = [[0, 7], []]
fun nested(v: vector<u128>): vector<vector<u128>> { vector[v, vector[]] }
