//! A transaction together with what it did: the unit that is stored, put into
//! checkpoints and shown to clients.

use sui_sdk_types::{
    Digest, SignedTransaction, TransactionEffects, TransactionEffectsV2, TransactionEvents,
};

/// A transaction that has executed, with its certified result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutedTransaction {
    /// Digest of the transaction.
    pub digest: Digest,
    /// The transaction and the signatures that authorised it.
    pub transaction: SignedTransaction,
    /// What it did.
    pub effects: TransactionEffects,
    /// Digest of `effects`.
    pub effects_digest: Digest,
    /// Events in order of emission, `None` if there were none.
    pub events: Option<TransactionEvents>,
}

impl ExecutedTransaction {
    /// The effects in the only format that Heddle produces; `None` for effects
    /// that came from elsewhere in an older one.
    pub fn effects_v2(&self) -> Option<&TransactionEffectsV2> {
        match &self.effects {
            TransactionEffects::V2(effects) => Some(effects),
            TransactionEffects::V1(_) => None,
        }
    }

    /// Whether the transaction did what it was meant to.
    pub fn is_success(&self) -> bool {
        matches!(
            self.effects.status(),
            sui_sdk_types::ExecutionStatus::Success
        )
    }
}
