//! The node: starts, submits, stops.

use crate::{ExecutedTransaction, FatalError, NodeConfig, StartError, SubmitError};
use heddle_adapter::{Checks, ExecuteError, Executor, SimulationOutput};
use heddle_objects::EpochContext;
use std::sync::Arc;
use sui_sdk_types::{CheckpointData, Digest, SignedTransaction, Transaction, ValidatorCommittee};
use tokio::sync::broadcast;

/// One validator and the network of one that it forms.
pub struct Node {
    executor: Arc<Executor>,
    epoch: EpochContext,
    committee: ValidatorCommittee,
    checkpoints: broadcast::Sender<Arc<CheckpointData>>,
    registry: prometheus::Registry,
}

impl Node {
    /// Opens the data directory, makes genesis if there is none, and starts
    /// the node's threads. Blocks until the node can take transactions.
    ///
    /// # Errors
    /// [`StartError`], each one line.
    pub fn start(config: NodeConfig) -> Result<Arc<Node>, StartError> {
        let _ = config;
        Err(StartError::Config("the node is not built yet"))
    }

    /// Checks a transaction, executes it on its path, and resolves when its
    /// effects are durable. The same transaction submitted again gives the
    /// same result, whether it is still in flight or long executed. Dropping
    /// the future does not take the transaction back.
    ///
    /// # Errors
    /// [`SubmitError`] if the transaction is refused. (One that is accepted and
    /// fails is `Ok`: its effects hold the failure.)
    pub async fn submit(
        &self,
        transaction: SignedTransaction,
    ) -> Result<Arc<ExecutedTransaction>, SubmitError> {
        let _ = transaction;
        Err(SubmitError::NotBuilt {
            what: "submission".into(),
        })
    }

    /// Tries a transaction on the latest state and changes nothing. Runs on
    /// the calling thread: call it off the async workers.
    ///
    /// # Errors
    /// [`ExecuteError`] as [`Executor::simulate`].
    pub fn simulate(
        &self,
        transaction: Arc<Transaction>,
        checks: Checks,
    ) -> Result<SimulationOutput, ExecuteError> {
        let _ = (transaction, checks);
        Err(ExecuteError::NotBuilt("simulation"))
    }

    /// The executor, for questions about packages, functions and values.
    pub fn executor(&self) -> &Arc<Executor> {
        &self.executor
    }

    /// The network's identifier: the digest of its genesis checkpoint.
    pub fn chain_id(&self) -> Digest {
        self.epoch.chain_id
    }

    /// The current epoch.
    pub fn epoch(&self) -> EpochContext {
        self.epoch.clone()
    }

    /// The current epoch's reference gas price, in base units per gas unit.
    pub fn reference_gas_price(&self) -> u64 {
        self.epoch.reference_gas_price
    }

    /// The validators whose signatures certify checkpoints.
    pub fn committee(&self) -> &ValidatorCommittee {
        &self.committee
    }

    /// Every checkpoint made from now on, in order. A receiver that falls
    /// behind by more than the channel's capacity is told how many it missed
    /// and reads those from the store.
    pub fn subscribe_checkpoints(&self) -> broadcast::Receiver<Arc<CheckpointData>> {
        self.checkpoints.subscribe()
    }

    /// The node's metrics.
    pub fn metrics(&self) -> &prometheus::Registry {
        &self.registry
    }

    /// Resolves if the node fails. The process should then exit with a code
    /// other than 0; never resolves on an orderly shutdown.
    pub async fn failed(&self) -> FatalError {
        std::future::pending().await
    }

    /// Refuses new transactions, finishes those in flight, makes the last
    /// checkpoint, flushes, and ends the node's threads. Blocks; safe to call
    /// more than once.
    pub fn shutdown(&self) {}
}
