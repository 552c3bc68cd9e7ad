/// Strings, BCS and hashes.
module other_vm::text;

use other_vm::digest::show;
use std::{ascii, bcs, hash, type_name};

public struct Record has drop { id: u64, tags: vector<std::string::String>, owner: address }

#[test] fun utf8() { show(&b"h\xC3\xA9llo".to_string()) }
#[test] fun cut() { show(&b"h\xC3\xA9llo".to_string().substring(1, 3)) }
#[test] fun cut_within() { show(&b"h\xC3\xA9llo".to_string().substring(0, 2)) }
#[test] fun cut_backwards() { show(&b"hello".to_string().substring(3, 2)) }
#[test] fun cut_outside() { show(&b"hello".to_string().substring(0, 6)) }
#[test] fun invalid() { show(&b"\xFF".to_string()) }
#[test] fun overlong() { show(&b"\xC0\x80".to_string()) }
#[test] fun surrogate() { show(&b"\xED\xA0\x80".to_string()) }
#[test] fun tried() { show(&vector[b"\xED\xA0\x80", b"\xF4\x8F\xBF\xBF", b"\xF4\x90\x80\x80", b""].map!(|it| std::string::try_utf8(it).is_some())) }
#[test] fun found() { let s = b"abcabc".to_string(); show(&vector[s.index_of(&b"ca".to_string()), s.index_of(&b"x".to_string()), s.index_of(&b"".to_string())]) }
#[test] fun joined() { let mut s = b"a".to_string(); s.append_utf8(b"\xE2\x82\xAC"); s.insert(1, b"-".to_string()); show(&s) }
#[test] fun ascii_text() { show(&b"Az09".to_ascii_string().to_uppercase()) }
#[test] fun ascii_invalid() { show(&b"\x80".to_ascii_string()) }
#[test] fun ascii_char() { show(&ascii::char(200)) }
#[test] fun encoded() { show(&bcs::to_bytes(&Record { id: 9, tags: vector[b"x".to_string(), b"".to_string()], owner: @0xABC })) }
#[test] fun encoded_long() { show(&bcs::to_bytes(&vector::tabulate!(300, |i| i))) }
#[test] fun hashes() { show(&vector[hash::sha2_256(b""), hash::sha3_256(b"abc"), hash::sha2_256(vector::tabulate!(200, |i| i as u8))]) }
#[test] fun names() { show(&type_name::with_defining_ids<vector<Option<u8>>>().into_string()) }
#[test] fun numbers() { show(&vector[18446744073709551615u64.to_string(), 0u64.to_string()]) }
