//! The entry points of the adapter.
//!
//! ```text
//! request ─▶ inputs ─▶ payment ─▶ commands ─▶ settlement ─▶ effects ─▶ output
//!              │                     │             ▲
//!              └── missing: refused  └── failed ───┘ (inputs and gas alone)
//! ```

use crate::changes::Changes;
use crate::effects::{Built, Frame, build};
use crate::failure::{Failure, Stop};
use crate::gas::Payment;
use crate::host::Host;
use crate::inputs::Inputs;
use crate::object_runtime::TransactionContext;
use crate::packages::PackageCache;
use crate::ptb::{self, Setting};
use crate::settlement::{Settled, settle};
use crate::simulation::{Checks, CommandOutputs};
use crate::{ExecuteError, natives, system};
use heddle_objects::limits::EFFECTS_BYTES_MAX;
use heddle_objects::{DeclaredInputs, EpochContext, ExecutionOutput, ExecutionRequest, ObjectRead};
use heddle_vm::{Vm, VmConfig};
use std::collections::BTreeSet;
use std::sync::Arc;
use sui_sdk_types::{
    Digest, ExecutionError, Object, ProgrammableTransaction, Transaction, TransactionKind,
};

/// How an executor runs. Nothing in it changes results that a network agrees
/// on, unless all its validators use the same.
#[derive(Clone, Debug, Default)]
pub struct ExecutorConfig {
    /// Limits of the VM.
    pub vm: VmConfig,
}

/// Executes transactions. Shared by all threads; holds the VM and its caches.
#[derive(Debug)]
pub struct Executor {
    vm: Arc<Vm>,
    packages: PackageCache,
}

/// A programmable transaction with everything that it runs on.
pub(crate) struct Job<'a> {
    pub(crate) transaction: &'a Transaction,
    pub(crate) programmable: &'a ProgrammableTransaction,
    pub(crate) digest: Digest,
    pub(crate) epoch: &'a EpochContext,
    pub(crate) inputs: &'a Inputs,
    pub(crate) payment: &'a Payment,
    pub(crate) checks: Checks,
    pub(crate) keep_outputs: bool,
}

/// What a [`Job`] gave.
pub(crate) struct Done {
    pub(crate) output: ExecutionOutput,
    pub(crate) command_outputs: Vec<CommandOutputs>,
    /// Object versions that ended.
    pub(crate) prior: Vec<Arc<Object>>,
}

impl Executor {
    /// An executor with empty caches.
    pub fn new(config: ExecutorConfig) -> Self {
        Executor {
            vm: Arc::new(Vm::new(natives::table(), config.vm)),
            packages: PackageCache::default(),
        }
    }

    /// The VM.
    pub fn vm(&self) -> &Arc<Vm> {
        &self.vm
    }

    pub(crate) fn package_cache(&self) -> &PackageCache {
        &self.packages
    }

    /// What a query or an execution sees of `store`.
    pub(crate) fn host<'a>(&'a self, store: &'a dyn ObjectRead) -> Host<'a> {
        Host::new(store, &self.packages, &self.vm)
    }

    /// Executes a transaction on the object versions that it names. A
    /// transaction that fails gives an output too: its effects hold the
    /// status, and only its gas has changed.
    ///
    /// # Errors
    /// [`ExecuteError`] if the request can't be executed at all: the store
    /// failed, an input does not exist, or the kind is not built.
    pub fn execute(
        &self,
        request: &ExecutionRequest,
        store: &dyn ObjectRead,
    ) -> Result<ExecutionOutput, ExecuteError> {
        let transaction = &*request.transaction;
        match &transaction.kind {
            TransactionKind::ProgrammableTransaction(programmable) => {
                let declared = DeclaredInputs::of(transaction)?;
                let inputs = Inputs::load(&declared, &request.shared_versions, store)?;
                let payment = Payment::new(&transaction.gas_payment, &inputs)?;
                let job = Job {
                    transaction,
                    programmable,
                    digest: request.digest,
                    epoch: &request.epoch,
                    inputs: &inputs,
                    payment: &payment,
                    checks: Checks::Enabled,
                    keep_outputs: false,
                };
                Ok(self.run(&job, store)?.output)
            }
            TransactionKind::Genesis(genesis) => system::genesis(request, genesis),
            TransactionKind::ConsensusCommitPrologueV4(prologue) => {
                system::consensus_commit_prologue(request, prologue, store)
            }
            TransactionKind::ProgrammableSystemTransaction(_) => Err(ExecuteError::NotBuilt(
                "programmable transactions of the system",
            )),
            TransactionKind::ChangeEpoch(_) | TransactionKind::EndOfEpoch(_) => {
                Err(ExecuteError::NotBuilt("changing the epoch"))
            }
            _ => Err(ExecuteError::NotBuilt(
                "this kind of transaction of the system",
            )),
        }
    }

    /// Runs a programmable transaction to its effects.
    pub(crate) fn run(&self, job: &Job<'_>, store: &dyn ObjectRead) -> Result<Done, ExecuteError> {
        let host = self.host(store);
        let package_dependencies = self.package_dependencies(job.inputs, &host)?;
        let (outcome, vm_units, command_outputs) = self.outcome(job, &host)?;
        let settled = settle(job.payment, job.inputs, outcome, vm_units)?;
        let frame = Frame {
            transaction_digest: job.digest,
            epoch: job.epoch.epoch,
            inputs: job.inputs,
            gas_coin: Some(job.payment.coin),
            package_dependencies: &package_dependencies,
        };
        let prior = prior_objects(&settled);
        match build(&frame, settled)? {
            Built::Output(output) => Ok(Done {
                output: *output,
                command_outputs,
                prior,
            }),
            Built::TooLarge(size) => {
                let settled = settle(job.payment, job.inputs, Err(too_large(size)), vm_units)?;
                let prior = prior_objects(&settled);
                match build(&frame, settled)? {
                    Built::Output(output) => Ok(Done {
                        output: *output,
                        command_outputs,
                        prior,
                    }),
                    Built::TooLarge(size) => Err(ExecuteError::Invariant {
                        reason: format!("effects of the inputs alone take {size} bytes"),
                    }),
                }
            }
        }
    }

    /// Runs the commands: changes or failure, VM gas units, kept outputs.
    #[allow(
        clippy::type_complexity,
        reason = "three parts of one answer, taken apart at once by the one caller"
    )]
    fn outcome(
        &self,
        job: &Job<'_>,
        host: &Host<'_>,
    ) -> Result<(Result<Changes, Failure>, u64, Vec<CommandOutputs>), ExecuteError> {
        if let Some(gone) = job.inputs.deleted_shared.first() {
            let failure = Failure {
                error: ExecutionError::InputObjectDeleted,
                command: None,
                detail: format!("shared input {} was deleted", gone.id),
            };
            return Ok((Err(failure), 0, Vec::new()));
        }
        let setting = Setting {
            vm: &self.vm,
            host,
            inputs: job.inputs,
            checks: job.checks,
            keep_outputs: job.keep_outputs,
        };
        let ended = ptb::run(
            setting,
            job.programmable,
            transaction_context(job),
            Some(job.payment),
            job.payment.meter(),
        );
        let outcome = match ended.result {
            Ok(changes) => Ok(changes),
            Err(Stop::Failed(failure)) => Err(*failure),
            Err(Stop::Refused(error)) => return Err(error),
        };
        Ok((outcome, ended.vm_units, ended.outputs))
    }

    fn package_dependencies(
        &self,
        inputs: &Inputs,
        host: &Host<'_>,
    ) -> Result<BTreeSet<Digest>, ExecuteError> {
        let mut digests = BTreeSet::new();
        for id in &inputs.packages {
            if let Some(stored) = host.stored_package(id)? {
                digests.insert(stored.previous_transaction);
            }
        }
        Ok(digests)
    }
}

fn transaction_context(job: &Job<'_>) -> TransactionContext {
    let payment = &job.transaction.gas_payment;
    TransactionContext {
        sender: job.transaction.sender,
        sponsor: (payment.owner != job.transaction.sender).then_some(payment.owner),
        digest: job.digest,
        epoch: job.epoch.epoch,
        epoch_timestamp_ms: job.epoch.epoch_start_timestamp_ms,
        reference_gas_price: job.epoch.reference_gas_price,
        gas_price: job.payment.price,
        gas_budget: job.payment.budget,
        ids_created: 0,
    }
}

fn prior_objects(settled: &Settled) -> Vec<Arc<Object>> {
    settled.changes.prior.values().map(Arc::clone).collect()
}

fn too_large(size: usize) -> Failure {
    Failure {
        error: ExecutionError::EffectsTooLarge {
            current_size: size as u64,
            max_size: EFFECTS_BYTES_MAX as u64,
        },
        command: None,
        detail: format!("the effects take {size} bytes; at most {EFFECTS_BYTES_MAX} are allowed"),
    }
}
