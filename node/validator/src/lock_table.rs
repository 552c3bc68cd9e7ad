//! Who holds which owned object version.
//!
//! A transaction on either path takes all its owned inputs before its objects
//! are checked, and gives them up once its outputs are visible (or it is
//! refused). So of all transactions that use one version, the first to take it
//! executes; the others are told its digest, and once it has executed they
//! find the version gone.
//!
//! Locks are taken one by one in order of object id and never waited for: a
//! conflict gives back what was taken. No deadlock is possible, and of any set
//! of conflicting transactions that run at once at least one succeeds (the
//! one that got furthest in the order of ids).
//!
//! The table is memory: after a restart nothing is in flight, so nothing is
//! held. A network of several validators must remember what it signed for;
//! that goes behind [`LockTable::acquire`] and [`LockTable::release`].

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use sui_sdk_types::{Address, Digest};

/// Shards, so that threads seldom meet. A power of two.
const SHARDS: usize = 256;
const _: () = assert!(SHARDS.is_power_of_two() && SHARDS <= 256);

/// One version of one object.
pub(crate) type ObjectVersion = (Address, u64);

/// A lock that somebody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) object: Address,
    pub(crate) version: u64,
    pub(crate) by: Digest,
}

/// All locks of a node. Any thread may use it at any time.
pub(crate) struct LockTable {
    shards: Box<[Mutex<FxHashMap<ObjectVersion, Digest>>]>,
}

impl LockTable {
    pub(crate) fn new() -> Self {
        LockTable {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Takes all of `versions` for `by`, or none of them. They must be sorted
    /// by id and distinct.
    ///
    /// # Errors
    /// The first lock that another transaction has.
    pub(crate) fn acquire(&self, versions: &[ObjectVersion], by: Digest) -> Result<(), Held> {
        debug_assert!(versions.is_sorted_by(|a, b| a.0 < b.0));
        for (taken, version) in versions.iter().enumerate() {
            let holder = *self.shard(&version.0).lock().entry(*version).or_insert(by);
            if holder != by {
                self.release(&versions[..taken], by);
                return Err(Held {
                    object: version.0,
                    version: version.1,
                    by: holder,
                });
            }
        }
        Ok(())
    }

    /// Gives up those of `versions` that `by` has.
    pub(crate) fn release(&self, versions: &[ObjectVersion], by: Digest) {
        for version in versions {
            let mut shard = self.shard(&version.0).lock();
            if shard.get(version) == Some(&by) {
                shard.remove(version);
            }
        }
    }

    /// How many versions are held.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }

    fn shard(&self, id: &Address) -> &Mutex<FxHashMap<ObjectVersion, Digest>> {
        // Ids are hashes: any byte of them spreads evenly.
        let [.., last] = id.inner();
        &self.shards[usize::from(*last) & (SHARDS - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn digest(byte: u8) -> Digest {
        Digest::new([byte; 32])
    }

    fn version(byte: u8, version: u64) -> ObjectVersion {
        (Address::new([byte; 32]), version)
    }

    #[test]
    fn a_conflict_names_the_holder_and_takes_nothing() {
        let table = LockTable::new();
        table
            .acquire(&[version(2, 7)], digest(1))
            .expect("nobody has it");
        let refused = table.acquire(&[version(1, 1), version(2, 7), version(3, 1)], digest(2));
        assert_eq!(
            refused,
            Err(Held {
                object: version(2, 7).0,
                version: 7,
                by: digest(1)
            })
        );
        assert_eq!(table.len(), 1);
    }

    #[test]
    fn only_the_holder_releases() {
        let table = LockTable::new();
        table.acquire(&[version(1, 1)], digest(1)).expect("free");
        table.release(&[version(1, 1)], digest(2));
        assert_eq!(table.len(), 1);
        table.release(&[version(1, 1)], digest(1));
        assert_eq!(table.len(), 0);
    }

    #[test]
    fn another_version_is_another_lock() {
        let table = LockTable::new();
        table.acquire(&[version(1, 1)], digest(1)).expect("free");
        table.acquire(&[version(1, 2)], digest(2)).expect("free");
    }

    #[test]
    fn of_eight_threads_one_wins() {
        for round in 0..200_u64 {
            let table = LockTable::new();
            let winners = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for thread in 0..8_u8 {
                    let (table, winners) = (&table, &winners);
                    scope.spawn(move || {
                        let wanted = [version(1, round), version(2, round)];
                        if table.acquire(&wanted, digest(thread)).is_ok() {
                            winners.fetch_add(1, Ordering::Relaxed);
                        }
                    });
                }
            });
            assert_eq!(winners.into_inner(), 1);
        }
    }

    proptest! {
        /// Whatever is asked for, a version has one holder, and a refused
        /// request holds nothing new.
        #[test]
        fn agrees_with_a_map(requests: Vec<(u8, std::collections::BTreeSet<u8>, bool)>) {
            let table = LockTable::new();
            let mut model = std::collections::BTreeMap::new();
            for (by, ids, release) in requests {
                let wanted: Vec<ObjectVersion> = ids.iter().map(|id| version(*id, 1)).collect();
                if release {
                    table.release(&wanted, digest(by));
                    model.retain(|id, holder| !(ids.contains(id) && *holder == by));
                } else {
                    let conflict = ids
                        .iter()
                        .find(|id| model.get(id).is_some_and(|holder| *holder != by))
                        .copied();
                    let taken = table.acquire(&wanted, digest(by));
                    prop_assert_eq!(taken.err().map(|held| held.object), conflict.map(|id| version(id, 1).0));
                    match conflict {
                        None => model.extend(ids.iter().map(|id| (*id, by))),
                        // What came before the conflict is given back.
                        Some(conflict) => model.retain(|id, holder| {
                            *holder != by || !ids.contains(id) || *id > conflict
                        }),
                    }
                }
                prop_assert_eq!(table.len(), model.len());
            }
        }
    }
}
