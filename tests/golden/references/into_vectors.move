// References into vectors and vectors of vectors.
module golden::into_vectors;

public struct Cell has copy, drop, store { value: u64 }

//> incremented([1, 2, 3], 1) -> [1, 3, 3]
//> incremented([1], 1) ! index 1 out of bounds, length 1
fun incremented(v: &mut vector<u64>, i: u64) {
    let x = &mut v[i];
    *x = *x + 1;
}

//> all([1, 2, 3]) -> [10, 20, 30]
fun all(v: &mut vector<u64>) {
    let mut i = 0;
    while (i < v.length()) {
        let x = &mut v[i];
        *x = *x * 10;
        i = i + 1;
    }
}

//> cells([{ value: 1 }, { value: 2 }]) -> [{ value: 1 }, { value: 22 }]
fun cells(v: &mut vector<Cell>) { v[1].value = v[1].value + 20 }

//> inner([[1], [2, 3]], 9) -> [[1], [2, 3, 9]]
fun inner(v: &mut vector<vector<u64>>, x: u64) {
    let last = v.length() - 1;
    v[last].push_back(x);
}

//> deep([[[0]]]) -> [[[1]]]
fun deep(v: &mut vector<vector<vector<u8>>>) { *(&mut v[0][0][0]) = 1 }

//> bytes(x"0000", 255) -> x"00ff"
fun bytes(v: &mut vector<u8>, x: u8) { *(&mut v[1]) = x }

//> sum([1, 2, 3]) = 6
fun sum(v: &vector<u64>): u64 {
    let mut total = 0;
    let mut i = 0;
    while (i < v.length()) { total = total + *&v[i]; i = i + 1 };
    total
}

fun largest(v: &mut vector<u64>): &mut u64 {
    let mut best = 0;
    let mut i = 1;
    while (i < v.length()) {
        if (v[i] > v[best]) best = i;
        i = i + 1;
    };
    &mut v[best]
}

//> capped([3, 9, 4], 5) -> [3, 5, 4]
fun capped(v: &mut vector<u64>, cap: u64) { *largest(v) = cap }
