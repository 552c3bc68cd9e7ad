//! Transactions between submission and durable effects, and who waits for them.
//!
//! A digest is in here from its first submission until its effects are on
//! disk or it is refused. Whoever submits the same transaction meanwhile waits
//! for the same result. An entry goes only after the store can answer for the
//! transaction, so "not in flight" and then "not in the store" means that it
//! was never executed.

use crate::{Receipt, SubmitError};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use sui_sdk_types::Digest;
use tokio::sync::oneshot;

/// Shards, so that threads seldom meet. A power of two.
const SHARDS: usize = 256;
const _: () = assert!(SHARDS.is_power_of_two() && SHARDS <= 256);

/// What a submission resolves to.
pub(crate) type Outcome = Result<Arc<Receipt>, SubmitError>;
/// Who is told the outcome.
pub(crate) type Waiter = oneshot::Sender<Outcome>;

/// The answer to a submission.
pub(crate) enum Entry {
    /// It is new: the caller must see it through to [`InFlight::finish`].
    New,
    /// It is on its way already; the waiter will hear of it.
    Joined,
    /// There are too many; this is how many. The waiter comes back.
    Full(usize, Waiter),
}

struct Progress {
    waiters: Vec<Waiter>,
    is_ordered: bool,
}

/// What is known of a transaction that comes out of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ordered {
    /// It is in flight, and comes for the first time.
    First,
    /// It is in flight, and came before.
    Again,
    /// It is not in flight.
    Unknown,
}

/// All transactions in flight. Any thread may use it at any time.
pub(crate) struct InFlight {
    shards: Box<[Mutex<FxHashMap<Digest, Progress>>]>,
    count: AtomicUsize,
    limit: usize,
}

impl InFlight {
    pub(crate) fn new(limit: usize) -> Self {
        InFlight {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            count: AtomicUsize::new(0),
            limit,
        }
    }

    /// Enters a transaction, or joins it if it is in flight.
    pub(crate) fn enter(&self, digest: Digest, waiter: Waiter) -> Entry {
        let mut shard = self.shard(&digest).lock();
        if let Some(progress) = shard.get_mut(&digest) {
            progress.waiters.push(waiter);
            return Entry::Joined;
        }
        // Relaxed: a bound that may be passed by a few threads at once.
        let count = self.count.load(Ordering::Relaxed);
        if count >= self.limit {
            return Entry::Full(count, waiter);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        shard.insert(
            digest,
            Progress {
                waiters: vec![waiter],
                is_ordered: false,
            },
        );
        Entry::New
    }

    /// Notes that a transaction came out of the order.
    pub(crate) fn mark_ordered(&self, digest: &Digest) -> Ordered {
        match self.shard(digest).lock().get_mut(digest) {
            None => Ordered::Unknown,
            Some(progress) if progress.is_ordered => Ordered::Again,
            Some(progress) => {
                progress.is_ordered = true;
                Ordered::First
            }
        }
    }

    /// Takes a transaction out and tells everybody who waits for it.
    pub(crate) fn finish(&self, digest: &Digest, outcome: &Outcome) {
        let removed = self.shard(digest).lock().remove(digest);
        if let Some(progress) = removed {
            self.count.fetch_sub(1, Ordering::Relaxed);
            for waiter in progress.waiters {
                // Nobody listens any more: the client went away.
                let _ = waiter.send(outcome.clone());
            }
        }
    }

    /// Takes everything out with the same outcome.
    pub(crate) fn finish_all(&self, outcome: &Outcome) {
        for shard in &self.shards {
            let all: Vec<Progress> = shard.lock().drain().map(|(_, progress)| progress).collect();
            self.count.fetch_sub(all.len(), Ordering::Relaxed);
            for waiter in all.into_iter().flat_map(|progress| progress.waiters) {
                let _ = waiter.send(outcome.clone());
            }
        }
    }

    /// How many transactions may be in flight.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// How many transactions are in flight.
    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn shard(&self, digest: &Digest) -> &Mutex<FxHashMap<Digest, Progress>> {
        let [first, ..] = digest.inner();
        &self.shards[usize::from(*first) & (SHARDS - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::new([byte; 32])
    }

    #[test]
    fn the_second_joins_and_both_hear_the_outcome() {
        let table = InFlight::new(8);
        let (first, mut heard_first) = oneshot::channel();
        let (second, mut heard_second) = oneshot::channel();
        assert!(matches!(table.enter(digest(1), first), Entry::New));
        assert!(matches!(table.enter(digest(1), second), Entry::Joined));
        assert_eq!(table.len(), 1);
        table.finish(&digest(1), &Err(SubmitError::NoCommands));
        for heard in [&mut heard_first, &mut heard_second] {
            let outcome = heard.try_recv().expect("an outcome was sent");
            assert_eq!(outcome.expect_err("refused"), SubmitError::NoCommands);
        }
        assert_eq!(table.len(), 0);
        let (third, _) = oneshot::channel();
        assert!(matches!(table.enter(digest(1), third), Entry::New));
    }

    #[test]
    fn the_limit_refuses_new_ones_and_not_joiners() {
        let table = InFlight::new(1);
        let enter = |byte| table.enter(digest(byte), oneshot::channel().0);
        assert!(matches!(enter(1), Entry::New));
        assert!(matches!(enter(2), Entry::Full(1, _)));
        assert!(matches!(enter(1), Entry::Joined));
    }

    #[test]
    fn repeated_orders_are_recognised() {
        let table = InFlight::new(8);
        assert_eq!(table.mark_ordered(&digest(1)), Ordered::Unknown);
        table.enter(digest(1), oneshot::channel().0);
        assert_eq!(table.mark_ordered(&digest(1)), Ordered::First);
        assert_eq!(table.mark_ordered(&digest(1)), Ordered::Again);
    }

    #[test]
    fn finishing_everything_empties_the_table() {
        let table = InFlight::new(8);
        let (waiter, mut heard) = oneshot::channel();
        table.enter(digest(1), waiter);
        table.enter(digest(2), oneshot::channel().0);
        table.finish_all(&Err(SubmitError::ShuttingDown));
        assert_eq!(table.len(), 0);
        assert!(matches!(
            heard.try_recv(),
            Ok(Err(SubmitError::ShuttingDown))
        ));
    }
}
