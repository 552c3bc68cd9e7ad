/// A value that may be absent.
module std::option;

/// At most one `Element`: a vector of length 0 or 1, which is also how it is
/// serialised.
public struct Option<Element> has copy, drop, store {
    vec: vector<Element>,
}

/// A value is there where none was expected.
const EOPTION_IS_SET: u64 = 0x40000;

/// No value is there where one was expected.
const EOPTION_NOT_SET: u64 = 0x40001;

/// An option without a value.
public fun none<Element>(): Option<Element> {
    Option { vec: vector[] }
}

/// An option that holds `e`.
public fun some<Element>(e: Element): Option<Element> {
    Option { vec: vector[e] }
}

/// Whether there is no value.
public fun is_none<Element>(t: &Option<Element>): bool {
    t.vec.is_empty()
}

/// Whether there is a value.
public fun is_some<Element>(t: &Option<Element>): bool {
    !t.vec.is_empty()
}

/// Whether there is a value and it equals `e_ref`.
public fun contains<Element>(t: &Option<Element>, e_ref: &Element): bool {
    t.is_some() && &t.vec[0] == e_ref
}

/// Borrows the value. Aborts with `EOPTION_NOT_SET` when there is none.
public fun borrow<Element>(t: &Option<Element>): &Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    &t.vec[0]
}

/// Borrows the value, or else `default_ref`.
public fun borrow_with_default<Element>(t: &Option<Element>, default_ref: &Element): &Element {
    if (t.is_some()) &t.vec[0] else default_ref
}

/// A copy of the value, or else `default`.
public fun get_with_default<Element: copy + drop>(t: &Option<Element>, default: Element): Element {
    if (t.is_some()) t.vec[0] else default
}

/// Puts `e` into an empty option. Aborts with `EOPTION_IS_SET` when it is not empty.
public fun fill<Element>(t: &mut Option<Element>, e: Element) {
    assert!(t.is_none(), EOPTION_IS_SET);
    t.vec.push_back(e)
}

/// Takes the value out and leaves the option empty. Aborts with `EOPTION_NOT_SET`
/// when it is empty already.
public fun extract<Element>(t: &mut Option<Element>): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    t.vec.pop_back()
}

/// Borrows the value for writing. Aborts with `EOPTION_NOT_SET` when there is none.
public fun borrow_mut<Element>(t: &mut Option<Element>): &mut Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    &mut t.vec[0]
}

/// Puts `e` in the place of the value, which is returned. Aborts with
/// `EOPTION_NOT_SET` when there is none.
public fun swap<Element>(t: &mut Option<Element>, e: Element): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    let before = t.vec.pop_back();
    t.vec.push_back(e);
    before
}

/// Puts `e` into the option and returns what was there before, if anything.
public fun swap_or_fill<Element>(t: &mut Option<Element>, e: Element): Option<Element> {
    let before = if (t.is_some()) some(t.vec.pop_back()) else none();
    t.vec.push_back(e);
    before
}

/// The value, or else `default`.
public fun destroy_with_default<Element: drop>(t: Option<Element>, default: Element): Element {
    let Option { mut vec } = t;
    if (vec.is_empty()) default else vec.pop_back()
}

/// The value. Aborts with `EOPTION_NOT_SET` when there is none.
public fun destroy_some<Element>(t: Option<Element>): Element {
    assert!(t.is_some(), EOPTION_NOT_SET);
    let Option { mut vec } = t;
    let value = vec.pop_back();
    vec.destroy_empty();
    value
}

/// Consumes an option without a value. Aborts with `EOPTION_IS_SET` when it has one.
public fun destroy_none<Element>(t: Option<Element>) {
    assert!(t.is_none(), EOPTION_IS_SET);
    let Option { vec } = t;
    vec.destroy_empty()
}

/// The vector of length 0 or 1 with the option's value.
public fun to_vec<Element>(t: Option<Element>): vector<Element> {
    let Option { vec } = t;
    vec
}

// === Macros ===

/// Hands the value, if any, to `$f`; the option is consumed.
public macro fun destroy<$T, $R: drop>($o: Option<$T>, $f: |$T| -> $R) {
    let o = $o;
    o.do!($f);
}

/// Hands the value, if any, to `$f`; the option is consumed.
public macro fun do<$T, $R: drop>($o: Option<$T>, $f: |$T| -> $R) {
    let o = $o;
    if (o.is_some()) {
        $f(o.destroy_some());
    } else o.destroy_none()
}

/// Lends the value, if any, to `$f`.
public macro fun do_ref<$T, $R: drop>($o: &Option<$T>, $f: |&$T| -> $R) {
    let o = $o;
    if (o.is_some()) {
        $f(o.borrow());
    }
}

/// Lends the value, if any, to `$f` for writing.
public macro fun do_mut<$T, $R: drop>($o: &mut Option<$T>, $f: |&mut $T| -> $R) {
    let o = $o;
    if (o.is_some()) {
        $f(o.borrow_mut());
    }
}

/// The option itself when it has a value, else `$default`, which is evaluated
/// only then.
public macro fun or<$T: drop>($o: Option<$T>, $default: Option<$T>): Option<$T> {
    let o = $o;
    if (o.is_some()) o else $default
}

/// What `$f` makes of the value; an option without a value stays without.
public macro fun and<$T, $U>($o: Option<$T>, $f: |$T| -> Option<$U>): Option<$U> {
    let o = $o;
    if (o.is_some()) {
        $f(o.destroy_some())
    } else {
        o.destroy_none();
        option::none()
    }
}

/// What `$f` makes of a reference to the value; an option without a value gives
/// one without.
public macro fun and_ref<$T, $U>($o: &Option<$T>, $f: |&$T| -> Option<$U>): Option<$U> {
    let o = $o;
    if (o.is_some()) $f(o.borrow()) else option::none()
}

/// The option itself when it has a value for which `$f` holds, else one without.
public macro fun filter<$T: drop>($o: Option<$T>, $f: |&$T| -> bool): Option<$T> {
    let o = $o;
    if (o.is_some() && $f(o.borrow())) o else option::none()
}

/// Whether there is a value and `$f` holds for it.
public macro fun is_some_and<$T>($o: &Option<$T>, $f: |&$T| -> bool): bool {
    let o = $o;
    o.is_some() && $f(o.borrow())
}

/// Whether there is no value, or `$f` holds for it.
public macro fun is_none_or<$T>($o: &Option<$T>, $f: |&$T| -> bool): bool {
    let o = $o;
    o.is_none() || $f(o.borrow())
}

/// Takes the value out and leaves the option empty; `$default`, evaluated only
/// then, when it is empty already.
public macro fun extract_or<$T>($o: &mut Option<$T>, $default: $T): $T {
    let o = $o;
    if (o.is_some()) o.extract() else $default
}

/// The value, or else `$default`, which is evaluated only then.
public macro fun destroy_or<$T>($o: Option<$T>, $default: $T): $T {
    let o = $o;
    if (o.is_some()) {
        o.destroy_some()
    } else {
        o.destroy_none();
        $default
    }
}

/// The result of `$f` for the value, if any; the option is consumed.
public macro fun map<$T, $U>($o: Option<$T>, $f: |$T| -> $U): Option<$U> {
    let o = $o;
    if (o.is_some()) {
        option::some($f(o.destroy_some()))
    } else {
        o.destroy_none();
        option::none()
    }
}

/// The result of `$f` for a reference to the value, if any.
public macro fun map_ref<$T, $U>($o: &Option<$T>, $f: |&$T| -> $U): Option<$U> {
    let o = $o;
    if (o.is_some()) option::some($f(o.borrow())) else option::none()
}
