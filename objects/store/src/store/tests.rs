//! Tests of the store: commits against a model, listings, crashes, refusals.

use super::*;
use crate::{
    ChainProblem, CoinObjectKind, CommitEntry, Cursor, Durability, IntegrityError, LedgerOrder,
    LedgerPosition, LedgerSubject, NewCheckpoint, OutputProblem, Removal, TypeFilter,
    fixture::{Change, World, address, coin, name, other_coin, plain_tag, put, remove},
};
use heddle_objects::ObjectRead;
use proptest::prelude::*;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use sui_sdk_types::{Digest, Object, Owner, StructTag, TypeTag};
use tempfile::TempDir;

fn small() -> StoreConfig {
    StoreConfig {
        durability: Durability::Process,
        block_cache_bytes: 1 << 20,
        write_buffer_bytes: 4 << 20,
        free_disk_bytes_min: 0,
        ..StoreConfig::default()
    }
}

fn open() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), small()).unwrap();
    (directory, store)
}

fn batch(entries: Vec<CommitEntry>) -> CommitBatch {
    let mut batch = CommitBatch::new();
    entries.into_iter().for_each(|entry| batch.push(entry));
    batch
}

fn native() -> TypeTag {
    StructTag::sui().into()
}

/// Copies a data directory as it lies on disk, as a crash would leave it.
fn copy(from: &Path, name: &str) -> PathBuf {
    let to = from.parent().unwrap().join(name);
    copy_into(from, &to);
    to
}

fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    /// Objects by number, with owner and number, written by one transaction.
    Put(Vec<(u64, u64, u64)>),
    /// Objects removed by one transaction.
    Remove(Vec<(u64, bool)>),
    /// Ends a batch, with or without a checkpoint.
    Commit(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = prop::collection::vec((1..20_u64, 0..4_u64, 0..1_000_u64), 1..5);
    let remove = prop::collection::vec((1..20_u64, any::<bool>()), 1..4);
    let step = prop_oneof![
        5 => put.prop_map(Step::Put),
        2 => remove.prop_map(Step::Remove),
        2 => any::<bool>().prop_map(Step::Commit),
    ];
    prop::collection::vec(step, 1..40)
}

/// An object's type and kind of owner follow from its number, so that ids keep
/// their type.
fn random_put(number: u64, owner: u64, value: u64) -> Change {
    let owner = match number % 5 {
        4 => Owner::Object(address(0x100 + owner)),
        3 => Owner::Shared(1),
        2 => Owner::ConsensusAddress {
            start_version: 1,
            owner: address(owner),
        },
        _ => Owner::Address(address(owner)),
    };
    let tag = match number % 3 {
        0 => StructTag::gas_coin(),
        1 => StructTag::coin(other_coin()),
        _ => plain_tag(),
    };
    put(number, tag, owner, value)
}

/// Applies a step to the world; the entry, if it was a transaction.
fn apply(world: &mut World, step: &Step) -> Option<CommitEntry> {
    let mut changes: BTreeMap<u64, Change> = BTreeMap::new();
    match step {
        Step::Put(puts) => {
            for &(number, owner, value) in puts {
                changes.insert(number, random_put(number, owner, value));
            }
        }
        Step::Remove(removals) => {
            for &(number, deleted) in removals {
                let removal = match deleted {
                    true => Removal::Deleted,
                    false => Removal::Wrapped,
                };
                if world.live(&address(number)).is_some() {
                    changes.insert(number, remove(number, removal));
                } else if world.histories.contains_key(&address(number)) {
                    let id = address(number);
                    changes.insert(number, Change::NameRemoved { id });
                }
            }
        }
        Step::Commit(_) => return None,
    }
    let changes: Vec<Change> = changes.into_values().collect();
    Some(world.execute(7, &changes))
}

/// Runs a history, committing where it says so; the world as committed.
fn run(store: &Store, steps: &[Step], mut after_commit: impl FnMut(&World)) -> World {
    let mut world = World::default();
    let mut pending = CommitBatch::new();
    let mut unchecked = 0;
    for step in steps.iter().chain([&Step::Commit(true)]) {
        if let Some(entry) = apply(&mut world, step) {
            pending.push(entry);
            unchecked += 1;
        }
        if let Step::Commit(with_checkpoint) = step {
            if *with_checkpoint {
                pending.push_checkpoint(world.checkpoint(unchecked));
                unchecked = 0;
            }
            store.commit(&std::mem::take(&mut pending)).unwrap();
            after_commit(&world);
        }
    }
    world
}

/// Checks every read of objects against the model.
fn assert_objects(store: &dyn ObjectRead, world: &World) {
    for (id, history) in &world.histories {
        let latest = world.live(id).cloned();
        assert_eq!(store.latest(id).unwrap(), latest);
        let last = history.last().unwrap().0;
        for bound in 0..=last + 1 {
            let exact = history.iter().find(|(version, _)| *version == bound);
            let exact = exact.and_then(|(_, object)| object.clone());
            assert_eq!(store.at_version(id, bound).unwrap(), exact);
            let before = history.iter().rev().find(|(version, _)| *version <= bound);
            let before = before.and_then(|(_, object)| object.clone());
            assert_eq!(store.at_or_before(id, bound).unwrap(), before);
        }
    }
    assert_eq!(store.latest(&address(999)).unwrap(), None);
}

fn owner_of(object: &Object) -> Option<sui_sdk_types::Address> {
    heddle_objects::Ownership::of(object.owner())?.address()
}

/// Checks listings and balances against the model.
fn assert_listings(store: &Store, world: &World) {
    for owner in (0..4).map(address) {
        let owned = store.owned_objects(&owner, None, None, 100).unwrap();
        let mut listed: Vec<_> = owned.items.iter().map(|item| item.id).collect();
        listed.sort();
        let expected: Vec<_> = world
            .all_live()
            .filter(|object| owner_of(object) == Some(owner))
            .map(|object| object.object_id())
            .collect();
        assert_eq!(listed, expected);
        for coin_type in [native(), other_coin()] {
            let mut coins: Vec<u64> = world
                .all_live()
                .filter(|object| owner_of(object) == Some(owner))
                .filter(|object| heddle_objects::object::coin_type(object) == Some(&coin_type))
                .map(|object| heddle_objects::object::coin_balance(object).unwrap())
                .collect();
            coins.sort();
            let listed = store.coins(&owner, &coin_type, None, 100).unwrap();
            let mut listed: Vec<u64> = listed.items.iter().map(|coin| coin.balance).collect();
            listed.sort();
            assert_eq!(listed, coins);
            let balance = store.balance(&owner, &coin_type).unwrap();
            assert_eq!(
                balance.total,
                coins.iter().map(|&coin| u128::from(coin)).sum()
            );
            assert_eq!(balance.coins, coins.len() as u64);
        }
    }
    for parent in (0..4).map(|owner| address(0x100 + owner)) {
        let fields = store.dynamic_fields(&parent, None, 100).unwrap();
        let listed: Vec<_> = fields.items.iter().map(|item| item.id).collect();
        let expected: Vec<_> = world
            .all_live()
            .filter(|object| *object.owner() == Owner::Object(parent))
            .map(|object| object.object_id())
            .collect();
        assert_eq!(listed, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_store_says_what_was_committed(steps in steps()) {
        let (_directory, store) = open();
        let world = run(&store, &steps, |_| {});
        assert_objects(&store, &world);
        assert_listings(&store, &world);
        let report = store.verify_integrity().unwrap();
        prop_assert_eq!(report.live_objects, world.all_live().count() as u64);
        prop_assert_eq!(report.transactions, world.executed.len() as u64);
        prop_assert_eq!(store.recompute_commitment().unwrap(), store.commitment());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// A crash is a copy of the directory while the store is open, with the
    /// log cut off anywhere. What comes back is what some number of whole
    /// batches had made, and all of them if nothing was cut off.
    #[test]
    fn a_crash_leaves_whole_batches(steps in steps(), cut in 0..10_000_u64) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("live");
        let config = StoreConfig { durability: Durability::Sync, ..small() };
        let store = Store::open(&path, config.clone()).unwrap();
        let mut counts = vec![0];
        run(&store, &steps, |world| counts.push(world.executed.len() as u64));

        let intact = Store::open(copy(&path, "intact"), config.clone()).unwrap();
        prop_assert_eq!(intact.next_execution(), store.next_execution());
        prop_assert_eq!(intact.checkpoint_tip(), store.checkpoint_tip());
        prop_assert_eq!(intact.commitment(), store.commitment());
        prop_assert_eq!(intact.verify_integrity(), store.verify_integrity());

        let torn_path = copy(&path, "torn");
        cut_log(&torn_path, cut);
        let torn = Store::open(&torn_path, config).unwrap();
        prop_assert!(counts.contains(&torn.next_execution().0));
        torn.verify_integrity().unwrap();
    }
}

/// Cuts bytes off the end of the newest write-ahead log.
fn cut_log(directory: &Path, bytes: u64) {
    let logs = std::fs::read_dir(directory.join("db")).unwrap();
    let newest = logs
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .max()
        .unwrap();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(newest)
        .unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(bytes)).unwrap();
}

#[test]
fn a_reopened_store_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::default();
    for round in 0..3_u64 {
        let store = Store::open(directory.path(), small()).unwrap();
        assert_eq!(store.next_execution(), ExecutionSequence(round));
        let entry = world.execute(1, &[coin(1, round, 10 + round)]);
        let mut batch = batch(vec![entry]);
        batch.push_checkpoint(world.checkpoint(1));
        batch.set_node_state("round", Some(vec![round as u8]));
        let sequences = store.commit(&batch).unwrap();
        assert_eq!(
            sequences,
            ExecutionSequence(round)..ExecutionSequence(round + 1)
        );
        store.verify_integrity().unwrap();
    }
    let store = Store::open(directory.path(), small()).unwrap();
    assert_eq!(store.node_state("round").unwrap(), Some(vec![2]));
    let states = store.node_states("ro").unwrap();
    assert_eq!(states, [("round".to_owned(), vec![2])]);
    assert_objects(&store, &world);
}

#[test]
fn facts_are_kept() {
    let (_directory, store) = open();
    assert_eq!(store.chain().unwrap(), None);
    assert_eq!(store.epoch().unwrap(), None);
    let chain = ChainIdentity {
        chain_id: Digest::new([1; 32]),
        genesis_transaction: Digest::new([2; 32]),
    };
    let epoch = EpochContext {
        epoch: 3,
        epoch_start_timestamp_ms: 4,
        reference_gas_price: 1_000,
        chain_id: chain.chain_id,
        protocol_version: 1,
    };
    let mut batch = CommitBatch::new();
    assert!(batch.is_empty());
    batch.set_chain(chain);
    batch.set_epoch(epoch.clone());
    store.commit(&batch).unwrap();
    assert_eq!(store.chain().unwrap(), Some(chain));
    assert_eq!(store.epoch().unwrap(), Some(epoch));
}

#[test]
fn transactions_are_found_by_digest_order_and_consumer() {
    let (_directory, store) = open();
    let mut world = World::default();
    let first = world.execute(1, &[coin(1, 1, 10)]);
    let second = world.execute(1, &[coin(1, 2, 10)]);
    store.commit(&batch(vec![first, second])).unwrap();
    let digests: Vec<Digest> = world.executed.iter().map(|e| e.digest).collect();
    for executed in &world.executed {
        let found = store.executed_transaction(&executed.digest).unwrap();
        assert_eq!(found.as_ref(), Some(executed));
        assert!(store.is_executed(&executed.digest).unwrap());
    }
    let one = store.executed_from(ExecutionSequence(1), 10).unwrap();
    assert_eq!(one, [(ExecutionSequence(1), digests[1])]);
    assert_eq!(
        store.executed_from(ExecutionSequence(0), 1).unwrap().len(),
        1
    );
    let id = address(1);
    assert_eq!(store.consumer_of(&id, 1).unwrap(), Some(digests[1]));
    assert_eq!(store.consumer_of(&id, 2).unwrap(), None);
    assert!(store.has_version(&id, 2).unwrap());
    assert!(!store.is_executed(&Digest::ZERO).unwrap());
    assert_eq!(store.executed_transaction(&Digest::ZERO).unwrap(), None);
}

#[test]
fn checkpoints_and_the_ledger_index() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entries: Vec<_> = (0..6_u64)
        .map(|round| world.execute(round % 2, &[coin(1 + round % 3, 9, round)]))
        .collect();
    let mut all = batch(entries);
    all.push_checkpoint(world.checkpoint(2));
    all.push_checkpoint(world.checkpoint(4));
    store.commit(&all).unwrap();
    let tip = store.checkpoint_tip().unwrap();
    assert_eq!((tip.sequence, tip.total_transactions), (1, 6));
    assert_eq!(store.checkpoint_by_digest(&tip.digest).unwrap(), Some(1));
    let positions = store.checkpoint_positions(1).unwrap().unwrap();
    assert_eq!(positions, LedgerPosition(2)..LedgerPosition(6));
    let location = store.location(&world.executed[3].digest).unwrap().unwrap();
    assert_eq!((location.checkpoint, location.index), (1, 1));
    let at_three = store.transaction_at(LedgerPosition(3)).unwrap();
    assert_eq!(at_three, Some(world.executed[3].digest));

    let whole = LedgerPosition(0)..LedgerPosition(6);
    let find = |subject: &LedgerSubject, range, order, limit| -> Vec<u64> {
        let found = store.positions_of(subject, range, order, limit).unwrap();
        found.into_iter().map(|position| position.0).collect()
    };
    let up = LedgerOrder::Ascending;
    let sender = LedgerSubject::Sender(address(1));
    assert_eq!(find(&sender, whole.clone(), up, 10), [1, 3, 5]);
    let down = LedgerOrder::Descending;
    assert_eq!(find(&sender, whole.clone(), down, 2), [5, 3]);
    let later = LedgerPosition(2)..LedgerPosition(5);
    assert_eq!(find(&sender, later, up, 10), [3]);
    let object = LedgerSubject::AffectedObject(address(1));
    assert_eq!(find(&object, whole.clone(), up, 10), [0, 3]);
    let owner = LedgerSubject::AffectedAddress(address(9));
    assert_eq!(find(&owner, whole.clone(), up, 10), [0, 1, 2, 3, 4, 5]);
    let event = LedgerSubject::EventName(address(0xeee), name("events"), name("Odd"));
    assert_eq!(find(&event, whole.clone(), up, 10), [1, 3, 5]);
    let nobody = LedgerSubject::Sender(address(77));
    assert_eq!(find(&nobody, whole, up, 10), [0; 0]);
}

#[test]
fn listings_go_by_type_and_in_pages() {
    let (_directory, store) = open();
    let mut world = World::default();
    let alice = Owner::Address(address(1));
    let mut changes: Vec<Change> = (10..25).map(|id| coin(id, 1, id)).collect();
    changes.push(put(30, StructTag::coin(other_coin()), alice, 5));
    changes.push(put(31, plain_tag(), alice, 0));
    changes.push(coin(40, 2, 1));
    let entry = world.execute(1, &changes);
    store.commit(&batch(vec![entry])).unwrap();

    let count = |filter: &TypeFilter| {
        let page = store.owned_objects(&address(1), Some(filter), None, 100);
        page.unwrap().items.len()
    };
    let coin_without_arguments = StructTag::new(
        *StructTag::gas_coin().address(),
        name("coin"),
        name("Coin"),
        vec![],
    );
    assert_eq!(count(&TypeFilter::of(&coin_without_arguments)), 16);
    assert_eq!(count(&TypeFilter::exact(&StructTag::gas_coin())), 15);
    assert_eq!(count(&TypeFilter::of(&StructTag::coin(other_coin()))), 1);
    assert_eq!(
        count(&TypeFilter::any_arguments(&StructTag::gas_coin())),
        16
    );
    assert_eq!(count(&TypeFilter::exact(&coin_without_arguments)), 0);

    let mut seen = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = store
            .owned_objects(&address(1), None, cursor.as_ref(), 4)
            .unwrap();
        assert!(page.items.len() <= 4);
        seen.extend(page.items.into_iter().map(|item| item.id));
        // The last object of a page goes away: the listing goes on behind it.
        let gone = *seen.last().unwrap();
        let removal = Removal::Deleted;
        let entry = world.execute(1, &[Change::Remove { id: gone, removal }]);
        store.commit(&batch(vec![entry])).unwrap();
        match page.next {
            None => break,
            Some(next) => cursor = Some(Cursor::from_bytes(next.into_bytes())),
        }
    }
    assert_eq!(seen.len(), 17);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 17);
    let too_long = Cursor::from_bytes(vec![0; Cursor::BYTES_MAX + 1]);
    let refused = store.owned_objects(&address(1), None, Some(&too_long), 4);
    assert_eq!(refused, Err(StoreError::InvalidCursor));
    assert_eq!(
        store.balances(&address(2), None, 10).unwrap().items.len(),
        1
    );
}

#[test]
fn what_describes_a_coin_type_is_found() {
    let (_directory, store) = open();
    let mut world = World::default();
    let tag = StructTag::new(
        sui_sdk_types::Address::TWO,
        name("coin"),
        name("TreasuryCap"),
        vec![other_coin()],
    );
    let entry = world.execute(1, &[put(5, tag, Owner::Address(address(1)), 0)]);
    store.commit(&batch(vec![entry])).unwrap();
    let kind = CoinObjectKind::TreasuryCap;
    assert_eq!(
        store.coin_object(kind, &other_coin()).unwrap(),
        Some(address(5))
    );
    assert_eq!(store.coin_object(kind, &native()).unwrap(), None);
    let metadata = CoinObjectKind::Metadata;
    assert_eq!(store.coin_object(metadata, &other_coin()).unwrap(), None);
}

#[test]
fn packages_are_found_by_lineage() {
    let (_directory, store) = open();
    let mut world = World::default();
    let id = address(8);
    let entry = world.execute(1, &[Change::Publish { id, version: 1 }]);
    store.commit(&batch(vec![entry])).unwrap();
    let latest = store.latest_package_version(&id).unwrap().unwrap();
    assert_eq!((latest.version, latest.storage_id), (1, id));
    assert_eq!(
        store.package_versions(&id, None, 10).unwrap().items,
        [latest]
    );
    assert_eq!(store.latest_package_version(&address(9)).unwrap(), None);

    // The fixture's modules are no bytecode: a later version can't be placed.
    let id = address(9);
    let entry = world.execute(1, &[Change::Publish { id, version: 2 }]);
    let refused = store.commit(&batch(vec![entry])).unwrap_err();
    assert!(matches!(
        refused,
        StoreError::InconsistentOutput {
            problem: OutputProblem::UnreadablePackage,
            ..
        }
    ));
}

fn problem_of(store: &Store, entry: CommitEntry) -> OutputProblem {
    let before = store.next_execution();
    let error = store.commit(&batch(vec![entry])).unwrap_err();
    assert!(error.is_rejected_batch());
    assert_eq!(store.next_execution(), before);
    match error {
        StoreError::InconsistentOutput { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

#[test]
fn outputs_that_do_not_fit_are_refused_and_change_nothing() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entry = world.execute(1, &[coin(1, 1, 10), coin(2, 1, 10)]);
    store.commit(&batch(vec![entry])).unwrap();
    let before = store.verify_integrity().unwrap();

    // Two transactions that consume the same version.
    let mut other = world.clone();
    let first = world.execute(1, &[coin(1, 2, 10)]);
    let second = other.execute(3, &[coin(1, 3, 10), coin(2, 3, 10)]);
    let error = store.commit(&batch(vec![first, second])).unwrap_err();
    assert!(matches!(
        error,
        StoreError::InconsistentOutput {
            problem: OutputProblem::StaleInput {
                expected: 1,
                found: Some(2)
            },
            ..
        }
    ));

    let mut missing = world.clone().execute(1, &[coin(2, 2, 10)]);
    missing.written.clear();
    assert_eq!(problem_of(&store, missing), OutputProblem::MissingWrite);

    let mut surplus = world.clone().execute(1, &[coin(2, 2, 10)]);
    let extra = world.clone().execute(1, &[coin(3, 2, 10)]);
    surplus.written.extend(extra.written);
    assert_eq!(problem_of(&store, surplus), OutputProblem::UnlistedWrite);

    let mut surplus = world.clone().execute(1, &[coin(2, 2, 10)]);
    surplus.removed.push(address(1));
    assert_eq!(problem_of(&store, surplus), OutputProblem::UnlistedWrite);

    let mut fresh = World::default();
    fresh.execute(1, &[]);
    let created_again = fresh.execute(5, &[remove(2, Removal::Deleted)]);
    assert_eq!(
        problem_of(&store, created_again),
        OutputProblem::AlreadyLive { found: 1 }
    );
    assert_eq!(store.verify_integrity().unwrap(), before);
}

fn chain_problem(store: &Store, checkpoint: NewCheckpoint) -> ChainProblem {
    let mut batch = CommitBatch::new();
    batch.push_checkpoint(checkpoint);
    match store.commit(&batch).unwrap_err() {
        StoreError::BrokenChain { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

#[test]
fn checkpoints_that_do_not_continue_the_chain_are_refused() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entries = (0..4).map(|round| world.execute(1, &[coin(1, 1, round)]));
    let mut all = batch(entries.collect());
    all.push_checkpoint(world.checkpoint(1));
    store.commit(&all).unwrap();
    let good = world.checkpoint(2);

    let mut bad = good.clone();
    bad.summary.checkpoint.sequence_number = 5;
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Sequence { expected: 1 });
    let mut bad = good.clone();
    bad.summary.checkpoint.previous_digest = None;
    let problem = chain_problem(&store, bad);
    assert!(matches!(
        problem,
        ChainProblem::Previous { found: None, .. }
    ));
    let mut bad = good.clone();
    bad.summary.checkpoint.content_digest = Digest::ZERO;
    let problem = chain_problem(&store, bad);
    assert!(matches!(problem, ChainProblem::Contents { .. }));
    let mut bad = good.clone();
    bad.summary.checkpoint.network_total_transactions = 9;
    let problem = chain_problem(&store, bad);
    assert_eq!(
        problem,
        ChainProblem::Total {
            expected: 3,
            found: 9
        }
    );
    let mut bad = good.clone();
    bad.transactions.swap(0, 1);
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Transactions { index: 0 });
    let mut bad = good.clone();
    bad.transactions.pop();
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Transactions { index: 1 });

    let mut batch = CommitBatch::new();
    batch.push_checkpoint(good);
    store.commit(&batch).unwrap();
    store.verify_integrity().unwrap();
}

#[test]
fn a_transaction_is_in_one_checkpoint_only_and_only_once_executed() {
    let (_directory, store) = open();
    let mut world = World::default();
    world.execute(1, &[coin(1, 1, 1)]);
    let problem = chain_problem(&store, world.checkpoint(1));
    let transaction = world.executed[0].digest;
    assert_eq!(problem, ChainProblem::Foreign { transaction });
}

#[test]
fn a_directory_is_opened_once() {
    let (directory, store) = open();
    let path = directory.path().to_owned();
    let second = Store::open(&path, small()).unwrap_err();
    assert_eq!(second, StoreError::Locked { path: path.clone() });
    drop(store);
    Store::open(&path, small()).unwrap();
}

#[test]
fn directories_of_others_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_owned();
    std::fs::write(path.join("heddle-store.format"), "999\n").unwrap();
    let refused = Store::open(&path, small()).unwrap_err();
    let expected = StoreError::OtherVersion {
        path: path.clone(),
        found: 999,
        expected: crate::FORMAT_VERSION,
    };
    assert_eq!(refused, expected);
    assert!(!path.join("db").exists());

    std::fs::remove_file(path.join("heddle-store.format")).unwrap();
    std::fs::create_dir(path.join("db")).unwrap();
    let refused = Store::open(&path, small()).unwrap_err();
    assert_eq!(refused, StoreError::NotAStore { path });
}

#[test]
fn a_full_disk_halts_writes_and_not_reads() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::default();
    let entry = world.execute(1, &[coin(1, 1, 10)]);
    let store = Store::open(directory.path(), small()).unwrap();
    store.commit(&batch(vec![entry])).unwrap();
    drop(store);

    let config = StoreConfig {
        free_disk_bytes_min: u64::MAX,
        ..small()
    };
    let store = Store::open(directory.path(), config).unwrap();
    let entry = world.execute(1, &[coin(1, 2, 10)]);
    let refused = batch(vec![entry]);
    let error = store.commit(&refused).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    let error = store.commit(&refused).unwrap_err();
    assert!(matches!(error, StoreError::Halted { .. }), "{error}");
    assert!(store.writable().is_err());
    assert_eq!(store.next_execution(), ExecutionSequence(1));
    assert_eq!(store.object(&address(1)).unwrap().unwrap().version(), 1);
    drop(store);

    let store = Store::open(directory.path(), small()).unwrap();
    store.commit(&refused).unwrap();
    assert_objects(&store, &world);
}

#[test]
fn a_backup_is_a_store() {
    let (directory, store) = open();
    let mut world = World::default();
    for round in 0..20 {
        let entry = world.execute(1, &[coin(1 + round % 3, round, 10)]);
        store.commit(&batch(vec![entry])).unwrap();
    }
    let copy = directory.path().join("copy");
    store.backup(&copy).unwrap();
    assert!(matches!(store.backup(&copy), Err(StoreError::Io { .. })));
    let backup = Store::open(&copy, small()).unwrap();
    assert_objects(&backup, &world);
    assert_eq!(backup.verify_integrity(), store.verify_integrity());
    assert_eq!(backup.commitment(), store.commitment());
    let sizes = store.sizes().unwrap();
    assert_eq!(sizes.len(), Column::ALL.len());
    let live = sizes.iter().find(|size| size.column == Column::Live);
    assert!(live.unwrap().keys >= 3);
}

#[test]
fn damage_is_found() {
    let damage: [(&str, fn(&Store)); 5] = [
        ("live", |store| {
            let id = address(1);
            put_raw(store, Column::Live, id.as_bytes(), None);
        }),
        ("consumer", |store| {
            let key = crate::key::versioned(&address(1), 1);
            put_raw(store, Column::Consumers, &key, None);
        }),
        ("index", |store| {
            put_raw(store, Column::Owned, &[7; 100], Some(&[]));
        }),
        ("balance", |store| {
            let key = crate::key::balance(&address(2), &native());
            put_raw(store, Column::Balances, &key, None);
        }),
        ("commitment", |store| {
            let wrong = bcs::to_bytes(&StateCommitment::default()).unwrap();
            put_raw(store, Column::Metadata, b"commitment", Some(&wrong));
        }),
    ];
    for (what, inflict) in damage {
        let (_directory, store) = open();
        let mut world = World::default();
        let first = world.execute(1, &[coin(1, 1, 10)]);
        let second = world.execute(1, &[coin(1, 2, 10)]);
        store.commit(&batch(vec![first, second])).unwrap();
        store.verify_integrity().unwrap();
        inflict(&store);
        let found = store.verify_integrity().unwrap_err();
        let is_it = match what {
            "live" => matches!(found, IntegrityError::Live { .. }),
            "consumer" => matches!(found, IntegrityError::Consumer { .. }),
            "index" => matches!(found, IntegrityError::Index { .. }),
            "balance" => matches!(found, IntegrityError::Balance { .. }),
            _ => matches!(found, IntegrityError::Commitment { .. }),
        };
        assert!(is_it, "{what}: {found}");
    }
}

fn put_raw(store: &Store, column: Column, key: &[u8], value: Option<&[u8]>) {
    let mut write = WriteBatch::default();
    let handle = store.database.column(column);
    match value {
        Some(value) => write.put_cf(handle, key, value),
        None => write.delete_cf(handle, key),
    }
    store.database.write(write).unwrap();
}

/// Every key and value of a store in which every column is used. A difference
/// is another format: raise [`crate::FORMAT_VERSION`] with it.
#[test]
fn the_format_is_pinned() {
    let (_directory, store) = open();
    let mut world = World::default();
    let cap = StructTag::new(
        sui_sdk_types::Address::TWO,
        name("coin"),
        name("TreasuryCap"),
        vec![other_coin()],
    );
    let entries = vec![
        world.execute(
            1,
            &[
                coin(1, 1, 10),
                coin(2, 1, 20),
                random_put(4, 1, 1),
                random_put(8, 1, 1),
                put(6, cap, Owner::Address(address(1)), 0),
                Change::Publish {
                    id: address(9),
                    version: 1,
                },
            ],
        ),
        world.execute(2, &[coin(1, 2, 5), remove(2, Removal::Deleted)]),
        world.execute(2, &[remove(8, Removal::Wrapped)]),
    ];
    let mut all = batch(entries);
    all.push_checkpoint(world.checkpoint(3));
    all.set_node_state("n", Some(vec![1]));
    store.commit(&all).unwrap();
    let mut hasher = blake3::Hasher::new();
    for &column in Column::ALL {
        let mut is_used = false;
        hasher.update(column.name().as_bytes());
        let view = store.database.now();
        view.scan(column, &[], |key, value| {
            is_used = true;
            for part in [key, value] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            Ok(true)
        })
        .unwrap();
        assert!(is_used, "{} is not covered", column.name());
    }
    assert_eq!(
        hasher.finalize().to_hex().as_str(),
        "cb748b57a26d380fde5c6709cf33259f64ce5fbcf34244c1e54f8445e73ddb51"
    );
}

#[test]
fn a_shared_object_that_is_gone_keeps_its_place_in_the_order() {
    let (_directory, store) = open();
    let mut world = World::default();
    let id = address(3);
    let entries = vec![
        world.execute(1, &[put(3, plain_tag(), Owner::Shared(1), 0)]),
        world.execute(1, &[remove(3, Removal::Deleted)]),
        world.execute(1, &[Change::NameRemoved { id }]),
    ];
    store.commit(&batch(entries)).unwrap();
    assert_eq!(store.live(&id).unwrap().unwrap().version(), 3);
    assert!(store.has_version(&id, 3).unwrap());
    assert_eq!(store.object_at_or_before(&id, 3).unwrap(), None);
    assert!(store.object_at_or_before(&id, 1).unwrap().is_some());
    store.verify_integrity().unwrap();
}

#[test]
fn reads_and_commits_go_on_together() {
    let (_directory, store) = open();
    let store = Arc::new(store);
    let mut world = World::default();
    let first = world.execute(1, &[coin(1, 1, 60), coin(2, 2, 40)]);
    store.commit(&batch(vec![first])).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut rounds = 0;
            while store.next_execution().0 < 300 {
                // Money moves between two coins of one owner: a listing that
                // saw half a commit would not add up.
                let page = store.coins(&address(1), &native(), None, 10).unwrap();
                let total: u64 = page.items.iter().map(|coin| coin.balance).sum();
                assert!(total == 60 || total == 100, "{total}");
                rounds += 1;
            }
            rounds
        });
        for round in 1..300_u64 {
            let moved = round % 60;
            let changes = [coin(1, 1, 60 - moved), coin(2, 1, 40 + moved)];
            let entry = world.execute(1, &changes);
            store.commit(&batch(vec![entry])).unwrap();
        }
        assert!(reader.join().unwrap() > 0);
    });
}

#[test]
#[ignore]
fn speed() {
    let directory = tempfile::tempdir().unwrap();
    for durability in [Durability::Process, Durability::Sync] {
        let store = Store::open(
            directory.path().join(format!("{durability:?}")),
            StoreConfig {
                durability,
                ..StoreConfig::default()
            },
        )
        .unwrap();
        let cache = crate::ObjectCache::new(Arc::new(store), Default::default());
        let mut world = World::default();
        let mut first = Vec::new();
        for id in 0..2_000 {
            first.push(world.execute(
                1,
                &[coin(id, id % 100, 1000), coin(5_000 + id, id % 100, 1000)],
            ));
        }
        cache.commit(&batch(first)).unwrap();
        let mut all = Vec::new();
        for round in 0..40_000_u64 {
            let id = round % 2_000;
            all.push(world.execute(
                id % 100,
                &[
                    coin(id, (id + round) % 100, round),
                    coin(5_000 + id, id % 100, round),
                ],
            ));
        }
        let mut b = CommitBatch::new();
        b.push_checkpoint(world.checkpoint(2_000));
        cache.commit(&b).unwrap();
        for group in [1usize, 16, 256] {
            let take = if group == 1 { 1000 } else { 13_000 };
            let part: Vec<_> = all.drain(..take).collect();
            let begin = std::time::Instant::now();
            for entry in &part {
                cache.insert(entry);
            }
            let inserted = begin.elapsed();
            let batches: Vec<_> = part.chunks(group).map(|c| batch(c.to_vec())).collect();
            let begin = std::time::Instant::now();
            for b in &batches {
                cache.commit(b).unwrap();
            }
            let committed = begin.elapsed();
            let begin = std::time::Instant::now();
            let mut n = 0;
            while n < take {
                let k = 500.min(take - n);
                let mut b = CommitBatch::new();
                b.push_checkpoint(world.checkpoint(k));
                cache.commit(&b).unwrap();
                n += k;
            }
            let checked = begin.elapsed();
            println!(
                "{durability:?} group {group}: insert {:.2} us/tx commit {:.2} us/tx checkpoint {:.2} us/tx",
                inserted.as_secs_f64() * 1e6 / take as f64,
                committed.as_secs_f64() * 1e6 / take as f64,
                checked.as_secs_f64() * 1e6 / take as f64
            );
        }
    }
}
