//! The one thread that writes: transactions in batches, then checkpoints.
//!
//! ```text
//!  workers ──push──▶ CommitQueue ──take all──▶ one batch ─▶ store (one sync)
//!                                                              │
//!            submitters are told ◀─────────────────────────────┤
//!            next checkpoint ◀── kept until the interval is up ┘
//! ```
//!
//! Everything that is ready goes into one batch, so the cost of a sync is
//! shared by all transactions that executed during the last one. A transaction
//! is acknowledged after its batch is durable, never before.
//!
//! A checkpoint covers whole batches: those that are durable when it is made.
//! So the state commitment in it is the store's at that moment. It is written
//! with the next batch, or alone if none comes in time. After a crash the
//! transactions that are in no checkpoint are in the store in order of
//! execution, and the first checkpoint after the restart covers them.

use crate::{
    FatalError, Receipt,
    broadcast::Announcer,
    checkpoint::CheckpointChain,
    engine::{Engine, outcome},
    sequencer::CommitMark,
};
use heddle_objects::{ExecutedTransaction, Path, object};
use heddle_store::{CommitBatch, CommitEntry, ExecutionSequence, NewCheckpoint};
use parking_lot::{Condvar, Mutex};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use sui_sdk_types::CheckpointSummary;

/// Most transactions in one batch.
const BATCH_TRANSACTIONS_MAX: usize = 1024;
/// A batch is closed once its objects reach this size, in bytes.
const BATCH_BYTES_MAX: usize = 32 << 20;
/// Most transactions in one checkpoint. Reached only if the disk falls behind.
const CHECKPOINT_TRANSACTIONS_MAX: usize = 10_000;
/// Time between looks at sizes that are dear to ask for.
const SIZES_INTERVAL: Duration = Duration::from_secs(10);
/// The name under which the store keeps how far the order has got.
pub(crate) const COMMIT_MARK: &str = "ordered_commit";

/// An executed transaction on its way to the store.
pub(crate) struct Executed {
    pub(crate) entry: CommitEntry,
    /// The commit that it begins, if it is a prologue.
    pub(crate) mark: Option<CommitMark>,
    /// Who submitted it; `None` for the node's own.
    pub(crate) submitted: Option<Submitted>,
}

/// What is needed to answer a submission.
pub(crate) struct Submitted {
    pub(crate) path: Path,
    pub(crate) received: Instant,
    /// See [`Receipt::failure_detail`].
    pub(crate) failure_detail: Option<String>,
}

/// Executed transactions in an order in which they can have executed.
#[derive(Default)]
pub(crate) struct CommitQueue {
    state: Mutex<QueueState>,
    /// Signalled when the queue gets its first entry or is closed.
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    executed: Vec<Executed>,
    is_closed: bool,
}

impl CommitQueue {
    /// Makes an output visible by `insert` and queues it, in one step.
    pub(crate) fn push(&self, executed: Executed, insert: impl FnOnce(&CommitEntry)) {
        let mut state = self.state.lock();
        insert(&executed.entry);
        state.executed.push(executed);
        if state.executed.len() == 1 {
            self.changed.notify_one();
        }
    }

    /// No more will be pushed.
    pub(crate) fn close(&self) {
        self.state.lock().is_closed = true;
        self.changed.notify_one();
    }

    /// How many transactions wait to be written.
    pub(crate) fn len(&self) -> usize {
        self.state.lock().executed.len()
    }

    /// Waits for transactions until the deadline. The second value is whether
    /// the queue is closed and empty now.
    fn take(&self, deadline: Option<Instant>) -> (Vec<Executed>, bool) {
        let mut state = self.state.lock();
        while state.executed.is_empty() && !state.is_closed {
            match deadline {
                None => self.changed.wait(&mut state),
                Some(deadline) => {
                    if self.changed.wait_until(&mut state, deadline).timed_out() {
                        break;
                    }
                }
            }
        }
        let count = batch_length(&state.executed);
        let taken = if count == state.executed.len() {
            std::mem::take(&mut state.executed)
        } else {
            state.executed.drain(..count).collect()
        };
        (taken, state.is_closed && state.executed.is_empty())
    }
}

/// How many of these fit into one batch; at least one if there is any.
fn batch_length(executed: &[Executed]) -> usize {
    let mut bytes = 0;
    for (count, executed) in executed.iter().enumerate().take(BATCH_TRANSACTIONS_MAX) {
        bytes += executed
            .entry
            .written
            .iter()
            .map(|written| object::payload_bytes(&written.object))
            .sum::<usize>();
        if bytes > BATCH_BYTES_MAX {
            return count.max(1);
        }
    }
    executed.len().min(BATCH_TRANSACTIONS_MAX)
}

/// Writes what the engine has executed.
pub(crate) struct LedgerWriter {
    engine: Arc<Engine>,
    chain: CheckpointChain,
    announcer: Announcer,
    checkpoint_interval: Duration,
    /// Durable transactions that are in no checkpoint yet, in order of execution.
    pending: Vec<Arc<ExecutedTransaction>>,
    /// When the oldest of `pending` became durable.
    pending_since: Option<Instant>,
    /// The execution sequence number after the last of `pending`.
    executed_end: ExecutionSequence,
    sizes_due: Instant,
}

impl LedgerWriter {
    /// Continues a chain. `pending` are the transactions that are in the store
    /// and in no checkpoint.
    pub(crate) fn new(
        engine: Arc<Engine>,
        chain: CheckpointChain,
        announcer: Announcer,
        checkpoint_interval: Duration,
        pending: Vec<Arc<ExecutedTransaction>>,
    ) -> Self {
        let executed_end = engine.cache.store().next_execution();
        LedgerWriter {
            engine,
            chain,
            announcer,
            checkpoint_interval,
            pending_since: (!pending.is_empty()).then(Instant::now),
            pending,
            executed_end,
            sizes_due: Instant::now(),
        }
    }

    /// Writes until the queue is closed and empty, or the node has failed.
    /// What is pending then goes into a last checkpoint.
    pub(crate) fn run(mut self) {
        if let Err(error) = self.write_until_closed() {
            self.engine.fail(error);
        }
    }

    fn write_until_closed(&mut self) -> Result<(), FatalError> {
        loop {
            let due = self
                .pending_since
                .map(|since| since + self.checkpoint_interval);
            let (executed, is_closed) = self.engine.queue.take(due);
            if self.engine.failure.get().is_some() {
                return Ok(());
            }
            let checkpoint = self.checkpoint_if_due();
            self.commit(executed, checkpoint)?;
            if is_closed {
                let last = self.checkpoint();
                return self.commit(Vec::new(), last);
            }
            self.observe();
        }
    }

    fn checkpoint_if_due(&mut self) -> Option<NewCheckpoint> {
        let since = self.pending_since?;
        if since.elapsed() < self.checkpoint_interval
            && self.pending.len() < CHECKPOINT_TRANSACTIONS_MAX
        {
            return None;
        }
        self.checkpoint()
    }

    /// A checkpoint of all that is pending, `None` if nothing is.
    fn checkpoint(&mut self) -> Option<NewCheckpoint> {
        if self.pending.is_empty() {
            return None;
        }
        let metrics = &self.engine.metrics;
        let timer = metrics.checkpoint_duration.start_timer();
        metrics
            .checkpoint_transactions
            .observe(self.pending.len() as f64);
        self.pending_since = None;
        let checkpoint = self.chain.extend(
            std::mem::take(&mut self.pending),
            self.executed_end,
            self.engine.cache.store().commitment().digest(),
        );
        timer.observe_duration();
        Some(checkpoint)
    }

    fn commit(
        &mut self,
        executed: Vec<Executed>,
        checkpoint: Option<NewCheckpoint>,
    ) -> Result<(), FatalError> {
        if executed.is_empty() && checkpoint.is_none() {
            return Ok(());
        }
        let mut batch = CommitBatch::new();
        let announced = checkpoint.map(|checkpoint| {
            let announced = checkpoint.summary.checkpoint.clone();
            batch.push_checkpoint(checkpoint);
            announced
        });
        let mut submissions = Vec::with_capacity(executed.len());
        for executed in executed {
            if let Some(mark) = executed.mark {
                let bytes = bcs::to_bytes(&mark).map_err(|error| FatalError::Invariant {
                    reason: format!("two numbers can't be encoded: {error}"),
                })?;
                batch.set_node_state(COMMIT_MARK, Some(bytes));
            }
            submissions.push(executed.submitted);
            batch.push(executed.entry);
        }
        let metrics = &self.engine.metrics;
        let timer = metrics.commit_duration.start_timer();
        let sequences = self.engine.cache.commit(&batch)?;
        timer.observe_duration();
        if !batch.entries().is_empty() {
            metrics
                .commit_transactions
                .observe(batch.entries().len() as f64);
            self.executed_end = sequences.end;
            self.pending_since.get_or_insert_with(Instant::now);
            self.acknowledge(&batch, submissions);
        }
        if let Some(summary) = announced {
            self.announce(&summary);
        }
        Ok(())
    }

    fn acknowledge(&mut self, batch: &CommitBatch, submissions: Vec<Option<Submitted>>) {
        for (entry, submitted) in batch.entries().iter().zip(submissions) {
            self.pending.push(entry.executed.clone());
            let Some(Submitted {
                path,
                received,
                failure_detail,
            }) = submitted
            else {
                continue;
            };
            self.engine
                .metrics
                .durable_latency
                .with_label_values(&[path.as_str()])
                .observe(received.elapsed().as_secs_f64());
            let receipt = Receipt {
                executed: entry.executed.clone(),
                written: entry.written.clone(),
                failure_detail,
            };
            self.engine
                .in_flight
                .finish(&entry.executed.digest, &outcome(receipt));
        }
    }

    fn announce(&self, summary: &CheckpointSummary) {
        let sequence = summary.sequence_number;
        self.engine
            .metrics
            .checkpoint_height
            .set(i64::try_from(sequence).unwrap_or(i64::MAX));
        tracing::debug!(
            sequence,
            total = summary.network_total_transactions,
            "checkpoint"
        );
        self.announcer.announce(sequence);
    }

    fn observe(&mut self) {
        let engine = &self.engine;
        let metrics = &engine.metrics;
        let set = |queue: &str, depth: usize| {
            metrics
                .queue_depth
                .with_label_values(&[queue])
                .set(i64::try_from(depth).unwrap_or(i64::MAX));
        };
        set("in_flight", engine.in_flight.len());
        set("commit", engine.queue.len());
        if let Some(sequencer) = engine.sequencer.get() {
            set("unordered", sequencer.queued());
        }
        if Instant::now() < self.sizes_due {
            return;
        }
        self.sizes_due = Instant::now() + SIZES_INTERVAL;
        metrics
            .locks_held
            .set(i64::try_from(engine.locks.len()).unwrap_or(i64::MAX));
        match engine.cache.store().sizes() {
            Ok(sizes) => {
                for size in sizes {
                    metrics
                        .store_bytes
                        .with_label_values(&[size.column.name()])
                        .set(
                            i64::try_from(size.disk_bytes + size.memory_bytes).unwrap_or(i64::MAX),
                        );
                }
            }
            Err(error) => tracing::warn!(%error, "the store's sizes are unknown"),
        }
    }
}
