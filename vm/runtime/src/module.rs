//! Modules and packages as loaded: deserialised once, verified once, indexed
//! by name.

use crate::{Package, PackageSource, ResolveError, VmConfig};
use heddle_bytecode::{
    BinaryLimits, CompiledModule, DatatypeDefinition, EnumDefinitionIndex, FunctionDefinition,
    FunctionDefinitionIndex, StructDefinitionIndex, TableIndex,
};
use heddle_verifier::{VerifierLimits, WorkMeter, verify_module};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

/// A module of one package version, ready to link.
pub(crate) struct LoadedModule {
    pub(crate) package: Arc<Package>,
    pub(crate) name: Identifier,
    pub(crate) module: CompiledModule,
    functions: FxHashMap<Box<str>, FunctionDefinitionIndex>,
    datatypes: FxHashMap<Box<str>, usize>,
    definitions: Vec<DatatypeDefinition>,
}

impl std::fmt::Debug for LoadedModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.package.storage_id, self.name)
    }
}

/// A table entry that a verified module always has.
pub(crate) fn entry<I: TableIndex>(
    module: &CompiledModule,
    index: I,
) -> Result<&I::Entry, &'static str> {
    module.get(index).ok_or("index points outside of its table")
}

impl LoadedModule {
    /// Deserialises and, if `config` says so, verifies a module of `package`.
    pub(crate) fn load(
        package: &Arc<Package>,
        name: &Identifier,
        bytes: &[u8],
        config: &VmConfig,
    ) -> Result<Self, ResolveError> {
        let limits = if config.accept_test_modules {
            BinaryLimits::local()
        } else {
            BinaryLimits::published()
        };
        let module = CompiledModule::deserialize(bytes, &limits).map_err(|error| {
            ResolveError::MalformedModule {
                package: package.storage_id,
                module: name.to_string(),
                detail: error.to_string(),
            }
        })?;
        if config.verify_on_load {
            let limits = VerifierLimits::default();
            let mut meter = WorkMeter::for_module(bytes.len());
            verify_module(&module, &limits, &mut meter).map_err(|error| {
                ResolveError::Verification {
                    package: package.storage_id,
                    module: name.to_string(),
                    detail: error.to_string(),
                }
            })?;
        }
        Self::index(package.clone(), name.clone(), module).map_err(|detail| {
            ResolveError::MalformedModule {
                package: package.storage_id,
                module: name.to_string(),
                detail: detail.to_owned(),
            }
        })
    }

    fn index(
        package: Arc<Package>,
        name: Identifier,
        module: CompiledModule,
    ) -> Result<Self, &'static str> {
        let mut functions = FxHashMap::default();
        for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
            let handle = entry(&module, definition.function)?;
            functions.insert(entry(&module, handle.name)?.as_str().into(), index);
        }
        let structs = module
            .entries::<StructDefinitionIndex>()
            .map(|(index, definition)| {
                (DatatypeDefinition::Struct(index), definition.struct_handle)
            });
        let enums = module
            .entries::<EnumDefinitionIndex>()
            .map(|(index, definition)| (DatatypeDefinition::Enum(index), definition.enum_handle));
        let mut datatypes = FxHashMap::default();
        let mut definitions = Vec::new();
        for (definition, handle) in structs.chain(enums) {
            let handle = entry(&module, handle)?;
            datatypes.insert(
                entry(&module, handle.name)?.as_str().into(),
                definitions.len(),
            );
            definitions.push(definition);
        }
        Ok(Self {
            package,
            name,
            module,
            functions,
            datatypes,
            definitions,
        })
    }

    pub(crate) fn function(
        &self,
        name: &str,
    ) -> Result<(FunctionDefinitionIndex, &FunctionDefinition), ResolveError> {
        self.functions
            .get(name)
            .and_then(|index| Some((*index, self.module.get(*index)?)))
            .ok_or_else(|| ResolveError::FunctionNotFound {
                package: self.package.storage_id,
                module: self.name.clone(),
                function: name.to_owned(),
            })
    }

    /// Position and definition of the datatype called `name`.
    pub(crate) fn datatype(&self, name: &str) -> Result<(usize, DatatypeDefinition), ResolveError> {
        self.datatypes
            .get(name)
            .and_then(|position| Some((*position, *self.definitions.get(*position)?)))
            .ok_or_else(|| ResolveError::DatatypeNotFound {
                package: self.package.storage_id,
                module: self.name.clone(),
                name: name.to_owned(),
            })
    }

    /// The version of the package that first defined `datatype`.
    pub(crate) fn defining_id(&self, datatype: &Identifier) -> Address {
        self.package
            .type_origins
            .get(&(self.name.clone(), datatype.clone()))
            .copied()
            .unwrap_or(self.package.storage_id)
    }

    /// An error for an entry that a verified module would have.
    pub(crate) fn malformed(&self, detail: &'static str) -> ResolveError {
        ResolveError::MalformedModule {
            package: self.package.storage_id,
            module: self.name.to_string(),
            detail: detail.to_owned(),
        }
    }
}

/// A package with those of its modules that were needed so far.
#[derive(Debug)]
pub(crate) struct LoadedPackage {
    pub(crate) package: Arc<Package>,
    modules: RwLock<FxHashMap<Box<str>, Arc<LoadedModule>>>,
}

impl LoadedPackage {
    pub(crate) fn new(package: Arc<Package>) -> Self {
        Self {
            package,
            modules: RwLock::default(),
        }
    }

    /// The module called `name`.
    pub(crate) fn module(
        &self,
        name: &str,
        config: &VmConfig,
    ) -> Result<Arc<LoadedModule>, ResolveError> {
        let not_found = || ResolveError::ModuleNotFound {
            package: self.package.storage_id,
            module: name.to_owned(),
        };
        if let Some(module) = self.modules.read().get(name) {
            return Ok(module.clone());
        }
        let name = Identifier::new(name).map_err(|_| not_found())?;
        let bytes = self.package.modules.get(&name).ok_or_else(not_found)?;
        let module = Arc::new(LoadedModule::load(&self.package, &name, bytes, config)?);
        // Another thread may have been faster; its module is the one to keep,
        // since types are identified by the module's address in memory.
        let mut modules = self.modules.write();
        Ok(modules
            .entry(name.as_str().into())
            .or_insert(module)
            .clone())
    }
}

/// Packages by storage id. An entry stands for the exact content that the
/// source gave; other content under the same id replaces it, and what was
/// built on the old one keeps the old one alive.
#[derive(Debug, Default)]
pub(crate) struct PackageCache {
    packages: RwLock<FxHashMap<Address, Arc<LoadedPackage>>>,
}

/// Packages kept; beyond that the cache starts anew.
const PACKAGES_MAX: usize = 8192;

impl PackageCache {
    pub(crate) fn get(
        &self,
        source: &dyn PackageSource,
        storage_id: &Address,
    ) -> Result<Arc<LoadedPackage>, ResolveError> {
        let package = source
            .package(storage_id)?
            .ok_or(ResolveError::PackageNotFound(*storage_id))?;
        if let Some(loaded) = self.packages.read().get(storage_id)
            && is_same(&loaded.package, &package)
        {
            return Ok(loaded.clone());
        }
        let mut packages = self.packages.write();
        if let Some(loaded) = packages.get(storage_id)
            && is_same(&loaded.package, &package)
        {
            return Ok(loaded.clone());
        }
        if packages.len() >= PACKAGES_MAX {
            packages.clear();
        }
        let loaded = Arc::new(LoadedPackage::new(package));
        packages.insert(*storage_id, loaded.clone());
        Ok(loaded)
    }
}

/// Whether two packages have the same content.
pub(crate) fn is_same(a: &Arc<Package>, b: &Arc<Package>) -> bool {
    Arc::ptr_eq(a, b) || **a == **b
}
