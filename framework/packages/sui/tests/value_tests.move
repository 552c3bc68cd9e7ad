#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::value_tests;

use std::unit_test::{assert_eq, destroy};
use sui::bcs;
use sui::borrow;
use sui::random;
use sui::versioned;

public struct Thing has key, store { id: UID }

#[test]
fun reading_what_was_written() {
    let mut bytes = vector[];
    bytes.append(bcs::to_bytes(&@0xA));
    bytes.append(bcs::to_bytes(&true));
    bytes.append(bcs::to_bytes(&0x12u8));
    bytes.append(bcs::to_bytes(&0x1234u16));
    bytes.append(bcs::to_bytes(&0x12345678u32));
    bytes.append(bcs::to_bytes(&0x123456789ABCDEF0u64));
    bytes.append(bcs::to_bytes(&(std::u128::max_value!() - 1)));
    bytes.append(bcs::to_bytes(&(std::u256::max_value!() - 1)));
    bytes.append(x"ff");
    let mut read = bcs::new(bytes);
    assert_eq!(read.peel_address(), @0xA);
    assert!(read.peel_bool());
    assert_eq!(read.peel_u8(), 0x12);
    assert_eq!(read.peel_u16(), 0x1234);
    assert_eq!(read.peel_u32(), 0x12345678);
    assert_eq!(read.peel_u64(), 0x123456789ABCDEF0);
    assert_eq!(read.peel_u128(), std::u128::max_value!() - 1);
    assert_eq!(read.peel_u256(), std::u256::max_value!() - 1);
    assert_eq!(read.into_remainder_bytes(), x"ff");
}

#[test]
fun reading_vectors_and_options() {
    assert_eq!(bcs::new(bcs::to_bytes(&vector[@0x1, @0x2])).peel_vec_address(), vector[@0x1, @0x2]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[true, false])).peel_vec_bool(), vector[true, false]);
    assert_eq!(bcs::new(bcs::to_bytes(&b"abc")).peel_vec_u8(), b"abc");
    assert_eq!(bcs::new(bcs::to_bytes(&vector[b"a", b""])).peel_vec_vec_u8(), vector[b"a", b""]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[1u16, 2])).peel_vec_u16(), vector[1, 2]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[1u32, 2])).peel_vec_u32(), vector[1, 2]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[1u64, 2])).peel_vec_u64(), vector[1, 2]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[1u128, 2])).peel_vec_u128(), vector[1, 2]);
    assert_eq!(bcs::new(bcs::to_bytes(&vector[1u256, 2])).peel_vec_u256(), vector[1, 2]);
    assert_eq!(bcs::new(x"00").peel_option_address(), option::none());
    assert_eq!(bcs::new(bcs::to_bytes(&option::some(@0x1))).peel_option_address(), option::some(@0x1));
    assert_eq!(bcs::new(x"0101").peel_option_bool(), option::some(true));
    assert_eq!(bcs::new(x"0105").peel_option_u8(), option::some(5));
    assert_eq!(bcs::new(x"010500").peel_option_u16(), option::some(5));
    assert_eq!(bcs::new(x"0105000000").peel_option_u32(), option::some(5));
    assert_eq!(bcs::new(x"010500000000000000").peel_option_u64(), option::some(5));
    assert_eq!(bcs::new(bcs::to_bytes(&option::some(5u128))).peel_option_u128(), option::some(5));
    assert_eq!(bcs::new(bcs::to_bytes(&option::some(5u256))).peel_option_u256(), option::some(5));
    let long = vector::tabulate!(300, |i| (i % 256) as u8);
    let mut read = bcs::new(bcs::to_bytes(&long));
    assert_eq!(read.peel_vec!(|read| read.peel_u8()), long);
    assert_eq!(bcs::new(x"ac02").peel_vec_length(), 300);
    assert_eq!(bcs::new(x"ffffff7f").peel_vec_length(), (1 << 28) - 1);
    assert_eq!(bcs::new(x"02").peel_enum_tag(), 2);
}

#[test, expected_failure(abort_code = bcs::EOutOfRange)]
fun reading_past_the_end() {
    bcs::new(x"010203").peel_u32();
}

#[test, expected_failure(abort_code = bcs::EOutOfRange)]
fun reading_an_address_past_the_end() {
    bcs::new(x"010203").peel_address();
}

#[test, expected_failure(abort_code = bcs::EOutOfRange)]
fun reading_a_vector_past_the_end() {
    bcs::new(x"0201").peel_vec_u8();
}

#[test, expected_failure(abort_code = bcs::ENotBool)]
fun reading_a_bool_that_is_none() {
    bcs::new(x"02").peel_bool();
}

#[test, expected_failure(abort_code = bcs::ELenOutOfRange)]
fun reading_a_length_of_five_bytes() {
    bcs::new(x"8080808001").peel_vec_length();
}

#[test]
fun lending() {
    let ctx = &mut tx_context::dummy();
    let thing = Thing { id: object::new(ctx) };
    let id = object::id(&thing);
    let mut referent = borrow::new(thing, ctx);
    let (thing, promise) = referent.borrow();
    assert_eq!(object::id(&thing), id);
    referent.put_back(thing, promise);
    destroy(referent.destroy());
}

#[test, expected_failure(abort_code = borrow::EWrongValue)]
fun giving_another_object_back() {
    let ctx = &mut tx_context::dummy();
    let mut referent = borrow::new(Thing { id: object::new(ctx) }, ctx);
    let (_thing, promise) = referent.borrow();
    referent.put_back(Thing { id: object::new(ctx) }, promise);
    abort
}

#[test, expected_failure(abort_code = borrow::EWrongBorrow)]
fun giving_back_to_another() {
    let ctx = &mut tx_context::dummy();
    let mut one = borrow::new(Thing { id: object::new(ctx) }, ctx);
    let mut two = borrow::new(Thing { id: object::new(ctx) }, ctx);
    let (thing, promise) = one.borrow();
    let (_other, _promise) = two.borrow();
    two.put_back(thing, promise);
    abort
}

#[test]
fun versions() {
    let ctx = &mut tx_context::dummy();
    let mut value = versioned::create(1, b"one", ctx);
    assert_eq!(value.version(), 1);
    *value.load_value_mut() = b"uno";
    assert_eq!(*value.load_value(), b"uno");
    let (old, cap) = value.remove_value_for_upgrade<vector<u8>>();
    value.upgrade(3, old.length(), cap);
    assert_eq!(value.version(), 3);
    assert_eq!(*value.load_value(), 3);
    assert_eq!(value.destroy<u64>(), 3);
}

#[test, expected_failure(abort_code = versioned::EInvalidUpgrade)]
fun versions_grow() {
    let mut value = versioned::create(1, b"one", &mut tx_context::dummy());
    let (old, cap) = value.remove_value_for_upgrade<vector<u8>>();
    value.upgrade(1, old, cap);
    abort
}

#[test, expected_failure(abort_code = versioned::EInvalidUpgrade)]
fun capabilities_are_not_exchanged() {
    let ctx = &mut tx_context::dummy();
    let mut one = versioned::create(1, b"one", ctx);
    let mut two = versioned::create(1, b"two", ctx);
    let (old, cap) = one.remove_value_for_upgrade<vector<u8>>();
    let (_, _cap) = two.remove_value_for_upgrade<vector<u8>>();
    two.upgrade(2, old, cap);
    abort
}

#[test]
fun randomness() {
    let mut g = random::new_generator_for_testing();
    assert_eq!(g.generate_bytes(0).length(), 0);
    assert_eq!(g.generate_bytes(100).length(), 100);
    assert!(g.generate_u256() != g.generate_u256());
    assert!(g.generate_u128() != g.generate_u128());
    assert!(g.generate_u64() != g.generate_u64());
    // Each of 64 draws would miss a value with a chance of less than one in a billion.
    let mut seen = vector::tabulate!(5, |_| false);
    64u8.do!(|_| {
        *&mut seen[g.generate_u64_in_range(0, 4)] = true;
        assert!(within(g.generate_u8_in_range(10, 12) as u64));
        assert!(within(g.generate_u16_in_range(10, 12) as u64));
        assert!(within(g.generate_u32_in_range(10, 12) as u64));
        assert!(within(g.generate_u128_in_range(10, 12) as u64));
    });
    assert!(seen.all!(|seen| *seen));
    assert_eq!(g.generate_u64_in_range(7, 7), 7);
    let max = std::u128::max_value!();
    assert_eq!(g.generate_u128_in_range(max, max), max);
    g.generate_u128_in_range(0, max);
    g.generate_u8_in_range(0, 255);
    g.generate_bool();
    g.generate_u8();
    g.generate_u16();
    g.generate_u32();

    let sorted = vector::tabulate!(50, |i| i);
    let mut shuffled = sorted;
    g.shuffle(&mut shuffled);
    assert!(shuffled != sorted);
    shuffled.insertion_sort_by!(|a, b| *a <= *b);
    assert_eq!(shuffled, sorted);

    // The same seed gives the same numbers, another seed others.
    let mut one = random::new_generator_from_seed_for_testing(b"one");
    let mut same = random::new_generator_from_seed_for_testing(b"one");
    let mut two = random::new_generator_from_seed_for_testing(b"two");
    let first = one.generate_u64();
    assert_eq!(same.generate_u64(), first);
    assert!(two.generate_u64() != first);
}

#[test, expected_failure(abort_code = random::EInvalidRange)]
fun a_range_of_nothing() {
    random::new_generator_for_testing().generate_u8_in_range(2, 1);
}

// Test vectors of the standards.
#[test]
fun hashes() {
    assert_eq!(
        sui::hash::blake2b256(&b"abc"),
        x"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
    );
    assert_eq!(
        sui::hash::keccak256(&b""),
        x"c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
    let key = vector::tabulate!(20, |_| 0x0Bu8);
    assert_eq!(
        sui::hmac::hmac_sha3_256(&key, &b"Hi There"),
        x"ba85192310dffa96e2a3a40e69774351140bb7185e1202cdcc917589f95e16bb",
    );
}

#[test]
fun signatures() {
    let key = x"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    let signature =
        x"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    assert!(sui::ed25519::ed25519_verify(&signature, &key, &x"72"));
    assert!(!sui::ed25519::ed25519_verify(&signature, &key, &x"73"));
    assert!(!sui::ed25519::ed25519_verify(&x"00", &key, &x"72"));
    assert!(!sui::ed25519::ed25519_verify(&signature, &x"00", &x"72"));
}

#[test, allow(deprecated_usage)]
fun older_arithmetic() {
    assert_eq!(sui::math::max(1, 2), 2);
    assert_eq!(sui::math::min(1, 2), 1);
    assert_eq!(sui::math::diff(1, 3), 2);
    assert_eq!(sui::math::pow(2, 10), 1024);
    assert_eq!(sui::math::sqrt(17), 4);
    assert_eq!(sui::math::sqrt_u128(17), 4);
    assert_eq!(sui::math::divide_and_round_up(7, 2), 4);
}

#[test]
fun urls() {
    let mut url = sui::url::new_unsafe(b"a".to_ascii_string());
    assert_eq!(url.inner_url(), b"a".to_ascii_string());
    url.update(b"b".to_ascii_string());
    assert_eq!(url, sui::url::new_unsafe_from_bytes(b"b"));
}

public struct VALUE_TESTS has drop {}

#[test]
fun witnesses() {
    assert!(sui::types::is_one_time_witness(&VALUE_TESTS {}));
    assert!(!sui::types::is_one_time_witness(&1u8));
    assert!(!sui::types::is_one_time_witness(&b""));
}

#[test, allow(deprecated_usage)]
fun older_test_functions() {
    sui::test_utils::assert_eq(1, 1);
    sui::test_utils::assert_ref_eq(&b"a", &b"a");
    sui::test_utils::print(b"text");
    sui::test_utils::assert_same_elems(&vector[1, 2], &vector[2, 1]);
    let ctx = &mut tx_context::dummy();
    sui::test_utils::destroy(Thing { id: object::new(ctx) });
}

fun within(number: u64): bool {
    10 <= number && number <= 12
}

#[test]
fun signatures_on_secp256k1() {
    use sui::ecdsa_k1::{Self, secp256k1_sign, secp256k1_verify};

    let seed = vector::tabulate!(32, |i| i as u8);
    let keys = ecdsa_k1::secp256k1_keypair_from_seed(&seed);
    let msg = b"warp and weft";
    vector[0u8, 1].do!(|hash| {
        let signature = secp256k1_sign(keys.private_key(), &msg, hash, false);
        assert_eq!(signature.length(), 64);
        assert!(secp256k1_verify(&signature, keys.public_key(), &msg, hash));
        assert!(!secp256k1_verify(&signature, keys.public_key(), &b"warp", hash));
        assert!(!secp256k1_verify(&signature, keys.public_key(), &msg, 1 - hash));
        let recoverable = secp256k1_sign(keys.private_key(), &msg, hash, true);
        assert_eq!(recoverable.length(), 65);
        assert_eq!(ecdsa_k1::secp256k1_ecrecover(&recoverable, &msg, hash), *keys.public_key());
    });
    let whole = ecdsa_k1::decompress_pubkey(keys.public_key());
    assert_eq!(whole.length(), 65);
    assert_eq!(whole[0], 4);
    assert_eq!(whole.skip(1).take(32), (*keys.public_key()).skip(1));
}

#[test, expected_failure(abort_code = sui::ecdsa_k1::EInvalidSignature)]
fun recovering_from_too_little() {
    sui::ecdsa_k1::secp256k1_ecrecover(&x"00", &b"", 0);
}

#[test, expected_failure(abort_code = sui::ecdsa_k1::EInvalidPubKey)]
fun a_key_that_is_none() {
    sui::ecdsa_k1::decompress_pubkey(&x"00");
}
