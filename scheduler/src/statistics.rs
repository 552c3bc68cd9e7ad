//! Counters of what the scheduler does.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What the scheduler holds and has done, at about one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SchedulerStatistics {
    /// Tasks that wait for a version of an object.
    pub waiting: usize,
    /// Tasks that wait for a worker.
    pub ready: usize,
    /// Tasks that run.
    pub running: usize,
    /// Tasks that have run since the start.
    pub executed_total: u64,
    /// Submissions refused because too many tasks were unfinished.
    pub refused_total: u64,
}

/// The counters behind [`SchedulerStatistics`] that nothing else keeps.
///
/// Relaxed throughout: nothing is decided by them.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) running: AtomicUsize,
    pub(crate) executed: AtomicU64,
    pub(crate) refused: AtomicU64,
    abandoned: AtomicUsize,
}

impl Counters {
    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn start(&self) {
        self.running.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn abandon(&self) {
        self.abandoned.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn take_abandoned(&self) -> usize {
        self.abandoned.swap(0, Ordering::Relaxed)
    }

    pub(crate) fn finish(&self) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        self.executed.fetch_add(1, Ordering::Relaxed);
    }
}
