//! The bytecode of a test run, as the VM's loader asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_compiler::{BuiltModule, BuiltPackage};
use heddle_vm::{Package, PackageSource, SourceError};
use sui_sdk_types::{Address, Identifier};

use crate::TestError;

/// Everything that tests can call, by address. Unpublished packages share the
/// address zero: the compiler sees to it that their modules' names differ.
pub(crate) struct TestPackages {
    packages: BTreeMap<Address, Arc<Package>>,
    modules: BTreeMap<(Address, String), CompiledModule>,
}

impl TestPackages {
    /// The modules of `built` and of all its dependencies.
    pub(crate) fn new(built: &BuiltPackage) -> Result<Self, TestError> {
        let mut by_address: BTreeMap<Address, BTreeMap<Identifier, Arc<[u8]>>> = BTreeMap::new();
        let mut modules = BTreeMap::new();
        let dependencies = built
            .built_dependencies
            .iter()
            .flat_map(|dependency| &dependency.modules);
        for module in dependencies.chain(&built.modules) {
            let compiled = read(module)?;
            let address = *compiled.address();
            let name = identifier(&module.name)?;
            by_address
                .entry(address)
                .or_default()
                .insert(name, module.bytes.as_slice().into());
            modules.insert((address, module.name.clone()), compiled);
        }
        let linkage: BTreeMap<_, _> = by_address.keys().map(|id| (*id, *id)).collect();
        let packages = by_address
            .into_iter()
            .map(|(id, modules)| {
                let mut linkage = linkage.clone();
                linkage.remove(&id);
                let package = Package {
                    storage_id: id,
                    original_id: id,
                    version: 1,
                    modules,
                    type_origins: BTreeMap::new(),
                    linkage,
                };
                (id, Arc::new(package))
            })
            .collect();
        Ok(Self { packages, modules })
    }

    /// A module, for reading its constants.
    pub(crate) fn module(&self, address: Address, name: &str) -> Option<&CompiledModule> {
        self.modules.get(&(address, name.to_owned()))
    }
}

/// Packages only: there is no store, so natives' questions stay unanswered.
impl PackageSource for TestPackages {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.packages.get(storage_id).cloned())
    }
}

/// The module, read.
fn read(module: &BuiltModule) -> Result<CompiledModule, TestError> {
    CompiledModule::deserialize(&module.bytes, &BinaryLimits::local()).map_err(|error| {
        TestError::Module {
            module: module.name.clone(),
            detail: error.to_string(),
        }
    })
}

pub(crate) fn identifier(text: &str) -> Result<Identifier, TestError> {
    Identifier::new(text).map_err(|_| TestError::Module {
        module: text.to_owned(),
        detail: "its name is not an identifier".to_owned(),
    })
}
