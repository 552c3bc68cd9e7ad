//! What the worker threads do: check, lock, execute, publish.
//!
//! ```text
//!  Submit ─▶ verify ─▶ enter in flight ─▶ check objects ─▶ lock ─▶ look again
//!                                                                      │
//!                        fast path: execute here and now ◀─────────────┤
//!                        ordered path: hand to the sequencer ◀─────────┘
//!  Run (ordered, versions assigned, inputs exist) ─▶ execute
//!
//!  execute ─▶ visible in the cache and queued for the store, in one step
//!          ─▶ locks released ─▶ (ledger writer) durable ─▶ submitters told
//! ```
//!
//! # Why this is safe
//! * Checking comes before locking, so the versions are looked at once more
//!   under the lock. Whoever held a lock before has either made its outputs
//!   visible before it let go (then the second look finds a newer version) or
//!   was refused (then nothing changed).
//! * An output becomes visible and is queued under one lock. So the queue's
//!   order is a causal order: nobody can read an output, execute, and be
//!   queued before the transaction that wrote it.
//! * A transaction leaves the table of those in flight only once the store
//!   answers for it. So a digest that is neither in flight nor in the store was
//!   never executed.
//!
//! No lock is held while another one is taken, but for the commit queue's,
//! under which the cache's shards are locked one by one.

use crate::{
    FatalError, Receipt, SubmitError, VerifiedTransaction,
    admission::{self, Payment, objects},
    failure::Failure,
    in_flight::{Entry, InFlight, Outcome, Waiter},
    ledger_writer::{CommitQueue, Executed, Submitted},
    lock_table::{LockTable, ObjectVersion},
    metrics::Metrics,
    sequencer::{CommitMark, Sequencer, SequencerError},
    shared_versions::SharedVersionAssigner,
};
use heddle_adapter::{ExecuteError, Executor};
use heddle_objects::{
    EpochContext, ExecutionOutput, ExecutionRequest, ObjectRead, Path, ReadError, SharedVersion,
};
use heddle_scheduler::{Execute, Produced, TaskPanic, WorkerIndex};
use heddle_store::{CommitEntry, ObjectCache, Store};
use parking_lot::Mutex;
use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use sui_sdk_types::{Address, Digest, SignedTransaction, Transaction};

/// A transaction as it came in, and who waits for it.
pub(crate) struct Submission {
    pub(crate) signed: SignedTransaction,
    pub(crate) received: Instant,
    pub(crate) waiter: Waiter,
}

/// An ordered transaction whose shared versions are assigned.
pub(crate) struct OrderedTask {
    pub(crate) content: OrderedContent,
    pub(crate) shared_versions: Vec<SharedVersion>,
}

/// What was ordered.
pub(crate) enum OrderedContent {
    /// A user's transaction.
    User(Arc<VerifiedTransaction>),
    /// The system transaction that begins a commit.
    Prologue {
        transaction: Arc<Transaction>,
        digest: Digest,
        mark: CommitMark,
    },
}

/// What a worker runs.
pub(crate) enum Task {
    Submit(Box<Submission>),
    Run(Box<OrderedTask>),
}

/// What executes transactions: the adapter, or a stand-in under test.
pub(crate) trait TransactionExecutor: Send + Sync {
    /// As [`Executor::execute`].
    fn execute(
        &self,
        request: &ExecutionRequest,
        state: &dyn ObjectRead,
    ) -> Result<ExecutionOutput, ExecuteError>;
}

impl TransactionExecutor for Executor {
    fn execute(
        &self,
        request: &ExecutionRequest,
        state: &dyn ObjectRead,
    ) -> Result<ExecutionOutput, ExecuteError> {
        Executor::execute(self, request, state)
    }
}

/// Everything that worker threads share.
pub(crate) struct Engine {
    pub(crate) executor: Arc<dyn TransactionExecutor>,
    pub(crate) cache: Arc<ObjectCache>,
    pub(crate) epoch: EpochContext,
    pub(crate) locks: LockTable,
    pub(crate) in_flight: InFlight,
    pub(crate) shared_versions: Mutex<SharedVersionAssigner>,
    /// Set once, right after the engine is made.
    pub(crate) sequencer: OnceLock<Box<dyn Sequencer>>,
    pub(crate) queue: Arc<CommitQueue>,
    pub(crate) failure: Arc<Failure>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) retry_after: Duration,
}

/// How a new submission goes on.
enum Begun {
    /// It had been executed before.
    Executed(Arc<Receipt>),
    /// It is executed and queued, or on its way through the order.
    Underway,
}

impl Engine {
    fn store(&self) -> &Store {
        self.cache.store()
    }

    /// The answer when a queue is full.
    pub(crate) fn overloaded(
        &self,
        queue: &'static str,
        depth: usize,
        limit: usize,
    ) -> SubmitError {
        SubmitError::Overloaded {
            queue,
            depth,
            limit,
            retry_after_ms: u64::try_from(self.retry_after.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Fails the node, and everybody who waits for a result.
    pub(crate) fn fail(&self, error: FatalError) {
        let error = self.failure.raise(error).clone();
        self.in_flight.finish_all(&Err(SubmitError::Failed(error)));
    }

    fn refuse(&self, waiter: Waiter, error: SubmitError) {
        self.count_refusal(&error);
        // The client may have gone away.
        let _ = waiter.send(Err(error));
    }

    fn count_refusal(&self, error: &SubmitError) {
        tracing::debug!(code = error.code(), %error, "refused");
        self.metrics
            .refusals
            .with_label_values(&[error.code()])
            .inc();
        if matches!(error, SubmitError::ObjectLocked { .. }) {
            self.metrics.lock_conflicts.inc();
        }
    }

    fn submit(&self, submission: Submission) {
        let Submission {
            signed,
            received,
            waiter,
        } = submission;
        let verified = match admission::verify(signed, &self.epoch, received) {
            Ok(verified) => verified,
            Err(error) => return self.refuse(waiter, error),
        };
        let digest = verified.digest;
        match self.in_flight.enter(digest, waiter) {
            Entry::New => {}
            Entry::Joined => return self.metrics.resubmissions.inc(),
            Entry::Full(depth, waiter) => {
                let error = self.overloaded("in flight", depth, self.in_flight.limit());
                return self.refuse(waiter, error);
            }
        }
        // From here on every way out tells those in flight. A node that failed
        // meanwhile may have told everybody before this one entered.
        let begun = match self.failure.get() {
            Some(error) => Err(SubmitError::Failed(error.clone())),
            None => self.begin(verified),
        };
        match begun {
            Ok(Begun::Underway) => {}
            Ok(Begun::Executed(receipt)) => {
                self.metrics.resubmissions.inc();
                self.in_flight.finish(&digest, &Ok(receipt));
            }
            Err(error) => {
                if let SubmitError::Failed(error) = &error {
                    self.fail(error.clone());
                }
                self.count_refusal(&error);
                self.in_flight.finish(&digest, &Err(error));
            }
        }
    }

    fn begin(&self, verified: VerifiedTransaction) -> Result<Begun, SubmitError> {
        let executed = self
            .store()
            .executed_transaction(&verified.digest)
            .map_err(|error| SubmitError::Failed(FatalError::from(error)))?;
        if let Some(executed) = executed {
            return Ok(Begun::Executed(Arc::new(Receipt {
                executed,
                written: Vec::new(),
                failure_detail: None,
            })));
        }
        let locked = self.lock_inputs(&verified)?;
        let digest = verified.digest;
        let begun = match verified.path() {
            Path::Fast => self.run_fast(verified),
            Path::Ordered => self.order(verified),
        };
        if begun.is_err() {
            self.locks.release(&locked, digest);
        }
        begun.map(|()| Begun::Underway)
    }

    /// Checks the objects and locks those that the transaction may consume.
    pub(crate) fn lock_inputs(
        &self,
        verified: &VerifiedTransaction,
    ) -> Result<Vec<ObjectVersion>, SubmitError> {
        let check = || {
            objects::check(
                &verified.transaction,
                &verified.declared,
                Payment::Required,
                &self.cache,
            )
        };
        let claims = check()?;
        let locks = claims.locks();
        self.locks
            .acquire(&locks, verified.digest)
            .map_err(|held| SubmitError::ObjectLocked {
                object: held.object,
                version: held.version,
                by: held.by,
            })?;
        let again = match objects::are_newest(&claims.owned, &self.cache) {
            Ok(true) if claims.consensus_owned.is_empty() => return Ok(locks),
            // Says which object moved on, and because of whom.
            Ok(_) => check(),
            Err(error) => Err(SubmitError::Failed(error)),
        };
        match again {
            Ok(same) if same == claims => Ok(locks),
            refused => {
                self.locks.release(&locks, verified.digest);
                refused?;
                Err(SubmitError::Internal {
                    reason: "an input changed its owner while it was being locked".to_owned(),
                })
            }
        }
    }

    fn run_fast(&self, verified: VerifiedTransaction) -> Result<(), SubmitError> {
        let output = self.execute_content(&verified.transaction, verified.digest, Vec::new())?;
        self.publish(OrderedContent::User(Arc::new(verified)), &[], output);
        Ok(())
    }

    fn order(&self, verified: VerifiedTransaction) -> Result<(), SubmitError> {
        let sequencer = self.sequencer.get().ok_or(SubmitError::ShuttingDown)?;
        sequencer
            .submit(Arc::new(verified))
            .map_err(|error| match error {
                SequencerError::Full { depth, limit } => {
                    self.overloaded("waiting to be ordered", depth, limit)
                }
                SequencerError::Stopped => SubmitError::ShuttingDown,
            })
    }

    fn run_ordered(&self, task: OrderedTask) -> Produced {
        let OrderedTask {
            content,
            shared_versions,
        } = task;
        let (transaction, digest) = match &content {
            OrderedContent::User(verified) => (&verified.transaction, verified.digest),
            OrderedContent::Prologue {
                transaction,
                digest,
                ..
            } => (transaction, *digest),
        };
        match self.execute_content(transaction, digest, shared_versions.clone()) {
            Ok(output) => {
                let produced = produced(&content, &shared_versions, output.lamport_version);
                self.publish(content, &shared_versions, output);
                produced
            }
            Err(error) => {
                // Those that come after it wait for versions that only it can
                // make. Nothing can go on.
                self.fail(match error {
                    SubmitError::Failed(error) => error,
                    other => FatalError::Invariant {
                        reason: format!("ordered transaction {digest} can't be executed: {other}"),
                    },
                });
                Produced::new()
            }
        }
    }

    fn execute_content(
        &self,
        transaction: &Arc<Transaction>,
        digest: Digest,
        shared_versions: Vec<SharedVersion>,
    ) -> Result<ExecutionOutput, SubmitError> {
        let request = ExecutionRequest {
            transaction: transaction.clone(),
            digest,
            shared_versions,
            epoch: self.epoch.clone(),
        };
        self.executor
            .execute(&request, self.cache.as_ref())
            .map_err(refusal)
    }

    /// Makes an output visible, queues it for the store, and lets go of what
    /// the transaction held.
    fn publish(
        &self,
        content: OrderedContent,
        shared_versions: &[SharedVersion],
        mut output: ExecutionOutput,
    ) {
        let failure_detail = output.failure_detail.take();
        let is_success = output.is_success();
        let (digest, signed, submitted, mark, held) = match content {
            OrderedContent::Prologue {
                transaction,
                digest,
                mark,
            } => {
                let signed = SignedTransaction {
                    transaction: Arc::unwrap_or_clone(transaction),
                    signatures: Vec::new(),
                };
                (digest, signed, None, Some(mark), Vec::new())
            }
            OrderedContent::User(verified) => {
                let path = verified.path();
                let submitted = Submitted {
                    path,
                    received: verified.received,
                    failure_detail,
                };
                let held = held_versions(&verified);
                self.metrics.count_executed(path, is_success);
                self.metrics
                    .executed_latency
                    .with_label_values(&[path.as_str()])
                    .observe(verified.received.elapsed().as_secs_f64());
                (
                    verified.digest,
                    into_signed(verified),
                    Some(submitted),
                    None,
                    held,
                )
            }
        };
        let executed = Executed {
            entry: CommitEntry::new(digest, signed, output),
            mark,
            submitted,
        };
        // What the transaction held goes before the writer can see it: whoever
        // hears that it is done finds its objects free.
        self.queue.push(executed, |entry| {
            self.cache.insert(entry);
            self.locks.release(&held, digest);
            if !shared_versions.is_empty() {
                self.shared_versions.lock().executed(shared_versions);
            }
        });
    }
}

impl Execute for Engine {
    type Task = Task;

    fn execute(&self, _worker: WorkerIndex, task: Task) -> Produced {
        match task {
            Task::Submit(submission) => {
                self.submit(*submission);
                // What the fast path writes is visible before anybody can
                // name it, so nobody waits for it.
                Produced::new()
            }
            Task::Run(task) => self.run_ordered(*task),
        }
    }

    fn exists(&self, version: heddle_scheduler::ObjectVersion) -> Result<bool, ReadError> {
        self.cache
            .has_version(&version.id, version.version)
            .map_err(|error| ReadError::Storage {
                id: version.id,
                version: Some(version.version),
                reason: error.to_string(),
            })
    }

    fn failed(&self, panic: &TaskPanic) {
        self.fail(FatalError::Invariant {
            reason: panic.to_string(),
        });
    }
}

/// The versions that those after it in the order wait for: one of every shared
/// object that it could write.
fn produced(
    content: &OrderedContent,
    shared_versions: &[SharedVersion],
    lamport_version: u64,
) -> Produced {
    let is_mutable = |index: usize, id: &Address| match content {
        OrderedContent::Prologue { .. } => true,
        OrderedContent::User(verified) => verified
            .declared
            .shared
            .get(index)
            .is_some_and(|(object, _, mutable)| object == id && *mutable),
    };
    shared_versions
        .iter()
        .enumerate()
        .filter(|(index, shared)| is_mutable(*index, &shared.object_id))
        .map(|(_, shared)| heddle_scheduler::ObjectVersion::new(shared.object_id, lamport_version))
        .collect()
}

/// Every version that the transaction may have locked.
fn held_versions(verified: &VerifiedTransaction) -> Vec<ObjectVersion> {
    let declared = &verified.declared;
    declared
        .owned
        .iter()
        .chain(&declared.receiving)
        .map(|reference| (*reference.object_id(), reference.version()))
        .chain(declared.shared.iter().map(|(id, start, _)| (*id, *start)))
        .collect()
}

fn into_signed(verified: Arc<VerifiedTransaction>) -> SignedTransaction {
    match Arc::try_unwrap(verified) {
        Ok(verified) => SignedTransaction {
            transaction: Arc::unwrap_or_clone(verified.transaction),
            signatures: verified.signatures,
        },
        Err(shared) => shared.to_signed(),
    }
}

fn refusal(error: ExecuteError) -> SubmitError {
    match error {
        ExecuteError::Read(error) => SubmitError::Failed(FatalError::Store {
            reason: error.to_string(),
        }),
        ExecuteError::Inputs(error) => SubmitError::Inputs(error),
        ExecuteError::NotBuilt(what) => SubmitError::NotBuilt {
            what: what.to_owned(),
        },
        other => SubmitError::Internal {
            reason: other.to_string(),
        },
    }
}

/// The outcome of a durable transaction.
pub(crate) fn outcome(receipt: Receipt) -> Outcome {
    Ok(Arc::new(receipt))
}
