/// A vector of any size: each element is a dynamic field, loaded only when it is
/// used.
module sui::table_vec;

use sui::table::{Self, Table};

/// The position lies outside the vector.
const EIndexOutOfBound: u64 = 0;

/// The vector is not empty.
const ETableNonEmpty: u64 = 1;

/// The elements by their positions, which are the numbers below the table's length.
public struct TableVec<phantom Element: store> has store {
    contents: Table<u64, Element>,
}

/// A vector without elements.
public fun empty<Element: store>(ctx: &mut TxContext): TableVec<Element> {
    TableVec { contents: table::new(ctx) }
}

/// The vector whose one element is `e`.
public fun singleton<Element: store>(e: Element, ctx: &mut TxContext): TableVec<Element> {
    let mut t = empty(ctx);
    t.push_back(e);
    t
}

/// The number of elements.
public fun length<Element: store>(t: &TableVec<Element>): u64 {
    t.contents.length()
}

/// Whether there are no elements.
public fun is_empty<Element: store>(t: &TableVec<Element>): bool {
    t.contents.is_empty()
}

/// Borrows the element at `i`, as `&t[i]` does too. Aborts with `EIndexOutOfBound`
/// when there is none.
#[syntax(index)]
public fun borrow<Element: store>(t: &TableVec<Element>, i: u64): &Element {
    assert!(i < t.length(), EIndexOutOfBound);
    &t.contents[i]
}

/// Puts `e` behind the last element.
public fun push_back<Element: store>(t: &mut TableVec<Element>, e: Element) {
    let end = t.length();
    t.contents.add(end, e)
}

/// Borrows the element at `i` for writing, as `&mut t[i]` does too. Aborts with
/// `EIndexOutOfBound` when there is none.
#[syntax(index)]
public fun borrow_mut<Element: store>(t: &mut TableVec<Element>, i: u64): &mut Element {
    assert!(i < t.length(), EIndexOutOfBound);
    &mut t.contents[i]
}

/// Takes the last element out. Aborts with `EIndexOutOfBound` when there is none.
public fun pop_back<Element: store>(t: &mut TableVec<Element>): Element {
    let length = t.length();
    assert!(length > 0, EIndexOutOfBound);
    t.contents.remove(length - 1)
}

/// Ends a vector without elements. Aborts with `ETableNonEmpty` when it has some.
public fun destroy_empty<Element: store>(t: TableVec<Element>) {
    assert!(t.is_empty(), ETableNonEmpty);
    let TableVec { contents } = t;
    contents.destroy_empty()
}

/// Ends a vector, whose elements are lost, and their storage fees with them.
public fun drop<Element: drop + store>(t: TableVec<Element>) {
    let TableVec { contents } = t;
    contents.drop()
}

/// Exchanges the elements at `i` and `j`. Aborts with `EIndexOutOfBound` when there
/// is none at one of them.
public fun swap<Element: store>(t: &mut TableVec<Element>, i: u64, j: u64) {
    assert!(i < t.length() && j < t.length(), EIndexOutOfBound);
    if (i == j) return;
    let first = t.contents.remove(i);
    let second = t.contents.remove(j);
    t.contents.add(j, first);
    t.contents.add(i, second);
}

/// Takes out the element at `i` and puts the last one in its place. Aborts with
/// `EIndexOutOfBound` when there is none.
public fun swap_remove<Element: store>(t: &mut TableVec<Element>, i: u64): Element {
    assert!(i < t.length(), EIndexOutOfBound);
    let last = t.length() - 1;
    t.swap(i, last);
    t.pop_back()
}
