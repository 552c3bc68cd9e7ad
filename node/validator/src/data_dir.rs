//! The data directory: who has it, and what lies where.
//!
//! ```text
//! <data directory>/
//!   lock            locked by the process that runs on it
//!   validator.key   the validator's secret key, mode 0600
//!   store/          the store
//! ```

use crate::{StartError, validator_key::file_error};
use heddle_store::{Durability as StoreDurability, Store, StoreConfig, StoreError};
use rustix::fs::{FlockOperation, flock};
use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// A data directory that this process has for itself, until it is dropped.
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Takes a directory, making it if it is missing.
    ///
    /// # Errors
    /// [`StartError::InUse`] if another process has it; otherwise what the
    /// file system says.
    pub(crate) fn take(path: &Path) -> Result<Self, StartError> {
        std::fs::create_dir_all(path).map_err(|error| file_error(path, &error))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| file_error(&lock_path, &error))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(DataDir {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StartError::InUse {
                path: path.to_owned(),
            }),
            Err(error) => Err(file_error(&lock_path, &error.into())),
        }
    }

    /// The validator's key file.
    pub(crate) fn key_path(&self) -> PathBuf {
        self.path.join("validator.key")
    }

    fn store_path(&self) -> PathBuf {
        self.path.join("store")
    }

    /// Deletes the network in it. The validator keeps its key.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn wipe(&self) -> Result<(), StartError> {
        let path = self.store_path();
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(file_error(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Opens the store in it.
    ///
    /// # Errors
    /// [`StartError`] by what the operator can do about it.
    pub(crate) fn open_store(&self, durability: StoreDurability) -> Result<Store, StartError> {
        let config = StoreConfig {
            durability,
            ..StoreConfig::default()
        };
        Store::open(self.store_path(), config).map_err(|error| self.store_error(error))
    }

    /// Sorts an error of the store by what the operator can do about it.
    pub(crate) fn store_error(&self, error: StoreError) -> StartError {
        let path = self.path.clone();
        match error {
            StoreError::Locked { .. } => StartError::InUse { path },
            StoreError::OtherVersion {
                found, expected, ..
            } => StartError::OtherFormat {
                path,
                found: u64::from(found),
                expected: u64::from(expected),
            },
            StoreError::DiskFull { .. } => StartError::DiskFull { path },
            StoreError::Corrupt { .. } => StartError::Inconsistent {
                path,
                reason: error.to_string(),
            },
            StoreError::Io { ref reason, .. } if reason.contains("ermission denied") => {
                StartError::Permission { path }
            }
            other => StartError::Store {
                path,
                reason: other.to_string(),
            },
        }
    }
}
