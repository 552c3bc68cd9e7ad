//! Each limit: exactly at it works, one more gives the limit's error.

mod world;

use heddle_objects::limits;
use sui_sdk_types::{
    Argument, Argument::Input as In, Argument::Result as Res, Command, ExecutionError,
    ExecutionStatus, MakeMoveVector, SplitCoins,
};
use world::chain::*;
use world::*;

fn status(chain: &Chain, mut plan: Plan) -> ExecutionStatus {
    plan.budget = Some(limits::GAS_BUDGET_MAX);
    let output = chain.world.try_run(&plan);
    effects(&output).status.clone()
}

fn limit_error(status: &ExecutionStatus) -> bool {
    matches!(
        status,
        ExecutionStatus::Failure {
            error: ExecutionError::MovePrimitiveRuntimeError { .. },
            command: Some(_)
        }
    )
}

#[test]
fn created_objects() {
    let (chain, _, _) = Chain::with_probe();
    // Splits of 512 coins each, all transferred.
    let make = |count: usize| {
        let mut commands = Vec::new();
        let mut left = count;
        while left > 0 {
            let now = left.min(limits::ARGUMENTS_MAX);
            let split = u16::try_from(commands.len()).expect("few commands");
            commands.push(Command::SplitCoins(SplitCoins {
                coin: Argument::Gas,
                amounts: vec![In(0); now],
            }));
            let coins: Vec<Argument> = (0..now)
                .map(|n| nested(split, u16::try_from(n).expect("few coins")))
                .collect();
            commands.push(give(&coins, In(1)));
            left -= now;
        }
        chain.plan(vec![pure(&1_u64), pure(&BOB)], commands)
    };
    assert_eq!(
        status(&chain, make(limits::CREATED_OBJECTS_MAX)),
        ExecutionStatus::Success
    );
    let over = status(&chain, make(limits::CREATED_OBJECTS_MAX + 1));
    assert!(limit_error(&over), "{over:?}");
}

#[test]
fn a_thousand_commands() {
    let (chain, package, _) = Chain::with_probe();
    let commands = vec![call(package, "two", &[]); limits::COMMANDS_MAX];
    assert_eq!(
        status(&chain, chain.plan(vec![], commands)),
        ExecutionStatus::Success
    );
}

#[test]
fn object_size() {
    let (chain, package, _) = Chain::with_probe();
    // An id of 32 bytes, a length of 3 bytes, then the bytes.
    let make = |contents: usize| {
        let length = (contents - 35) as u64;
        chain.plan(
            vec![pure(&length), pure(&ALICE)],
            vec![call(package, "big", &[In(0)]), give(&[Res(0)], In(1))],
        )
    };
    assert_eq!(
        status(&chain, make(limits::OBJECT_BYTES_MAX)),
        ExecutionStatus::Success
    );
    assert_eq!(
        status(&chain, make(limits::OBJECT_BYTES_MAX + 1)),
        ExecutionStatus::Failure {
            error: ExecutionError::ObjectTooBig {
                object_size: limits::OBJECT_BYTES_MAX as u64 + 1,
                max_object_size: limits::OBJECT_BYTES_MAX as u64,
            },
            command: None
        }
    );
}

#[test]
fn events() {
    let (chain, package, _) = Chain::with_probe();
    let emit = |count: usize| {
        chain.plan(
            vec![pure(&(count as u64))],
            vec![call(package, "emit_many", &[In(0)])],
        )
    };
    assert_eq!(
        status(&chain, emit(limits::EVENTS_MAX)),
        ExecutionStatus::Success
    );
    let over = status(&chain, emit(limits::EVENTS_MAX + 1));
    assert!(limit_error(&over), "{over:?}");
}

#[test]
fn child_objects() {
    let (mut chain, package, _) = Chain::with_probe();
    let parent = chain.thing(package, 1);
    let fields = |chain: &Chain, function: &str, count: usize| {
        let mut plan = chain.plan(
            vec![chain.owned(&parent), pure(&(count as u64))],
            vec![call(package, function, &[In(0), In(1)])],
        );
        plan.budget = Some(limits::GAS_BUDGET_MAX);
        plan
    };
    let over = status(
        &chain,
        fields(&chain, "add_fields", limits::CHILD_OBJECTS_MAX + 1),
    );
    assert!(limit_error(&over), "{over:?}");
    let plan = fields(&chain, "add_fields", limits::CHILD_OBJECTS_MAX);
    let output = chain.world.run(&plan);
    assert_success(&output);
    let plan = fields(&chain, "bump_fields", limits::CHILD_OBJECTS_MAX);
    let output = chain.world.run(&plan);
    assert_success(&output);
    assert_eq!(
        effects(&output).changed_objects.len(),
        limits::CHILD_OBJECTS_MAX + 2
    );
}

#[test]
fn an_empty_vector_needs_a_type() {
    let (chain, _, _) = Chain::with_probe();
    let make = |type_| {
        chain.plan(
            vec![],
            vec![Command::MakeMoveVector(MakeMoveVector {
                type_,
                elements: vec![],
            })],
        )
    };
    assert_eq!(
        status(&chain, make(Some(native_coin()))),
        ExecutionStatus::Failure {
            error: ExecutionError::UnusedValueWithoutDrop {
                result: 0,
                subresult: 0
            },
            command: None
        }
    );
    assert_eq!(
        status(&chain, make(None)),
        ExecutionStatus::Failure {
            error: ExecutionError::ArityMismatch,
            command: Some(0)
        }
    );
}

fn native_coin() -> sui_sdk_types::TypeTag {
    sui_sdk_types::StructTag::gas_coin().into()
}
