//! Tests of how a transaction's declaration of inputs is read.

use super::*;
use crate::SharedVersion;
use sui_sdk_types::{
    Command, GasPayment, Identifier, MoveCall, ProgrammableTransaction, Publish, SharedInput,
    TransactionExpiration,
};

const ALICE: Address = Address::from_static("0xa");

fn id(number: u8) -> Address {
    Address::new([number; Address::LENGTH])
}

fn reference(number: u8, version: u64) -> ObjectReference {
    ObjectReference::new(id(number), version, Digest::ZERO)
}

fn transaction(
    inputs: Vec<Input>,
    commands: Vec<Command>,
    gas: Vec<ObjectReference>,
) -> Transaction {
    Transaction {
        kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
            inputs,
            commands,
        }),
        sender: ALICE,
        gas_payment: GasPayment {
            objects: gas,
            owner: ALICE,
            price: 1_000,
            budget: 1_000_000,
        },
        expiration: TransactionExpiration::None,
    }
}

fn shared(number: u8, mutability: Mutability) -> Input {
    Input::Shared(SharedInput::new(id(number), 3, mutability))
}

fn declared(inputs: Vec<Input>, gas: Vec<ObjectReference>) -> Result<DeclaredInputs, InputError> {
    DeclaredInputs::of(&transaction(inputs, vec![], gas))
}

#[test]
fn every_kind_of_input_has_its_place() {
    let inputs = vec![
        Input::Pure(vec![1]),
        Input::ImmutableOrOwned(reference(1, 5)),
        shared(2, Mutability::Mutable),
        shared(3, Mutability::Immutable),
        Input::Receiving(reference(4, 9)),
    ];
    let found = declared(inputs, vec![reference(5, 7)]).unwrap();
    assert_eq!(found.owned, [reference(1, 5), reference(5, 7)]);
    assert_eq!(found.shared, [(id(2), 3, true), (id(3), 3, false)]);
    assert_eq!(found.receiving, [reference(4, 9)]);
    assert_eq!(found.path(), Path::Ordered);
    let versions = [(2, 20), (3, 30)].map(|(number, version)| SharedVersion {
        object_id: id(number),
        version,
    });
    assert_eq!(found.lamport_version(&versions), 31);
    assert_eq!(found.lamport_version(&[]), 10);
}

#[test]
fn without_shared_inputs_the_path_is_the_fast_one() {
    let inputs = vec![Input::ImmutableOrOwned(reference(1, 5))];
    let found = declared(inputs, vec![reference(5, 7)]).unwrap();
    assert_eq!(found.path(), Path::Fast);
    assert_eq!(found.lamport_version(&[]), 8);
}

#[test]
fn packages_are_listed_once_in_order() {
    let call = |package| {
        Command::MoveCall(MoveCall {
            package,
            module: Identifier::from_static("m"),
            function: Identifier::from_static("f"),
            type_arguments: vec![],
            arguments: vec![],
        })
    };
    let publish = Command::Publish(Publish {
        modules: vec![],
        dependencies: vec![id(1), id(3)],
    });
    let commands = vec![call(id(9)), call(id(1)), publish, call(id(9))];
    let found = DeclaredInputs::of(&transaction(vec![], commands, vec![])).unwrap();
    assert_eq!(found.packages, [id(1), id(3), id(9)]);
}

#[test]
fn an_object_is_declared_once_whatever_the_kind() {
    let owned = Input::ImmutableOrOwned(reference(1, 5));
    for (inputs, gas) in [
        (vec![owned.clone(), owned.clone()], vec![]),
        (vec![owned.clone()], vec![reference(1, 6)]),
        (vec![owned.clone(), shared(1, Mutability::Mutable)], vec![]),
        (vec![owned, Input::Receiving(reference(1, 5))], vec![]),
        (vec![], vec![reference(1, 5), reference(1, 5)]),
    ] {
        assert_eq!(declared(inputs, gas), Err(InputError::Duplicate(id(1))));
    }
}

#[test]
fn too_many_inputs_and_unknown_kinds_are_refused() {
    let maximum = crate::limits::INPUTS_MAX;
    let pure = || vec![Input::Pure(vec![]); maximum];
    assert!(declared(pure(), vec![]).is_ok());
    let mut inputs = pure();
    inputs.push(Input::Pure(vec![]));
    let refused = InputError::TooMany {
        actual: maximum + 1,
        maximum,
    };
    assert_eq!(declared(inputs, vec![]), Err(refused));
    let inputs = vec![shared(1, Mutability::NonExclusiveWrite)];
    let refused = InputError::Unsupported("non-exclusive write");
    assert_eq!(declared(inputs, vec![]), Err(refused));
}
