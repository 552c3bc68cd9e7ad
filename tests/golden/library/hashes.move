// Hashes of std::hash and sui::hash, checked against another implementation.
module golden::hashes;

use std::hash;
use sui::hash as sui_hash;

//> sha2(x"") = x"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
//> sha2(b"abc") = x"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
fun sha2(bytes: vector<u8>): vector<u8> { hash::sha2_256(bytes) }

//> sha3(x"") = x"a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"
//> sha3(b"abc") = x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
fun sha3(bytes: vector<u8>): vector<u8> { hash::sha3_256(bytes) }

//> blake2b(b"abc") = x"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
fun blake2b(bytes: &vector<u8>): vector<u8> { sui_hash::blake2b256(bytes) }

//> keccak(x"") = x"c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
//> keccak(b"abc") = x"4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
fun keccak(bytes: &vector<u8>): vector<u8> { sui_hash::keccak256(bytes) }

//> chained(b"a", 3) = x"eb48bdfa15fc43dbea3aabb1ee847b6e69232c0f0d9705935e50d60cce77877f"
fun chained(mut bytes: vector<u8>, mut n: u64): vector<u8> {
    while (n > 0) {
        bytes = hash::sha2_256(bytes);
        n = n - 1;
    };
    bytes
}
