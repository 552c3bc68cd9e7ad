/// A small set as a vector of its elements, in the order in which they were put in.
/// Every look-up goes through them one by one: for many, use `sui::table`.
module sui::vec_set;

/// The set has the element already.
const EKeyAlreadyExists: u64 = 0;

/// The set does not have the element.
const EKeyDoesNotExist: u64 = 1;

/// The elements, each once.
public struct VecSet<K: copy + drop> has copy, drop, store {
    contents: vector<K>,
}

/// A set without elements.
public fun empty<K: copy + drop>(): VecSet<K> {
    VecSet { contents: vector[] }
}

/// The set whose one element is `key`.
public fun singleton<K: copy + drop>(key: K): VecSet<K> {
    VecSet { contents: vector[key] }
}

/// Adds `key` at the end. Aborts with `EKeyAlreadyExists` when the set has it.
public fun insert<K: copy + drop>(self: &mut VecSet<K>, key: K) {
    assert!(!self.contains(&key), EKeyAlreadyExists);
    self.contents.push_back(key)
}

/// Takes `key` out; the others keep their order. Aborts with `EKeyDoesNotExist` when
/// the set does not have it.
public fun remove<K: copy + drop>(self: &mut VecSet<K>, key: &K) {
    let (found, idx) = self.contents.index_of(key);
    assert!(found, EKeyDoesNotExist);
    self.contents.remove(idx);
}

/// Whether the set has `key`.
public fun contains<K: copy + drop>(self: &VecSet<K>, key: &K): bool {
    self.contents.contains(key)
}

/// The number of elements.
public fun length<K: copy + drop>(self: &VecSet<K>): u64 {
    self.contents.length()
}

/// Whether there are no elements.
public fun is_empty<K: copy + drop>(self: &VecSet<K>): bool {
    self.contents.is_empty()
}

/// The elements in their order.
public fun into_keys<K: copy + drop>(self: VecSet<K>): vector<K> {
    let VecSet { contents } = self;
    contents
}

/// The set of these elements. Aborts with `EKeyAlreadyExists` when one comes twice.
public fun from_keys<K: copy + drop>(keys: vector<K>): VecSet<K> {
    let mut set = empty();
    keys.do!(|key| set.insert(key));
    set
}

/// Borrows the elements in their order.
public fun keys<K: copy + drop>(self: &VecSet<K>): &vector<K> {
    &self.contents
}

// === Older names ===

/// Older name of `length`.
#[deprecated(note = b"Renamed to `length` for consistency.")]
public fun size<K: copy + drop>(self: &VecSet<K>): u64 {
    self.length()
}
