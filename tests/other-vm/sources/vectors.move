/// Vectors of all kinds of elements.
module other_vm::vectors;

use other_vm::digest::show;

public struct Pair has copy, drop, store { a: u8, b: u256 }
public struct Nested<T> has copy, drop, store { items: vector<T>, more: vector<vector<T>> }

fun grown<T: copy + drop>(item: T, count: u64): vector<T> {
    let mut v = vector[];
    let mut i = 0;
    while (i < count) { v.push_back(item); i = i + 1; };
    v
}

#[test] fun bytes() { show(&grown(7u8, 100)) }
#[test] fun bools() { show(&grown(true, 33)) }
#[test] fun shorts() { show(&grown(0xABCDu16, 17)) }
#[test] fun ints() { show(&grown(0xABCD1234u32, 9)) }
#[test] fun wides() { show(&grown(0xABCD1234ABCD1234ABCD1234ABCD1234u128, 5)) }
#[test] fun widest() { show(&grown(1u256 << 255, 6)) }
#[test] fun addresses() { show(&grown(@0xCAFE, 4)) }
#[test] fun pairs() { show(&grown(Pair { a: 1, b: 2 }, 21)) }
#[test] fun vectors_of_vectors() { show(&grown(vector[1u16, 2, 3], 12)) }
#[test] fun deep() { show(&grown(grown(grown(b"abc", 2), 3), 4)) }
#[test] fun nested() { show(&Nested { items: vector[1u64], more: vector[vector[], vector[2, 3]] }) }
#[test] fun empty() { show(&vector<Pair>[]) }

fun sort(v: &mut vector<u64>) {
    let n = v.length();
    let mut i = 1;
    while (i < n) {
        let mut j = i;
        while (j > 0 && v[j - 1] > v[j]) { v.swap(j - 1, j); j = j - 1; };
        i = i + 1;
    };
}

#[test] fun sorted() {
    let mut v = vector[];
    let mut x = 12345u64;
    while (v.length() < 60) { x = (x * 1103515245 + 12345) % 2147483648; v.push_back(x); };
    sort(&mut v);
    show(&v)
}

#[test] fun reversed_and_appended() {
    let mut v = vector[1u32, 2, 3, 4, 5];
    let w = copy v;
    v.reverse();
    v.append(w);
    v.insert(99, 3);
    v.remove(0);
    v.swap_remove(1);
    show(&v)
}

#[test] fun changed_in_place() {
    let mut v = vector[Pair { a: 1, b: 1 }, Pair { a: 2, b: 2 }];
    let p = &mut v[1];
    p.b = p.b * 1000;
    v[0].a = 200;
    let Pair { a, b: _ } = v.pop_back();
    v[0].b = a as u256;
    show(&v)
}

#[test] fun equality() {
    let a = vector[vector[1u8], vector[2, 3]];
    let mut b = copy a;
    let before = a == b;
    *&mut b[1][1] = 4;
    show(&vector[before, a == b, &a[0] == &b[0], a[1] != b[1]])
}

#[test] fun found() {
    let v = vector[b"a", b"b", b"c"];
    let (is_there, at) = v.index_of(&b"c");
    show(&vector[if (is_there) at else 77, if (v.contains(&b"d")) 1 else 0])
}

#[test] fun index_at_length() { let v = vector[1u8, 2]; show(&v[2]) }
#[test] fun index_far() { let v = vector[1u8, 2]; show(&v[4294967294]) }
#[test] fun index_in_empty() { let v = vector<u128>[]; show(&v[0]) }
#[test] fun write_outside() { let mut v = vector[1u64]; *&mut v[1] = 3; show(&v) }
#[test] fun pop_empty() { let mut v = vector<Pair>[]; show(&v.pop_back()) }
#[test] fun swap_outside() { let mut v = vector[1u8]; v.swap(0, 1); show(&v) }
#[test] fun swap_same() { let mut v = vector[1u8, 2]; v.swap(1, 1); show(&v) }
#[test] fun destroy_full() { vector[1u64].destroy_empty() }
#[test] fun remove_outside() { let mut v = vector[1u64]; v.remove(1); }
#[test] fun macros() {
    let v = vector[1u64, 2, 3, 4].map!(|x| x * x).filter!(|x| *x != 4);
    show(&v.fold!(0u64, |sum, x| sum * 10 + x))
}
