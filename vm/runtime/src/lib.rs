//! The VM: skeleton.

mod annotated;
mod config;
mod error;
mod execution;
mod extensions;
mod gas;
mod native;
mod package;
mod runtime_type;
mod signature;
mod vm;

pub use annotated::{EnumLayout, FieldLayout, StructLayout, TypeLayout, VariantLayout};
pub use config::VmConfig;
pub use error::{
    ArithmeticError, BcsError, ExecutionError, ExecutionErrorKind, Place, PublishError,
    ResolveError, VectorError,
};
pub use execution::{CallArg, CallReturn, Execution, GlobalRef};
pub use extensions::Extensions;
pub use gas::{GasMeter, OutOfGas};
pub use native::{NativeContext, NativeError, NativeFunction, NativeTable};
pub use package::{Package, PackageSource, SourceError};
pub use runtime_type::RuntimeType;
pub use signature::{DatatypeId, FunctionInfo, InstantiateError, Passing, SignatureType};
pub use vm::{ModuleReport, PackageReport, ValueError, Vm};

pub use heddle_bytecode::{Ability, AbilitySet, Visibility};
