/// Addresses of resources outside the network.
module sui::url;

use std::ascii::String;

/// The text of an address. Nothing checks its form, or that something is there.
public struct Url has copy, drop, store {
    url: String,
}

/// The address with this text, unchecked.
public fun new_unsafe(url: String): Url {
    Url { url }
}

/// The address with this text, which must be ASCII: aborts in `std::ascii` when it
/// is not.
public fun new_unsafe_from_bytes(bytes: vector<u8>): Url {
    Url { url: bytes.to_ascii_string() }
}

/// The text.
public fun inner_url(self: &Url): String {
    self.url
}

/// Replaces the text.
public fun update(self: &mut Url, url: String) {
    self.url = url
}
