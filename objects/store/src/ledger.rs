//! Transactions by digest, in order of execution, and in checkpoints.

use crate::{
    ExecutionSequence, LedgerPosition, Store, StoreError, TransactionLocation, column::Column, key,
};
use heddle_objects::ExecutedTransaction;
use std::{ops::Range, sync::Arc};
use sui_sdk_types::{
    CheckpointContents, Digest, SignedCheckpointSummary, SignedTransaction, TransactionEffects,
    TransactionEvents,
};

impl Store {
    /// A transaction by digest, `None` if it has not executed.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn transaction(&self, digest: &Digest) -> Result<Option<SignedTransaction>, StoreError> {
        self.by_digest(Column::Transactions, digest)
    }

    /// The effects of a transaction, `None` if it has not executed.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn effects(&self, digest: &Digest) -> Result<Option<TransactionEffects>, StoreError> {
        self.by_digest(Column::Effects, digest)
    }

    /// The events of a transaction, `None` if it emitted none.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn events(&self, digest: &Digest) -> Result<Option<TransactionEvents>, StoreError> {
        self.by_digest(Column::Events, digest)
    }

    /// Whether a transaction has executed.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn is_executed(&self, digest: &Digest) -> Result<bool, StoreError> {
        self.database
            .now()
            .exists(Column::Effects, digest.as_bytes())
    }

    /// A transaction with everything it did, `None` if it has not executed.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn executed_transaction(
        &self,
        digest: &Digest,
    ) -> Result<Option<Arc<ExecutedTransaction>>, StoreError> {
        let Some(effects) = self.effects(digest)? else {
            return Ok(None);
        };
        let transaction = self
            .transaction(digest)?
            .ok_or_else(|| StoreError::Corrupt {
                column: Column::Transactions.name(),
                key: hex::encode(digest.as_bytes()),
                reason: "the transaction has effects but is missing".to_owned(),
            })?;
        let events = match effects.events_digest() {
            Some(_) => self.events(digest)?,
            None => None,
        };
        Ok(Some(Arc::new(ExecutedTransaction {
            digest: *digest,
            transaction,
            effects_digest: effects.digest(),
            effects,
            events,
        })))
    }

    /// Where a transaction stands in the chain of checkpoints, `None` if it is
    /// in none yet.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn location(&self, digest: &Digest) -> Result<Option<TransactionLocation>, StoreError> {
        self.by_digest(Column::Locations, digest)
    }

    /// The transaction at a place in the chain of checkpoints.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn transaction_at(&self, position: LedgerPosition) -> Result<Option<Digest>, StoreError> {
        self.database
            .now()
            .get(Column::Ledger, position.0.to_be_bytes())
    }

    /// The transactions in order of execution, from `start`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn executed_from(
        &self,
        start: ExecutionSequence,
        limit: usize,
    ) -> Result<Vec<(ExecutionSequence, Digest)>, StoreError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        self.database.now().scan_range(
            Column::Executed,
            start.0.to_be_bytes().to_vec(),
            None,
            |key, value| {
                let sequence = key::trailing_number(Column::Executed, key)?;
                let digest = crate::database::decode(Column::Executed, key, value)?;
                found.push((ExecutionSequence(sequence), digest));
                Ok(found.len() < limit)
            },
        )?;
        Ok(found)
    }

    /// The summary of a checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn checkpoint_summary(
        &self,
        sequence: u64,
    ) -> Result<Option<SignedCheckpointSummary>, StoreError> {
        self.database
            .now()
            .get(Column::CheckpointSummaries, sequence.to_be_bytes())
    }

    /// The contents of a checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn checkpoint_contents(
        &self,
        sequence: u64,
    ) -> Result<Option<CheckpointContents>, StoreError> {
        self.database
            .now()
            .get(Column::CheckpointContents, sequence.to_be_bytes())
    }

    /// The sequence number of the checkpoint whose summary has this digest.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn checkpoint_by_digest(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        self.by_digest(Column::CheckpointDigests, digest)
    }

    /// The ledger positions of a checkpoint's transactions.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn checkpoint_positions(
        &self,
        sequence: u64,
    ) -> Result<Option<Range<LedgerPosition>>, StoreError> {
        let Some(summary) = self.checkpoint_summary(sequence)? else {
            return Ok(None);
        };
        let start = match sequence.checked_sub(1) {
            None => 0,
            Some(previous) => match self.checkpoint_summary(previous)? {
                Some(summary) => summary.checkpoint.network_total_transactions,
                None => return Ok(None),
            },
        };
        let end = summary.checkpoint.network_total_transactions;
        Ok(Some(LedgerPosition(start)..LedgerPosition(end)))
    }

    fn by_digest<T: serde::de::DeserializeOwned>(
        &self,
        column: Column,
        digest: &Digest,
    ) -> Result<Option<T>, StoreError> {
        self.database.now().get(column, digest.as_bytes())
    }
}
