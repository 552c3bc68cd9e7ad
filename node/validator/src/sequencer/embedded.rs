//! A sequencer for a network of one validator: a queue and a thread.
//!
//! A transaction that arrives while nothing else goes on is ordered at once.
//! Under load there is one commit per interval, so that the fixed cost of a
//! commit (its prologue transaction) is shared. With nothing to order, a
//! heartbeat commit advances the clock.
//!
//! The queue is memory. What it loses when the process dies was never
//! acknowledged; the index and the time of the last durable commit come back
//! from the store.

use super::{CommitMark, CommitSink, OrderedCommit, Sequencer, SequencerError};
use crate::{VerifiedTransaction, checkpoint::unix_time_ms};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::VecDeque,
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How an [`EmbeddedSequencer`] makes commits.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedSequencerConfig {
    /// Least time between commits that hold transactions.
    pub commit_interval: Duration,
    /// Time without a commit after which an empty one is made.
    pub heartbeat_interval: Duration,
    /// Most transactions that may wait.
    pub queued_max: usize,
    /// Most transactions of one commit.
    pub commit_transactions_max: usize,
}

/// See the [module's description](self).
pub struct EmbeddedSequencer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    config: EmbeddedSequencerConfig,
    queue: Mutex<Queue>,
    /// Signalled when `queue` gets its first transaction or is stopped.
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    transactions: VecDeque<Arc<VerifiedTransaction>>,
    stopped: bool,
}

impl EmbeddedSequencer {
    /// Starts the thread. The first commit follows `last`.
    ///
    /// # Errors
    /// The operating system's, if it gives no thread.
    pub fn start(
        config: EmbeddedSequencerConfig,
        last: CommitMark,
        sink: Arc<dyn CommitSink>,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            config,
            queue: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = {
            let shared = shared.clone();
            std::thread::Builder::new()
                .name("sequencer".to_owned())
                .spawn(move || shared.run(last, sink.as_ref()))?
        };
        Ok(EmbeddedSequencer {
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }
}

impl Sequencer for EmbeddedSequencer {
    fn submit(&self, transaction: Arc<VerifiedTransaction>) -> Result<(), SequencerError> {
        let mut queue = self.shared.queue.lock();
        if queue.stopped {
            return Err(SequencerError::Stopped);
        }
        let limit = self.shared.config.queued_max;
        if queue.transactions.len() >= limit {
            return Err(SequencerError::Full {
                depth: queue.transactions.len(),
                limit,
            });
        }
        queue.transactions.push_back(transaction);
        if queue.transactions.len() == 1 {
            self.shared.changed.notify_one();
        }
        Ok(())
    }

    fn queued(&self) -> usize {
        self.shared.queue.lock().transactions.len()
    }

    fn stop(&self) {
        self.shared.queue.lock().stopped = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the sequencer's thread ended in a panic");
        }
    }
}

impl Drop for EmbeddedSequencer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn run(&self, last: CommitMark, sink: &dyn CommitSink) {
        let mut mark = last;
        // The first commit is due at once: it tells the time of the restart.
        let mut last_commit: Option<Instant> = None;
        while let Some(transactions) = self.next(last_commit) {
            last_commit = Some(Instant::now());
            mark = CommitMark {
                index: mark.index.next(),
                timestamp_ms: unix_time_ms().max(mark.timestamp_ms),
            };
            sink.deliver(OrderedCommit { mark, transactions });
        }
    }

    /// The transactions of the next commit once it is due; `None` once it is
    /// stopped and nothing waits.
    fn next(&self, last_commit: Option<Instant>) -> Option<Vec<Arc<VerifiedTransaction>>> {
        let due = |interval: Duration| last_commit.map(|last| last + interval);
        let commit_due = due(self.config.commit_interval);
        let heartbeat_due = due(self.config.heartbeat_interval);
        let mut queue = self.queue.lock();
        loop {
            if queue.stopped && queue.transactions.is_empty() {
                return None;
            }
            let deadline = if queue.transactions.is_empty() {
                heartbeat_due
            } else if queue.stopped {
                None
            } else {
                commit_due
            };
            match deadline {
                Some(deadline) if Instant::now() < deadline => {
                    self.changed.wait_until(&mut queue, deadline);
                }
                _ => {
                    let count = self
                        .config
                        .commit_transactions_max
                        .min(queue.transactions.len());
                    return Some(queue.transactions.drain(..count).collect());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_transactions::any_verified;
    use crossbeam_channel::{Receiver, Sender, unbounded};

    struct Channel(Sender<OrderedCommit>);

    impl CommitSink for Channel {
        fn deliver(&self, commit: OrderedCommit) {
            let _ = self.0.send(commit);
        }
    }

    fn start(
        config: EmbeddedSequencerConfig,
        last: CommitMark,
    ) -> (EmbeddedSequencer, Receiver<OrderedCommit>) {
        let (sender, receiver) = unbounded();
        let sequencer = EmbeddedSequencer::start(config, last, Arc::new(Channel(sender)))
            .expect("a thread starts");
        (sequencer, receiver)
    }

    const HOUR: Duration = Duration::from_secs(3_600);

    fn config() -> EmbeddedSequencerConfig {
        EmbeddedSequencerConfig {
            commit_interval: Duration::from_millis(1),
            heartbeat_interval: HOUR,
            queued_max: 100,
            commit_transactions_max: 7,
        }
    }

    #[test]
    fn everything_submitted_is_delivered_once_and_in_order() {
        let last = CommitMark {
            index: super::super::CommitIndex(41),
            timestamp_ms: 0,
        };
        let (sequencer, commits) = start(config(), last);
        let submitted: Vec<_> = (0..60).map(any_verified).collect();
        for transaction in &submitted {
            sequencer
                .submit(transaction.clone())
                .expect("there is room");
        }
        sequencer.stop();
        let commits: Vec<OrderedCommit> = commits.try_iter().collect();
        let delivered: Vec<_> = commits
            .iter()
            .flat_map(|commit| commit.transactions.iter().map(|t| *t.digest()))
            .collect();
        let expected: Vec<_> = submitted.iter().map(|t| *t.digest()).collect();
        assert_eq!(delivered, expected);
        assert!(commits.iter().all(|commit| commit.transactions.len() <= 7));
        let indexes: Vec<u64> = commits.iter().map(|commit| commit.mark.index.0).collect();
        let consecutive: Vec<u64> = (42..).take(commits.len()).collect();
        assert_eq!(indexes, consecutive);
        assert_eq!(
            sequencer.submit(submitted[0].clone()),
            Err(SequencerError::Stopped)
        );
    }

    #[test]
    fn time_does_not_go_back() {
        let last = CommitMark {
            index: Default::default(),
            timestamp_ms: u64::MAX - 1,
        };
        let (_sequencer, commits) = start(config(), last);
        let first = commits.recv().expect("the first commit comes at once");
        assert_eq!(first.mark.timestamp_ms, u64::MAX - 1);
    }

    #[test]
    fn an_idle_sequencer_beats() {
        let config = EmbeddedSequencerConfig {
            heartbeat_interval: Duration::from_millis(1),
            ..config()
        };
        let (_sequencer, commits) = start(config, CommitMark::default());
        for _ in 0..3 {
            let commit = commits.recv().expect("a heartbeat comes");
            assert!(commit.transactions.is_empty());
        }
    }

    #[test]
    fn a_full_queue_refuses() {
        let config = EmbeddedSequencerConfig {
            commit_interval: HOUR,
            queued_max: 3,
            ..config()
        };
        let (sequencer, commits) = start(config, CommitMark::default());
        commits.recv().expect("the first commit comes at once");
        for number in 0..3 {
            sequencer
                .submit(any_verified(number))
                .expect("there is room");
        }
        assert_eq!(
            sequencer.submit(any_verified(3)),
            Err(SequencerError::Full { depth: 3, limit: 3 })
        );
        assert_eq!(sequencer.queued(), 3);
    }
}
