// Vectors of vector<u8>: every operation, with its errors.
module golden::vector_bytes;

//> literal() = [b"a", b"bc", x""]
fun literal(): vector<vector<u8>> { vector[b"a", b"bc", b""] }

//> empty() = []
fun empty(): vector<vector<u8>> { vector[] }

//> length([]) = 0
//> length([b"a"]) = 1
//> length([b"a", b"bc", x""]) = 3
fun length(v: vector<vector<u8>>): u64 { v.length() }

//> push([], b"bc") -> [b"bc"]
//> push([b"a", b"bc"], x"") -> [b"a", b"bc", x""]
fun push(v: &mut vector<vector<u8>>, x: vector<u8>) { v.push_back(x) }

//> pop([b"a", b"bc"]) = b"bc" -> [b"a"]
//> pop([x""]) = x"" -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<vector<u8>>): vector<u8> { v.pop_back() }

//> at([b"a", b"bc", x""], 0) = b"a"
//> at([b"a", b"bc", x""], 1) = b"bc"
//> at([b"a", b"bc", x""], 2) = x""
//> at([b"a", b"bc", x""], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([b"a"], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<vector<u8>>, i: u64): vector<u8> { v[i] }

//> set([b"a", b"bc", x""], 1, b"a") -> [b"a", b"a", x""]
//> set([b"a"], 1, b"bc") ! index 1 out of bounds
fun set(v: &mut vector<vector<u8>>, i: u64, x: vector<u8>) { *(&mut v[i]) = x }

//> swap([b"a", b"bc", x""], 0, 2) -> [x"", b"bc", b"a"]
//> swap([b"a", b"bc"], 1, 1) -> [b"a", b"bc"]
//> swap([b"a", b"bc"], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<vector<u8>>, i: u64, j: u64) { v.swap(i, j) }

//> equal([b"a", b"bc"], [b"a", b"bc"]) = true
//> equal([b"a", b"bc"], [b"a"]) = false
//> equal([b"a", x""], [b"a", b"bc"]) = false
//> equal([], []) = true
fun equal(v: vector<vector<u8>>, w: vector<vector<u8>>): bool { v == w }

//> copied([b"a", b"bc"], x"") = [b"a", b"bc"], [b"a", b"bc", x""]
fun copied(v: vector<vector<u8>>, x: vector<u8>): (vector<vector<u8>>, vector<vector<u8>>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([b"a", b"bc", x""]) = [x"", b"bc", b"a"]
//> reversed([]) = []
fun reversed(mut v: vector<vector<u8>>): vector<vector<u8>> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(b"bc", 40) = 40
//> grown(b"bc", 0) = 0
fun grown(x: vector<u8>, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([b"a"]) ! unpacked into 0
fun destroyed(v: vector<vector<u8>>) { v.destroy_empty() }

//> nested([b"a", b"bc"]) = [[b"a", b"bc"], []]
fun nested(v: vector<vector<u8>>): vector<vector<vector<u8>>> { vector[v, vector[]] }
