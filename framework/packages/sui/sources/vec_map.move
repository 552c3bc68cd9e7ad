/// A small map as a vector of entries, in the order in which they were put in.
/// Every look-up goes through the entries one by one: for many, use `sui::table`.
module sui::vec_map;

/// The map has the key already.
const EKeyAlreadyExists: u64 = 0;

/// The map does not have the key.
const EKeyDoesNotExist: u64 = 1;

/// The map is not empty.
const EMapNotEmpty: u64 = 2;

/// The position lies outside the map.
const EIndexOutOfBounds: u64 = 3;

/// There must be as many keys as values.
const EUnequalLengths: u64 = 4;

/// The entries; no two have the same key.
public struct VecMap<K: copy, V> has copy, drop, store {
    contents: vector<Entry<K, V>>,
}

/// A key and its value.
public struct Entry<K: copy, V> has copy, drop, store {
    key: K,
    value: V,
}

/// A map without entries.
public fun empty<K: copy, V>(): VecMap<K, V> {
    VecMap { contents: vector[] }
}

/// Adds an entry at the end. Aborts with `EKeyAlreadyExists` when the map has the
/// key.
public fun insert<K: copy, V>(self: &mut VecMap<K, V>, key: K, value: V) {
    assert!(!self.contains(&key), EKeyAlreadyExists);
    self.contents.push_back(Entry { key, value })
}

/// Takes out the entry of `key`; the others keep their order. Aborts with
/// `EKeyDoesNotExist` when there is none.
public fun remove<K: copy, V>(self: &mut VecMap<K, V>, key: &K): (K, V) {
    let idx = self.get_idx(key);
    let Entry { key, value } = self.contents.remove(idx);
    (key, value)
}

/// Takes out the last entry. Aborts with `EIndexOutOfBounds` when there is none.
public fun pop<K: copy, V>(self: &mut VecMap<K, V>): (K, V) {
    assert!(!self.is_empty(), EIndexOutOfBounds);
    let Entry { key, value } = self.contents.pop_back();
    (key, value)
}

/// Borrows the value of `key` for writing, as `&mut map[&key]` does too. Aborts
/// with `EKeyDoesNotExist` when there is none.
#[syntax(index)]
public fun get_mut<K: copy, V>(self: &mut VecMap<K, V>, key: &K): &mut V {
    let idx = self.get_idx(key);
    &mut self.contents[idx].value
}

/// Borrows the value of `key`, as `&map[&key]` does too. Aborts with
/// `EKeyDoesNotExist` when there is none.
#[syntax(index)]
public fun get<K: copy, V>(self: &VecMap<K, V>, key: &K): &V {
    let idx = self.get_idx(key);
    &self.contents[idx].value
}

/// A copy of the value of `key`, if there is one.
public fun try_get<K: copy, V: copy>(self: &VecMap<K, V>, key: &K): Option<V> {
    self.contents.find_index!(|entry| &entry.key == key).map!(|idx| self.contents[idx].value)
}

/// Whether the map has `key`.
public fun contains<K: copy, V>(self: &VecMap<K, V>, key: &K): bool {
    self.contents.any!(|entry| &entry.key == key)
}

/// The number of entries.
public fun length<K: copy, V>(self: &VecMap<K, V>): u64 {
    self.contents.length()
}

/// Whether there are no entries.
public fun is_empty<K: copy, V>(self: &VecMap<K, V>): bool {
    self.contents.is_empty()
}

/// Consumes a map without entries. Aborts with `EMapNotEmpty` when it has some.
public fun destroy_empty<K: copy, V>(self: VecMap<K, V>) {
    let VecMap { contents } = self;
    assert!(contents.is_empty(), EMapNotEmpty);
    contents.destroy_empty()
}

/// The keys and the values, both in the order of the entries.
public fun into_keys_values<K: copy, V>(self: VecMap<K, V>): (vector<K>, vector<V>) {
    let VecMap { contents } = self;
    let mut keys = vector[];
    let mut values = vector[];
    contents.do!(|entry| {
        let Entry { key, value } = entry;
        keys.push_back(key);
        values.push_back(value);
    });
    (keys, values)
}

/// The map of `keys[i]` to `values[i]`. Aborts with `EUnequalLengths` when there are
/// not as many keys as values, and with `EKeyAlreadyExists` when a key comes twice.
public fun from_keys_values<K: copy, V>(keys: vector<K>, values: vector<V>): VecMap<K, V> {
    assert!(keys.length() == values.length(), EUnequalLengths);
    let mut map = empty();
    keys.zip_do!(values, |key, value| map.insert(key, value));
    map
}

/// Copies of the keys, in the order of the entries.
public fun keys<K: copy, V>(self: &VecMap<K, V>): vector<K> {
    self.contents.map_ref!(|entry| entry.key)
}

/// The position of the entry of `key`, if there is one.
public fun get_idx_opt<K: copy, V>(self: &VecMap<K, V>, key: &K): Option<u64> {
    self.contents.find_index!(|entry| &entry.key == key)
}

/// The position of the entry of `key`. Aborts with `EKeyDoesNotExist` when there is
/// none.
public fun get_idx<K: copy, V>(self: &VecMap<K, V>, key: &K): u64 {
    let idx = self.get_idx_opt(key);
    assert!(idx.is_some(), EKeyDoesNotExist);
    idx.destroy_some()
}

/// Borrows the entry at position `idx`. Aborts with `EIndexOutOfBounds` when there
/// is none.
public fun get_entry_by_idx<K: copy, V>(self: &VecMap<K, V>, idx: u64): (&K, &V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let entry = &self.contents[idx];
    (&entry.key, &entry.value)
}

/// Borrows the entry at position `idx`, its value for writing. Aborts with
/// `EIndexOutOfBounds` when there is none.
public fun get_entry_by_idx_mut<K: copy, V>(self: &mut VecMap<K, V>, idx: u64): (&K, &mut V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let entry = &mut self.contents[idx];
    (&entry.key, &mut entry.value)
}

/// Takes out the entry at position `idx`; the others keep their order. Aborts with
/// `EIndexOutOfBounds` when there is none.
public fun remove_entry_by_idx<K: copy, V>(self: &mut VecMap<K, V>, idx: u64): (K, V) {
    assert!(idx < self.length(), EIndexOutOfBounds);
    let Entry { key, value } = self.contents.remove(idx);
    (key, value)
}

// === Older names ===

/// Older name of `length`.
#[deprecated(note = b"Renamed to `length` for consistency.")]
public fun size<K: copy, V>(self: &VecMap<K, V>): u64 {
    self.length()
}
