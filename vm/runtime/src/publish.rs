//! Checking a package before it is published.

use crate::describe;
use crate::module::{LoadedModule, PackageCache};
use crate::vm::{ModuleReport, PackageReport, defining_id};
use crate::{
    FunctionInfo, NativeTable, Package, PackageSource, PublishError, ResolveError, VmConfig,
};
use heddle_bytecode::{BinaryLimits, CompiledModule, ModuleId};
use heddle_verifier::{
    VerificationError, VerifierLimits, WorkMeter, verify_acyclic, verify_links, verify_module,
    verify_object_rules,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

const INIT: &str = "init";

/// See [`Vm::verify_package`](crate::Vm::verify_package).
pub(crate) fn verify_package(
    package: &Package,
    source: &dyn PackageSource,
    cache: &PackageCache,
    natives: &NativeTable,
    config: &VmConfig,
) -> Result<PackageReport, PublishError> {
    if package.modules.is_empty() {
        return Err(PublishError::Empty);
    }
    let mut modules = BTreeMap::new();
    for (name, bytes) in &package.modules {
        let module = read(package, name, bytes, config)?;
        check_natives(package, name, &module, natives)?;
        modules.insert(module.self_id(), module);
    }
    let refused = |error: VerificationError| PublishError::Verification {
        module: name_of(package, error.module.as_ref()),
        function: error.function.clone(),
        offset: error.offset.map(|offset| offset.0),
        detail: error.to_string(),
    };
    let dependencies = dependencies(package, &modules, source, cache, config)?;
    let find = |id: &ModuleId| -> Option<&CompiledModule> {
        let own = modules.get(id);
        own.or_else(|| dependencies.get(id).map(|loaded| &loaded.module))
    };
    verify_acyclic(modules.values()).map_err(refused)?;
    for module in modules.values() {
        verify_links(module, &find).map_err(refused)?;
    }
    let modules = modules
        .values()
        .map(|module| report(package, module))
        .collect::<Result<_, _>>()?;
    Ok(PackageReport { modules })
}

fn name_of(package: &Package, module: Option<&ModuleId>) -> Identifier {
    module
        .and_then(|id| Identifier::new(id.name.as_str()).ok())
        .or_else(|| package.modules.keys().next().cloned())
        .unwrap_or_else(|| Identifier::from_static("unnamed"))
}

/// Deserialises and verifies one module by itself.
fn read(
    package: &Package,
    name: &Identifier,
    bytes: &[u8],
    config: &VmConfig,
) -> Result<CompiledModule, PublishError> {
    let limits = if config.accept_test_modules {
        BinaryLimits::local()
    } else {
        BinaryLimits::published()
    };
    let module =
        CompiledModule::deserialize(bytes, &limits).map_err(|error| PublishError::Malformed {
            module: name.clone(),
            detail: error.to_string(),
        })?;
    let mut meter = WorkMeter::for_module(bytes.len());
    let refused = |error: VerificationError| PublishError::Verification {
        module: name.clone(),
        function: error.function.clone(),
        offset: error.offset.map(|offset| offset.0),
        detail: error.to_string(),
    };
    verify_module(&module, &VerifierLimits::default(), &mut meter).map_err(refused)?;
    if config.object_rules {
        verify_object_rules(&module, &mut meter).map_err(|error| PublishError::ObjectRule {
            module: name.clone(),
            function: error.function.clone(),
            offset: error.offset.map(|offset| offset.0),
            detail: error.to_string(),
        })?;
    }
    let id = module.self_id();
    if id.address != package.original_id || id.name.as_str() != name.as_str() {
        return Err(PublishError::WrongName {
            module: name.clone(),
            expected: format!("{}::{name}", package.original_id),
            actual: format!("{}::{}", id.address, id.name),
        });
    }
    Ok(module)
}

/// Refuses native functions that the VM does not have.
fn check_natives(
    package: &Package,
    name: &Identifier,
    module: &CompiledModule,
    natives: &NativeTable,
) -> Result<(), PublishError> {
    for definition in module.function_defs.iter().filter(|def| def.is_native()) {
        let function = describe::identifier(module[module[definition.function].name].as_str())?;
        if natives.get(&package.original_id, name, &function).is_none() {
            return Err(PublishError::UnknownNative {
                module: name.clone(),
                function,
            });
        }
    }
    Ok(())
}

/// The modules of other packages that the package names.
fn dependencies(
    package: &Package,
    modules: &BTreeMap<ModuleId, CompiledModule>,
    source: &dyn PackageSource,
    cache: &PackageCache,
    config: &VmConfig,
) -> Result<BTreeMap<ModuleId, Arc<LoadedModule>>, PublishError> {
    let mut found = BTreeMap::new();
    for id in modules.values().flat_map(|module| module.dependencies()) {
        if modules.contains_key(&id) || found.contains_key(&id) {
            continue;
        }
        if id.address == package.original_id {
            // `verify_links` reports it with the module that names it.
            continue;
        }
        let storage_id = package
            .linkage
            .get(&id.address)
            .ok_or(ResolveError::MissingLinkage {
                package: package.storage_id,
                dependency: id.address,
            })?;
        let loaded = cache.get(source, storage_id)?;
        match loaded.module(id.name.as_str(), config) {
            Ok(module) => {
                found.insert(id, module);
            }
            Err(ResolveError::ModuleNotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

fn report(package: &Package, module: &CompiledModule) -> Result<ModuleReport, PublishError> {
    let name = describe::identifier(module.name().as_str())?;
    let datatypes = module
        .struct_defs
        .iter()
        .map(|definition| definition.struct_handle)
        .chain(
            module
                .enum_defs
                .iter()
                .map(|definition| definition.enum_handle),
        )
        .map(|handle| describe::identifier(module[module[handle].name].as_str()))
        .collect::<Result<_, _>>()?;
    Ok(ModuleReport {
        name,
        init: init(package, module)?,
        datatypes,
    })
}

fn init(package: &Package, module: &CompiledModule) -> Result<Option<FunctionInfo>, ResolveError> {
    let Some((_, definition)) = module.function_named(INIT) else {
        return Ok(None);
    };
    let origin = |address: &Address, module: &Identifier, name: &Identifier| {
        Ok(if *address == package.original_id {
            defining_id(package, module, name)
        } else {
            // Parameters of `init` are of the system's own packages, whose
            // ids never change.
            *address
        })
    };
    describe::function(package, module, definition, &origin).map(Some)
}
