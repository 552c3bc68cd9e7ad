// `loop` gives a value to `break`, and functions leave loops by `return`.
module golden::loop_values;

//> first_square_above(10) = 16
//> first_square_above(16) = 25
fun first_square_above(x: u64): u64 {
    let mut i = 0;
    loop {
        i = i + 1;
        if (i * i > x) break i * i
    }
}

//> two_values(4) = 4, 16
fun two_values(x: u64): (u64, u64) {
    let mut i = 0;
    let (a, b) = loop {
        if (i == x) break (i, i * i);
        i = i + 1;
    };
    (a, b)
}

//> returns_inside(3) = 3
//> returns_inside(99) = 10
fun returns_inside(x: u64): u64 {
    let mut i = 0;
    loop {
        if (i == x) return i;
        if (i == 10) return 10;
        i = i + 1;
    }
}

//> index_of([5, 6, 7], 6) = some(1)
//> index_of([5, 6, 7], 8) = none
//> index_of([], 8) = none
fun index_of(v: vector<u64>, x: u64): Option<u64> {
    let mut i = 0;
    while (i < v.length()) {
        if (v[i] == x) return option::some(i);
        i = i + 1;
    };
    option::none()
}
