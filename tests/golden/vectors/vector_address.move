// Vectors of address: every operation, with its errors.
module golden::vector_address;

//> literal() = [@0x0, @0x7, @0xffff]
fun literal(): vector<address> { vector[@0x0, @0x7, @0xffff] }

//> empty() = []
fun empty(): vector<address> { vector[] }

//> length([]) = 0
//> length([@0x0]) = 1
//> length([@0x0, @0x7, @0xffff]) = 3
fun length(v: vector<address>): u64 { v.length() }

//> push([], @0x7) -> [@0x7]
//> push([@0x0, @0x7], @0xffff) -> [@0x0, @0x7, @0xffff]
fun push(v: &mut vector<address>, x: address) { v.push_back(x) }

//> pop([@0x0, @0x7]) = @0x7 -> [@0x0]
//> pop([@0xffff]) = @0xffff -> []
//> pop([]) ! pop from an empty vector
fun pop(v: &mut vector<address>): address { v.pop_back() }

//> at([@0x0, @0x7, @0xffff], 0) = @0x0
//> at([@0x0, @0x7, @0xffff], 1) = @0x7
//> at([@0x0, @0x7, @0xffff], 2) = @0xffff
//> at([@0x0, @0x7, @0xffff], 3) ! index 3 out of bounds
//> at([], 0) ! index 0 out of bounds
//> at([@0x0], 18446744073709551615) ! index 18446744073709551615 out of bounds
fun at(v: vector<address>, i: u64): address { v[i] }

//> set([@0x0, @0x7, @0xffff], 1, @0x0) -> [@0x0, @0x0, @0xffff]
//> set([@0x0], 1, @0x7) ! index 1 out of bounds
fun set(v: &mut vector<address>, i: u64, x: address) { *(&mut v[i]) = x }

//> swap([@0x0, @0x7, @0xffff], 0, 2) -> [@0xffff, @0x7, @0x0]
//> swap([@0x0, @0x7], 1, 1) -> [@0x0, @0x7]
//> swap([@0x0, @0x7], 0, 2) ! index 2 out of bounds
fun swap(v: &mut vector<address>, i: u64, j: u64) { v.swap(i, j) }

//> equal([@0x0, @0x7], [@0x0, @0x7]) = true
//> equal([@0x0, @0x7], [@0x0]) = false
//> equal([@0x0, @0xffff], [@0x0, @0x7]) = false
//> equal([], []) = true
fun equal(v: vector<address>, w: vector<address>): bool { v == w }

//> copied([@0x0, @0x7], @0xffff) = [@0x0, @0x7], [@0x0, @0x7, @0xffff]
fun copied(v: vector<address>, x: address): (vector<address>, vector<address>) {
    let mut w = copy v;
    w.push_back(x);
    (v, w)
}

//> reversed([@0x0, @0x7, @0xffff]) = [@0xffff, @0x7, @0x0]
//> reversed([]) = []
fun reversed(mut v: vector<address>): vector<address> {
    let mut w = vector[];
    while (!v.is_empty()) w.push_back(v.pop_back());
    v.destroy_empty();
    w
}

//> grown(@0x7, 40) = 40
//> grown(@0x7, 0) = 0
fun grown(x: address, n: u64): u64 {
    let mut v = vector[];
    let mut i = 0;
    while (i < n) { v.push_back(x); i = i + 1 };
    assert!(n == 0 || v[n - 1] == x);
    v.length()
}

//> destroyed([]) =
//> destroyed([@0x0]) ! unpacked into 0
fun destroyed(v: vector<address>) { v.destroy_empty() }

//> nested([@0x0, @0x7]) = [[@0x0, @0x7], []]
fun nested(v: vector<address>): vector<vector<address>> { vector[v, vector[]] }
