//! The execution's window on stored state: packages for the VM, children and
//! received objects for natives.
//!
//! Natives can't hold a reference to the store, so they put questions to the
//! execution's package source, which is a [`Host`]; [`ChildQuestion`] and
//! [`ReceiveQuestion`] are what it answers.
//!
//! Which version of a child is seen follows from the inputs: a child of a root
//! is read at the newest version that is not newer than the root's. The root
//! is found from the parent's id: an input, a received object, a child read
//! before, or an id nested in the contents of one of these.

use crate::packages::{PackageCache, StoredPackage};
use crate::uid_scan::nested_uids;
use heddle_objects::{ObjectRead, ReadError};
use heddle_vm::{Package, PackageSource, SourceError, Vm};
use parking_lot::Mutex;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Object, Owner};

/// Answer to a question about an object: the object, `None` if there is none,
/// or why nobody knows.
type Answer = Result<Option<Arc<Object>>, String>;

/// Asks for the child `child` of the object `parent`.
#[derive(Debug)]
pub(crate) struct ChildQuestion {
    parent: Address,
    child: Address,
    answer: Option<Answer>,
}

impl ChildQuestion {
    /// The question.
    pub(crate) fn new(parent: Address, child: Address) -> Self {
        ChildQuestion {
            parent,
            child,
            answer: None,
        }
    }

    /// The answer; a host without a store, as in unit tests, has no children.
    pub(crate) fn into_answer(self) -> Answer {
        self.answer.unwrap_or(Ok(None))
    }
}

/// Asks for an object to be received.
#[derive(Debug)]
pub(crate) struct ReceiveQuestion {
    id: Address,
    version: u64,
    answer: Option<Answer>,
}

impl ReceiveQuestion {
    /// The question.
    pub(crate) fn new(id: Address, version: u64) -> Self {
        ReceiveQuestion {
            id,
            version,
            answer: None,
        }
    }

    /// The answer; a host without a store has nothing to receive.
    pub(crate) fn into_answer(self) -> Answer {
        self.answer.unwrap_or(Ok(None))
    }
}

/// Which version bounds the children of which id.
#[derive(Debug, Default)]
struct Roots {
    bounds: BTreeMap<Address, u64>,
    /// Objects whose nested ids are not in `bounds` yet, with their bound.
    unscanned: Vec<(Arc<Object>, u64)>,
}

/// What one execution sees of stored state.
pub(crate) struct Host<'a> {
    store: &'a dyn ObjectRead,
    cache: &'a PackageCache,
    vm: &'a Vm,
    /// Packages that the running transaction publishes.
    unpublished: Mutex<BTreeMap<Address, Arc<Package>>>,
    roots: Mutex<Roots>,
    /// The first failure of the store. The VM sees it as a failed source; the
    /// adapter must not mistake it for a failed transaction.
    fault: Mutex<Option<ReadError>>,
}

impl<'a> Host<'a> {
    /// A window on `store`.
    pub(crate) fn new(store: &'a dyn ObjectRead, cache: &'a PackageCache, vm: &'a Vm) -> Self {
        Host {
            store,
            cache,
            vm,
            unpublished: Mutex::default(),
            roots: Mutex::default(),
            fault: Mutex::default(),
        }
    }

    /// Makes `object` a root: its children are read at versions up to its own.
    pub(crate) fn add_root(&self, object: &Arc<Object>) {
        self.add_bounded(object, object.version());
    }

    fn add_bounded(&self, object: &Arc<Object>, bound: u64) {
        let mut roots = self.roots.lock();
        roots.bounds.insert(object.object_id(), bound);
        roots.unscanned.push((Arc::clone(object), bound));
    }

    /// Makes a package that is about to be published visible to this execution.
    pub(crate) fn add_unpublished(&self, package: Arc<Package>) {
        self.unpublished.lock().insert(package.storage_id, package);
    }

    /// The stored package `id`.
    pub(crate) fn stored_package(&self, id: &Address) -> Result<Option<StoredPackage>, ReadError> {
        self.cache.get(id, self.store)
    }

    /// The object stored under `id`, in its latest version.
    pub(crate) fn latest(&self, id: &Address) -> Result<Option<Arc<Object>>, ReadError> {
        self.store.latest(id)
    }

    /// The failure of the store that happened in this execution, if one did.
    pub(crate) fn take_fault(&self) -> Option<ReadError> {
        self.fault.lock().take()
    }

    fn keep_fault(&self, error: ReadError) -> String {
        let detail = error.to_string();
        self.fault.lock().get_or_insert(error);
        detail
    }

    /// The version that bounds the children of `parent`; `None` if the parent
    /// was made in this transaction, and so has no stored children.
    fn bound(&self, parent: &Address) -> Option<u64> {
        loop {
            let (object, bound) = {
                let mut roots = self.roots.lock();
                if let Some(bound) = roots.bounds.get(parent) {
                    return Some(*bound);
                }
                roots.unscanned.pop()?
            };
            // The lock is open here: layouts are loaded through this host.
            let nested = nested_uids(self.vm, self, &object);
            let mut roots = self.roots.lock();
            for id in nested {
                roots.bounds.entry(id).or_insert(bound);
            }
        }
    }

    fn child(&self, parent: Address, child: Address) -> Answer {
        let Some(bound) = self.bound(&parent) else {
            return Ok(None);
        };
        let object = self
            .store
            .at_or_before(&child, bound)
            .map_err(|error| self.keep_fault(error))?
            .filter(|object| *object.owner() == Owner::Object(parent));
        if let Some(object) = &object {
            self.add_bounded(object, bound);
        }
        Ok(object)
    }

    fn received(&self, id: Address, version: u64) -> Answer {
        let object = self
            .store
            .at_version(&id, version)
            .map_err(|error| self.keep_fault(error))?;
        if let Some(object) = &object {
            self.add_root(object);
        }
        Ok(object)
    }
}

impl PackageSource for Host<'_> {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        if let Some(package) = self.unpublished.lock().get(storage_id) {
            return Ok(Some(Arc::clone(package)));
        }
        match self.stored_package(storage_id) {
            Ok(stored) => Ok(stored.map(|stored| stored.package)),
            Err(error) => Err(SourceError {
                storage_id: *storage_id,
                detail: self.keep_fault(error),
            }),
        }
    }

    fn ask(&self, question: &mut dyn Any) {
        if let Some(question) = question.downcast_mut::<ChildQuestion>() {
            question.answer = Some(self.child(question.parent, question.child));
        } else if let Some(question) = question.downcast_mut::<ReceiveQuestion>() {
            question.answer = Some(self.received(question.id, question.version));
        }
    }
}
