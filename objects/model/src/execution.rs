//! What goes into an execution and what comes out.

use crate::EpochContext;
use std::sync::Arc;
use sui_sdk_types::{Address, Digest, Object, Transaction, TransactionEffects, TransactionEvents};

/// The version that the ordered path assigned to one shared input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedVersion {
    /// The shared object.
    pub object_id: Address,
    /// The version to read. It is known before execution because every writer
    /// before this transaction in the order has a Lamport version that follows
    /// from its inputs alone.
    pub version: u64,
}

/// One transaction, ready to execute: checked, its owned inputs locked, its
/// shared inputs assigned.
#[derive(Clone, Debug)]
pub struct ExecutionRequest {
    /// The transaction.
    pub transaction: Arc<Transaction>,
    /// Its digest (`transaction.digest()`, computed once at admission).
    pub digest: Digest,
    /// A version for every shared input, in the order in which the
    /// transaction declares them. Empty on the fast path.
    pub shared_versions: Vec<SharedVersion>,
    /// The epoch that it runs in.
    pub epoch: EpochContext,
}

/// One object version written by a transaction.
#[derive(Clone, Debug)]
pub struct WrittenObject {
    /// The object as written; its version is the output's Lamport version
    /// (for a package: the package's own version).
    pub object: Arc<Object>,
}

/// Everything that one execution changed. Applying it is the only way in
/// which state changes.
#[derive(Clone, Debug)]
pub struct ExecutionOutput {
    /// The certified result in the public format, failures included.
    pub effects: TransactionEffects,
    /// Digest of `effects`, computed once.
    pub effects_digest: Digest,
    /// Events in order of emission, `None` if there were none.
    pub events: Option<TransactionEvents>,
    /// Object versions to write, sorted by id.
    pub written: Vec<WrittenObject>,
    /// Ids that stop being live at `lamport_version` (deleted or wrapped), sorted.
    pub removed: Vec<Address>,
    /// The version that this execution gave to every object it wrote.
    pub lamport_version: u64,
    /// Versions of child objects read through dynamic fields without being
    /// written, for tests and conflict graphs; sorted by id.
    pub loaded_children: Vec<(Address, u64)>,
    /// Where a failure came from, in words for a person; `None` on success.
    /// Not part of the certified result.
    pub failure_detail: Option<String>,
}

impl ExecutionOutput {
    /// Whether the transaction did what it was meant to.
    pub fn is_success(&self) -> bool {
        matches!(
            self.effects.status(),
            sui_sdk_types::ExecutionStatus::Success
        )
    }
}
