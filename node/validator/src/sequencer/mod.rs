//! The seam to whatever puts shared-object transactions into one order.
//!
//! ```text
//!   submit(transaction) ──▶ Sequencer ──▶ CommitSink::deliver(commit 7)
//!                                     ──▶ CommitSink::deliver(commit 8) …
//! ```
//!
//! The contract, which a consensus engine can keep too:
//!
//! * Commits are delivered by one thread, in order of their index, and each
//!   **at least once**: after a restart those from the sink's last durable
//!   index on come again. A transaction may occur in several commits. The sink
//!   recognises repetitions by index and by digest.
//! * Timestamps never go back.
//! * What was submitted may never be delivered (the process died): nothing was
//!   acknowledged, and the client submits it again.
//!
//! [`embedded`] is the implementation for a network of one validator.

pub mod embedded;

pub use embedded::EmbeddedSequencer;

use crate::VerifiedTransaction;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The place of a commit in the order, counted from 1; 0 is genesis.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct CommitIndex(pub u64);

impl CommitIndex {
    /// The index after this one.
    #[must_use]
    pub fn next(self) -> Self {
        CommitIndex(self.0.saturating_add(1))
    }
}

/// How far the order has got: the last commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitMark {
    /// Its index.
    pub index: CommitIndex,
    /// Its time, in milliseconds since the Unix epoch.
    pub timestamp_ms: u64,
}

/// Transactions in their final order.
#[derive(Clone, Debug)]
pub struct OrderedCommit {
    /// Which commit this is and when it was made.
    pub mark: CommitMark,
    /// Its transactions. Empty for a heartbeat.
    pub transactions: Vec<Arc<VerifiedTransaction>>,
}

/// Who is told the order.
pub trait CommitSink: Send + Sync {
    /// Takes the next commit. Returns once the commit's transactions are
    /// scheduled, not once they are executed.
    fn deliver(&self, commit: OrderedCommit);
}

/// Why a transaction was not taken for ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SequencerError {
    /// Too many transactions wait to be ordered.
    #[error("{depth} transactions wait to be ordered, at most {limit} may")]
    Full {
        /// How many wait.
        depth: usize,
        /// How many may.
        limit: usize,
    },
    /// It is stopping.
    #[error("the sequencer is stopping")]
    Stopped,
}

/// Puts transactions into one order for all validators.
pub trait Sequencer: Send + Sync {
    /// Hands in a transaction to be ordered.
    ///
    /// # Errors
    /// [`SequencerError`] if it is not taken.
    fn submit(&self, transaction: Arc<VerifiedTransaction>) -> Result<(), SequencerError>;

    /// How many transactions wait to be ordered.
    fn queued(&self) -> usize;

    /// Delivers what waits, then makes no more commits. Blocks until the last
    /// delivery has returned.
    fn stop(&self);
}
