//! What a submitter gets once its transaction is executed and durable.

use std::sync::Arc;
use sui_sdk_types::{Digest, Object, SignedTransaction, TransactionEffects, TransactionEvents};

/// A transaction with its certified and durable result.
#[derive(Clone, Debug)]
pub struct ExecutedTransaction {
    /// The transaction's digest.
    pub digest: Digest,
    /// The transaction as it was submitted; no signatures on the node's own.
    pub transaction: Arc<SignedTransaction>,
    /// The result in the public format.
    pub effects: TransactionEffects,
    /// Digest of `effects`.
    pub effects_digest: Digest,
    /// Events in order of emission, `None` if there were none.
    pub events: Option<TransactionEvents>,
    /// The object versions that it wrote, sorted by id.
    pub written: Vec<Arc<Object>>,
    /// Where a failure came from, in words for a person. Not part of the
    /// certified result, and not kept over a restart.
    pub failure_detail: Option<String>,
}
