//! Calls from outside, resolved once: from names and tags to an index.

use crate::linkage::{FunctionIndex, LinkContext};
use parking_lot::RwLock;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use sui_sdk_types::{Identifier, TypeTag};

/// Entries kept per linkage context; beyond that the cache starts anew.
const ENTRIES_MAX: usize = 1 << 14;

/// A resolved call.
#[derive(Debug)]
pub(crate) struct Entry {
    module: Identifier,
    function: Identifier,
    type_arguments: Vec<TypeTag>,
    pub(crate) index: FunctionIndex,
    /// Contexts of packages that only the type arguments brought in.
    pub(crate) foreign: Vec<Arc<LinkContext>>,
}

/// Resolved calls by a hash of what was asked for.
#[derive(Debug, Default)]
pub(crate) struct EntryCache {
    entries: RwLock<FxHashMap<u64, Vec<Arc<Entry>>>>,
}

impl EntryCache {
    /// The entry for exactly these names and tags. Allocates nothing.
    pub(crate) fn get(
        &self,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Option<Arc<Entry>> {
        let entries = self.entries.read();
        let found = entries.get(&key(module, function, type_arguments))?;
        found
            .iter()
            .find(|entry| entry.is_for(module, function, type_arguments))
            .cloned()
    }

    /// Keeps an entry, in place of an older one for the same call.
    pub(crate) fn insert(
        &self,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
        index: FunctionIndex,
        foreign: Vec<Arc<LinkContext>>,
    ) -> Arc<Entry> {
        let entry = Arc::new(Entry {
            module: module.clone(),
            function: function.clone(),
            type_arguments: type_arguments.to_vec(),
            index,
            foreign,
        });
        let mut entries = self.entries.write();
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        let same_hash = entries
            .entry(key(module, function, type_arguments))
            .or_default();
        same_hash.retain(|known| !known.is_for(module, function, type_arguments));
        same_hash.push(entry.clone());
        entry
    }
}

impl EntryCache {
    /// Forgets all entries. Two contexts may hold one another through their
    /// entries, so a context that is no longer handed out must let go.
    pub(crate) fn clear(&self) {
        self.entries.write().clear();
    }
}

impl Entry {
    fn is_for(&self, module: &Identifier, function: &Identifier, tags: &[TypeTag]) -> bool {
        self.module == *module && self.function == *function && self.type_arguments == tags
    }
}

fn key(module: &Identifier, function: &Identifier, type_arguments: &[TypeTag]) -> u64 {
    let mut hasher = FxHasher::default();
    module.as_str().hash(&mut hasher);
    function.as_str().hash(&mut hasher);
    type_arguments.hash(&mut hasher);
    hasher.finish()
}
