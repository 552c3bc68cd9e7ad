//! The scheduler: runs transactions in parallel, each as soon as the object
//! versions that it takes exist.
//!
//! Every input of a Move transaction is an (object, version) known before it
//! runs: owned inputs name theirs, and the ordered path assigns those of
//! shared objects. So the order between transactions is a dataflow graph, not
//! a guess: nothing is ever executed twice, and the outcome does not depend on
//! the number of threads.
//!
//! ```text
//!  schedule(task, inputs)          announce(versions)
//!        │ some missing                  │
//!        ├────────────▶ wait table ──────┤ wakes
//!        │ none missing (by version)     ▼
//!        └─────────────────────────▶ ready queue ──▶ worker threads
//!  spawn(task) ────────────────────────▲               │ execute
//!                                      └── produced ◀──┘
//! ```
//!
//! * [`Execute`] is what the scheduler runs; it knows nothing else of
//!   transactions, objects or storage.
//! * [`Scheduler`] is the worker pool, the ready queue and the wait table.
//! * `testing` has the one check that every executor must pass: parallel
//!   equals serial.
//!
//! Readers of one version run together: reading makes no version, so nothing
//! orders them. A writer makes the next version, which only those wait for
//! that take it.
//!
//! # Bounds
//! [`SchedulerConfig::tasks_max`] bounds all tasks that have not finished:
//! waiting, ready or running. Beyond it, submissions are refused with
//! [`RejectReason::Full`] and the task is handed back.
//!
//! # Failure
//! An executor never fails: a transaction that aborts is a result. A panic in
//! it is a bug, after which the state in memory can't be trusted: the
//! scheduler stops executing, refuses submissions with
//! [`RejectReason::Failed`], and tells [`Execute::failed`].

mod error;
mod execute;
mod scheduler;
mod statistics;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod wait_table;

pub use error::{RejectReason, Rejected, TaskPanic};
pub use execute::{Execute, ObjectVersion, Produced, TaskTiming, WorkerIndex};
pub use scheduler::{Scheduler, SchedulerConfig, ShutdownReport};
pub use statistics::SchedulerStatistics;
