// Generic functions at several types, one body for each layout.
module golden::functions;

//> same<u8>(7) = 7
//> same<u256>(7) = 7
//> same<bool>(true) = true
//> same<address>(0x7) = 0x7
//> same<vector<u64>>([1, 2]) = [1, 2]
//> same<vector<vector<u8>>>([b"a"]) = [b"a"]
fun same<T>(x: T): T { x }

//> swapped<u8, u256>(1, 2) = 2, 1
//> swapped<vector<u8>, bool>(b"a", true) = true, b"a"
fun swapped<A, B>(a: A, b: B): (B, A) { (b, a) }

//> twice<u64>(7) = [7, 7]
//> twice<vector<u64>>([7]) = [[7], [7]]
fun twice<T: copy>(x: T): vector<T> { vector[copy x, x] }

//> equal<u128>(1, 1) = true
//> equal<vector<u8>>(b"a", b"b") = false
fun equal<T: drop>(a: T, b: T): bool { a == b }

//> choose<u16>(true, 1, 2) = 1
//> choose<vector<u16>>(false, [1], [2]) = [2]
fun choose<T: drop>(first: bool, a: T, b: T): T { if (first) a else b }

//> last<u64>([1, 2, 3]) = 3
//> last<vector<u64>>([[1], [2]]) = [2]
//> last<u64>([]) ! pop from an empty vector
fun last<T: drop>(mut v: vector<T>): T { v.pop_back() }

//> read<u64>(5) = 5
//> read<vector<u8>>(b"ab") = b"ab"
fun read<T: copy>(x: &T): T { *x }

//> write<u64>(5, 6) -> 6
//> write<vector<u8>>(b"ab", b"c") -> b"c"
fun write<T: drop>(x: &mut T, y: T) { *x = y }
