/// A queue from which the entry with the greatest priority comes out first: a binary
/// heap in a vector.
module sui::priority_queue;

/// The queue is empty.
const EPopFromEmptyHeap: u64 = 0;

/// The entries as a heap: no entry at position `i` has a greater priority than the
/// one at `(i - 1) / 2`.
public struct PriorityQueue<T: drop> has drop, store {
    entries: vector<Entry<T>>,
}

/// A value and its priority.
public struct Entry<T: drop> has drop, store {
    priority: u64,
    value: T,
}

/// The queue of these entries. The cost grows with their number.
public fun new<T: drop>(mut entries: vector<Entry<T>>): PriorityQueue<T> {
    let mut i = entries.length() / 2;
    while (i > 0) {
        i = i - 1;
        sink(&mut entries, i);
    };
    PriorityQueue { entries }
}

/// Takes out the entry with the greatest priority, as priority and value; among
/// equals, any. Aborts with `EPopFromEmptyHeap` when there is none.
public fun pop_max<T: drop>(pq: &mut PriorityQueue<T>): (u64, T) {
    assert!(!pq.entries.is_empty(), EPopFromEmptyHeap);
    let Entry { priority, value } = pq.entries.swap_remove(0);
    sink(&mut pq.entries, 0);
    (priority, value)
}

/// Adds an entry.
public fun insert<T: drop>(pq: &mut PriorityQueue<T>, priority: u64, value: T) {
    let mut i = pq.entries.length();
    pq.entries.push_back(Entry { priority, value });
    while (i > 0) {
        let parent = (i - 1) / 2;
        if (pq.entries[parent].priority >= pq.entries[i].priority) break;
        pq.entries.swap(parent, i);
        i = parent;
    }
}

/// An entry, for `new`.
public fun new_entry<T: drop>(priority: u64, value: T): Entry<T> {
    Entry { priority, value }
}

/// The entries of priority `p[i]` and value `v[i]`. Aborts when there are not as many
/// priorities as values.
public fun create_entries<T: drop>(p: vector<u64>, v: vector<T>): vector<Entry<T>> {
    p.zip_map!(v, |priority, value| Entry { priority, value })
}

/// The priorities, in the order of the heap.
public fun priorities<T: drop>(pq: &PriorityQueue<T>): vector<u64> {
    pq.entries.map_ref!(|entry| entry.priority)
}

// Moves the entry at `i` down until no entry below it has a greater priority.
fun sink<T: drop>(entries: &mut vector<Entry<T>>, mut i: u64) {
    let length = entries.length();
    loop {
        let left = 2 * i + 1;
        if (left >= length) break;
        let right = left + 1;
        let greater = if (right < length && entries[right].priority > entries[left].priority) {
            right
        } else {
            left
        };
        if (entries[i].priority >= entries[greater].priority) break;
        entries.swap(i, greater);
        i = greater;
    }
}
