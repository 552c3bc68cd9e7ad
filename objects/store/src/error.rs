//! What can go wrong with the store, sorted by whose fault it is.
//!
//! * The environment: [`StoreError::Locked`], [`StoreError::OtherVersion`],
//!   [`StoreError::NotAStore`], [`StoreError::DiskFull`], [`StoreError::Io`].
//! * The caller: everything that [`StoreError::is_rejected_batch`] names. A
//!   batch is checked before a byte of it is written, so a refused batch
//!   changes nothing.
//! * Damage, or a bug of ours: [`StoreError::Corrupt`].

use heddle_objects::ReadError;
use std::path::PathBuf;
use sui_sdk_types::{Address, Digest};

/// Why the store could not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has the directory open.
    #[error(
        "the data directory {path} is in use by another process; stop it, or choose another directory"
    )]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The directory was written by another version of the store.
    #[error(
        "the data directory {path} has format {found}, and this program reads format {expected}; use the program that wrote it, or start from a new directory"
    )]
    OtherVersion {
        /// The directory.
        path: PathBuf,
        /// Format found there.
        found: u32,
        /// Format that this program reads and writes.
        expected: u32,
    },
    /// The directory holds something that is no store.
    #[error(
        "the directory {path} is not empty and holds no Heddle store; choose an empty or a new directory"
    )]
    NotAStore {
        /// The directory.
        path: PathBuf,
    },
    /// The disk has less free space than the store keeps in reserve, or a
    /// write ran out of space.
    #[error(
        "the disk that holds {path} is full ({free_bytes} bytes free, {required_bytes} needed); free some space and start again"
    )]
    DiskFull {
        /// The directory.
        path: PathBuf,
        /// Free bytes when it was noticed.
        free_bytes: u64,
        /// Free bytes below which the store refuses to write.
        required_bytes: u64,
    },
    /// An earlier write failed, so what is on disk can't be extended safely.
    /// Reads still work; a restart recovers everything acknowledged.
    #[error(
        "the store takes no writes since an earlier one failed ({reason}); restart once the cause is gone"
    )]
    Halted {
        /// What the earlier write said.
        reason: String,
    },
    /// The operating system or RocksDB refused an operation.
    #[error("could not {operation}: {reason}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// What the system said.
        reason: String,
    },
    /// A stored record can't be decoded, or two records contradict each other.
    #[error("the store is damaged: column {column}, key {key}: {reason}; restore from a backup")]
    Corrupt {
        /// Column family.
        column: &'static str,
        /// Key in hexadecimal.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A cursor that did not come from the listing it was used for.
    #[error("the cursor does not belong to this listing; start again without one")]
    InvalidCursor,
    /// Effects in a format other than the current one.
    #[error("transaction {transaction} has effects in a format that the store does not take")]
    UnsupportedEffects {
        /// The transaction.
        transaction: Digest,
    },
    /// The output of an execution contradicts itself or the state it is
    /// applied to. A bug in the executor or the scheduler, never the user's fault.
    #[error("the output of transaction {transaction} can't be applied: object {object}: {problem}")]
    InconsistentOutput {
        /// The transaction.
        transaction: Digest,
        /// The object.
        object: Address,
        /// What is wrong.
        problem: OutputProblem,
    },
    /// A checkpoint that does not continue the chain.
    #[error("checkpoint {sequence} does not continue the chain: {problem}")]
    BrokenChain {
        /// Sequence number of the checkpoint.
        sequence: u64,
        /// What is wrong.
        problem: ChainProblem,
    },
}

/// How an execution's output can contradict itself or the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutputProblem {
    /// The effects list a write whose object is missing from the output.
    #[error("the effects write it, the output does not hold it")]
    MissingWrite,
    /// The output holds an object that the effects don't write.
    #[error("the output writes or removes it, the effects do not")]
    UnlistedWrite,
    /// The object in the output has another version than the effects say.
    #[error("written at version {found}, the effects say {expected}")]
    WrongVersion {
        /// Version in the effects.
        expected: u64,
        /// Version of the object.
        found: u64,
    },
    /// The input version in the effects is not the live one.
    #[error("the effects consume version {expected}, the live version is {found:?}")]
    StaleInput {
        /// Input version in the effects.
        expected: u64,
        /// The live version, `None` if the object is not live.
        found: Option<u64>,
    },
    /// The effects say that the object did not exist before, but it is live.
    #[error("the effects create it, but version {found} is live")]
    AlreadyLive {
        /// The live version.
        found: u64,
    },
    /// The new version is not above the old one.
    #[error("version {new} does not follow version {old}")]
    VersionNotAbove {
        /// Version that was live, or at which the object was removed.
        old: u64,
        /// Version written.
        new: u64,
    },
    /// A kind of owner that this version of Heddle does not know.
    #[error("it has an owner of an unknown kind")]
    UnknownOwner,
    /// A kind of change that this version of Heddle does not know.
    #[error("the effects change it in a way that is not supported yet")]
    UnsupportedChange,
    /// An upgraded package whose modules can't be read.
    #[error("it is a package without a readable module")]
    UnreadablePackage,
}

/// How a checkpoint can fail to continue the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// Not the next sequence number.
    #[error("sequence number {expected} comes next")]
    Sequence {
        /// The number that comes next.
        expected: u64,
    },
    /// Not linked to the last checkpoint.
    #[error("it names {found:?} as the checkpoint before it, which is {expected:?}")]
    Previous {
        /// Digest of the last checkpoint.
        expected: Option<Digest>,
        /// Digest that the summary names.
        found: Option<Digest>,
    },
    /// The contents are not those that the summary names.
    #[error("its contents have digest {found}, the summary names {expected}")]
    Contents {
        /// Digest in the summary.
        expected: Digest,
        /// Digest of the contents.
        found: Digest,
    },
    /// The transactions handed over are not those of the contents.
    #[error("transaction {index} of the contents is not the one handed over with it")]
    Transactions {
        /// Index in the contents at which they differ.
        index: usize,
    },
    /// The running total of transactions is wrong.
    #[error("it counts {found} transactions since genesis; {expected} is right")]
    Total {
        /// Transactions up to and including this checkpoint.
        expected: u64,
        /// The total in the summary.
        found: u64,
    },
    /// It contains a transaction that is in an earlier checkpoint, or that the
    /// store has not executed.
    #[error("transaction {transaction} is not executed, or is in an earlier checkpoint")]
    Foreign {
        /// The transaction.
        transaction: Digest,
    },
}

impl StoreError {
    /// Whether a batch was refused because of what it holds. Nothing of it was
    /// written, and the store goes on.
    pub fn is_rejected_batch(&self) -> bool {
        matches!(
            self,
            StoreError::UnsupportedEffects { .. }
                | StoreError::InconsistentOutput { .. }
                | StoreError::BrokenChain { .. }
        )
    }

    /// This error as one of the object-read trait.
    pub(crate) fn reading(self, id: &Address, version: Option<u64>) -> ReadError {
        ReadError::Storage {
            id: *id,
            version,
            reason: self.to_string(),
        }
    }
}
