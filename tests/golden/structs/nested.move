// Structs in structs: borrowed along a path, changed in place, moved out.
module golden::nested;

public struct Inner has copy, drop, store { value: u64, tag: u8 }
public struct Middle has copy, drop, store { left: Inner, right: Inner }
public struct Outer has copy, drop { middle: Middle, count: u16 }

fun inner(value: u64): Inner { Inner { value, tag: 1 } }

//> make(1, 2) = Outer { middle: Middle { left: Inner { value: 1, tag: 1 }, right: Inner { value: 2, tag: 1 } }, count: 3 }
fun make(a: u64, b: u64): Outer {
    Outer { middle: Middle { left: inner(a), right: inner(b) }, count: 3 }
}

//> deep_read(5, 6) = 11
fun deep_read(a: u64, b: u64): u64 {
    let outer = make(a, b);
    outer.middle.left.value + outer.middle.right.value
}

//> deep_write(5) = 5, 50
fun deep_write(x: u64): (u64, u64) {
    let mut outer = make(x, 0);
    outer.middle.right.value = x * 10;
    (outer.middle.left.value, outer.middle.right.value)
}

//> swapped(1, 2) = 2, 1
fun swapped(a: u64, b: u64): (u64, u64) {
    let mut outer = make(a, b);
    let left = outer.middle.left;
    outer.middle.left = outer.middle.right;
    outer.middle.right = left;
    (outer.middle.left.value, outer.middle.right.value)
}

//> bumped({ left: { value: 1, tag: 2 }, right: { value: 3, tag: 4 } }) -> { left: { value: 1, tag: 3 }, right: { value: 4, tag: 4 } }
fun bumped(middle: &mut Middle) {
    let left = &mut middle.left;
    left.tag = left.tag + 1;
    let right = &mut middle.right.value;
    *right = *right + 1;
}

//> dismantled(8, 9) = 17
fun dismantled(a: u64, b: u64): u64 {
    let Outer { middle: Middle { left: Inner { value: a, .. }, right }, .. } = make(a, b);
    let Inner { value: b, .. } = right;
    a + b
}
