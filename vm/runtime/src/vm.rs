//! The VM: what all executions share.

use crate::{
    BcsError, Execution, Extensions, FunctionInfo, GasMeter, NativeTable, Package, PackageSource,
    PublishError, ResolveError, RuntimeType, TypeLayout, VmConfig,
};
use heddle_bytecode::AbilitySet;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// What all executions share: natives, limits and caches. All methods take
/// `&self`, and any number of threads may call them at once.
#[derive(Debug)]
pub struct Vm {
    _natives: NativeTable,
    _config: VmConfig,
}

/// What [`Vm::verify_package`] found in a package that may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageReport {
    /// Its modules, in the order in which their `init` functions are to run.
    pub modules: Vec<ModuleReport>,
}

/// One module of a [`PackageReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleReport {
    /// Its name.
    pub name: Identifier,
    /// Its `init` function, if it has one.
    pub init: Option<FunctionInfo>,
    /// Structs and enums that it defines.
    pub datatypes: Vec<Identifier>,
}

/// Bytes or a type are not as they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The type can't be loaded.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The bytes are not of the type.
    #[error(transparent)]
    Bcs(#[from] BcsError),
}

impl Vm {
    /// A VM with these natives and limits.
    pub fn new(natives: NativeTable, config: VmConfig) -> Self {
        Self {
            _natives: natives,
            _config: config,
        }
    }

    /// Checks that a package can be published: its modules deserialise, pass
    /// every verifier pass and the object rules, and link with `source`.
    /// Nothing is cached.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn verify_package(
        &self,
        _package: &Package,
        _source: &dyn PackageSource,
    ) -> Result<PackageReport, PublishError> {
        Ok(PackageReport::default())
    }

    /// Looks a function up.
    ///
    /// # Errors
    /// If package, module or function are missing or don't load.
    pub fn function(
        &self,
        _source: &dyn PackageSource,
        package: Address,
        _module: &Identifier,
        _name: &Identifier,
    ) -> Result<Arc<FunctionInfo>, ResolveError> {
        Err(ResolveError::PackageNotFound(package))
    }

    /// The abilities of a type. Tags may name any package version that has the
    /// type.
    ///
    /// # Errors
    /// If the type can't be loaded.
    pub fn abilities(
        &self,
        source: &dyn PackageSource,
        tag: &TypeTag,
    ) -> Result<AbilitySet, ResolveError> {
        Ok(self.load_type(source, tag)?.abilities())
    }

    /// Loads a type.
    ///
    /// # Errors
    /// If the type can't be loaded, or exceeds a limit.
    pub fn load_type(
        &self,
        _source: &dyn PackageSource,
        _tag: &TypeTag,
    ) -> Result<RuntimeType, ResolveError> {
        Err(ResolveError::PackageNotFound(Address::ZERO))
    }

    /// The shape of a type with names.
    ///
    /// # Errors
    /// If the type can't be loaded.
    pub fn type_layout(
        &self,
        _source: &dyn PackageSource,
        _tag: &TypeTag,
    ) -> Result<Arc<TypeLayout>, ResolveError> {
        Err(ResolveError::PackageNotFound(Address::ZERO))
    }

    /// Whether `bytes` are the canonical BCS of a value of type `tag`.
    ///
    /// # Errors
    /// If they are not, or the type can't be loaded.
    pub fn validate_bcs(
        &self,
        _source: &dyn PackageSource,
        _tag: &TypeTag,
        _bytes: &[u8],
    ) -> Result<(), ValueError> {
        Err(ResolveError::PackageNotFound(Address::ZERO).into())
    }

    /// Starts an execution. Its memory comes from a pool and goes back when
    /// the execution is finished or dropped.
    pub fn start<'e>(
        &'e self,
        _source: &'e dyn PackageSource,
        _gas: GasMeter,
        _extensions: Extensions,
    ) -> Execution<'e> {
        unreachable!()
    }
}
