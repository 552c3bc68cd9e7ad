//! The first transaction of a network.

mod world;

use heddle_adapter::{Executor, ExecutorConfig, GenesisAccount, GenesisConfig, GenesisError};
use heddle_objects::{CLOCK_ID, ObjectRead, SYSTEM_STATE_ID};
use sui_sdk_types::{Address, Owner, StructTag, TypeTag};
use world::{ALICE, BOB, effects};

fn config() -> GenesisConfig {
    GenesisConfig {
        timestamp_ms: 1_234,
        protocol_version: 1,
        reference_gas_price: 1_000,
        accounts: vec![
            GenesisAccount {
                address: ALICE,
                coins: vec![5, 7],
            },
            GenesisAccount {
                address: BOB,
                coins: vec![11],
            },
        ],
    }
}

#[test]
fn genesis_has_packages_clock_and_coins() {
    let executor = Executor::new(ExecutorConfig::default());
    let state = executor.genesis(&config()).expect("a genesis state");
    assert!(state.output.is_success());
    let mut store = heddle_adapter::testing::MemoryStore::new();
    store.apply(&state.output);
    for package in ["0x1", "0x2", "0x3"] {
        let id = Address::from_static(match package {
            "0x1" => "0x1",
            "0x2" => "0x2",
            _ => "0x3",
        });
        assert!(store.latest(&id).expect("memory").is_some(), "{package}");
    }
    for shared in [CLOCK_ID, SYSTEM_STATE_ID] {
        let object = store.latest(&shared).expect("memory").expect("an object");
        assert_eq!(*object.owner(), Owner::Shared(1));
        assert_eq!(object.version(), 1);
        assert_eq!(object.previous_transaction(), state.digest);
    }
    let clock = store.latest(&CLOCK_ID).expect("memory").expect("a clock");
    let clock = clock.as_struct().expect("a Move object");
    assert_eq!(clock.contents()[32..], 1_234_u64.to_le_bytes());
    let rendered = executor
        .render_json(
            &store,
            &TypeTag::from(clock.object_type().clone()),
            clock.contents(),
        )
        .expect("a clock");
    assert_eq!(rendered["timestamp_ms"], "1234");

    let mut balances: Vec<(Owner, u64)> = store
        .live()
        .values()
        .filter(|object| {
            object
                .as_struct()
                .is_some_and(|value| *value.object_type() == StructTag::gas_coin())
        })
        .map(|object| {
            let balance = heddle_objects::object::coin_balance(object).expect("a coin");
            (*object.owner(), balance)
        })
        .collect();
    balances.sort_by_key(|(_, balance)| *balance);
    assert_eq!(
        balances,
        [
            (Owner::Address(ALICE), 5),
            (Owner::Address(ALICE), 7),
            (Owner::Address(BOB), 11)
        ]
    );
    assert_eq!(effects(&state.output).gas_object_index, None);
}

#[test]
fn the_same_configuration_gives_the_same_bytes() {
    let [a, b] = [(), ()].map(|()| {
        Executor::new(ExecutorConfig::default())
            .genesis(&config())
            .expect("a genesis state")
    });
    assert_eq!(a.digest, b.digest);
    assert_eq!(a.output.effects_digest, b.output.effects_digest);
}

#[test]
fn accounts_can_not_hold_more_than_the_supply() {
    let mut config = config();
    config.accounts[0].coins = vec![u64::MAX];
    let error = Executor::new(ExecutorConfig::default())
        .genesis(&config)
        .expect_err("too much");
    assert!(matches!(error, GenesisError::SupplyExceeded { .. }));
}
