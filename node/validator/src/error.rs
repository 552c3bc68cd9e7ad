//! Why a node did not start, why it stopped, and why it refused a transaction.
//!
//! [`SubmitError`] keeps three things apart, as [`ErrorClass`] says: the
//! user's fault, the environment's (overload, shutdown), and ours.

use heddle_objects::InputError;
use heddle_store::StoreError;
use std::path::PathBuf;
use sui_sdk_types::{Address, Digest};

/// What kind of answer a refusal is; stable, meant to be mapped to the status
/// codes of a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The transaction is wrong whatever the state is: don't retry.
    InvalidArgument,
    /// A signature is missing or wrong.
    Unauthenticated,
    /// It uses what belongs to somebody else.
    PermissionDenied,
    /// It names something that does not exist.
    NotFound,
    /// It does not fit the present state: rebuild it on current versions.
    FailedPrecondition,
    /// Another transaction holds what it needs: wait for that one, then rebuild.
    Conflict,
    /// The node has too much to do: retry the same transaction later.
    Overloaded,
    /// The node is stopping: retry elsewhere or later.
    Unavailable,
    /// A part that this version does not have.
    Unimplemented,
    /// The node's own fault.
    Internal,
}

/// Why a transaction was refused. A refused transaction has no effects and
/// pays nothing. (One that was accepted and failed has effects that say so.)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    // --- form: wrong whatever the state is -----------------------------------
    /// Larger than the protocol allows.
    #[error("the transaction has {actual} bytes; at most {maximum} are allowed")]
    TooLarge {
        /// BCS size, in bytes.
        actual: usize,
        /// Limit for this kind of transaction, in bytes.
        maximum: usize,
    },
    /// A kind that only validators make.
    #[error("a transaction of kind {kind} is made by validators and can't be submitted")]
    SystemKind {
        /// The kind's name in the public format.
        kind: &'static str,
    },
    /// A programmable transaction without commands.
    #[error("the transaction has no commands")]
    NoCommands,
    /// One of the protocol's counts or sizes is exceeded.
    #[error("{what}: {actual}, at most {maximum} allowed")]
    LimitExceeded {
        /// What was counted, as a noun phrase.
        what: &'static str,
        /// How much there is.
        actual: u64,
        /// How much is allowed.
        maximum: u64,
    },
    /// The declaration of inputs is malformed.
    #[error(transparent)]
    Inputs(#[from] InputError),
    /// The transaction is for another network.
    #[error("the transaction is for chain {declared}; this is chain {actual}")]
    WrongChain {
        /// The chain that the transaction names.
        declared: Digest,
        /// This chain's identifier.
        actual: Digest,
    },
    /// The last epoch in which it was valid is over.
    #[error("the transaction expired after epoch {last_epoch}; the current epoch is {current}")]
    Expired {
        /// The last epoch in which it was valid.
        last_epoch: u64,
        /// The current epoch.
        current: u64,
    },
    /// The first epoch in which it is valid has not begun.
    #[error("the transaction is valid from epoch {first_epoch}; the current epoch is {current}")]
    NotYetValid {
        /// The first epoch in which it is valid.
        first_epoch: u64,
        /// The current epoch.
        current: u64,
    },

    // --- signatures ----------------------------------------------------------
    /// More or fewer signatures than signers.
    #[error(
        "the transaction has {actual} signatures; {expected} are needed (sender, and sponsor if another pays)"
    )]
    SignatureCount {
        /// How many there are.
        actual: usize,
        /// How many there must be.
        expected: usize,
    },
    /// Nobody signed for the sender or the sponsor.
    #[error("no signature by {signer}")]
    SignatureMissing {
        /// Whose signature is missing.
        signer: Address,
    },
    /// A signature that does not verify over the transaction.
    #[error("the signature by {signer} is not valid for this transaction: {reason}")]
    SignatureInvalid {
        /// The address that the signature claims.
        signer: Address,
        /// What the verifier says.
        reason: String,
    },

    // --- gas -----------------------------------------------------------------
    /// The price is below the epoch's reference price.
    #[error("gas price {price} is below the reference gas price {reference}")]
    GasPriceTooLow {
        /// The offered price, in base units per gas unit.
        price: u64,
        /// The reference price.
        reference: u64,
    },
    /// The price is above the protocol's highest.
    #[error("gas price {price} is above the highest allowed, {maximum}")]
    GasPriceTooHigh {
        /// The offered price, in base units per gas unit.
        price: u64,
        /// The highest allowed.
        maximum: u64,
    },
    /// The budget does not pay for the smallest transaction.
    #[error("gas budget {budget} is below the smallest allowed at this price, {minimum}")]
    GasBudgetTooLow {
        /// The budget, in base units.
        budget: u64,
        /// The smallest allowed at the offered price.
        minimum: u64,
    },
    /// The budget is above the protocol's highest.
    #[error("gas budget {budget} is above the highest allowed, {maximum}")]
    GasBudgetTooHigh {
        /// The budget, in base units.
        budget: u64,
        /// The highest allowed.
        maximum: u64,
    },
    /// No coin pays for gas.
    #[error("the gas payment names no coin")]
    GasPaymentEmpty,
    /// A gas payment object that is no native coin.
    #[error("gas payment object {object} is not a coin of type 0x2::sui::SUI")]
    GasNotCoin {
        /// The object.
        object: Address,
    },
    /// The coins hold less than the budget.
    #[error("the gas coins hold {balance}, less than the budget {budget}")]
    GasBalanceTooLow {
        /// Sum of the coins, in base units.
        balance: u128,
        /// The budget.
        budget: u64,
    },

    // --- objects -------------------------------------------------------------
    /// No such object is known.
    #[error("object {object} does not exist")]
    ObjectNotFound {
        /// The object.
        object: Address,
    },
    /// The object is deleted or wrapped in another.
    #[error("object {object} was deleted or wrapped at version {version}")]
    ObjectRemoved {
        /// The object.
        object: Address,
        /// The version at which it went.
        version: u64,
        /// The transaction that removed it, if it is known.
        by: Option<Digest>,
    },
    /// The object has moved on since the declared version.
    #[error(
        "object {object} is declared at version {declared} but is at version {current}, which transaction {consumed_by} wrote"
    )]
    StaleVersion {
        /// The object.
        object: Address,
        /// The declared version.
        declared: u64,
        /// The live version.
        current: u64,
        /// The transaction that wrote the live version.
        consumed_by: Digest,
    },
    /// The declared version does not exist yet.
    #[error("object {object} has no version {declared} yet; it is at version {current}")]
    FutureVersion {
        /// The object.
        object: Address,
        /// The declared version.
        declared: u64,
        /// The live version.
        current: u64,
    },
    /// The declared digest is not that of the declared version.
    #[error("object {object} at version {version} has digest {actual}, not {declared}")]
    DigestMismatch {
        /// The object.
        object: Address,
        /// The version.
        version: u64,
        /// The declared digest.
        declared: Digest,
        /// Its digest.
        actual: Digest,
    },
    /// An owned input of somebody else.
    #[error("object {object} belongs to {owner}, not to {signer}")]
    NotOwner {
        /// The object.
        object: Address,
        /// Who owns it.
        owner: Address,
        /// Who would have to own it: the sender, or the payer for gas coins.
        signer: Address,
    },
    /// Declared as one kind of input, but it is of another.
    #[error("object {object} is declared as {declared} but is {actual}")]
    OwnershipMismatch {
        /// The object.
        object: Address,
        /// What the transaction takes it for.
        declared: &'static str,
        /// What it is.
        actual: &'static str,
    },
    /// A shared object declared with the wrong initial version.
    #[error("object {object} became shared at version {actual}, not {declared}")]
    InitialVersionMismatch {
        /// The object.
        object: Address,
        /// The declared initial version.
        declared: u64,
        /// The version at which it became shared.
        actual: u64,
    },
    /// An object that only validators write, declared mutable.
    #[error("object {object} can only be read; declare it immutable")]
    SystemObjectMutable {
        /// The object.
        object: Address,
    },
    /// A command names a package that does not exist.
    #[error("package {package} does not exist")]
    PackageNotFound {
        /// The package's id.
        package: Address,
    },
    /// A command names something that is no package.
    #[error("object {object} is not a package")]
    NotPackage {
        /// The object.
        object: Address,
    },
    /// Another transaction that is not finished holds an owned input at this
    /// version.
    #[error("object {object} at version {version} is locked by transaction {by}")]
    ObjectLocked {
        /// The object.
        object: Address,
        /// The version.
        version: u64,
        /// Digest of the transaction that holds it.
        by: Digest,
    },

    // --- the environment -----------------------------------------------------
    /// A queue is full.
    #[error(
        "the node is overloaded: {depth} transactions {queue}, at most {limit}; retry in {retry_after_ms} ms"
    )]
    Overloaded {
        /// Which queue, as the end of a sentence ("in flight").
        queue: &'static str,
        /// How long it is.
        depth: usize,
        /// How long it may get.
        limit: usize,
        /// When to try again, in milliseconds.
        retry_after_ms: u64,
    },
    /// The node is stopping. Whether the transaction was executed is unknown
    /// until it is asked for again.
    #[error("the node is shutting down; ask again after it is back")]
    ShuttingDown,

    // --- ours ----------------------------------------------------------------
    /// Something that this version does not support.
    #[error("not built yet: {what}")]
    NotBuilt {
        /// What is missing.
        what: String,
    },
    /// The transaction can't be executed because of a bug of ours. Nothing was
    /// changed or charged.
    #[error("internal error: {reason}; this is a bug, please report it")]
    Internal {
        /// What was found.
        reason: String,
    },
    /// The node has failed and accepts nothing any more.
    #[error("the node has stopped: {0}")]
    Failed(#[from] FatalError),
}

impl SubmitError {
    /// The variant's stable name, for metrics, logs and machine-readable output.
    pub fn code(&self) -> &'static str {
        match self {
            SubmitError::TooLarge { .. } => "TRANSACTION_TOO_LARGE",
            SubmitError::SystemKind { .. } => "SYSTEM_TRANSACTION_KIND",
            SubmitError::NoCommands => "NO_COMMANDS",
            SubmitError::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            SubmitError::Inputs(InputError::Unsupported(_)) => "INPUT_KIND_NOT_BUILT",
            SubmitError::Inputs(_) => "INPUTS_MALFORMED",
            SubmitError::WrongChain { .. } => "WRONG_CHAIN",
            SubmitError::Expired { .. } => "EXPIRED",
            SubmitError::NotYetValid { .. } => "NOT_YET_VALID",
            SubmitError::SignatureCount { .. } => "SIGNATURE_COUNT",
            SubmitError::SignatureMissing { .. } => "SIGNATURE_MISSING",
            SubmitError::SignatureInvalid { .. } => "SIGNATURE_INVALID",
            SubmitError::GasPriceTooLow { .. } => "GAS_PRICE_TOO_LOW",
            SubmitError::GasPriceTooHigh { .. } => "GAS_PRICE_TOO_HIGH",
            SubmitError::GasBudgetTooLow { .. } => "GAS_BUDGET_TOO_LOW",
            SubmitError::GasBudgetTooHigh { .. } => "GAS_BUDGET_TOO_HIGH",
            SubmitError::GasPaymentEmpty => "GAS_PAYMENT_EMPTY",
            SubmitError::GasNotCoin { .. } => "GAS_NOT_COIN",
            SubmitError::GasBalanceTooLow { .. } => "GAS_BALANCE_TOO_LOW",
            SubmitError::ObjectNotFound { .. } => "OBJECT_NOT_FOUND",
            SubmitError::ObjectRemoved { .. } => "OBJECT_REMOVED",
            SubmitError::StaleVersion { .. } => "OBJECT_VERSION_STALE",
            SubmitError::FutureVersion { .. } => "OBJECT_VERSION_FUTURE",
            SubmitError::DigestMismatch { .. } => "OBJECT_DIGEST_MISMATCH",
            SubmitError::NotOwner { .. } => "NOT_OWNER",
            SubmitError::OwnershipMismatch { .. } => "OWNERSHIP_MISMATCH",
            SubmitError::InitialVersionMismatch { .. } => "INITIAL_VERSION_MISMATCH",
            SubmitError::SystemObjectMutable { .. } => "SYSTEM_OBJECT_MUTABLE",
            SubmitError::PackageNotFound { .. } => "PACKAGE_NOT_FOUND",
            SubmitError::NotPackage { .. } => "NOT_A_PACKAGE",
            SubmitError::ObjectLocked { .. } => "OBJECT_LOCKED",
            SubmitError::Overloaded { .. } => "OVERLOADED",
            SubmitError::ShuttingDown => "SHUTTING_DOWN",
            SubmitError::NotBuilt { .. } => "NOT_BUILT",
            SubmitError::Internal { .. } => "INTERNAL",
            SubmitError::Failed(_) => "NODE_FAILED",
        }
    }

    /// What kind of answer this is.
    pub fn class(&self) -> ErrorClass {
        match self {
            SubmitError::Inputs(InputError::Unsupported(_)) | SubmitError::NotBuilt { .. } => {
                ErrorClass::Unimplemented
            }
            SubmitError::TooLarge { .. }
            | SubmitError::SystemKind { .. }
            | SubmitError::NoCommands
            | SubmitError::LimitExceeded { .. }
            | SubmitError::Inputs(_)
            | SubmitError::WrongChain { .. }
            | SubmitError::GasPriceTooLow { .. }
            | SubmitError::GasPriceTooHigh { .. }
            | SubmitError::GasBudgetTooLow { .. }
            | SubmitError::GasBudgetTooHigh { .. }
            | SubmitError::GasPaymentEmpty
            | SubmitError::GasNotCoin { .. }
            | SubmitError::DigestMismatch { .. }
            | SubmitError::OwnershipMismatch { .. }
            | SubmitError::InitialVersionMismatch { .. }
            | SubmitError::SystemObjectMutable { .. }
            | SubmitError::NotPackage { .. } => ErrorClass::InvalidArgument,
            SubmitError::SignatureCount { .. }
            | SubmitError::SignatureMissing { .. }
            | SubmitError::SignatureInvalid { .. } => ErrorClass::Unauthenticated,
            SubmitError::NotOwner { .. } => ErrorClass::PermissionDenied,
            SubmitError::ObjectNotFound { .. } | SubmitError::PackageNotFound { .. } => {
                ErrorClass::NotFound
            }
            SubmitError::Expired { .. }
            | SubmitError::NotYetValid { .. }
            | SubmitError::GasBalanceTooLow { .. }
            | SubmitError::ObjectRemoved { .. }
            | SubmitError::StaleVersion { .. }
            | SubmitError::FutureVersion { .. } => ErrorClass::FailedPrecondition,
            SubmitError::ObjectLocked { .. } => ErrorClass::Conflict,
            SubmitError::Overloaded { .. } => ErrorClass::Overloaded,
            SubmitError::ShuttingDown => ErrorClass::Unavailable,
            SubmitError::Internal { .. } | SubmitError::Failed(_) => ErrorClass::Internal,
        }
    }
}

/// Why a running node stopped. After one of these nothing is accepted, nothing
/// more is written, and the process should exit with a code other than 0: the
/// store holds a consistent state, and a restart continues from it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FatalError {
    /// No space is left where the store lives.
    #[error("no space left on the disk of {path}; make room and start again")]
    DiskFull {
        /// The store's directory.
        path: PathBuf,
    },
    /// The store failed.
    #[error("the store failed: {reason}")]
    Store {
        /// What the store said.
        reason: String,
    },
    /// The node contradicts itself. Our bug.
    #[error("invariant violated: {reason}")]
    Invariant {
        /// What was found, and where.
        reason: String,
    },
}

impl From<StoreError> for FatalError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull { path, .. } => FatalError::DiskFull { path },
            rejected if rejected.is_rejected_batch() => FatalError::Invariant {
                reason: rejected.to_string(),
            },
            other => FatalError::Store {
                reason: other.to_string(),
            },
        }
    }
}

/// Why a node did not start. Each is one line, fit to be shown as it is.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has the data directory open.
    #[error("the data directory {path} is in use by another process")]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The data directory was written by another version.
    #[error(
        "the data directory {path} has format version {found}; this program reads version {expected} (start with --force-regenesis to begin anew)"
    )]
    OtherFormat {
        /// The data directory.
        path: PathBuf,
        /// The version found.
        found: u64,
        /// The version that this program reads.
        expected: u64,
    },
    /// No space is left where the data directory lives.
    #[error("no space left on the disk of {path}")]
    DiskFull {
        /// The data directory.
        path: PathBuf,
    },
    /// The data directory or a file in it can't be read or written.
    #[error("no permission to use {path}")]
    Permission {
        /// What can't be used.
        path: PathBuf,
    },
    /// A file of the data directory can't be used for another reason.
    #[error("cannot use {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The validator's key file holds no key.
    #[error("the validator key in {path} is damaged: {reason}")]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The store failed.
    #[error("the store in {path} failed: {reason}")]
    Store {
        /// The store's directory.
        path: PathBuf,
        /// What the store said.
        reason: String,
    },
    /// The store's contents contradict each other.
    #[error("the store in {path} is inconsistent: {reason}")]
    Inconsistent {
        /// The store's directory.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// No genesis could be made.
    #[error("genesis failed: {0}")]
    Genesis(#[from] heddle_adapter::GenesisError),
    /// The configuration makes no sense.
    #[error("the configuration is not valid: {0}")]
    Config(&'static str),
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(String),
}
