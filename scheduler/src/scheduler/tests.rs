//! Tests of the scheduler: outcomes, bounds, failure, shutdown.

use super::*;
use crate::testing::{SplitMix, ToyAccess, ToyWorkload, parallel_equals_serial, toy_id};
use heddle_objects::ReadError;
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    sync::{Barrier, mpsc},
};

/// An executor whose tasks are closures, with a set of versions that exist.
#[derive(Default)]
struct Closures {
    existing: Mutex<BTreeSet<ObjectVersion>>,
    unreadable: Mutex<Option<ObjectVersion>>,
    failures: Mutex<Vec<TaskPanic>>,
    observed: AtomicUsize,
}

type Closure = Box<dyn FnOnce() -> Vec<ObjectVersion> + Send>;

impl Execute for Closures {
    type Task = Closure;

    fn execute(&self, _: WorkerIndex, task: Closure) -> crate::Produced {
        let produced = task();
        self.existing.lock().extend(produced.iter().copied());
        produced.into()
    }

    fn exists(&self, version: ObjectVersion) -> Result<bool, ReadError> {
        if *self.unreadable.lock() == Some(version) {
            return Err(ReadError::Storage {
                id: version.id,
                version: Some(version.version),
                reason: "the disk is gone".to_owned(),
            });
        }
        Ok(self.existing.lock().contains(&version))
    }

    fn observe(&self, _: TaskTiming) {
        self.observed.fetch_add(1, SeqCst);
    }

    fn failed(&self, panic: &TaskPanic) {
        self.failures.lock().push(panic.clone());
    }
}

fn start(threads: usize, tasks_max: usize) -> (Arc<Closures>, Scheduler<Closures>) {
    let executor = Arc::new(Closures::default());
    let config = SchedulerConfig {
        threads: NonZeroUsize::new(threads).unwrap(),
        tasks_max,
    };
    let scheduler = Scheduler::start(Arc::clone(&executor), config).unwrap();
    (executor, scheduler)
}

fn version(index: usize, version: u64) -> ObjectVersion {
    ObjectVersion::new(toy_id(index), version)
}

fn nothing() -> Closure {
    Box::new(Vec::new)
}

fn access() -> impl Strategy<Value = ToyAccess> {
    let some = |most| prop::collection::vec(0..12_usize, 0..most);
    (some(4), some(3), some(2)).prop_map(|(reads, writes, removals)| ToyAccess {
        reads,
        writes,
        removals,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parallel_is_serial(
        accesses in prop::collection::vec(access(), 0..120),
        threads in 1..5_usize,
        seed: u64,
    ) {
        let workload = ToyWorkload::new(12, &accesses);
        let threads = NonZeroUsize::new(threads).unwrap();
        let outcome = parallel_equals_serial(&workload, threads, |order| {
            SplitMix(seed).shuffle(order);
        });
        prop_assert_eq!(outcome, Ok(()));
    }
}

#[test]
fn many_transactions_on_few_objects_are_serial_too() {
    for seed in 0..4 {
        let workload = ToyWorkload::random(seed, 5_000, 3, 50);
        let four = NonZeroUsize::new(4).unwrap();
        parallel_equals_serial(&workload, four, |order| {
            SplitMix(seed).shuffle(order);
        })
        .unwrap();
    }
}

#[test]
fn readers_of_one_version_run_together() {
    let (executor, scheduler) = start(2, 8);
    executor.existing.lock().insert(version(0, 1));
    // Each reader returns only once the other runs as well.
    let barrier = Arc::new(Barrier::new(2));
    for _ in 0..2 {
        let barrier = Arc::clone(&barrier);
        let reader: Closure = Box::new(move || {
            barrier.wait();
            Vec::new()
        });
        scheduler.schedule(reader, &[version(0, 1)]).unwrap();
    }
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
    assert_eq!(executor.observed.load(SeqCst), 2);
}

#[test]
fn a_task_runs_after_the_one_that_makes_its_input() {
    let (_, scheduler) = start(4, 8);
    let (sender, order) = mpsc::channel();
    let log = |name: &'static str, produced: Vec<ObjectVersion>| -> Closure {
        let sender = sender.clone();
        Box::new(move || {
            sender.send(name).unwrap();
            produced
        })
    };
    let last = [version(1, 3), version(0, 2)];
    scheduler.schedule(log("last", vec![]), &last).unwrap();
    let middle = log("middle", vec![version(1, 3)]);
    scheduler.schedule(middle, &[version(0, 2)]).unwrap();
    assert_eq!(scheduler.statistics().waiting, 2);
    scheduler.spawn(log("first", vec![version(0, 2)])).unwrap();
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
    drop(sender);
    let order: Vec<_> = order.into_iter().collect();
    assert_eq!(order, ["first", "middle", "last"]);
    assert!(scheduler.shared.waits.is_empty());
}

#[test]
fn an_announced_version_wakes_its_waiters() {
    let (executor, scheduler) = start(1, 8);
    let (sender, ran) = mpsc::channel();
    let task: Closure = Box::new(move || {
        sender.send(()).unwrap();
        Vec::new()
    });
    scheduler.schedule(task, &[version(7, 7)]).unwrap();
    executor.existing.lock().insert(version(7, 7));
    scheduler.announce(&[version(7, 7)]);
    ran.recv().unwrap();
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
}

#[test]
fn no_wake_is_lost_between_submission_and_announcement() {
    let (executor, scheduler) = start(2, 10_000);
    let scheduler = Arc::new(scheduler);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..5_000 {
                scheduler
                    .schedule(nothing(), &[version(round % 7, round as u64)])
                    .unwrap();
            }
        });
        scope.spawn(|| {
            for round in 0..5_000 {
                let made = version(round % 7, round as u64);
                executor.existing.lock().insert(made);
                scheduler.announce(&[made]);
            }
        });
    });
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
    assert_eq!(scheduler.statistics().executed_total, 5_000);
}

#[test]
fn too_many_tasks_are_refused_and_handed_back() {
    let (_, scheduler) = start(1, 2);
    let (release, gate) = mpsc::channel::<()>();
    let blocked: Closure = Box::new(move || {
        gate.recv().unwrap();
        Vec::new()
    });
    scheduler.spawn(blocked).unwrap();
    scheduler.schedule(nothing(), &[version(0, 1)]).unwrap();
    let rejected = scheduler.spawn(nothing()).unwrap_err();
    assert!(matches!(
        rejected.reason,
        RejectReason::Full { tasks_max: 2 }
    ));
    assert_eq!((rejected.task)(), Vec::new());
    assert_eq!(scheduler.statistics().refused_total, 1);
    release.send(()).unwrap();
    let report = scheduler.shutdown();
    assert_eq!(report.abandoned, 1);
}

#[test]
fn a_panic_stops_the_scheduler_and_is_reported() {
    let (executor, scheduler) = start(1, 8);
    scheduler.schedule(nothing(), &[version(0, 1)]).unwrap();
    scheduler.spawn(Box::new(|| panic!("a bug"))).unwrap();
    let report = scheduler.shutdown();
    let panic = TaskPanic {
        worker: WorkerIndex(0),
        message: "a bug".to_owned(),
    };
    assert_eq!(report.panic, Some(panic.clone()));
    assert_eq!(report.abandoned, 1);
    assert_eq!(
        executor.failures.lock().as_slice(),
        std::slice::from_ref(&panic)
    );
    assert_eq!(scheduler.failure(), Some(&panic));
    let rejected = scheduler.spawn(nothing()).unwrap_err();
    assert!(matches!(rejected.reason, RejectReason::Failed(_)));
}

#[test]
fn a_closed_scheduler_takes_nothing() {
    let (_, scheduler) = start(2, 8);
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
    let rejected = scheduler.spawn(nothing()).unwrap_err();
    assert!(matches!(rejected.reason, RejectReason::Closed));
    scheduler.announce(&[version(0, 1)]);
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
}

#[test]
fn a_task_whose_inputs_cannot_be_read_is_handed_back() {
    let (executor, scheduler) = start(1, 8);
    *executor.unreadable.lock() = Some(version(1, 1));
    let inputs = [version(0, 1), version(1, 1)];
    let rejected = scheduler.schedule(nothing(), &inputs).unwrap_err();
    assert!(matches!(rejected.reason, RejectReason::Read(_)));
    assert_eq!(scheduler.statistics(), SchedulerStatistics::default());
    assert_eq!(scheduler.shutdown(), ShutdownReport::default());
}
