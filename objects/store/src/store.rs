//! [`Store`]: opening, the facts that a node asks for first, commits.

use crate::{
    ChainIdentity, CheckpointTip, CommitBatch, ExecutionSequence, StateCommitment, StoreConfig,
    StoreError, apply::Applier, column::Column, database::Database,
};
use heddle_objects::EpochContext;
use parking_lot::{Mutex, RwLock};
use rocksdb::WriteBatch;
use std::{ops::Range, path::Path};

/// Names of facts in [`Column::Metadata`].
pub(crate) mod fact {
    pub(crate) const CHAIN: &str = "chain";
    pub(crate) const EPOCH: &str = "epoch";
    pub(crate) const NEXT_EXECUTION: &str = "next_execution";
    pub(crate) const CHECKPOINT_TIP: &str = "checkpoint_tip";
    pub(crate) const COMMITMENT: &str = "commitment";
}

/// Where the store ends: what the next commit continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) next_execution: ExecutionSequence,
    pub(crate) checkpoint: Option<CheckpointTip>,
    pub(crate) commitment: StateCommitment,
}

/// The durable state of one node.
///
/// Any number of threads may read while one commits; commits wait for each
/// other. A read sees whole commits only.
pub struct Store {
    pub(crate) database: Database,
    /// What the next commit continues. Held for a whole commit.
    head: Mutex<Head>,
    /// The parts of the head that readers ask for without waiting for a commit.
    watermarks: RwLock<(ExecutionSequence, Option<CheckpointTip>)>,
}

impl Store {
    /// Opens the store in a directory, and makes one if the directory is empty
    /// or missing.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::OtherVersion`],
    /// [`StoreError::NotAStore`], [`StoreError::DiskFull`], [`StoreError::Io`],
    /// [`StoreError::Corrupt`].
    pub fn open(path: impl AsRef<Path>, config: StoreConfig) -> Result<Self, StoreError> {
        let database = Database::open(path.as_ref(), config)?;
        let now = database.now();
        let head = Head {
            next_execution: now
                .get(Column::Metadata, fact::NEXT_EXECUTION)?
                .unwrap_or_default(),
            checkpoint: now.get(Column::Metadata, fact::CHECKPOINT_TIP)?,
            commitment: now
                .get(Column::Metadata, fact::COMMITMENT)?
                .unwrap_or_default(),
        };
        drop(now);
        Ok(Store {
            watermarks: RwLock::new((head.next_execution, head.checkpoint)),
            head: Mutex::new(head),
            database,
        })
    }

    /// The data directory.
    pub fn path(&self) -> &Path {
        self.database.path()
    }

    /// Writes a batch, whole or not at all. When it returns, the batch is as
    /// durable as the configuration says, and reads see it. Gives the
    /// execution sequence numbers of its transactions.
    ///
    /// # Errors
    /// A refused batch ([`StoreError::is_rejected_batch`]) changes nothing.
    /// After [`StoreError::DiskFull`] or [`StoreError::Io`] the store takes no
    /// more writes until it is opened again: every later commit gets
    /// [`StoreError::Halted`].
    pub fn commit(&self, batch: &CommitBatch) -> Result<Range<ExecutionSequence>, StoreError> {
        let mut head = self.head.lock();
        let first = head.next_execution;
        self.database.writable()?;
        let mut applier = Applier::new(&self.database, head.clone());
        for entry in &batch.entries {
            applier.apply_entry(entry)?;
        }
        for checkpoint in &batch.checkpoints {
            applier.apply_checkpoint(checkpoint)?;
        }
        applier.apply_facts(batch)?;
        let (write, next) = applier.finish()?;
        self.write(write)?;
        *self.watermarks.write() = (next.next_execution, next.checkpoint);
        *head = next;
        Ok(first..head.next_execution)
    }

    fn write(&self, write: WriteBatch) -> Result<(), StoreError> {
        if write.is_empty() {
            return Ok(());
        }
        self.database.write(write)
    }

    /// Whether the store still takes writes: no write has failed and the disk
    /// has room.
    ///
    /// # Errors
    /// [`StoreError::Halted`] or [`StoreError::DiskFull`] if it does not.
    pub fn writable(&self) -> Result<(), StoreError> {
        self.database.writable()
    }

    /// The identity of the network, `None` before genesis is committed.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn chain(&self) -> Result<Option<ChainIdentity>, StoreError> {
        self.database.now().get(Column::Metadata, fact::CHAIN)
    }

    /// The epoch that was last set, `None` before genesis is committed.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn epoch(&self) -> Result<Option<EpochContext>, StoreError> {
        self.database.now().get(Column::Metadata, fact::EPOCH)
    }

    /// Bytes that the node keeps for itself under a name.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn node_state(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .database
            .now()
            .bytes(Column::NodeState, name)?
            .map(|bytes| bytes.to_vec()))
    }

    /// The names and bytes that the node keeps under names with a prefix.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn node_states(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let mut found = Vec::new();
        self.database
            .now()
            .scan(Column::NodeState, prefix.as_bytes(), |key, value| {
                let name = String::from_utf8(key.to_vec())
                    .map_err(|_| crate::key::malformed(Column::NodeState, key))?;
                found.push((name, value.to_vec()));
                Ok(true)
            })?;
        Ok(found)
    }

    /// The execution sequence number that the next committed transaction gets.
    pub fn next_execution(&self) -> ExecutionSequence {
        self.watermarks.read().0
    }

    /// The last checkpoint, `None` before genesis is committed.
    pub fn checkpoint_tip(&self) -> Option<CheckpointTip> {
        self.watermarks.read().1
    }

    /// The commitment to all live objects. Waits for a commit in progress.
    pub fn commitment(&self) -> StateCommitment {
        self.head.lock().commitment.clone()
    }

    /// Recomputes the commitment from all live objects. Costs a scan of the
    /// whole state; must equal [`Store::commitment`].
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn recompute_commitment(&self) -> Result<StateCommitment, StoreError> {
        let snapshot = self.database.snapshot();
        let mut commitment = StateCommitment::default();
        crate::objects::for_each_live(&snapshot, |id, live| {
            commitment.add(&id, live.version, &live.digest);
            Ok(())
        })?;
        Ok(commitment)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Store")
            .field("path", &self.path())
            .field("next_execution", &self.next_execution())
            .field("checkpoint_tip", &self.checkpoint_tip())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
