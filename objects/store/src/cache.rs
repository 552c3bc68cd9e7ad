//! The object cache: the newest versions of objects, in front of the store.
//!
//! It does two things. It shows what executed transactions wrote to those that
//! depend on them before the store has it on disk, so that execution never
//! waits for a disk. And it keeps recently used objects decoded.
//!
//! ```text
//!   execution ──insert──▶ pinned ──commit──▶ kept while used ──▶ evicted
//!                           ▲                     ▲
//!                    not durable yet       also: read from the store
//! ```
//!
//! For each id the cache holds a *suffix* of its history: the newest version
//! and perhaps some before it, with none missing in between. So it can answer
//! for every version from the first it holds onwards, absence included, and
//! asks the store only for older ones. A version read from the store starts a
//! suffix only if it is the newest and no write came in between.
//!
//! # Memory
//! Pinned versions are not bounded here: the node bounds how many transactions
//! wait for their commit. The rest is bounded by
//! [`ObjectCacheConfig::capacity_bytes`]; what was not used since the clock
//! hand last passed goes first.
//!
//! # Locks
//! One mutex per shard, an object's shard follows from its id. No two shards
//! are ever locked together, and no lock is held while the store is read.

use crate::{
    CommitBatch, CommitEntry, ExecutionSequence, LiveRecord, ObjectKind, Store, StoreError,
};
use heddle_objects::{
    ObjectRead, ReadError,
    object::{coin_balance, payload_bytes},
};
use parking_lot::{Mutex, MutexGuard};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::{
    collections::VecDeque,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use sui_sdk_types::{
    Address, Digest, IdOperation, Object, ObjectIn, ObjectOut, Owner, UnchangedConsensusKind,
};

/// Shards of the cache. A power of two.
const SHARDS: usize = 64;
/// Committed versions kept of one object.
const VERSIONS_KEPT: usize = 2;
/// What an entry costs beyond its objects, in bytes, roughly.
const ENTRY_BYTES: usize = 160;
/// What a cached version costs beyond its contents, in bytes, roughly.
const VERSION_BYTES: usize = 400;

const _: () = assert!(SHARDS.is_power_of_two() && SHARDS <= 256);

/// How large the cache may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectCacheConfig {
    /// Memory for objects that the store has, in bytes.
    pub capacity_bytes: usize,
}

impl Default for ObjectCacheConfig {
    fn default() -> Self {
        ObjectCacheConfig {
            capacity_bytes: 256 << 20,
        }
    }
}

/// How full the cache is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectCacheUsage {
    /// Objects of which it holds at least one version.
    pub objects: usize,
    /// Memory that they take, in bytes, estimated.
    pub bytes: usize,
    /// Versions that are not committed yet.
    pub uncommitted_versions: usize,
}

/// The newest version of an object, removal included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestVersion {
    /// The version.
    pub version: u64,
    /// Whether the object is live at that version.
    pub is_live: bool,
}

/// What a transaction that takes an object is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectFacts {
    /// The live version.
    pub version: u64,
    /// Digest of the object at that version.
    pub digest: Digest,
    /// Who may use it.
    pub owner: Owner,
    /// Its balance, if it is a coin.
    pub balance: Option<u64>,
}

/// The object cache. See the module's documentation.
pub struct ObjectCache {
    store: Arc<Store>,
    shards: Box<[Mutex<Shard>]>,
    shard_capacity_bytes: usize,
    uncommitted: AtomicUsize,
}

#[derive(Default)]
struct Shard {
    entries: FxHashMap<Address, Entry>,
    /// Every id in `entries` once, in the order in which the clock hand comes by.
    clock: VecDeque<Address>,
    bytes: usize,
    /// Counts writes. A reader that went to the store caches what it found
    /// only if this has not moved since.
    writes: u64,
}

/// A suffix of one object's history, oldest first, never empty.
#[derive(Default)]
struct Entry {
    versions: SmallVec<[CachedVersion; VERSIONS_KEPT]>,
    used: bool,
}

struct CachedVersion {
    version: u64,
    /// Of the object; zero for a removal.
    digest: Digest,
    /// `None`: the object was removed at this version.
    object: Option<Arc<Object>>,
    /// The version that this one replaced, if it is known.
    replaced: Option<u64>,
    /// The transaction that made it.
    maker: Digest,
    is_committed: bool,
}

/// What the cache says about a version.
enum Lookup {
    /// This is the answer.
    Known(Option<Arc<Object>>),
    /// Nothing is cached of the object. Carries the shard's count of writes.
    Absent(u64),
    /// It lies before what is cached of the object.
    Older,
}

impl ObjectCache {
    /// An empty cache in front of a store.
    pub fn new(store: Arc<Store>, config: ObjectCacheConfig) -> Self {
        ObjectCache {
            store,
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            shard_capacity_bytes: config.capacity_bytes / SHARDS,
            uncommitted: AtomicUsize::new(0),
        }
    }

    /// The store behind it, which sees only what is committed.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Makes what a transaction wrote visible to those that depend on it, and
    /// keeps it until [`ObjectCache::commit`].
    ///
    /// Call it before anybody learns that the transaction has executed, and
    /// for the transactions that write one object in the order of its versions.
    pub fn insert(&self, entry: &CommitEntry) {
        for_each_output(entry, |id, made| {
            let mut shard = self.shard(id);
            shard.writes += 1;
            shard.push(*id, made);
            shard.evict(self.shard_capacity_bytes);
            // A plain count for metrics; nothing is read because of it.
            self.uncommitted.fetch_add(1, Ordering::Relaxed);
        });
    }

    /// Commits a batch to the store, then lets go of what it wrote. Gives the
    /// execution sequence numbers of its transactions.
    ///
    /// # Errors
    /// Those of [`Store::commit`]. What the batch wrote stays visible here.
    pub fn commit(&self, batch: &CommitBatch) -> Result<Range<ExecutionSequence>, StoreError> {
        let sequences = self.store.commit(batch)?;
        for entry in batch.entries() {
            for_each_output(entry, |id, made| {
                let mut shard = self.shard(id);
                if shard.mark_committed(id, made.version) {
                    self.uncommitted.fetch_sub(1, Ordering::Relaxed);
                }
                shard.evict(self.shard_capacity_bytes);
            });
        }
        Ok(sequences)
    }

    /// The newest version of an object, removal included: what the next shared
    /// use of it is assigned. `None` if it never was live.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn newest_version(&self, id: &Address) -> Result<Option<NewestVersion>, StoreError> {
        if let Some(newest) = self.shard(id).entries.get(id).and_then(Entry::newest) {
            return Ok(Some(NewestVersion {
                version: newest.version,
                is_live: newest.object.is_some(),
            }));
        }
        Ok(self.store.live(id)?.map(|record| NewestVersion {
            version: record.version(),
            is_live: record.live().is_some(),
        }))
    }

    /// Whether a version of an object exists, removals included: whether a
    /// transaction that takes it can run.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn has_version(&self, id: &Address, version: u64) -> Result<bool, StoreError> {
        if let Some(entry) = self.shard(id).entries.get(id)
            && let Some(has) = entry.has(version)
        {
            return Ok(has);
        }
        self.store.has_version(id, version)
    }

    /// What is live of an object, without its contents; `None` if it is not
    /// live.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn facts(&self, id: &Address) -> Result<Option<ObjectFacts>, StoreError> {
        if let Some(newest) = self.shard(id).entries.get(id).and_then(Entry::newest) {
            return Ok(newest.object.as_ref().map(|object| ObjectFacts {
                version: newest.version,
                digest: newest.digest,
                owner: *object.owner(),
                balance: coin_balance(object),
            }));
        }
        let Some(LiveRecord::Live(live)) = self.store.live(id)? else {
            return Ok(None);
        };
        Ok(Some(ObjectFacts {
            version: live.version,
            digest: live.digest,
            owner: live.owner,
            balance: match live.kind {
                ObjectKind::Struct { balance, .. } => balance,
                ObjectKind::Package => None,
            },
        }))
    }

    /// The digest of the transaction that consumed an object version, `None`
    /// if none has executed yet.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn consumer_of(&self, id: &Address, version: u64) -> Result<Option<Digest>, StoreError> {
        if let Some(entry) = self.shard(id).entries.get(id)
            && let Some(consumer) = entry.consumer_of(version)
        {
            return Ok(consumer);
        }
        self.store.consumer_of(id, version)
    }

    /// How full the cache is.
    pub fn usage(&self) -> ObjectCacheUsage {
        let mut usage = ObjectCacheUsage {
            uncommitted_versions: self.uncommitted.load(Ordering::Relaxed),
            ..ObjectCacheUsage::default()
        };
        for shard in &self.shards {
            let shard = shard.lock();
            usage.objects += shard.entries.len();
            usage.bytes += shard.bytes;
        }
        usage
    }

    fn shard(&self, id: &Address) -> MutexGuard<'_, Shard> {
        // Ids are hashes, and the system's own differ in the last byte.
        let byte = id.inner()[Address::LENGTH - 1];
        self.shards[usize::from(byte) % SHARDS].lock()
    }

    fn lookup(
        &self,
        id: &Address,
        answer: impl FnOnce(&Entry) -> Option<Option<Arc<Object>>>,
    ) -> Lookup {
        let mut shard = self.shard(id);
        let writes = shard.writes;
        let Some(entry) = shard.entries.get_mut(id) else {
            return Lookup::Absent(writes);
        };
        entry.used = true;
        match answer(entry) {
            Some(object) => Lookup::Known(object),
            None => Lookup::Older,
        }
    }

    /// Reads what is live from the store, and caches it if no write came in
    /// between.
    fn load_newest(&self, id: &Address, writes: u64) -> Result<Option<Arc<Object>>, StoreError> {
        let Some(LiveRecord::Live(live)) = self.store.live(id)? else {
            return Ok(None);
        };
        let Some(object) = self.store.object_at(id, live.version)? else {
            return Ok(None);
        };
        let mut shard = self.shard(id);
        if shard.writes == writes && !shard.entries.contains_key(id) {
            shard.push(
                *id,
                CachedVersion {
                    version: live.version,
                    digest: live.digest,
                    object: Some(Arc::clone(&object)),
                    replaced: None,
                    maker: object.previous_transaction(),
                    is_committed: true,
                },
            );
            shard.evict(self.shard_capacity_bytes);
        }
        Ok(Some(object))
    }
}

impl ObjectRead for ObjectCache {
    fn latest(&self, id: &Address) -> Result<Option<Arc<Object>>, ReadError> {
        match self.lookup(id, |entry| Some(entry.newest()?.object.clone())) {
            Lookup::Known(object) => Ok(object),
            Lookup::Absent(writes) => self.load_newest(id, writes),
            Lookup::Older => self.store.object(id),
        }
        .map_err(|error: StoreError| error.reading(id, None))
    }

    fn at_version(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, ReadError> {
        match self.lookup(id, |entry| entry.at(version)) {
            Lookup::Known(object) => Ok(object),
            // Inputs are nearly always the newest version: then keep it.
            Lookup::Absent(writes) => match self.load_newest(id, writes) {
                Ok(Some(object)) if object.version() == version => Ok(Some(object)),
                Ok(_) => self.store.object_at(id, version),
                Err(error) => Err(error),
            },
            Lookup::Older => self.store.object_at(id, version),
        }
        .map_err(|error: StoreError| error.reading(id, Some(version)))
    }

    fn at_or_before(&self, id: &Address, bound: u64) -> Result<Option<Arc<Object>>, ReadError> {
        match self.lookup(id, |entry| entry.at_or_before(bound)) {
            Lookup::Known(object) => Ok(object),
            Lookup::Absent(writes) => match self.load_newest(id, writes) {
                Ok(Some(object)) if object.version() <= bound => Ok(Some(object)),
                Ok(_) => self.store.object_at_or_before(id, bound),
                Err(error) => Err(error),
            },
            Lookup::Older => self.store.object_at_or_before(id, bound),
        }
        .map_err(|error: StoreError| error.reading(id, Some(bound)))
    }
}

impl Shard {
    fn push(&mut self, id: Address, version: CachedVersion) {
        let bytes = version.bytes();
        let entry = match self.entries.entry(id) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                self.clock.push_back(id);
                self.bytes += ENTRY_BYTES;
                entry.insert(Entry::default())
            }
        };
        entry.used = true;
        debug_assert!(
            entry
                .newest()
                .is_none_or(|newest| newest.version < version.version)
        );
        entry.versions.push(version);
        self.bytes += bytes;
    }

    /// Marks a version as committed and drops old ones. Whether it was there
    /// and was not committed before.
    fn mark_committed(&mut self, id: &Address, version: u64) -> bool {
        let Some(entry) = self.entries.get_mut(id) else {
            return false;
        };
        let Some(cached) = entry
            .versions
            .iter_mut()
            .find(|cached| cached.version == version && !cached.is_committed)
        else {
            return false;
        };
        cached.is_committed = true;
        while entry.versions.len() > VERSIONS_KEPT && entry.versions[0].is_committed {
            self.bytes -= entry.versions.remove(0).bytes();
        }
        true
    }

    /// Turns the clock until the shard is within its capacity, or the hand has
    /// passed every entry twice.
    fn evict(&mut self, capacity_bytes: usize) {
        let mut steps = 2 * self.clock.len();
        while self.bytes > capacity_bytes && steps > 0 {
            steps -= 1;
            let Some(id) = self.clock.pop_front() else {
                return;
            };
            let Some(entry) = self.entries.get_mut(&id) else {
                continue;
            };
            if entry.used || entry.is_pinned() {
                entry.used = false;
                self.clock.push_back(id);
            } else {
                self.bytes -= ENTRY_BYTES;
                self.bytes -= entry
                    .versions
                    .iter()
                    .map(CachedVersion::bytes)
                    .sum::<usize>();
                self.entries.remove(&id);
            }
        }
    }
}

impl Entry {
    fn newest(&self) -> Option<&CachedVersion> {
        self.versions.last()
    }

    fn is_pinned(&self) -> bool {
        // Versions commit in order, so the newest is the last to be committed.
        self.newest().is_some_and(|newest| !newest.is_committed)
    }

    /// The newest cached version up to `bound`; `None` if that lies before the suffix.
    fn up_to(&self, bound: u64) -> Option<&CachedVersion> {
        self.versions
            .iter()
            .rev()
            .find(|cached| cached.version <= bound)
    }

    fn at_or_before(&self, bound: u64) -> Option<Option<Arc<Object>>> {
        Some(self.up_to(bound)?.object.clone())
    }

    fn at(&self, version: u64) -> Option<Option<Arc<Object>>> {
        let cached = self.up_to(version)?;
        Some(match &cached.object {
            Some(object) if cached.version == version => Some(Arc::clone(object)),
            _ => None,
        })
    }

    /// The consumer of a version; `None` if the store must be asked.
    fn consumer_of(&self, version: u64) -> Option<Option<Digest>> {
        if self.newest()?.version <= version {
            return Some(None);
        }
        let successor = self
            .versions
            .iter()
            .find(|cached| cached.replaced == Some(version))?;
        Some(Some(successor.maker))
    }

    fn has(&self, version: u64) -> Option<bool> {
        Some(self.up_to(version)?.version == version)
    }
}

impl CachedVersion {
    fn bytes(&self) -> usize {
        VERSION_BYTES + self.object.as_deref().map_or(0, payload_bytes)
    }
}

/// Calls `visit` with every version that a transaction made, removals included.
fn for_each_output(entry: &CommitEntry, mut visit: impl FnMut(&Address, CachedVersion)) {
    let Some(effects) = entry.executed.effects_v2() else {
        return;
    };
    let made = |object: Option<&Arc<Object>>, digest, replaced| CachedVersion {
        version: object.map_or(effects.lamport_version, |object| object.version()),
        digest,
        object: object.cloned(),
        replaced,
        maker: entry.executed.digest,
        is_committed: false,
    };
    for change in &effects.changed_objects {
        let id = &change.object_id;
        let replaced = match &change.input_state {
            ObjectIn::Exist { version, .. } => Some(*version),
            _ => None,
        };
        match &change.output_state {
            ObjectOut::ObjectWrite { digest, .. } | ObjectOut::PackageWrite { digest, .. } => {
                if let Some(object) = written(entry, id) {
                    visit(id, made(Some(object), *digest, replaced));
                }
            }
            // Made and wrapped by this transaction: never an object of its own.
            ObjectOut::NotExist
                if replaced.is_none() && change.id_operation == IdOperation::Created => {}
            ObjectOut::NotExist => visit(id, made(None, Digest::ZERO, replaced)),
            // Not an object.
            _ => {}
        }
    }
    for unchanged in &effects.unchanged_consensus_objects {
        if matches!(unchanged.kind, UnchangedConsensusKind::MutateDeleted { .. }) {
            visit(&unchanged.object_id, made(None, Digest::ZERO, None));
        }
    }
}

/// An object that a transaction wrote. The executor sorts them by id; an
/// output that is not sorted still works, only slower.
fn written<'a>(entry: &'a CommitEntry, id: &Address) -> Option<&'a Arc<Object>> {
    let found = entry
        .written
        .binary_search_by_key(id, |written| written.object.object_id());
    match found {
        Ok(index) => Some(&entry.written[index].object),
        Err(_) => entry
            .written
            .iter()
            .map(|written| &written.object)
            .find(|object| object.object_id() == *id),
    }
}

#[cfg(test)]
mod tests;
