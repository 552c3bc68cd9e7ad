#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::bytes_tests;

use std::bcs;
use std::hash;
use std::unit_test::assert_eq;

public struct Pair has drop {
    first: u16,
    second: vector<bool>,
}

#[test]
fun serialisation() {
    assert_eq!(bcs::to_bytes(&true), x"01");
    assert_eq!(bcs::to_bytes(&0x0102u16), x"0201");
    assert_eq!(bcs::to_bytes(&1u256).length(), 32);
    assert_eq!(bcs::to_bytes(&@0x1).length(), std::address::length());
    assert_eq!(bcs::to_bytes(&b"ab"), x"026162");
    assert_eq!(bcs::to_bytes(&Pair { first: 1, second: vector[true, false] }), x"0100020100");
    assert_eq!(bcs::to_bytes(&option::none<u8>()), x"00");
    assert_eq!(bcs::to_bytes(&option::some(7u8)), x"0107");
    // A length of 128 takes two bytes.
    assert_eq!(bcs::to_bytes(&vector::tabulate!(128, |_| 0u8)).length(), 130);
}

// Test vectors of the standards: the empty message, and "abc".
#[test]
fun hashes() {
    assert_eq!(
        hash::sha2_256(b""),
        x"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    assert_eq!(
        hash::sha2_256(b"abc"),
        x"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert_eq!(
        hash::sha3_256(b""),
        x"a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
    );
    assert_eq!(
        hash::sha3_256(b"abc"),
        x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    );
}

#[test]
fun permits() {
    let _permit: internal::Permit<Pair> = internal::permit();
}

#[test]
fun printing() {
    std::debug::print(&1u8);
    std::debug::print_stack_trace();
}
