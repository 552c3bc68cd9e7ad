// References: read, written, frozen, chosen, passed on.
module golden::basics;

//> read(5) = 5
fun read(x: &u64): u64 { *x }

//> written(5) -> 6
//> written(18446744073709551615) ! overflow
fun written(x: &mut u64) { *x = *x + 1 }

//> frozen(5) = 10 -> 5
fun frozen(x: &mut u64): u64 { twice(x) }

fun twice(x: &u64): u64 { *x + *x }

//> wide(5) -> 15
fun wide(x: &mut u256) { *x = *x * 3 }

//> local(5) = 6
fun local(x: u64): u64 {
    let mut y = x;
    let r = &mut y;
    *r = *r + 1;
    y
}

//> larger(3, 4) = 3, 40
//> larger(5, 4) = 50, 4
fun larger(mut a: u64, mut b: u64): (u64, u64) {
    let r = if (a > b) &mut a else &mut b;
    *r = *r * 10;
    (a, b)
}

//> swap(1, 2) -> 2, 1
fun swap(a: &mut u64, b: &mut u64) {
    let x = *a;
    *a = *b;
    *b = x;
}

//> chain(1) = 4
fun chain(mut x: u64): u64 {
    let r = &mut x;
    let s = r;
    *s = 2;
    let t = s;
    *t = *t * 2;
    x
}

//> equal(1, 1) = true
//> equal(1, 2) = false
fun equal(a: &u64, b: &u64): bool { a == b }
