// Vectors of Side: every operation, with its errors.
module golden::vector_enum;

public enum Side has copy, drop { Left, Right(u8), Both { left: u8, right: u64 } }

//> literal() = [Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }]
fun literal(): vector<Side> { vector[Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }] }

//> empty() = []
fun empty(): vector<Side> { vector[] }

//> length([]) = 0
//> length([Side::Left]) = 1
//> length([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }]) = 3
fun length(v: vector<Side>): u64 { v.length() }

//> push([], Side::Right(7)) -> [Side::Right(7)]
//> push([Side::Left, Side::Right(7)], Side::Both { left: 1, right: 2 }) -> [Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }]
fun push(v: &mut vector<Side>, x: Side) { v.push_back(x) }

//> pop([Side::Left, Side::Right(7)]) = Side::Right(7) -> [Side::Left]
//> pop([Side::Both { left: 1, right: 2 }]) = Side::Both { left: 1, right: 2 } -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<Side>): Side { v.pop_back() }

//> at([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 0) = Side::Left
//> at([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 1) = Side::Right(7)
//> at([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 2) = Side::Both { left: 1, right: 2 }
//> at([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([Side::Left], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<Side>, i: u64): Side { v[i] }

//> set([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 1, Side::Left) -> [Side::Left, Side::Left, Side::Both { left: 1, right: 2 }]
//> set([Side::Left], 1, Side::Right(7)) ! index 1 out of bounds
fun set(v: &mut vector<Side>, i: u64, x: Side) { *(&mut v[i]) = x }

//> swap([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }], 0, 2) -> [Side::Both { left: 1, right: 2 }, Side::Right(7), Side::Left]
//> swap([Side::Left, Side::Right(7)], 1, 1) -> [Side::Left, Side::Right(7)]
//> swap([Side::Left, Side::Right(7)], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<Side>, i: u64, j: u64) { v.swap(i, j) }

//> equal([Side::Left, Side::Right(7)], [Side::Left, Side::Right(7)]) = true
//> equal([Side::Left, Side::Right(7)], [Side::Left]) = false
//> equal([Side::Left, Side::Both { left: 1, right: 2 }], [Side::Left, Side::Right(7)]) = false
//> equal([], []) = true
fun equal(v: vector<Side>, w: vector<Side>): bool { v == w }

//> copied([Side::Left, Side::Right(7)], Side::Both { left: 1, right: 2 }) = [Side::Left, Side::Right(7)], [Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }]
fun copied(v: vector<Side>, x: Side): (vector<Side>, vector<Side>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([Side::Left, Side::Right(7), Side::Both { left: 1, right: 2 }]) = [Side::Both { left: 1, right: 2 }, Side::Right(7), Side::Left]
//> reversed([]) = []
fun reversed(mut v: vector<Side>): vector<Side> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(Side::Right(7), 40) = 40
//> grown(Side::Right(7), 0) = 0
fun grown(x: Side, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([Side::Left]) ! unpacked into 0
fun destroyed(v: vector<Side>) { v.destroy_empty() }

//> nested([Side::Left, Side::Right(7)]) = [[Side::Left, Side::Right(7)], []]
fun nested(v: vector<Side>): vector<vector<Side>> { vector[v, vector[]] }
