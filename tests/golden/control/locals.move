// Locals: shadowed, copied and moved, wide and narrow, reused by loops.
module golden::locals;

//> shadowed(3) = 7
fun shadowed(x: u64): u64 {
    let x = x + 1;
    let x = { let x = x * 2; x - 1 };
    x
}

//> wide(1, 2) = 2, 1
fun wide(a: u256, b: u256): (u256, u256) {
    let c = a;
    let a = b;
    (a, c)
}

//> copied([1]) = [1, 2], [1]
fun copied(v: vector<u64>): (vector<u64>, vector<u64>) {
    let mut w = v;
    w.push_back(2);
    (w, v)
}

//> moved([1]) = [1, 2]
fun moved(v: vector<u64>): vector<u64> {
    let mut w = move v;
    w.push_back(2);
    move w
}

//> overwritten([1], [2]) = [2]
fun overwritten(mut v: vector<u64>, w: vector<u64>): vector<u64> {
    assert!(v.length() == 1);
    v = w;
    v
}

//> in_loop(3) = [[0], [1], [2]]
fun in_loop(n: u64): vector<vector<u64>> {
    let mut out = vector[];
    let mut i = 0;
    while (i < n) {
        let fresh = vector[i];
        out.push_back(fresh);
        i = i + 1;
    };
    out
}

//> mixed(1, 2, 3, 4, 5, 6) = 21
fun mixed(a: u8, b: u256, c: u16, d: u128, e: u32, f: u64): u256 {
    let x = (a as u256) + b;
    let y = (c as u256) + (d as u256);
    let z = (e as u256) + (f as u256);
    x + y + z
}
