//! Tests of the store: random histories against a model, crashes, and in the
//! submodules one subject each.

mod directory;
mod format;
mod ledger;
mod listings;
mod outputs;

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

        // A crash takes one moment; a copy takes several, in which no file may go.
        store.database.stop_background_work();
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
fn an_id_made_and_wrapped_at_once_is_no_object_until_it_is_unwrapped() {
    let (_directory, store) = open();
    let mut world = World::default();
    let wrapped = Change::MakeWrapped { id: address(2) };
    let entry = world.execute(1, &[coin(1, 1, 5), wrapped]);
    store.commit(&batch(vec![entry])).unwrap();
    assert_eq!(store.latest(&address(2)).unwrap(), None);
    assert_objects(&store, &world);

    let unwrapped = put(2, plain_tag(), Owner::Address(address(1)), 7);
    let entry = world.execute(1, &[coin(1, 1, 4), unwrapped]);
    store.commit(&batch(vec![entry])).unwrap();
    assert_objects(&store, &world);
    assert_eq!(store.verify_integrity().unwrap().live_objects, 2);
    assert_eq!(store.recompute_commitment().unwrap(), store.commitment());
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
