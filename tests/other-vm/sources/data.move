/// Structs, enums, generics and references.
module other_vm::data;

use other_vm::digest::show;

public enum Shape has copy, drop, store {
    Point,
    Circle { radius: u64 },
    Box { sides: vector<u16>, name: vector<u8>, depth: u256 },
}

public enum Tree<T> has copy, drop, store {
    Leaf(T),
    Fork(vector<T>, T),
    None,
}

public struct Phantom<phantom T> has copy, drop, store { n: u8 }
public struct Wide has copy, drop, store { a: u256, b: vector<u8>, c: Shape, d: Tree<Shape>, e: bool }
public struct HotPotato { v: vector<u64> }

fun wide(): Wide {
    Wide {
        a: 5,
        b: b"wide",
        c: Shape::Circle { radius: 9 },
        d: Tree::Fork(vector[Shape::Point], Shape::Box { sides: vector[1, 2], name: b"box", depth: 3 }),
        e: true,
    }
}

fun area(shape: &Shape): u64 {
    match (shape) {
        Shape::Point => 0,
        Shape::Circle { radius } => 3 * *radius * *radius,
        Shape::Box { sides, name, depth } => (sides[0] as u64) * (sides[1] as u64) + name.length() + (*depth as u64),
    }
}

fun scale(shape: &mut Shape, by: u64) {
    match (shape) {
        Shape::Point => {},
        Shape::Circle { radius } => *radius = *radius * by,
        Shape::Box { sides, name, depth } => {
            sides.push_back(by as u16);
            name.append(b"!");
            *depth = *depth << (by as u8);
        },
    }
}

fun depth<T>(tree: &Tree<T>): u64 {
    match (tree) { Tree::Leaf(_) => 1, Tree::Fork(many, _) => 1 + many.length(), Tree::None => 0 }
}

#[test] fun whole() { show(&wide()) }
#[test] fun variants() { show(&vector[Shape::Point, Shape::Circle { radius: 1 }, Shape::Box { sides: vector[], name: b"", depth: 0 }]) }
#[test] fun areas() { let w = wide(); show(&vector[area(&w.c), area(&Shape::Point), depth(&w.d)]) }
#[test] fun scaled() {
    let mut w = wide();
    scale(&mut w.c, 7);
    let shape = w.c;
    match (&mut w.d) {
        Tree::Fork(many, last) => { many.push_back(shape); scale(last, 3); },
        _ => abort 1,
    };
    show(&w)
}
#[test] fun replaced() {
    let mut s = Shape::Box { sides: vector[1], name: b"x", depth: 1 };
    let old = s;
    s = Shape::Point;
    show(&vector[s, old])
}
#[test] fun compared() {
    let (a, mut b) = (wide(), wide());
    let before = a == b;
    b.d = Tree::None;
    show(&vector[before, a == b, a.c == b.c, &a.b != &b.b])
}
#[test] fun phantoms() { show(&Phantom<Wide> { n: 3 }) }
#[test] fun potato() {
    let p = HotPotato { v: vector[1, 2, 3] };
    let HotPotato { mut v } = p;
    v.pop_back();
    show(&v)
}
fun pick(a: &mut u64, b: &mut u64, first: bool): &mut u64 { if (first) a else b }
#[test] fun picked() {
    let (mut a, mut b) = (1, 2);
    *pick(&mut a, &mut b, false) = 7;
    *pick(&mut a, &mut b, true) = 8;
    show(&vector[a, b])
}
#[test] fun fields_of_fields() {
    let mut t = Tree::Leaf(wide());
    match (&mut t) {
        Tree::Leaf(w) => { w.b.push_back(1); w.a = w.a - 5; w.e = !w.e; },
        _ => abort 2,
    };
    show(&t)
}
fun generic<T: copy + drop, U: drop>(t: T, _u: U, n: u64): vector<T> {
    if (n == 0) return vector[];
    let mut rest = generic<T, vector<u8>>(t, b"", n - 1);
    rest.push_back(t);
    rest
}
#[test] fun generics() { show(&generic(wide(), 1u8, 5)) }
#[test] fun generics_small() { show(&generic(true, @0x1, 9)) }
#[test] fun options() {
    let mut o = option::some(wide());
    let w = o.extract();
    o.fill(w);
    let n: Option<u8> = option::none();
    show(&o);
    show(&n)
}
#[test] fun wrong_variant() { match (Tree::Leaf(1u8)) { Tree::Leaf(_) => abort 77, _ => abort 78 } }
#[test] fun recursion() { show(&fib(18)) }
fun fib(n: u64): u64 { if (n < 2) n else fib(n - 1) + fib(n - 2) }
#[test] fun too_deep() { down(0) }
fun down(n: u64) { if (n < 1000000) down(n + 1) }
#[test] fun mutual() { show(&vector[even(200), even(201)]) }
fun even(n: u64): bool { if (n == 0) true else odd(n - 1) }
fun odd(n: u64): bool { if (n == 0) false else even(n - 1) }
