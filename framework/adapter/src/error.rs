//! Why an execution or a query gave no result at all.
//!
//! A transaction that fails is not among these: it executes, pays, and its
//! effects say why. The variants here keep apart the environment's fault (the
//! store failed), the caller's fault (a request whose inputs don't exist) and
//! what this version doesn't do yet.

use heddle_objects::ReadError;
use sui_sdk_types::{Address, Identifier, Owner, TypeTag};

/// Why a request could not be executed. Nothing is charged and nothing changes.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The store failed while inputs, packages or children were read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A declared input does not exist at the declared or assigned version.
    /// Admission and ordering must have let no such request through; retry
    /// once the version exists, or refuse the transaction.
    #[error("input object {id} does not exist at version {version}")]
    MissingInput {
        /// The object.
        id: Address,
        /// The version that was declared or assigned.
        version: u64,
    },
    /// The declaration of inputs is malformed.
    #[error(transparent)]
    Inputs(#[from] heddle_objects::InputError),
    /// An input is declared as owned or immutable and is neither: it is shared,
    /// or belongs to another object.
    #[error("input object {id} is owned by {owner:?}, which its declaration does not fit")]
    InputOwner {
        /// The object.
        id: Address,
        /// Its owner.
        owner: Owner,
    },
    /// No version was assigned to a shared input.
    #[error("the ordered path assigned no version to shared input {id}")]
    MissingSharedVersion {
        /// The shared object.
        id: Address,
    },
    /// The gas payment cannot pay: it is empty, holds something that is no
    /// native coin, or less than the budget.
    #[error("the gas payment is not valid: {reason}")]
    GasPayment {
        /// What is wrong with it.
        reason: String,
    },
    /// A kind of transaction or input that this version does not execute.
    #[error("not built yet: {0}")]
    NotBuilt(&'static str),
    /// The adapter or the VM contradicts itself. Our bug; nothing was changed.
    #[error("invariant violated in the adapter: {reason}")]
    Invariant {
        /// What was found.
        reason: String,
    },
}

/// Why a question about a package, a function or a type has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The store failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no package with this id.
    #[error("package {0} does not exist")]
    PackageNotFound(Address),
    /// The package has no such module.
    #[error("package {package} has no module `{module}`")]
    ModuleNotFound {
        /// The package.
        package: Address,
        /// The module.
        module: String,
    },
    /// The module has no such function.
    #[error("module {package}::{module} has no function `{function}`")]
    FunctionNotFound {
        /// The package.
        package: Address,
        /// The module.
        module: Identifier,
        /// The function.
        function: String,
    },
    /// What was asked for exists and can't be loaded.
    #[error("{name} cannot be loaded: {reason}")]
    Unreadable {
        /// What was asked for.
        name: String,
        /// What the VM says.
        reason: String,
    },
    /// The type does not exist or its arguments break a constraint.
    #[error("type {type_} cannot be loaded: {reason}")]
    TypeNotFound {
        /// The type.
        type_: TypeTag,
        /// What the VM says.
        reason: String,
    },
    /// The bytes are no value of the type.
    #[error("the bytes are no value of type {type_}: {reason}")]
    MalformedValue {
        /// The type.
        type_: TypeTag,
        /// Where decoding failed.
        reason: String,
    },
    /// A question that this version does not answer.
    #[error("not built yet: {0}")]
    NotBuilt(&'static str),
}

/// Why no genesis state could be built.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    /// A framework package does not verify or has no valid linkage.
    #[error("framework package {package} cannot be published: {reason}")]
    Package {
        /// The package's id.
        package: Address,
        /// Why.
        reason: String,
    },
    /// The accounts hold more than the supply of the native coin.
    #[error("the accounts' coins add up to more than the total supply of {supply} base units")]
    SupplyExceeded {
        /// The total supply, in base units.
        supply: u64,
    },
    /// A part of genesis that this version does not build.
    #[error("not built yet: {0}")]
    NotBuilt(&'static str),
    /// Executing the genesis transaction failed.
    #[error("the genesis transaction cannot be executed: {0}")]
    Execute(#[from] ExecuteError),
}
