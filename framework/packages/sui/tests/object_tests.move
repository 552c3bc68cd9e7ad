#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::object_tests;

use std::unit_test::{assert_eq, destroy};
use sui::address;
use sui::dynamic_field as field;
use sui::dynamic_object_field as object_field;
use sui::hex;

public struct Thing has key, store {
    id: UID,
    value: u64,
}

public struct Other has key, store {
    id: UID,
}

fun thing(value: u64, ctx: &mut TxContext): Thing {
    Thing { id: object::new(ctx), value }
}

#[test]
fun identities() {
    let ctx = &mut tx_context::dummy();
    let a = thing(1, ctx);
    assert_eq!(ctx.ids_created(), 1);
    assert_eq!(object::last_created(ctx), object::id(&a));
    let b = thing(2, ctx);
    assert!(object::id(&a) != object::id(&b));

    let id = object::id(&a);
    assert_eq!(*object::borrow_id(&a), id);
    assert_eq!(object::id_address(&a), id.to_address());
    assert_eq!(object::id_bytes(&a), id.to_bytes());
    assert_eq!(a.id.to_inner(), id);
    assert_eq!(*a.id.as_inner(), id);
    assert_eq!(a.id.to_address(), id.to_address());
    assert_eq!(a.id.to_bytes(), id.to_bytes());
    assert_eq!(object::id_from_bytes(id.to_bytes()), id);
    assert_eq!(id.to_address().to_id(), id);
    assert_eq!(tx_context::derive_id(*ctx.digest(), 0), id.to_address());

    let Thing { id, value } = a;
    assert_eq!(value, 1);
    id.delete();
    destroy(b);
}

#[test]
fun contexts() {
    let mut ctx = tx_context::create(
        @0xA,
        tx_context::dummy_tx_hash_with_hint(7),
        3,
        1000,
        0,
        500,
        600,
        70_000,
        option::some(@0xB),
    );
    assert_eq!(ctx.sender(), @0xA);
    assert_eq!(ctx.digest().length(), 32);
    assert_eq!(ctx.epoch(), 3);
    assert_eq!(ctx.epoch_timestamp_ms(), 1000);
    assert_eq!(ctx.reference_gas_price(), 500);
    assert_eq!(ctx.gas_price(), 600);
    assert_eq!(ctx.gas_budget(), 70_000);
    assert_eq!(ctx.sponsor(), option::some(@0xB));
    let fresh = ctx.fresh_object_address();
    assert_eq!(ctx.last_created_object_id(), fresh);
    assert_eq!(ctx.get_ids_created(), 1);
    ctx.increment_epoch_number();
    ctx.increment_epoch_timestamp(20);
    assert_eq!(ctx.epoch(), 4);
    assert_eq!(ctx.epoch_timestamp_ms(), 1020);
    assert_eq!(ctx.sender(), @0xA);
}

#[test, expected_failure(abort_code = tx_context::EBadTxHashLength)]
fun a_digest_has_32_bytes() {
    tx_context::new(@0x0, x"00", 0, 0, 0);
}

#[test, expected_failure(abort_code = tx_context::ENoIDsCreated)]
fun nothing_made_yet() {
    tx_context::dummy().last_created_object_id();
}

#[test]
fun addresses() {
    assert_eq!(address::length(), 32);
    assert_eq!(address::from_u256(address::max()).to_u256(), address::max());
    assert_eq!(@0x10F.to_u256(), 0x10F);
    assert_eq!(address::from_u256(0x10F), @0x10F);
    assert_eq!(address::from_bytes(@0x10F.to_bytes()), @0x10F);
    let text = b"000000000000000000000000000000000000000000000000000000000000010f";
    assert_eq!(@0x10F.to_ascii_string().into_bytes(), text);
    assert_eq!(@0x10F.to_string().into_bytes(), text);
    assert_eq!(address::from_ascii_bytes(&text), @0x10F);
    let text = b"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
    assert_eq!(address::from_ascii_bytes(&text).to_u256(), address::max());
}

#[test, expected_failure(abort_code = address::EAddressParseError)]
fun an_address_has_32_bytes() {
    address::from_bytes(x"01");
}

#[test, expected_failure(abort_code = address::EAddressParseError)]
fun an_address_has_64_digits() {
    address::from_ascii_bytes(&b"10f");
}

#[test, expected_failure(abort_code = address::EAddressParseError)]
fun an_address_has_hexadecimal_digits() {
    address::from_ascii_bytes(
        &b"000000000000000000000000000000000000000000000000000000000000010g",
    );
}

#[test]
fun hexadecimal() {
    assert_eq!(hex::encode(x"00ff1a"), b"00ff1a");
    assert_eq!(hex::decode(b"00ffFF1a"), x"00ffff1a");
    let all = vector::tabulate!(256, |i| i as u8);
    assert_eq!(hex::decode(hex::encode(all)), all);
}

#[test, expected_failure(abort_code = hex::EInvalidHexLength)]
fun hexadecimal_of_odd_length() {
    hex::decode(b"0");
}

#[test, expected_failure(abort_code = hex::ENotValidHexCharacter)]
fun not_hexadecimal() {
    hex::decode(b"0x");
}

#[test]
fun fields() {
    let ctx = &mut tx_context::dummy();
    let mut a = thing(0, ctx);
    let id = &mut a.id;
    assert!(!field::exists_(id, 1));
    field::add(id, 1, b"one");
    // The same number under another type is another name.
    field::add(id, 1u8, true);
    assert!(field::exists_(id, 1) && field::exists_(id, 1u8) && !field::exists_(id, 2));
    assert!(field::exists_with_type<u64, vector<u8>>(id, 1));
    assert!(!field::exists_with_type<u64, bool>(id, 1));
    assert_eq!(*field::borrow(id, 1), b"one");
    *field::borrow_mut(id, 1) = b"uno";
    assert_eq!(field::remove(id, 1), b"uno");
    assert!(!field::exists_(id, 1));
    assert_eq!(field::remove_if_exists(id, 1u8), option::some(true));
    assert_eq!(field::remove_if_exists<u8, bool>(id, 1), option::none());
    destroy(a);
}

#[test, expected_failure(abort_code = field::EFieldAlreadyExists)]
fun one_field_for_each_name() {
    let mut a = thing(0, &mut tx_context::dummy());
    field::add(&mut a.id, 1, 1);
    field::add(&mut a.id, 1, 2);
    abort
}

#[test, expected_failure(abort_code = field::EFieldDoesNotExist)]
fun no_such_field() {
    let a = thing(0, &mut tx_context::dummy());
    let _ = field::borrow<u64, u64>(&a.id, 1);
    abort
}

#[test, expected_failure(abort_code = field::EFieldTypeMismatch)]
fun a_field_of_another_type() {
    let mut a = thing(0, &mut tx_context::dummy());
    field::add(&mut a.id, 1, 1);
    let _ = field::borrow<u64, bool>(&a.id, 1);
    abort
}

#[test]
fun object_fields() {
    let ctx = &mut tx_context::dummy();
    let mut a = thing(0, ctx);
    let b = thing(5, ctx);
    let b_id = object::id(&b);
    let id = &mut a.id;
    assert!(!object_field::exists_(id, b"b"));
    assert_eq!(object_field::id(id, b"b"), option::none());
    object_field::add(id, b"b", b);
    // A plain field may have the same name.
    field::add(id, b"b", 1);
    assert!(object_field::exists_(id, b"b"));
    assert!(object_field::exists_with_type<vector<u8>, Thing>(id, b"b"));
    assert!(!object_field::exists_with_type<vector<u8>, Other>(id, b"b"));
    assert!(!object_field::exists_with_type<vector<u8>, Thing>(id, b"c"));
    assert_eq!(object_field::id(id, b"b"), option::some(b_id));
    object_field::borrow_mut<vector<u8>, Thing>(id, b"b").value = 6;
    assert_eq!(object_field::borrow<vector<u8>, Thing>(id, b"b").value, 6);
    let b: Thing = object_field::remove(id, b"b");
    assert_eq!(object::id(&b), b_id);
    assert!(!object_field::exists_(id, b"b"));
    destroy(b);
    destroy(a);
}

#[test, expected_failure(abort_code = field::EFieldTypeMismatch)]
fun an_object_field_of_another_type() {
    let ctx = &mut tx_context::dummy();
    let mut a = thing(0, ctx);
    object_field::add(&mut a.id, 1, thing(5, ctx));
    let _: &Other = object_field::borrow(&a.id, 1);
    abort
}

#[test]
fun where_objects_go() {
    let ctx = &mut tx_context::dummy();
    transfer::transfer(thing(1, ctx), @0xA);
    transfer::public_transfer(thing(1, ctx), @0xA);
    transfer::share_object(thing(1, ctx));
    transfer::public_share_object(thing(1, ctx));
    transfer::freeze_object(thing(1, ctx));
    transfer::public_freeze_object(thing(1, ctx));
    transfer::party_transfer(thing(1, ctx), sui::party::single_owner(@0xA));
    transfer::public_party_transfer(thing(1, ctx), sui::party::single_owner(@0xA));
    let receiver = transfer::make_receiver<Thing>(@0xB.to_id(), 3);
    assert_eq!(transfer::receiving_object_id(&receiver), @0xB.to_id());
}

#[test]
fun parties() {
    let party = sui::party::single_owner(@0xA);
    assert!(party.is_single_owner());
    let (default, members, permissions) = party.into_native();
    assert_eq!(default, 0);
    assert_eq!(members, vector[@0xA]);
    assert_eq!(permissions, vector[15]);
}

public struct Happened has copy, drop { what: u8 }

#[test]
fun events() {
    sui::event::emit(Happened { what: 1 });
    sui::event::emit(Happened { what: 2 });
    assert_eq!(sui::event::num_events(), 2);
    assert_eq!(sui::event::events_by_type<Happened>()[1].what, 2);
}

#[test]
fun time() {
    let ctx = &mut tx_context::dummy();
    let mut clock = sui::clock::create_for_testing(ctx);
    assert_eq!(clock.timestamp_ms(), 0);
    clock.increment_for_testing(5);
    clock.set_for_testing(7);
    clock.increment_for_testing(1);
    assert_eq!(clock.timestamp_ms(), 8);
    clock.destroy_for_testing();
    sui::clock::create_for_testing(ctx).share_for_testing();
}

#[test, expected_failure]
fun time_does_not_go_back() {
    let mut clock = sui::clock::create_for_testing(&mut tx_context::dummy());
    clock.set_for_testing(7);
    clock.set_for_testing(6);
    abort
}
