// Branches: as statements, as expressions, nested, without an else.
module golden::if_else;

//> choose(true) = 1
//> choose(false) = 2
fun choose(flag: bool): u64 { if (flag) 1 else 2 }

//> only_then(true) = 11
//> only_then(false) = 10
fun only_then(flag: bool): u64 {
    let mut x = 10;
    if (flag) x = x + 1;
    x
}

//> grade(95) = 1
//> grade(90) = 1
//> grade(89) = 2
//> grade(70) = 3
//> grade(0) = 4
fun grade(points: u64): u8 {
    if (points >= 90) 1
    else if (points >= 80) 2
    else if (points >= 70) 3
    else 4
}

//> nested(true, true) = 1
//> nested(true, false) = 2
//> nested(false, true) = 3
//> nested(false, false) = 4
fun nested(a: bool, b: bool): u64 {
    if (a) { if (b) 1 else 2 } else { if (b) 3 else 4 }
}

//> pair(true) = 1, 2
//> pair(false) = 2, 1
fun pair(flag: bool): (u64, u64) { if (flag) (1, 2) else (2, 1) }

//> assigned(true) = 5
//> assigned(false) = 6
fun assigned(flag: bool): u64 {
    let x;
    if (flag) { x = 5 } else { x = 6 };
    x
}
