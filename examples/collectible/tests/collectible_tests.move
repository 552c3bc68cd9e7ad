#[test_only]
module collectible::collectible_tests;

use collectible::collectible;
use std::unit_test::{assert_eq, destroy};

#[test]
fun traits_come_change_and_go() {
    let ctx = &mut tx_context::dummy();
    let mut figure = collectible::new_figure(b"Ada".to_string(), ctx);
    let mood = b"mood".to_string();
    assert!(figure.get_trait(mood).is_none());

    figure.set_trait(mood, b"calm".to_string());
    figure.set_trait(mood, b"curious".to_string());
    assert_eq!(figure.get_trait(mood), option::some(b"curious".to_string()));

    assert_eq!(figure.remove_trait(mood), option::some(b"curious".to_string()));
    assert_eq!(figure.remove_trait(mood), option::none());
    destroy(figure);
}

#[test]
fun an_accessory_stays_the_same_object() {
    let ctx = &mut tx_context::dummy();
    let mut figure = collectible::new_figure(b"Ada".to_string(), ctx);
    let hat = collectible::new_accessory(b"Hat".to_string(), ctx);
    let id = object::id(&hat);
    let head = b"head".to_string();

    figure.wear(head, hat);
    assert_eq!(figure.worn(), 1);
    assert_eq!(figure.accessory(head).accessory_name(), b"Hat".to_string());
    // A trait may have the slot's name.
    figure.set_trait(head, b"round".to_string());

    let hat = figure.take_off(head);
    assert_eq!(object::id(&hat), id);
    assert_eq!(figure.worn(), 0);
    destroy(hat);
    destroy(figure);
}

#[test, expected_failure(abort_code = collectible::ESlotTaken)]
fun a_slot_holds_one_accessory() {
    let ctx = &mut tx_context::dummy();
    let mut figure = collectible::new_figure(b"Ada".to_string(), ctx);
    figure.wear(b"head".to_string(), collectible::new_accessory(b"Hat".to_string(), ctx));
    figure.wear(b"head".to_string(), collectible::new_accessory(b"Crown".to_string(), ctx));
    abort
}

#[test, expected_failure(abort_code = collectible::ESlotFree)]
fun nothing_comes_out_of_a_free_slot() {
    let ctx = &mut tx_context::dummy();
    let mut figure = collectible::new_figure(b"Ada".to_string(), ctx);
    let _hat = figure.take_off(b"head".to_string());
    abort
}
