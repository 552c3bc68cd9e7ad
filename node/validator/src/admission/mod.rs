//! Whether a transaction may run.
//!
//! ```text
//!   bytes ─▶ form ─▶ signatures ─▶ locks ─▶ objects ─▶ one of the two paths
//! ```
//!
//! From cheap to dear, and from what can be said without state to what can't:
//! [`form`] looks at the transaction alone, [`crate::signature`] at who signed,
//! [`objects`] at the state. A refusal is a [`SubmitError`] that names what is
//! wrong; nothing is charged.

pub(crate) mod form;
pub(crate) mod objects;

use crate::{SubmitError, VerifiedTransaction, signature};
use heddle_objects::{DeclaredInputs, EpochContext};
use std::{sync::Arc, time::Instant};
use sui_sdk_types::{
    Digest, Intent, IntentAppId, IntentScope, IntentVersion, SignedTransaction, Transaction,
    hash::Hasher,
};

/// Separates transaction digests from all others, as the public format says.
const DIGEST_PREFIX: &str = "TransactionData::";

/// Whether a check insists on a gas payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Price, budget and coins must be right.
    Required,
    /// Price and budget are passed over, and so is a missing coin: for dry
    /// runs that are to find them out. Coins that are named must exist.
    Optional,
}

/// Checks form and signatures.
///
/// # Errors
/// [`SubmitError`] if either is wrong.
pub(crate) fn verify(
    signed: SignedTransaction,
    epoch: &EpochContext,
    received: Instant,
) -> Result<VerifiedTransaction, SubmitError> {
    let SignedTransaction {
        transaction,
        signatures,
    } = signed;
    let bytes = encode(&transaction)?;
    form::check(&transaction, bytes.len(), epoch, Payment::Required)?;
    let declared = DeclaredInputs::of(&transaction)?;
    signature::verify(&transaction, signing_digest(&bytes).inner(), &signatures)?;
    Ok(VerifiedTransaction {
        digest: digest(&bytes),
        transaction: Arc::new(transaction),
        signatures,
        declared,
        received,
    })
}

/// The transaction in BCS: serialised once for its size and both its digests.
pub(crate) fn encode(transaction: &Transaction) -> Result<Vec<u8>, SubmitError> {
    bcs::to_bytes(transaction).map_err(|_| SubmitError::LimitExceeded {
        what: "nesting of the transaction",
        actual: u64::MAX,
        maximum: bcs::MAX_CONTAINER_DEPTH as u64,
    })
}

fn digest(bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(DIGEST_PREFIX);
    hasher.update(bytes);
    hasher.finalize()
}

fn signing_digest(bytes: &[u8]) -> Digest {
    let intent = Intent::new(
        IntentScope::TransactionData,
        IntentVersion::V0,
        IntentAppId::Sui,
    );
    let mut hasher = Hasher::new();
    hasher.update(intent.to_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_transactions::any_transfer;
    use sui_sdk_types::Address;

    #[test]
    fn digests_are_the_public_ones() {
        let transaction = any_transfer(Address::from_static("0xa"));
        let bytes = encode(&transaction).expect("serialises");
        assert_eq!(digest(&bytes), transaction.digest());
        assert_eq!(
            *signing_digest(&bytes).inner(),
            transaction.signing_digest()
        );
    }
}
