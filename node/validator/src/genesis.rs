//! The first transaction and the first checkpoint of a network.
//!
//! Everything is written in one batch, so a data directory either has a
//! network or has none, whenever the process dies.

use crate::{
    GenesisOptions, StartError,
    checkpoint::{CheckpointChain, unix_time_ms},
    config::PROTOCOL_VERSION,
    data_dir::DataDir,
    validator_key::ValidatorKey,
};
use heddle_adapter::{Executor, GenesisAccount, GenesisConfig, GenesisState};
use heddle_objects::EpochContext;
use heddle_store::{
    ChainIdentity, CommitBatch, CommitEntry, ExecutionSequence, StateCommitment, Store,
};
use std::sync::Arc;
use sui_sdk_types::SignedTransaction;

/// The first epoch.
pub(crate) const FIRST_EPOCH: u64 = 0;
/// The name under which the store keeps the key of the validator that made it.
const VALIDATOR_KEY: &str = "validator_key";

/// Makes the genesis of a network and commits it.
///
/// # Errors
/// [`StartError::Genesis`] if none can be built, or what the store says.
pub(crate) fn create(
    options: &GenesisOptions,
    executor: &Executor,
    key: &Arc<ValidatorKey>,
    store: &Store,
    data_dir: &DataDir,
) -> Result<(), StartError> {
    let timestamp_ms = options.timestamp_ms.unwrap_or_else(unix_time_ms);
    let state = executor.genesis(&GenesisConfig {
        timestamp_ms,
        protocol_version: PROTOCOL_VERSION,
        reference_gas_price: options.reference_gas_price,
        accounts: options
            .accounts
            .iter()
            .map(|account| GenesisAccount {
                address: account.address,
                coins: account.coins.clone(),
            })
            .collect(),
    })?;
    commit(
        state,
        timestamp_ms,
        options.reference_gas_price,
        key,
        store,
        data_dir,
    )
}

/// Commits a genesis state as the first transaction and the first checkpoint.
///
/// # Errors
/// What the store says.
pub(crate) fn commit(
    state: GenesisState,
    timestamp_ms: u64,
    reference_gas_price: u64,
    key: &Arc<ValidatorKey>,
    store: &Store,
    data_dir: &DataDir,
) -> Result<(), StartError> {
    let mut commitment = StateCommitment::default();
    for written in &state.output.written {
        let object = &written.object;
        commitment.add(&object.object_id(), object.version(), &object.digest());
    }
    let digest = state.digest;
    let signed = SignedTransaction {
        transaction: state.transaction,
        signatures: Vec::new(),
    };
    let entry = CommitEntry::new(digest, signed, state.output);
    let checkpoint = CheckpointChain::new(key.clone(), FIRST_EPOCH).extend_at(
        vec![entry.executed.clone()],
        ExecutionSequence::default().next(),
        commitment.digest(),
        timestamp_ms,
    );
    let chain_id = checkpoint.summary.checkpoint.digest();
    let mut batch = CommitBatch::new();
    batch.push(entry);
    batch.push_checkpoint(checkpoint);
    batch.set_chain(ChainIdentity {
        chain_id,
        genesis_transaction: digest,
    });
    batch.set_epoch(EpochContext {
        epoch: FIRST_EPOCH,
        epoch_start_timestamp_ms: timestamp_ms,
        reference_gas_price,
        chain_id,
        protocol_version: PROTOCOL_VERSION,
    });
    batch.set_node_state(VALIDATOR_KEY, Some(key.public_key().as_bytes().to_vec()));
    store
        .commit(&batch)
        .map_err(|error| data_dir.store_error(error))?;
    tracing::info!(%chain_id, "genesis");
    Ok(())
}

/// Checks that this validator is the one that the network in the store has.
///
/// # Errors
/// [`StartError::Key`] if the key file is not the one that made the network.
pub(crate) fn check_validator(
    key: &ValidatorKey,
    store: &Store,
    data_dir: &DataDir,
) -> Result<(), StartError> {
    let known = store
        .node_state(VALIDATOR_KEY)
        .map_err(|error| data_dir.store_error(error))?;
    if known.as_deref() == Some(key.public_key().as_bytes()) {
        return Ok(());
    }
    Err(StartError::Key {
        path: data_dir.key_path(),
        reason: "it is not the key of this network's validator".to_owned(),
    })
}
