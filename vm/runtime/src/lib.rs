//! The Move VM: from verified modules to effects on flat memory.
//!
//! ```text
//!  Package bytes ──▶ module ──▶ linkage ──▶ translate ──▶ code ──▶ interpreter
//!  (package.rs)      load,      one context  Move code     ops      runs on
//!                    verify     for each     to register            memory
//!                    once       linkage      code, once
//! ```
//!
//! Read it in this order:
//!
//! 1. `memory` and `layout`: all data of an execution is one flat array of
//!    words; layouts say how a type lies in it. References are offsets into
//!    it, checked at each access, so memory is safe whatever the code.
//! 2. `op` and `code`: the instruction set of translated code.
//! 3. `translate`: how a function instance becomes such code.
//! 4. `interpreter`: the loop that runs it; `tier` and `native_code`: the
//!    other way to run it, for functions that are called often.
//! 5. `linkage` and `entry`: what is cached, for whom, and why it can't
//!    go stale.
//! 6. `native` and `natives`: functions written in Rust.
//! 7. [`Vm`] and [`Execution`]: the way in.
//!
//! The VM knows types, values and code. It does not know what an object or a
//! transaction is, where packages are stored, or what gas costs in coins.
//! Execution is deterministic: gas, results and errors don't depend on caches,
//! threads or the clock.

mod annotated;
mod code;
mod config;
mod cost_table;
mod describe;
mod entry;
mod error;
mod execution;
mod extensions;
mod fault;
mod gas;
mod interpreter;
mod layout;
mod linkage;
mod listing;
mod memory;
mod module;
mod native;
#[cfg(feature = "native-code")]
mod native_code;
mod natives;
mod op;
mod package;
mod publish;
mod runtime_type;
mod signature;
#[cfg(feature = "native-code")]
mod tier;
mod translate;
mod value;
pub mod value_text;
mod value_width;
mod vm;

#[cfg(test)]
mod tests;

pub use annotated::{EnumLayout, FieldLayout, StructLayout, TypeLayout, VariantLayout};
pub use config::{NativeCode, VmConfig};
pub use cost_table::COST_TABLE_VERSION;
pub use error::{
    ArithmeticError, BcsError, ExecutionError, ExecutionErrorKind, Place, PublishError,
    ResolveError, VectorError,
};
pub use execution::{CallArg, CallReturn, Execution, GlobalRef};
pub use extensions::Extensions;
pub use gas::{GasMeter, OutOfGas};
pub use listing::{
    FunctionListing, InstructionDescription, ListedBlock, ListedInstruction, instruction_set,
};
pub use native::{NativeContext, NativeError, NativeFunction, NativeTable};
pub use natives::DebugOutput;
pub use package::{Package, PackageSource, SourceError};
pub use runtime_type::RuntimeType;
pub use signature::{DatatypeId, FunctionInfo, InstantiateError, Passing, SignatureType};
pub use vm::{ModuleReport, PackageReport, ValueError, Vm};

pub use heddle_bytecode::{Ability, AbilitySet, Visibility};
