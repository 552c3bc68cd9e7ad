//! Packages as the VM sees them, made once from the objects that hold them.

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_objects::{ObjectRead, ReadError};
use heddle_vm::Package;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Digest, MovePackage, Object, ObjectData};

/// Packages kept; beyond that the cache starts anew.
const CACHED_PACKAGES_MAX: usize = 8_192;

/// A stored package in the VM's terms.
#[derive(Clone, Debug)]
pub(crate) struct StoredPackage {
    /// The package.
    pub(crate) package: Arc<Package>,
    /// The transaction that published it.
    pub(crate) previous_transaction: Digest,
}

/// Stored packages by id. A published package never changes, so an entry never
/// goes stale; packages of the system, which an epoch change replaces under
/// their id, are compared with the store on every use. Only what was read from
/// the store goes in: a package that a transaction is about to publish doesn't.
#[derive(Debug, Default)]
pub(crate) struct PackageCache {
    entries: RwLock<FxHashMap<Address, StoredPackage>>,
}

impl PackageCache {
    /// The package stored under `id`, `None` if there is none or the object is
    /// no package.
    pub(crate) fn get(
        &self,
        id: &Address,
        store: &dyn ObjectRead,
    ) -> Result<Option<StoredPackage>, ReadError> {
        let cached = self.entries.read().get(id).cloned();
        if let Some(cached) = &cached
            && !is_system(id)
        {
            return Ok(Some(cached.clone()));
        }
        let Some(object) = store.latest(id)? else {
            return Ok(None);
        };
        if let Some(cached) = cached
            && cached.package.version == object.version()
            && cached.previous_transaction == object.previous_transaction()
        {
            return Ok(Some(cached));
        }
        let Some(stored) = StoredPackage::from_object(&object) else {
            return Ok(None);
        };
        let mut entries = self.entries.write();
        if entries.len() >= CACHED_PACKAGES_MAX {
            entries.clear();
        }
        // Another thread may have been faster: keep its Arc, which the VM's
        // caches compare by address.
        let entry = entries.entry(*id).or_insert_with(|| stored.clone());
        if entry.package.version != stored.package.version
            || entry.previous_transaction != stored.previous_transaction
        {
            *entry = stored;
        }
        Ok(Some(entry.clone()))
    }
}

/// Whether a package may be replaced under its id by an epoch change.
fn is_system(id: &Address) -> bool {
    let bytes: &[u8; 32] = id.as_ref();
    bytes[..30].iter().all(|byte| *byte == 0)
}

impl StoredPackage {
    fn from_object(object: &Object) -> Option<Self> {
        match object.data() {
            ObjectData::Package(package) => Some(StoredPackage {
                package: Arc::new(vm_package(package)?),
                previous_transaction: object.previous_transaction(),
            }),
            ObjectData::Struct(_) => None,
        }
    }
}

/// A package object in the VM's terms; `None` if its modules can't be read,
/// which publishing rules out.
pub(crate) fn vm_package(package: &MovePackage) -> Option<Package> {
    Some(Package {
        storage_id: package.id,
        original_id: original_id(package)?,
        version: package.version,
        modules: package
            .modules
            .iter()
            .map(|(name, bytes)| (name.clone(), Arc::from(bytes.as_slice())))
            .collect(),
        type_origins: package
            .type_origin_table
            .iter()
            .map(|origin| {
                let name = (origin.module_name.clone(), origin.struct_name.clone());
                (name, origin.package)
            })
            .collect(),
        linkage: package
            .linkage_table
            .iter()
            .map(|(original, link)| (*original, link.upgraded_id))
            .collect::<BTreeMap<_, _>>(),
    })
}

/// The id of a package's first version: the address that its modules carry.
pub(crate) fn original_id(package: &MovePackage) -> Option<Address> {
    if package.version == 1 || is_system(&package.id) {
        return Some(package.id);
    }
    let bytes = package.modules.values().next()?;
    let module = CompiledModule::deserialize(bytes, &BinaryLimits::local()).ok()?;
    let handle = module.get(module.self_module_handle)?;
    module.get(handle.address).copied()
}
