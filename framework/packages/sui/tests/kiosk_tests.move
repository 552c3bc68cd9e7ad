#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::kiosk_tests;

use std::unit_test::{assert_eq, destroy};
use sui::coin;
use sui::kiosk::{Self, Kiosk, KioskOwnerCap};
use sui::kiosk_extension as extension;
use sui::package;
use sui::sui::SUI;
use sui::transfer_policy::{Self as policy, TransferPolicy, TransferPolicyCap};

public struct KIOSK_TESTS has drop {}

public struct Thing has key, store { id: UID }

public struct Royalty has drop {}

public struct OtherRule has drop {}

public struct Ext has drop {}

fun thing(ctx: &mut TxContext): (Thing, ID) {
    let id = object::new(ctx);
    let inner = id.to_inner();
    (Thing { id }, inner)
}

fun pay(value: u64, ctx: &mut TxContext): coin::Coin<SUI> {
    coin::mint_for_testing(value, ctx)
}

// A kiosk with one thing, and a policy without rules.
fun shop(
    ctx: &mut TxContext,
): (Kiosk, KioskOwnerCap, ID, TransferPolicy<Thing>, TransferPolicyCap<Thing>) {
    let (mut kiosk, cap) = kiosk::new(ctx);
    let (thing, id) = thing(ctx);
    kiosk.place(&cap, thing);
    let (policy, policy_cap) = policy::new_for_testing(ctx);
    (kiosk, cap, id, policy, policy_cap)
}

#[test]
fun placing_and_taking() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, policy, policy_cap) = shop(ctx);
    assert_eq!(cap.kiosk(), object::id(&kiosk));
    assert!(kiosk.has_access(&cap));
    assert_eq!(kiosk.owner(), ctx.sender());
    kiosk.set_owner_custom(&cap, @0xA);
    assert_eq!(kiosk.owner(), @0xA);
    kiosk.set_owner(&cap, ctx);
    assert_eq!(kiosk.item_count(), 1);
    assert!(kiosk.has_item(id) && kiosk.has_item_with_type<Thing>(id));
    assert!(!kiosk.has_item_with_type<Kiosk>(id));
    assert!(!kiosk.is_locked(id) && !kiosk.is_listed(id));
    assert_eq!(object::id(kiosk.borrow<Thing>(&cap, id)), id);
    assert_eq!(object::id(kiosk.borrow_mut<Thing>(&cap, id)), id);
    let (thing, promise) = kiosk.borrow_val<Thing>(&cap, id);
    kiosk.return_val(thing, promise);
    kiosk.list<Thing>(&cap, id, 5);
    let thing: Thing = kiosk.take(&cap, id);
    assert!(!kiosk.is_listed(id));
    destroy(thing);
    kiosk.close_and_withdraw(cap, ctx).destroy_zero();
    policy.destroy_and_withdraw(policy_cap, ctx).destroy_zero();
}

#[test]
fun selling_by_the_rules() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, mut policy, policy_cap) = shop(ctx);
    policy::add_rule(Royalty {}, &mut policy, &policy_cap, 7);
    assert!(policy::has_rule<Thing, Royalty>(&policy));
    assert_eq!(*policy::get_rule(Royalty {}, &policy), 7);
    assert_eq!(policy.rules().length(), 1);

    kiosk.list<Thing>(&cap, id, 90);
    kiosk.list<Thing>(&cap, id, 100);
    assert!(kiosk.is_listed(id) && !kiosk.is_listed_exclusively(id));
    let (thing, mut request) = kiosk.purchase<Thing>(id, pay(100, ctx));
    assert_eq!(request.item(), id);
    assert_eq!(request.paid(), 100);
    assert_eq!(request.from(), object::id(&kiosk));
    policy::add_to_balance(Royalty {}, &mut policy, pay(7, ctx));
    policy::add_receipt(Royalty {}, &mut request);
    let (item, paid, from) = policy.confirm_request(request);
    assert!(item == id && paid == 100 && from == object::id(&kiosk));

    assert_eq!(kiosk.profits_amount(), 100);
    assert_eq!(kiosk.profits_mut(&cap).value(), 100);
    assert_eq!(kiosk.withdraw(&cap, option::some(40), ctx).burn_for_testing(), 40);
    assert_eq!(kiosk.withdraw(&cap, option::none(), ctx).burn_for_testing(), 60);
    assert_eq!(policy.withdraw(&policy_cap, option::some(3), ctx).burn_for_testing(), 3);
    assert_eq!(policy.withdraw(&policy_cap, option::none(), ctx).burn_for_testing(), 4);
    policy::remove_rule<Thing, Royalty, u64>(&mut policy, &policy_cap);
    assert!(!policy::has_rule<Thing, Royalty>(&policy));

    // A locked thing leaves by a sale too, and is free again.
    kiosk.lock(&cap, &policy, thing);
    assert!(kiosk.is_locked(id));
    kiosk.list<Thing>(&cap, id, 1);
    let (thing, request) = kiosk.purchase<Thing>(id, pay(1, ctx));
    policy.confirm_request(request);
    assert!(!kiosk.is_locked(id));

    kiosk.place_and_list(&cap, thing, 5);
    kiosk.delist<Thing>(&cap, id);
    assert!(!kiosk.is_listed(id));
    destroy((kiosk.take<Thing>(&cap, id)));
    destroy(kiosk);
    destroy(cap);
    destroy(policy);
    destroy(policy_cap);
}

#[test]
fun selling_with_a_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, policy, policy_cap) = shop(ctx);
    let right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    assert_eq!(right.kiosk(), object::id(&kiosk));
    assert_eq!(right.item(), id);
    assert_eq!(right.min_price(), 10);
    assert!(kiosk.is_listed_exclusively(id));
    kiosk.return_purchase_cap(right);
    assert!(!kiosk.is_listed(id));
    let right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    let (thing, request) = kiosk.purchase_with_cap(right, pay(11, ctx));
    policy.confirm_request(request);
    assert_eq!(kiosk.profits_amount(), 11);
    destroy(thing);
    destroy(kiosk);
    destroy(cap);
    destroy(policy);
    destroy(policy_cap);
}

#[test]
fun policies_of_publishers() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::test_claim(KIOSK_TESTS {}, ctx);
    let (mut policy, cap) = policy::new<Thing>(&publisher, ctx);
    assert_eq!(policy.uid().to_inner(), object::id(&policy));
    assert_eq!(policy.uid_mut_as_owner(&cap).to_inner(), object::id(&policy));
    destroy(policy);
    destroy(cap);
    destroy(publisher);
}

#[test]
fun extensions() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, _, policy, policy_cap) = shop(ctx);
    assert!(!extension::is_installed<Ext>(&kiosk));
    extension::add(Ext {}, &mut kiosk, &cap, 3, ctx);
    assert!(extension::is_installed<Ext>(&kiosk) && extension::is_enabled<Ext>(&kiosk));
    assert!(extension::can_place<Ext>(&kiosk) && extension::can_lock<Ext>(&kiosk));
    let (one, one_id) = thing(ctx);
    let (two, two_id) = thing(ctx);
    extension::place(Ext {}, &mut kiosk, one, &policy);
    extension::lock(Ext {}, &mut kiosk, two, &policy);
    assert!(kiosk.has_item(one_id) && kiosk.is_locked(two_id));
    extension::storage_mut(Ext {}, &mut kiosk).add(1, 2);
    assert_eq!(extension::storage(Ext {}, &kiosk)[1], 2);
    extension::disable<Ext>(&mut kiosk, &cap);
    assert!(!extension::can_place<Ext>(&kiosk) && !extension::can_lock<Ext>(&kiosk));
    extension::enable<Ext>(&mut kiosk, &cap);
    assert_eq!(extension::storage_mut(Ext {}, &mut kiosk).remove(1), 2);
    extension::remove<Ext>(&mut kiosk, &cap);
    assert!(!extension::is_installed<Ext>(&kiosk));

    kiosk.set_allow_extensions(&cap, true);
    assert_eq!(kiosk.uid_mut().to_inner(), object::id(&kiosk));
    assert_eq!(kiosk.uid().to_inner(), object::id(&kiosk));
    assert_eq!(kiosk.uid_mut_as_owner(&cap).to_inner(), object::id(&kiosk));
    destroy(kiosk);
    destroy(cap);
    destroy(policy);
    destroy(policy_cap);
}

#[test, expected_failure(abort_code = kiosk::ENotOwner)]
fun another_kiosks_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, _cap, id, _policy, _policy_cap) = shop(ctx);
    let (_other, other_cap) = kiosk::new(ctx);
    let _thing: Thing = kiosk.take(&other_cap, id);
    abort
}

#[test, expected_failure(abort_code = kiosk::EIncorrectAmount)]
fun paying_too_little() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    kiosk.list<Thing>(&cap, id, 5);
    let (_thing, _request) = kiosk.purchase<Thing>(id, pay(4, ctx));
    abort
}

#[test, expected_failure(abort_code = kiosk::EIncorrectAmount)]
fun paying_too_little_with_a_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    let right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    let (_thing, _request) = kiosk.purchase_with_cap(right, pay(9, ctx));
    abort
}

#[test, expected_failure(abort_code = kiosk::ENotEnough)]
fun withdrawing_too_much() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, _id, _policy, _policy_cap) = shop(ctx);
    let _coin = kiosk.withdraw(&cap, option::some(1), ctx);
    abort
}

#[test, expected_failure(abort_code = kiosk::ENotEmpty)]
fun closing_with_things_inside() {
    let ctx = &mut tx_context::dummy();
    let (kiosk, cap, _id, _policy, _policy_cap) = shop(ctx);
    let _coin = kiosk.close_and_withdraw(cap, ctx);
    abort
}

#[test, expected_failure(abort_code = kiosk::EListedExclusively)]
fun taking_what_is_promised() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    let _right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    let _thing: Thing = kiosk.take(&cap, id);
    abort
}

#[test, expected_failure(abort_code = kiosk::EWrongKiosk)]
fun a_cap_for_another_kiosk() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    let right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    let (mut other, _cap) = kiosk::new(ctx);
    other.return_purchase_cap(right);
    abort
}

#[test, expected_failure(abort_code = kiosk::EAlreadyListed)]
fun listing_twice() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    kiosk.list<Thing>(&cap, id, 10);
    let _right = kiosk.list_with_purchase_cap<Thing>(&cap, id, 10, ctx);
    abort
}

#[test, expected_failure(abort_code = kiosk::EUidAccessNotAllowed)]
fun a_closed_identity() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, _cap, _id, _policy, _policy_cap) = shop(ctx);
    let _ = kiosk.uid_mut();
    abort
}

#[test, expected_failure(abort_code = kiosk::EItemLocked)]
fun taking_what_is_locked() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, _id, policy, _policy_cap) = shop(ctx);
    let (thing, id) = thing(ctx);
    kiosk.lock(&cap, &policy, thing);
    let _thing: Thing = kiosk.take(&cap, id);
    abort
}

#[test, expected_failure(abort_code = kiosk::EItemIsListed)]
fun changing_what_is_listed() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    kiosk.list<Thing>(&cap, id, 10);
    let _: &mut Thing = kiosk.borrow_mut(&cap, id);
    abort
}

#[test, expected_failure(abort_code = kiosk::EItemMismatch)]
fun returning_another_thing() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    let (_thing, promise) = kiosk.borrow_val<Thing>(&cap, id);
    let (other, _) = thing(ctx);
    kiosk.return_val(other, promise);
    abort
}

#[test, expected_failure(abort_code = kiosk::EItemNotFound)]
fun taking_what_is_not_there() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, _id, _policy, _policy_cap) = shop(ctx);
    let _thing: Thing = kiosk.take(&cap, @0xA.to_id());
    abort
}

#[test, expected_failure(abort_code = kiosk::ENotListed)]
fun delisting_what_is_not_listed() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, id, _policy, _policy_cap) = shop(ctx);
    kiosk.delist<Thing>(&cap, id);
    abort
}

#[test, expected_failure(abort_code = policy::EPolicyNotSatisfied)]
fun a_rule_that_is_not_satisfied() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy::new_for_testing<Thing>(ctx);
    policy::add_rule(Royalty {}, &mut policy, &cap, 7);
    policy.confirm_request(policy::new_request(@0xA.to_id(), 1, @0xB.to_id()));
    abort
}

#[test, expected_failure(abort_code = policy::EIllegalRule)]
fun a_receipt_of_another_rule() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy::new_for_testing<Thing>(ctx);
    policy::add_rule(Royalty {}, &mut policy, &cap, 7);
    let mut request = policy::new_request(@0xA.to_id(), 1, @0xB.to_id());
    policy::add_receipt(OtherRule {}, &mut request);
    policy.confirm_request(request);
    abort
}

#[test, expected_failure(abort_code = policy::EUnknownRequrement)]
fun paying_for_no_rule() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, _cap) = policy::new_for_testing<Thing>(ctx);
    policy::add_to_balance(Royalty {}, &mut policy, pay(7, ctx));
    abort
}

#[test, expected_failure(abort_code = policy::ERuleAlreadySet)]
fun a_rule_twice() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy::new_for_testing<Thing>(ctx);
    policy::add_rule(Royalty {}, &mut policy, &cap, 7);
    policy::add_rule(Royalty {}, &mut policy, &cap, 7);
    abort
}

#[test, expected_failure(abort_code = policy::ENotOwner)]
fun another_policys_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, _cap) = policy::new_for_testing<Thing>(ctx);
    let (_other, other_cap) = policy::new_for_testing<Thing>(ctx);
    let _coin = policy.withdraw(&other_cap, option::none(), ctx);
    abort
}

#[test, expected_failure(abort_code = policy::ENotEnough)]
fun withdrawing_too_much_from_a_policy() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = policy::new_for_testing<Thing>(ctx);
    let _coin = policy.withdraw(&cap, option::some(1), ctx);
    abort
}

#[test, expected_failure(abort_code = extension::EExtensionNotInstalled)]
fun an_extension_that_is_not_there() {
    let ctx = &mut tx_context::dummy();
    let (kiosk, _cap, _id, _policy, _policy_cap) = shop(ctx);
    let _ = extension::storage(Ext {}, &kiosk);
    abort
}

#[test, expected_failure(abort_code = extension::EExtensionNotAllowed)]
fun an_extension_that_may_not() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, cap, _id, policy, _policy_cap) = shop(ctx);
    extension::add(Ext {}, &mut kiosk, &cap, 1, ctx);
    let (thing, _) = thing(ctx);
    extension::lock(Ext {}, &mut kiosk, thing, &policy);
    abort
}

#[test, expected_failure(abort_code = extension::ENotOwner)]
fun an_extension_without_the_owner() {
    let ctx = &mut tx_context::dummy();
    let (mut kiosk, _cap, _id, _policy, _policy_cap) = shop(ctx);
    let (_other, other_cap) = kiosk::new(ctx);
    extension::add(Ext {}, &mut kiosk, &other_cap, 1, ctx);
    abort
}
