/// Sorting vectors of `u64`.
module bench::sorting;

/// `n` numbers in no order.
fun numbers(n: u64): vector<u64> {
    let mut v = vector[];
    let mut x = 88_172_645_463_325_252;
    let mut i = 0;
    while (i < n) {
        x = x ^ (x << 13);
        x = x ^ (x >> 7);
        x = x ^ (x << 17);
        v.push_back(x);
        i = i + 1;
    };
    v
}

/// Depends on every element and its place; aborts if they are not in order.
fun checksum(v: &vector<u64>): u64 {
    let mut sum = 0;
    let mut before = 0;
    let length = v.length();
    let mut i = 0;
    while (i < length) {
        let x = v[i];
        assert!(before <= x, 1);
        before = x;
        sum = (sum * 31 + x % 1_000_003) % 1_000_000_007;
        i = i + 1;
    };
    sum
}

/// Sorts `n` numbers by quicksort, in place.
public fun quicksort(n: u64): u64 {
    let mut v = numbers(n);
    if (n > 1) sort(&mut v, 0, n - 1);
    checksum(&v)
}

fun sort(v: &mut vector<u64>, from: u64, to: u64) {
    let pivot = v[from + (to - from) / 2];
    let mut i = from;
    let mut j = to;
    loop {
        while (v[i] < pivot) i = i + 1;
        while (v[j] > pivot) j = j - 1;
        if (i >= j) break;
        v.swap(i, j);
        i = i + 1;
        j = j - 1;
    };
    if (from < j) sort(v, from, j);
    if (j + 1 < to) sort(v, j + 1, to);
}

/// Sorts `n` numbers by heapsort, in place.
public fun heapsort(n: u64): u64 {
    let mut v = numbers(n);
    let mut start = n / 2;
    while (start > 0) {
        start = start - 1;
        sift(&mut v, start, n);
    };
    let mut end = n;
    while (end > 1) {
        end = end - 1;
        v.swap(0, end);
        sift(&mut v, 0, end);
    };
    checksum(&v)
}

fun sift(v: &mut vector<u64>, from: u64, end: u64) {
    let mut root = from;
    loop {
        let mut child = root * 2 + 1;
        if (child >= end) return;
        if (child + 1 < end && v[child] < v[child + 1]) child = child + 1;
        if (v[root] >= v[child]) return;
        v.swap(root, child);
        root = child;
    }
}

/// Sorts `n` numbers by merging runs, in a second vector.
public fun mergesort(n: u64): u64 {
    let mut v = numbers(n);
    let mut width = 1;
    while (width < n) {
        let mut merged = vector[];
        let mut from = 0;
        while (from < n) {
            let middle = least(from + width, n);
            let to = least(from + 2 * width, n);
            let mut i = from;
            let mut j = middle;
            while (i < middle && j < to) {
                if (v[i] <= v[j]) {
                    merged.push_back(v[i]);
                    i = i + 1;
                } else {
                    merged.push_back(v[j]);
                    j = j + 1;
                }
            };
            while (i < middle) {
                merged.push_back(v[i]);
                i = i + 1;
            };
            while (j < to) {
                merged.push_back(v[j]);
                j = j + 1;
            };
            from = to;
        };
        v = merged;
        width = width * 2;
    };
    checksum(&v)
}

fun least(a: u64, b: u64): u64 { if (a < b) a else b }
