// Patterns: nested, with alternatives, guards, bindings and literals in them.
module golden::match_forms;

public enum Part has copy, drop { Small(u8), Large(u64) }
public enum Whole has copy, drop { None, One(Part), Two { left: Part, right: Part } }

//> sum(None) = 0
//> sum(One(Small(7))) = 7
//> sum(One(Large(700))) = 700
//> sum(Two { left: Small(1), right: Small(2) }) = 3
//> sum(Two { left: Small(1), right: Large(20) }) = 21
//> sum(Two { left: Large(10), right: Small(2) }) = 12
//> sum(Two { left: Large(10), right: Large(20) }) = 30
fun sum(whole: Whole): u64 {
    match (whole) {
        Whole::None => 0,
        Whole::One(Part::Small(x)) => x as u64,
        Whole::One(Part::Large(x)) => x,
        Whole::Two { left: Part::Small(x), right: Part::Small(y) } => (x as u64) + (y as u64),
        Whole::Two { left: Part::Small(x), right: Part::Large(y) } => (x as u64) + y,
        Whole::Two { left: Part::Large(x), right: Part::Small(y) } => x + (y as u64),
        Whole::Two { left: Part::Large(x), right: Part::Large(y) } => x + y,
    }
}

//> kind(None) = 0
//> kind(One(Small(0))) = 1
//> kind(One(Small(1))) = 2
//> kind(One(Small(2))) = 2
//> kind(One(Small(200))) = 3
//> kind(One(Small(99))) = 4
//> kind(One(Large(5))) = 5
//> kind(Two { left: Small(1), right: Large(1) }) = 6
fun kind(whole: Whole): u8 {
    match (whole) {
        Whole::None => 0,
        Whole::One(Part::Small(0)) => 1,
        Whole::One(Part::Small(1 | 2)) => 2,
        Whole::One(Part::Small(x)) if (*x > 100) => 3,
        Whole::One(Part::Small(_)) => 4,
        Whole::One(_) => 5,
        Whole::Two { .. } => 6,
    }
}

//> bound(Two { left: Small(1), right: Small(2) }) = Small(1)
//> bound(One(Large(5))) = Large(5)
//> bound(None) = Small(0)
fun bound(whole: Whole): Part {
    match (whole) {
        Whole::One(part) | Whole::Two { left: part, .. } => part,
        Whole::None => Part::Small(0),
    }
}

//> at_pattern(One(Small(3))) = One(Small(3)), 3
//> at_pattern(None) = None, 0
fun at_pattern(whole: Whole): (Whole, u8) {
    match (whole) {
        all @ Whole::One(Part::Small(x)) => (all, x),
        other => (other, 0),
    }
}
