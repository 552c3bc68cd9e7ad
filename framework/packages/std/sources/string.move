/// Text in UTF-8. Positions and lengths count bytes, not characters.
module std::string;

use std::ascii;

/// The bytes are not well-formed UTF-8.
const EInvalidUTF8: u64 = 1;

/// A position lies outside the text or within a character.
const EInvalidIndex: u64 = 2;

/// Text: the bytes are always well-formed UTF-8.
public struct String has copy, drop, store {
    bytes: vector<u8>,
}

/// The text with these bytes. Aborts with `EInvalidUTF8` when they are not UTF-8.
public fun utf8(bytes: vector<u8>): String {
    assert!(internal_check_utf8(&bytes), EInvalidUTF8);
    String { bytes }
}

/// ASCII text as UTF-8, which contains it.
public fun from_ascii(s: ascii::String): String {
    String { bytes: s.into_bytes() }
}

/// This text as ASCII. Aborts in `std::ascii` when a character is not ASCII.
public fun to_ascii(s: String): ascii::String {
    ascii::string(s.into_bytes())
}

/// The text with these bytes, or none when they are not UTF-8.
public fun try_utf8(bytes: vector<u8>): Option<String> {
    if (internal_check_utf8(&bytes)) option::some(String { bytes }) else option::none()
}

/// Borrows the bytes.
public fun as_bytes(s: &String): &vector<u8> {
    &s.bytes
}

/// The bytes; the text is consumed.
public fun into_bytes(s: String): vector<u8> {
    let String { bytes } = s;
    bytes
}

/// Whether there are no bytes.
public fun is_empty(s: &String): bool {
    s.bytes.is_empty()
}

/// The number of bytes.
public fun length(s: &String): u64 {
    s.bytes.length()
}

/// Adds `r` at the end.
public fun append(s: &mut String, r: String) {
    s.bytes.append(r.into_bytes())
}

/// Adds the text with these bytes at the end. Aborts with `EInvalidUTF8` when they
/// are not UTF-8.
public fun append_utf8(s: &mut String, bytes: vector<u8>) {
    s.append(utf8(bytes))
}

/// Puts `o` in front of the byte at `at`; at the length, behind the last. Aborts
/// with `EInvalidIndex` when `at` is not between two characters.
public fun insert(s: &mut String, at: u64, o: String) {
    let length = s.length();
    assert!(at <= length && internal_is_char_boundary(&s.bytes, at), EInvalidIndex);
    let mut bytes = internal_sub_string(&s.bytes, 0, at);
    bytes.append(o.into_bytes());
    bytes.append(internal_sub_string(&s.bytes, at, length));
    s.bytes = bytes;
}

/// The text from byte `i` up to, not including, byte `j`. Aborts with
/// `EInvalidIndex` unless `i <= j` and both are between two characters.
public fun substring(s: &String, i: u64, j: u64): String {
    assert!(
        i <= j
            && j <= s.length()
            && internal_is_char_boundary(&s.bytes, i)
            && internal_is_char_boundary(&s.bytes, j),
        EInvalidIndex,
    );
    String { bytes: internal_sub_string(&s.bytes, i, j) }
}

/// The position of the first occurrence of `r`; the length when there is none.
public fun index_of(s: &String, r: &String): u64 {
    internal_index_of(&s.bytes, &r.bytes)
}

// === Natives ===

// Whether `v` is well-formed UTF-8.
native fun internal_check_utf8(v: &vector<u8>): bool;

// Whether position `i` of the UTF-8 text `v` is its start, its end, or between two
// characters.
native fun internal_is_char_boundary(v: &vector<u8>, i: u64): bool;

// The bytes `i` up to, not including, `j`.
native fun internal_sub_string(v: &vector<u8>, i: u64, j: u64): vector<u8>;

// The position of the first occurrence of `r` in `v`; the length of `v` if none.
native fun internal_index_of(v: &vector<u8>, r: &vector<u8>): u64;

// === Older names ===

/// Older name of `as_bytes`.
#[deprecated(note = b"Use `std::string::as_bytes` instead.")]
public fun bytes(s: &String): &vector<u8> {
    s.as_bytes()
}

/// Older name of `substring`.
#[deprecated(note = b"Use `std::string::substring` instead.")]
public fun sub_string(s: &String, i: u64, j: u64): String {
    s.substring(i, j)
}
