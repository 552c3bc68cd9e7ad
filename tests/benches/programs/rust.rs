//! The same programs in plain Rust: the same steps in the same order, with the
//! same checks of overflow and bounds.
//!
//! A call stays a call (`inline(never)`), arguments and data pass through
//! `black_box`, so that the compiler knows nothing of them; otherwise it may do
//! what it likes.

use ruint::aliases::U256;
use serde::Serialize;
use std::hint::black_box;

/// What the function of the Move module returns for `n`; `None` if it has no
/// counterpart here.
pub(crate) fn run(module: &str, function: &str, n: u64) -> Option<u64> {
    let program: fn(u64) -> u64 = match (module, function) {
        ("integers", "multiply_add_mod") => multiply_add_mod,
        ("integers", "bits") => bits,
        ("integers", "gcd") => gcd,
        ("integers", "wide") => wide,
        ("integers", "widest") => widest,
        ("integers", "narrow") => narrow,
        ("calls", "chain") => chain,
        ("calls", "long_chain") => long_chain,
        ("calls", "fibonacci") => fibonacci,
        ("vectors", "push_u8") => |n| push(n, byte),
        ("vectors", "pop_u8") => |n| pop(n, byte, u64::from),
        ("vectors", "swap_u8") => |n| swap(n, byte, u64::from),
        ("vectors", "push_u64") => |n| push(n, |i| i),
        ("vectors", "pop_u64") => |n| pop(n, |i| i, |x| x),
        ("vectors", "swap_u64") => |n| swap(n, |i| i, |x| x),
        ("vectors", "push_u128") => |n| push(n, u128::from),
        ("vectors", "pop_u128") => |n| pop(n, u128::from, narrowed),
        ("vectors", "swap_u128") => |n| swap(n, u128::from, narrowed),
        ("vectors", "push_bool") => |n| push(n, third),
        ("vectors", "pop_bool") => |n| pop(n, third, u64::from),
        ("vectors", "swap_bool") => |n| swap(n, third, u64::from),
        ("vectors", "push_address") => |n| push(n, owner),
        ("vectors", "pop_address") => |n| pop(n, owner, owned),
        ("vectors", "swap_address") => |n| swap(n, owner, owned),
        ("vectors", "push_struct") => |n| push(n, item),
        ("vectors", "pop_struct") => |n| pop(n, item, |item| item.weight),
        ("vectors", "swap_struct") => |n| swap(n, item, |item| item.weight),
        ("sorting", "quicksort") => quicksort,
        ("sorting", "heapsort") => heapsort,
        ("sorting", "mergesort") => mergesort,
        ("map", "by_address") => by_address,
        ("fields", "update") => update,
        ("fields", "update_by_calls") => update_by_calls,
        ("fields", "update_in_vector") => update_in_vector,
        ("encoding", "bcs_nested") => bcs_nested,
        _ => return None,
    };
    Some(black_box(program(black_box(n))))
}

fn sum(a: u64, b: u64) -> u64 {
    a.checked_add(b).expect("no overflow")
}

fn product(a: u64, b: u64) -> u64 {
    a.checked_mul(b).expect("no overflow")
}

fn difference(a: u64, b: u64) -> u64 {
    a.checked_sub(b).expect("no overflow")
}

fn narrowed(x: u128) -> u64 {
    u64::try_from(x).expect("fits")
}

// --- integers -------------------------------------------------------------------

fn multiply_add_mod(n: u64) -> u64 {
    let mut x = black_box(7);
    for i in 0..n {
        x = sum(product(x, 31), i) % 1_000_003;
    }
    x
}

fn bits(n: u64) -> u64 {
    let mut x = black_box(7);
    for i in 0..n {
        x = sum(x ^ i, x >> 3) & 0xffff;
    }
    x
}

fn gcd(n: u64) -> u64 {
    let mut total = 0;
    for i in 1..=n {
        let mut a = sum(product(i, 7), 5);
        let mut b = sum(i, 3);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        total = sum(total, a);
    }
    total
}

fn wide(n: u64) -> u64 {
    let mut x: u128 = black_box(7);
    for i in 0..n {
        x = x
            .checked_mul(6_364_136_223_846_793_005)
            .and_then(|x| x.checked_add(u128::from(i)))
            .expect("no overflow")
            % 9_223_372_036_854_775_783;
    }
    x as u64
}

fn widest(n: u64) -> u64 {
    let factor = U256::from(6_364_136_223_846_793_005_u64);
    let modulus = U256::from(170_141_183_460_469_231_731_687_303_715_884_105_727_u128);
    let mut x = black_box(U256::from(7));
    for i in 0..n {
        x = x
            .checked_mul(factor)
            .and_then(|x| x.checked_add(U256::from(i)))
            .and_then(|x| x.checked_rem(black_box(modulus)))
            .expect("no overflow");
    }
    x.as_limbs()[0]
}

fn narrow(n: u64) -> u64 {
    let mut x: u8 = black_box(7);
    // Known masks would show that nothing can overflow.
    let (mask, low_mask) = (black_box(0x3f), black_box(0x7f));
    for i in 0..n {
        let low = u8::try_from(i & low_mask).expect("fits");
        x = (x & mask).checked_add(low).expect("no overflow");
    }
    u64::from(x)
}

// --- calls ----------------------------------------------------------------------

fn chain(n: u64) -> u64 {
    let mut x = 7;
    for _ in 0..n {
        x = first(x) % 1_000_003;
    }
    x
}

#[inline(never)]
fn first(x: u64) -> u64 {
    sum(second(black_box(x)), 1)
}

#[inline(never)]
fn second(x: u64) -> u64 {
    sum(third_call(black_box(x)), 2)
}

#[inline(never)]
fn third_call(x: u64) -> u64 {
    sum(black_box(x), 3)
}

fn long_chain(n: u64) -> u64 {
    let mut x = 7;
    for i in 0..n {
        x = chain_a(x, i) % 1_000_003;
    }
    x
}

macro_rules! links {
    ($( $name:ident($x:ident, $y:ident) $body:expr; )*) => { $(
        #[inline(never)]
        fn $name($x: u64, $y: u64) -> u64 {
            let ($x, $y) = (black_box($x), black_box($y));
            $body
        }
    )* };
}

links! {
    chain_a(x, y) chain_b(sum(x, 1), y);
    chain_b(x, y) chain_c(x, sum(y, 1));
    chain_c(x, y) chain_d(sum(x, y), y);
    chain_d(x, y) chain_e(sum(x, 3), y);
    chain_e(x, y) chain_f(x, sum(y, 3));
    chain_f(x, y) chain_g(x ^ y, y);
    chain_g(x, y) sum(chain_h(x, y), 1);
    chain_h(x, y) sum(x, y);
}

#[inline(never)]
fn fibonacci(n: u64) -> u64 {
    let n = black_box(n);
    if n < 2 {
        n
    } else {
        sum(fibonacci(difference(n, 1)), fibonacci(difference(n, 2)))
    }
}

// --- vectors --------------------------------------------------------------------

/// Elements in a vector whose elements are swapped.
const SWAPPED: u64 = 64;

#[derive(Clone, Copy)]
#[expect(dead_code, reason = "an element has what its counterpart has")]
struct Item {
    id: u64,
    weight: u64,
    open: bool,
}

fn byte(i: u64) -> u8 {
    u8::try_from(i & 0xff).expect("fits")
}

fn third(i: u64) -> bool {
    i.is_multiple_of(3)
}

const fn address(low: u64) -> [u8; 32] {
    let bytes = low.to_be_bytes();
    let mut address = [0; 32];
    let mut index = 0;
    while index < 8 {
        address[24 + index] = bytes[index];
        index += 1;
    }
    address
}

fn owner(i: u64) -> [u8; 32] {
    if i.is_multiple_of(2) {
        address(0xa11ce)
    } else {
        address(0xb0b)
    }
}

fn owned(x: [u8; 32]) -> u64 {
    if x == address(0xb0b) { 1 } else { 2 }
}

fn item(i: u64) -> Item {
    Item {
        id: i,
        weight: sum(i, 1),
        open: true,
    }
}

fn filled<T>(n: u64, make: impl Fn(u64) -> T) -> Vec<T> {
    let mut v = Vec::new();
    for i in 0..n {
        black_box(&mut v).push(make(i));
    }
    v
}

fn push<T>(n: u64, make: impl Fn(u64) -> T) -> u64 {
    filled(n, make).len() as u64
}

fn pop<T>(n: u64, make: impl Fn(u64) -> T, read: impl Fn(T) -> u64) -> u64 {
    let mut v = filled(n, make);
    let mut total = 0;
    for _ in 0..n {
        let x = black_box(&mut v).pop().expect("is not empty");
        total = sum(total, read(x));
    }
    total
}

fn swap<T: Copy>(n: u64, make: impl Fn(u64) -> T, read: impl Fn(T) -> u64) -> u64 {
    let mut v = filled(SWAPPED, make);
    for i in 0..n {
        let j = sum(product(i, 5), 1) & (SWAPPED - 1);
        black_box(&mut v).swap((i & (SWAPPED - 1)) as usize, j as usize);
    }
    read(v[(n & (SWAPPED - 1)) as usize])
}

// --- sorting --------------------------------------------------------------------

fn numbers(n: u64) -> Vec<u64> {
    let mut v = Vec::new();
    let mut x: u64 = 88_172_645_463_325_252;
    for _ in 0..n {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        v.push(x);
    }
    black_box(v)
}

fn checksum(v: &[u64]) -> u64 {
    let mut total = 0;
    let mut before = 0;
    for x in v {
        assert!(before <= *x);
        before = *x;
        total = sum(product(total, 31), x % 1_000_003) % 1_000_000_007;
    }
    total
}

fn quicksort(n: u64) -> u64 {
    let mut v = numbers(n);
    if n > 1 {
        sort(&mut v, 0, n as usize - 1);
    }
    checksum(&v)
}

fn sort(v: &mut [u64], from: usize, to: usize) {
    let pivot = v[from + (to - from) / 2];
    let (mut i, mut j) = (from, to);
    loop {
        while v[i] < pivot {
            i += 1;
        }
        while v[j] > pivot {
            j -= 1;
        }
        if i >= j {
            break;
        }
        v.swap(i, j);
        i += 1;
        j -= 1;
    }
    if from < j {
        sort(v, from, j);
    }
    if j + 1 < to {
        sort(v, j + 1, to);
    }
}

fn heapsort(n: u64) -> u64 {
    let mut v = numbers(n);
    let n = n as usize;
    let mut start = n / 2;
    while start > 0 {
        start -= 1;
        sift(&mut v, start, n);
    }
    let mut end = n;
    while end > 1 {
        end -= 1;
        v.swap(0, end);
        sift(&mut v, 0, end);
    }
    checksum(&v)
}

#[inline(never)]
fn sift(v: &mut [u64], from: usize, end: usize) {
    let mut root = from;
    loop {
        let mut child = root * 2 + 1;
        if child >= end {
            return;
        }
        if child + 1 < end && v[child] < v[child + 1] {
            child += 1;
        }
        if v[root] >= v[child] {
            return;
        }
        v.swap(root, child);
        root = child;
    }
}

fn mergesort(n: u64) -> u64 {
    let mut v = numbers(n);
    let n = n as usize;
    let mut width = 1;
    while width < n {
        let mut merged = Vec::new();
        let mut from = 0;
        while from < n {
            let middle = (from + width).min(n);
            let to = (from + 2 * width).min(n);
            let (mut i, mut j) = (from, middle);
            while i < middle && j < to {
                if v[i] <= v[j] {
                    merged.push(v[i]);
                    i += 1;
                } else {
                    merged.push(v[j]);
                    j += 1;
                }
            }
            while i < middle {
                merged.push(v[i]);
                i += 1;
            }
            while j < to {
                merged.push(v[j]);
                j += 1;
            }
            from = to;
        }
        v = merged;
        width *= 2;
    }
    checksum(&v)
}

// --- a map ----------------------------------------------------------------------

struct Entry<K, V> {
    key: K,
    value: V,
}

#[inline(never)]
fn find<K: PartialEq, V>(entries: &[Entry<K, V>], key: &K) -> usize {
    let found = entries.iter().position(|entry| entry.key == *key);
    found.unwrap_or(entries.len())
}

fn by_address(n: u64) -> u64 {
    // The keys of the Move program: multiples of the golden ratio.
    let keys: Vec<[u8; 32]> = (1..=64)
        .map(|i: u64| address(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    let keys = black_box(keys);
    let mut entries = Vec::new();
    for (key, i) in keys.iter().zip(0..) {
        assert_eq!(find(&entries, key), entries.len());
        entries.push(Entry {
            key: *key,
            value: i,
        });
    }
    for i in 0..n {
        let key = &keys[(product(i, 37) % keys.len() as u64) as usize];
        let at = find(&entries, key);
        let value = &mut entries[at].value;
        *value = sum(*value, i);
    }
    let mut total = 0;
    for key in &keys {
        let value = entries.swap_remove(find(&entries, key)).value;
        total = sum(product(total, 3), value) % 1_000_000_007;
    }
    total
}

// --- fields ---------------------------------------------------------------------

struct Account {
    balance: u64,
    open: bool,
    activity: Activity,
}

struct Activity {
    deposits: u64,
    volume: u128,
    last: u64,
}

fn account() -> Account {
    Account {
        balance: 1_000,
        open: true,
        activity: Activity {
            deposits: 0,
            volume: 0,
            last: 0,
        },
    }
}

fn total(account: &Account) -> u64 {
    let activity = &account.activity;
    sum(sum(account.balance, activity.deposits), activity.last)
}

fn update(n: u64) -> u64 {
    let mut account = account();
    for i in 0..n {
        let account = black_box(&mut account);
        account.balance = sum(account.balance, i) & 0xffff_ffff;
        account.activity.deposits = sum(account.activity.deposits, 1);
        account.activity.last = i;
    }
    total(&account)
}

fn update_by_calls(n: u64) -> u64 {
    let mut account = account();
    for i in 0..n {
        deposit(black_box(&mut account), i);
    }
    let volume = narrowed(account.activity.volume % 1_000_003);
    sum(total(&account), volume)
}

#[inline(never)]
fn deposit(account: &mut Account, amount: u64) {
    assert!(account.open);
    account.balance = sum(account.balance, amount) & 0xffff_ffff;
    note(&mut account.activity, amount);
}

#[inline(never)]
fn note(activity: &mut Activity, amount: u64) {
    activity.deposits = sum(activity.deposits, 1);
    let volume = activity.volume.checked_add(u128::from(amount));
    activity.volume = volume.expect("no overflow");
    activity.last = amount;
}

fn update_in_vector(n: u64) -> u64 {
    let mut accounts: Vec<Account> = (0..64).map(|_| account()).collect();
    for i in 0..n {
        let account = &mut black_box(&mut accounts)[(i & 63) as usize];
        account.balance = sum(account.balance, 1);
        account.activity.last = i;
    }
    accounts.iter().fold(0, |all, account| {
        sum(sum(all, account.balance), account.activity.last)
    })
}

// --- BCS ------------------------------------------------------------------------

#[derive(Serialize)]
struct Order {
    id: u64,
    maker: [u8; 32],
    price: u128,
    lines: Vec<Line>,
    note: Vec<u8>,
    open: bool,
}

#[derive(Serialize)]
struct Line {
    item: [u8; 32],
    quantity: u64,
    tags: Vec<u16>,
    discount: Discount,
}

#[derive(Serialize)]
struct Discount {
    percent: u8,
    until: u64,
}

fn bcs_nested(n: u64) -> u64 {
    let lines = (0..8).map(|i| Line {
        item: address(0xcafe),
        quantity: i * 1_000,
        tags: vec![1, 2, 3],
        discount: Discount {
            percent: 5,
            until: 1_700_000_000_000,
        },
    });
    let mut order = Order {
        id: 7,
        maker: address(0xb0b),
        price: 123_456_789_012_345_678_901_234_567_890,
        lines: lines.collect(),
        note: b"leave it at the door, please".to_vec(),
        open: true,
    };
    let mut all = 0;
    for i in 0..n {
        order.id = i;
        let bytes = bcs::to_bytes(black_box(&order)).expect("is BCS");
        all = sum(sum(all, bytes.len() as u64), u64::from(bytes[0]));
    }
    all
}
