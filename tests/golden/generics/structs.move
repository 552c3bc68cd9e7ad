// Generic structs: layouts differ with the type arguments.
module golden::structs;

public struct Box<T> has copy, drop, store { value: T, count: u8 }
public struct Pair<A, B> has copy, drop, store { first: A, second: B }

//> boxed<u8>(7) = Box { value: 7, count: 1 }
//> boxed<u256>(7) = Box { value: 7, count: 1 }
//> boxed<vector<u8>>(b"x") = Box { value: b"x", count: 1 }
fun boxed<T>(value: T): Box<T> { Box { value, count: 1 } }

//> unboxed<u128>({ value: 7, count: 1 }) = 7, 1
fun unboxed<T>(b: Box<T>): (T, u8) {
    let Box { value, count } = b;
    (value, count)
}

//> counted<u256>({ value: 7, count: 1 }) -> { value: 7, count: 2 }
//> counted<vector<u8>>({ value: b"x", count: 255 }) ! overflow
fun counted<T>(b: &mut Box<T>) { b.count = b.count + 1 }

//> exchanged<u64>({ value: 7, count: 1 }, 8) = 7 -> { value: 8, count: 1 }
fun exchanged<T: copy + drop>(b: &mut Box<T>, value: T): T {
    let old = b.value;
    b.value = value;
    old
}

//> turned<u8, vector<u64>>({ first: 1, second: [2] }) = { first: [2], second: 1 }
fun turned<A, B>(p: Pair<A, B>): Pair<B, A> {
    let Pair { first, second } = p;
    Pair { first: second, second: first }
}

//> nested() = Pair { first: Box { value: Pair { first: 1, second: true }, count: 9 }, second: [Box { value: 5, count: 1 }] }
fun nested(): Pair<Box<Pair<u8, bool>>, vector<Box<u256>>> {
    Pair {
        first: Box { value: Pair { first: 1, second: true }, count: 9 },
        second: vector[boxed(5)],
    }
}

//> deep() = 4
fun deep(): u64 {
    let mut b = boxed(boxed(boxed(1)));
    b.value.value.value = b.value.value.value + 3;
    b.value.value.value
}
