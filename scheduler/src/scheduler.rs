//! The worker pool, the ready queue, and submissions.
//!
//! A task's life:
//!
//! ```text
//!   submitted ──▶ waiting ──▶ ready ──▶ running ──▶ finished
//!       └───────────────────────▲ (all inputs exist)
//! ```
//!
//! Counts, all sequentially consistent because they are compared with each
//! other and with the phase, and are few per task:
//!
//! * `unfinished`: tasks from submission to finish. Bounded.
//! * `active`: tasks that are ready or running. While it is zero, nothing
//!   happens unless somebody submits or announces.

use crate::{
    Execute, ObjectVersion, RejectReason, Rejected, SchedulerStatistics, TaskPanic, TaskTiming,
    WorkerIndex,
    statistics::Counters,
    wait_table::{WaitTable, Waiting},
};
use crossbeam_channel::{Receiver, Sender};
use parking_lot::{Condvar, Mutex};
use smallvec::SmallVec;
use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread::JoinHandle,
    time::Instant,
};

/// Tasks that a worker runs one after the other because each made the next
/// one ready, before it lets those in the queue go first.
const CHAIN_LENGTH_MAX: usize = 32;

/// How a scheduler is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchedulerConfig {
    /// Worker threads.
    pub threads: NonZeroUsize,
    /// Most tasks that have not finished.
    pub tasks_max: usize,
}

impl Default for SchedulerConfig {
    /// One thread per core, and room for 65,536 tasks.
    fn default() -> Self {
        SchedulerConfig {
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            tasks_max: 1 << 16,
        }
    }
}

/// What a shutdown left undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShutdownReport {
    /// Tasks dropped because a version that they waited for never came into
    /// being, or because a task had panicked.
    pub abandoned: usize,
    /// The panic that had stopped the scheduler, if one had.
    pub panic: Option<TaskPanic>,
}

/// Runs tasks in parallel. See the crate's documentation.
///
/// All methods may be called from any thread, workers included, except
/// [`Scheduler::shutdown`], which waits for the workers.
pub struct Scheduler<E: Execute> {
    shared: Arc<Shared<E>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

/// A task that a worker can run.
struct Ready<T> {
    task: T,
    submitted: Instant,
    ready: Instant,
}

enum Message<T> {
    Run(Ready<T>),
    Stop,
}

struct Shared<E: Execute> {
    executor: Arc<E>,
    config: SchedulerConfig,
    waits: WaitTable<E::Task>,
    queue: Sender<Message<E::Task>>,
    unfinished: AtomicUsize,
    active: AtomicUsize,
    is_closed: AtomicBool,
    failure: OnceLock<TaskPanic>,
    counters: Counters,
    /// Signalled when `active` falls to zero after the scheduler was closed.
    idle: (Mutex<()>, Condvar),
}

impl<E: Execute> Scheduler<E> {
    /// Starts the worker threads.
    ///
    /// # Errors
    /// What the operating system says if it can't make a thread.
    pub fn start(executor: Arc<E>, config: SchedulerConfig) -> std::io::Result<Self> {
        let (queue, receiver) = crossbeam_channel::unbounded();
        let shared = Arc::new(Shared {
            executor,
            config,
            waits: WaitTable::new(),
            queue,
            unfinished: AtomicUsize::new(0),
            active: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
            failure: OnceLock::new(),
            counters: Counters::default(),
            idle: (Mutex::new(()), Condvar::new()),
        });
        // Made first, so that dropping it stops those that did start.
        let scheduler = Scheduler {
            shared: Arc::clone(&shared),
            workers: Mutex::default(),
        };
        for index in 0..config.threads.get() {
            let (shared, receiver) = (Arc::clone(&shared), receiver.clone());
            let worker = std::thread::Builder::new()
                .name(format!("heddle-worker-{index}"))
                .spawn(move || shared.work(WorkerIndex(index), &receiver))?;
            scheduler.workers.lock().push(worker);
        }
        Ok(scheduler)
    }

    /// Submits a task that waits for nothing.
    ///
    /// # Errors
    /// The task is handed back if there are too many, or the scheduler has
    /// been closed or has failed.
    pub fn spawn(&self, task: E::Task) -> Result<(), Rejected<E::Task>> {
        let now = Instant::now();
        match self.shared.admit() {
            Ok(()) => {
                self.shared.enqueue(task, now, now);
                Ok(())
            }
            Err(reason) => Err(Rejected { task, reason }),
        }
    }

    /// Submits a task that runs once all its inputs exist. Tasks may be
    /// submitted in any order: before those that produce their inputs as well.
    ///
    /// # Errors
    /// As [`Scheduler::spawn`], and if whether an input exists can't be read.
    pub fn schedule(
        &self,
        task: E::Task,
        inputs: &[ObjectVersion],
    ) -> Result<(), Rejected<E::Task>> {
        if let Err(reason) = self.shared.admit() {
            return Err(Rejected { task, reason });
        }
        self.shared.schedule(task, inputs)
    }

    /// Says that versions exist which no task produced: state that was loaded,
    /// or written by other means.
    pub fn announce(&self, versions: &[ObjectVersion]) {
        let shared = &self.shared;
        // Counts as active, so that a shutdown waits for what is woken here.
        shared.active.fetch_add(1, SeqCst);
        if !shared.is_closed.load(SeqCst) {
            for ready in shared.wake(versions) {
                shared.send(ready);
            }
        }
        shared.deactivate();
    }

    /// The panic that stopped the scheduler, if one has.
    pub fn failure(&self) -> Option<&TaskPanic> {
        self.shared.failure.get()
    }

    /// What the scheduler holds and has done.
    pub fn statistics(&self) -> SchedulerStatistics {
        let shared = &self.shared;
        let unfinished = shared.unfinished.load(SeqCst);
        let active = shared.active.load(SeqCst);
        let running = shared.counters.running.load(SeqCst);
        SchedulerStatistics {
            waiting: unfinished.saturating_sub(active),
            ready: active.saturating_sub(running),
            running,
            executed_total: shared.counters.executed.load(SeqCst),
            refused_total: shared.counters.refused.load(SeqCst),
        }
    }

    /// Takes no more tasks, runs those that can run and those that they wake,
    /// drops the rest, and ends the worker threads. A second call finds
    /// nothing left to do.
    ///
    /// Must not be called from a worker.
    pub fn shutdown(&self) -> ShutdownReport {
        let shared = &self.shared;
        shared.is_closed.store(true, SeqCst);
        let (lock, idle) = &shared.idle;
        let mut guard = lock.lock();
        while shared.active.load(SeqCst) > 0 {
            idle.wait(&mut guard);
        }
        drop(guard);
        let mut workers = self.workers.lock();
        for _ in workers.iter() {
            // The receivers live as long as the workers.
            let _ = shared.queue.send(Message::Stop);
        }
        for worker in workers.drain(..) {
            // Workers catch what tasks throw; there is nothing else to report.
            let _ = worker.join();
        }
        let abandoned = shared.waits.clear() + shared.counters.take_abandoned();
        shared.unfinished.store(0, SeqCst);
        ShutdownReport {
            abandoned,
            panic: shared.failure.get().cloned(),
        }
    }
}

impl<E: Execute> Drop for Scheduler<E> {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl<E: Execute> Shared<E> {
    /// Counts a task in, unless it can't be taken.
    fn admit(&self) -> Result<(), RejectReason> {
        // Active first: a shutdown that sees zero afterwards also sees to it
        // that the phase read below is closed.
        self.active.fetch_add(1, SeqCst);
        let refused = if let Some(panic) = self.failure.get() {
            Some(RejectReason::Failed(panic.clone()))
        } else if self.is_closed.load(SeqCst) {
            Some(RejectReason::Closed)
        } else if self.unfinished.fetch_add(1, SeqCst) >= self.config.tasks_max {
            self.unfinished.fetch_sub(1, SeqCst);
            self.counters.refuse();
            Some(RejectReason::Full {
                tasks_max: self.config.tasks_max,
            })
        } else {
            None
        };
        match refused {
            None => Ok(()),
            Some(reason) => {
                self.deactivate();
                Err(reason)
            }
        }
    }

    /// Enters an admitted task for the versions that are missing.
    fn schedule(&self, task: E::Task, inputs: &[ObjectVersion]) -> Result<(), Rejected<E::Task>> {
        let now = Instant::now();
        let mut missing: SmallVec<[ObjectVersion; 8]> = SmallVec::new();
        for &input in inputs {
            match self.executor.exists(input) {
                Ok(true) => {}
                Ok(false) => missing.push(input),
                Err(error) => return Err(self.hand_back(task, error.into())),
            }
        }
        if missing.is_empty() {
            self.enqueue(task, now, now);
            return Ok(());
        }
        let waiting = Waiting::new(task, missing.len(), now);
        for &input in &missing {
            self.waits.enter(input, &waiting);
            match self.executor.exists(input) {
                Ok(true) if self.waits.leave(input, &waiting) => {
                    let early = waiting.count_down();
                    debug_assert!(early.is_none(), "the extra count is still there");
                }
                Ok(_) => {}
                Err(error) => {
                    for &input in &missing {
                        self.waits.leave(input, &waiting);
                    }
                    // The extra count keeps announcers from taking the task.
                    if let Some(task) = waiting.withdraw() {
                        return Err(self.hand_back(task, error.into()));
                    }
                }
            }
        }
        match waiting.count_down() {
            Some(task) => self.enqueue(task, now, Instant::now()),
            None => self.deactivate(),
        }
        Ok(())
    }

    fn hand_back(&self, task: E::Task, reason: RejectReason) -> Rejected<E::Task> {
        self.unfinished.fetch_sub(1, SeqCst);
        self.deactivate();
        Rejected { task, reason }
    }

    /// Puts a task that counts as active into the queue.
    fn enqueue(&self, task: E::Task, submitted: Instant, ready: Instant) {
        self.send(Ready {
            task,
            submitted,
            ready,
        });
    }

    fn send(&self, ready: Ready<E::Task>) {
        // Workers end only once nothing is active, and this task is; without
        // workers because none could be started, it is dropped here.
        let _ = self.queue.send(Message::Run(ready));
    }

    /// The tasks that were waiting for one of these versions and now wait for
    /// nothing. They count as active.
    fn wake(&self, versions: &[ObjectVersion]) -> SmallVec<[Ready<E::Task>; 4]> {
        let mut woken = SmallVec::new();
        for &version in versions {
            for waiting in self.waits.take(version) {
                if let Some(task) = waiting.count_down() {
                    self.active.fetch_add(1, SeqCst);
                    woken.push(Ready {
                        task,
                        submitted: waiting.since,
                        ready: Instant::now(),
                    });
                }
            }
        }
        woken
    }

    /// Counts one active task less.
    fn deactivate(&self) {
        if self.active.fetch_sub(1, SeqCst) == 1 && self.is_closed.load(SeqCst) {
            // Under the lock, so that it can't fall between the other side's
            // look at the count and its wait.
            let _guard = self.idle.0.lock();
            self.idle.1.notify_all();
        }
    }

    /// A worker's life.
    fn work(&self, index: WorkerIndex, queue: &Receiver<Message<E::Task>>) {
        while let Ok(Message::Run(ready)) = queue.recv() {
            let mut next = Some(ready);
            let mut chain_length = 0;
            while let Some(ready) = next.take() {
                chain_length += 1;
                let mut woken = self.run(index, ready).into_iter();
                // The first runs here at once: its input is in this core's cache.
                if chain_length < CHAIN_LENGTH_MAX {
                    next = woken.next();
                }
                for ready in woken {
                    self.send(ready);
                }
                // Only now: a task that others follow must not let the
                // scheduler look idle before they count.
                self.unfinished.fetch_sub(1, SeqCst);
                self.deactivate();
            }
        }
    }

    /// Runs one task; gives those that it made ready.
    fn run(&self, index: WorkerIndex, ready: Ready<E::Task>) -> SmallVec<[Ready<E::Task>; 4]> {
        if self.failure.get().is_some() {
            self.counters.abandon();
            return SmallVec::new();
        }
        self.counters.start();
        let start = Instant::now();
        let Ready {
            task,
            submitted,
            ready,
        } = ready;
        let outcome = catch_unwind(AssertUnwindSafe(|| self.executor.execute(index, task)));
        self.counters.finish();
        match outcome {
            Ok(produced) => {
                self.observe(submitted, ready, start);
                self.wake(&produced)
            }
            Err(panic) => {
                self.fail(index, panic.as_ref());
                SmallVec::new()
            }
        }
    }

    fn observe(&self, submitted: Instant, ready: Instant, start: Instant) {
        self.executor.observe(TaskTiming {
            waiting: ready.saturating_duration_since(submitted),
            queued: start.saturating_duration_since(ready),
            running: start.elapsed(),
        });
    }

    fn fail(&self, worker: WorkerIndex, panic: &(dyn std::any::Any + Send)) {
        let message = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "without a message".to_owned());
        let failure = TaskPanic { worker, message };
        tracing::error!(
            worker = worker.0,
            message = failure.message,
            "a task panicked"
        );
        if self.failure.set(failure.clone()).is_ok() {
            self.executor.failed(&failure);
        }
    }
}

#[cfg(test)]
mod tests;
