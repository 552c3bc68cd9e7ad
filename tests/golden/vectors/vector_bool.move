// Vectors of bool: every operation, with its errors.
module golden::vector_bool;

//> literal() = [false, true, true]
fun literal(): vector<bool> { vector[false, true, true] }

//> empty() = []
fun empty(): vector<bool> { vector[] }

//> length([]) = 0
//> length([false]) = 1
//> length([false, true, true]) = 3
fun length(v: vector<bool>): u64 { v.length() }

//> push([], true) -> [true]
//> push([false, true], true) -> [false, true, true]
fun push(v: &mut vector<bool>, x: bool) { v.push_back(x) }

//> pop([false, true]) = true -> [false]
//> pop([true]) = true -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<bool>): bool { v.pop_back() }

//> at([false, true, true], 0) = false
//> at([false, true, true], 1) = true
//> at([false, true, true], 2) = true
//> at([false, true, true], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([false], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<bool>, i: u64): bool { v[i] }

//> set([false, true, true], 1, false) -> [false, false, true]
//> set([false], 1, true) ! index 1 out of bounds
fun set(v: &mut vector<bool>, i: u64, x: bool) { *(&mut v[i]) = x }

//> swap([false, true, true], 0, 2) -> [true, true, false]
//> swap([false, true], 1, 1) -> [false, true]
//> swap([false, true], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<bool>, i: u64, j: u64) { v.swap(i, j) }

//> equal([false, true], [false, true]) = true
//> equal([false, true], [false]) = false
//> equal([false, true], [true, true]) = false
//> equal([], []) = true
fun equal(v: vector<bool>, w: vector<bool>): bool { v == w }

//> copied([false, true], true) = [false, true], [false, true, true]
fun copied(v: vector<bool>, x: bool): (vector<bool>, vector<bool>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([false, true, true]) = [true, true, false]
//> reversed([]) = []
fun reversed(mut v: vector<bool>): vector<bool> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(true, 40) = 40
//> grown(true, 0) = 0
fun grown(x: bool, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([false]) ! unpacked into 0
fun destroyed(v: vector<bool>) { v.destroy_empty() }

//> nested([false, true]) = [[false, true], []]
fun nested(v: vector<bool>): vector<vector<bool>> { vector[v, vector[]] }
