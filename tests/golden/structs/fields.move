// Fields: made, read, written, taken apart, in any order.
module golden::fields;

public struct Point has copy, drop { x: u64, y: u64 }

//> make(1, 2) = Point { x: 1, y: 2 }
fun make(x: u64, y: u64): Point { Point { y, x } }

//> sum(Point { x: 1, y: 2 }) = 3
fun sum(p: Point): u64 { p.x + p.y }

//> unpacked(Point { x: 1, y: 2 }) = 2, 1
fun unpacked(p: Point): (u64, u64) {
    let Point { y: a, x: b } = p;
    (a, b)
}

//> moved_right({ x: 1, y: 2 }, 5) -> { x: 6, y: 2 }
fun moved_right(p: &mut Point, by: u64) { p.x = p.x + by }

//> turned({ x: 1, y: 2 }) -> { x: 2, y: 1 }
fun turned(p: &mut Point) {
    let x = p.x;
    p.x = p.y;
    p.y = x;
}

//> replaced({ x: 1, y: 2 }) -> { x: 0, y: 0 }
fun replaced(p: &mut Point) { *p = Point { x: 0, y: 0 } }

//> equal({ x: 1, y: 2 }, { x: 1, y: 2 }) = true
//> equal({ x: 1, y: 2 }, { x: 1, y: 3 }) = false
//> equal({ x: 2, y: 2 }, { x: 1, y: 2 }) = false
fun equal(p: &Point, q: &Point): bool { p == q }

//> copied({ x: 1, y: 2 }) = { x: 1, y: 2 }, { x: 9, y: 2 }
fun copied(p: Point): (Point, Point) {
    let mut q = p;
    q.x = 9;
    (p, q)
}

//> partial({ x: 1, y: 2 }) = 1
fun partial(p: Point): u64 {
    let Point { x, .. } = p;
    x
}
