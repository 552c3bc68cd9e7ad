// sui::vec_map, sui::vec_set and sui::priority_queue as programs use them.
module golden::maps;

use sui::vec_map;
use sui::vec_set;

//> lookup([1, 2, 3], 2) = 20
//> lookup([1, 2, 3], 4) ! abort 1
fun lookup(keys: vector<u64>, key: u64): u64 {
    let mut map = vec_map::empty();
    keys.do!(|key| map.insert(key, key * 10));
    *map.get(&key)
}

//> twice_the_same(5) ! abort 0
fun twice_the_same(key: u64) {
    let mut map = vec_map::empty();
    map.insert(key, true);
    map.insert(key, false);
}

//> unique([3, 1, 3, 2, 1]) = [3, 1, 2]
fun unique(v: vector<u64>): vector<u64> {
    let mut set = vec_set::empty();
    v.do!(|x| if (!set.contains(&x)) set.insert(x));
    set.into_keys()
}
