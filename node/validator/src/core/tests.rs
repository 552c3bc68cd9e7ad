//! The two paths, from submission to checkpoint, with a stand-in executor.

use crate::{
    FatalError, Receipt, SubmitError,
    engine::TransactionExecutor,
    test_network::{
        COINS, FROZEN_ID, SMALL_COIN, TestExecutor, TestNetwork, account, block_on, coin_id,
        consensus_owned_id, counter_id, number,
    },
    test_transactions::{increment, transfer},
};
use heddle_adapter::ExecuteError;
use heddle_objects::{
    CLOCK_ID, ExecutionOutput, ExecutionRequest, GENESIS_VERSION, ObjectRead, limits,
};
use proptest::prelude::*;
use std::sync::Arc;
use sui_crypto::bls12381::ValidatorCommitteeSignatureVerifier;
use sui_sdk_types::{
    Address, Command, Digest, Identifier, Input, MoveCall, ObjectReference, Owner, SharedInput,
    SignedTransaction, Transaction, TransactionExpiration, TransactionKind,
};

/// Sends account `from`'s coin `coin` to account `to`; its coin 0 pays.
fn send(network: &TestNetwork, from: u8, coin: u8, to: u8) -> SignedTransaction {
    let object = network.reference(&coin_id(from, coin));
    let gas = network.reference(&coin_id(from, 0));
    let sender = account(from);
    sender.sign(transfer(
        sender.address,
        account(to).address,
        &[object],
        gas,
    ))
}

/// Uses shared counters; the account's coin `gas` pays.
fn use_counters(
    network: &TestNetwork,
    from: u8,
    gas: u8,
    counters: &[(u8, bool)],
) -> SignedTransaction {
    let sender = account(from);
    let counters: Vec<(Address, bool)> = counters
        .iter()
        .map(|(number, mutable)| (counter_id(*number), *mutable))
        .collect();
    sender.sign(increment(
        sender.address,
        &counters,
        network.coin(from, gas),
    ))
}

fn code(result: Result<Arc<Receipt>, SubmitError>) -> &'static str {
    match result {
        Ok(_) => "OK",
        Err(error) => error.code(),
    }
}

#[test]
fn a_transfer_changes_owner_and_is_durable_when_it_is_acknowledged() {
    let network = TestNetwork::start(2, 0, 1);
    let signed = send(&network, 0, 1, 1);
    let digest = signed.transaction.digest();
    let receipt = network.submit(signed).expect("accepted");
    assert_eq!(receipt.executed.digest, digest);
    assert!(receipt.executed.is_success());
    assert_eq!(receipt.written.len(), 2);
    let store = network.core().engine.cache.store();
    assert!(store.is_executed(&digest).expect("readable"));
    let moved = store
        .object(&coin_id(0, 1))
        .expect("readable")
        .expect("live");
    assert_eq!(*moved.owner(), Owner::Address(account(1).address));
}

#[test]
fn the_same_transaction_gives_the_same_result_again() {
    let network = TestNetwork::start(2, 1, 2);
    for signed in [
        send(&network, 0, 1, 1),
        use_counters(&network, 1, 0, &[(0, true)]),
    ] {
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| network.submit(signed.clone())))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic").expect("accepted"))
                .collect()
        });
        let later = network.submit(signed).expect("accepted");
        for receipt in &results {
            assert_eq!(receipt.executed, later.executed);
        }
    }
    assert_eq!(number(&network.object(&counter_id(0))), 1);
}

/// "Done when" 5: of conflicting transactions on one version, exactly one
/// executes, and the others are told which.
#[test]
fn of_conflicting_transactions_exactly_one_executes() {
    const CLIENTS: u8 = 8;
    const ROUNDS: usize = 100;
    let network = TestNetwork::start(CLIENTS + 1, 0, 4);
    for _ in 0..ROUNDS {
        // All want coin 1 of account 0, which always comes back to it.
        let owner = account(0);
        let object = network.reference(&coin_id(0, 1));
        let gas = network.reference(&coin_id(0, 0));
        let conflicting: Vec<SignedTransaction> = (0..CLIENTS)
            .map(|client| {
                let mut wanted = transfer(
                    owner.address,
                    owner.address,
                    std::slice::from_ref(&object),
                    gas.clone(),
                );
                wanted.gas_payment.budget += u64::from(client);
                owner.sign(wanted)
            })
            .collect();
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = conflicting
                .iter()
                .map(|signed| scope.spawn(|| network.submit(signed.clone())))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let winners: Vec<Digest> = results
            .iter()
            .filter_map(|result| result.as_ref().ok())
            .map(|receipt| receipt.executed.digest)
            .collect();
        assert_eq!(winners.len(), 1, "{results:?}");
        for error in results.into_iter().filter_map(Result::err) {
            match error {
                SubmitError::ObjectLocked { by, .. } => assert_eq!(by, winners[0]),
                SubmitError::StaleVersion { consumed_by, .. } => {
                    assert_eq!(consumed_by, winners[0]);
                }
                other => panic!("not a conflict: {other}"),
            }
        }
    }
    assert_eq!(network.core().engine.locks.len(), 0);
}

#[test]
fn concurrent_increments_all_count() {
    const CLIENTS: u8 = 6;
    const EACH: usize = 40;
    let network = TestNetwork::start(CLIENTS, 2, 4);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let network = &network;
            scope.spawn(move || {
                for _ in 0..EACH {
                    let both = [(0, true), (1, client % 2 == 0)];
                    let signed = use_counters(network, client, 0, &both);
                    network.submit(signed).expect("accepted");
                }
            });
        }
    });
    let all = u64::from(CLIENTS) * EACH as u64;
    assert_eq!(number(&network.object(&counter_id(0))), all);
    assert_eq!(number(&network.object(&counter_id(1))), all / 2);
    assert!(number(&network.object(&CLOCK_ID)) > 0);
    assert_eq!(network.core().engine.shared_versions.lock().len(), 0);
}

/// What every account sends, one after the other: (coin, recipient).
type Workload = Vec<Vec<(u8, u8)>>;

/// Runs a workload with all accounts at once; the effects digests by account.
fn run_workload(workload: &Workload, threads: usize) -> Vec<Vec<Digest>> {
    let accounts = u8::try_from(workload.len()).expect("few accounts");
    let network = TestNetwork::start(accounts, 0, threads);
    let run = |from: u8| {
        // Coins that were given away are not used again.
        let mut own: Vec<u8> = (1..COINS).collect();
        let mut digests = Vec::new();
        for (coin, to) in &workload[usize::from(from)] {
            let coin = own[usize::from(*coin) % own.len()];
            let to = to % accounts;
            let receipt = network
                .submit(send(&network, from, coin, to))
                .expect("accepted");
            digests.push(receipt.executed.effects_digest);
            own.retain(|kept| *kept != coin || to == from);
            if own.is_empty() {
                break;
            }
        }
        digests
    };
    if threads == 1 {
        return (0..accounts).map(run).collect();
    }
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..accounts)
            .map(|from| scope.spawn(move || run(from)))
            .collect();
        all.into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn parallel_equals_serial(
        workload in proptest::collection::vec(
            proptest::collection::vec((any::<u8>(), any::<u8>()), 0..8),
            1..6,
        ),
    ) {
        prop_assert_eq!(run_workload(&workload, 4), run_workload(&workload, 1));
    }
}

/// Checks the whole chain of a network that has stopped writing; gives the
/// transactions in it.
fn check_chain(network: &TestNetwork) -> Vec<Digest> {
    let engine = &network.core().engine;
    let store = engine.cache.store();
    let tip = store.checkpoint_tip().expect("genesis made one");
    let mut digests = Vec::new();
    let mut previous = None;
    let mut time = 0;
    let key = crate::validator_key::ValidatorKey::load_or_create(
        &network.directory.path().join("validator.key"),
    )
    .expect("there");
    let verifier = ValidatorCommitteeSignatureVerifier::new(key.committee(0)).expect("valid");
    for sequence in 0..=tip.sequence {
        let signed = store
            .checkpoint_summary(sequence)
            .expect("readable")
            .expect("no gap");
        let contents = store
            .checkpoint_contents(sequence)
            .expect("readable")
            .expect("no gap");
        let summary = &signed.checkpoint;
        verifier
            .verify_checkpoint_summary(summary, &signed.signature)
            .expect("signed");
        assert_eq!(summary.previous_digest, previous);
        assert_eq!(summary.content_digest, contents.digest());
        assert!(summary.timestamp_ms >= time);
        digests.extend(
            contents
                .transactions()
                .iter()
                .map(|info| *info.transaction()),
        );
        assert_eq!(summary.network_total_transactions, digests.len() as u64);
        (previous, time) = (Some(summary.digest()), summary.timestamp_ms);
    }
    digests
}

/// Sends `count` transfers and increments; gives the acknowledged digests.
fn some_load(network: &TestNetwork, count: usize) -> Vec<Digest> {
    (0..count)
        .map(|round| {
            let signed = match round % 2 {
                0 => send(network, 0, 1, 0),
                _ => use_counters(network, 1, 0, &[(0, true)]),
            };
            network.submit(signed).expect("accepted").executed.digest
        })
        .collect()
}

#[test]
fn after_a_restart_the_chain_goes_on() {
    let mut network = TestNetwork::start(2, 1, 2);
    let before = some_load(&network, 10);
    let chain_id = network.core().engine.epoch.chain_id;
    network.restart();
    assert_eq!(network.core().engine.epoch.chain_id, chain_id);
    let after = some_load(&network, 10);
    network.restart();
    let chain = check_chain(&network);
    let position = |digest| {
        chain
            .iter()
            .position(|d| d == digest)
            .expect("in the chain")
    };
    let places: Vec<usize> = before.iter().chain(&after).map(position).collect();
    assert!(places.is_sorted(), "in order of execution: {places:?}");
    assert_eq!(number(&network.object(&counter_id(0))), 10);
}

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let mut network = TestNetwork::start(2, 1, 2);
    // No checkpoint is due before the plug is pulled.
    network.config.checkpoint_interval = std::time::Duration::from_secs(3_600);
    network.restart();
    let mut acknowledged = Vec::new();
    for _ in 0..5 {
        acknowledged.extend(some_load(&network, 6));
        let tip = network.core().engine.cache.store().checkpoint_tip();
        network.crash();
        let store = network.core().engine.cache.store();
        assert_eq!(store.checkpoint_tip(), tip);
        for digest in &acknowledged {
            assert!(store.is_executed(digest).expect("readable"));
        }
    }
    network.restart();
    let chain = check_chain(&network);
    for digest in &acknowledged {
        let times = chain.iter().filter(|d| *d == digest).count();
        assert_eq!(times, 1, "{digest} is in the chain once");
    }
    assert_eq!(number(&network.object(&counter_id(0))), 15);
    network
        .core()
        .engine
        .cache
        .store()
        .verify_integrity()
        .expect("consistent");
}

#[test]
fn checkpoints_follow_execution_without_being_asked() {
    let network = TestNetwork::start(2, 0, 2);
    let mut checkpoints = network.core().listeners.subscribe();
    let receipt = network.submit(send(&network, 0, 1, 1)).expect("accepted");
    loop {
        let checkpoint = block_on(checkpoints.recv()).expect("the node runs");
        let found = checkpoint
            .transactions
            .iter()
            .find(|t| t.transaction.transaction.digest() == receipt.executed.digest);
        let Some(transaction) = found else { continue };
        assert_eq!(transaction.effects, receipt.executed.effects);
        assert_eq!(transaction.input_objects.len(), 2);
        assert_eq!(transaction.output_objects.len(), 2);
        let located = network
            .core()
            .engine
            .cache
            .store()
            .location(&receipt.executed.digest)
            .expect("readable")
            .expect("in a checkpoint");
        assert_eq!(
            located.checkpoint,
            checkpoint.checkpoint_summary.checkpoint.sequence_number
        );
        break;
    }
}

/// Answers as it is told for one kind of transaction, and executes the rest.
struct Faulty {
    on_shared: fn() -> Result<ExecutionOutput, ExecuteError>,
}

impl TransactionExecutor for Faulty {
    fn execute(
        &self,
        request: &ExecutionRequest,
        state: &dyn ObjectRead,
    ) -> Result<ExecutionOutput, ExecuteError> {
        let is_shared = request
            .shared_versions
            .iter()
            .any(|shared| shared.object_id == counter_id(0));
        if is_shared {
            return (self.on_shared)();
        }
        TestExecutor.execute(request, state)
    }
}

#[test]
fn our_own_faults_stop_the_node_with_a_reason() {
    let faults: [fn() -> Result<ExecutionOutput, ExecuteError>; 2] = [
        || panic!("a bug"),
        || {
            Err(ExecuteError::Invariant {
                reason: "a bug".to_owned(),
            })
        },
    ];
    for on_shared in faults {
        let network = TestNetwork::start_with(2, 1, 2, Arc::new(Faulty { on_shared }));
        let fatal = network
            .submit(use_counters(&network, 0, 0, &[(0, true)]))
            .expect_err("the node fails");
        assert_eq!(fatal.code(), "NODE_FAILED");
        let next = network.submit(send(&network, 1, 1, 0));
        assert_eq!(code(next), "NODE_FAILED");
        let reason = block_on(network.core().engine.failure.wait());
        assert!(
            matches!(&reason, FatalError::Invariant { reason } if reason.contains("a bug")),
            "{reason}"
        );
    }
}

#[test]
fn a_fast_transaction_that_cannot_be_executed_is_refused_and_holds_nothing() {
    struct Refusing;
    impl TransactionExecutor for Refusing {
        fn execute(
            &self,
            request: &ExecutionRequest,
            state: &dyn ObjectRead,
        ) -> Result<ExecutionOutput, ExecuteError> {
            match request.shared_versions.is_empty() {
                true => Err(ExecuteError::NotBuilt("transfers")),
                false => TestExecutor.execute(request, state),
            }
        }
    }
    let network = TestNetwork::start_with(2, 0, 1, Arc::new(Refusing));
    for _ in 0..2 {
        assert_eq!(code(network.submit(send(&network, 0, 1, 1))), "NOT_BUILT");
    }
    assert_eq!(network.core().engine.locks.len(), 0);
    assert_eq!(network.core().engine.in_flight.len(), 0);
}

/// An object that its owner uses through consensus may leave its line of
/// versions, so one transaction has it at a time.
#[test]
fn what_is_owned_through_consensus_has_one_user_at_a_time() {
    let network = TestNetwork::start(2, 0, 2);
    let owner = account(0);
    let used = [(consensus_owned_id(0), true)];
    let first = owner.sign(increment(owner.address, &used, network.coin(0, 0)));
    let second = owner.sign(increment(owner.address, &used, network.coin(0, 1)));
    let holder = Digest::new([5; 32]);
    let lock = [(consensus_owned_id(0), GENESIS_VERSION)];
    let locks = &network.core().engine.locks;
    locks.acquire(&lock, holder).expect("free");
    let refused = network.submit(first.clone()).expect_err("held");
    assert!(matches!(refused, SubmitError::ObjectLocked { by, .. } if by == holder));
    locks.release(&lock, holder);
    for signed in [first, second] {
        network.submit(signed).expect("one after the other");
    }
    assert_eq!(number(&network.object(&consensus_owned_id(0))), 2);
    assert_eq!(locks.len(), 0);
}

#[test]
fn an_overloaded_node_says_when_to_come_back() {
    let mut network = TestNetwork::start(2, 0, 1);
    network.config.limits.in_flight_max = 0;
    network.restart();
    let refused = network
        .submit(send(&network, 0, 1, 1))
        .expect_err("no room");
    assert!(
        matches!(refused, SubmitError::Overloaded { retry_after_ms, .. } if retry_after_ms > 0)
    );
}

#[test]
fn a_node_that_was_shut_down_takes_nothing() {
    let network = TestNetwork::start(2, 0, 1);
    let signed = send(&network, 0, 1, 1);
    network.core().shutdown();
    assert_eq!(code(network.submit(signed)), "SHUTTING_DOWN");
}

#[test]
fn a_directory_has_one_process() {
    let network = TestNetwork::start(1, 0, 1);
    let second = crate::test_network::open(network.directory.path(), 1, 0);
    assert!(matches!(second, Err(crate::StartError::InUse { .. })));
}

#[test]
fn a_lost_key_is_noticed() {
    let mut network = TestNetwork::start(1, 0, 1);
    let key = network.directory.path().join("validator.key");
    network.restart();
    let directory = tempfile::tempdir().expect("a directory");
    copy(network.directory.path(), directory.path());
    std::fs::remove_file(directory.path().join("validator.key")).expect("there");
    let opened = crate::test_network::open(directory.path(), 1, 0);
    assert!(matches!(opened, Err(crate::StartError::Key { .. })));
    assert!(key.exists());
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("writable");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("writable");
        }
    }
}

/// One line per way in which objects can be wrong: how to spoil a transfer of
/// account 0's coin 1 to account 1, paid with coin 0; and the code.
#[test]
fn every_wrong_object_has_its_code() {
    type Spoil = fn(&TestNetwork, &mut Transaction);
    let cases: &[(Spoil, &str)] = &[
        (|_, _| {}, "OK"),
        (
            |_, t| set_input(t, reference(Address::from_static("0xdead"), 1)),
            "OBJECT_NOT_FOUND",
        ),
        (
            |n, t| {
                // Coin 0 pays for another transaction first.
                let paid = send(n, 0, 2, 0);
                n.submit(paid).expect("accepted");
                t.gas_payment.objects = vec![n.reference(&coin_id(0, 3))];
                set_input(t, reference(coin_id(0, 2), 1));
            },
            "OBJECT_VERSION_STALE",
        ),
        (
            |_, t| set_input(t, reference(coin_id(0, 1), 9_999)),
            "OBJECT_VERSION_FUTURE",
        ),
        (
            |n, t| {
                let version = n.object(&coin_id(0, 1)).version();
                set_input(t, reference(coin_id(0, 1), version));
            },
            "OBJECT_DIGEST_MISMATCH",
        ),
        (
            |n, t| set_input(t, n.reference(&coin_id(2, 1))),
            "NOT_OWNER",
        ),
        (
            |n, t| set_input(t, n.reference(&counter_id(0))),
            "OWNERSHIP_MISMATCH",
        ),
        (|n, t| set_input(t, n.reference(&FROZEN_ID)), "OK"),
        (
            |n, t| t.gas_payment.objects = vec![n.reference(&FROZEN_ID)],
            "OWNERSHIP_MISMATCH",
        ),
        (
            |n, t| t.gas_payment.objects = vec![n.reference(&counter_id(0))],
            "OWNERSHIP_MISMATCH",
        ),
        (
            |n, t| t.gas_payment.objects = vec![n.reference(&coin_id(2, 0))],
            "NOT_OWNER",
        ),
        (
            |n, t| t.gas_payment.objects = vec![n.reference(&coin_id(0, 1))],
            "INPUTS_MALFORMED",
        ),
        (
            |n, t| t.gas_payment.objects = vec![n.reference(&coin_id(0, SMALL_COIN))],
            "GAS_BALANCE_TOO_LOW",
        ),
        (|_, t| share(t, coin_id(0, 2), 1), "OWNERSHIP_MISMATCH"),
        (
            |_, t| share(t, counter_id(0), 5),
            "INITIAL_VERSION_MISMATCH",
        ),
        (|_, t| share(t, consensus_owned_id(0), 1), "OK"),
        (|_, t| share(t, consensus_owned_id(1), 1), "NOT_OWNER"),
        (|_, t| share(t, counter_id(200), 1), "OBJECT_NOT_FOUND"),
        (
            |_, t| call(t, Address::from_static("0xdead")),
            "PACKAGE_NOT_FOUND",
        ),
        (|_, t| call(t, coin_id(0, 2)), "NOT_A_PACKAGE"),
        (
            |_, t| t.gas_payment.budget = limits::GAS_BUDGET_MAX + 1,
            "GAS_BUDGET_TOO_HIGH",
        ),
        (
            |n, t| {
                t.expiration = TransactionExpiration::ValidDuring {
                    min_epoch: None,
                    max_epoch: None,
                    min_timestamp: None,
                    max_timestamp: None,
                    chain: Digest::new([1; 32]),
                    nonce: u32::try_from(n.config.threads).unwrap_or(0),
                }
            },
            "WRONG_CHAIN",
        ),
    ];
    let network = TestNetwork::start(3, 1, 1);
    for (index, (spoil, expected)) in cases.iter().enumerate() {
        let sender = account(0);
        let mut transaction = transfer(
            sender.address,
            sender.address,
            &[network.reference(&coin_id(0, 1))],
            network.reference(&coin_id(0, 0)),
        );
        spoil(&network, &mut transaction);
        let result = network.submit(sender.sign(transaction));
        assert_eq!(code(result), *expected, "case {index}");
    }
    assert_eq!(network.core().engine.locks.len(), 0);
    assert_eq!(network.core().engine.in_flight.len(), 0);
}

fn reference(id: Address, version: u64) -> ObjectReference {
    ObjectReference::new(id, version, Digest::ZERO)
}

fn inputs(transaction: &mut Transaction) -> &mut Vec<Input> {
    match &mut transaction.kind {
        TransactionKind::ProgrammableTransaction(commands) => &mut commands.inputs,
        _ => unreachable!("a transfer is programmable"),
    }
}

fn set_input(transaction: &mut Transaction, reference: ObjectReference) {
    inputs(transaction)[0] = Input::ImmutableOrOwned(reference);
}

fn share(transaction: &mut Transaction, id: Address, initial_version: u64) {
    inputs(transaction).push(Input::Shared(SharedInput::new(id, initial_version, true)));
}

fn call(transaction: &mut Transaction, package: Address) {
    let TransactionKind::ProgrammableTransaction(commands) = &mut transaction.kind else {
        unreachable!("a transfer is programmable");
    };
    commands.commands.push(Command::MoveCall(MoveCall {
        package,
        module: Identifier::from_static("m"),
        function: Identifier::from_static("f"),
        type_arguments: vec![],
        arguments: vec![],
    }));
}
