#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::package_tests;

use std::unit_test::{assert_eq, destroy};
use sui::display;
use sui::package;
use sui::test_utils;

public struct PACKAGE_TESTS has drop {}

public struct Shown has key { id: UID }

#[test]
fun publishers() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::claim(test_utils::create_one_time_witness<PACKAGE_TESTS>(), ctx);
    assert_eq!(*publisher.package(), @0x2.to_ascii_string());
    assert_eq!(*publisher.module_(), b"package_tests".to_ascii_string());
    assert!(publisher.from_package<sui::clock::Clock>());
    assert!(!publisher.from_package<std::string::String>());
    assert!(publisher.from_module<Shown>());
    assert!(!publisher.from_module<sui::clock::Clock>());
    publisher.burn();
    package::claim_and_keep(test_utils::create_one_time_witness<PACKAGE_TESTS>(), ctx);
}

#[test, expected_failure(abort_code = package::ENotOneTimeWitness)]
fun any_type_proves_nothing() {
    let _publisher = package::claim(1u8, &mut tx_context::dummy());
    abort
}

#[test]
fun upgrades() {
    let ctx = &mut tx_context::dummy();
    let mut cap = package::test_publish(@0xA.to_id(), ctx);
    assert_eq!(cap.package(), @0xA.to_id());
    assert_eq!(cap.version(), 1);
    assert_eq!(cap.policy(), package::compatible_policy());

    let ticket = cap.authorize(package::additive_policy(), x"0102");
    assert_eq!(cap.package(), @0x0.to_id());
    assert_eq!(ticket.package(), @0xA.to_id());
    assert_eq!(ticket.policy(), package::additive_policy());
    assert_eq!(*ticket.digest(), x"0102");
    let receipt = package::test_upgrade(ticket);
    assert_eq!(receipt.cap(), object::id(&cap));
    let new = receipt.package();
    cap.commit(receipt);
    assert_eq!(cap.package(), new);
    assert!(new != @0xA.to_id());
    assert_eq!(cap.version(), 2);

    cap.only_additive_upgrades();
    assert_eq!(cap.policy(), package::additive_policy());
    cap.only_dep_upgrades();
    assert_eq!(cap.policy(), package::dep_only_policy());
    cap.make_immutable();
}

#[test, expected_failure(abort_code = package::EAlreadyAuthorized)]
fun one_upgrade_at_a_time() {
    let mut cap = package::test_publish(@0xA.to_id(), &mut tx_context::dummy());
    let _one = cap.authorize(0, x"");
    let _two = cap.authorize(0, x"");
    abort
}

#[test, expected_failure(abort_code = package::ETooPermissive)]
fun a_ticket_allows_no_more_than_the_cap() {
    let mut cap = package::test_publish(@0xA.to_id(), &mut tx_context::dummy());
    cap.only_dep_upgrades();
    let _ticket = cap.authorize(package::additive_policy(), x"");
    abort
}

#[test, expected_failure(abort_code = package::ETooPermissive)]
fun a_restriction_stays() {
    let mut cap = package::test_publish(@0xA.to_id(), &mut tx_context::dummy());
    cap.only_dep_upgrades();
    cap.only_additive_upgrades();
    abort
}

#[test, expected_failure(abort_code = package::EWrongUpgradeCap)]
fun a_receipt_belongs_to_its_cap() {
    let ctx = &mut tx_context::dummy();
    let mut one = package::test_publish(@0xA.to_id(), ctx);
    let mut two = package::test_publish(@0xB.to_id(), ctx);
    let receipt = package::test_upgrade(one.authorize(0, x""));
    two.commit(receipt);
    abort
}

#[test]
fun displays() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::test_claim(PACKAGE_TESTS {}, ctx);
    assert!(display::is_authorized<Shown>(&publisher));
    let mut display = display::new_with_fields<Shown>(
        &publisher,
        vector[b"name".to_string()],
        vector[b"{name}".to_string()],
        ctx,
    );
    display.add(b"link".to_string(), b"{id}".to_string());
    display.edit(b"link".to_string(), b"x".to_string());
    display.remove(b"name".to_string());
    display.update_version();
    assert_eq!(display.version(), 1);
    assert_eq!(display.fields().length(), 1);
    assert_eq!(*display.fields().get(&b"link".to_string()), b"x".to_string());
    assert_eq!(sui::event::events_by_type<display::VersionUpdated<Shown>>().length(), 1);
    assert_eq!(sui::event::events_by_type<display::DisplayCreated<Shown>>().length(), 1);
    display::create_and_keep<Shown>(&publisher, ctx);
    destroy(display);
    destroy(publisher);
}

#[test, expected_failure(abort_code = display::ENotOwner)]
fun others_types_are_not_displayed() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::test_claim(b"a type of std".to_string(), ctx);
    let _display = display::new<Shown>(&publisher, ctx);
    abort
}

#[test, expected_failure(abort_code = display::EVecLengthMismatch)]
fun a_template_has_a_name() {
    let ctx = &mut tx_context::dummy();
    let publisher = package::test_claim(PACKAGE_TESTS {}, ctx);
    let _display = display::new_with_fields<Shown>(
        &publisher,
        vector[b"name".to_string()],
        vector[],
        ctx,
    );
    abort
}
