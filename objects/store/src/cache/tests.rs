//! Tests of the object cache: it says what store and uncommitted outputs say
//! together, keeps what is not committed, and stays within its bounds.

use super::*;
use crate::{
    Durability, Removal, StoreConfig,
    fixture::{Change, World, address, coin, plain_tag, put, remove},
};
use proptest::prelude::*;
use sui_sdk_types::Owner;
use tempfile::TempDir;

fn open(capacity_bytes: usize) -> (TempDir, ObjectCache) {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig {
        durability: Durability::Process,
        free_disk_bytes_min: 0,
        ..StoreConfig::default()
    };
    let store = Arc::new(Store::open(directory.path(), config).unwrap());
    (
        directory,
        ObjectCache::new(store, ObjectCacheConfig { capacity_bytes }),
    )
}

/// Checks every read against the world, in which everything that has executed
/// is visible.
fn assert_reads(cache: &ObjectCache, world: &World) {
    for (id, history) in &world.histories {
        let (newest, object) = history.last().unwrap();
        assert_eq!(cache.latest(id).unwrap(), *object);
        let expected = NewestVersion {
            version: *newest,
            is_live: object.is_some(),
        };
        assert_eq!(cache.newest_version(id).unwrap(), Some(expected));
        let facts = cache.facts(id).unwrap();
        let expected = object.as_ref().map(|object| ObjectFacts {
            version: *newest,
            digest: object.digest(),
            owner: *object.owner(),
            balance: coin_balance(object),
        });
        assert_eq!(facts, expected);
        for bound in 0..=newest + 1 {
            let exact = history.iter().find(|(version, _)| *version == bound);
            assert_eq!(cache.has_version(id, bound).unwrap(), exact.is_some());
            let exact = exact.and_then(|(_, object)| object.clone());
            assert_eq!(cache.at_version(id, bound).unwrap(), exact);
            let before = history.iter().rev().find(|(version, _)| *version <= bound);
            let before = before.and_then(|(_, object)| object.clone());
            assert_eq!(cache.at_or_before(id, bound).unwrap(), before);
        }
        assert_consumers(cache, id, history);
    }
}

fn assert_consumers(cache: &ObjectCache, id: &Address, history: &crate::fixture::History) {
    for pair in history.windows(2) {
        let [(version, Some(_)), (_, next)] = pair else {
            continue;
        };
        let consumer = cache.consumer_of(id, *version).unwrap();
        assert!(consumer.is_some());
        if let Some(next) = next {
            assert_eq!(consumer, Some(next.previous_transaction()));
        }
    }
    let newest = history.last().unwrap().0;
    assert_eq!(cache.consumer_of(id, newest).unwrap(), None);
}

/// What one transaction does to object 1 to 6, and whether a commit follows.
fn steps() -> impl Strategy<Value = Vec<(u64, bool, bool)>> {
    prop::collection::vec((1..7_u64, any::<bool>(), any::<bool>()), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_cache_is_the_store_and_what_is_not_committed(
        steps in steps(),
        // From a cache that keeps nothing to one that keeps everything.
        capacity_bytes in prop_oneof![Just(0), Just(64 * 1_200), Just(1 << 24)],
    ) {
        let (_directory, cache) = open(capacity_bytes);
        let mut world = World::default();
        let mut pending = CommitBatch::new();
        for (number, is_removal, commits) in steps {
            let is_live = world.live(&address(number)).is_some();
            let change = match is_removal && is_live {
                true => remove(number, Removal::Wrapped),
                false => coin(number, number, world.executed.len() as u64),
            };
            let entry = world.execute(1, &[change]);
            cache.insert(&entry);
            pending.push(entry);
            if commits {
                cache.commit(&std::mem::take(&mut pending)).unwrap();
                prop_assert_eq!(cache.usage().uncommitted_versions, 0);
            }
            assert_reads(&cache, &world);
        }
        cache.commit(&pending).unwrap();
        prop_assert_eq!(cache.usage().uncommitted_versions, 0);
        assert_reads(&cache, &world);
        cache.store().verify_integrity().unwrap();
    }
}

#[test]
fn what_is_not_committed_is_kept_and_the_rest_is_bounded() {
    let (_directory, cache) = open(SHARDS * 2_000);
    let mut world = World::default();
    let mut pending = CommitBatch::new();
    for id in 1..=1_000 {
        let entry = world.execute(1, &[coin(id, 1, id)]);
        cache.insert(&entry);
        pending.push(entry);
    }
    let usage = cache.usage();
    assert_eq!((usage.objects, usage.uncommitted_versions), (1_000, 1_000));
    assert!(usage.bytes > SHARDS * 2_000);
    cache.commit(&pending).unwrap();
    let usage = cache.usage();
    assert_eq!(usage.uncommitted_versions, 0);
    assert!(usage.bytes <= SHARDS * 2_000, "{usage:?}");
    assert_reads(&cache, &world);
    assert!(cache.usage().bytes <= SHARDS * 2_000);
}

#[test]
fn a_restart_reads_from_the_store() {
    let (_directory, cache) = open(1 << 20);
    let mut world = World::default();
    let mut batch = CommitBatch::new();
    for change in [coin(1, 1, 5), coin(1, 2, 5), remove(2, Removal::Deleted)] {
        let entry = match change {
            Change::Remove { .. } => {
                batch.push(world.execute(1, &[put(2, plain_tag(), Owner::Shared(1), 1)]));
                world.execute(1, &[change])
            }
            _ => world.execute(1, &[change]),
        };
        batch.push(entry);
    }
    cache.store().commit(&batch).unwrap();
    let fresh = ObjectCache::new(Arc::clone(cache.store()), ObjectCacheConfig::default());
    assert_reads(&fresh, &world);
    assert_eq!(fresh.latest(&address(99)).unwrap(), None);
    assert_eq!(fresh.newest_version(&address(99)).unwrap(), None);
    // The live object is cached now, and its history still comes out right.
    assert_eq!(fresh.usage().objects, 1);
    assert_reads(&fresh, &world);
}

#[test]
fn a_failed_commit_keeps_what_it_held() {
    let (_directory, cache) = open(1 << 20);
    let mut world = World::default();
    let mut batch = CommitBatch::new();
    let mut entry = world.execute(1, &[coin(1, 1, 5)]);
    cache.insert(&entry);
    entry.removed.push(address(7));
    batch.push(entry);
    cache.commit(&batch).unwrap_err();
    assert_eq!(cache.usage().uncommitted_versions, 1);
    assert_reads(&cache, &world);
}

#[test]
fn readers_never_see_time_run_backwards() {
    let (_directory, cache) = open(0);
    let id = address(1);
    let mut world = World::default();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (cache, done) = (&cache, &done);
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(move || {
                    let mut last = 0;
                    // Acquire: pairs with the release below.
                    while !done.load(Ordering::Acquire) {
                        let now = cache.latest(&id).unwrap().map_or(0, |o| o.version());
                        assert!(now >= last, "{now} after {last}");
                        last = now;
                    }
                })
            })
            .collect();
        for round in 0..400 {
            let entry = world.execute(1, &[coin(1, 1, round)]);
            cache.insert(&entry);
            let mut batch = CommitBatch::new();
            batch.push(entry);
            cache.commit(&batch).unwrap();
        }
        done.store(true, Ordering::Release);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}
