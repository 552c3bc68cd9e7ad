//! Turns a commit batch into one RocksDB batch, checking it against the state
//! as it goes.
//!
//! For one executed transaction:
//!
//! 1. It gets the next sequence number.
//! 2. For every object that the effects change: what was live before must be
//!    what the effects say, and what comes after must be in the output.
//! 3. The object version is written, and the record of what is live replaced.
//! 4. Keys in indexes, balances and the commitment move from the old record to
//!    the new one.
//!
//! Records and balances written earlier in the batch are not in RocksDB yet,
//! so they are looked up in an overlay first. Nothing outside the applier
//! changes before the batch is written.

use crate::{
    BalanceRecord, CommitBatch, CommitEntry, ExecutionSequence, LiveObject, LiveRecord, Removal,
    StoreError,
    batch::NewCheckpoint,
    column::Column,
    database::Database,
    error::{ChainProblem, OutputProblem},
    key, ledger_index, ownership_index, packages,
    record::{CheckpointTip, LedgerPosition, ObjectEntryRef, OwnedCoin, TransactionLocation},
    store::{Head, fact},
};
use heddle_objects::{ExecutedTransaction, Ownership};
use rocksdb::WriteBatch;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use sui_sdk_types::{
    Address, ChangedObject, Digest, IdOperation, Object, ObjectData, ObjectIn, ObjectOut, Owner,
    TransactionEffectsV2, TypeTag, UnchangedConsensusKind,
};

/// A batch in the making.
pub(crate) struct Applier<'a> {
    database: &'a Database,
    write: WriteBatch,
    head: Head,
    live: FxHashMap<Address, LiveRecord>,
    balances: BTreeMap<[u8; 2 * key::HASH_BYTES], BalanceRecord>,
    /// Transactions of the batch that are in a checkpoint of the batch.
    locations: FxHashSet<Digest>,
    /// Transactions of the batch.
    executed: FxHashSet<Digest>,
}

/// The transaction whose output is being applied, for errors.
#[derive(Clone, Copy)]
struct Subject<'a> {
    entry: &'a CommitEntry,
    object: Address,
}

impl Subject<'_> {
    fn problem(self, problem: OutputProblem) -> StoreError {
        StoreError::InconsistentOutput {
            transaction: self.entry.executed.digest,
            object: self.object,
            problem,
        }
    }
}

impl<'a> Applier<'a> {
    pub(crate) fn new(database: &'a Database, head: Head) -> Self {
        Applier {
            database,
            write: WriteBatch::default(),
            head,
            live: FxHashMap::default(),
            balances: BTreeMap::new(),
            locations: FxHashSet::default(),
            executed: FxHashSet::default(),
        }
    }

    /// Applies one executed transaction.
    pub(crate) fn apply_entry(&mut self, entry: &CommitEntry) -> Result<(), StoreError> {
        let sequence = self.head.next_execution;
        let executed = &entry.executed;
        let effects = executed
            .effects_v2()
            .ok_or(StoreError::UnsupportedEffects {
                transaction: executed.digest,
            })?;
        self.put_transaction(executed, sequence)?;
        self.apply_changes(entry, effects)?;
        self.apply_unchanged(entry, effects)?;
        self.executed.insert(executed.digest);
        self.head.next_execution = sequence.next();
        Ok(())
    }

    /// Applies one checkpoint.
    pub(crate) fn apply_checkpoint(&mut self, new: &NewCheckpoint) -> Result<(), StoreError> {
        let tip = check_chain(self.head.checkpoint, new)?;
        let summary = &new.summary.checkpoint;
        let number = tip.sequence.to_be_bytes();
        self.put(Column::CheckpointSummaries, number, &new.summary)?;
        self.put(Column::CheckpointContents, number, &new.contents)?;
        self.put(
            Column::CheckpointDigests,
            tip.digest.as_bytes(),
            &tip.sequence,
        )?;
        let first = summary.network_total_transactions - new.transactions.len() as u64;
        for (index, executed) in (0_u32..).zip(&new.transactions) {
            let location = TransactionLocation {
                checkpoint: tip.sequence,
                index,
                position: LedgerPosition(first + u64::from(index)),
            };
            self.apply_location(executed, location)?;
        }
        self.head.checkpoint = Some(tip);
        Ok(())
    }

    /// Applies the rest of the batch.
    pub(crate) fn apply_facts(&mut self, batch: &CommitBatch) -> Result<(), StoreError> {
        if let Some(chain) = &batch.chain {
            self.put(Column::Metadata, fact::CHAIN, chain)?;
        }
        if let Some(epoch) = &batch.epoch {
            self.put(Column::Metadata, fact::EPOCH, epoch)?;
        }
        for (name, bytes) in &batch.node_state {
            let column = self.database.column(Column::NodeState);
            match bytes {
                Some(bytes) => self.write.put_cf(column, name, bytes),
                None => self.write.delete_cf(column, name),
            }
        }
        if !batch.entries.is_empty() {
            let (next, commitment) = (self.head.next_execution, self.head.commitment.clone());
            self.put(Column::Metadata, fact::NEXT_EXECUTION, &next)?;
            self.put(Column::Metadata, fact::COMMITMENT, &commitment)?;
        }
        if !batch.checkpoints.is_empty()
            && let Some(tip) = self.head.checkpoint
        {
            self.put(Column::Metadata, fact::CHECKPOINT_TIP, &tip)?;
        }
        Ok(())
    }

    /// The finished batch, and where the store ends once it is written.
    pub(crate) fn finish(mut self) -> Result<(WriteBatch, Head), StoreError> {
        for (id, record) in std::mem::take(&mut self.live) {
            self.put(Column::Live, id.as_bytes(), &record)?;
        }
        for (key, record) in std::mem::take(&mut self.balances) {
            if record.coins == 0 {
                self.delete(Column::Balances, key);
            } else {
                self.put(Column::Balances, key, &record)?;
            }
        }
        Ok((self.write, self.head))
    }

    fn put_transaction(
        &mut self,
        executed: &ExecutedTransaction,
        sequence: ExecutionSequence,
    ) -> Result<(), StoreError> {
        let digest = executed.digest.as_bytes();
        self.put(Column::Transactions, digest, &executed.transaction)?;
        self.put(Column::Effects, digest, &executed.effects)?;
        if let Some(events) = &executed.events {
            self.put(Column::Events, digest, events)?;
        }
        self.put(Column::Executed, sequence.0.to_be_bytes(), &executed.digest)
    }

    fn apply_changes(
        &mut self,
        entry: &CommitEntry,
        effects: &TransactionEffectsV2,
    ) -> Result<(), StoreError> {
        let mut written: FxHashMap<Address, &Arc<Object>> = entry
            .written
            .iter()
            .map(|written| (written.object.object_id(), &written.object))
            .collect();
        let mut removed = 0;
        for change in &effects.changed_objects {
            let subject = Subject {
                entry,
                object: change.object_id,
            };
            match &change.output_state {
                ObjectOut::ObjectWrite { digest, .. } => {
                    let object = take(&mut written, subject)?;
                    self.apply_write(subject, change, object, effects.lamport_version, *digest)?;
                }
                ObjectOut::PackageWrite { version, digest } => {
                    let object = take(&mut written, subject)?;
                    self.apply_write(subject, change, object, *version, *digest)?;
                }
                ObjectOut::NotExist => {
                    removed += usize::from(entry.removed.contains(&change.object_id));
                    self.apply_removal(subject, change, effects.lamport_version)?;
                }
                _ => return Err(subject.problem(OutputProblem::UnsupportedChange)),
            }
        }
        let unlisted = written.keys().min().copied().or_else(|| {
            (removed != entry.removed.len())
                .then(|| unlisted_removal(entry, effects))
                .flatten()
        });
        match unlisted {
            None => Ok(()),
            Some(object) => Err(Subject { entry, object }.problem(OutputProblem::UnlistedWrite)),
        }
    }

    fn apply_write(
        &mut self,
        subject: Subject<'_>,
        change: &ChangedObject,
        object: &Object,
        version: u64,
        digest: Digest,
    ) -> Result<(), StoreError> {
        if object.version() != version {
            return Err(subject.problem(OutputProblem::WrongVersion {
                expected: version,
                found: object.version(),
            }));
        }
        let ownership = Ownership::of(object.owner());
        if ownership.is_none() {
            return Err(subject.problem(OutputProblem::UnknownOwner));
        }
        let old = self.take_input(subject, change, version)?;
        let new = LiveObject::of(object, digest);
        self.put(
            Column::Objects,
            key::versioned(&subject.object, version),
            &ObjectEntryRef::Object(object),
        )?;
        if let ObjectData::Package(package) = object.data() {
            let original = packages::original_id(package)
                .ok_or_else(|| subject.problem(OutputProblem::UnreadablePackage))?;
            self.put(
                Column::Packages,
                key::versioned(&original, package.version),
                &package.id,
            )?;
        }
        self.replace(subject, old.as_ref(), Some(&new))?;
        self.live.insert(subject.object, LiveRecord::Live(new));
        Ok(())
    }

    fn apply_removal(
        &mut self,
        subject: Subject<'_>,
        change: &ChangedObject,
        version: u64,
    ) -> Result<(), StoreError> {
        let removal = match change.id_operation {
            IdOperation::Deleted => Removal::Deleted,
            IdOperation::None => Removal::Wrapped,
            _ => return Err(subject.problem(OutputProblem::UnsupportedChange)),
        };
        let old = self.take_input(subject, change, version)?;
        self.replace(subject, old.as_ref(), None)?;
        self.put_removal(&subject.object, version, removal)
    }

    /// Shared objects that the transaction named for writing but that were
    /// gone: the next use of the object follows this one, so its removal moves
    /// to this transaction's version.
    fn apply_unchanged(
        &mut self,
        entry: &CommitEntry,
        effects: &TransactionEffectsV2,
    ) -> Result<(), StoreError> {
        for unchanged in &effects.unchanged_consensus_objects {
            if let UnchangedConsensusKind::MutateDeleted { .. } = unchanged.kind {
                let id = unchanged.object_id;
                match self.live_record(&id)? {
                    Some(LiveRecord::Removed { removal, .. }) => {
                        self.put_removal(&id, effects.lamport_version, removal)?;
                    }
                    Some(LiveRecord::Live(live)) => {
                        return Err(Subject { entry, object: id }.problem(
                            OutputProblem::AlreadyLive {
                                found: live.version,
                            },
                        ));
                    }
                    None => self.put_removal(&id, effects.lamport_version, Removal::Deleted)?,
                }
            }
        }
        Ok(())
    }

    fn put_removal(
        &mut self,
        id: &Address,
        version: u64,
        removal: Removal,
    ) -> Result<(), StoreError> {
        self.put(
            Column::Objects,
            key::versioned(id, version),
            &ObjectEntryRef::Removed(removal),
        )?;
        self.live
            .insert(*id, LiveRecord::Removed { version, removal });
        Ok(())
    }

    /// Checks the input side of a change against what is live, notes the
    /// consumer, and gives back the object that was live.
    fn take_input(
        &mut self,
        subject: Subject<'_>,
        change: &ChangedObject,
        version: u64,
    ) -> Result<Option<LiveObject>, StoreError> {
        // A created id is new by construction: no need to look it up.
        let record = match change.id_operation {
            IdOperation::Created => self.live.get(&subject.object).cloned(),
            _ => self.live_record(&subject.object)?,
        };
        let old_version = record.as_ref().map(LiveRecord::version);
        let live = match record {
            Some(LiveRecord::Live(live)) => Some(live),
            Some(LiveRecord::Removed { .. }) | None => None,
        };
        match (&change.input_state, &live) {
            (ObjectIn::NotExist, None) => {}
            (ObjectIn::NotExist, Some(live)) => {
                return Err(subject.problem(OutputProblem::AlreadyLive {
                    found: live.version,
                }));
            }
            (ObjectIn::Exist { version, owner, .. }, Some(live)) if live.version == *version => {
                if !matches!(owner, Owner::Immutable) {
                    self.put(
                        Column::Consumers,
                        key::versioned(&subject.object, *version),
                        &subject.entry.executed.digest,
                    )?;
                }
            }
            (ObjectIn::Exist { version, .. }, live) => {
                return Err(subject.problem(OutputProblem::StaleInput {
                    expected: *version,
                    found: live.as_ref().map(|live| live.version),
                }));
            }
            _ => return Err(subject.problem(OutputProblem::UnsupportedChange)),
        }
        match old_version {
            Some(old) if old >= version => {
                Err(subject.problem(OutputProblem::VersionNotAbove { old, new: version }))
            }
            _ => Ok(live),
        }
    }

    /// Moves index keys, balances and the commitment from the old live version
    /// of an object to the new one.
    fn replace(
        &mut self,
        subject: Subject<'_>,
        old: Option<&LiveObject>,
        new: Option<&LiveObject>,
    ) -> Result<(), StoreError> {
        let id = &subject.object;
        let old_keys = old
            .map(|live| ownership_index::keys(id, live))
            .unwrap_or_default();
        let new_keys = new
            .map(|live| ownership_index::keys(id, live))
            .unwrap_or_default();
        for (column, key) in &old_keys {
            if !new_keys.iter().any(|new| (new.0, &new.1) == (*column, key)) {
                self.delete(*column, key);
            }
        }
        for (column, key) in &new_keys {
            if !old_keys.iter().any(|old| (old.0, &old.1) == (*column, key)) {
                self.write.put_cf(self.database.column(*column), key, []);
            }
        }
        if let (None, Some(new)) = (old, new)
            && let Some(key) = ownership_index::coin_object_key(new)
        {
            self.put(Column::CoinObjects, key, id)?;
        }
        let old_coin = old.and_then(LiveObject::owned_coin);
        let new_coin = new.and_then(LiveObject::owned_coin);
        if old_coin != new_coin {
            self.move_balance(old_coin, new_coin)?
                .ok_or_else(|| subject.problem(OutputProblem::BalanceMismatch))?;
        }
        if let Some(old) = old {
            self.head.commitment.remove(id, old.version, &old.digest);
        }
        if let Some(new) = new {
            self.head.commitment.add(id, new.version, &new.digest);
        }
        Ok(())
    }

    /// Takes one coin from its owner's balance and adds another to its
    /// owner's. `None` if the sums are impossible.
    fn move_balance(
        &mut self,
        old: Option<OwnedCoin<'_>>,
        new: Option<OwnedCoin<'_>>,
    ) -> Result<Option<()>, StoreError> {
        if let Some(coin) = old {
            let balance = self.balance_mut(&coin.owner, coin.coin_type)?;
            let (Some(total), Some(coins)) = (
                balance.total.checked_sub(u128::from(coin.balance)),
                balance.coins.checked_sub(1),
            ) else {
                return Ok(None);
            };
            (balance.total, balance.coins) = (total, coins);
        }
        if let Some(coin) = new {
            let balance = self.balance_mut(&coin.owner, coin.coin_type)?;
            let (Some(total), Some(coins)) = (
                balance.total.checked_add(u128::from(coin.balance)),
                balance.coins.checked_add(1),
            ) else {
                return Ok(None);
            };
            (balance.total, balance.coins) = (total, coins);
        }
        Ok(Some(()))
    }

    fn balance_mut(
        &mut self,
        owner: &Address,
        coin_type: &TypeTag,
    ) -> Result<&mut BalanceRecord, StoreError> {
        let key = key::balance(owner, coin_type);
        match self.balances.entry(key) {
            std::collections::btree_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let stored = self.database.now().get(Column::Balances, key)?;
                Ok(entry.insert(stored.unwrap_or_else(|| BalanceRecord {
                    coin_type: coin_type.clone(),
                    total: 0,
                    coins: 0,
                })))
            }
        }
    }

    fn live_record(&self, id: &Address) -> Result<Option<LiveRecord>, StoreError> {
        match self.live.get(id) {
            Some(record) => Ok(Some(record.clone())),
            None => self.database.now().get(Column::Live, id.as_bytes()),
        }
    }

    fn apply_location(
        &mut self,
        executed: &ExecutedTransaction,
        location: TransactionLocation,
    ) -> Result<(), StoreError> {
        let digest = executed.digest;
        let now = self.database.now();
        let is_executed =
            self.executed.contains(&digest) || now.exists(Column::Effects, digest.as_bytes())?;
        let is_located =
            self.locations.contains(&digest) || now.exists(Column::Locations, digest.as_bytes())?;
        if !is_executed || is_located {
            return Err(StoreError::BrokenChain {
                sequence: location.checkpoint,
                problem: ChainProblem::Foreign {
                    transaction: digest,
                },
            });
        }
        self.locations.insert(digest);
        self.put(Column::Locations, digest.as_bytes(), &location)?;
        self.put(Column::Ledger, location.position.0.to_be_bytes(), &digest)?;
        if self.database.config().ledger_index {
            let column = self.database.column(Column::LedgerIndex);
            for key in ledger_index::keys(executed, location.position) {
                self.write.put_cf(column, key, []);
            }
        }
        Ok(())
    }

    fn put<T: Serialize + ?Sized>(
        &mut self,
        column: Column,
        key: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<(), StoreError> {
        let bytes = bcs::to_bytes(value).map_err(|error| StoreError::Io {
            operation: "encode a record",
            reason: error.to_string(),
        })?;
        self.write.put_cf(self.database.column(column), key, bytes);
        Ok(())
    }

    fn delete(&mut self, column: Column, key: impl AsRef<[u8]>) {
        self.write.delete_cf(self.database.column(column), key);
    }
}

/// The written object of a change, which must be in the output.
fn take<'o>(
    written: &mut FxHashMap<Address, &'o Arc<Object>>,
    subject: Subject<'_>,
) -> Result<&'o Object, StoreError> {
    written
        .remove(&subject.object)
        .map(|object| &**object)
        .ok_or_else(|| subject.problem(OutputProblem::MissingWrite))
}

/// A removal in the output that the effects don't list.
fn unlisted_removal(entry: &CommitEntry, effects: &TransactionEffectsV2) -> Option<Address> {
    entry.removed.iter().copied().find(|id| {
        !effects.changed_objects.iter().any(|change| {
            change.object_id == *id && matches!(change.output_state, ObjectOut::NotExist)
        })
    })
}

/// Checks that a checkpoint continues the chain, and gives its tip.
fn check_chain(
    tip: Option<CheckpointTip>,
    new: &NewCheckpoint,
) -> Result<CheckpointTip, StoreError> {
    let summary = &new.summary.checkpoint;
    let broken = |problem| StoreError::BrokenChain {
        sequence: summary.sequence_number,
        problem,
    };
    let expected = tip.map_or(0, |tip| tip.sequence + 1);
    if summary.sequence_number != expected {
        return Err(broken(ChainProblem::Sequence { expected }));
    }
    let previous = tip.map(|tip| tip.digest);
    if summary.previous_digest != previous {
        return Err(broken(ChainProblem::Previous {
            expected: previous,
            found: summary.previous_digest,
        }));
    }
    let contents = new.contents.digest();
    if summary.content_digest != contents {
        return Err(broken(ChainProblem::Contents {
            expected: summary.content_digest,
            found: contents,
        }));
    }
    let listed = new.contents.transactions();
    let differs = listed
        .iter()
        .zip(&new.transactions)
        .position(|(listed, executed)| {
            *listed.transaction() != executed.digest || *listed.effects() != executed.effects_digest
        })
        .or((listed.len() != new.transactions.len())
            .then_some(listed.len().min(new.transactions.len())));
    if let Some(index) = differs {
        return Err(broken(ChainProblem::Transactions { index }));
    }
    let total = tip.map_or(0, |tip| tip.total_transactions) + listed.len() as u64;
    if summary.network_total_transactions != total {
        return Err(broken(ChainProblem::Total {
            expected: total,
            found: summary.network_total_transactions,
        }));
    }
    Ok(CheckpointTip {
        sequence: summary.sequence_number,
        digest: summary.digest(),
        total_transactions: total,
        executed_end: new.executed_end,
    })
}
