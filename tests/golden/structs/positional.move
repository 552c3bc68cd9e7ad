// Positional structs, and structs without fields.
module golden::positional;

public struct Pair(u64, bool) has copy, drop;
public struct Wrapped(vector<u8>) has copy, drop;
public struct Unit() has copy, drop;
public struct Empty has copy, drop {}

//> make(7) = Pair(7, true)
fun make(x: u64): Pair { Pair(x, true) }

//> first(Pair(7, false)) = 7
fun first(p: Pair): u64 { p.0 }

//> flipped(Pair(7, false)) -> Pair(7, true)
fun flipped(p: &mut Pair) { p.1 = !p.1 }

//> taken(Pair(7, false)) = false, 7
fun taken(p: Pair): (bool, u64) {
    let Pair(a, b) = p;
    (b, a)
}

//> unwrapped(Wrapped(b"hi")) = b"hi"
fun unwrapped(w: Wrapped): vector<u8> {
    let Wrapped(bytes) = w;
    bytes
}

//> units() = Unit, Empty, true
fun units(): (Unit, Empty, bool) { (Unit(), Empty {}, Unit() == Unit()) }

//> list_of_units() = [Empty, Empty]
fun list_of_units(): vector<Empty> { vector[Empty {}, Empty {}] }
