// std::option: filled, emptied, borrowed, mapped.
module golden::options;

//> some(5) = some(5)
fun some(x: u64): Option<u64> { option::some(x) }

//> none() = none
fun none(): Option<vector<u8>> { option::none() }

//> or_zero(some(5)) = 5
//> or_zero(none) = 0
fun or_zero(o: Option<u64>): u64 { o.destroy_or!(0) }

//> unwrapped(some(b"x")) = b"x"
//> unwrapped(none) ! abort 262145
fun unwrapped(o: Option<vector<u8>>): vector<u8> { o.destroy_some() }

//> is_some(some(5)) = true
//> is_some(none) = false
fun is_some(o: &Option<u64>): bool { o.is_some() }

//> filled(none, 5) -> some(5)
//> filled(some(4), 5) ! abort 262144
fun filled(o: &mut Option<u64>, x: u64) { o.fill(x) }

//> extracted(some(4)) = 4 -> none
//> extracted(none) ! abort 262145
fun extracted(o: &mut Option<u64>): u64 { o.extract() }

//> bumped(some(4)) -> some(5)
fun bumped(o: &mut Option<u64>) {
    let x = o.borrow_mut();
    *x = *x + 1;
}

//> swapped(some(4), 5) = 4 -> some(5)
fun swapped(o: &mut Option<u64>, x: u64): u64 { o.swap(x) }

//> mapped(some(4)) = some([4, 4])
//> mapped(none) = none
fun mapped(o: Option<u64>): Option<vector<u64>> { o.map!(|x| vector[x, x]) }

//> nested(some(some(1))) = 1
//> nested(some(none)) = 2
//> nested(none) = 3
fun nested(o: Option<Option<u8>>): u8 {
    if (o.is_none()) 3 else if (o.borrow().is_none()) 2 else 1
}
