/// A generic map in a vector of entries, keyed by address.
module bench::map;

/// Maps keys to values; keys are found by looking through all entries.
public struct Map<K: copy + drop, V> has drop {
    entries: vector<Entry<K, V>>,
}

public struct Entry<K: copy + drop, V> has drop {
    key: K,
    value: V,
}

fun empty<K: copy + drop, V: drop>(): Map<K, V> {
    Map { entries: vector[] }
}

fun find<K: copy + drop, V: drop>(map: &Map<K, V>, key: &K): u64 {
    let length = map.entries.length();
    let mut i = 0;
    while (i < length) {
        if (&map.entries[i].key == key) return i;
        i = i + 1;
    };
    length
}

fun insert<K: copy + drop, V: drop>(map: &mut Map<K, V>, key: K, value: V) {
    assert!(find(map, &key) == map.entries.length(), 1);
    map.entries.push_back(Entry { key, value });
}

fun borrow_mut<K: copy + drop, V: drop>(map: &mut Map<K, V>, key: &K): &mut V {
    let i = find(map, key);
    &mut map.entries[i].value
}

fun remove<K: copy + drop, V: drop>(map: &mut Map<K, V>, key: &K): V {
    let i = find(map, key);
    let last = map.entries.length() - 1;
    map.entries.swap(i, last);
    let Entry { key: _, value } = map.entries.pop_back();
    value
}

fun keys(): vector<address> {
    vector[
        @0x9e3779b97f4a7c15, @0x3c6ef372fe94f82a, @0xdaa66d2c7ddf743f, @0x78dde6e5fd29f054,
        @0x1715609f7c746c69, @0xb54cda58fbbee87e, @0x538454127b096493, @0xf1bbcdcbfa53e0a8,
        @0x8ff34785799e5cbd, @0x2e2ac13ef8e8d8d2, @0xcc623af8783354e7, @0x6a99b4b1f77dd0fc,
        @0x8d12e6b76c84d11, @0xa708a824f612c926, @0x454021de755d453b, @0xe3779b97f4a7c150,
        @0x81af155173f23d65, @0x1fe68f0af33cb97a, @0xbe1e08c47287358f, @0x5c55827df1d1b1a4,
        @0xfa8cfc37711c2db9, @0x98c475f0f066a9ce, @0x36fbefaa6fb125e3, @0xd5336963eefba1f8,
        @0x736ae31d6e461e0d, @0x11a25cd6ed909a22, @0xafd9d6906cdb1637, @0x4e115049ec25924c,
        @0xec48ca036b700e61, @0x8a8043bceaba8a76, @0x28b7bd766a05068b, @0xc6ef372fe94f82a0,
        @0x6526b0e96899feb5, @0x35e2aa2e7e47aca, @0xa195a45c672ef6df, @0x3fcd1e15e67972f4,
        @0xde0497cf65c3ef09, @0x7c3c1188e50e6b1e, @0x1a738b426458e733, @0xb8ab04fbe3a36348,
        @0x56e27eb562eddf5d, @0xf519f86ee2385b72, @0x935172286182d787, @0x3188ebe1e0cd539c,
        @0xcfc0659b6017cfb1, @0x6df7df54df624bc6, @0xc2f590e5eacc7db, @0xaa66d2c7ddf743f0,
        @0x489e4c815d41c005, @0xe6d5c63adc8c3c1a, @0x850d3ff45bd6b82f, @0x2344b9addb213444,
        @0xc17c33675a6bb059, @0x5fb3ad20d9b62c6e, @0xfdeb26da5900a883, @0x9c22a093d84b2498,
        @0x3a5a1a4d5795a0ad, @0xd8919406d6e01cc2, @0x76c90dc0562a98d7, @0x15008779d57514ec,
        @0xb338013354bf9101, @0x516f7aecd40a0d16, @0xefa6f4a65354892b, @0x8dde6e5fd29f0540,
    ]
}

/// Fills a map of 64 addresses, updates an entry `n` times, and removes all.
public fun by_address(n: u64): u64 {
    let keys = keys();
    let length = keys.length();
    let mut map = empty<address, u64>();
    let mut i = 0;
    while (i < length) {
        insert(&mut map, keys[i], i);
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        let value = borrow_mut(&mut map, &keys[(i * 37) % length]);
        *value = *value + i;
        i = i + 1;
    };
    let mut sum = 0;
    i = 0;
    while (i < length) {
        sum = (sum * 3 + remove(&mut map, &keys[i])) % 1_000_000_007;
        i = i + 1;
    };
    sum
}
