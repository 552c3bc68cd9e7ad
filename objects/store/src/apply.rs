//! Turns a commit batch into one RocksDB batch, checking it against the state
//! as it goes.
//!
//! For one executed transaction:
//!
//! 1. It gets the next sequence number.
//! 2. For every object that the effects change: what was live before must be
//!    what the effects say, and what comes after must be in the output.
//! 3. The object version is written, and the record of what is live replaced,
//!    in memory.
//!
//! At the end, for every object that was touched:
//!
//! 4. Its record, its keys in indexes, balances and the commitment go from
//!    what they were before the batch to what they are after it. An object that
//!    is written many times in a batch costs this once.
//!
//! Nothing outside the applier changes before the batch is written.

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
use std::{
    collections::{BTreeMap, btree_map, hash_map::Entry},
    sync::Arc,
};
use sui_sdk_types::{
    Address, ChangedObject, Digest, IdOperation, Object, ObjectData, ObjectIn, ObjectOut, Owner,
    TransactionEffectsV2, UnchangedConsensusKind,
};

/// A batch in the making.
pub(crate) struct Applier<'a> {
    database: &'a Database,
    write: WriteBatch,
    /// The sequence number of the batch's first transaction.
    first: ExecutionSequence,
    head: Head,
    has_checkpoint: bool,
    touched: FxHashMap<Address, Touched>,
    balances: BTreeMap<[u8; 2 * key::HASH_BYTES], BalanceRecord>,
    /// Transactions of the batch that are in a checkpoint of the batch.
    locations: FxHashSet<Digest>,
    /// Transactions of the batch.
    executed: FxHashSet<Digest>,
}

/// An object that the batch changes.
#[derive(Default)]
struct Touched {
    /// What was live before the batch.
    before: Option<LiveObject>,
    /// What is known of it after the entries so far.
    now: Option<LiveRecord>,
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
            first: head.next_execution,
            head,
            has_checkpoint: false,
            touched: FxHashMap::default(),
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
        self.has_checkpoint = true;
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
        Ok(())
    }

    /// The finished batch, and where the store ends once it is written.
    pub(crate) fn finish(mut self) -> Result<(WriteBatch, Head), StoreError> {
        let mut touched: Vec<_> = std::mem::take(&mut self.touched).into_iter().collect();
        // Neighbours in RocksDB are written one after the other.
        touched.sort_unstable_by_key(|(id, _)| *id);
        for (id, touched) in &touched {
            self.settle(id, touched)?;
        }
        for (key, record) in std::mem::take(&mut self.balances) {
            if record.coins == 0 {
                self.delete(Column::Balances, key);
            } else {
                self.put(Column::Balances, key, &record)?;
            }
        }
        self.put_head(&touched)?;
        Ok((self.write, self.head))
    }

    fn put_head(&mut self, touched: &[(Address, Touched)]) -> Result<(), StoreError> {
        let head = self.head.clone();
        if head.next_execution != self.first {
            self.put(Column::Metadata, fact::NEXT_EXECUTION, &head.next_execution)?;
        }
        if !touched.is_empty() {
            self.put(Column::Metadata, fact::COMMITMENT, &head.commitment)?;
        }
        if let Some(tip) = &head.checkpoint
            && self.has_checkpoint
        {
            self.put(Column::Metadata, fact::CHECKPOINT_TIP, tip)?;
        }
        Ok(())
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
        if Ownership::of(object.owner()).is_none() {
            return Err(subject.problem(OutputProblem::UnknownOwner));
        }
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
        let new = LiveRecord::Live(LiveObject::of(object, digest));
        self.replace(subject, change, new)
    }

    fn apply_removal(
        &mut self,
        subject: Subject<'_>,
        change: &ChangedObject,
        version: u64,
    ) -> Result<(), StoreError> {
        let removal = match (&change.input_state, change.id_operation) {
            // Made and wrapped by the same transaction: it never was an object
            // of its own, so nothing ends and no version is taken.
            (ObjectIn::NotExist, IdOperation::Created) => return Ok(()),
            (_, IdOperation::Deleted) => Removal::Deleted,
            (_, IdOperation::None) => Removal::Wrapped,
            _ => return Err(subject.problem(OutputProblem::UnsupportedChange)),
        };
        self.put_removal(&subject.object, version, removal)?;
        self.replace(subject, change, LiveRecord::Removed { version, removal })
    }

    /// Shared objects that the transaction named for writing but that were
    /// gone: the next use of the object follows this one, so its removal moves
    /// to this transaction's version.
    fn apply_unchanged(
        &mut self,
        entry: &CommitEntry,
        effects: &TransactionEffectsV2,
    ) -> Result<(), StoreError> {
        let version = effects.lamport_version;
        for unchanged in &effects.unchanged_consensus_objects {
            if !matches!(unchanged.kind, UnchangedConsensusKind::MutateDeleted { .. }) {
                continue;
            }
            let id = unchanged.object_id;
            let touched = self.touch(id, false)?;
            let removal = match &touched.now {
                Some(LiveRecord::Removed { removal, .. }) => *removal,
                Some(LiveRecord::Live(live)) => {
                    let found = live.version;
                    return Err(
                        Subject { entry, object: id }.problem(OutputProblem::AlreadyLive { found })
                    );
                }
                None => Removal::Deleted,
            };
            touched.now = Some(LiveRecord::Removed { version, removal });
            self.put_removal(&id, version, removal)?;
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
        )
    }

    /// The record of what is live of an object, as this batch has it so far.
    fn touch(&mut self, id: Address, is_created: bool) -> Result<&mut Touched, StoreError> {
        match self.touched.entry(id) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            // A created id is new by construction: no need to look it up.
            Entry::Vacant(entry) if is_created => Ok(entry.insert(Touched::default())),
            Entry::Vacant(entry) => {
                let now: Option<LiveRecord> =
                    self.database.now().get(Column::Live, id.as_bytes())?;
                Ok(entry.insert(Touched {
                    before: now.as_ref().and_then(LiveRecord::live).cloned(),
                    now,
                }))
            }
        }
    }

    /// Checks the input side of a change against what is live, notes the
    /// consumer, and puts the new record in its place.
    fn replace(
        &mut self,
        subject: Subject<'_>,
        change: &ChangedObject,
        new: LiveRecord,
    ) -> Result<(), StoreError> {
        let is_created = change.id_operation == IdOperation::Created;
        let version = new.version();
        let touched = self.touch(subject.object, is_created)?;
        check_input(subject, change, touched.now.as_ref(), version)?;
        touched.now = Some(new);
        match &change.input_state {
            ObjectIn::Exist { version, owner, .. } if !matches!(owner, Owner::Immutable) => self
                .put(
                    Column::Consumers,
                    key::versioned(&subject.object, *version),
                    &subject.entry.executed.digest,
                ),
            _ => Ok(()),
        }
    }

    /// Writes what an object is now in place of what it was before the batch:
    /// record, index keys, balances, commitment. Versions in between leave no
    /// trace in them.
    fn settle(&mut self, id: &Address, touched: &Touched) -> Result<(), StoreError> {
        let (old, new) = (
            touched.before.as_ref(),
            touched.now.as_ref().and_then(LiveRecord::live),
        );
        if let Some(record) = &touched.now {
            self.put(Column::Live, id.as_bytes(), record)?;
        }
        let old_key = old.and_then(|live| ownership_index::key(id, live));
        let new_key = new.and_then(|live| ownership_index::key(id, live));
        if old_key != new_key {
            if let Some((column, key)) = old_key {
                self.delete(column, key);
            }
            if let Some((column, key)) = new_key {
                self.write.put_cf(self.database.column(column), key, []);
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
            if let Some(coin) = old_coin {
                self.move_balance(coin, u128::checked_sub, u64::checked_sub)?;
            }
            if let Some(coin) = new_coin {
                self.move_balance(coin, u128::checked_add, u64::checked_add)?;
            }
        }
        if let Some(old) = old {
            self.head.commitment.remove(id, old.version, &old.digest);
        }
        if let Some(new) = new {
            self.head.commitment.add(id, new.version, &new.digest);
        }
        Ok(())
    }

    /// Adds a coin to its owner's balance, or takes it away.
    fn move_balance(
        &mut self,
        coin: OwnedCoin<'_>,
        total: fn(u128, u128) -> Option<u128>,
        coins: fn(u64, u64) -> Option<u64>,
    ) -> Result<(), StoreError> {
        let key = key::balance(&coin.owner, coin.coin_type);
        let balance = match self.balances.entry(key) {
            btree_map::Entry::Occupied(entry) => entry.into_mut(),
            btree_map::Entry::Vacant(entry) => {
                let stored = self.database.now().get(Column::Balances, key)?;
                entry.insert(stored.unwrap_or_else(|| BalanceRecord {
                    coin_type: coin.coin_type.clone(),
                    total: 0,
                    coins: 0,
                }))
            }
        };
        match (
            total(balance.total, u128::from(coin.balance)),
            coins(balance.coins, 1),
        ) {
            (Some(total), Some(coins)) => {
                (balance.total, balance.coins) = (total, coins);
                Ok(())
            }
            _ => Err(StoreError::Corrupt {
                column: Column::Balances.name(),
                key: hex::encode(key),
                reason: format!("it can't hold {balance:?} and change by {}", coin.balance),
            }),
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

/// Checks the input side of a change against what is live.
fn check_input(
    subject: Subject<'_>,
    change: &ChangedObject,
    now: Option<&LiveRecord>,
    version: u64,
) -> Result<(), StoreError> {
    let live = now.and_then(LiveRecord::live).map(|live| live.version);
    let problem = match (&change.input_state, live) {
        (ObjectIn::NotExist, None) => None,
        (ObjectIn::NotExist, Some(found)) => Some(OutputProblem::AlreadyLive { found }),
        (ObjectIn::Exist { version, .. }, found) => {
            (found != Some(*version)).then_some(OutputProblem::StaleInput {
                expected: *version,
                found,
            })
        }
        _ => Some(OutputProblem::UnsupportedChange),
    };
    let problem = problem.or(match now.map(LiveRecord::version) {
        Some(old) if old >= version => Some(OutputProblem::VersionNotAbove { old, new: version }),
        _ => None,
    });
    match problem {
        None => Ok(()),
        Some(problem) => Err(subject.problem(problem)),
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
