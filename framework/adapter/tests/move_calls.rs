//! Calls of Move functions: values, references, objects, fields, and what is
//! refused with which status.

mod world;

use heddle_objects::ObjectRead;
use sui_sdk_types::{
    Address, Argument, Argument::Input as In, Argument::Result as Res, Command,
    CommandArgumentError, ExecutionError, Input, MakeMoveVector, Owner, SharedInput, StructTag,
    TypeArgumentError, TypeTag,
};
use world::chain::*;
use world::*;

fn argument_error(argument: u16, kind: CommandArgumentError) -> ExecutionError {
    ExecutionError::CommandArgumentError { argument, kind }
}

fn vector(type_: Option<TypeTag>, elements: &[Argument]) -> Command {
    Command::MakeMoveVector(MakeMoveVector {
        type_,
        elements: elements.to_vec(),
    })
}

fn thing_type(package: Address) -> TypeTag {
    format!("{package}::probe::Thing").parse().expect("a type")
}

#[test]
fn publishing_runs_init_and_gives_the_upgrade_cap() {
    let mut chain = Chain::new();
    let before = chain.world.total();
    let output = chain.publish(probe());
    assert_success(&output);
    let package = published(&output);
    let cap = created(&output, |owner| *owner == Owner::Address(ALICE));
    assert_eq!(cap.len(), 1);
    let cap = chain
        .world
        .store
        .latest(&cap[0])
        .expect("memory")
        .expect("a cap");
    let cap = cap.as_struct().expect("a Move object");
    assert_eq!(
        cap.object_type().to_string(),
        format!("{}::package::UpgradeCap", Address::TWO)
    );
    assert_eq!(&cap.contents()[32..64], package.as_ref() as &[u8]);
    assert_eq!(
        created(&output, |owner| *owner
            == Owner::Shared(output.lamport_version))
        .len(),
        1
    );
    assert_eq!(before, chain.world.total() + earned(&output));
    let stored = chain
        .world
        .store
        .latest(&package)
        .expect("memory")
        .expect("a package");
    assert_eq!(stored.version(), 1);
    assert_eq!(*stored.owner(), Owner::Immutable);
}

#[test]
fn events_name_the_called_module() {
    let (mut chain, package, _) = Chain::with_probe();
    let output = chain.run(
        vec![pure(&5_u64), pure(&ALICE)],
        vec![call(package, "new", &[In(0)]), give(&[Res(0)], In(1))],
    );
    assert_success(&output);
    let events = output.events.as_ref().expect("an event");
    assert_eq!(events.0.len(), 1);
    let event = &events.0[0];
    assert_eq!(event.package_id, package);
    assert_eq!(event.module.as_str(), "probe");
    assert_eq!(event.sender, ALICE);
    assert_eq!(event.type_.to_string(), format!("{package}::probe::Made"));
    let mut contents = ALICE.into_inner().to_vec();
    contents.extend_from_slice(&5_u64.to_le_bytes());
    assert_eq!(event.contents, contents);
    assert_eq!(effects(&output).events_digest, Some(events.digest()));
    let json = chain
        .world
        .executor
        .render_json(
            &chain.world.store,
            &event.type_.clone().into(),
            &event.contents,
        )
        .expect("an event");
    assert_eq!(
        json,
        serde_json::json!({"by": ALICE.to_string(), "value": "5"})
    );
}

#[test]
fn pure_arguments_of_every_kind() {
    let (mut chain, package, _) = Chain::with_probe();
    let arguments: Vec<Argument> = (0..6).map(In).collect();
    let output = chain.run(
        vec![
            pure(&"text"),
            pure(&Some(3_u64)),
            pure(&vec![vec![1_u8], vec![]]),
            pure(&BOB),
            pure(&BOB),
            pure(&true),
        ],
        vec![call(package, "inspect", &arguments)],
    );
    assert_success(&output);
}

#[test]
fn the_context_is_filled_in() {
    let (mut chain, package, _) = Chain::with_probe();
    let output = chain.run(
        vec![pure(&ALICE), pure(&3_u64), pure(&PRICE)],
        vec![call(package, "check_context", &[In(0), In(1), In(2)])],
    );
    assert_success(&output);
}

#[test]
fn refusals_with_their_status() {
    use CommandArgumentError as E;
    let (mut chain, package, shared) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let frozen = chain.thing(package, 6);
    let output = chain.run(
        vec![chain.owned(&frozen)],
        vec![call(package, "freeze_thing", &[In(0)])],
    );
    assert_success(&output);
    assert_eq!(chain.world.owner(&frozen), Some(Owner::Immutable));

    let initial = match chain.world.owner(&shared) {
        Some(Owner::Shared(version)) => version,
        other => panic!("{other:?}"),
    };
    // 0 a thing, 1 a number, 2 a frozen thing, 3 the shared thing read-only,
    // 4 an address, 5 bytes that are no number.
    let inputs = vec![
        chain.owned(&thing),
        pure(&1_u64),
        chain.owned(&frozen),
        Input::Shared(SharedInput::new(shared, initial, false)),
        pure(&ALICE),
        Input::Pure(vec![1, 2]),
    ];
    let t = thing_type(package);
    let unknown: TypeTag = format!("{package}::probe::Nothing")
        .parse()
        .expect("a type");
    let elsewhere: TypeTag = "0x77::m::T".parse().expect("a type");
    let call = |function: &str, arguments: &[Argument]| call(package, function, arguments);
    let table: Vec<(Vec<Command>, ExecutionError, Option<u64>)> = vec![
        (
            vec![call("missing", &[])],
            ExecutionError::FunctionNotFound,
            Some(0),
        ),
        (
            vec![call("hidden", &[])],
            ExecutionError::NonEntryFunctionInvoked,
            Some(0),
        ),
        (
            vec![call("init", &[])],
            ExecutionError::NonEntryFunctionInvoked,
            Some(0),
        ),
        (
            vec![call("set", &[In(0)])],
            ExecutionError::ArityMismatch,
            Some(0),
        ),
        (
            vec![call("set", &[In(0), In(1), In(1)])],
            ExecutionError::ArityMismatch,
            Some(0),
        ),
        (
            vec![call("set", &[In(0), In(0)])],
            argument_error(1, E::InvalidValueUsage),
            Some(0),
        ),
        (
            vec![call("set", &[In(0), In(5)])],
            argument_error(1, E::InvalidBcsBytes),
            Some(0),
        ),
        (
            vec![call("set", &[In(1), In(1)])],
            argument_error(0, E::InvalidUsageOfPureArgument),
            Some(0),
        ),
        (
            vec![call("set", &[In(2), In(1)])],
            argument_error(0, E::InvalidObjectByMutRef),
            Some(0),
        ),
        (
            vec![call("set", &[In(3), In(1)])],
            argument_error(0, E::InvalidObjectByMutRef),
            Some(0),
        ),
        (
            vec![call("destroy", &[In(2)])],
            argument_error(0, E::InvalidObjectByValue),
            Some(0),
        ),
        (
            vec![call("destroy", &[In(3)])],
            argument_error(0, E::InvalidObjectByValue),
            Some(0),
        ),
        (
            vec![call("eat", &[In(1)])],
            argument_error(0, E::InvalidUsageOfPureArgument),
            Some(0),
        ),
        (
            vec![call("unwrap", &[In(0)])],
            argument_error(0, E::TypeMismatch),
            Some(0),
        ),
        (
            vec![call("set", &[Argument::Gas, In(1)])],
            argument_error(0, E::TypeMismatch),
            Some(0),
        ),
        (
            vec![call("swap", &[In(0), In(0)])],
            argument_error(1, E::InvalidValueUsage),
            Some(0),
        ),
        (
            vec![call("destroy", &[In(0)]), call("value", &[In(0)])],
            argument_error(0, E::InvalidValueUsage),
            Some(1),
        ),
        (
            vec![call("bake", &[In(1)])],
            ExecutionError::UnusedValueWithoutDrop {
                result: 0,
                subresult: 0,
            },
            None,
        ),
        (
            vec![call("stamp", &[In(1)])],
            ExecutionError::UnusedValueWithoutDrop {
                result: 0,
                subresult: 0,
            },
            None,
        ),
        (
            vec![call("new", &[In(1)])],
            ExecutionError::UnusedValueWithoutDrop {
                result: 0,
                subresult: 0,
            },
            None,
        ),
        (
            vec![call("make_pinned", &[In(1)]), give(&[Res(0)], In(4))],
            argument_error(0, E::InvalidTransferObject),
            Some(1),
        ),
        (
            vec![call("new", &[In(1)]), call("entry_set", &[Res(0), In(1)])],
            argument_error(0, E::InvalidArgumentToPrivateEntryFunction),
            Some(1),
        ),
        (
            vec![call("two", &[]), call("bake", &[Res(0)])],
            argument_error(0, E::InvalidResultArity { result: 0 }),
            Some(1),
        ),
        (
            vec![call("reference", &[In(0)])],
            ExecutionError::InvalidPublicFunctionReturnType { index: 0 },
            Some(0),
        ),
        (
            vec![call_generic(
                package,
                "value",
                std::slice::from_ref(&t),
                &[In(0)],
            )],
            ExecutionError::TypeArityMismatch,
            Some(0),
        ),
        (
            vec![call_generic(package, "keep", &[TypeTag::U64], &[In(1)])],
            ExecutionError::TypeArgumentError {
                type_argument: 0,
                kind: TypeArgumentError::ConstraintNotSatisfied,
            },
            Some(0),
        ),
        (
            vec![call_generic(package, "keep", &[unknown], &[In(0)])],
            ExecutionError::TypeArgumentError {
                type_argument: 0,
                kind: TypeArgumentError::TypeNotFound,
            },
            Some(0),
        ),
        (
            vec![call_generic(package, "keep", &[elsewhere], &[In(0)])],
            ExecutionError::TypeArgumentError {
                type_argument: 0,
                kind: TypeArgumentError::TypeNotFound,
            },
            Some(0),
        ),
        (
            vec![vector(None, &[In(1)])],
            argument_error(0, E::InvalidMakeMoveVecNonObjectArgument),
            Some(0),
        ),
        (
            vec![vector(Some(TypeTag::U64), &[In(1), In(5)])],
            argument_error(1, E::InvalidBcsBytes),
            Some(0),
        ),
        (
            vec![vector(Some(t), &[In(1)])],
            argument_error(0, E::InvalidUsageOfPureArgument),
            Some(0),
        ),
    ];
    for (commands, expected, command) in table {
        let before = chain.world.total();
        let versions = chain
            .world
            .store
            .reference(&frozen)
            .expect("frozen")
            .version();
        let output = chain
            .world
            .try_run(&chain.plan(inputs.clone(), commands.clone()));
        assert_eq!(
            effects(&output).status,
            sui_sdk_types::ExecutionStatus::Failure {
                error: expected,
                command
            },
            "{commands:?}: {:?}",
            output.failure_detail
        );
        // The gas coin and the owned thing got new versions; nothing else happened.
        assert_eq!(effects(&output).changed_objects.len(), 2, "{commands:?}");
        assert_eq!(output.events, None);
        let mut world = World::new();
        world.store = chain.world.store.clone();
        world.store.apply(&output);
        assert_eq!(world.total() + earned(&output), before);
        assert_eq!(world.reference(&frozen).version(), versions);
        let after = world
            .store
            .latest(&thing)
            .expect("memory")
            .expect("a thing");
        assert_eq!(
            after.as_struct().expect("an object").contents()[32..],
            5_u64.to_le_bytes()
        );
    }
}

#[test]
fn vectors_of_values_and_of_objects() {
    let (mut chain, package, _) = Chain::with_probe();
    let [a, b] = [3, 4].map(|value| chain.thing(package, value));
    let output = chain.run(
        vec![chain.owned(&a), chain.owned(&b), pure(&1_u64), pure(&2_u64)],
        vec![
            vector(None, &[In(0), In(1)]),
            call(package, "destroy_all", &[Res(0)]),
            vector(Some(TypeTag::U64), &[In(2), In(3), Res(1)]),
            call(package, "total", &[Res(2)]),
            call(package, "bake", &[Res(3)]),
            call(package, "eat", &[Res(4)]),
        ],
    );
    assert_success(&output);
    assert_eq!(chain.value(&a), None);
    assert_eq!(chain.value(&b), None);
}

#[test]
fn copies_without_drop_count_as_used() {
    let (mut chain, package, _) = Chain::with_probe();
    let output = chain.run(
        vec![pure(&1_u64)],
        vec![
            call(package, "stamp", &[In(0)]),
            call(package, "use_stamp", &[Res(0)]),
            call(package, "use_stamp", &[Res(0)]),
        ],
    );
    assert_success(&output);
}

#[test]
fn aborts_and_errors_say_where() {
    let (mut chain, package, _) = Chain::with_probe();
    let output = chain.run(
        vec![pure(&42_u64)],
        vec![call(package, "two", &[]), call(package, "fail", &[In(0)])],
    );
    match &effects(&output).status {
        sui_sdk_types::ExecutionStatus::Failure {
            error: ExecutionError::MoveAbort { location, code: 42 },
            command: Some(1),
        } => {
            assert_eq!(location.package, package);
            assert_eq!(location.module.as_str(), "probe");
            assert_eq!(
                location.function_name.as_ref().map(|n| n.as_str()),
                Some("fail")
            );
        }
        other => panic!("{other:?}"),
    }
    let output = chain.run(vec![pure(&0_u64)], vec![call(package, "divide", &[In(0)])]);
    assert!(matches!(
        &effects(&output).status,
        sui_sdk_types::ExecutionStatus::Failure {
            error: ExecutionError::MovePrimitiveRuntimeError { location: Some(location) },
            command: Some(0),
        } if location.package == package
    ));
}

#[test]
fn an_endless_loop_runs_out_of_gas() {
    let (mut chain, package, _) = Chain::with_probe();
    let mut plan = chain.plan(vec![], vec![call(package, "spin", &[])]);
    plan.budget = Some(20_000_000);
    let before = chain.world.total();
    let output = chain.world.run(&plan);
    assert_failure(&output, ExecutionError::InsufficientGas, Some(0));
    assert_eq!(gas(&output).computation_cost, 20_000_000);
    assert_eq!(gas(&output).storage_cost, 0);
    assert_eq!(before, chain.world.total() + earned(&output));
}

#[test]
fn at_every_budget_all_or_nothing() {
    let (mut chain, package, _) = Chain::with_probe();
    let [a, b] = [1, 2].map(|value| chain.thing(package, value));
    let mut plan = chain.plan(
        vec![chain.owned(&a), chain.owned(&b), pure(&3_u64), pure(&BOB)],
        vec![
            call(package, "add_field", &[In(0), In(2), In(2)]),
            call(package, "new", &[In(2)]),
            call(package, "add_object", &[In(1), In(2), Res(1)]),
            call(package, "swap", &[In(0), In(1)]),
            call(package, "wrap", &[In(0)]),
            give(&[Res(4)], In(3)),
        ],
    );
    let before = chain.world.total();
    let mut outcomes = [0, 0];
    for budget in (1_000_000..40_000_000).step_by(377_777) {
        plan.budget = Some(budget);
        let output = chain.world.try_run(&plan);
        let mut world = World::new();
        world.store = chain.world.store.clone();
        world.store.apply(&output);
        assert_eq!(before, world.total() + earned(&output), "budget {budget}");
        outcomes[usize::from(output.is_success())] += 1;
        if output.is_success() {
            assert_eq!(world.owner(&a), None);
        } else {
            assert_eq!(effects(&output).changed_objects.len(), 3, "budget {budget}");
            assert_eq!(output.events, None);
            for (id, value) in [(a, 1_u64), (b, 2)] {
                let object = world.store.latest(&id).expect("memory").expect("alive");
                assert_eq!(
                    object.as_struct().expect("a thing").contents()[32..],
                    value.to_le_bytes()
                );
            }
        }
    }
    assert!(outcomes[0] > 0 && outcomes[1] > 0, "{outcomes:?}");
}

#[test]
fn a_type_parameter_takes_any_object() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let coin = chain.world.coin(ALICE, 10);
    let output = chain.run(
        vec![chain.owned(&thing), chain.owned(&coin)],
        vec![
            call_generic(package, "keep", &[thing_type(package)], &[In(0)]),
            call_generic(package, "keep", &[StructTag::gas_coin().into()], &[In(1)]),
        ],
    );
    assert_success(&output);
}
