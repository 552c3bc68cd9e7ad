//! The store: everything a node knows that must survive it.
//!
//! One RocksDB database per data directory, written in whole batches.
//! [`Column`] lists what is stored where; to read this crate, start there.
//!
//! * [`Store`] opens a directory and reads it: objects and their versions,
//!   transactions with effects and events, checkpoints, and the indexes by
//!   which clients list things. It is an
//!   [`ObjectRead`](heddle_objects::ObjectRead).
//! * [`CommitBatch`] is the one way to change it. A batch is written whole or
//!   not at all, and is checked first: a store never holds an object with two
//!   live versions, a balance that does not add up, or a checkpoint that does
//!   not continue the chain.
//! * [`ObjectCache`] stands in front of the store while executions run. It
//!   shows the outputs of transactions that are not durable yet to those that
//!   depend on them, and keeps recently used objects.
//! * [`StateCommitment`] is a hash of all live objects, kept up to date at a
//!   cost that follows the writes and not the state.
//! * [`Store::verify_integrity`] recomputes all that is derived and compares.
//!
//! # After a crash
//! A commit that returned is there ([`Durability`] says against what). One
//! that did not return is there whole or not at all. Nothing else is in
//! memory only, except the object cache, which starts empty.
//!
//! # Memory
//! [`StoreConfig`] bounds cached blocks (with their indexes and filters) and
//! writes that are not in table files yet; [`ObjectCacheConfig`] bounds cached
//! objects. What is executed and not committed comes on top: the node bounds
//! it by how many transactions it lets wait for their commit.
//!
//! # Several threads
//! Reads take no lock. Commits wait for each other. A listing sees the state
//! of one moment; two calls may see two.
//!
//! # Not here
//! No execution, no networking, no clock. Nothing decides what is valid: the
//! store checks that outputs fit the state, not that they are right.

mod apply;
mod backup;
mod batch;
mod cache;
mod column;
mod commitment;
mod config;
mod database;
mod error;
#[cfg(test)]
mod fixture;
mod integrity;
mod key;
mod ledger;
mod ledger_index;
mod objects;
mod ownership_index;
mod packages;
mod page;
mod record;
mod store;

pub use backup::ColumnSize;
pub use batch::{CommitBatch, CommitEntry, NewCheckpoint};
pub use cache::{NewestVersion, ObjectCache, ObjectCacheConfig, ObjectCacheUsage, ObjectFacts};
pub use column::Column;
pub use commitment::StateCommitment;
pub use config::{Durability, StoreConfig};
pub use database::FORMAT_VERSION;
pub use error::{ChainProblem, OutputProblem, StoreError};
pub use integrity::{IntegrityError, IntegrityReport};
pub use ledger_index::{LedgerOrder, LedgerSubject};
pub use ownership_index::{CoinObjectKind, ListedCoin, ListedObject, TypeFilter};
pub use packages::PackageVersion;
pub use page::{Cursor, PAGE_ITEMS_MAX, Page};
pub use record::{
    BalanceRecord, ChainIdentity, CheckpointTip, ExecutionSequence, LedgerPosition, LiveObject,
    LiveRecord, ObjectKind, Removal, TransactionLocation,
};
pub use store::Store;
