//! Which tasks wait for which versions.
//!
//! A task that waits is owned by a [`Waiting`], shared by the entries of all
//! versions that it waits for. Its count starts at the number of inputs plus
//! one; the extra one keeps it from being woken while it is being entered.
//! Whoever brings the count to zero takes the task out and runs it.
//!
//! A version may come into being while a task is entered for it. So:
//!
//! 1. The submitter enters the task, *then* asks whether the version exists.
//! 2. The announcer makes the version visible, *then* removes its waiters.
//!
//! Both go through the shard's lock between their two steps. Whichever comes
//! second there sees what the other did: the submitter finds the version, or
//! the announcer finds the waiter. If both do, the entry is removed by one of
//! them only, and only that one counts down.
//!
//! One lock per shard, never two at once; nothing is read from a store under it.

use crate::ObjectVersion;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use sui_sdk_types::Address;

/// Shards of the table. A power of two.
const SHARDS: usize = 64;

const _: () = assert!(SHARDS.is_power_of_two() && SHARDS <= 256);

/// A task with versions missing.
pub(crate) struct Waiting<T> {
    /// Versions still missing, plus one while the task is being entered.
    missing: AtomicUsize,
    task: Mutex<Option<T>>,
    pub(crate) since: Instant,
}

impl<T> Waiting<T> {
    pub(crate) fn new(task: T, inputs: usize, since: Instant) -> Arc<Self> {
        Arc::new(Waiting {
            missing: AtomicUsize::new(inputs + 1),
            task: Mutex::new(Some(task)),
            since,
        })
    }

    /// Counts one version less; the task, if none is missing any more.
    pub(crate) fn count_down(&self) -> Option<T> {
        // AcqRel: pairs with the other count-downs, so that whoever takes the
        // last one sees the versions that the others found.
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.withdraw()
        } else {
            None
        }
    }

    /// Takes the task out whatever is missing.
    pub(crate) fn withdraw(&self) -> Option<T> {
        self.task.lock().take()
    }
}

type Waiters<T> = SmallVec<[Arc<Waiting<T>>; 2]>;
type Shard<T> = Mutex<FxHashMap<ObjectVersion, Waiters<T>>>;

/// The table.
pub(crate) struct WaitTable<T> {
    shards: Box<[Shard<T>]>,
}

impl<T> WaitTable<T> {
    pub(crate) fn new() -> Self {
        WaitTable {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    fn shard(&self, id: &Address) -> &Shard<T> {
        // Ids are hashes, and the system's own differ in the last byte.
        let byte = id.inner()[Address::LENGTH - 1];
        &self.shards[usize::from(byte) % SHARDS]
    }

    /// Enters a task for a version.
    pub(crate) fn enter(&self, version: ObjectVersion, waiting: &Arc<Waiting<T>>) {
        self.shard(&version.id)
            .lock()
            .entry(version)
            .or_default()
            .push(Arc::clone(waiting));
    }

    /// Removes the entry of a task for a version. Whether it was still there.
    pub(crate) fn leave(&self, version: ObjectVersion, waiting: &Arc<Waiting<T>>) -> bool {
        let mut shard = self.shard(&version.id).lock();
        let Some(waiters) = shard.get_mut(&version) else {
            return false;
        };
        let Some(place) = waiters.iter().position(|other| Arc::ptr_eq(other, waiting)) else {
            return false;
        };
        waiters.remove(place);
        if waiters.is_empty() {
            shard.remove(&version);
        }
        true
    }

    /// Removes and gives all that wait for a version.
    pub(crate) fn take(&self, version: ObjectVersion) -> Waiters<T> {
        self.shard(&version.id)
            .lock()
            .remove(&version)
            .unwrap_or_default()
    }

    /// Removes everything, and drops the tasks. How many there were.
    pub(crate) fn clear(&self) -> usize {
        let mut dropped = 0;
        for shard in &self.shards {
            let entries = std::mem::take(&mut *shard.lock());
            for waiting in entries.into_values().flatten() {
                dropped += usize::from(waiting.withdraw().is_some());
            }
        }
        dropped
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.lock().is_empty())
    }
}
