// Matching integers and bools, with alternatives, bindings and guards.
module golden::match_integers;

//> name(0) = "zero"
//> name(1) = "small"
//> name(3) = "small"
//> name(255) = "other"
fun name(x: u8): vector<u8> {
    match (x) {
        0 => b"zero",
        1 | 2 | 3 => b"small",
        _ => b"other",
    }
}

//> guarded(5) = 50
//> guarded(50) = 51
//> guarded(500) = 0
fun guarded(x: u64): u64 {
    match (x) {
        n if (*n < 10) => n * 10,
        n if (*n < 100) => n + 1,
        _ => 0,
    }
}

//> flags(true) = 1
//> flags(false) = 0
fun flags(flag: bool): u8 {
    match (flag) {
        true => 1,
        false => 0,
    }
}

//> wide(340282366920938463463374607431768211455) = 1
//> wide(7) = 2
//> wide(8) = 3
fun wide(x: u128): u8 {
    match (x) {
        340282366920938463463374607431768211455 => 1,
        7 => 2,
        _ => 3,
    }
}

//> through_reference(1) = 10
//> through_reference(2) = 2
fun through_reference(x: &u64): u64 {
    match (x) {
        1 => 10,
        other => *other,
    }
}
