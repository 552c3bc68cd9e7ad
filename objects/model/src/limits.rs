//! Every protocol limit, in one table. A limit is part of the protocol: two
//! validators with different limits diverge, so none is configurable at run time.

/// Largest BCS size of a transaction, in bytes.
pub const TRANSACTION_BYTES_MAX: usize = 128 * 1024;
/// Largest BCS size of a transaction that publishes or upgrades a package, in bytes.
pub const PUBLISH_TRANSACTION_BYTES_MAX: usize = 1024 * 1024 + 128 * 1024;
/// Most commands in one programmable transaction.
pub const COMMANDS_MAX: usize = 1024;
/// Most inputs that one transaction declares.
pub const INPUTS_MAX: usize = 2048;
/// Most arguments of one command.
pub const ARGUMENTS_MAX: usize = 512;
/// Largest pure argument, in bytes.
pub const PURE_ARGUMENT_BYTES_MAX: usize = 16 * 1024;
/// Most type arguments of one call.
pub const TYPE_ARGUMENTS_MAX: usize = 16;
/// Deepest nesting of a type argument.
pub const TYPE_ARGUMENT_DEPTH_MAX: usize = 16;
/// Most coins in a gas payment.
pub const GAS_OBJECTS_MAX: usize = 256;
/// Largest gas budget, in base units (50 HED).
pub const GAS_BUDGET_MAX: u64 = 50_000_000_000;
/// Highest gas price, in base units per gas unit.
pub const GAS_PRICE_MAX: u64 = 99_999_999_999;
/// Fewest gas units that any transaction pays for.
pub const GAS_UNITS_MIN: u64 = 1_000;
/// Most gas units that one transaction may use in computation.
pub const COMPUTATION_UNITS_MAX: u64 = 5_000_000;
/// Price of storing one byte of an object, in storage units.
pub const STORAGE_UNITS_PER_BYTE: u64 = 100;
/// Price of one storage unit, in base units.
pub const STORAGE_GAS_PRICE: u64 = 76;
/// Share of the storage fee returned when an object goes, in basis points.
pub const STORAGE_REBATE_RATE_BPS: u64 = 9_900;
/// Largest Move object, in bytes of BCS contents.
pub const OBJECT_BYTES_MAX: usize = 250 * 1024;
/// Largest package, in bytes of all its modules and tables together.
pub const PACKAGE_BYTES_MAX: usize = 1024 * 1024;
/// Most modules in one package.
pub const PACKAGE_MODULES_MAX: usize = 1024;
/// Most transitive dependencies of a package.
pub const PACKAGE_DEPENDENCIES_MAX: usize = 512;
/// Most objects that one transaction creates.
pub const CREATED_OBJECTS_MAX: usize = 2048;
/// Most objects that one transaction deletes.
pub const DELETED_OBJECTS_MAX: usize = 2048;
/// Most child objects that one transaction touches through dynamic fields.
pub const CHILD_OBJECTS_MAX: usize = 1000;
/// Most events that one transaction emits.
pub const EVENTS_MAX: usize = 1024;
/// Largest event, in bytes of BCS contents.
pub const EVENT_BYTES_MAX: usize = 250 * 1024;
/// Largest sum of the events of one transaction, in bytes.
pub const EVENTS_BYTES_TOTAL_MAX: usize = 4 * 1024 * 1024;
/// Largest sum of all objects that one transaction writes, in bytes.
pub const WRITTEN_BYTES_TOTAL_MAX: usize = 5 * 1024 * 1024;
/// Largest BCS size of the effects, in bytes.
pub const EFFECTS_BYTES_MAX: usize = 512 * 1024;

const _: () = assert!(TRANSACTION_BYTES_MAX < PUBLISH_TRANSACTION_BYTES_MAX);
const _: () = assert!(PACKAGE_BYTES_MAX < PUBLISH_TRANSACTION_BYTES_MAX);
const _: () = assert!(STORAGE_REBATE_RATE_BPS <= 10_000);
