//! What an execution may know of the epoch that it runs in.

use serde::{Deserialize, Serialize};
use sui_sdk_types::Digest;

/// Facts of one epoch, the same on every validator. Part of the input of the
/// pure function that execution is; nothing else of the environment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochContext {
    /// Number of the epoch, counted from 0.
    pub epoch: u64,
    /// When the epoch began, in milliseconds since the Unix epoch.
    pub epoch_start_timestamp_ms: u64,
    /// Price of one gas unit in base units below which no transaction is admitted.
    pub reference_gas_price: u64,
    /// Digest of the genesis checkpoint: the identity of this network.
    pub chain_id: Digest,
    /// Version of the protocol rules in force.
    pub protocol_version: u64,
}
