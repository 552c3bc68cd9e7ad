// Vectors of u16: every operation, with its errors.
module golden::vector_u16;

//> literal() = [0, 7, 65535]
fun literal(): vector<u16> { vector[0, 7, 65535] }

//> empty() = []
fun empty(): vector<u16> { vector[] }

//> length([]) = 0
//> length([0]) = 1
//> length([0, 7, 65535]) = 3
fun length(v: vector<u16>): u64 { v.length() }

//> push([], 7) -> [7]
//> push([0, 7], 65535) -> [0, 7, 65535]
fun push(v: &mut vector<u16>, x: u16) { v.push_back(x) }

//> pop([0, 7]) = 7 -> [0]
//> pop([65535]) = 65535 -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<u16>): u16 { v.pop_back() }

//> at([0, 7, 65535], 0) = 0
//> at([0, 7, 65535], 1) = 7
//> at([0, 7, 65535], 2) = 65535
//> at([0, 7, 65535], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([0], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<u16>, i: u64): u16 { v[i] }

//> set([0, 7, 65535], 1, 0) -> [0, 0, 65535]
//> set([0], 1, 7) ! index 1 out of bounds
fun set(v: &mut vector<u16>, i: u64, x: u16) { *(&mut v[i]) = x }

//> swap([0, 7, 65535], 0, 2) -> [65535, 7, 0]
//> swap([0, 7], 1, 1) -> [0, 7]
//> swap([0, 7], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<u16>, i: u64, j: u64) { v.swap(i, j) }

//> equal([0, 7], [0, 7]) = true
//> equal([0, 7], [0]) = false
//> equal([0, 65535], [0, 7]) = false
//> equal([], []) = true
fun equal(v: vector<u16>, w: vector<u16>): bool { v == w }

//> copied([0, 7], 65535) = [0, 7], [0, 7, 65535]
fun copied(v: vector<u16>, x: u16): (vector<u16>, vector<u16>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([0, 7, 65535]) = [65535, 7, 0]
//> reversed([]) = []
fun reversed(mut v: vector<u16>): vector<u16> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(7, 40) = 40
//> grown(7, 0) = 0
fun grown(x: u16, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([0]) ! unpacked into 0
fun destroyed(v: vector<u16>) { v.destroy_empty() }

//> nested([0, 7]) = [[0, 7], []]
fun nested(v: vector<u16>): vector<vector<u16>> { vector[v, vector[]] }
