// Sorting in several ways.
module golden::sorting;

//> bubble([3, 1, 2]) = [1, 2, 3]
//> bubble([]) = []
//> bubble([5, 4, 3, 2, 1, 5]) = [1, 2, 3, 4, 5, 5]
fun bubble(mut v: vector<u64>): vector<u64> {
    let n = v.length();
    let mut i = 0;
    while (i < n) {
        let mut j = 1;
        while (j < n - i) {
            if (v[j - 1] > v[j]) v.swap(j - 1, j);
            j = j + 1;
        };
        i = i + 1;
    };
    v
}

//> insertion([3, 1, 2]) = [1, 2, 3]
//> insertion([9, 8, 7, 1, 2, 3]) = [1, 2, 3, 7, 8, 9]
fun insertion(mut v: vector<u64>): vector<u64> {
    let mut i = 1;
    while (i < v.length()) {
        let mut j = i;
        while (j > 0 && v[j - 1] > v[j]) {
            v.swap(j - 1, j);
            j = j - 1;
        };
        i = i + 1;
    };
    v
}

//> quick([3, 1, 2]) = [1, 2, 3]
//> quick([2, 2, 1, 9, 0, 7, 7]) = [0, 1, 2, 2, 7, 7, 9]
fun quick(mut v: vector<u64>): vector<u64> {
    let n = v.length();
    if (n > 1) quick_range(&mut v, 0, n);
    v
}

fun quick_range(v: &mut vector<u64>, from: u64, to: u64) {
    if (to - from < 2) return;
    let pivot = v[to - 1];
    let mut store = from;
    let mut i = from;
    while (i < to - 1) {
        if (v[i] < pivot) {
            v.swap(i, store);
            store = store + 1;
        };
        i = i + 1;
    };
    v.swap(store, to - 1);
    quick_range(v, from, store);
    quick_range(v, store + 1, to);
}

//> merge([3, 1, 2]) = [1, 2, 3]
//> merge([8, 7, 6, 5, 4, 3, 2, 1]) = [1, 2, 3, 4, 5, 6, 7, 8]
fun merge(v: vector<u64>): vector<u64> {
    let n = v.length();
    if (n < 2) return v;
    let (mut left, mut right) = (vector[], vector[]);
    let mut i = 0;
    while (i < n) {
        if (i < n / 2) left.push_back(v[i]) else right.push_back(v[i]);
        i = i + 1;
    };
    let (left, right) = (merge(left), merge(right));
    let (mut a, mut b) = (0, 0);
    let mut out = vector[];
    while (a < left.length() || b < right.length()) {
        if (b == right.length() || a < left.length() && left[a] <= right[b]) {
            out.push_back(left[a]);
            a = a + 1;
        } else {
            out.push_back(right[b]);
            b = b + 1;
        }
    };
    out
}
