//! The running parts of a node: who owns which thread, start and stop.
//!
//! ```text
//!  threads          run                              end when
//!  heddle-worker-*  Engine (check, lock, execute)    the scheduler is shut down
//!  sequencer        OrderedPath (schedule commits)   the sequencer is stopped
//!  ledger-writer    LedgerWriter                     the commit queue is closed
//!  broadcast        broadcast()                      the ledger writer has ended
//! ```
//!
//! Stopping goes down that list in the direction in which transactions flow:
//! first no more are ordered, then the workers finish what they have, then the
//! last batch and the last checkpoint are written. Whoever waits for a result
//! gets it, or is told that the node is shutting down.

use crate::{
    NodeConfig, Receipt, StartError, SubmitError,
    broadcast::{self, Announcer, Listeners},
    checkpoint::CheckpointChain,
    data_dir::DataDir,
    engine::{Engine, Submission, Task, TransactionExecutor},
    failure::Failure,
    in_flight::InFlight,
    ledger_writer::{COMMIT_MARK, CommitQueue, LedgerWriter},
    lock_table::LockTable,
    metrics::Metrics,
    ordered::OrderedPath,
    sequencer::{
        CommitMark, CommitSink, EmbeddedSequencer, Sequencer, embedded::EmbeddedSequencerConfig,
    },
    validator_key::ValidatorKey,
};
use heddle_objects::{EpochContext, ExecutedTransaction};
use heddle_scheduler::{RejectReason, Scheduler, SchedulerConfig};
use heddle_store::{ExecutionSequence, ObjectCache, ObjectCacheConfig, Store, StoreError};
use parking_lot::Mutex;
use std::{
    num::NonZeroUsize,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Instant,
};
use sui_sdk_types::SignedTransaction;
use tokio::sync::oneshot;

/// Transactions without a checkpoint that are read at once after a restart.
const RESUME_PAGE: usize = 1024;

/// A data directory that is open and holds a network.
pub(crate) struct Opened {
    pub(crate) data_dir: DataDir,
    pub(crate) key: Arc<ValidatorKey>,
    pub(crate) store: Arc<Store>,
    pub(crate) epoch: EpochContext,
}

impl Opened {
    fn error(&self, error: StoreError) -> StartError {
        self.data_dir.store_error(error)
    }
}

/// Makes the sequencer of a node, given whom to tell and what came last.
pub(crate) type MakeSequencer<'a> =
    &'a dyn Fn(Arc<dyn CommitSink>, CommitMark) -> std::io::Result<Box<dyn Sequencer>>;

/// The running parts of a node.
pub(crate) struct Core {
    pub(crate) engine: Arc<Engine>,
    pub(crate) listeners: Listeners,
    scheduler: Arc<Scheduler<Engine>>,
    is_stopping: AtomicBool,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Released last.
    _data_dir: DataDir,
}

impl Core {
    /// Starts all threads on an opened data directory.
    ///
    /// # Errors
    /// [`StartError`] if the store can't be read or a thread can't be started.
    pub(crate) fn start(
        config: &NodeConfig,
        opened: Opened,
        executor: Arc<dyn TransactionExecutor>,
    ) -> Result<Core, StartError> {
        Self::start_sequenced(config, opened, executor, &|sink, last| {
            embedded_sequencer(config, sink, last)
        })
    }

    /// As [`Core::start`], with another sequencer.
    ///
    /// # Errors
    /// As [`Core::start`].
    pub(crate) fn start_sequenced(
        config: &NodeConfig,
        opened: Opened,
        executor: Arc<dyn TransactionExecutor>,
        make_sequencer: MakeSequencer<'_>,
    ) -> Result<Core, StartError> {
        config.validate()?;
        let threads = NonZeroUsize::new(config.threads).unwrap_or(NonZeroUsize::MIN);
        let mark = last_commit(&opened)?;
        let chain = CheckpointChain::resume(opened.key.clone(), opened.epoch.epoch, &opened.store)
            .map_err(|error| opened.error(error))?;
        let pending = without_checkpoint(&opened.store).map_err(|error| opened.error(error))?;
        let limits = config.limits;
        let engine = Arc::new(Engine {
            executor,
            cache: Arc::new(ObjectCache::new(
                opened.store.clone(),
                ObjectCacheConfig::default(),
            )),
            epoch: opened.epoch.clone(),
            locks: LockTable::new(),
            in_flight: InFlight::new(limits.in_flight_max),
            shared_versions: Mutex::default(),
            sequencer: OnceLock::new(),
            queue: Arc::new(CommitQueue::default()),
            failure: Arc::new(Failure::new()),
            metrics: Arc::new(Metrics::new()?),
            retry_after: limits.retry_after,
        });
        let scheduler = Scheduler::start(
            engine.clone(),
            SchedulerConfig {
                threads,
                // Every transaction in flight is one task at a time; the rest
                // is room for prologues and for submissions not yet looked at.
                tasks_max: limits.in_flight_max.saturating_mul(2).max(1024),
            },
        )
        .map_err(thread_error)?;
        let scheduler = Arc::new(scheduler);
        let core = Core {
            listeners: broadcast::listeners(),
            threads: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            engine,
            scheduler,
            _data_dir: opened.data_dir,
        };
        core.start_writer(config, chain, pending)?;
        core.start_sequencer(make_sequencer, mark)?;
        Ok(core)
    }

    fn start_writer(
        &self,
        config: &NodeConfig,
        chain: CheckpointChain,
        pending: Vec<Arc<ExecutedTransaction>>,
    ) -> Result<(), StartError> {
        let (announcer, news) = Announcer::new();
        let (listeners, store) = (self.listeners.clone(), self.engine.cache.store().clone());
        self.spawn("broadcast", move || {
            broadcast::broadcast(&news, &listeners, &store);
        })?;
        let writer = LedgerWriter::new(
            self.engine.clone(),
            chain,
            announcer,
            config.checkpoint_interval,
            pending,
        );
        self.spawn("ledger-writer", move || writer.run())
    }

    fn start_sequencer(
        &self,
        make_sequencer: MakeSequencer<'_>,
        last: CommitMark,
    ) -> Result<(), StartError> {
        let sink = Arc::new(OrderedPath::new(
            self.engine.clone(),
            self.scheduler.clone(),
            last.index,
        ));
        let sequencer = make_sequencer(sink, last).map_err(thread_error)?;
        self.engine
            .sequencer
            .set(sequencer)
            .map_err(|_| StartError::Config("the node has a sequencer already"))
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(thread_error)?;
        self.threads.lock().push(thread);
        Ok(())
    }

    /// See [`crate::Node::submit`].
    pub(crate) async fn submit(
        &self,
        signed: SignedTransaction,
    ) -> Result<Arc<Receipt>, SubmitError> {
        let engine = &self.engine;
        self.accepting()?;
        let (depth, limit) = (engine.in_flight.len(), engine.in_flight.limit());
        if depth >= limit {
            return Err(engine.overloaded("in flight", depth, limit));
        }
        let (waiter, outcome) = oneshot::channel();
        let submission = Submission {
            signed,
            received: Instant::now(),
            waiter,
        };
        self.scheduler
            .spawn(Task::Submit(Box::new(submission)))
            .map_err(|rejected| match rejected.reason {
                RejectReason::Full { tasks_max } => {
                    engine.overloaded("waiting for a worker", tasks_max, tasks_max)
                }
                RejectReason::Closed | RejectReason::Failed(_) | RejectReason::Read(_) => {
                    self.accepting().err().unwrap_or(SubmitError::ShuttingDown)
                }
            })?;
        match outcome.await {
            Ok(outcome) => outcome,
            // The task was dropped: the node failed, or stopped.
            Err(_) => Err(self.accepting().err().unwrap_or(SubmitError::ShuttingDown)),
        }
    }

    fn accepting(&self) -> Result<(), SubmitError> {
        if let Some(error) = self.engine.failure.get() {
            return Err(SubmitError::Failed(error.clone()));
        }
        // Relaxed: those that come a moment too late are told by the scheduler.
        if self.is_stopping.load(Ordering::Relaxed) {
            return Err(SubmitError::ShuttingDown);
        }
        Ok(())
    }

    /// See [`crate::Node::shutdown`].
    pub(crate) fn shutdown(&self) {
        if self.is_stopping.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Some(sequencer) = self.engine.sequencer.get() {
            sequencer.stop();
        }
        self.scheduler.shutdown();
        self.engine.queue.close();
        for thread in self.threads.lock().drain(..).rev() {
            if thread.join().is_err() {
                tracing::error!("a thread of the node ended in a panic");
            }
        }
        self.engine
            .in_flight
            .finish_all(&Err(SubmitError::ShuttingDown));
        tracing::info!("the node has stopped");
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.shutdown();
    }
}

fn embedded_sequencer(
    config: &NodeConfig,
    sink: Arc<dyn CommitSink>,
    last: CommitMark,
) -> std::io::Result<Box<dyn Sequencer>> {
    let config = EmbeddedSequencerConfig {
        commit_interval: config.commit_interval,
        heartbeat_interval: config.heartbeat_interval,
        queued_max: config.limits.unordered_max,
        commit_transactions_max: config.limits.commit_transactions_max.max(1),
    };
    Ok(Box::new(EmbeddedSequencer::start(config, last, sink)?))
}

fn thread_error(error: std::io::Error) -> StartError {
    StartError::Thread(error.to_string())
}

/// How far the order had got when the node last stopped.
fn last_commit(opened: &Opened) -> Result<CommitMark, StartError> {
    let bytes = opened
        .store
        .node_state(COMMIT_MARK)
        .map_err(|error| opened.error(error))?;
    match bytes {
        None => Ok(CommitMark {
            timestamp_ms: opened.epoch.epoch_start_timestamp_ms,
            ..CommitMark::default()
        }),
        Some(bytes) => bcs::from_bytes(&bytes).map_err(|error| StartError::Inconsistent {
            path: opened.store.path().to_owned(),
            reason: format!("the mark of the last ordered commit can't be read: {error}"),
        }),
    }
}

/// The transactions that are executed and in no checkpoint, in order of
/// execution.
fn without_checkpoint(store: &Store) -> Result<Vec<Arc<ExecutedTransaction>>, StoreError> {
    let mut found = Vec::new();
    let mut from = store
        .checkpoint_tip()
        .map_or(ExecutionSequence::default(), |tip| tip.executed_end);
    loop {
        let page = store.executed_from(from, RESUME_PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(found);
        };
        from = last.next();
        for (_, digest) in &page {
            if store.location(digest)?.is_none() {
                found.extend(store.executed_transaction(digest)?);
            }
        }
    }
}

#[cfg(test)]
mod tests;
