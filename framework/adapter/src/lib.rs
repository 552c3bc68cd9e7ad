//! The transaction adapter: it knows ownership, gas and effects, and drives
//! the Move VM, which knows none of them.
//!
//! One [`Executor`] serves all threads of a validator. [`Executor::execute`] is
//! a pure function from a request and object versions to an output: the same
//! request over the same versions gives the same bytes on every machine.
//!
//! Read it in this order:
//!
//! * [`executor`]: the entry points and what each promises.
//! * `inputs` → `gas` → [`natives`] and `ptb` → `settlement` → `effects`: the
//!   way of one transaction, in this order; `host` is its window on state,
//!   [`object_runtime`] its account of what Move code did, `changes` the result.
//! * [`error`]: the ways in which an execution can be refused altogether (a
//!   failed transaction is no such way: it has effects).
//! * [`simulation`]: a dry run, with what every command returned.
//! * [`signature`]: a function's signature as clients need it to resolve inputs.
//! * [`render`]: Move values as JSON, the way the public API shows them.
//! * [`genesis`]: the first transaction of a network.
//! * [`testing`]: a store in memory, for tests of this crate and those above.
//!
//! This crate does no I/O except through
//! [`ObjectRead`](heddle_objects::ObjectRead), reads no clock, and iterates
//! over no hash map.

mod changes;
mod effects;
mod encoding;
pub mod error;
pub mod executor;
mod failure;
mod gas;
pub mod genesis;
mod genesis_calls;
mod host;
mod inputs;
pub mod natives;
pub mod object_runtime;
mod packages;
mod ptb;
pub mod render;
mod settlement;
pub mod signature;
pub mod simulation;
mod storage_fee;
mod system;
pub mod testing;
mod uid_scan;
mod upgrade_policy;

pub use error::{ExecuteError, GenesisError, QueryError};
pub use executor::{Executor, ExecutorConfig};
pub use genesis::{GenesisAccount, GenesisConfig, GenesisState};
pub use object_runtime::{EndedTransaction, ObjectRuntime, TransactionContext, TransferredObject};
pub use signature::{
    Ability, FunctionSignature, OpenType, Parameter, ParameterRole, Reference, ReturnType,
    TypeParameter, Visibility,
};
pub use simulation::{
    Checks, CommandOutputs, MutatedArgument, SimulationOutput, SimulationRequest, TypedValue,
};
