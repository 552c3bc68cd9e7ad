/// Bytes as hexadecimal text.
module sui::hex;

/// The text has an odd number of digits.
const EInvalidHexLength: u64 = 0;

/// A character is not a hexadecimal digit.
const ENotValidHexCharacter: u64 = 1;

/// Two lower-case digits for each byte, without a prefix.
public fun encode(bytes: vector<u8>): vector<u8> {
    let digits = b"0123456789abcdef";
    let mut text = vector[];
    bytes.do!(|byte| {
        text.push_back(digits[(byte >> 4) as u64]);
        text.push_back(digits[(byte & 0x0F) as u64]);
    });
    text
}

/// The bytes for which the text `hex` stands: two digits each, in either case,
/// without a prefix. Aborts with `EInvalidHexLength` when their number is odd, and
/// with `ENotValidHexCharacter` when one is not a digit.
public fun decode(hex: vector<u8>): vector<u8> {
    let length = hex.length();
    assert!(length % 2 == 0, EInvalidHexLength);
    vector::tabulate!(length / 2, |i| {
        (digit_value(hex[2 * i]) << 4) | digit_value(hex[2 * i + 1])
    })
}

fun digit_value(c: u8): u8 {
    if (0x30 <= c && c <= 0x39) c - 0x30
    else if (0x41 <= c && c <= 0x46) c - 0x41 + 10
    else if (0x61 <= c && c <= 0x66) c - 0x61 + 10
    else abort ENotValidHexCharacter
}
