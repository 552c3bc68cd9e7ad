//! A dry run: what a transaction would do, and what each command returned.

use heddle_objects::{EpochContext, ExecutionOutput};
use std::sync::Arc;
use sui_sdk_types::{Address, Argument, Object, Transaction, TypeTag};

/// How much of a dry run's transaction is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// As in real execution: gas is charged from the payment (a stand-in coin
    /// if the payment is empty), visibility and usage rules hold.
    Enabled,
    /// For inspection by developers: private functions may be called, values
    /// of any type may be given as bytes and left over, any sender's objects
    /// may be used. Gas is metered up to the budget but never paid.
    Disabled,
}

/// A transaction to try on the latest state.
#[derive(Clone, Debug)]
pub struct SimulationRequest {
    /// The transaction, with kinds and versions of inputs filled in. Shared
    /// inputs are read at their latest version.
    pub transaction: Arc<Transaction>,
    /// The epoch to pretend.
    pub epoch: EpochContext,
    /// How strict to be.
    pub checks: Checks,
}

/// A Move value with its type, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedValue {
    /// The type, by defining packages.
    pub type_: TypeTag,
    /// The value in BCS.
    pub bytes: Vec<u8>,
}

/// An argument that a command changed through a mutable reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutatedArgument {
    /// Where the value lives: the gas coin, an input or an earlier result.
    pub argument: Argument,
    /// Its value after the command.
    pub value: TypedValue,
}

/// What one command gave back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutputs {
    /// Returned values in order.
    pub return_values: Vec<TypedValue>,
    /// Arguments taken by mutable reference, after the command, in order of
    /// the command's arguments.
    pub mutated_by_ref: Vec<MutatedArgument>,
}

/// What a transaction would do.
#[derive(Clone, Debug)]
pub struct SimulationOutput {
    /// Effects, events and objects, exactly as execution would give them on
    /// the same state.
    pub execution: ExecutionOutput,
    /// One entry per command that finished, in order. On failure the failed
    /// command and those after it have none.
    pub command_outputs: Vec<CommandOutputs>,
    /// The object versions that went in (declared inputs, gas payment, loaded
    /// children that were written), sorted by id.
    pub input_objects: Vec<Arc<Object>>,
    /// The id of the stand-in gas coin if the payment was empty. Its changes
    /// must not be shown as the sender's.
    pub stand_in_gas: Option<Address>,
    /// A budget with which the same transaction passes on the same state: gas
    /// used, with a margin for objects that change in the meantime; base units.
    pub suggested_gas_budget: u64,
}
