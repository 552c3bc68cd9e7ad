//! `Publish`: modules become a package with an id of its own, their `init`
//! functions run, and the publisher gets the right to upgrade.

use super::values::{ObjectValue, Value};
use super::{Engine, linkage};
use crate::changes::{Body, Draft};
use crate::failure::{Step, Stop};
use crate::packages::vm_package;
use crate::storage_fee::package_bytes;
use heddle_bytecode::{
    BinaryLimits, CompiledModule, DatatypeHandleIndex, EnumDefinitionIndex, StructDefinitionIndex,
};
use heddle_objects::limits::{PACKAGE_BYTES_MAX, PACKAGE_MODULES_MAX};
use heddle_vm::{
    CallArg, FunctionInfo, ModuleReport, Package, PackageReport, Passing, PublishError, TypeLayout,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sui_sdk_types::{
    Address, ExecutionError, Identifier, MovePackage, Owner, Publish, StructTag, TypeOrigin,
    TypeTag,
};

/// VM gas units for each byte of modules: reading, verifying and linking them.
const COST_PER_BYTE: u64 = 30;

impl Engine<'_> {
    /// Publishes a package and gives its `UpgradeCap`.
    pub(super) fn publish(&mut self, command: &Publish) -> Step<Vec<Value>> {
        let mut modules = self.read_modules(&command.modules)?;
        let id = self.fresh_id()?;
        for module in &mut modules {
            set_self_address(module, id)?;
        }
        let package = MovePackage {
            id,
            version: 1,
            type_origin_table: type_origins(&modules, |_, _| Ok(id))?,
            linkage_table: linkage::build(
                self.setting.host,
                &command.dependencies,
                &packages_used(&modules, id)?,
            )?,
            modules: serialized(&modules)?,
        };
        let (package, report) = self.admit_package(package)?;
        self.packages.insert(id, package);
        for module in &report.modules {
            self.run_init(id, module)?;
        }
        Ok(vec![self.upgrade_cap(id)?])
    }

    /// Reads modules and charges for what will be done with them.
    pub(super) fn read_modules(&mut self, modules: &[Vec<u8>]) -> Step<Vec<CompiledModule>> {
        if modules.is_empty() || modules.len() > PACKAGE_MODULES_MAX {
            return Err(malformed(format!(
                "a package holds 1 to {PACKAGE_MODULES_MAX} modules, not {}",
                modules.len()
            )));
        }
        let bytes: usize = modules.iter().map(Vec::len).sum();
        if bytes > PACKAGE_BYTES_MAX {
            return Err(too_big(bytes));
        }
        self.machine
            .charge(COST_PER_BYTE.saturating_mul(bytes as u64))?;
        let limits = BinaryLimits::published();
        modules
            .iter()
            .enumerate()
            .map(|(index, bytes)| {
                CompiledModule::deserialize(bytes, &limits)
                    .map_err(|error| malformed(format!("module {index}: {error}")))
            })
            .collect()
    }

    /// Verifies a package against its dependencies, and makes it visible to
    /// the rest of the transaction.
    pub(super) fn admit_package(&mut self, package: MovePackage) -> Step<(Draft, PackageReport)> {
        let bytes = package_bytes(&package);
        if bytes > PACKAGE_BYTES_MAX {
            return Err(too_big(bytes));
        }
        let loaded: Arc<Package> = vm_package(&package)
            .map(Arc::new)
            .ok_or_else(|| Stop::invariant("a package just written can't be read"))?;
        let host = self.setting.host;
        let report = self
            .setting
            .vm
            .verify_package(&loaded, host)
            .map_err(|error| match host.take_fault() {
                Some(fault) => fault.into(),
                None => publish_failure(&error),
            })?;
        host.add_unpublished(loaded);
        let draft = Draft {
            body: Body::Package(Box::new(package)),
            owner: Owner::Immutable,
        };
        Ok((draft, report))
    }

    /// Runs a module's `init`, with its one-time witness if it wants one.
    fn run_init(&mut self, package: Address, module: &ModuleReport) -> Step<()> {
        let Some(init) = &module.init else {
            return Ok(());
        };
        let arguments = self.init_arguments(init)?;
        self.machine.runtime()?.emitter = (package, module.name.clone());
        self.machine
            .call(package, &module.name, &init.name, &[], arguments, &[])
            .map(drop)
    }

    fn init_arguments(&mut self, init: &FunctionInfo) -> Step<Vec<CallArg>> {
        init.parameters
            .iter()
            .map(|parameter| {
                let (passing, type_) = parameter
                    .instantiate(&[])
                    .map_err(|error| Stop::invariant(format!("init: {error}")))?;
                Ok(match passing {
                    Passing::Value => CallArg::Value(self.witness(&type_)?),
                    Passing::ImmutableReference => CallArg::ImmRef(self.tx_context_bytes()?),
                    Passing::MutableReference => CallArg::MutRef(self.tx_context_bytes()?),
                })
            })
            .collect()
    }

    /// The one value of a one-time witness: no field, or one that is true.
    fn witness(&self, type_: &TypeTag) -> Step<Vec<u8>> {
        let layout = self
            .setting
            .vm
            .type_layout(self.setting.host, type_)
            .map_err(|error| Stop::invariant(format!("a witness can't be loaded: {error}")))?;
        match &*layout {
            TypeLayout::Struct(layout) if layout.fields.is_empty() => Ok(Vec::new()),
            TypeLayout::Struct(layout) if layout.fields.len() == 1 => Ok(vec![1]),
            _ => Err(Stop::invariant("a witness has more than one field")),
        }
    }

    /// `0x2::package::UpgradeCap { id, package, version: 1, policy: 0 }`.
    fn upgrade_cap(&mut self, package: Address) -> Step<Value> {
        let mut contents = self.fresh_id()?.into_inner().to_vec();
        contents.extend_from_slice(package.as_ref());
        contents.extend_from_slice(&1_u64.to_le_bytes());
        contents.push(0);
        Ok(Value::Object(ObjectValue {
            type_: package_type("UpgradeCap"),
            has_public_transfer: true,
            tainted: false,
            contents,
        }))
    }
}

/// A type of module `0x2::package`.
pub(super) fn package_type(name: &'static str) -> StructTag {
    StructTag::new(
        Address::TWO,
        Identifier::from_static("package"),
        Identifier::from_static(name),
        Vec::new(),
    )
}

/// Gives a module, which must call itself `0x0`, the address of its package.
pub(super) fn set_self_address(module: &mut CompiledModule, address: Address) -> Step<()> {
    let index = module
        .get(module.self_module_handle)
        .map(|handle| usize::from(handle.address.0))
        .ok_or_else(|| malformed("the module has no handle of its own".into()))?;
    match module.address_identifiers.get_mut(index) {
        None => Err(malformed("the module has no address of its own".into())),
        Some(own) if *own != Address::ZERO => Err(Stop::failed(
            ExecutionError::PublishErrorNonZeroAddress,
            format!("a module calls itself {own}; it must be compiled at 0x0"),
        )),
        Some(own) => {
            *own = address;
            Ok(())
        }
    }
}

/// The packages, by original id, that modules of package `own` use.
pub(super) fn packages_used(modules: &[CompiledModule], own: Address) -> Step<BTreeSet<Address>> {
    let mut used = BTreeSet::new();
    for module in modules {
        for handle in &module.module_handles {
            let address = module
                .get(handle.address)
                .ok_or_else(|| malformed("a module handle has no address".into()))?;
            used.insert(*address);
        }
    }
    used.remove(&own);
    Ok(used)
}

/// The type origin table: modules in order, structs before enums. `origin`
/// says which package version first defined a type.
pub(super) fn type_origins(
    modules: &[CompiledModule],
    mut origin: impl FnMut(&Identifier, &Identifier) -> Step<Address>,
) -> Step<Vec<TypeOrigin>> {
    let mut table = Vec::new();
    for module in modules {
        let module_name = module_name(module)?;
        let structs = module
            .entries::<StructDefinitionIndex>()
            .map(|(_, def)| def.struct_handle);
        let enums = module
            .entries::<EnumDefinitionIndex>()
            .map(|(_, def)| def.enum_handle);
        for handle in structs.chain(enums) {
            let struct_name = datatype_name(module, handle)?;
            table.push(TypeOrigin {
                package: origin(&module_name, &struct_name)?,
                module_name: module_name.clone(),
                struct_name,
            });
        }
    }
    Ok(table)
}

/// The modules in the binary format, by name.
pub(super) fn serialized(modules: &[CompiledModule]) -> Step<BTreeMap<Identifier, Vec<u8>>> {
    let mut all = BTreeMap::new();
    for module in modules {
        let bytes = module
            .serialize()
            .map_err(|error| malformed(error.to_string()))?;
        let name = module_name(module)?;
        if all.insert(name.clone(), bytes).is_some() {
            return Err(malformed(format!("two modules are called `{name}`")));
        }
    }
    Ok(all)
}

/// A module's name.
pub(super) fn module_name(module: &CompiledModule) -> Step<Identifier> {
    module
        .get(module.self_module_handle)
        .and_then(|handle| module.get(handle.name))
        .and_then(|name| Identifier::new(name.as_str()).ok())
        .ok_or_else(|| malformed("a module has no name".into()))
}

fn datatype_name(module: &CompiledModule, handle: DatatypeHandleIndex) -> Step<Identifier> {
    module
        .get(handle)
        .and_then(|handle| module.get(handle.name))
        .and_then(|name| Identifier::new(name.as_str()).ok())
        .ok_or_else(|| malformed("a datatype has no name".into()))
}

fn publish_failure(error: &PublishError) -> Stop {
    let public = match error {
        PublishError::ObjectRule { .. } => ExecutionError::SuiMoveVerificationError,
        _ => ExecutionError::VmVerificationOrDeserializationError,
    };
    Stop::failed(public, error.to_string())
}

fn malformed(detail: String) -> Stop {
    Stop::failed(ExecutionError::VmVerificationOrDeserializationError, detail)
}

fn too_big(bytes: usize) -> Stop {
    Stop::failed(
        ExecutionError::PackageTooBig {
            object_size: bytes as u64,
            max_object_size: PACKAGE_BYTES_MAX as u64,
        },
        format!("the package takes {bytes} bytes; at most {PACKAGE_BYTES_MAX} are allowed"),
    )
}
