//! What the deserialiser accepts.

use std::collections::BTreeMap;

use crate::format::{self, TableKind};

/// Limits that hold while a module is read, so that reading never costs more
/// than they allow.
///
/// The bytes of a module bound the memory that it takes: every entry costs at
/// least a byte, and no entry is made before its bytes have been seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinaryLimits {
    /// Bytes of a module.
    pub module_bytes: usize,
    /// The oldest version that is read.
    pub version_min: u32,
    /// The newest version that is read.
    pub version_max: u32,
    /// Whether modules built in test mode are read.
    pub allow_unpublishable: bool,
    /// Whether a module may carry a metadata table. It holds bytes that no
    /// rule looks at, so published modules must not.
    pub allow_metadata: bool,
    /// Depth of a type, at most [`format::TYPE_DEPTH_MAX`].
    pub type_depth: usize,
    /// How many entries a table may have, for the tables where that differs
    /// from what published modules may have.
    pub entries: BTreeMap<TableKind, usize>,
}

impl BinaryLimits {
    /// Limits for modules that arrive in transactions.
    #[must_use]
    pub fn published() -> Self {
        Self {
            module_bytes: 256 * 1024,
            version_min: format::VERSION_MIN,
            version_max: format::VERSION_MAX,
            allow_unpublishable: false,
            allow_metadata: false,
            type_depth: format::TYPE_DEPTH_MAX,
            entries: BTreeMap::new(),
        }
    }

    /// Limits for modules that were compiled here, to be run in tests.
    #[must_use]
    pub fn local() -> Self {
        let entries = TableKind::ALL
            .iter()
            .map(|kind| (*kind, usize::from(u16::MAX)))
            .collect();
        Self {
            module_bytes: 16 * 1024 * 1024,
            allow_unpublishable: true,
            allow_metadata: true,
            entries,
            ..Self::published()
        }
    }

    /// The same limits with another number of entries for one table. No table
    /// can have more than 65,536, which is what an index reaches.
    #[must_use]
    pub fn with_entries(mut self, kind: TableKind, entries: usize) -> Self {
        self.entries.insert(kind, entries);
        self
    }

    /// How many entries a table may have.
    #[must_use]
    pub fn entries(&self, kind: TableKind) -> usize {
        let limit = self
            .entries
            .get(&kind)
            .copied()
            .unwrap_or_else(|| kind.default_limit());
        limit.min(usize::from(u16::MAX) + 1)
    }
}

impl Default for BinaryLimits {
    fn default() -> Self {
        Self::published()
    }
}
