// The macros of std::vector: inlined loops with lambdas.
module golden::vector_macros;

//> doubled([1, 2, 3]) = [2, 4, 6]
//> doubled([]) = []
fun doubled(v: vector<u64>): vector<u64> { v.map!(|x| x * 2) }

//> evens([1, 2, 3, 4]) = [2, 4]
fun evens(v: vector<u64>): vector<u64> { v.filter!(|x| *x % 2 == 0) }

//> sum([1, 2, 3]) = 6
//> sum([18446744073709551615, 1]) ! overflow
fun sum(v: vector<u64>): u64 { v.fold!(0, |total, x| total + x) }

//> has_large([1, 2]) = false
//> has_large([1, 200]) = true
fun has_large(v: vector<u64>): bool { v.any!(|x| *x > 100) }

//> all_small([1, 2]) = true
//> all_small([1, 200]) = false
fun all_small(v: vector<u64>): bool { v.all!(|x| *x <= 100) }

//> counted([5, 6, 7]) = 3
fun counted(v: vector<u64>): u64 {
    let mut n = 0;
    v.do!(|_| n = n + 1);
    n
}

//> stepped([1, 2]) -> [2, 3]
fun stepped(v: &mut vector<u64>) { v.do_mut!(|x| *x = *x + 1) }

//> tabulated(4) = [0, 1, 4, 9]
fun tabulated(n: u64): vector<u64> { vector::tabulate!(n, |i| i * i) }

//> zipped([1, 2], [10, 20]) = [11, 22]
fun zipped(a: vector<u64>, b: vector<u64>): vector<u64> { a.zip_map!(b, |x, y| x + y) }

//> found([4, 5, 6]) = some(1)
//> found([4, 6]) = none
fun found(v: vector<u64>): Option<u64> { v.find_index!(|x| *x == 5) }
