//! Packages by lineage: all versions of a package under its original id.

use crate::{Cursor, Page, Store, StoreError, column::Column, database::decode, key};
use heddle_bytecode::{BinaryLimits, CompiledModule};
use sui_sdk_types::{Address, MovePackage};

/// One version of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageVersion {
    /// The version, counted from 1.
    pub version: u64,
    /// The object that holds it.
    pub storage_id: Address,
}

impl Store {
    /// The versions of the package whose first version has this id, oldest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`], [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn package_versions(
        &self,
        original_id: &Address,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<PackageVersion>, StoreError> {
        self.database.now().page(
            Column::Packages,
            original_id.as_bytes(),
            after,
            limit,
            |key, value| {
                Ok(Some(PackageVersion {
                    version: key::trailing_number(Column::Packages, key)?,
                    storage_id: decode(Column::Packages, key, value)?,
                }))
            },
        )
    }

    /// The newest version of the package whose first version has this id.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn latest_package_version(
        &self,
        original_id: &Address,
    ) -> Result<Option<PackageVersion>, StoreError> {
        let found = self.database.now().last_at_most(
            Column::Packages,
            original_id.as_bytes(),
            &key::versioned(original_id, u64::MAX),
        )?;
        found
            .map(|(key, storage_id)| {
                Ok(PackageVersion {
                    version: key::trailing_number(Column::Packages, &key)?,
                    storage_id,
                })
            })
            .transpose()
    }
}

/// The id of the first version of a package: the address that its modules
/// call themselves by, whatever object holds them. `None` if the package has
/// no readable module, which no published package has.
pub(crate) fn original_id(package: &MovePackage) -> Option<Address> {
    if package.version == 1 {
        return Some(package.id);
    }
    let bytes = package.modules.values().next()?;
    let module = CompiledModule::deserialize(bytes, &BinaryLimits::local()).ok()?;
    let handle = module.get(module.self_module_handle)?;
    module.get(handle.address).copied()
}
