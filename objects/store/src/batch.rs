//! What one commit holds: executed transactions, checkpoints, facts.

use crate::{ChainIdentity, ExecutionSequence};
use heddle_objects::{EpochContext, ExecutedTransaction, ExecutionOutput, WrittenObject};
use std::{collections::BTreeMap, sync::Arc};
use sui_sdk_types::{
    Address, CheckpointContents, Digest, SignedCheckpointSummary, SignedTransaction,
};

/// One executed transaction, ready to be committed.
#[derive(Clone, Debug)]
pub struct CommitEntry {
    /// The transaction and its certified result.
    pub executed: Arc<ExecutedTransaction>,
    /// The object versions that it wrote.
    pub written: Vec<WrittenObject>,
    /// Ids that stopped being live, as the executor lists them.
    pub removed: Vec<Address>,
    /// The version that it gave to every object it wrote or removed.
    pub lamport_version: u64,
}

impl CommitEntry {
    /// Takes an execution's output apart for a commit. `digest` is the
    /// transaction's.
    pub fn new(digest: Digest, transaction: SignedTransaction, output: ExecutionOutput) -> Self {
        CommitEntry {
            executed: Arc::new(ExecutedTransaction {
                digest,
                transaction,
                effects: output.effects,
                effects_digest: output.effects_digest,
                events: output.events,
            }),
            written: output.written,
            removed: output.removed,
            lamport_version: output.lamport_version,
        }
    }
}

/// A checkpoint, ready to be committed with or after its transactions.
#[derive(Clone, Debug)]
pub struct NewCheckpoint {
    /// Its summary, signed.
    pub summary: SignedCheckpointSummary,
    /// Its contents.
    pub contents: CheckpointContents,
    /// The transactions of the contents, in their order. All of them are
    /// committed already, or in the same batch.
    pub transactions: Vec<Arc<ExecutedTransaction>>,
    /// The first execution sequence number that may be in no checkpoint after
    /// this one. A restart looks for transactions without a checkpoint from
    /// here on ([`crate::Store::executed_from`]).
    pub executed_end: ExecutionSequence,
}

/// What is written in one go: all of it or nothing, in this order: entries,
/// checkpoints, facts.
///
/// The entries must be in an order in which they can have executed: a
/// transaction comes after those whose outputs it took. The store numbers them
/// in that order ([`ExecutionSequence`]).
#[derive(Clone, Debug, Default)]
pub struct CommitBatch {
    pub(crate) entries: Vec<CommitEntry>,
    pub(crate) checkpoints: Vec<NewCheckpoint>,
    pub(crate) epoch: Option<EpochContext>,
    pub(crate) chain: Option<ChainIdentity>,
    pub(crate) node_state: BTreeMap<String, Option<Vec<u8>>>,
}

impl CommitBatch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an executed transaction.
    pub fn push(&mut self, entry: CommitEntry) {
        self.entries.push(entry);
    }

    /// Adds a checkpoint.
    pub fn push_checkpoint(&mut self, checkpoint: NewCheckpoint) {
        self.checkpoints.push(checkpoint);
    }

    /// Sets the epoch that the node is in.
    pub fn set_epoch(&mut self, epoch: EpochContext) {
        self.epoch = Some(epoch);
    }

    /// Sets the identity of the network, once, with the genesis checkpoint.
    pub fn set_chain(&mut self, chain: ChainIdentity) {
        self.chain = Some(chain);
    }

    /// Sets bytes that the node keeps for itself under a name; `None` removes
    /// them. Read back by [`crate::Store::node_state`].
    pub fn set_node_state(&mut self, name: impl Into<String>, bytes: Option<Vec<u8>>) {
        self.node_state.insert(name.into(), bytes);
    }

    /// The executed transactions.
    pub fn entries(&self) -> &[CommitEntry] {
        &self.entries
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.checkpoints.is_empty()
            && self.epoch.is_none()
            && self.chain.is_none()
            && self.node_state.is_empty()
    }
}
