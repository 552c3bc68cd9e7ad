//! The chain of checkpoints: numbered, linked, signed.

use crate::validator_key::ValidatorKey;
use heddle_objects::ExecutedTransaction;
use heddle_store::{ExecutionSequence, NewCheckpoint, Store, StoreError};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use sui_sdk_types::{
    CheckpointCommitment, CheckpointContents, CheckpointSummary, CheckpointTransactionInfo, Digest,
    GasCostSummary,
};

/// What the next checkpoint continues, and the key that signs it.
pub(crate) struct CheckpointChain {
    key: Arc<ValidatorKey>,
    epoch: u64,
    tip: Option<Tip>,
}

/// What of the last checkpoint goes into the next.
#[derive(Clone, Debug)]
struct Tip {
    sequence_number: u64,
    digest: Digest,
    total_transactions: u64,
    gas: GasCostSummary,
    timestamp_ms: u64,
}

impl CheckpointChain {
    /// A chain without a checkpoint.
    pub(crate) fn new(key: Arc<ValidatorKey>, epoch: u64) -> Self {
        CheckpointChain {
            key,
            epoch,
            tip: None,
        }
    }

    /// The chain that a store holds.
    ///
    /// # Errors
    /// [`StoreError`] if the last checkpoint can't be read.
    pub(crate) fn resume(
        key: Arc<ValidatorKey>,
        epoch: u64,
        store: &Store,
    ) -> Result<Self, StoreError> {
        let mut chain = CheckpointChain::new(key, epoch);
        if let Some(tip) = store.checkpoint_tip()
            && let Some(signed) = store.checkpoint_summary(tip.sequence)?
        {
            chain.tip = Some(Tip::of(&signed.checkpoint, tip.digest));
        }
        Ok(chain)
    }

    /// Makes the next checkpoint. `executed_end` is the execution sequence
    /// number after the last of `transactions`, `commitment` the state's
    /// commitment after them.
    pub(crate) fn extend(
        &mut self,
        transactions: Vec<Arc<ExecutedTransaction>>,
        executed_end: ExecutionSequence,
        commitment: Digest,
    ) -> NewCheckpoint {
        self.extend_at(transactions, executed_end, commitment, unix_time_ms())
    }

    /// As [`CheckpointChain::extend`], at a given time. Time never goes back:
    /// the last checkpoint's is used if it is later.
    pub(crate) fn extend_at(
        &mut self,
        transactions: Vec<Arc<ExecutedTransaction>>,
        executed_end: ExecutionSequence,
        commitment: Digest,
        timestamp_ms: u64,
    ) -> NewCheckpoint {
        let contents = CheckpointContents::new_v1(
            transactions
                .iter()
                .map(|executed| {
                    CheckpointTransactionInfo::new(
                        executed.digest,
                        executed.effects_digest,
                        executed.transaction.signatures.clone(),
                    )
                })
                .collect(),
        );
        let tip = self.tip.as_ref();
        let gas = tip.map_or_else(GasCostSummary::default, |tip| tip.gas.clone());
        let summary = CheckpointSummary {
            epoch: self.epoch,
            sequence_number: tip.map_or(0, |tip| tip.sequence_number + 1),
            network_total_transactions: tip.map_or(0, |tip| tip.total_transactions)
                + transactions.len() as u64,
            content_digest: contents.digest(),
            previous_digest: tip.map(|tip| tip.digest),
            epoch_rolling_gas_cost_summary: transactions.iter().fold(gas, |sum, executed| {
                plus(&sum, executed.effects.gas_summary())
            }),
            timestamp_ms: tip.map_or(0, |tip| tip.timestamp_ms).max(timestamp_ms),
            checkpoint_commitments: vec![CheckpointCommitment::EcmhLiveObjectSet {
                digest: commitment,
            }],
            end_of_epoch_data: None,
            version_specific_data: Vec::new(),
        };
        self.tip = Some(Tip::of(&summary, summary.digest()));
        NewCheckpoint {
            summary: self.key.certify(summary),
            contents,
            transactions,
            executed_end,
        }
    }
}

impl Tip {
    fn of(summary: &CheckpointSummary, digest: Digest) -> Self {
        Tip {
            sequence_number: summary.sequence_number,
            digest,
            total_transactions: summary.network_total_transactions,
            gas: summary.epoch_rolling_gas_cost_summary.clone(),
            timestamp_ms: summary.timestamp_ms,
        }
    }
}

fn plus(sum: &GasCostSummary, one: &GasCostSummary) -> GasCostSummary {
    GasCostSummary::new(
        sum.computation_cost.saturating_add(one.computation_cost),
        sum.storage_cost.saturating_add(one.storage_cost),
        sum.storage_rebate.saturating_add(one.storage_rebate),
        sum.non_refundable_storage_fee
            .saturating_add(one.non_refundable_storage_fee),
    )
}

/// Milliseconds since the Unix epoch; 0 if the clock is before it.
pub(crate) fn unix_time_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| {
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_transactions::any_executed;
    use sui_crypto::bls12381::ValidatorCommitteeSignatureVerifier;

    fn key() -> Arc<ValidatorKey> {
        let directory = tempfile::tempdir().expect("a directory");
        let key = ValidatorKey::load_or_create(&directory.path().join("k")).expect("made");
        Arc::new(key)
    }

    #[test]
    fn checkpoints_chain_and_verify() {
        let key = key();
        let mut chain = CheckpointChain::new(key.clone(), 0);
        let mut previous = None;
        let mut total = 0;
        for (number, time) in [(0_u64, 50), (1, 40), (2, 60)] {
            let transactions: Vec<_> = (0..=number).map(any_executed).collect();
            total += transactions.len() as u64;
            let made = chain.extend_at(
                transactions.clone(),
                ExecutionSequence(total),
                Digest::new([7; 32]),
                time,
            );
            let summary = &made.summary.checkpoint;
            assert_eq!(summary.sequence_number, number);
            assert_eq!(summary.previous_digest, previous);
            assert_eq!(summary.network_total_transactions, total);
            assert_eq!(summary.content_digest, made.contents.digest());
            assert_eq!(summary.timestamp_ms, time.max(50));
            assert_eq!(
                summary.epoch_rolling_gas_cost_summary.computation_cost,
                total * 1_000
            );
            ValidatorCommitteeSignatureVerifier::new(key.committee(0))
                .and_then(|verifier| {
                    verifier.verify_checkpoint_summary(summary, &made.summary.signature)
                })
                .expect("signed by the committee");
            previous = Some(summary.digest());
        }
    }
}
