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
//! * [`error`]: the ways in which an execution can be refused altogether (a
//!   failed transaction is no such way: it has effects).
//! * [`simulation`]: a dry run, with what every command returned.
//! * [`signature`]: a function's signature as clients need it to resolve inputs.
//! * [`render`]: Move values as JSON, the way the public API shows them.
//! * [`genesis`]: the first transaction of a network.
//!
//! This crate does no I/O except through
//! [`ObjectRead`](heddle_objects::ObjectRead), reads no clock, and iterates
//! over no hash map.

pub mod error;
pub mod executor;
pub mod genesis;
pub mod render;
pub mod signature;
pub mod simulation;

pub use error::{ExecuteError, GenesisError, QueryError};
pub use executor::{Executor, ExecutorConfig};
pub use genesis::{GenesisAccount, GenesisConfig, GenesisState};
pub use signature::{
    Ability, FunctionSignature, OpenType, Parameter, ParameterRole, Reference, ReturnType,
    TypeParameter, Visibility,
};
pub use simulation::{
    Checks, CommandOutputs, MutatedArgument, SimulationOutput, SimulationRequest, TypedValue,
};
