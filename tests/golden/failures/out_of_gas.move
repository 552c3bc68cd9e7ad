// Running out of gas: at the first block, in loops, in calls, in natives.
module golden::out_of_gas;

//> [gas 0] nothing() ! out of gas
//> [gas 100000] nothing() =
fun nothing() {}

//> [gas 1000] endless() ! out of gas
//> [gas 1001] endless() ! out of gas
fun endless() { loop {} }

//> [gas 100] count(1000000) ! out of gas
//> [gas 100000] count(10) = 10
fun count(n: u64): u64 {
    let mut i = 0;
    while (i < n) i = i + 1;
    i
}

//> [gas 500] deep(1000) ! out of gas
fun deep(n: u64): u64 { if (n == 0) 0 else 1 + deep(n - 1) }

//> [gas 2000] growing() ! out of gas
fun growing(): vector<u64> {
    let mut v = vector[1];
    loop { let w = v; v.append(w) }
}

//> [gas 3000] hashing(b"x") ! out of gas
fun hashing(mut v: vector<u8>): vector<u8> {
    loop v = std::hash::sha3_256(v)
}

//> [gas 1000] in_the_middle(b"abc") ! out of gas
fun in_the_middle(mut v: vector<u8>): u64 {
    let mut i = 0;
    while (i < 1000000) {
        v.push_back(1);
        i = i + (v.length() % 2);
    };
    i
}
