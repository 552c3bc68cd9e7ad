//! Why the scheduler does not take or finish a task.

use crate::WorkerIndex;

/// A task handed back, and why.
#[derive(thiserror::Error)]
#[error("the task was not taken: {reason}")]
pub struct Rejected<T> {
    /// The task, untouched.
    pub task: T,
    /// Why it was not taken.
    #[source]
    pub reason: RejectReason,
}

impl<T> std::fmt::Debug for Rejected<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Rejected")
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Why a task was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RejectReason {
    /// As many tasks are unfinished as the configuration allows. Try again
    /// when some have finished.
    #[error("{tasks_max} tasks are unfinished already; try again later")]
    Full {
        /// The bound.
        tasks_max: usize,
    },
    /// The scheduler is shutting down.
    #[error("the scheduler is shutting down")]
    Closed,
    /// A task panicked earlier.
    #[error(transparent)]
    Failed(TaskPanic),
    /// Whether the inputs exist could not be found out.
    #[error(transparent)]
    Read(#[from] heddle_objects::ReadError),
}

/// A task panicked: a bug in the executor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a task panicked on worker {}: {message}; this is a bug, please report it", worker.0)]
pub struct TaskPanic {
    /// The worker that ran it.
    pub worker: WorkerIndex,
    /// What the panic said.
    pub message: String,
}
