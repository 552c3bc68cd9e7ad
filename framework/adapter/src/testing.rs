//! A store in memory, for tests of this crate and of those above it.

use heddle_objects::{ExecutionOutput, ObjectRead, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Object, ObjectReference};

/// Every version of every object, in memory. An absent entry at a version
/// marks that the object stopped being live there.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    versions: BTreeMap<(Address, u64), Option<Arc<Object>>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object version.
    pub fn insert(&mut self, object: Object) -> ObjectReference {
        let reference = ObjectReference::new(object.object_id(), object.version(), object.digest());
        self.versions.insert(
            (object.object_id(), object.version()),
            Some(Arc::new(object)),
        );
        reference
    }

    /// Applies what a transaction did.
    pub fn apply(&mut self, output: &ExecutionOutput) {
        for written in &output.written {
            let object = &written.object;
            self.versions.insert(
                (object.object_id(), object.version()),
                Some(Arc::clone(object)),
            );
        }
        for id in &output.removed {
            self.versions.insert((*id, output.lamport_version), None);
        }
    }

    /// The latest version of every live object, by id.
    pub fn live(&self) -> BTreeMap<Address, Arc<Object>> {
        let mut live = BTreeMap::new();
        for ((id, _), object) in &self.versions {
            match object {
                Some(object) => live.insert(*id, Arc::clone(object)),
                None => live.remove(id),
            };
        }
        live
    }

    /// A reference to the latest version of a live object.
    pub fn reference(&self, id: &Address) -> Option<ObjectReference> {
        let object = self.newest(id, u64::MAX)?;
        Some(ObjectReference::new(*id, object.version(), object.digest()))
    }

    /// The version of the latest change to an object, be it its removal; what
    /// the ordered path would assign next.
    pub fn newest_version(&self, id: &Address) -> Option<u64> {
        self.versions
            .range((*id, 0)..=(*id, u64::MAX))
            .next_back()
            .map(|((_, version), _)| *version)
    }

    fn newest(&self, id: &Address, bound: u64) -> Option<Arc<Object>> {
        self.versions
            .range((*id, 0)..=(*id, bound))
            .next_back()
            .and_then(|(_, object)| object.clone())
    }
}

impl ObjectRead for MemoryStore {
    fn latest(&self, id: &Address) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(self.newest(id, u64::MAX))
    }

    fn at_version(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(self.versions.get(&(*id, version)).cloned().flatten())
    }

    fn at_or_before(&self, id: &Address, bound: u64) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(self.newest(id, bound))
    }
}
