//! Commands that need no VM: splitting, merging and transferring coins, with
//! gas and effects.

mod world;

use proptest::prelude::*;
use std::collections::BTreeSet;
use sui_sdk_types::{
    Address, Argument, Command, CommandArgumentError, ExecutionError, IdOperation, Input,
    MergeCoins, ObjectIn, ObjectOut, Owner, SharedInput, SplitCoins, StructTag, TransferObjects,
    UnchangedConsensusKind,
};
use world::*;

fn split(coin: Argument, amounts: &[Argument]) -> Command {
    Command::SplitCoins(SplitCoins {
        coin,
        amounts: amounts.to_vec(),
    })
}

fn merge(coin: Argument, coins: &[Argument]) -> Command {
    Command::MergeCoins(MergeCoins {
        coin,
        coins_to_merge: coins.to_vec(),
    })
}

fn transfer(objects: &[Argument], address: Argument) -> Command {
    Command::TransferObjects(TransferObjects {
        objects: objects.to_vec(),
        address,
    })
}

fn argument_error(argument: u16, kind: CommandArgumentError) -> ExecutionError {
    ExecutionError::CommandArgumentError { argument, kind }
}

#[test]
fn a_payment_from_the_gas_coin() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let plan = Plan {
        inputs: vec![pure(&250_u64), pure(&BOB)],
        commands: vec![
            split(Argument::Gas, &[Argument::Input(0)]),
            transfer(&[Argument::Result(0)], Argument::Input(1)),
        ],
        gas: vec![gas_coin],
        ..Plan::default()
    };
    let before = world.total();
    let output = world.run(&plan);
    assert_success(&output);
    assert_eq!(output.lamport_version, 6);

    let new = Address::derive_id(*output.effects.transaction_digest(), 0);
    assert_eq!(world.balance(&new), Some(250));
    assert_eq!(world.owner(&new), Some(Owner::Address(BOB)));
    let created = change(&output, &new).expect("the new coin");
    assert_eq!(created.id_operation, IdOperation::Created);
    assert_eq!(created.input_state, ObjectIn::NotExist);
    assert!(matches!(
        created.output_state,
        ObjectOut::ObjectWrite {
            owner: Owner::Address(BOB),
            ..
        }
    ));

    let summary = gas(&output);
    assert_eq!(summary.computation_cost, 1_000_000);
    assert_eq!(summary.storage_cost, 2 * 988_000);
    assert_eq!(summary.storage_rebate, 978_120);
    assert_eq!(summary.non_refundable_storage_fee, 9_880);
    let charged = summary.computation_cost + summary.storage_cost - summary.storage_rebate;
    assert_eq!(
        world.balance(&gas_coin),
        Some(1_000_000_000 - 250 - charged)
    );
    assert_eq!(before, world.total() + earned(&output));

    let effects = effects(&output);
    let index = effects.gas_object_index.expect("a gas coin") as usize;
    assert_eq!(effects.changed_objects[index].object_id, gas_coin);
    assert!(
        effects
            .changed_objects
            .is_sorted_by_key(|changed| changed.object_id)
    );
    assert_eq!(
        effects.dependencies,
        vec![sui_sdk_types::Digest::new([9; 32])]
    );
}

#[test]
fn gas_coins_become_one() {
    let mut world = World::new();
    let coins: Vec<Address> = [100_000_000, 5, 7].map(|b| world.coin(ALICE, b)).to_vec();
    let before = world.total();
    let plan = Plan {
        inputs: vec![pure(&BOB)],
        commands: vec![transfer(&[Argument::Gas], Argument::Input(0))],
        gas: coins.clone(),
        budget: Some(50_000_000),
        ..Plan::default()
    };
    let output = world.run(&plan);
    assert_success(&output);
    assert_eq!(world.owner(&coins[0]), Some(Owner::Address(BOB)));
    for absorbed in &coins[1..] {
        assert_eq!(world.balance(absorbed), None);
        let changed = change(&output, absorbed).expect("a deleted coin");
        assert_eq!(changed.id_operation, IdOperation::Deleted);
        assert_eq!(changed.output_state, ObjectOut::NotExist);
    }
    assert_eq!(output.removed.len(), 2);
    assert_eq!(before, world.total() + earned(&output));
    // Fees of three coins come back, less a hundredth; one is paid anew.
    let paid = 1_000_000 + 988_000 - 3 * 978_120;
    assert_eq!(
        world.balance(&coins[0]).map(i128::from),
        Some(100_000_012 - paid)
    );
}

#[test]
fn coins_merge() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let [a, b] = [40, 2].map(|balance| world.coin(ALICE, balance));
    let plan = Plan {
        inputs: vec![world.owned(&a), world.owned(&b)],
        commands: vec![merge(Argument::Input(0), &[Argument::Input(1)])],
        gas: vec![gas_coin],
        ..Plan::default()
    };
    let output = world.run(&plan);
    assert_success(&output);
    assert_eq!(world.balance(&a), Some(42));
    assert_eq!(world.balance(&b), None);
    assert_eq!(
        change(&output, &b).expect("merged").id_operation,
        IdOperation::Deleted
    );
}

/// Commands over: 0 a native coin of 100, 1 another of 50, 2 a coin of another
/// type, 3 a plain object without public transfer, 4 an immutable coin,
/// 5 an amount of 10, 6 an amount of 1000, 7 an address, 8 bytes that are none.
fn refused(commands: Vec<Command>, expected: ExecutionError, command: u64) {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let other_type: StructTag = "0x2::coin::Coin<0x7::m::T>".parse().expect("a type");
    let plain: StructTag = "0x7::m::Plain".parse().expect("a type");
    let id = world.id();
    let objects = [
        world.coin(ALICE, 100),
        world.coin(ALICE, 50),
        world.coin_of(other_type, Owner::Address(ALICE), 70),
        world.object(
            plain,
            false,
            id.into_inner().to_vec(),
            Owner::Address(ALICE),
        ),
        world.coin_of(StructTag::gas_coin(), Owner::Immutable, 30),
    ];
    let mut inputs: Vec<Input> = objects.iter().map(|id| world.owned(id)).collect();
    inputs.extend([
        pure(&10_u64),
        pure(&1_000_u64),
        pure(&BOB),
        Input::Pure(vec![1, 2, 3]),
    ]);
    let plan = Plan {
        inputs,
        commands,
        gas: vec![gas_coin],
        ..Plan::default()
    };
    let before = world.total();
    let output = world.run(&plan);
    assert_failure(&output, expected, Some(command));
    // Nothing but gas has changed, and every mutable input got a new version.
    let balances: Vec<Option<u64>> = objects.iter().map(|id| world.balance(id)).collect();
    assert_eq!(balances, [Some(100), Some(50), Some(70), None, Some(30)]);
    assert_eq!(effects(&output).changed_objects.len(), 5);
    assert!(
        effects(&output)
            .changed_objects
            .iter()
            .all(|changed| changed.id_operation == IdOperation::None)
    );
    assert_eq!(world.reference(&objects[4]).version(), 5);
    assert_eq!(world.reference(&objects[0]).version(), 6);
    assert_eq!(output.events, None);
    assert_eq!(before, world.total() + earned(&output));
}

#[test]
fn refusals_with_their_status() {
    use Argument::{Gas, Input, Result};
    use CommandArgumentError as E;
    let table: Vec<(Vec<Command>, ExecutionError, u64)> = vec![
        (
            vec![split(Input(0), &[Input(6)])],
            ExecutionError::InsufficientCoinBalance,
            0,
        ),
        (
            vec![split(Input(3), &[Input(5)])],
            argument_error(0, E::TypeMismatch),
            0,
        ),
        (
            vec![split(Input(0), &[Input(8)])],
            argument_error(1, E::InvalidBcsBytes),
            0,
        ),
        (
            vec![split(Input(4), &[Input(5)])],
            argument_error(0, E::InvalidObjectByMutRef),
            0,
        ),
        (
            vec![merge(Input(0), &[Input(2)])],
            argument_error(1, E::TypeMismatch),
            0,
        ),
        (
            vec![merge(Input(0), &[Input(0)])],
            argument_error(1, E::InvalidValueUsage),
            0,
        ),
        (
            vec![merge(Input(0), &[Input(1), Input(1)])],
            argument_error(2, E::InvalidValueUsage),
            0,
        ),
        (
            vec![merge(Input(0), &[Gas])],
            argument_error(1, E::InvalidGasCoinUsage),
            0,
        ),
        (
            vec![transfer(&[Input(4)], Input(7))],
            argument_error(0, E::InvalidObjectByValue),
            0,
        ),
        (
            vec![transfer(&[Input(3)], Input(7))],
            argument_error(0, E::InvalidTransferObject),
            0,
        ),
        (
            vec![transfer(&[Input(5)], Input(7))],
            argument_error(0, E::TypeMismatch),
            0,
        ),
        (
            vec![transfer(&[Input(0)], Input(5))],
            argument_error(1, E::InvalidBcsBytes),
            0,
        ),
        (
            vec![transfer(&[Input(0)], Input(1))],
            argument_error(1, E::TypeMismatch),
            0,
        ),
        (
            vec![
                transfer(&[Input(0)], Input(7)),
                transfer(&[Input(0)], Input(7)),
            ],
            argument_error(0, E::InvalidValueUsage),
            1,
        ),
        (
            vec![transfer(&[Input(99)], Input(7))],
            argument_error(0, E::IndexOutOfBounds { index: 99 }),
            0,
        ),
        (
            vec![transfer(&[Result(0)], Input(7))],
            argument_error(0, E::IndexOutOfBounds { index: 0 }),
            0,
        ),
        (
            vec![
                split(Input(0), &[Input(5), Input(5)]),
                transfer(&[Result(0)], Input(7)),
            ],
            argument_error(0, E::InvalidResultArity { result: 0 }),
            1,
        ),
        (
            vec![
                split(Input(0), &[Input(5)]),
                transfer(&[nested(0, 1)], Input(7)),
            ],
            argument_error(
                0,
                E::SecondaryIndexOutOfBounds {
                    result: 0,
                    subresult: 1,
                },
            ),
            1,
        ),
    ];
    for (commands, expected, command) in table {
        refused(commands, expected, command);
    }
}

#[test]
fn a_coin_left_over_fails_the_transaction_at_its_end() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let plan = Plan {
        inputs: vec![pure(&10_u64)],
        commands: vec![split(Argument::Gas, &[Argument::Input(0)])],
        gas: vec![gas_coin],
        ..Plan::default()
    };
    let output = world.run(&plan);
    let expected = ExecutionError::UnusedValueWithoutDrop {
        result: 0,
        subresult: 0,
    };
    assert_failure(&output, expected, None);
    assert_eq!(effects(&output).changed_objects.len(), 1);
}

#[test]
fn the_budget_can_not_be_spent() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, BUDGET + 1_000);
    let spend = |amount: u64| Plan {
        inputs: vec![pure(&amount), pure(&BOB)],
        commands: vec![
            split(Argument::Gas, &[Argument::Input(0)]),
            transfer(&[Argument::Result(0)], Argument::Input(1)),
        ],
        gas: vec![gas_coin],
        ..Plan::default()
    };
    assert_success(&world.try_run(&spend(1_000)));
    assert_failure(
        &world.try_run(&spend(1_001)),
        ExecutionError::InsufficientCoinBalance,
        Some(0),
    );
}

#[test]
fn merging_past_64_bits_is_an_overflow() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let type_: StructTag = "0x2::coin::Coin<0x7::m::T>".parse().expect("a type");
    let [a, b] =
        [u64::MAX, 1].map(|balance| world.coin_of(type_.clone(), Owner::Address(ALICE), balance));
    let plan = Plan {
        inputs: vec![world.owned(&a), world.owned(&b)],
        commands: vec![merge(Argument::Input(0), &[Argument::Input(1)])],
        gas: vec![gas_coin],
        ..Plan::default()
    };
    let output = world.run(&plan);
    assert_failure(&output, ExecutionError::CoinBalanceOverflow, Some(0));
}

#[test]
fn shared_inputs_are_read_written_and_missed() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let shared = world.coin_of(StructTag::gas_coin(), Owner::Shared(5), 100);
    let plan = |world: &World, mutable: bool, command: Command| Plan {
        inputs: vec![
            Input::Shared(SharedInput::new(shared, 5, mutable)),
            pure(&10_u64),
            pure(&BOB),
        ],
        commands: vec![command, transfer(&[nested(0, 0)], Argument::Input(2))],
        gas: vec![
            *world
                .store
                .live()
                .keys()
                .find(|id| **id == gas_coin)
                .expect("gas"),
        ],
        ..Plan::default()
    };
    let take_ten = split(Argument::Input(0), &[Argument::Input(1)]);

    let output = world.try_run(&plan(&world, false, take_ten.clone()));
    let expected = argument_error(0, CommandArgumentError::InvalidObjectByMutRef);
    assert_failure(&output, expected, Some(0));
    let unchanged = &effects(&output).unchanged_consensus_objects;
    assert_eq!(unchanged.len(), 1);
    assert!(matches!(
        unchanged[0].kind,
        UnchangedConsensusKind::ReadOnlyRoot { version: 5, .. }
    ));

    let output = world.run(&plan(&world, true, take_ten.clone()));
    assert_success(&output);
    assert_eq!(world.balance(&shared), Some(90));
    assert_eq!(world.owner(&shared), Some(Owner::Shared(5)));
    assert_eq!(world.reference(&shared).version(), output.lamport_version);

    // Nobody can make a shared object their own.
    let steal = Plan {
        commands: vec![transfer(&[Argument::Input(0)], Argument::Input(2))],
        ..plan(&world, true, take_ten)
    };
    let output = world.run(&steal);
    assert_failure(
        &output,
        ExecutionError::ConsensusObjectOperationNotAllowed,
        None,
    );
    assert_eq!(world.owner(&shared), Some(Owner::Shared(5)));
    assert_eq!(world.reference(&shared).version(), output.lamport_version);
}

#[test]
fn a_deleted_shared_input_fails_the_transaction() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let gone = world.id();
    for (mutable, kind) in [
        (true, UnchangedConsensusKind::MutateDeleted { version: 7 }),
        (false, UnchangedConsensusKind::ReadDeleted { version: 7 }),
    ] {
        let plan = Plan {
            inputs: vec![Input::Shared(SharedInput::new(gone, 7, mutable))],
            gas: vec![gas_coin],
            ..Plan::default()
        };
        let output = world.run(&plan);
        assert_failure(&output, ExecutionError::InputObjectDeleted, None);
        assert_eq!(effects(&output).unchanged_consensus_objects[0].kind, kind);
        assert!(gas(&output).computation_cost > 0);
    }
}

#[test]
fn a_budget_too_small_for_storage_changes_gas_alone() {
    let mut world = World::new();
    let gas_coin = world.coin(ALICE, 1_000_000_000);
    let amounts: Vec<Argument> = (0..20).map(|_| Argument::Input(0)).collect();
    let all: Vec<Argument> = (0..20).map(|n| nested(0, n)).collect();
    let plan = Plan {
        inputs: vec![pure(&1_u64), pure(&BOB)],
        commands: vec![
            split(Argument::Gas, &amounts),
            transfer(&all, Argument::Input(1)),
        ],
        gas: vec![gas_coin],
        budget: Some(10_000_000),
        ..Plan::default()
    };
    let before = world.total();
    let output = world.run(&plan);
    assert_failure(&output, ExecutionError::InsufficientGas, None);
    assert_eq!(effects(&output).changed_objects.len(), 1);
    assert_eq!(gas(&output).storage_cost, 988_000);
    assert_eq!(before, world.total() + earned(&output));
}

/// A random transaction over three coins of the sender and the gas coins.
fn any_commands() -> impl Strategy<Value = Vec<Command>> {
    let coin = prop_oneof![
        (0_u16..3).prop_map(Argument::Input),
        Just(Argument::Gas),
        (0_u16..6, 0_u16..3).prop_map(|(c, p)| Argument::NestedResult(c, p)),
    ];
    let amount = (3_u16..6).prop_map(Argument::Input);
    let command = prop_oneof![
        (coin.clone(), prop::collection::vec(amount, 0..3))
            .prop_map(|(coin, amounts)| split(coin, &amounts)),
        (coin.clone(), prop::collection::vec(coin.clone(), 0..3))
            .prop_map(|(coin, coins)| merge(coin, &coins)),
        prop::collection::vec(coin, 0..4)
            .prop_map(|objects| transfer(&objects, Argument::Input(6))),
    ];
    prop::collection::vec(command, 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever a transaction does and however much it may pay: no unit of the
    /// native coin appears or vanishes, a failure changes nothing but gas, and
    /// the same request gives the same bytes.
    #[test]
    fn value_is_conserved_and_failures_change_gas_alone(
        commands in any_commands(),
        budget in 1_000_000_u64..20_000_000,
        amounts in prop::array::uniform3(0_u64..2_000),
        extra_gas in prop::collection::vec(0_u64..1_000_000, 0..3),
    ) {
        let mut world = World::new();
        let mut gas_coins = vec![world.coin(ALICE, 20_000_000)];
        gas_coins.extend(extra_gas.iter().map(|balance| world.coin(ALICE, *balance)));
        let coins = [1_000, 500, 2_000_000].map(|balance| world.coin(ALICE, balance));
        let mut inputs: Vec<Input> = coins.iter().map(|id| world.owned(id)).collect();
        inputs.extend(amounts.iter().map(pure));
        inputs.push(pure(&BOB));
        let plan = Plan { inputs, commands, gas: gas_coins.clone(), budget: Some(budget), sender: None };

        let before = world.total();
        let again = world.try_run(&plan);
        let output = world.run(&plan);
        prop_assert_eq!(
            bcs::to_bytes(&output.effects).expect("effects"),
            bcs::to_bytes(&again.effects).expect("effects")
        );
        prop_assert_eq!(before, world.total() + earned(&output));
        let summary = gas(&output);
        let owed = summary.computation_cost + summary.storage_cost;
        prop_assert!(owed.saturating_sub(summary.storage_rebate) <= budget);

        if !output.is_success() {
            let changed: BTreeSet<Address> = effects(&output)
                .changed_objects
                .iter()
                .map(|changed| changed.object_id)
                .collect();
            let declared: BTreeSet<Address> =
                gas_coins.iter().chain(&coins).copied().collect();
            prop_assert_eq!(changed, declared);
            let balances = coins.map(|id| world.balance(&id));
            prop_assert_eq!(balances, [Some(1_000), Some(500), Some(2_000_000)]);
            prop_assert!(coins.iter().all(|id| world.owner(id) == Some(Owner::Address(ALICE))));
        }
    }
}
