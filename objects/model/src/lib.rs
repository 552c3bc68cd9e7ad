//! The object model: what every crate above the VM means by an object, a
//! transaction, an execution request and its output.
//!
//! The wire types are the public ones of [`sui_sdk_types`], re-exported here
//! as [`sui_sdk_types`]; this crate adds only what those can't express:
//!
//! * [`limits`]: every protocol limit, in one table.
//! * [`input`]: which objects a transaction declares, and therefore which of
//!   the two paths it takes.
//! * [`read`]: [`ObjectRead`], the one door through which execution sees state.
//! * [`execution`]: [`ExecutionRequest`] in, [`ExecutionOutput`] out. Execution
//!   is a pure function between the two.
//! * [`executed`]: a transaction with what it did, the unit of the ledger.
//! * [`epoch`]: what an execution may know of its epoch.
//! * [`object`]: what every layer asks of an object (owner, coin balance, size).
//!
//! Nothing here does I/O, and nothing here knows the VM.

pub mod epoch;
pub mod executed;
pub mod execution;
pub mod input;
pub mod limits;
pub mod object;
pub mod read;

pub use epoch::EpochContext;
pub use executed::ExecutedTransaction;
pub use execution::{ExecutionOutput, ExecutionRequest, SharedVersion, WrittenObject};
pub use input::{DeclaredInputs, InputError, InputObject, Path};
pub use object::Ownership;
pub use read::{ObjectRead, ReadError};
pub use sui_sdk_types;

use sui_sdk_types::Address;

/// The id of the clock object (`0x2::clock::Clock`), shared since version 1.
pub const CLOCK_ID: Address = Address::from_static("0x6");
/// The id of the system state object, shared since version 1.
pub const SYSTEM_STATE_ID: Address = Address::from_static("0x5");
/// The package of the standard library.
pub const STD_PACKAGE_ID: Address = Address::from_static("0x1");
/// The package of the object framework.
pub const FRAMEWORK_PACKAGE_ID: Address = Address::from_static("0x2");
/// The package of the system state.
pub const SYSTEM_PACKAGE_ID: Address = Address::from_static("0x3");
/// The version at which every genesis object is created.
pub const GENESIS_VERSION: u64 = 1;
