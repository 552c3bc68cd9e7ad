//! The node: starts, submits, stops.

use crate::{
    Durability, FatalError, NodeConfig, Payment, Receipt, StartError, SubmitError,
    admission::{self, form, objects},
    broadcast,
    core::{Core, Opened},
    data_dir::DataDir,
    genesis,
    validator_key::ValidatorKey,
};
use heddle_adapter::{Checks, ExecuteError, Executor, SimulationOutput, SimulationRequest};
use heddle_objects::{DeclaredInputs, EpochContext, ObjectRead};
use heddle_store::{Durability as StoreDurability, Store, StoreError};
use std::sync::Arc;
use sui_sdk_types::{CheckpointData, Digest, SignedTransaction, Transaction, ValidatorCommittee};
use tokio::sync::broadcast::Receiver;

/// One validator and the network of one that it forms.
///
/// All methods may be called from any thread.
pub struct Node {
    core: Core,
    executor: Arc<Executor>,
    committee: ValidatorCommittee,
}

impl Node {
    /// Opens the data directory, makes genesis if there is none, and starts
    /// the node's threads. Blocks until the node can take transactions.
    ///
    /// # Errors
    /// [`StartError`], each one line.
    pub fn start(config: NodeConfig) -> Result<Arc<Node>, StartError> {
        config.validate()?;
        let executor = Arc::new(Executor::new(config.executor.clone()));
        let opened = open(&config, &executor)?;
        let committee = opened.key.committee(opened.epoch.epoch);
        let core = Core::start(&config, opened, executor.clone())?;
        tracing::info!(
            chain_id = %core.engine.epoch.chain_id,
            data_dir = %config.data_dir.display(),
            threads = config.threads,
            "the node runs"
        );
        Ok(Arc::new(Node {
            core,
            executor,
            committee,
        }))
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
    ) -> Result<Arc<Receipt>, SubmitError> {
        self.core.submit(transaction).await
    }

    /// The checks that a submission would meet, without signatures and without
    /// locks: form, chain, expiration, payment, objects and their owners.
    ///
    /// # Errors
    /// [`SubmitError`], as [`Node::submit`] would give it.
    pub fn check(&self, transaction: &Transaction, payment: Payment) -> Result<(), SubmitError> {
        let bytes = admission::encode(transaction)?;
        form::check(transaction, bytes.len(), &self.core.engine.epoch, payment)?;
        let declared = DeclaredInputs::of(transaction)?;
        objects::check(transaction, &declared, payment, &self.core.engine.cache)?;
        Ok(())
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
        let request = SimulationRequest {
            transaction,
            epoch: self.epoch(),
            checks,
        };
        self.executor
            .simulate(&request, self.core.engine.cache.as_ref())
    }

    /// What is durable: transactions, checkpoints, objects and all indexes.
    /// Everything acknowledged is in it.
    pub fn store(&self) -> &Arc<Store> {
        self.core.engine.cache.store()
    }

    /// The newest state, with what is executed and not durable yet.
    pub fn state(&self) -> &dyn ObjectRead {
        self.core.engine.cache.as_ref()
    }

    /// The executor, for questions about packages, functions and values.
    pub fn executor(&self) -> &Arc<Executor> {
        &self.executor
    }

    /// The network's identifier: the digest of its genesis checkpoint.
    pub fn chain_id(&self) -> Digest {
        self.core.engine.epoch.chain_id
    }

    /// The current epoch.
    pub fn epoch(&self) -> EpochContext {
        self.core.engine.epoch.clone()
    }

    /// The current epoch's reference gas price, in base units per gas unit.
    pub fn reference_gas_price(&self) -> u64 {
        self.core.engine.epoch.reference_gas_price
    }

    /// The validators whose signatures certify checkpoints.
    pub fn committee(&self) -> &ValidatorCommittee {
        &self.committee
    }

    /// Every checkpoint made from now on, in order. A receiver that falls
    /// behind by more than the channel's capacity is told how many it missed
    /// and reads those with [`Node::checkpoint_data`].
    pub fn subscribe_checkpoints(&self) -> Receiver<Arc<CheckpointData>> {
        self.core.listeners.subscribe()
    }

    /// A checkpoint with its transactions and their objects, `None` if there
    /// is none with this sequence number.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn checkpoint_data(&self, sequence: u64) -> Result<Option<CheckpointData>, StoreError> {
        broadcast::load(self.store(), sequence)
    }

    /// The node's metrics.
    pub fn metrics(&self) -> &prometheus::Registry {
        &self.core.engine.metrics.registry
    }

    /// Resolves if the node fails. The process should then exit with a code
    /// other than 0; never resolves on an orderly shutdown.
    pub async fn failed(&self) -> FatalError {
        self.core.engine.failure.wait().await
    }

    /// Refuses new transactions, finishes those in flight, makes the last
    /// checkpoint, flushes, and ends the node's threads. Blocks; safe to call
    /// more than once.
    pub fn shutdown(&self) {
        self.core.shutdown();
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Node")
            .field("chain_id", &self.chain_id())
            .field("store", self.store())
            .finish_non_exhaustive()
    }
}

/// Opens a data directory; makes genesis if it has no network.
fn open(config: &NodeConfig, executor: &Executor) -> Result<Opened, StartError> {
    let data_dir = DataDir::take(&config.data_dir)?;
    if config.force_regenesis {
        data_dir.wipe()?;
    }
    let key = Arc::new(ValidatorKey::load_or_create(&data_dir.key_path())?);
    let store = data_dir.open_store(match config.durability {
        Durability::Disk => StoreDurability::Sync,
        Durability::System => StoreDurability::Process,
    })?;
    let chain = store.chain().map_err(|error| data_dir.store_error(error))?;
    if chain.is_none() {
        genesis::create(&config.genesis, executor, &key, &store, &data_dir)?;
    }
    genesis::check_validator(&key, &store, &data_dir)?;
    let epoch = store
        .epoch()
        .map_err(|error| data_dir.store_error(error))?
        .ok_or_else(|| StartError::Inconsistent {
            path: config.data_dir.clone(),
            reason: "there is a network without an epoch".to_owned(),
        })?;
    Ok(Opened {
        data_dir,
        key,
        store: Arc::new(store),
        epoch,
    })
}
