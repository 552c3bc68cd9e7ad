//! From the order to the workers: what happens when a commit is delivered.
//!
//! 1. The commit's prologue, a system transaction that advances the clock, is
//!    scheduled first.
//! 2. Transactions that came before, or that have executed, are passed over:
//!    delivery is at least once.
//! 3. Every other one gets its shared versions, in the order of the commit,
//!    and is scheduled to run once those versions exist.
//!
//! Nothing is executed here, and nothing waits: a commit's transactions run as
//! a dataflow, together with those of commits before and after it.

use crate::{
    FatalError, SubmitError, VerifiedTransaction,
    engine::{Engine, OrderedContent, OrderedTask, Task},
    in_flight::Ordered,
    sequencer::{CommitIndex, CommitMark, CommitSink, OrderedCommit},
};
use heddle_objects::{CLOCK_ID, DeclaredInputs, GENESIS_VERSION, SharedVersion};
use heddle_scheduler::{ObjectVersion, Scheduler};
use parking_lot::Mutex;
use std::sync::Arc;
use sui_sdk_types::{
    Address, ConsensusCommitPrologueV4, ConsensusDeterminedVersionAssignments, Digest, GasPayment,
    Transaction, TransactionExpiration, TransactionKind, hash::Hasher,
};

/// Separates the digests of commits from all others.
const COMMIT_DIGEST_PREFIX: &str = "heddle ordered commit::";
/// Gas price that system transactions name. They pay nothing.
const SYSTEM_GAS_PRICE: u64 = 1;

/// Schedules what comes out of the order.
pub(crate) struct OrderedPath {
    pub(crate) engine: Arc<Engine>,
    pub(crate) scheduler: Arc<Scheduler<Engine>>,
    /// The last commit whose prologue was scheduled.
    pub(crate) last: Mutex<CommitIndex>,
}

impl OrderedPath {
    /// Takes commits after `last`; those up to it count as repetitions.
    pub(crate) fn new(
        engine: Arc<Engine>,
        scheduler: Arc<Scheduler<Engine>>,
        last: CommitIndex,
    ) -> Self {
        OrderedPath {
            engine,
            scheduler,
            last: Mutex::new(last),
        }
    }

    fn schedule_commit(&self, commit: &OrderedCommit) -> Result<(), FatalError> {
        let mut last = self.last.lock();
        if commit.mark.index > *last {
            self.schedule_prologue(commit)?;
            *last = commit.mark.index;
        }
        drop(last);
        for transaction in &commit.transactions {
            if self.is_new(transaction)? {
                self.schedule_user(transaction.clone())?;
            }
        }
        self.engine.metrics.ordered_commits.inc();
        Ok(())
    }

    /// Whether a transaction is to be executed because of this delivery.
    fn is_new(&self, transaction: &Arc<VerifiedTransaction>) -> Result<bool, FatalError> {
        let digest = transaction.digest();
        match self.engine.in_flight.mark_ordered(digest) {
            Ordered::First => Ok(true),
            Ordered::Again => Ok(false),
            Ordered::Unknown => {
                let executed = self.engine.cache.store().is_executed(digest)?;
                if !executed {
                    // Ordered by somebody else, or before a restart. With one
                    // validator only the latter can be, and nobody waits.
                    tracing::debug!(%digest, "an ordered transaction that is not in flight");
                }
                Ok(false)
            }
        }
    }

    fn schedule_user(&self, transaction: Arc<VerifiedTransaction>) -> Result<(), FatalError> {
        let shared_versions = self.assign(&transaction.declared)?;
        self.schedule(OrderedTask {
            content: OrderedContent::User(transaction),
            shared_versions,
        })
    }

    fn schedule_prologue(&self, commit: &OrderedCommit) -> Result<(), FatalError> {
        let declared = DeclaredInputs {
            shared: vec![(CLOCK_ID, GENESIS_VERSION, true)],
            ..DeclaredInputs::default()
        };
        let transaction = prologue(commit, self.engine.epoch.epoch);
        self.schedule(OrderedTask {
            shared_versions: self.assign(&declared)?,
            content: OrderedContent::Prologue {
                digest: transaction.digest(),
                transaction: Arc::new(transaction),
                mark: commit.mark,
            },
        })
    }

    fn assign(&self, declared: &DeclaredInputs) -> Result<Vec<SharedVersion>, FatalError> {
        let newest = |id: &Address| {
            self.engine
                .cache
                .newest_version(id)?
                .map(|newest| newest.version)
                .ok_or_else(|| FatalError::Invariant {
                    reason: format!("shared object {id} was admitted and does not exist"),
                })
        };
        self.engine.shared_versions.lock().assign(declared, newest)
    }

    fn schedule(&self, task: OrderedTask) -> Result<(), FatalError> {
        let inputs: Vec<ObjectVersion> = task
            .shared_versions
            .iter()
            .map(|shared| ObjectVersion::new(shared.object_id, shared.version))
            .collect();
        self.scheduler
            .schedule(Task::Run(Box::new(task)), &inputs)
            .map_err(|rejected| FatalError::Invariant {
                reason: format!(
                    "an ordered transaction can't be scheduled: {}",
                    rejected.reason
                ),
            })
    }
}

impl CommitSink for OrderedPath {
    fn deliver(&self, commit: OrderedCommit) {
        if let Some(error) = self.engine.failure.get() {
            for transaction in &commit.transactions {
                let outcome = Err(SubmitError::Failed(error.clone()));
                self.engine.in_flight.finish(transaction.digest(), &outcome);
            }
            return;
        }
        if let Err(error) = self.schedule_commit(&commit) {
            self.engine.fail(error);
        }
    }
}

/// The system transaction that begins a commit. The commit's index makes it
/// unique.
fn prologue(commit: &OrderedCommit, epoch: u64) -> Transaction {
    let CommitMark {
        index,
        timestamp_ms,
    } = commit.mark;
    Transaction {
        kind: TransactionKind::ConsensusCommitPrologueV4(ConsensusCommitPrologueV4 {
            epoch,
            round: index.0,
            sub_dag_index: None,
            commit_timestamp_ms: timestamp_ms,
            consensus_commit_digest: commit_digest(commit),
            consensus_determined_version_assignments:
                ConsensusDeterminedVersionAssignments::CanceledTransactionsV2 {
                    canceled_transactions: Vec::new(),
                },
            additional_state_digest: Digest::ZERO,
        }),
        sender: Address::ZERO,
        gas_payment: GasPayment {
            objects: Vec::new(),
            owner: Address::ZERO,
            price: SYSTEM_GAS_PRICE,
            budget: 0,
        },
        expiration: TransactionExpiration::None,
    }
}

fn commit_digest(commit: &OrderedCommit) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(COMMIT_DIGEST_PREFIX);
    hasher.update(commit.mark.index.0.to_le_bytes());
    hasher.update(commit.mark.timestamp_ms.to_le_bytes());
    for transaction in &commit.transactions {
        hasher.update(transaction.digest().inner());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests;
