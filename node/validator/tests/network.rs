//! A whole node with the real executor: genesis, both paths, restart.

use heddle_objects::{CLOCK_ID, object::coin_balance};
use heddle_validator::{FundedAccount, Node, NodeConfig, Payment, Receipt, SubmitError};
use std::{path::Path, sync::Arc};
use sui_crypto::{SuiSigner, ed25519::Ed25519PrivateKey};
use sui_sdk_types::{
    Address, Argument, Command, ExecutionStatus, GasPayment, Identifier, Input, MoveCall,
    ObjectReference, ProgrammableTransaction, Publish, SharedInput, SignedTransaction, SplitCoins,
    StructTag, Transaction, TransactionExpiration, TransactionKind, TransferObjects,
};

const COIN: u64 = 1_000_000_000_000;

struct Account {
    key: Ed25519PrivateKey,
    address: Address,
}

fn account(number: u8) -> Account {
    let key = Ed25519PrivateKey::new([number; 32]);
    let address = key.public_key().derive_address();
    Account { key, address }
}

fn start(path: &Path) -> Arc<Node> {
    let mut config = NodeConfig::new(path);
    config.threads = 2;
    config.genesis.accounts = (0..4)
        .map(|number| FundedAccount {
            address: account(number).address,
            coins: vec![COIN; 2],
        })
        .collect();
    Node::start(config).expect("it starts")
}

fn coins(node: &Node, owner: Address) -> Vec<ObjectReference> {
    let page = node
        .store()
        .owned_objects(&owner, None, None, 100)
        .expect("readable");
    page.items.iter().map(|object| object.reference()).collect()
}

/// Total of an account's coins, in base units.
fn balance(node: &Node, owner: Address) -> u128 {
    coins(node, owner)
        .iter()
        .filter_map(|coin| node.state().latest(coin.object_id()).expect("readable"))
        .filter_map(|object| coin_balance(&object))
        .map(u128::from)
        .sum()
}

fn programmable(
    node: &Node,
    sender: &Account,
    inputs: Vec<Input>,
    commands: Vec<Command>,
) -> Transaction {
    Transaction {
        kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
            inputs,
            commands,
        }),
        sender: sender.address,
        gas_payment: GasPayment {
            objects: coins(node, sender.address)[..1].to_vec(),
            owner: sender.address,
            price: node.reference_gas_price(),
            budget: 1_000_000_000,
        },
        expiration: TransactionExpiration::None,
    }
}

fn pay(node: &Node, sender: &Account, recipient: Address, amount: u64) -> Transaction {
    programmable(
        node,
        sender,
        vec![
            Input::Pure(amount.to_le_bytes().to_vec()),
            Input::Pure(recipient.as_bytes().to_vec()),
        ],
        vec![
            Command::SplitCoins(SplitCoins {
                coin: Argument::Gas,
                amounts: vec![Argument::Input(0)],
            }),
            Command::TransferObjects(TransferObjects {
                objects: vec![Argument::Result(0)],
                address: Argument::Input(1),
            }),
        ],
    )
}

fn call(package: Address, module: &str, function: &str, arguments: Vec<Argument>) -> Command {
    Command::MoveCall(MoveCall {
        package,
        module: Identifier::new(module).expect("an identifier"),
        function: Identifier::new(function).expect("an identifier"),
        type_arguments: vec![],
        arguments,
    })
}

fn sign(sender: &Account, transaction: Transaction) -> SignedTransaction {
    let signature = sender.key.sign_transaction(&transaction).expect("signs");
    SignedTransaction {
        transaction,
        signatures: vec![signature],
    }
}

async fn submit(
    node: &Node,
    sender: &Account,
    transaction: Transaction,
) -> Result<Arc<Receipt>, SubmitError> {
    node.submit(sign(sender, transaction)).await
}

#[tokio::test]
async fn a_payment_arrives_and_survives_restarts() {
    let directory = tempfile::tempdir().expect("a directory");
    let (alice, bob) = (account(0), account(1));
    let mut node = start(directory.path());
    let chain_id = node.chain_id();
    let genesis = node
        .store()
        .verify_integrity()
        .expect("consistent")
        .native_total();
    for round in 1..=3_u128 {
        let before = balance(&node, alice.address);
        let transaction = pay(&node, &alice, bob.address, 1_000);
        node.check(&transaction, Payment::Required)
            .expect("it may run");
        let receipt = submit(&node, &alice, transaction).await.expect("accepted");
        assert!(receipt.executed.is_success(), "{receipt:?}");
        let gas = receipt.executed.effects.gas_summary().net_gas_usage();
        let spent = i128::from(gas) + 1_000;
        let after = balance(&node, alice.address);
        assert_eq!(
            i128::try_from(before).expect("fits") - i128::try_from(after).expect("fits"),
            spent
        );
        assert_eq!(
            balance(&node, bob.address),
            2 * u128::from(COIN) + round * 1_000
        );
        node.shutdown();
        drop(node);
        node = start(directory.path());
        assert_eq!(node.chain_id(), chain_id);
    }
    let report = node.store().verify_integrity().expect("consistent");
    assert_eq!(report.native_total(), genesis, "nothing is made or lost");
}

#[tokio::test]
async fn the_clock_is_read_through_the_order() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(directory.path());
    let alice = account(0);
    let transaction = programmable(
        &node,
        &alice,
        vec![Input::Shared(SharedInput::new(CLOCK_ID, 1, false))],
        vec![call(
            Address::TWO,
            "clock",
            "timestamp_ms",
            vec![Argument::Input(0)],
        )],
    );
    let receipt = submit(&node, &alice, transaction).await.expect("accepted");
    assert!(receipt.executed.is_success(), "{receipt:?}");
    let clock = node
        .state()
        .latest(&CLOCK_ID)
        .expect("readable")
        .expect("live");
    assert!(clock.version() > 1, "the clock moves");
}

/// What passes admission and fails in execution has effects that say why.
#[tokio::test]
async fn failures_of_execution_are_results() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(directory.path());
    let alice = account(0);
    let cases = [
        (
            "no such function",
            call(Address::TWO, "coin", "no_such", vec![]),
        ),
        (
            "too few arguments",
            call(Address::TWO, "clock", "timestamp_ms", vec![]),
        ),
        (
            "no bytecode",
            Command::Publish(Publish {
                modules: vec![vec![0xde, 0xad]],
                dependencies: vec![Address::from_static("0x1")],
            }),
        ),
    ];
    for (what, command) in cases {
        let transaction = programmable(&node, &alice, vec![], vec![command]);
        let receipt = submit(&node, &alice, transaction).await.expect(what);
        let status = receipt.executed.effects.status();
        assert!(
            matches!(status, ExecutionStatus::Failure { .. }),
            "{what}: {status:?}"
        );
        assert!(receipt.executed.effects.gas_summary().computation_cost > 0);
    }
}

#[tokio::test]
async fn a_new_genesis_is_another_network() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(directory.path());
    let first = node.chain_id();
    node.shutdown();
    drop(node);
    let mut config = NodeConfig::new(directory.path());
    config.force_regenesis = true;
    config.genesis.timestamp_ms = Some(7);
    let node = Node::start(config).expect("it starts");
    assert_ne!(node.chain_id(), first);
    assert_eq!(node.epoch().epoch_start_timestamp_ms, 7);
}

/// The gas coin's type is one that clients know by name.
#[tokio::test]
async fn funded_accounts_hold_the_native_coin() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(directory.path());
    for coin in coins(&node, account(2).address) {
        let object = node
            .state()
            .latest(coin.object_id())
            .expect("readable")
            .expect("live");
        let tag = object.as_struct().expect("a coin").object_type().clone();
        assert_eq!(tag, StructTag::gas_coin());
    }
}
