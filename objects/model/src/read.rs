//! The one door through which execution sees state.

use std::sync::Arc;
use sui_sdk_types::{Address, Object};

/// Why an object could not be read. Absence is no error: it is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store failed (disk, corruption). The environment's fault: the
    /// transaction is neither executed nor charged.
    #[error("the store could not read object {id} at version {version:?}: {reason}")]
    Storage {
        /// The object that was asked for.
        id: Address,
        /// The version that was asked for, `None` for the latest.
        version: Option<u64>,
        /// What the store said.
        reason: String,
    },
}

/// Reads object versions. An object version never changes once written, so
/// every answer may be cached by (id, version).
pub trait ObjectRead: Send + Sync {
    /// The latest live version of an object, `None` if it never existed, was
    /// deleted, or is wrapped.
    ///
    /// # Errors
    /// [`ReadError::Storage`] if the store fails.
    fn latest(&self, id: &Address) -> Result<Option<Arc<Object>>, ReadError>;

    /// An object at exactly this version, `None` if it has no such version.
    ///
    /// # Errors
    /// [`ReadError::Storage`] if the store fails.
    fn at_version(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, ReadError>;

    /// The newest version of an object that is at most `bound`, `None` if it
    /// did not exist or was not live at that version. This is how children of
    /// a parent at a known version are read: a child's version never exceeds
    /// that of the parent under which it was last written.
    ///
    /// # Errors
    /// [`ReadError::Storage`] if the store fails.
    fn at_or_before(&self, id: &Address, bound: u64) -> Result<Option<Arc<Object>>, ReadError>;
}
