// Enums: made, matched, changed from one variant to another.
module golden::variants;

public enum Shape has copy, drop, store {
    Empty,
    Circle { radius: u64 },
    Box(u64, u64),
}

//> empty() = Shape::Empty
fun empty(): Shape { Shape::Empty }

//> circle(2) = Shape::Circle { radius: 2 }
fun circle(radius: u64): Shape { Shape::Circle { radius } }

//> area(Empty) = 0
//> area(Circle { radius: 2 }) = 12
//> area(Box(3, 4)) = 12
fun area(shape: Shape): u64 {
    match (shape) {
        Shape::Empty => 0,
        Shape::Circle { radius } => 3 * radius * radius,
        Shape::Box(width, height) => width * height,
    }
}

//> width(Empty) = 0
//> width(Circle { radius: 2 }) = 4
//> width(Box(3, 4)) = 3
fun width(shape: &Shape): u64 {
    match (shape) {
        Shape::Empty => 0,
        Shape::Circle { radius } => *radius * 2,
        Shape::Box(width, _) => *width,
    }
}

//> grown(Empty) -> Empty
//> grown(Circle { radius: 2 }) -> Circle { radius: 3 }
//> grown(Box(3, 4)) -> Box(4, 5)
//> grown(Box(3, 18446744073709551615)) ! overflow
fun grown(shape: &mut Shape) {
    match (shape) {
        Shape::Empty => (),
        Shape::Circle { radius } => *radius = *radius + 1,
        Shape::Box(width, height) => {
            *width = *width + 1;
            *height = *height + 1;
        },
    }
}

//> next(Empty) -> Circle { radius: 1 }
//> next(Circle { radius: 2 }) -> Box(2, 2)
//> next(Box(3, 4)) -> Empty
fun next(shape: &mut Shape) {
    *shape = match (shape) {
        Shape::Empty => Shape::Circle { radius: 1 },
        Shape::Circle { radius } => Shape::Box(*radius, *radius),
        Shape::Box(_, _) => Shape::Empty,
    }
}

//> equal(Empty, Empty) = true
//> equal(Circle(1), Circle(1)) = true
//> equal(Circle(1), Circle(2)) = false
//> equal(Circle(1), Box(1, 0)) = false
//> equal(Box(1, 2), Box(1, 3)) = false
fun equal(a: Shape, b: Shape): bool { a == b }

//> only_circles(Circle(5)) = 5
//> only_circles(Empty) ! abort 3
fun only_circles(shape: Shape): u64 {
    match (shape) {
        Shape::Circle { radius } => radius,
        _ => abort 3,
    }
}
