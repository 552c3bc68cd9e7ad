// References into fields, through functions that return them.
module golden::into_structs;

public struct Inner has copy, drop, store { a: u8, b: vector<u64> }
public struct Outer has copy, drop { inner: Inner, other: u128 }

fun inner_mut(outer: &mut Outer): &mut Inner { &mut outer.inner }

fun list(inner: &Inner): &vector<u64> { &inner.b }

fun list_mut(inner: &mut Inner): &mut vector<u64> { &mut inner.b }

//> pushed({ inner: { a: 1, b: [] }, other: 7 }, 5) -> { inner: { a: 1, b: [5] }, other: 7 }
fun pushed(outer: &mut Outer, x: u64) { list_mut(inner_mut(outer)).push_back(x) }

//> length({ inner: { a: 1, b: [4, 5] }, other: 7 }) = 2
fun length(outer: &Outer): u64 { list(&outer.inner).length() }

//> both({ inner: { a: 1, b: [4] }, other: 7 }) -> { inner: { a: 2, b: [4] }, other: 14 }
fun both(outer: &mut Outer) {
    let inner = &mut outer.inner;
    inner.a = inner.a + 1;
    let other = &mut outer.other;
    *other = *other * 2;
}

//> replaced({ inner: { a: 1, b: [4] }, other: 7 }) = { a: 1, b: [4] } -> { inner: { a: 0, b: [] }, other: 7 }
fun replaced(outer: &mut Outer): Inner {
    let inner = inner_mut(outer);
    let old = *inner;
    *inner = Inner { a: 0, b: vector[] };
    old
}

fun pick(outer: &mut Outer, first: bool): &mut u8 {
    let inner = &mut outer.inner;
    if (first) &mut inner.a else { inner.b = vector[]; &mut inner.a }
}

//> picked({ inner: { a: 1, b: [4] }, other: 7 }, true) -> { inner: { a: 9, b: [4] }, other: 7 }
//> picked({ inner: { a: 1, b: [4] }, other: 7 }, false) -> { inner: { a: 9, b: [] }, other: 7 }
fun picked(outer: &mut Outer, first: bool) { *pick(outer, first) = 9 }
