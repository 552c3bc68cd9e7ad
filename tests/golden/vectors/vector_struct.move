// Vectors of Pair: every operation, with its errors.
module golden::vector_struct;

public struct Pair has copy, drop { small: u8, large: u256 }

//> literal() = [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }]
fun literal(): vector<Pair> { vector[Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }] }

//> empty() = []
fun empty(): vector<Pair> { vector[] }

//> length([]) = 0
//> length([Pair { small: 1, large: 2 }]) = 1
//> length([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }]) = 3
fun length(v: vector<Pair>): u64 { v.length() }

//> push([], Pair { small: 3, large: 4 }) -> [Pair { small: 3, large: 4 }]
//> push([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], Pair { small: 5, large: 6 }) -> [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }]
fun push(v: &mut vector<Pair>, x: Pair) { v.push_back(x) }

//> pop([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }]) = Pair { small: 3, large: 4 } -> [Pair { small: 1, large: 2 }]
//> pop([Pair { small: 5, large: 6 }]) = Pair { small: 5, large: 6 } -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<Pair>): Pair { v.pop_back() }

//> at([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 0) = Pair { small: 1, large: 2 }
//> at([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 1) = Pair { small: 3, large: 4 }
//> at([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 2) = Pair { small: 5, large: 6 }
//> at([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([Pair { small: 1, large: 2 }], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<Pair>, i: u64): Pair { v[i] }

//> set([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 1, Pair { small: 1, large: 2 }) -> [Pair { small: 1, large: 2 }, Pair { small: 1, large: 2 }, Pair { small: 5, large: 6 }]
//> set([Pair { small: 1, large: 2 }], 1, Pair { small: 3, large: 4 }) ! index 1 out of bounds
fun set(v: &mut vector<Pair>, i: u64, x: Pair) { *(&mut v[i]) = x }

//> swap([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }], 0, 2) -> [Pair { small: 5, large: 6 }, Pair { small: 3, large: 4 }, Pair { small: 1, large: 2 }]
//> swap([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], 1, 1) -> [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }]
//> swap([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<Pair>, i: u64, j: u64) { v.swap(i, j) }

//> equal([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }]) = true
//> equal([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], [Pair { small: 1, large: 2 }]) = false
//> equal([Pair { small: 1, large: 2 }, Pair { small: 5, large: 6 }], [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }]) = false
//> equal([], []) = true
fun equal(v: vector<Pair>, w: vector<Pair>): bool { v == w }

//> copied([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], Pair { small: 5, large: 6 }) = [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], [Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }]
fun copied(v: vector<Pair>, x: Pair): (vector<Pair>, vector<Pair>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }, Pair { small: 5, large: 6 }]) = [Pair { small: 5, large: 6 }, Pair { small: 3, large: 4 }, Pair { small: 1, large: 2 }]
//> reversed([]) = []
fun reversed(mut v: vector<Pair>): vector<Pair> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(Pair { small: 3, large: 4 }, 40) = 40
//> grown(Pair { small: 3, large: 4 }, 0) = 0
fun grown(x: Pair, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([Pair { small: 1, large: 2 }]) ! unpacked into 0
fun destroyed(v: vector<Pair>) { v.destroy_empty() }

//> nested([Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }]) = [[Pair { small: 1, large: 2 }, Pair { small: 3, large: 4 }], []]
fun nested(v: vector<Pair>): vector<vector<Pair>> { vector[v, vector[]] }
