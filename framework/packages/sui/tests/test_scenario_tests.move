#[test_only, allow(untyped_literal, unused_mut_ref)]
module sui::test_scenario_tests;

use std::unit_test::assert_eq;
use sui::test_scenario as ts;

const ALICE: address = @0xA;
const BOB: address = @0xB;

public struct Thing has key, store {
    id: UID,
    value: u64,
}

fun thing(value: u64, ctx: &mut TxContext): Thing {
    Thing { id: object::new(ctx), value }
}

#[test]
fun objects_go_from_hand_to_hand() {
    let mut scenario = ts::begin(ALICE);
    let a = thing(1, scenario.ctx());
    let id = object::id(&a);
    transfer::public_transfer(a, ALICE);
    assert!(!scenario.has_most_recent_for_sender<Thing>());

    let effects = scenario.next_tx(ALICE);
    assert_eq!(effects.created(), vector[id]);
    assert_eq!(*effects.transferred_to_account().get(&id), ALICE);
    assert_eq!(scenario.ids_for_sender<Thing>(), vector[id]);
    assert_eq!(scenario.most_recent_id_for_sender<Thing>(), option::some(id));
    let mut a: Thing = scenario.take_from_sender();
    a.value = 2;
    scenario.return_to_sender(a);

    scenario.next_tx(ALICE);
    let a: Thing = scenario.take_from_sender_by_id(id);
    assert_eq!(a.value, 2);
    transfer::public_transfer(a, BOB);

    scenario.next_tx(BOB);
    assert!(!ts::has_most_recent_for_address<Thing>(ALICE));
    assert_eq!(scenario.sender(), BOB);
    let Thing { id: uid, value: _ } = scenario.take_from_sender();
    uid.delete();
    let effects = scenario.end();
    assert_eq!(effects.deleted(), vector[id]);
}

#[test]
fun shared_and_frozen_objects() {
    let mut scenario = ts::begin(ALICE);
    let shared = thing(1, scenario.ctx());
    let frozen = thing(5, scenario.ctx());
    let shared_id = object::id(&shared);
    let frozen_id = object::id(&frozen);
    transfer::public_share_object(shared);
    transfer::public_freeze_object(frozen);
    let effects = scenario.next_tx(BOB);
    assert_eq!(effects.shared(), vector[shared_id]);
    assert_eq!(effects.frozen(), vector[frozen_id]);

    assert!(ts::has_most_recent_shared<Thing>() && ts::has_most_recent_immutable<Thing>());
    scenario.with_shared!<Thing>(|thing, _| thing.value = thing.value + 1);
    let frozen = scenario.take_immutable<Thing>();
    assert_eq!(frozen.value, 5);
    ts::return_immutable(frozen);

    scenario.next_tx(BOB);
    scenario.with_shared_by_id!<Thing>(shared_id, |thing, scenario| {
        assert_eq!(thing.value, 2);
        assert_eq!(scenario.num_concluded_txes(), 2);
    });
    scenario.end();
}

#[test]
fun epochs_and_payers() {
    let builder = ts::ctx_builder_from_sender(ALICE).set_reference_gas_price(7).set_sponsor(BOB);
    let mut scenario = ts::begin_with_context(builder);
    assert_eq!(scenario.ctx().reference_gas_price(), 7);
    assert_eq!(scenario.ctx().sponsor(), option::some(BOB));
    scenario.next_epoch(BOB);
    assert_eq!(scenario.ctx().epoch(), 1);
    scenario.later_epoch(10, BOB);
    assert_eq!(scenario.ctx().epoch_timestamp_ms(), 10);
    scenario.skip_to_epoch(4);
    assert_eq!(scenario.ctx().epoch(), 4);
    let builder = scenario.ctx_builder().unset_sponsor().set_epoch(5).set_gas_price(9);
    scenario.next_with_context(builder.set_gas_budget(11).set_epoch_timestamp(20));
    assert_eq!(scenario.ctx().gas_price(), 9);
    assert_eq!(scenario.ctx().sponsor(), option::none());
    assert_eq!(scenario.ctx().epoch_timestamp_ms(), 20);
    scenario.end();
}

#[test]
fun receiving() {
    let mut scenario = ts::begin(ALICE);
    let parent = thing(1, scenario.ctx());
    let child = thing(2, scenario.ctx());
    let parent_id = object::id(&parent);
    let child_id = object::id(&child);
    transfer::public_transfer(child, parent_id.to_address());
    transfer::public_transfer(parent, ALICE);
    let effects = scenario.next_tx(ALICE);
    assert_eq!(*effects.transferred_to_account().get(&child_id), parent_id.to_address());

    let ticket = ts::most_recent_receiving_ticket<Thing>(&parent_id);
    ts::return_receiving_ticket(ticket);
    let ticket = ts::receiving_ticket_by_id<Thing>(child_id);
    assert_eq!(transfer::receiving_object_id(&ticket), child_id);
    let mut parent: Thing = scenario.take_from_sender();
    let child = transfer::public_receive(&mut parent.id, ticket);
    assert_eq!(child.value, 2);
    transfer::public_transfer(child, BOB);
    scenario.return_to_sender(parent);
    scenario.end();
}

#[test]
fun system_objects() {
    let mut scenario = ts::begin(ALICE);
    scenario.create_system_objects();
    assert_eq!(scenario.sender(), ALICE);
    scenario.with_shared!<sui::clock::Clock>(|clock, _| clock.increment_for_testing(5));

    scenario.next_tx(@0x0);
    scenario.with_shared!<sui::random::Random>(|random, scenario| {
        let bytes = x"0101010101010101010101010101010101010101010101010101010101010101";
        random.update_randomness_state_for_testing(0, bytes, scenario.ctx());
        random.update_randomness_state_for_testing(1, bytes, scenario.ctx());
    });

    scenario.next_tx(ALICE);
    let random = scenario.take_shared<sui::random::Random>();
    let mut one = random.new_generator(scenario.ctx());
    let mut two = random.new_generator(scenario.ctx());
    assert!(one.generate_u256() != two.generate_u256());
    ts::return_shared(random);
    scenario.end();
}

#[test, expected_failure(abort_code = sui::random::EInvalidRandomnessUpdate)]
fun rounds_follow_each_other() {
    let mut scenario = ts::begin(@0x0);
    scenario.create_system_objects();
    scenario.with_shared!<sui::random::Random>(|random, scenario| {
        random.update_randomness_state_for_testing(0, x"01", scenario.ctx());
        random.update_randomness_state_for_testing(2, x"01", scenario.ctx());
    });
    abort
}

#[test, expected_failure(abort_code = ts::EEmptyInventory)]
fun nothing_to_take() {
    let scenario = ts::begin(ALICE);
    let _thing: Thing = scenario.take_from_sender();
    abort
}

#[test, expected_failure(abort_code = ts::ECantReturnObject)]
fun nothing_to_return() {
    let mut scenario = ts::begin(ALICE);
    let a = thing(1, scenario.ctx());
    scenario.return_to_sender(a);
    abort
}
