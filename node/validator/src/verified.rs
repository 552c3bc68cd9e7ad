//! A transaction whose form and signatures hold: what the two paths carry.

use heddle_objects::{DeclaredInputs, Path};
use std::{sync::Arc, time::Instant};
use sui_sdk_types::{Digest, SignedTransaction, Transaction, UserSignature};

/// A user's transaction, checked as far as that goes without state.
#[derive(Debug)]
pub struct VerifiedTransaction {
    pub(crate) digest: Digest,
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) signatures: Vec<UserSignature>,
    pub(crate) declared: DeclaredInputs,
    /// When this node received it, for latencies.
    pub(crate) received: Instant,
}

impl VerifiedTransaction {
    /// The transaction's digest.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The transaction with its signatures, for a wire or a log.
    pub fn to_signed(&self) -> SignedTransaction {
        SignedTransaction {
            transaction: Transaction::clone(&self.transaction),
            signatures: self.signatures.clone(),
        }
    }

    pub(crate) fn path(&self) -> Path {
        self.declared.path()
    }
}
