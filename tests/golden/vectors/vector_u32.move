// Vectors of u32: every operation, with its errors.
module golden::vector_u32;

//> literal() = [0, 7, 4294967295]
fun literal(): vector<u32> { vector[0, 7, 4294967295] }

//> empty() = []
fun empty(): vector<u32> { vector[] }

//> length([]) = 0
//> length([0]) = 1
//> length([0, 7, 4294967295]) = 3
fun length(v: vector<u32>): u64 { v.length() }

//> push([], 7) -> [7]
//> push([0, 7], 4294967295) -> [0, 7, 4294967295]
fun push(v: &mut vector<u32>, x: u32) { v.push_back(x) }

//> pop([0, 7]) = 7 -> [0]
//> pop([4294967295]) = 4294967295 -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<u32>): u32 { v.pop_back() }

//> at([0, 7, 4294967295], 0) = 0
//> at([0, 7, 4294967295], 1) = 7
//> at([0, 7, 4294967295], 2) = 4294967295
//> at([0, 7, 4294967295], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([0], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<u32>, i: u64): u32 { v[i] }

//> set([0, 7, 4294967295], 1, 0) -> [0, 0, 4294967295]
//> set([0], 1, 7) ! index 1 out of bounds
fun set(v: &mut vector<u32>, i: u64, x: u32) { *(&mut v[i]) = x }

//> swap([0, 7, 4294967295], 0, 2) -> [4294967295, 7, 0]
//> swap([0, 7], 1, 1) -> [0, 7]
//> swap([0, 7], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<u32>, i: u64, j: u64) { v.swap(i, j) }

//> equal([0, 7], [0, 7]) = true
//> equal([0, 7], [0]) = false
//> equal([0, 4294967295], [0, 7]) = false
//> equal([], []) = true
fun equal(v: vector<u32>, w: vector<u32>): bool { v == w }

//> copied([0, 7], 4294967295) = [0, 7], [0, 7, 4294967295]
fun copied(v: vector<u32>, x: u32): (vector<u32>, vector<u32>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([0, 7, 4294967295]) = [4294967295, 7, 0]
//> reversed([]) = []
fun reversed(mut v: vector<u32>): vector<u32> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(7, 40) = 40
//> grown(7, 0) = 0
fun grown(x: u32, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([0]) ! unpacked into 0
fun destroyed(v: vector<u32>) { v.destroy_empty() }

//> nested([0, 7]) = [[0, 7], []]
fun nested(v: vector<u32>): vector<vector<u32>> { vector[v, vector[]] }
