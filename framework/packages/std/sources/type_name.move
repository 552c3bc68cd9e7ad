/// Types as values: their full names, addresses and modules.
///
/// A name is the canonical text of the type: addresses as 64 hexadecimal digits
/// without prefix, then module, name and type arguments, as in
/// `0000...0002::coin::Coin<0000...0002::sui::SUI>`.
///
/// A type that came with an upgrade has two addresses: that of the package version
/// which first had it (its *defining* id, the one that object types use), and that
/// of the package's first version (its *original* id).
module std::type_name;

use std::address;
use std::ascii::String;

/// The type is a primitive one, which has neither address nor module.
const ENonModuleType: u64 = 0;

// ':' separates address, module and name.
const COLON: u8 = 0x3A;

/// The name of a type.
public struct TypeName has copy, drop, store {
    name: String,
}

/// The name of `T`, with defining ids.
public native fun with_defining_ids<T>(): TypeName;

/// The name of `T`, with original ids.
public native fun with_original_ids<T>(): TypeName;

/// The address of the package version that first had `T`. Aborts with
/// `ENonModuleType` when `T` is primitive.
public native fun defining_id<T>(): address;

/// The address of the first version of the package of `T`. Aborts with
/// `ENonModuleType` when `T` is primitive.
public native fun original_id<T>(): address;

/// Whether the type is one of the language's own: `bool`, an integer, `address`,
/// `signer`, or a vector of anything.
public fun is_primitive(self: &TypeName): bool {
    let bytes = self.name.as_bytes();
    bytes == &b"bool" ||
    bytes == &b"u8" ||
    bytes == &b"u16" ||
    bytes == &b"u32" ||
    bytes == &b"u64" ||
    bytes == &b"u128" ||
    bytes == &b"u256" ||
    bytes == &b"address" ||
    bytes == &b"signer" ||
    (bytes.length() >= 7 && self.name.substring(0, 7).as_bytes() == &b"vector<")
}

/// Borrows the name's text.
public fun as_string(self: &TypeName): &String {
    &self.name
}

/// The address part of the name, 64 hexadecimal digits. Aborts with
/// `ENonModuleType` when the type is primitive.
public fun address_string(self: &TypeName): String {
    assert!(!self.is_primitive(), ENonModuleType);
    self.name.substring(0, address_width())
}

/// The module part of the name. Aborts with `ENonModuleType` when the type is
/// primitive.
public fun module_string(self: &TypeName): String {
    assert!(!self.is_primitive(), ENonModuleType);
    let start = address_width() + 2;
    let bytes = self.name.as_bytes();
    let mut end = start;
    while (bytes[end] != COLON) end = end + 1;
    self.name.substring(start, end)
}

/// What follows the module in the name: the type's own name and its type
/// arguments. Aborts with `ENonModuleType` when the type is primitive.
public fun datatype_string(self: &TypeName): String {
    let start = address_width() + 2 + self.module_string().length() + 2;
    self.name.substring(start, self.name.length())
}

/// The name's text.
public fun into_string(self: TypeName): String {
    self.name
}

// Two digits for each byte of an address.
fun address_width(): u64 {
    address::length() * 2
}

// === Older names ===

/// Older name of `with_defining_ids`.
#[deprecated(note = b"Renamed to `with_defining_ids` for clarity.")]
public fun get<T>(): TypeName {
    with_defining_ids<T>()
}

/// Older name of `with_original_ids`.
#[deprecated(note = b"Renamed to `with_original_ids` for clarity.")]
public fun get_with_original_ids<T>(): TypeName {
    with_original_ids<T>()
}

/// Older name of `as_string`.
#[deprecated(note = b"Renamed to `as_string` for consistency.")]
public fun borrow_string(self: &TypeName): &String {
    self.as_string()
}

/// Older name of `address_string`.
#[deprecated(note = b"Renamed to `address_string` for consistency.")]
public fun get_address(self: &TypeName): String {
    self.address_string()
}

/// Older name of `module_string`.
#[deprecated(note = b"Renamed to `module_string` for consistency.")]
public fun get_module(self: &TypeName): String {
    self.module_string()
}
