/// Reading binary canonical serialisation; `to_bytes` writes it.
///
/// A `BCS` value holds bytes and gives the values at their front, one `peel` each:
///
/// ```move
/// let mut bytes = sui::bcs::new(x"0a00000000000000010f");
/// let number = bytes.peel_u64();
/// let list = bytes.peel_vec!(|bytes| bytes.peel_u8());
/// assert!(bytes.into_remainder_bytes().is_empty());
/// ```
///
/// Whoever knows the fields of a struct, in their order, reads it field by field.
module sui::bcs;

use std::bcs;
use sui::address;

/// The bytes end before the value does.
const EOutOfRange: u64 = 0;

/// A byte is neither 0 nor 1 and so no `bool`.
const ENotBool: u64 = 1;

/// A length has more than 32 bits.
const ELenOutOfRange: u64 = 2;

/// Bytes of which values are read from the front. They are kept in reverse order, so
/// that the front is the end of a vector, where taking is cheap.
public struct BCS has copy, drop, store {
    bytes: vector<u8>,
}

/// The bytes of any value.
public fun to_bytes<T>(value: &T): vector<u8> {
    bcs::to_bytes(value)
}

/// Bytes to be read.
public fun new(mut bytes: vector<u8>): BCS {
    bytes.reverse();
    BCS { bytes }
}

/// The bytes that were not read.
public fun into_remainder_bytes(bcs: BCS): vector<u8> {
    let BCS { mut bytes } = bcs;
    bytes.reverse();
    bytes
}

// === Single values ===

/// Reads an address: 32 bytes. Aborts with `EOutOfRange` when there are fewer.
public fun peel_address(bcs: &mut BCS): address {
    assert!(bcs.bytes.length() >= address::length(), EOutOfRange);
    address::from_bytes(vector::tabulate!(address::length(), |_| bcs.bytes.pop_back()))
}

/// Reads a `bool`. Aborts with `EOutOfRange` when no byte is left, and with
/// `ENotBool` when it is neither 0 nor 1.
public fun peel_bool(bcs: &mut BCS): bool {
    let byte = bcs.peel_u8();
    assert!(byte <= 1, ENotBool);
    byte == 1
}

/// Reads a `u8`. Aborts with `EOutOfRange` when no byte is left.
public fun peel_u8(bcs: &mut BCS): u8 {
    assert!(!bcs.bytes.is_empty(), EOutOfRange);
    bcs.bytes.pop_back()
}

/// Reads a `u16`. Aborts with `EOutOfRange` when fewer than 2 bytes are left.
public fun peel_u16(bcs: &mut BCS): u16 {
    peel_number!(bcs, 2)
}

/// Reads a `u32`. Aborts with `EOutOfRange` when fewer than 4 bytes are left.
public fun peel_u32(bcs: &mut BCS): u32 {
    peel_number!(bcs, 4)
}

/// Reads a `u64`. Aborts with `EOutOfRange` when fewer than 8 bytes are left.
public fun peel_u64(bcs: &mut BCS): u64 {
    peel_number!(bcs, 8)
}

/// Reads a `u128`. Aborts with `EOutOfRange` when fewer than 16 bytes are left.
public fun peel_u128(bcs: &mut BCS): u128 {
    peel_number!(bcs, 16)
}

/// Reads a `u256`. Aborts with `EOutOfRange` when fewer than 32 bytes are left.
public fun peel_u256(bcs: &mut BCS): u256 {
    peel_number!(bcs, 32)
}

// An integer of `$width` bytes, the least significant first.
macro fun peel_number<$T>($bcs: &mut BCS, $width: u64): $T {
    let bcs = $bcs;
    let bytes = &mut bcs.bytes;
    let width = $width;
    assert!(bytes.length() >= width, EOutOfRange);
    let mut number = 0;
    let mut i = 0;
    while (i < width) {
        number = number | (bytes.pop_back() as $T) << ((8 * i) as u8);
        i = i + 1;
    };
    number
}

/// Reads the length of a vector, which its elements follow. Lengths are in base 128,
/// the lowest digit first, the highest bit of a byte saying that another follows.
/// Aborts with `ELenOutOfRange` when there are more than four bytes, and with
/// `EOutOfRange` when the bytes end.
public fun peel_vec_length(bcs: &mut BCS): u64 {
    let mut length = 0u64;
    let mut shift = 0u8;
    loop {
        assert!(shift <= 21, ELenOutOfRange);
        let byte = bcs.peel_u8();
        length = length | ((byte & 0x7F) as u64) << shift;
        if (byte & 0x80 == 0) break;
        shift = shift + 7;
    };
    length
}

/// Reads which variant of an enum follows. The variant's fields come behind it, like
/// those of a struct. Aborts like `peel_vec_length`.
public fun peel_enum_tag(bcs: &mut BCS): u32 {
    bcs.peel_vec_length() as u32
}

// === Vectors ===

/// Reads a vector, each element by `$peel`.
public macro fun peel_vec<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): vector<$T> {
    let bcs = $bcs;
    let length = bcs.peel_vec_length();
    vector::tabulate!(length, |_| $peel(bcs))
}

/// Reads a vector of `address`. Aborts like `peel_vec_length` and `peel_address`.
public fun peel_vec_address(bcs: &mut BCS): vector<address> {
    bcs.peel_vec!(|bcs| bcs.peel_address())
}

/// Reads a vector of `bool`. Aborts like `peel_vec_length` and `peel_bool`.
public fun peel_vec_bool(bcs: &mut BCS): vector<bool> {
    bcs.peel_vec!(|bcs| bcs.peel_bool())
}

/// Reads a vector of `u8`. Aborts like `peel_vec_length` and `peel_u8`.
public fun peel_vec_u8(bcs: &mut BCS): vector<u8> {
    bcs.peel_vec!(|bcs| bcs.peel_u8())
}

/// Reads a vector of byte vectors. Aborts like `peel_vec_length` and `peel_u8`.
public fun peel_vec_vec_u8(bcs: &mut BCS): vector<vector<u8>> {
    bcs.peel_vec!(|bcs| bcs.peel_vec_u8())
}

/// Reads a vector of `u16`. Aborts like `peel_vec_length` and `peel_u16`.
public fun peel_vec_u16(bcs: &mut BCS): vector<u16> {
    bcs.peel_vec!(|bcs| bcs.peel_u16())
}

/// Reads a vector of `u32`. Aborts like `peel_vec_length` and `peel_u32`.
public fun peel_vec_u32(bcs: &mut BCS): vector<u32> {
    bcs.peel_vec!(|bcs| bcs.peel_u32())
}

/// Reads a vector of `u64`. Aborts like `peel_vec_length` and `peel_u64`.
public fun peel_vec_u64(bcs: &mut BCS): vector<u64> {
    bcs.peel_vec!(|bcs| bcs.peel_u64())
}

/// Reads a vector of `u128`. Aborts like `peel_vec_length` and `peel_u128`.
public fun peel_vec_u128(bcs: &mut BCS): vector<u128> {
    bcs.peel_vec!(|bcs| bcs.peel_u128())
}

/// Reads a vector of `u256`. Aborts like `peel_vec_length` and `peel_u256`.
public fun peel_vec_u256(bcs: &mut BCS): vector<u256> {
    bcs.peel_vec!(|bcs| bcs.peel_u256())
}

// === Options ===

/// Reads an option, its value by `$peel`. Aborts with `ENotBool` when the byte in
/// front is neither 0 nor 1.
public macro fun peel_option<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): Option<$T> {
    let bcs = $bcs;
    if (bcs.peel_bool()) option::some($peel(bcs)) else option::none()
}

/// Reads an option of `address`. Aborts like `peel_bool` and `peel_address`.
public fun peel_option_address(bcs: &mut BCS): Option<address> {
    bcs.peel_option!(|bcs| bcs.peel_address())
}

/// Reads an option of `bool`. Aborts like `peel_bool` and `peel_bool`.
public fun peel_option_bool(bcs: &mut BCS): Option<bool> {
    bcs.peel_option!(|bcs| bcs.peel_bool())
}

/// Reads an option of `u8`. Aborts like `peel_bool` and `peel_u8`.
public fun peel_option_u8(bcs: &mut BCS): Option<u8> {
    bcs.peel_option!(|bcs| bcs.peel_u8())
}

/// Reads an option of `u16`. Aborts like `peel_bool` and `peel_u16`.
public fun peel_option_u16(bcs: &mut BCS): Option<u16> {
    bcs.peel_option!(|bcs| bcs.peel_u16())
}

/// Reads an option of `u32`. Aborts like `peel_bool` and `peel_u32`.
public fun peel_option_u32(bcs: &mut BCS): Option<u32> {
    bcs.peel_option!(|bcs| bcs.peel_u32())
}

/// Reads an option of `u64`. Aborts like `peel_bool` and `peel_u64`.
public fun peel_option_u64(bcs: &mut BCS): Option<u64> {
    bcs.peel_option!(|bcs| bcs.peel_u64())
}

/// Reads an option of `u128`. Aborts like `peel_bool` and `peel_u128`.
public fun peel_option_u128(bcs: &mut BCS): Option<u128> {
    bcs.peel_option!(|bcs| bcs.peel_u128())
}

/// Reads an option of `u256`. Aborts like `peel_bool` and `peel_u256`.
public fun peel_option_u256(bcs: &mut BCS): Option<u256> {
    bcs.peel_option!(|bcs| bcs.peel_u256())
}
