//! Packages as the loader sees them, and where they come from.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

/// A published package. Immutable once published.
///
/// *Storage id* is where this version is stored; *original id* is the storage
/// id of the package's first version, and is what modules carry inside as
/// their own address. The linkage says which stored version stands for each
/// dependency's original id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Where this version is stored.
    pub storage_id: Address,
    /// Where the first version was stored.
    pub original_id: Address,
    /// Version of the package, from 1. Packages of the system keep their
    /// storage id when they are upgraded, so only (id, version) names content.
    pub version: u64,
    /// Modules in the binary format, by name.
    pub modules: BTreeMap<Identifier, Arc<[u8]>>,
    /// (module, datatype) to the storage id of the version that first defined
    /// it. A type that is missing here counts as defined by this version.
    pub type_origins: BTreeMap<(Identifier, Identifier), Address>,
    /// Original id to storage id, of every transitive dependency.
    pub linkage: BTreeMap<Address, Address>,
}

/// Where packages come from, and the door through which natives ask their host
/// for data.
///
/// Implementations are asked for the same package often; they should answer
/// with the same `Arc`, which lets the caches compare pointers instead of
/// bytes.
pub trait PackageSource: Send + Sync {
    /// The package stored under `storage_id`, `None` if there is none.
    ///
    /// # Errors
    /// If the source itself failed; the execution then ends with
    /// [`ExecutionErrorKind::Source`](crate::ExecutionErrorKind::Source).
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError>;

    /// Answers a native's question by changing it in place; both sides know
    /// the type behind `Any`. This is how natives reach data that lives no
    /// longer than the execution (see
    /// [`NativeContext::source`](crate::NativeContext::source)). By default
    /// questions stay unanswered.
    fn ask(&self, _question: &mut dyn Any) {}
}

/// A package source failed; not the program's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("package source failed for {storage_id}: {detail}")]
pub struct SourceError {
    /// The package asked for.
    pub storage_id: Address,
    /// What went wrong, in the source's words.
    pub detail: String,
}
