// Fields of every width side by side: each keeps its own bits.
module golden::widths;

public struct All has copy, drop {
    a: u8, b: u16, c: u32, d: u64, e: u128, f: u256, g: bool, h: address,
}

//> largest() = All { a: 255, b: 65535, c: 4294967295, d: 18446744073709551615, e: 340282366920938463463374607431768211455, f: 115792089237316195423570985008687907853269984665640564039457584007913129639935, g: true, h: @0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff }
fun largest(): All {
    All {
        a: 255, b: 65535, c: 4294967295, d: 18446744073709551615,
        e: 340282366920938463463374607431768211455,
        f: 115792089237316195423570985008687907853269984665640564039457584007913129639935,
        g: true, h: @0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,
    }
}

//> cleared({ a: 255, b: 65535, c: 4294967295, d: 1, e: 2, f: 3, g: true, h: @0x1 }) -> { a: 255, b: 0, c: 4294967295, d: 0, e: 2, f: 0, g: false, h: @0x1 }
fun cleared(all: &mut All) {
    all.b = 0;
    all.d = 0;
    all.f = 0;
    all.g = false;
}

//> stepped({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: false, h: @0x7 }) -> { a: 2, b: 3, c: 4, d: 5, e: 6, f: 7, g: true, h: @0x7 }
//> stepped({ a: 255, b: 2, c: 3, d: 4, e: 5, f: 6, g: false, h: @0x7 }) ! overflow
fun stepped(all: &mut All) {
    all.a = all.a + 1;
    all.b = all.b + 1;
    all.c = all.c + 1;
    all.d = all.d + 1;
    all.e = all.e + 1;
    all.f = all.f + 1;
    all.g = !all.g;
}

//> taken({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: true, h: @0x7 }) = 1, 2, 3, 4, 5, 6, true, @0x7
fun taken(all: All): (u8, u16, u32, u64, u128, u256, bool, address) {
    let All { a, b, c, d, e, f, g, h } = all;
    (a, b, c, d, e, f, g, h)
}
