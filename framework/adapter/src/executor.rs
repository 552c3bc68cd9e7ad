//! The entry points of the adapter.

use crate::{ExecuteError, FunctionSignature, QueryError, SimulationOutput, SimulationRequest};
use heddle_objects::{ExecutionOutput, ExecutionRequest, ObjectRead};
use sui_sdk_types::{Address, Identifier};

/// How an executor runs. Nothing in it changes results: whatever does is a
/// protocol limit.
#[derive(Clone, Debug, Default)]
pub struct ExecutorConfig {}

/// Executes transactions. Shared by all threads; holds the VM and its caches.
#[derive(Debug)]
pub struct Executor {
    config: ExecutorConfig,
}

impl Executor {
    /// An executor with empty caches.
    pub fn new(config: ExecutorConfig) -> Self {
        Executor { config }
    }

    /// How this executor was configured.
    pub fn config(&self) -> &ExecutorConfig {
        &self.config
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
        let _ = (request, store);
        Err(ExecuteError::NotBuilt("execution"))
    }

    /// Tries a transaction on the latest state and changes nothing.
    ///
    /// # Errors
    /// As [`Executor::execute`].
    pub fn simulate(
        &self,
        request: &SimulationRequest,
        store: &dyn ObjectRead,
    ) -> Result<SimulationOutput, ExecuteError> {
        let _ = (request, store);
        Err(ExecuteError::NotBuilt("simulation"))
    }

    /// The signature of `package::module::function`. `package` is a package
    /// version's own id.
    ///
    /// # Errors
    /// [`QueryError`] if one of the three does not exist or the store fails.
    pub fn function(
        &self,
        store: &dyn ObjectRead,
        package: &Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Result<FunctionSignature, QueryError> {
        let _ = (store, package, module, function);
        Err(QueryError::NotBuilt("function signatures"))
    }
}
