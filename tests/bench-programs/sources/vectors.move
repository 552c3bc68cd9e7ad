/// Vectors of six element types: `n` pushes, `n` pushes and pops, and `n` swaps.
module bench::vectors;

/// Elements in a vector whose elements are swapped. A power of two.
const SWAPPED: u64 = 64;

/// An element of several words.
public struct Item has copy, drop {
    id: u64,
    weight: u64,
    open: bool,
}

fun owner(i: u64): address {
    if (i % 2 == 0) @0xa11ce else @0xb0b
}

/// Pushes `n` elements of u8.
public fun push_u8(n: u64): u64 {
    let mut v: vector<u8> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(((i & 0xff) as u8));
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of u8 and pops them.
public fun pop_u8(n: u64): u64 {
    let mut v: vector<u8> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(((i & 0xff) as u8));
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + (x as u64);
        i = i - 1;
    };
    sum
}

/// Swaps elements of u8 `n` times.
public fun swap_u8(n: u64): u64 {
    let mut v: vector<u8> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back(((i & 0xff) as u8));
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    x as u64
}

/// Pushes `n` elements of u64.
public fun push_u64(n: u64): u64 {
    let mut v: vector<u64> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(i);
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of u64 and pops them.
public fun pop_u64(n: u64): u64 {
    let mut v: vector<u64> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(i);
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + x;
        i = i - 1;
    };
    sum
}

/// Swaps elements of u64 `n` times.
public fun swap_u64(n: u64): u64 {
    let mut v: vector<u64> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back(i);
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    x
}

/// Pushes `n` elements of u128.
public fun push_u128(n: u64): u64 {
    let mut v: vector<u128> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back((i as u128));
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of u128 and pops them.
public fun pop_u128(n: u64): u64 {
    let mut v: vector<u128> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back((i as u128));
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + (x as u64);
        i = i - 1;
    };
    sum
}

/// Swaps elements of u128 `n` times.
public fun swap_u128(n: u64): u64 {
    let mut v: vector<u128> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back((i as u128));
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    x as u64
}

/// Pushes `n` elements of bool.
public fun push_bool(n: u64): u64 {
    let mut v: vector<bool> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back((i % 3 == 0));
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of bool and pops them.
public fun pop_bool(n: u64): u64 {
    let mut v: vector<bool> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back((i % 3 == 0));
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + (if (x) 1 else 0);
        i = i - 1;
    };
    sum
}

/// Swaps elements of bool `n` times.
public fun swap_bool(n: u64): u64 {
    let mut v: vector<bool> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back((i % 3 == 0));
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    (if (x) 1 else 0)
}

/// Pushes `n` elements of address.
public fun push_address(n: u64): u64 {
    let mut v: vector<address> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(owner(i));
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of address and pops them.
public fun pop_address(n: u64): u64 {
    let mut v: vector<address> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(owner(i));
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + (if (x == @0xb0b) 1 else 2);
        i = i - 1;
    };
    sum
}

/// Swaps elements of address `n` times.
public fun swap_address(n: u64): u64 {
    let mut v: vector<address> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back(owner(i));
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    (if (x == @0xb0b) 1 else 2)
}

/// Pushes `n` elements of Item.
public fun push_struct(n: u64): u64 {
    let mut v: vector<Item> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(Item { id: i, weight: i + 1, open: true });
        i = i + 1;
    };
    v.length()
}

/// Pushes `n` elements of Item and pops them.
public fun pop_struct(n: u64): u64 {
    let mut v: vector<Item> = vector[];
    let mut i = 0;
    while (i < n) {
        v.push_back(Item { id: i, weight: i + 1, open: true });
        i = i + 1;
    };
    let mut sum = 0;
    while (i > 0) {
        let x = v.pop_back();
        sum = sum + x.weight;
        i = i - 1;
    };
    sum
}

/// Swaps elements of Item `n` times.
public fun swap_struct(n: u64): u64 {
    let mut v: vector<Item> = vector[];
    let mut i = 0;
    while (i < SWAPPED) {
        v.push_back(Item { id: i, weight: i + 1, open: true });
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        v.swap(i & (SWAPPED - 1), (i * 5 + 1) & (SWAPPED - 1));
        i = i + 1;
    };
    let x = v[n & (SWAPPED - 1)];
    x.weight
}
