//! The check that every executor must pass, parallel equals serial, and a toy
//! executor with random workloads that the scheduler itself is checked with.

use crate::{
    Execute, ObjectVersion, Produced, Scheduler, SchedulerConfig, ShutdownReport, WorkerIndex,
};
use heddle_objects::ReadError;
use parking_lot::Mutex;
use std::{collections::BTreeMap, fmt::Debug, num::NonZeroUsize, sync::Arc};
use sui_sdk_types::Address;

/// A set of transactions with versions assigned, and an executor for them.
pub trait Workload {
    /// Executes the tasks.
    type Executor: Execute;
    /// Everything that the outcome consists of.
    type State: PartialEq + Debug;

    /// A new executor in the state before the first task.
    fn executor(&self) -> Arc<Self::Executor>;

    /// The tasks with their inputs, in an order in which they can run one by one.
    fn tasks(&self) -> Vec<(<Self::Executor as Execute>::Task, Vec<ObjectVersion>)>;

    /// The executor's state.
    fn state(&self, executor: &Self::Executor) -> Self::State;
}

/// How a parallel run differed from the serial one.
#[derive(Debug, PartialEq)]
pub enum Divergence<S> {
    /// Some tasks did not run.
    Unfinished(ShutdownReport),
    /// The outcome is another one.
    State {
        /// Of the serial run.
        serial: S,
        /// Of the parallel run.
        parallel: S,
    },
}

/// Runs a workload one task after the other, then on `threads` threads, and
/// compares the outcomes. The tasks are submitted in the order that `shuffle`
/// gives to their indices: any order must do.
///
/// # Errors
/// [`Divergence`] if the runs differ.
///
/// # Panics
/// If the scheduler can't be started or does not take a task.
pub fn parallel_equals_serial<W: Workload>(
    workload: &W,
    threads: NonZeroUsize,
    shuffle: impl FnOnce(&mut Vec<usize>),
) -> Result<(), Divergence<W::State>> {
    let serial = workload.executor();
    for (task, _) in workload.tasks() {
        serial.execute(WorkerIndex(0), task);
    }
    let parallel = run_parallel(workload, threads, shuffle)?;
    let (serial, parallel) = (workload.state(&serial), workload.state(&parallel));
    if serial == parallel {
        Ok(())
    } else {
        Err(Divergence::State { serial, parallel })
    }
}

fn run_parallel<W: Workload>(
    workload: &W,
    threads: NonZeroUsize,
    shuffle: impl FnOnce(&mut Vec<usize>),
) -> Result<Arc<W::Executor>, Divergence<W::State>> {
    let executor = workload.executor();
    let mut tasks: Vec<_> = workload.tasks().into_iter().map(Some).collect();
    let mut order: Vec<usize> = (0..tasks.len()).collect();
    shuffle(&mut order);
    let config = SchedulerConfig {
        threads,
        tasks_max: tasks.len().max(1),
    };
    let scheduler =
        Scheduler::start(Arc::clone(&executor), config).expect("threads can be started");
    for index in order {
        let (task, inputs) = tasks[index].take().expect("a permutation of the indices");
        scheduler
            .schedule(task, &inputs)
            .expect("there is room for every task");
    }
    let report = scheduler.shutdown();
    if report == ShutdownReport::default() {
        Ok(executor)
    } else {
        Err(Divergence::Unfinished(report))
    }
}

/// What one toy transaction touches, by index of the object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToyAccess {
    /// Objects that it only reads.
    pub reads: Vec<usize>,
    /// Objects of which it makes the next version.
    pub writes: Vec<usize>,
    /// Objects that it removes, which makes a version as well.
    pub removals: Vec<usize>,
}

/// A toy transaction with versions assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToyTask {
    number: u64,
    inputs: Vec<ObjectVersion>,
    outputs: Vec<(ObjectVersion, bool)>,
}

/// Toy transactions over a number of objects, all at version 1 at first.
#[derive(Clone, Debug)]
pub struct ToyWorkload {
    objects: usize,
    tasks: Vec<ToyTask>,
}

/// The id of the toy object with this index.
pub fn toy_id(index: usize) -> Address {
    let mut bytes = [0; Address::LENGTH];
    bytes[Address::LENGTH - 8..].copy_from_slice(&(index as u64).to_be_bytes());
    Address::new(bytes)
}

impl ToyWorkload {
    /// Assigns versions to accesses as the ordered path does: inputs at the
    /// newest version so far, outputs one above the highest input.
    pub fn new(objects: usize, accesses: &[ToyAccess]) -> Self {
        let mut newest = vec![1_u64; objects];
        let tasks = (0..)
            .zip(accesses)
            .map(|(number, access)| {
                let mut touched: BTreeMap<usize, Option<bool>> = BTreeMap::new();
                touched.extend(access.reads.iter().map(|&index| (index, None)));
                touched.extend(access.removals.iter().map(|&index| (index, Some(true))));
                touched.extend(access.writes.iter().map(|&index| (index, Some(false))));
                let inputs: Vec<ObjectVersion> = touched
                    .keys()
                    .map(|&index| ObjectVersion::new(toy_id(index), newest[index]))
                    .collect();
                let lamport = inputs.iter().map(|input| input.version).max().unwrap_or(0) + 1;
                let mut outputs = Vec::new();
                for (&index, change) in &touched {
                    if let Some(is_removal) = *change {
                        newest[index] = lamport;
                        outputs.push((ObjectVersion::new(toy_id(index), lamport), is_removal));
                    }
                }
                ToyTask {
                    number,
                    inputs,
                    outputs,
                }
            })
            .collect();
        ToyWorkload { objects, tasks }
    }

    /// A random workload: each transaction writes its own object and one out
    /// of `shared` objects with probability `shared_percent`, and reads up to
    /// two others. The same seed gives the same workload.
    pub fn random(seed: u64, transactions: usize, shared: usize, shared_percent: u64) -> Self {
        let mut random = SplitMix(seed);
        let accesses: Vec<ToyAccess> = (0..transactions)
            .map(|number| {
                let mut access = ToyAccess {
                    writes: vec![shared + number % (transactions / 4).max(1)],
                    ..ToyAccess::default()
                };
                if shared > 0 && random.below(100) < shared_percent {
                    access.writes.push(random.below(shared as u64) as usize);
                    for _ in 0..random.below(3) {
                        access.reads.push(random.below(shared as u64) as usize);
                    }
                }
                access
            })
            .collect();
        Self::new(shared + transactions, &accesses)
    }
}

/// A toy executor: an output's value is a hash of all inputs' values, so any
/// difference in what a task sees spreads to all that come after it.
pub struct ToyExecutor {
    values: Box<[Mutex<BTreeMap<ObjectVersion, u64>>]>,
}

impl ToyExecutor {
    fn shard(&self, version: &ObjectVersion) -> &Mutex<BTreeMap<ObjectVersion, u64>> {
        let byte = version.id.inner()[Address::LENGTH - 1];
        &self.values[usize::from(byte) % self.values.len()]
    }

    fn value(&self, version: &ObjectVersion) -> Option<u64> {
        self.shard(version).lock().get(version).copied()
    }

    fn set(&self, version: ObjectVersion, value: u64) {
        let before = self.shard(&version).lock().insert(version, value);
        assert_eq!(before, None, "a version is written once");
    }
}

impl Execute for ToyExecutor {
    type Task = ToyTask;

    fn execute(&self, _: WorkerIndex, task: ToyTask) -> Produced {
        let mut hash = SplitMix(task.number);
        for input in &task.inputs {
            let value = self.value(input).expect("inputs exist before a task runs");
            hash.0 = hash.draw() ^ value;
        }
        for (output, is_removal) in &task.outputs {
            self.set(*output, hash.draw() | u64::from(*is_removal));
        }
        task.outputs.into_iter().map(|(output, _)| output).collect()
    }

    fn exists(&self, version: ObjectVersion) -> Result<bool, ReadError> {
        Ok(self.value(&version).is_some())
    }
}

impl Workload for ToyWorkload {
    type Executor = ToyExecutor;
    type State = BTreeMap<ObjectVersion, u64>;

    fn executor(&self) -> Arc<ToyExecutor> {
        let executor = ToyExecutor {
            values: (0..16).map(|_| Mutex::default()).collect(),
        };
        for index in 0..self.objects {
            executor.set(ObjectVersion::new(toy_id(index), 1), index as u64);
        }
        Arc::new(executor)
    }

    fn tasks(&self) -> Vec<(ToyTask, Vec<ObjectVersion>)> {
        self.tasks
            .iter()
            .map(|task| (task.clone(), task.inputs.clone()))
            .collect()
    }

    fn state(&self, executor: &ToyExecutor) -> Self::State {
        executor
            .values
            .iter()
            .flat_map(|shard| shard.lock().clone())
            .collect()
    }
}

/// Random numbers from a seed (the SplitMix64 generator).
#[derive(Clone, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound
    }

    /// Brings a list into a random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            list.swap(last, other);
        }
    }
}
