#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::text_tests;

use std::ascii;
use std::string;
use std::type_name;
use std::unit_test::assert_eq;

#[test]
fun ascii_text() {
    let mut s = b"Heddle".to_ascii_string();
    assert_eq!(s.length(), 6);
    assert!(!s.is_empty() && b"".to_ascii_string().is_empty());
    assert!(s.all_characters_printable());
    assert!(!b"a\n".to_ascii_string().all_characters_printable());
    s.push_char(ascii::char(0x21));
    assert_eq!(*s.as_bytes(), b"Heddle!");
    assert_eq!(s.pop_char().byte(), 0x21);
    s.append(b" and loom".to_ascii_string());
    s.insert(6, b"s".to_ascii_string());
    assert_eq!(s, b"Heddles and loom".to_ascii_string());
    assert_eq!(s.substring(8, 11).into_bytes(), b"and");
    assert_eq!(s.to_uppercase().into_bytes(), b"HEDDLES AND LOOM");
    assert_eq!(s.to_lowercase().into_bytes(), b"heddles and loom");
    assert_eq!(s.index_of(&b"and".to_ascii_string()), 8);
    assert_eq!(s.index_of(&b"loom".to_ascii_string()), 12);
    assert_eq!(s.index_of(&b"looms".to_ascii_string()), 16);
    assert_eq!(s.index_of(&b"".to_ascii_string()), 0);
    assert!(ascii::is_valid_char(127) && !ascii::is_valid_char(128));
    assert!(ascii::is_printable_char(0x20) && ascii::is_printable_char(0x7E));
    assert!(!ascii::is_printable_char(0x1F) && !ascii::is_printable_char(0x7F));
    assert!(x"80".try_to_ascii_string().is_none());
    assert!(x"7f".try_to_ascii_string().is_some());
    assert_eq!(s.to_string().to_ascii(), s);
    // The characters next to the letters have no case.
    assert_eq!(b"@[`{".to_ascii_string().to_uppercase().into_bytes(), b"@[`{");
    assert_eq!(b"@[`{".to_ascii_string().to_lowercase().into_bytes(), b"@[`{");
}

#[test, expected_failure(abort_code = ascii::EInvalidASCIICharacter)]
fun not_ascii() {
    x"41ff".to_ascii_string();
}

#[test, expected_failure(abort_code = ascii::EInvalidASCIICharacter)]
fun not_an_ascii_character() {
    ascii::char(200);
}

#[test, expected_failure(abort_code = ascii::EInvalidIndex)]
fun ascii_substring_outside() {
    b"abc".to_ascii_string().substring(1, 4);
}

#[test, expected_failure(abort_code = ascii::EInvalidIndex)]
fun ascii_insert_outside() {
    b"abc".to_ascii_string().insert(4, b"d".to_ascii_string());
}

#[test]
fun utf8_text() {
    // Two characters of two bytes, one of three.
    let mut s = x"c3a4c3b6e282ac".to_string();
    assert_eq!(s.length(), 7);
    assert!(!s.is_empty());
    s.append_utf8(b"!");
    s.append(b"?".to_string());
    s.insert(4, b"-".to_string());
    assert_eq!(s.into_bytes(), x"c3a4c3b62de282ac213f");
    assert_eq!(s.substring(2, 4).into_bytes(), x"c3b6");
    assert_eq!(s.substring(9, 10).into_bytes(), b"?");
    assert_eq!(s.substring(10, 10).into_bytes(), b"");
    assert_eq!(s.index_of(&b"-".to_string()), 4);
    assert_eq!(s.index_of(&b"x".to_string()), 10);
    assert_eq!(s.index_of(&b"".to_string()), 0);
    assert_eq!(*s.as_bytes(), s.into_bytes());
    assert!(x"c3".try_to_string().is_none());
    assert!(x"c3a4".try_to_string().is_some());
    assert_eq!(b"abc".to_ascii_string().to_string(), b"abc".to_string());
}

#[test, expected_failure(abort_code = string::EInvalidUTF8)]
fun not_utf8() {
    x"ff".to_string();
}

#[test, expected_failure(abort_code = string::EInvalidIndex)]
fun substring_within_a_character() {
    x"c3a4".to_string().substring(0, 1);
}

#[test, expected_failure(abort_code = string::EInvalidIndex)]
fun substring_outside() {
    b"abc".to_string().substring(1, 4);
}

#[test, expected_failure(abort_code = string::EInvalidIndex)]
fun insert_within_a_character() {
    x"c3a4".to_string().insert(1, b"x".to_string());
}

#[test, expected_failure(abort_code = ascii::EInvalidASCIICharacter)]
fun utf8_that_is_not_ascii() {
    x"c3a4".to_string().to_ascii();
}

public struct Named<phantom T> {}

#[test]
fun names_of_types() {
    let one = b"0000000000000000000000000000000000000000000000000000000000000001";
    let mut expected = one;
    expected.append(b"::text_tests::Named<u64>");
    let name = type_name::with_defining_ids<Named<u64>>();
    assert_eq!(*name.as_string(), expected.to_ascii_string());
    assert_eq!(name.address_string(), one.to_ascii_string());
    assert_eq!(name.module_string(), b"text_tests".to_ascii_string());
    assert_eq!(name.datatype_string(), b"Named<u64>".to_ascii_string());
    assert_eq!(type_name::with_original_ids<Named<u64>>(), name);
    assert_eq!(type_name::defining_id<Named<u8>>(), @0x1);
    assert_eq!(type_name::original_id<Named<u8>>(), @0x1);
    assert!(!name.is_primitive());
    assert!(type_name::with_defining_ids<u8>().is_primitive());
    assert!(type_name::with_defining_ids<bool>().is_primitive());
    assert!(type_name::with_defining_ids<address>().is_primitive());
    assert!(type_name::with_defining_ids<vector<Named<u8>>>().is_primitive());
    assert_eq!(
        type_name::with_defining_ids<vector<u256>>().into_string(),
        b"vector<u256>".to_ascii_string(),
    );
}

#[test, expected_failure(abort_code = type_name::ENonModuleType)]
fun primitive_types_have_no_module() {
    type_name::with_defining_ids<u64>().module_string();
}

#[test, expected_failure(abort_code = type_name::ENonModuleType)]
fun primitive_types_have_no_address() {
    type_name::with_defining_ids<u64>().address_string();
}
