/// Converting addresses to and from numbers, bytes and text.
#[defines_primitive(address)]
module sui::address;

use std::ascii;
use std::bcs;
use std::string;
use sui::hex;

/// `a.to_id()`: the object id with this address.
public use fun sui::object::id_from_address as address.to_id;

// Number of bytes of an address.
const LENGTH: u64 = 32;

// The greatest address as a number.
const MAX: u256 = 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF;

/// Bytes or text do not stand for an address.
#[allow(unused_const)]
const EAddressParseError: u64 = 0;

/// The address as a number, its first byte the most significant.
public native fun to_u256(a: address): u256;

/// The address whose number is `n`.
public native fun from_u256(n: u256): address;

/// The address with these bytes. Aborts with `EAddressParseError` unless there are
/// 32 of them.
public native fun from_bytes(bytes: vector<u8>): address;

/// The 32 bytes of the address.
public fun to_bytes(a: address): vector<u8> {
    bcs::to_bytes(&a)
}

/// The address as 64 hexadecimal digits without a prefix.
public fun to_ascii_string(a: address): ascii::String {
    hex::encode(a.to_bytes()).to_ascii_string()
}

/// The address as 64 hexadecimal digits without a prefix.
public fun to_string(a: address): string::String {
    a.to_ascii_string().to_string()
}

/// The address whose 64 hexadecimal digits, in either case and without a prefix,
/// are the text `bytes`. Aborts with `EAddressParseError` when they are not.
public fun from_ascii_bytes(bytes: &vector<u8>): address {
    assert!(bytes.length() == 2 * LENGTH, EAddressParseError);
    let mut number = 0u256;
    bytes.do_ref!(|digit| number = number << 4 | (digit_value(*digit) as u256));
    from_u256(number)
}

fun digit_value(c: u8): u8 {
    if (0x30 <= c && c <= 0x39) c - 0x30
    else if (0x41 <= c && c <= 0x46) c - 0x41 + 10
    else if (0x61 <= c && c <= 0x66) c - 0x61 + 10
    else abort EAddressParseError
}

/// The number of bytes of an address.
public fun length(): u64 {
    LENGTH
}

/// The greatest address as a number.
public fun max(): u256 {
    MAX
}
