// Functions of std::vector that are written in Move.
module golden::vector_functions;

//> appended([1], [2, 3]) = [1, 2, 3]
fun appended(mut a: vector<u64>, b: vector<u64>): vector<u64> { a.append(b); a }

//> turned([1, 2, 3]) = [3, 2, 1]
fun turned(mut v: vector<u64>): vector<u64> { v.reverse(); v }

//> contains([1, 2, 3], 2) = true
//> contains([1, 2, 3], 4) = false
fun contains(v: vector<u64>, x: u64): bool { v.contains(&x) }

//> index([1, 2, 3], 3) = true, 2
//> index([1, 2, 3], 4) = false, 0
fun index(v: vector<u64>, x: u64): (bool, u64) { v.index_of(&x) }

//> removed([1, 2, 3], 0) = 1 -> [2, 3]
//> removed([1, 2, 3], 3) ! abort 131072
fun removed(v: &mut vector<u64>, i: u64): u64 { v.remove(i) }

//> swap_removed([1, 2, 3], 0) = 1 -> [3, 2]
fun swap_removed(v: &mut vector<u64>, i: u64): u64 { v.swap_remove(i) }

//> inserted([1, 3], 2, 1) -> [1, 2, 3]
//> inserted([], 2, 0) -> [2]
fun inserted(v: &mut vector<u64>, x: u64, i: u64) { v.insert(x, i) }

//> single(b"x") = [b"x"]
fun single(x: vector<u8>): vector<vector<u8>> { vector::singleton(x) }

//> flat([b"ab", b"", b"c"]) = b"abc"
fun flat(v: vector<vector<u8>>): vector<u8> { v.flatten() }
