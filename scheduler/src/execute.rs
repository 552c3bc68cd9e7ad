//! What the scheduler runs.

use crate::TaskPanic;
use heddle_objects::ReadError;
use smallvec::SmallVec;
use std::time::Duration;
use sui_sdk_types::Address;

/// One version of one object: what tasks wait for and produce.
///
/// A removal counts as a version, and so does the version that a transaction
/// would have given a shared object which was gone already: those that come
/// after it in the order wait for it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectVersion {
    /// The object.
    pub id: Address,
    /// The version.
    pub version: u64,
}

impl ObjectVersion {
    /// A version of an object.
    pub fn new(id: Address, version: u64) -> Self {
        ObjectVersion { id, version }
    }
}

/// The versions that exist because a task ran.
pub type Produced = SmallVec<[ObjectVersion; 6]>;

/// Which worker thread runs a task, counted from 0. An executor may keep
/// memory per worker: no two tasks run on one worker at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkerIndex(pub usize);

/// Where the time of one task went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskTiming {
    /// From submission until all its inputs existed.
    pub waiting: Duration,
    /// From then until a worker took it.
    pub queued: Duration,
    /// Its execution.
    pub running: Duration,
}

/// Executes tasks. Called from all worker threads at once.
pub trait Execute: Send + Sync + 'static {
    /// A piece of work: a transaction with what its executor needs to know of it.
    type Task: Send + 'static;

    /// Runs a task whose inputs exist, and gives the versions that exist
    /// because of it. They must be visible to other tasks when this returns.
    fn execute(&self, worker: WorkerIndex, task: Self::Task) -> Produced;

    /// Whether a version of an object exists, removals included. May say no
    /// for a version that is only just being made visible; must say yes once
    /// whoever made it visible announces it.
    ///
    /// # Errors
    /// [`ReadError`] if the store fails; the submission is then refused.
    fn exists(&self, version: ObjectVersion) -> Result<bool, ReadError>;

    /// Called after each task, on the worker that ran it. For metrics.
    fn observe(&self, timing: TaskTiming) {
        let _ = timing;
    }

    /// Called once, when a task panicked. The scheduler has stopped executing
    /// and drops the tasks that it still holds.
    fn failed(&self, panic: &TaskPanic) {
        let _ = panic;
    }
}
