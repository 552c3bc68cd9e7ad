// Generic functions call one another; the type arguments travel along.
module golden::generic_calls;

public struct Stack<T> has copy, drop { items: vector<T> }

fun empty<T>(): Stack<T> { Stack { items: vector[] } }

fun push<T>(stack: &mut Stack<T>, item: T) { stack.items.push_back(item) }

fun pop<T>(stack: &mut Stack<T>): T { stack.items.pop_back() }

fun reversed<T>(mut stack: Stack<T>): Stack<T> {
    let mut other = empty();
    while (!stack.items.is_empty()) push(&mut other, pop(&mut stack));
    let Stack { items } = stack;
    items.destroy_empty();
    other
}

//> three<u8>(1, 2, 3) = Stack { items: [3, 2, 1] }
//> three<vector<u8>>(b"a", b"b", b"c") = Stack { items: [b"c", b"b", b"a"] }
fun three<T>(a: T, b: T, c: T): Stack<T> {
    let mut stack = empty();
    push(&mut stack, a);
    push(&mut stack, b);
    push(&mut stack, c);
    reversed(stack)
}

//> wrapped<u64>(1) = [[1]]
fun wrapped<T>(x: T): vector<vector<T>> { single(single(x)) }

fun single<T>(x: T): vector<T> { vector[x] }

fun count<T>(depth: u64): u64 { if (depth == 0) 0 else 1 + count<T>(depth - 1) }

//> counted() = 7
fun counted(): u64 { count<u8>(3) + count<vector<u8>>(4) }
