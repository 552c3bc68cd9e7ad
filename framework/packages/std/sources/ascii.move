/// Text in the 128 characters of ASCII, one byte each.
module std::ascii;

/// `s.to_string()`: the same text as a UTF-8 string.
public use fun std::string::from_ascii as String.to_string;

/// A byte is not an ASCII character.
const EInvalidASCIICharacter: u64 = 0x10000;

/// A position lies outside the string.
const EInvalidIndex: u64 = 0x10001;

/// ASCII text: every byte is less than 128.
public struct String has copy, drop, store {
    bytes: vector<u8>,
}

/// One ASCII character: the byte is less than 128.
public struct Char has copy, drop, store {
    byte: u8,
}

/// The character with code `byte`. Aborts with `EInvalidASCIICharacter` when
/// `byte` is not ASCII.
public fun char(byte: u8): Char {
    assert!(is_valid_char(byte), EInvalidASCIICharacter);
    Char { byte }
}

/// The text with these bytes. Aborts with `EInvalidASCIICharacter` when one of
/// them is not ASCII.
public fun string(bytes: vector<u8>): String {
    assert!(bytes.all!(|byte| is_valid_char(*byte)), EInvalidASCIICharacter);
    String { bytes }
}

/// The text with these bytes, or none when one of them is not ASCII.
public fun try_string(bytes: vector<u8>): Option<String> {
    if (bytes.all!(|byte| is_valid_char(*byte))) option::some(String { bytes })
    else option::none()
}

/// Whether every character can be printed (codes 0x20 to 0x7E).
public fun all_characters_printable(string: &String): bool {
    string.bytes.all!(|byte| is_printable_char(*byte))
}

/// Adds `char` at the end.
public fun push_char(string: &mut String, char: Char) {
    string.bytes.push_back(char.byte)
}

/// Takes the last character off. Fails in the virtual machine when the text is
/// empty.
public fun pop_char(string: &mut String): Char {
    Char { byte: string.bytes.pop_back() }
}

/// The number of characters.
public fun length(string: &String): u64 {
    string.bytes.length()
}

/// Adds `other` at the end.
public fun append(string: &mut String, other: String) {
    string.bytes.append(other.into_bytes())
}

/// Puts `o` in front of the character at `at`; at the length, behind the last.
/// Aborts with `EInvalidIndex` when `at` is greater than the length.
public fun insert(s: &mut String, at: u64, o: String) {
    assert!(at <= s.length(), EInvalidIndex);
    let mut bytes = s.bytes;
    let mut tail = vector[];
    while (bytes.length() > at) tail.push_back(bytes.pop_back());
    tail.reverse();
    bytes.append(o.into_bytes());
    bytes.append(tail);
    s.bytes = bytes;
}

/// The characters from position `i` up to, not including, `j`. Aborts with
/// `EInvalidIndex` unless `i <= j` and `j` is at most the length.
public fun substring(string: &String, i: u64, j: u64): String {
    assert!(i <= j && j <= string.length(), EInvalidIndex);
    String { bytes: vector::tabulate!(j - i, |k| string.bytes[i + k]) }
}

/// Borrows the bytes.
public fun as_bytes(string: &String): &vector<u8> {
    &string.bytes
}

/// The bytes; the text is consumed.
public fun into_bytes(string: String): vector<u8> {
    let String { bytes } = string;
    bytes
}

/// The code of a character.
public fun byte(char: Char): u8 {
    let Char { byte } = char;
    byte
}

/// Whether `b` is the code of an ASCII character.
public fun is_valid_char(b: u8): bool {
    b < 0x80
}

/// Whether `byte` is the code of a character that can be printed: 0x20 (space) to
/// 0x7E.
public fun is_printable_char(byte: u8): bool {
    0x20 <= byte && byte < 0x7F
}

/// Whether there are no characters.
public fun is_empty(string: &String): bool {
    string.bytes.is_empty()
}

/// The text with the letters a to z replaced by A to Z.
public fun to_uppercase(string: &String): String {
    String { bytes: string.bytes.map_ref!(|byte| char_to_uppercase(*byte)) }
}

/// The text with the letters A to Z replaced by a to z.
public fun to_lowercase(string: &String): String {
    String { bytes: string.bytes.map_ref!(|byte| char_to_lowercase(*byte)) }
}

/// The position of the first occurrence of `substr`; the length when there is
/// none. An empty `substr` occurs at 0.
public fun index_of(string: &String, substr: &String): u64 {
    let length = string.length();
    let width = substr.length();
    let mut at = 0;
    while (at + width <= length) {
        let mut matching = 0;
        while (matching < width && string.bytes[at + matching] == substr.bytes[matching]) {
            matching = matching + 1
        };
        if (matching == width) return at;
        at = at + 1;
    };
    length
}

// The letters' codes differ by one bit between the two cases.
fun char_to_uppercase(byte: u8): u8 {
    if (0x61 <= byte && byte <= 0x7A) byte ^ 0x20 else byte
}

fun char_to_lowercase(byte: u8): u8 {
    if (0x41 <= byte && byte <= 0x5A) byte ^ 0x20 else byte
}
