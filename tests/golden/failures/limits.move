// Limits other than gas: memory and depth of calls.
module golden::limits;

//> doubling() ! memory limit
fun doubling(): vector<u256> {
    let mut v = vector[1, 2, 3, 4];
    loop { let w = v; v.append(w) }
}

//> too_deep(2000) ! call depth limit
//> too_deep(500) = 500
fun too_deep(n: u64): u64 { if (n == 0) 0 else too_deep(n - 1) + 1 }

//> ping(2000) ! call depth limit
fun ping(n: u64): u64 { if (n == 0) 0 else pong(n - 1) }

fun pong(n: u64): u64 { if (n == 0) 1 else ping(n - 1) }
