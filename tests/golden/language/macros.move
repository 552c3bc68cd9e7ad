// Macros of one's own: lambdas are inlined, arguments evaluated by need.
module golden::macros;

macro fun times($n: u64, $f: |u64|) {
    let n = $n;
    let mut i = 0;
    while (i < n) {
        $f(i);
        i = i + 1;
    }
}

macro fun max_by<$T>($v: &vector<$T>, $key: |&$T| -> u64): u64 {
    let v = $v;
    let mut best = 0;
    let mut i = 0;
    while (i < v.length()) {
        let key = $key(&v[i]);
        if (key > best) best = key;
        i = i + 1;
    };
    best
}

macro fun either($flag: bool, $a: u64, $b: u64): u64 { if ($flag) $a else $b }

//> summed(5) = 10
fun summed(n: u64): u64 {
    let mut total = 0;
    times!(n, |i| total = total + i);
    total
}

//> grid(2) = [0, 1, 10, 11]
fun grid(n: u64): vector<u64> {
    let mut out = vector[];
    times!(n, |i| times!(n, |j| out.push_back(i * 10 + j)));
    out
}

//> longest([b"a", b"abc", b"ab"]) = 3
fun longest(v: vector<vector<u8>>): u64 { max_by!(&v, |bytes| bytes.length()) }

//> lazy(true) = 1
//> lazy(false) ! abort 5
fun lazy(flag: bool): u64 { either!(flag, 1, abort 5) }

//> returned(10) = 3
//> returned(2) = 100
fun returned(n: u64): u64 {
    'found: {
        times!(n, |i| if (i == 3) return 'found i);
        100
    }
}
