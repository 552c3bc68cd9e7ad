//! Recomputes everything that is derived, and compares it with what is stored.
//!
//! For tests and soak runs: it reads the whole store. What it checks:
//!
//! 1. *Objects.* What is live of an id is its newest version, and agrees with
//!    the object in every field. Every older version has a consumer that has
//!    executed; the live one has none. So no object has two live versions.
//! 2. *Indexes* by owner and parent hold exactly the live objects.
//! 3. *Balances* are the sums of the live coins.
//! 4. *Commitment*: equal to the one computed from scratch.
//! 5. *Transactions*: execution sequence numbers without gaps, each with its
//!    transaction, effects and events.
//! 6. *Checkpoints*: without gaps, each linked to the one before, each
//!    transaction in exactly one.

use crate::{
    BalanceRecord, CheckpointTip, ExecutionSequence, LedgerPosition, LiveObject, LiveRecord,
    StateCommitment, Store, StoreError, TransactionLocation,
    column::Column,
    database::{View, decode},
    key, ownership_index,
    record::ObjectEntry,
    store::fact,
};
use std::collections::BTreeMap;
use sui_sdk_types::{
    Address, CheckpointContents, Digest, SignedCheckpointSummary, StructTag, TransactionEffects,
    TransactionEvents, TypeTag,
};

/// What a store holds, counted while it was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrityReport {
    /// Live objects, packages included.
    pub live_objects: u64,
    /// Object versions, superseded ones and removals included.
    pub object_versions: u64,
    /// Executed transactions.
    pub transactions: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Sum of all live coins by coin type, whoever owns them. Balances inside
    /// other objects are not in it.
    pub coin_totals: BTreeMap<TypeTag, u128>,
    /// Sum of the storage fees that live objects hold, in the native coin's
    /// smallest unit.
    pub storage_rebates: u128,
    /// Sum of what all transactions paid and nobody gets back: computation
    /// and the non-refundable part of storage fees.
    pub fees: u128,
}

impl IntegrityReport {
    /// All of the native coin that the store accounts for: coins, storage fees
    /// held by objects, fees paid. Together with balances inside other objects
    /// it is the supply since genesis, whatever was executed.
    pub fn native_total(&self) -> u128 {
        let native = TypeTag::from(StructTag::sui());
        let coins = self.coin_totals.get(&native).copied().unwrap_or(0);
        coins + self.storage_rebates + self.fees
    }
}

/// The first thing found wrong in a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntegrityError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is live of an object is not its newest version.
    #[error(
        "object {id}: the record of what is live says {stored:?}, its newest version says {newest:?}"
    )]
    Live {
        /// The object.
        id: Address,
        /// The record.
        stored: Option<Box<LiveRecord>>,
        /// What follows from its newest version.
        newest: Option<Box<LiveRecord>>,
    },
    /// A superseded version without a consumer, or a live one with one, or a
    /// consumer that has not executed.
    #[error(
        "object {id} at version {version} has consumer {consumer:?}, and is superseded: {is_superseded}"
    )]
    Consumer {
        /// The object.
        id: Address,
        /// The version.
        version: u64,
        /// The consumer on record.
        consumer: Option<Digest>,
        /// Whether a newer version exists.
        is_superseded: bool,
    },
    /// An index does not hold exactly the live objects.
    #[error("column {} holds {stored} keys, the live objects have {computed}; first missing: {missing:?}", column.name())]
    Index {
        /// The index.
        column: Column,
        /// Keys in it.
        stored: u64,
        /// Keys of the live objects.
        computed: u64,
        /// A key that should be there and is not, in hexadecimal.
        missing: Option<String>,
    },
    /// A balance is not the sum of the coins.
    #[error("balance {key}: stored {stored:?}, the coins add up to {computed:?}")]
    Balance {
        /// The balance's key, in hexadecimal.
        key: String,
        /// On record.
        stored: Option<BalanceRecord>,
        /// Computed from the live coins.
        computed: Option<BalanceRecord>,
    },
    /// The commitment is not that of the live objects.
    #[error("the state commitment is {stored}, the live objects have {computed}")]
    Commitment {
        /// Digest of the stored one.
        stored: Digest,
        /// Digest of the computed one.
        computed: Digest,
    },
    /// A gap in the execution sequence numbers, or too many of them.
    #[error("execution sequence number {found} where {expected} was due")]
    ExecutionGap {
        /// Number that was due.
        expected: ExecutionSequence,
        /// Number found.
        found: ExecutionSequence,
    },
    /// A transaction lacks one of its parts, or has one that is not its own.
    #[error("transaction {transaction}: {part} missing or of another transaction")]
    TransactionPart {
        /// The transaction.
        transaction: Digest,
        /// Name of the part.
        part: &'static str,
    },
    /// A checkpoint does not continue the chain.
    #[error("checkpoint {sequence}: {part} missing or wrong")]
    Checkpoint {
        /// Its sequence number.
        sequence: u64,
        /// Name of the part.
        part: &'static str,
    },
}

impl Store {
    /// Checks everything that is derived against what it is derived from, at
    /// one moment. Reads the whole store.
    ///
    /// # Errors
    /// The first thing found wrong.
    pub fn verify_integrity(&self) -> Result<IntegrityReport, IntegrityError> {
        let view = self.database.snapshot();
        let mut report = IntegrityReport::default();
        check_objects(&view, &mut report)?;
        check_derived(&view, &mut report)?;
        check_transactions(&view, &mut report)?;
        check_checkpoints(&view, &mut report)?;
        Ok(report)
    }
}

/// Runs a scan whose visitor may find something wrong.
fn scan(
    view: &View<'_>,
    column: Column,
    mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), IntegrityError>,
) -> Result<(), IntegrityError> {
    let mut found = Ok(());
    view.scan(column, &[], |key, value| {
        found = visit(key, value);
        Ok(found.is_ok())
    })?;
    found
}

/// The newest version seen of the id that a scan is at.
struct Newest {
    id: Address,
    version: u64,
    record: LiveRecord,
    is_package: bool,
}

fn check_objects(view: &View<'_>, report: &mut IntegrityReport) -> Result<(), IntegrityError> {
    let mut newest: Option<Newest> = None;
    scan(view, Column::Objects, |key, value| {
        report.object_versions += 1;
        let version = key::trailing_number(Column::Objects, key)?;
        let id = key::trailing_id(Column::Objects, &key[..key::HASH_BYTES.min(key.len())])?;
        let (record, is_package) = match decode(Column::Objects, key, value)? {
            ObjectEntry::Removed(removal) => (LiveRecord::Removed { version, removal }, false),
            ObjectEntry::Object(object) => (
                LiveRecord::Live(LiveObject::of(&object, object.digest())),
                object.as_struct().is_none(),
            ),
        };
        let next = Newest {
            id,
            version,
            record,
            is_package,
        };
        match newest.replace(next) {
            Some(before) if before.id == id => check_consumer(view, &before, true),
            Some(before) => check_live(view, before),
            None => Ok(()),
        }
    })?;
    if let Some(last) = newest {
        check_live(view, last)?;
    }
    scan(view, Column::Live, |key, _| {
        let id = key::trailing_id(Column::Live, key)?;
        let has_version = view
            .last_at_most::<ObjectEntry>(
                Column::Objects,
                id.as_bytes(),
                &key::versioned(&id, u64::MAX),
            )?
            .is_some();
        if has_version {
            return Ok(());
        }
        Err(IntegrityError::Live {
            id,
            stored: view.get(Column::Live, id.as_bytes())?.map(Box::new),
            newest: None,
        })
    })
}

/// Checks the newest version of an id against the record of what is live.
fn check_live(view: &View<'_>, newest: Newest) -> Result<(), IntegrityError> {
    let stored: Option<LiveRecord> = view.get(Column::Live, newest.id.as_bytes())?;
    if stored.as_ref() != Some(&newest.record) {
        return Err(IntegrityError::Live {
            id: newest.id,
            stored: stored.map(Box::new),
            newest: Some(Box::new(newest.record)),
        });
    }
    check_consumer(view, &newest, false)
}

fn check_consumer(view: &View<'_>, at: &Newest, is_superseded: bool) -> Result<(), IntegrityError> {
    let key = key::versioned(&at.id, at.version);
    let consumer: Option<Digest> = view.get(Column::Consumers, key)?;
    let must_have = is_superseded && at.record.live().is_some() && !at.is_package;
    let has_executed = match &consumer {
        Some(digest) => view.exists(Column::Effects, digest.as_bytes())?,
        None => true,
    };
    if consumer.is_some() == must_have && has_executed {
        return Ok(());
    }
    Err(IntegrityError::Consumer {
        id: at.id,
        version: at.version,
        consumer,
        is_superseded,
    })
}

const INDEXES: [Column; 2] = [Column::Owned, Column::DynamicFields];

fn check_derived(view: &View<'_>, report: &mut IntegrityReport) -> Result<(), IntegrityError> {
    let mut commitment = StateCommitment::default();
    let mut computed: BTreeMap<Column, u64> = BTreeMap::new();
    let mut missing: BTreeMap<Column, String> = BTreeMap::new();
    let mut balances: BTreeMap<Vec<u8>, BalanceRecord> = BTreeMap::new();
    crate::objects::for_each_live(view, |id, live| {
        report.live_objects += 1;
        commitment.add(&id, live.version, &live.digest);
        if let Some((column, key)) = ownership_index::key(&id, &live) {
            *computed.entry(column).or_default() += 1;
            if !view.exists(column, &key)? {
                missing.entry(column).or_insert_with(|| hex::encode(&key));
            }
        }
        add_balance(&mut balances, &live);
        add_totals(view, report, &id, &live)
    })?;
    for column in INDEXES {
        let mut stored = 0;
        scan(view, column, |_, _| {
            stored += 1;
            Ok(())
        })?;
        let computed = computed.get(&column).copied().unwrap_or(0);
        let missing = missing.remove(&column);
        if stored != computed || missing.is_some() {
            return Err(IntegrityError::Index {
                column,
                stored,
                computed,
                missing,
            });
        }
    }
    check_balances(view, balances)?;
    let stored: StateCommitment = view
        .get(Column::Metadata, fact::COMMITMENT)?
        .unwrap_or_default();
    if stored != commitment {
        return Err(IntegrityError::Commitment {
            stored: stored.digest(),
            computed: commitment.digest(),
        });
    }
    Ok(())
}

fn add_balance(balances: &mut BTreeMap<Vec<u8>, BalanceRecord>, live: &LiveObject) {
    if let Some(coin) = live.owned_coin() {
        let record = balances
            .entry(key::balance(&coin.owner, coin.coin_type).to_vec())
            .or_insert_with(|| BalanceRecord {
                coin_type: coin.coin_type.clone(),
                total: 0,
                coins: 0,
            });
        record.total += u128::from(coin.balance);
        record.coins += 1;
    }
}

fn add_totals(
    view: &View<'_>,
    report: &mut IntegrityReport,
    id: &Address,
    live: &LiveObject,
) -> Result<(), StoreError> {
    if let crate::ObjectKind::Struct {
        tag,
        balance: Some(balance),
    } = &live.kind
        && let Some(coin_type) = tag.is_coin()
    {
        *report.coin_totals.entry(coin_type.clone()).or_default() += u128::from(*balance);
    }
    if let Some(ObjectEntry::Object(object)) =
        view.get(Column::Objects, key::versioned(id, live.version))?
    {
        report.storage_rebates += u128::from(object.storage_rebate());
    }
    Ok(())
}

fn check_balances(
    view: &View<'_>,
    mut computed: BTreeMap<Vec<u8>, BalanceRecord>,
) -> Result<(), IntegrityError> {
    scan(view, Column::Balances, |key, value| {
        let stored: BalanceRecord = decode(Column::Balances, key, value)?;
        let computed = computed.remove(key);
        if computed.as_ref() == Some(&stored) {
            return Ok(());
        }
        Err(IntegrityError::Balance {
            key: hex::encode(key),
            stored: Some(stored),
            computed,
        })
    })?;
    match computed.pop_first() {
        None => Ok(()),
        Some((key, record)) => Err(IntegrityError::Balance {
            key: hex::encode(key),
            stored: None,
            computed: Some(record),
        }),
    }
}

fn check_transactions(view: &View<'_>, report: &mut IntegrityReport) -> Result<(), IntegrityError> {
    let mut expected = ExecutionSequence::default();
    scan(view, Column::Executed, |key, value| {
        let found = ExecutionSequence(key::trailing_number(Column::Executed, key)?);
        if found != expected {
            return Err(IntegrityError::ExecutionGap { expected, found });
        }
        expected = expected.next();
        report.transactions += 1;
        check_transaction(view, report, decode(Column::Executed, key, value)?)
    })?;
    let next: ExecutionSequence = view
        .get(Column::Metadata, fact::NEXT_EXECUTION)?
        .unwrap_or_default();
    if next != expected {
        return Err(IntegrityError::ExecutionGap {
            expected,
            found: next,
        });
    }
    Ok(())
}

fn check_transaction(
    view: &View<'_>,
    report: &mut IntegrityReport,
    digest: Digest,
) -> Result<(), IntegrityError> {
    let wrong = |part| IntegrityError::TransactionPart {
        transaction: digest,
        part,
    };
    if !view.exists(Column::Transactions, digest.as_bytes())? {
        return Err(wrong("signed transaction"));
    }
    let effects: Option<TransactionEffects> = view.get(Column::Effects, digest.as_bytes())?;
    let effects = effects
        .filter(|effects| *effects.transaction_digest() == digest)
        .ok_or_else(|| wrong("effects"))?;
    let events: Option<TransactionEvents> = view.get(Column::Events, digest.as_bytes())?;
    if events.map(|events| events.digest()).as_ref() != effects.events_digest() {
        return Err(wrong("events"));
    }
    let gas = effects.gas_summary();
    report.fees += u128::from(gas.computation_cost) + u128::from(gas.non_refundable_storage_fee);
    Ok(())
}

fn check_checkpoints(view: &View<'_>, report: &mut IntegrityReport) -> Result<(), IntegrityError> {
    let mut tip: Option<(u64, Digest, u64)> = None;
    scan(view, Column::CheckpointSummaries, |key, value| {
        let signed: SignedCheckpointSummary = decode(Column::CheckpointSummaries, key, value)?;
        let summary = signed.checkpoint;
        let sequence = tip.map_or(0, |(sequence, _, _)| sequence + 1);
        let wrong = |part| IntegrityError::Checkpoint { sequence, part };
        if key::trailing_number(Column::CheckpointSummaries, key)? != sequence
            || summary.sequence_number != sequence
        {
            return Err(wrong("sequence number"));
        }
        if summary.previous_digest != tip.map(|(_, digest, _)| digest) {
            return Err(wrong("link to the checkpoint before"));
        }
        let digest = summary.digest();
        if view.get(Column::CheckpointDigests, digest.as_bytes())? != Some(sequence) {
            return Err(wrong("entry by digest"));
        }
        let contents: CheckpointContents = view
            .get(Column::CheckpointContents, sequence.to_be_bytes())?
            .ok_or_else(|| wrong("contents"))?;
        if contents.digest() != summary.content_digest {
            return Err(wrong("contents"));
        }
        let first = tip.map_or(0, |(_, _, total)| total);
        check_contents(view, sequence, first, &contents)?;
        let total = first + contents.transactions().len() as u64;
        if summary.network_total_transactions != total {
            return Err(wrong("number of transactions"));
        }
        report.checkpoints += 1;
        tip = Some((sequence, digest, total));
        Ok(())
    })?;
    let stored: Option<CheckpointTip> = view.get(Column::Metadata, fact::CHECKPOINT_TIP)?;
    if stored.map(|tip| (tip.sequence, tip.digest, tip.total_transactions)) != tip {
        return Err(IntegrityError::Checkpoint {
            sequence: tip.map_or(0, |(sequence, _, _)| sequence),
            part: "record of the last checkpoint",
        });
    }
    Ok(())
}

fn check_contents(
    view: &View<'_>,
    checkpoint: u64,
    first: u64,
    contents: &CheckpointContents,
) -> Result<(), IntegrityError> {
    for (index, listed) in (0_u32..).zip(contents.transactions()) {
        let position = LedgerPosition(first + u64::from(index));
        let location = TransactionLocation {
            checkpoint,
            index,
            position,
        };
        let digest = *listed.transaction();
        let stored = view.get(Column::Locations, digest.as_bytes())?;
        let at_position = view.get(Column::Ledger, position.0.to_be_bytes())?;
        if stored != Some(location) || at_position != Some(digest) {
            return Err(IntegrityError::TransactionPart {
                transaction: digest,
                part: "place in the chain of checkpoints",
            });
        }
        let effects: Option<TransactionEffects> = view.get(Column::Effects, digest.as_bytes())?;
        if effects.map(|effects| effects.digest()).as_ref() != Some(listed.effects()) {
            return Err(IntegrityError::TransactionPart {
                transaction: digest,
                part: "effects that its checkpoint names",
            });
        }
    }
    Ok(())
}
