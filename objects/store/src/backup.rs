//! Copies of the store while it runs, and how large it is.

use crate::{
    Store, StoreError,
    column::Column,
    database::{failed, read_failed},
};
use rocksdb::{checkpoint::Checkpoint, properties};
use std::path::Path;

/// How large one column family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSize {
    /// The column family.
    pub column: Column,
    /// Bytes in table files that are still live, estimated.
    pub disk_bytes: u64,
    /// Bytes not yet in table files.
    pub memory_bytes: u64,
    /// Number of keys, estimated.
    pub keys: u64,
}

impl Store {
    /// Copies the whole store into a new directory, from which another node
    /// can start: the state after the last commit that had returned. Table
    /// files are linked, not copied, where both are on one disk. Commits and
    /// reads go on.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the directory exists or can't be written.
    pub fn backup(&self, directory: impl AsRef<Path>) -> Result<(), StoreError> {
        let directory = directory.as_ref();
        std::fs::create_dir(directory).map_err(|error| StoreError::Io {
            operation: "create the backup directory",
            reason: error.to_string(),
        })?;
        Checkpoint::new(self.database.rocksdb())
            .and_then(|checkpoint| {
                checkpoint.create_checkpoint(directory.join(crate::database::DATABASE_DIRECTORY))
            })
            .map_err(|error| {
                failed(
                    self.path(),
                    self.database.config(),
                    "write the backup",
                    error,
                )
            })?;
        // Last: a directory without it is no store, so half a backup is none.
        crate::database::create_format(directory).map_err(|error| StoreError::Io {
            operation: "write the backup's format file",
            reason: error.to_string(),
        })
    }

    /// How large each column family is.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn sizes(&self) -> Result<Vec<ColumnSize>, StoreError> {
        let database = self.database.rocksdb();
        Column::ALL
            .iter()
            .map(|&column| {
                let handle = self.database.column(column);
                let property = |name| {
                    database
                        .property_int_value_cf(handle, name)
                        .map(Option::unwrap_or_default)
                        .map_err(read_failed)
                };
                Ok(ColumnSize {
                    column,
                    disk_bytes: property(properties::ESTIMATE_LIVE_DATA_SIZE)?,
                    memory_bytes: property(properties::CUR_SIZE_ALL_MEM_TABLES)?,
                    keys: property(properties::ESTIMATE_NUM_KEYS)?,
                })
            })
            .collect()
    }

    /// Bytes of memory that cached blocks take.
    pub fn block_cache_usage_bytes(&self) -> usize {
        self.database.block_cache_usage_bytes()
    }
}
