//! Random programmable transactions with random arguments and budgets: each
//! gives an output, the same twice, conserves the native coin, and changes
//! nothing but gas when it fails.

mod world;

use heddle_objects::ObjectRead;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use sui_sdk_types::{
    Address, Argument, Command, Input, MakeMoveVector, MergeCoins, Owner, SharedInput, SplitCoins,
    StructTag, TypeTag,
};
use world::chain::*;
use world::*;

/// Functions of the probe package with the kinds of their arguments: `t` a
/// thing, `n` a number, `a` an address, `r` a ticket for receiving, `?` the
/// result of another command.
const FUNCTIONS: &[(&str, &str)] = &[
    ("new", "n"),
    ("new_pinned", "n"),
    ("make_pinned", "n"),
    ("value", "t"),
    ("set", "tn"),
    ("swap", "tt"),
    ("entry_set", "tn"),
    ("hidden", ""),
    ("destroy", "t"),
    ("share", "t"),
    ("freeze_thing", "t"),
    ("wrap", "t"),
    ("unwrap", "?"),
    ("bake", "n"),
    ("eat", "?"),
    ("stamp", "n"),
    ("use_stamp", "?"),
    ("add_field", "tnn"),
    ("field", "tn"),
    ("bump_field", "tn"),
    ("remove_field", "tn"),
    ("add_object", "tn?"),
    ("child_value", "tn"),
    ("add_to_child", "tnnn"),
    ("remove_object", "tn"),
    ("receive", "tr"),
    ("two", ""),
    ("reference", "t"),
    ("fail", "n"),
    ("divide", "n"),
    ("total", "?"),
    ("destroy_all", "?"),
    ("party", "ta"),
    ("emit_many", "n"),
    ("missing", ""),
];

struct Fixture {
    chain: Chain,
    package: Address,
    inputs: Vec<Input>,
    declared: BTreeSet<Address>,
}

// Alice's: two things, one with a field and a child, a coin, an object sent to
// the first thing. Besides: the shared thing, numbers, an address, odd bytes.
fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let (mut chain, package, shared) = Chain::with_probe();
        let [a, b, child, sent] = [1, 2, 3, 4].map(|value| chain.thing(package, value));
        let coin = chain.world.coin(ALICE, 5_000_000);
        let output = chain.run(
            vec![
                chain.owned(&a),
                chain.owned(&child),
                chain.owned(&sent),
                pure(&1_u64),
                pure(&a),
            ],
            vec![
                call(
                    package,
                    "add_field",
                    &[Argument::Input(0), Argument::Input(3), Argument::Input(3)],
                ),
                call(
                    package,
                    "add_object",
                    &[Argument::Input(0), Argument::Input(3), Argument::Input(1)],
                ),
                give(&[Argument::Input(2)], Argument::Input(4)),
            ],
        );
        assert_success(&output);
        let Some(Owner::Shared(initial)) = chain.world.owner(&shared) else {
            panic!("the probe shares an object");
        };
        let inputs = vec![
            chain.owned(&a),
            chain.owned(&b),
            chain.owned(&coin),
            Input::Receiving(chain.world.reference(&sent)),
            Input::Shared(SharedInput::new(shared, initial, true)),
            pure(&1_u64),
            pure(&2_u64),
            pure(&BOB),
            Input::Pure(vec![1, 2, 3]),
        ];
        let declared = [a, b, coin, shared, chain.gas].into();
        Fixture {
            chain,
            package,
            inputs,
            declared,
        }
    })
}

fn any_argument() -> impl Strategy<Value = Argument> {
    prop_oneof![
        6 => (0_u16..9).prop_map(Argument::Input),
        3 => (0_u16..8).prop_map(Argument::Result),
        1 => (0_u16..8, 0_u16..3).prop_map(|(c, p)| Argument::NestedResult(c, p)),
        1 => Just(Argument::Gas),
    ]
}

/// An argument of the kind wanted, or (one in ten) any other.
fn argument_of(kind: char, choice: u16, any: Argument) -> Argument {
    match kind {
        _ if choice % 10 == 9 => any,
        't' => Argument::Input([0, 0, 1, 4][usize::from(choice % 4)]),
        'n' => Argument::Input(5 + choice % 2),
        'a' => Argument::Input(7),
        'r' => Argument::Input(3),
        _ => Argument::Result(choice % 5),
    }
}

fn any_command() -> impl Strategy<Value = Command> {
    let arguments = prop::collection::vec((any::<u16>(), any_argument()), 4);
    let types = prop_oneof![
        Just(None),
        Just(Some(TypeTag::U64)),
        Just(Some(StructTag::gas_coin().into())),
    ];
    prop_oneof![
        12 => (0..FUNCTIONS.len(), arguments).prop_map(|(index, arguments)| {
            let (function, kinds) = FUNCTIONS[index];
            let arguments: Vec<Argument> = kinds
                .chars()
                .zip(arguments)
                .map(|(kind, (choice, any))| argument_of(kind, choice, any))
                .collect();
            call(fixture().package, function, &arguments)
        }),
        2 => (any_argument(), prop::collection::vec(any_argument(), 0..3)).prop_map(
            |(coin, amounts)| Command::SplitCoins(SplitCoins { coin, amounts })
        ),
        1 => (any_argument(), prop::collection::vec(any_argument(), 0..3)).prop_map(
            |(coin, coins_to_merge)| Command::MergeCoins(MergeCoins { coin, coins_to_merge })
        ),
        2 => (prop::collection::vec(any_argument(), 0..3), any_argument())
            .prop_map(|(objects, address)| give(&objects, address)),
        1 => (types, prop::collection::vec(any_argument(), 0..3)).prop_map(
            |(type_, elements)| Command::MakeMoveVector(MakeMoveVector { type_, elements })
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn all_or_nothing_and_nothing_lost(
        commands in prop::collection::vec(any_command(), 0..7),
        budget in 1_000_000_u64..60_000_000,
    ) {
        let Fixture { chain, inputs, declared, .. } = fixture();
        let mut plan = chain.plan(inputs.clone(), commands);
        plan.budget = Some(budget);
        let output = chain.world.try_run(&plan);
        let again = chain.world.try_run(&plan);
        prop_assert_eq!(output.effects_digest, again.effects_digest);

        let mut after = World::new();
        after.store = chain.world.store.clone();
        after.store.apply(&output);
        prop_assert_eq!(chain.world.total(), after.total() + earned(&output));

        // Every mutable input has a new version, whatever happened.
        let changed: BTreeSet<Address> = effects(&output)
            .changed_objects
            .iter()
            .map(|changed| changed.object_id)
            .collect();
        prop_assert!(changed.is_superset(declared));
        if !output.is_success() {
            prop_assert_eq!(&changed, declared);
            prop_assert!(output.removed.is_empty());
            prop_assert_eq!(&output.events, &None);
            for id in declared.iter().filter(|id| **id != chain.gas) {
                let [old, new] = [&chain.world.store, &after.store]
                    .map(|store| store.latest(id).expect("memory").expect("alive"));
                prop_assert_eq!(old.owner(), new.owner());
                prop_assert_eq!(
                    old.as_struct().expect("an object").contents(),
                    new.as_struct().expect("an object").contents()
                );
            }
        }
        // What is gone is gone, what is written is live, under one version.
        for id in &output.removed {
            prop_assert!(after.store.latest(id).expect("memory").is_none());
        }
        for written in &output.written {
            prop_assert_eq!(written.object.version(), output.lamport_version);
        }
    }
}
