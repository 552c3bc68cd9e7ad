/// Growable sequences, indexed from 0.
///
/// The nine operations that the virtual machine knows as bytecode instructions
/// are declared first; everything else is built from them. The macros at the
/// end take lambdas and are expanded at the call, so they cost no function call
/// and may `return`, `break` or borrow from the place where they are used.
#[defines_primitive(vector)]
module std::vector;

/// `b"...".to_string()`: UTF-8 text from bytes; see `std::string::utf8`.
public use fun std::string::utf8 as vector.to_string;

/// `b"...".try_to_string()`: see `std::string::try_utf8`.
public use fun std::string::try_utf8 as vector.try_to_string;

/// `b"...".to_ascii_string()`: see `std::ascii::string`.
public use fun std::ascii::string as vector.to_ascii_string;

/// `b"...".try_to_ascii_string()`: see `std::ascii::try_string`.
public use fun std::ascii::try_string as vector.try_to_ascii_string;

/// The position lies outside the vector.
const EINDEX_OUT_OF_BOUNDS: u64 = 0x20000;

// === Instructions ===

/// A new vector without elements.
#[bytecode_instruction]
public native fun empty<Element>(): vector<Element>;

/// The number of elements.
#[bytecode_instruction]
public native fun length<Element>(v: &vector<Element>): u64;

/// Borrows the element at `i`, which the syntax `&v[i]` also reaches.
/// Fails in the virtual machine when `i` is not less than the length.
#[syntax(index)]
#[bytecode_instruction]
public native fun borrow<Element>(v: &vector<Element>, i: u64): &Element;

/// Puts `e` behind the last element.
#[bytecode_instruction]
public native fun push_back<Element>(v: &mut vector<Element>, e: Element);

/// Borrows the element at `i` for writing, which the syntax `&mut v[i]` also
/// reaches. Fails in the virtual machine when `i` is not less than the length.
#[syntax(index)]
#[bytecode_instruction]
public native fun borrow_mut<Element>(v: &mut vector<Element>, i: u64): &mut Element;

/// Takes the last element out.
/// Fails in the virtual machine when the vector is empty.
#[bytecode_instruction]
public native fun pop_back<Element>(v: &mut vector<Element>): Element;

/// Consumes a vector that has no elements left: the only way to get rid of a
/// vector whose elements can't be dropped.
/// Fails in the virtual machine when the vector is not empty.
#[bytecode_instruction]
public native fun destroy_empty<Element>(v: vector<Element>);

/// Exchanges the elements at `i` and `j`.
/// Fails in the virtual machine when either is not less than the length.
#[bytecode_instruction]
public native fun swap<Element>(v: &mut vector<Element>, i: u64, j: u64);

// === Functions ===

/// A vector whose one element is `e`.
public fun singleton<Element>(e: Element): vector<Element> {
    vector[e]
}

/// Turns the order of the elements around, in place.
public fun reverse<Element>(v: &mut vector<Element>) {
    let length = v.length();
    let mut low = 0;
    while (low < length / 2) {
        v.swap(low, length - 1 - low);
        low = low + 1;
    }
}

/// Moves all elements of `other` to the end of `lhs`, keeping their order.
public fun append<Element>(lhs: &mut vector<Element>, mut other: vector<Element>) {
    other.reverse();
    while (!other.is_empty()) lhs.push_back(other.pop_back());
    other.destroy_empty();
}

/// Whether there are no elements.
public fun is_empty<Element>(v: &vector<Element>): bool {
    v.length() == 0
}

/// Whether some element equals `e`.
public fun contains<Element>(v: &vector<Element>, e: &Element): bool {
    let (found, _) = v.index_of(e);
    found
}

/// The position of the first element that equals `e`, as `(true, position)`;
/// `(false, 0)` when there is none.
public fun index_of<Element>(v: &vector<Element>, e: &Element): (bool, u64) {
    let length = v.length();
    let mut i = 0;
    while (i < length && &v[i] != e) i = i + 1;
    if (i == length) (false, 0) else (true, i)
}

/// Takes out the element at `i` and closes the gap, so that order is kept. The
/// cost grows with the number of elements behind `i`.
/// Aborts with `EINDEX_OUT_OF_BOUNDS` when `i` is not less than the length.
public fun remove<Element>(v: &mut vector<Element>, i: u64): Element {
    let length = v.length();
    assert!(i < length, EINDEX_OUT_OF_BOUNDS);
    let mut hole = i;
    while (hole + 1 < length) {
        v.swap(hole, hole + 1);
        hole = hole + 1;
    };
    v.pop_back()
}

/// Puts `e` at position `i` and moves what was there, and all behind it, one
/// further. `i` may be the length, which appends.
/// Aborts with `EINDEX_OUT_OF_BOUNDS` when `i` is greater than the length.
public fun insert<Element>(v: &mut vector<Element>, e: Element, i: u64) {
    let mut at = v.length();
    assert!(i <= at, EINDEX_OUT_OF_BOUNDS);
    v.push_back(e);
    while (at > i) {
        v.swap(at, at - 1);
        at = at - 1;
    }
}

/// Takes out the element at `i` and puts the last element in its place: constant
/// cost, order not kept.
/// Aborts with `EINDEX_OUT_OF_BOUNDS` when the vector is empty; fails in the
/// virtual machine when `i` is not less than the length.
public fun swap_remove<Element>(v: &mut vector<Element>, i: u64): Element {
    let length = v.length();
    assert!(length > 0, EINDEX_OUT_OF_BOUNDS);
    v.swap(i, length - 1);
    v.pop_back()
}

/// The elements behind the first `n`; none when there are no more than `n`.
public fun skip<T: drop>(mut v: vector<T>, n: u64): vector<T> {
    let length = v.length();
    if (n >= length) return vector[];
    let mut rest = vector[];
    let mut left = length - n;
    while (left > 0) {
        rest.push_back(v.pop_back());
        left = left - 1;
    };
    rest.reverse();
    rest
}

/// The first `n` elements.
/// Aborts when there are fewer than `n`.
public fun take<T: drop>(mut v: vector<T>, n: u64): vector<T> {
    assert!(n <= v.length());
    while (v.length() > n) {
        v.pop_back();
    };
    v
}

/// The elements of all inner vectors, one after the other.
public fun flatten<T>(mut v: vector<vector<T>>): vector<T> {
    v.reverse();
    let mut flat = vector[];
    while (!v.is_empty()) flat.append(v.pop_back());
    v.destroy_empty();
    flat
}

// === Macros: making ===

/// The vector of `$f(0)`, `$f(1)`, ... up to `$f($n - 1)`.
public macro fun tabulate<$T>($n: u64, $f: |u64| -> $T): vector<$T> {
    let n = $n;
    let mut made = vector[];
    let mut i = 0;
    while (i < n) {
        made.push_back($f(i));
        i = i + 1;
    };
    made
}

// === Macros: visiting ===

/// Hands each element to `$f`, from the last to the first, and consumes the vector.
public macro fun destroy<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut rest = $v;
    while (!rest.is_empty()) {
        $f(rest.pop_back());
    };
    rest.destroy_empty();
}

/// Hands each element to `$f`, from the first to the last, and consumes the vector.
public macro fun do<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut rest = $v;
    rest.reverse();
    while (!rest.is_empty()) {
        $f(rest.pop_back());
    };
    rest.destroy_empty();
}

/// Lends each element to `$f`, from the first to the last.
public macro fun do_ref<$T, $R: drop>($v: &vector<$T>, $f: |&$T| -> $R) {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length) {
        $f(&v[i]);
        i = i + 1;
    }
}

/// Lends each element to `$f` for writing, from the first to the last.
public macro fun do_mut<$T, $R: drop>($v: &mut vector<$T>, $f: |&mut $T| -> $R) {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length) {
        $f(&mut v[i]);
        i = i + 1;
    }
}

// === Macros: transforming ===

/// The results of `$f` for each element in order; the vector is consumed.
public macro fun map<$T, $U>($v: vector<$T>, $f: |$T| -> $U): vector<$U> {
    let mut rest = $v;
    let mut mapped = vector[];
    rest.reverse();
    while (!rest.is_empty()) mapped.push_back($f(rest.pop_back()));
    rest.destroy_empty();
    mapped
}

/// The results of `$f` for a reference to each element in order.
public macro fun map_ref<$T, $U>($v: &vector<$T>, $f: |&$T| -> $U): vector<$U> {
    let v = $v;
    let length = v.length();
    let mut mapped = vector[];
    let mut i = 0;
    while (i < length) {
        mapped.push_back($f(&v[i]));
        i = i + 1;
    };
    mapped
}

/// The elements for which `$f` holds, in order; the others are dropped.
public macro fun filter<$T: drop>($v: vector<$T>, $f: |&$T| -> bool): vector<$T> {
    let mut rest = $v;
    let mut kept = vector[];
    rest.reverse();
    while (!rest.is_empty()) {
        let e = rest.pop_back();
        if ($f(&e)) kept.push_back(e);
    };
    kept
}

/// Two vectors, each in order: the elements for which `$f` holds, and the others.
public macro fun partition<$T>($v: vector<$T>, $f: |&$T| -> bool): (vector<$T>, vector<$T>) {
    let mut rest = $v;
    let mut yes = vector[];
    let mut no = vector[];
    rest.reverse();
    while (!rest.is_empty()) {
        let e = rest.pop_back();
        if ($f(&e)) yes.push_back(e) else no.push_back(e);
    };
    rest.destroy_empty();
    (yes, no)
}

/// Folds the elements into one value: starts with `$init`, and for each element
/// in order replaces the value with `$f(value, element)`.
public macro fun fold<$T, $Acc>($v: vector<$T>, $init: $Acc, $f: |$Acc, $T| -> $Acc): $Acc {
    let mut rest = $v;
    let mut acc = $init;
    rest.reverse();
    while (!rest.is_empty()) acc = $f(acc, rest.pop_back());
    rest.destroy_empty();
    acc
}

/// The elements before the first one for which `$p` does not hold.
public macro fun take_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut rest = $v;
    let mut taken = vector[];
    rest.reverse();
    while (!rest.is_empty()) {
        let e = rest.pop_back();
        if (!$p(&e)) break;
        taken.push_back(e);
    };
    taken
}

/// The elements from the first one on for which `$p` does not hold.
public macro fun skip_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut rest = $v;
    rest.reverse();
    while (!rest.is_empty() && $p(&rest[rest.length() - 1])) {
        rest.pop_back();
    };
    rest.reverse();
    rest
}

// === Macros: asking ===

/// The position of the first element for which `$f` holds.
public macro fun find_index<$T>($v: &vector<$T>, $f: |&$T| -> bool): Option<u64> {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && !$f(&v[i])) i = i + 1;
    if (i < length) option::some(i) else option::none()
}

/// The positions of all elements for which `$f` holds.
public macro fun find_indices<$T>($v: &vector<$T>, $f: |&$T| -> bool): vector<u64> {
    let v = $v;
    let length = v.length();
    let mut positions = vector[];
    let mut i = 0;
    while (i < length) {
        if ($f(&v[i])) positions.push_back(i);
        i = i + 1;
    };
    positions
}

/// The number of elements for which `$f` holds.
public macro fun count<$T>($v: &vector<$T>, $f: |&$T| -> bool): u64 {
    let v = $v;
    let length = v.length();
    let mut found = 0;
    let mut i = 0;
    while (i < length) {
        if ($f(&v[i])) found = found + 1;
        i = i + 1;
    };
    found
}

/// Whether `$f` holds for at least one element. Stops at the first.
public macro fun any<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && !$f(&v[i])) i = i + 1;
    i < length
}

/// Whether `$f` holds for every element. Stops at the first exception.
public macro fun all<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && $f(&v[i])) i = i + 1;
    i == length
}

// === Macros: two vectors at a time ===

/// Hands the elements of two vectors to `$f` pair by pair, from the first to the
/// last. Aborts when the lengths differ.
public macro fun zip_do<$T1, $T2, $R: drop>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $R,
) {
    let mut left = $v1;
    let mut right = $v2;
    assert!(left.length() == right.length());
    left.reverse();
    right.reverse();
    while (!left.is_empty()) {
        $f(left.pop_back(), right.pop_back());
    };
    left.destroy_empty();
    right.destroy_empty();
}

/// Hands the elements of two vectors to `$f` pair by pair, from the last to the
/// first. Aborts when the lengths differ.
public macro fun zip_do_reverse<$T1, $T2, $R: drop>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $R,
) {
    let mut left = $v1;
    let mut right = $v2;
    assert!(left.length() == right.length());
    while (!left.is_empty()) {
        $f(left.pop_back(), right.pop_back());
    };
    left.destroy_empty();
    right.destroy_empty();
}

/// Lends the elements of two vectors to `$f` pair by pair, from the first to the
/// last. Aborts when the lengths differ.
public macro fun zip_do_ref<$T1, $T2, $R: drop>(
    $v1: &vector<$T1>,
    $v2: &vector<$T2>,
    $f: |&$T1, &$T2| -> $R,
) {
    let left = $v1;
    let right = $v2;
    let length = left.length();
    assert!(length == right.length());
    let mut i = 0;
    while (i < length) {
        $f(&left[i], &right[i]);
        i = i + 1;
    }
}

/// Lends the elements of two vectors to `$f` for writing, pair by pair, from the
/// first to the last. Aborts when the lengths differ.
public macro fun zip_do_mut<$T1, $T2, $R: drop>(
    $v1: &mut vector<$T1>,
    $v2: &mut vector<$T2>,
    $f: |&mut $T1, &mut $T2| -> $R,
) {
    let left = $v1;
    let right = $v2;
    let length = left.length();
    assert!(length == right.length());
    let mut i = 0;
    while (i < length) {
        $f(&mut left[i], &mut right[i]);
        i = i + 1;
    }
}

/// The results of `$f` for the elements of two vectors, pair by pair in order.
/// Aborts when the lengths differ.
public macro fun zip_map<$T1, $T2, $U>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $U,
): vector<$U> {
    let mut left = $v1;
    let mut right = $v2;
    let mut mapped = vector[];
    assert!(left.length() == right.length());
    left.reverse();
    right.reverse();
    while (!left.is_empty()) mapped.push_back($f(left.pop_back(), right.pop_back()));
    left.destroy_empty();
    right.destroy_empty();
    mapped
}

/// The results of `$f` for references to the elements of two vectors, pair by
/// pair in order. Aborts when the lengths differ.
public macro fun zip_map_ref<$T1, $T2, $U>(
    $v1: &vector<$T1>,
    $v2: &vector<$T2>,
    $f: |&$T1, &$T2| -> $U,
): vector<$U> {
    let left = $v1;
    let right = $v2;
    let length = left.length();
    assert!(length == right.length());
    let mut mapped = vector[];
    let mut i = 0;
    while (i < length) {
        mapped.push_back($f(&left[i], &right[i]));
        i = i + 1;
    };
    mapped
}

// === Macros: sorting ===

/// Sorts in place by insertion, with `$le(a, b)` saying that `a` may stand before
/// `b`. Elements that are equal under `$le` keep their order. Right for short or
/// nearly sorted vectors: the cost grows with the square of the length.
public macro fun insertion_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    let length = v.length();
    let mut sorted = 1;
    while (sorted < length) {
        let mut at = sorted;
        while (at > 0 && !$le(&v[at - 1], &v[at])) {
            v.swap(at - 1, at);
            at = at - 1;
        };
        sorted = sorted + 1;
    }
}

/// Sorts by merging, with `$le(a, b)` saying that `a` may stand before `b`.
/// Elements that are equal under `$le` keep their order.
public macro fun merge_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    // Sorted runs, in the order of their places in `$v`. Each has its smallest
    // element last, so that taking it is a pop.
    let mut runs: vector<vector<$T>> = vector[];
    while (!v.is_empty()) runs.push_back(vector[v.pop_back()]);
    runs.reverse();
    while (runs.length() > 1) {
        let mut merged: vector<vector<$T>> = vector[];
        runs.reverse();
        while (runs.length() > 1) {
            let mut first = runs.pop_back();
            let mut second = runs.pop_back();
            let mut run = vector[];
            while (!first.is_empty() && !second.is_empty()) {
                if ($le(&first[first.length() - 1], &second[second.length() - 1])) {
                    run.push_back(first.pop_back())
                } else {
                    run.push_back(second.pop_back())
                }
            };
            first.reverse();
            run.append(first);
            second.reverse();
            run.append(second);
            run.reverse();
            merged.push_back(run);
        };
        if (!runs.is_empty()) merged.push_back(runs.pop_back());
        runs.destroy_empty();
        runs = merged;
    };
    while (!runs.is_empty()) {
        let mut run = runs.pop_back();
        run.reverse();
        v.append(run);
    };
    runs.destroy_empty();
}

/// Whether `$le` holds for every element and the one behind it.
public macro fun is_sorted_by<$T>($v: &vector<$T>, $le: |&$T, &$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 1;
    while (i < length && $le(&v[i - 1], &v[i])) i = i + 1;
    i >= length
}
