module p1::shapes;

public enum Shape has copy, drop, store {
    Point,
    Circle { radius: u64 },
    Rectangle { width: u64, height: u64 },
}
public enum Tree<T> has store, drop { Leaf, Node(T, vector<T>) }
public struct Pair<phantom P, A: copy, B> has copy, drop, store { a: A, b: B, n: u256 }
public struct Plain has store { x: u8, y: u16, z: u32, w: u128 }
const E: u64 = 7;
const NAME: vector<u8> = b"hello";
const LIST: vector<vector<u16>> = vector[vector[1,2],vector[]];

public fun area(shape: &Shape): u64 {
    match (shape) {
        Shape::Point => 0,
        Shape::Circle { radius } => *radius * *radius * 3,
        Shape::Rectangle { width, height } => *width * *height,
    }
}
public fun grow(shape: &mut Shape) {
    match (shape) {
        Shape::Circle { radius } => *radius = *radius + 1,
        _ => abort E,
    }
}
public fun make<T: drop>(value: T): Tree<T> { Tree::Node(value, vector[]) }
public fun open<T: drop>(tree: Tree<T>): T {
    match (tree) { Tree::Node(value, _) => value, _ => abort 1 }
}
public fun peek<T: drop>(tree: &Tree<T>): &T {
    match (tree) { Tree::Node(value, _) => value, _ => abort 1 }
}
public fun peek_mut<T: drop>(tree: &mut Tree<T>): &mut T {
    match (tree) { Tree::Node(value, _) => value, _ => abort 1 }
}
public(package) fun pair<P, A: copy + drop, B: drop>(a: A, b: B): Pair<P, A, B> { Pair { a, b, n: 1u256 << 200 } }
entry fun numbers(x: u64): u256 {
    let p = pair<bool, u8, u16>((x as u8), (x as u16));
    let Pair { a, b, n } = p;
    let q = Plain { x: a, y: b, z: (x as u32), w: (x as u128) };
    let Plain { x, y, z, w } = q;
    (x as u256) + (y as u256) + (z as u256) + (w as u256) + n + 340282366920938463463374607431768211456u256 + (170141183460469231731687303715884105728u128 as u256)
}
public fun vectors(mut v: vector<u64>): vector<u64> {
    let mut i = 0;
    while (i < v.length()) {
        let e = &mut v[i];
        *e = *e + 1;
        i = i + 1;
    };
    v.push_back(3);
    v.swap(0, 1);
    let last = v.pop_back();
    if (last == 3 && LIST != vector[] || NAME == b"x") { v.push_back(last) };
    v
}
public fun field(p: &mut Plain): &mut u16 { p.z = 3; &mut p.y }
