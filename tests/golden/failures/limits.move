// Limits other than gas: memory and depth of calls.
module golden::limits;

//> [gas 1000000000] hoarding() ! memory limit
fun hoarding(): vector<vector<u256>> {
    let block = vector::tabulate!(1000, |i| i as u256);
    let mut all = vector[];
    loop all.push_back(block)
}

//> too_deep(2000) ! call depth limit
//> too_deep(500) = 500
fun too_deep(n: u64): u64 { if (n == 0) 0 else too_deep(n - 1) + 1 }

//> ping(2000) ! call depth limit
fun ping(n: u64): u64 { if (n == 0) 0 else pong(n - 1) }

fun pong(n: u64): u64 { if (n == 0) 1 else ping(n - 1) }
