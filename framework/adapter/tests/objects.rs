//! What happens to objects: made, changed, wrapped, shared, put under others,
//! received, destroyed.

mod world;

use sui_sdk_types::{
    Address, Argument::Input as In, Argument::Result as Res, ExecutionError, IdOperation, Input,
    ObjectIn, ObjectOut, Owner, SharedInput, TypeTag,
};
use world::chain::*;
use world::*;

#[test]
fn an_object_is_made_changed_and_destroyed() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    assert_eq!(chain.value(&thing), Some(5));

    let output = chain.run(
        vec![chain.owned(&thing), pure(&9_u64)],
        vec![call(package, "set", &[In(0), In(1)])],
    );
    assert_success(&output);
    assert_eq!(chain.value(&thing), Some(9));
    let changed = change(&output, &thing).expect("changed");
    assert_eq!(changed.id_operation, IdOperation::None);
    assert!(matches!(changed.input_state, ObjectIn::Exist { .. }));

    let output = chain.run(
        vec![chain.owned(&thing)],
        vec![call(package, "destroy", &[In(0)])],
    );
    assert_success(&output);
    assert_eq!(chain.value(&thing), None);
    let changed = change(&output, &thing).expect("changed");
    assert_eq!(changed.id_operation, IdOperation::Deleted);
    assert_eq!(changed.output_state, ObjectOut::NotExist);
    assert_eq!(output.removed, vec![thing]);
}

#[test]
fn objects_are_wrapped_and_come_back() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let output = chain.run(
        vec![chain.owned(&thing), pure(&ALICE)],
        vec![call(package, "wrap", &[In(0)]), give(&[Res(0)], In(1))],
    );
    assert_success(&output);
    let changed = change(&output, &thing).expect("wrapped");
    assert_eq!(changed.id_operation, IdOperation::None);
    assert_eq!(changed.output_state, ObjectOut::NotExist);
    assert_eq!(chain.value(&thing), None);
    let wrapper = created(&output, |_| true)[0];

    let output = chain.run(
        vec![chain.owned(&wrapper), pure(&ALICE)],
        vec![call(package, "unwrap", &[In(0)]), give(&[Res(0)], In(1))],
    );
    assert_success(&output);
    let changed = change(&output, &thing).expect("unwrapped");
    assert_eq!(changed.id_operation, IdOperation::None);
    assert_eq!(changed.input_state, ObjectIn::NotExist);
    assert_eq!(chain.value(&thing), Some(5));
    assert_eq!(
        change(&output, &wrapper).expect("deleted").id_operation,
        IdOperation::Deleted
    );
}

#[test]
fn shared_objects_change_and_stay_shared() {
    let (mut chain, package, shared) = Chain::with_probe();
    let Some(Owner::Shared(initial)) = chain.world.owner(&shared) else {
        panic!("not shared");
    };
    let input = Input::Shared(SharedInput::new(shared, initial, true));
    for value in [1_u64, 2] {
        let output = chain.run(
            vec![input.clone(), pure(&value)],
            vec![call(package, "set", &[In(0), In(1)])],
        );
        assert_success(&output);
        assert_eq!(chain.value(&shared), Some(value));
        assert_eq!(chain.world.owner(&shared), Some(Owner::Shared(initial)));
    }
    // By value: wrapping, freezing and giving away are refused.
    for commands in [
        vec![call(package, "wrap", &[In(0)]), give(&[Res(0)], In(1))],
        vec![call(package, "freeze_thing", &[In(0)])],
        vec![give(&[In(0)], In(1))],
    ] {
        let output = chain.run(vec![input.clone(), pure(&ALICE)], commands);
        assert_failure(
            &output,
            ExecutionError::ConsensusObjectOperationNotAllowed,
            None,
        );
    }
    // Sharing again keeps it as it is, and deleting is allowed.
    let output = chain.run(vec![input.clone()], vec![call(package, "share", &[In(0)])]);
    assert_success(&output);
    assert_eq!(chain.world.owner(&shared), Some(Owner::Shared(initial)));
    let output = chain.run(
        vec![input.clone()],
        vec![call(package, "destroy", &[In(0)])],
    );
    assert_success(&output);
    assert_eq!(chain.value(&shared), None);
    let output = chain.run(vec![input], vec![]);
    assert_failure(&output, ExecutionError::InputObjectDeleted, None);
}

#[test]
fn an_owned_object_can_not_become_shared_later() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let output = chain.run(
        vec![chain.owned(&thing)],
        vec![call(package, "share", &[In(0)])],
    );
    match &effects(&output).status {
        sui_sdk_types::ExecutionStatus::Failure {
            error: ExecutionError::MoveAbort { location, code: 0 },
            command: Some(0),
        } => {
            assert_eq!(location.package, Address::TWO);
            assert_eq!(location.module.as_str(), "transfer");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn fields_are_added_read_changed_and_removed() {
    let (mut chain, package, _) = Chain::with_probe();
    let parent = chain.thing(package, 5);
    let with = |chain: &Chain| vec![chain.owned(&parent), pure(&1_u64), pure(&10_u64)];
    let output = chain.run(
        with(&chain),
        vec![call(package, "add_field", &[In(0), In(1), In(2)])],
    );
    assert_success(&output);
    let field = created(&output, |owner| *owner == Owner::Object(parent));
    let expected = parent.derive_dynamic_child_id(&TypeTag::U64, &1_u64.to_le_bytes());
    assert_eq!(field, vec![expected]);
    let field = field[0];

    // A second one of the same name is refused by the framework.
    let output = chain.run(
        with(&chain),
        vec![call(package, "add_field", &[In(0), In(1), In(2)])],
    );
    assert!(!output.is_success());

    // Reading does not write the field.
    let output = chain.run(with(&chain), vec![call(package, "field", &[In(0), In(1)])]);
    assert_success(&output);
    assert!(change(&output, &field).is_none());
    assert_eq!(output.loaded_children.len(), 1);

    let output = chain.run(
        with(&chain),
        vec![call(package, "bump_field", &[In(0), In(1)])],
    );
    assert_success(&output);
    assert_eq!(
        change(&output, &field).expect("changed").id_operation,
        IdOperation::None
    );

    let output = chain.run(
        with(&chain),
        vec![
            call(package, "remove_field", &[In(0), In(1)]),
            call(package, "set", &[In(0), Res(0)]),
        ],
    );
    assert_success(&output);
    assert_eq!(chain.value(&parent), Some(11));
    assert_eq!(
        change(&output, &field).expect("gone").id_operation,
        IdOperation::Deleted
    );

    // Removed and added again within one transaction: the field lives on.
    let output = chain.run(
        with(&chain),
        vec![call(package, "add_field", &[In(0), In(1), In(2)])],
    );
    assert_success(&output);
    let output = chain.run(
        with(&chain),
        vec![
            call(package, "remove_field", &[In(0), In(1)]),
            call(package, "add_field", &[In(0), In(1), Res(0)]),
            call(package, "bump_field", &[In(0), In(1)]),
        ],
    );
    assert_success(&output);
    assert_eq!(
        change(&output, &field).expect("changed").id_operation,
        IdOperation::None
    );
}

#[test]
fn children_are_objects_with_children_of_their_own() {
    let (mut chain, package, _) = Chain::with_probe();
    let [parent, child] = [1, 2].map(|value| chain.thing(package, value));
    let inputs = |chain: &Chain| {
        vec![
            chain.owned(&parent),
            pure(&7_u64),
            pure(&8_u64),
            pure(&9_u64),
            pure(&ALICE),
        ]
    };
    let mut with_child = inputs(&chain);
    with_child.push(chain.owned(&child));
    let output = chain.run(
        with_child,
        vec![call(package, "add_object", &[In(0), In(1), In(5)])],
    );
    assert_success(&output);
    assert!(matches!(chain.world.owner(&child), Some(Owner::Object(_))));

    let output = chain.run(
        inputs(&chain),
        vec![
            call(package, "child_value", &[In(0), In(1)]),
            call(package, "add_to_child", &[In(0), In(1), In(2), In(3)]),
        ],
    );
    assert_success(&output);
    let field = created(&output, |owner| *owner == Owner::Object(child));
    assert_eq!(field.len(), 1);

    let output = chain.run(
        inputs(&chain),
        vec![
            call(package, "remove_object", &[In(0), In(1)]),
            call(package, "field", &[Res(0), In(2)]),
            give(&[Res(0)], In(4)),
        ],
    );
    assert_success(&output);
    assert_eq!(chain.world.owner(&child), Some(Owner::Address(ALICE)));
    // The child's own field is still there, under its new root.
    let output = chain.run(
        vec![chain.owned(&child), pure(&8_u64)],
        vec![call(package, "remove_field", &[In(0), In(1)])],
    );
    assert_success(&output);
}

#[test]
fn objects_sent_to_objects_are_received() {
    let (mut chain, package, _) = Chain::with_probe();
    let [parent, sent, other] = [1, 2, 3].map(|value| chain.thing(package, value));
    let output = chain.run(
        vec![chain.owned(&sent), pure(&parent)],
        vec![give(&[In(0)], In(1))],
    );
    assert_success(&output);
    let reference = chain.world.reference(&sent);
    // A parent that it was not sent to can't receive it.
    let output = chain.run(
        vec![
            chain.owned(&other),
            Input::Receiving(reference.clone()),
            pure(&ALICE),
        ],
        vec![
            call(package, "receive", &[In(0), In(1)]),
            give(&[Res(0)], In(2)),
        ],
    );
    assert!(matches!(
        effects(&output).status,
        sui_sdk_types::ExecutionStatus::Failure {
            error: ExecutionError::MoveAbort { code: 3, .. },
            command: Some(0)
        }
    ));
    let output = chain.run(
        vec![
            chain.owned(&parent),
            Input::Receiving(reference),
            pure(&ALICE),
        ],
        vec![
            call(package, "receive", &[In(0), In(1)]),
            give(&[Res(0)], In(2)),
        ],
    );
    assert_success(&output);
    assert_eq!(chain.world.owner(&sent), Some(Owner::Address(ALICE)));
    assert!(matches!(
        change(&output, &sent).expect("received").input_state,
        ObjectIn::Exist { owner: Owner::Address(from), .. } if from == parent
    ));
}

#[test]
fn party_objects_are_owned_through_consensus() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let output = chain.run(
        vec![chain.owned(&thing), pure(&ALICE)],
        vec![call(package, "party", &[In(0), In(1)])],
    );
    assert_success(&output);
    let start_version = output.lamport_version;
    let owner = Owner::ConsensusAddress {
        start_version,
        owner: ALICE,
    };
    assert_eq!(chain.world.owner(&thing), Some(owner));

    let input = Input::Shared(SharedInput::new(thing, start_version, true));
    let output = chain.run(
        vec![input.clone(), pure(&8_u64)],
        vec![call(package, "set", &[In(0), In(1)])],
    );
    assert_success(&output);
    assert_eq!(chain.world.owner(&thing), Some(owner));
    assert_eq!(chain.value(&thing), Some(8));

    // It may go to another owner; then this line of versions ends.
    let output = chain.run(
        vec![input.clone(), pure(&ALICE)],
        vec![give(&[In(0)], In(1))],
    );
    assert_success(&output);
    assert_eq!(chain.world.owner(&thing), Some(Owner::Address(ALICE)));
    let output = chain.run(vec![input], vec![]);
    assert_failure(&output, ExecutionError::InputObjectDeleted, None);
    assert_eq!(chain.value(&thing), Some(8));
}
