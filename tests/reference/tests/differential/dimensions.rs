//! Gas and effects do not depend on threads, caches or tiers.
//!
//! A batch of programs with calls and budgets runs
//!
//! * on every tier,
//! * on one thread and on eight that share a VM,
//! * with cold caches and with warm ones,
//!
//! and every run of an execution must look the same: results, changed
//! arguments, failures with their places to the instruction, and gas. Half of
//! the executions get less gas than they need, at a random point of their run.
//! A part of them is compared with the reference as well.

use crate::tiers::{Difference, Seen, Store, TIERS, Tier, World, differs};
use crate::{AMPLE, calls, program, seed};
use heddle_reference::{Call, Choices, Outcome, Program, run};
use std::sync::atomic::{AtomicUsize, Ordering};

const THREADS: usize = 8;
/// Programs that share one VM.
const BATCH: u64 = 200;

/// One call of one program with a budget.
struct Execution {
    program: usize,
    call: Call,
    budget: u64,
    expected: Outcome,
}

struct Batch {
    programs: Vec<Program>,
    executions: Vec<Execution>,
}

impl Batch {
    fn new(first: u64) -> Self {
        let mut batch = Self {
            programs: Vec::new(),
            executions: Vec::new(),
        };
        for number in first..first + BATCH {
            let mut choices = Choices::from_seed(number);
            let program = program(&mut choices, number).program;
            for call in calls(&mut choices, &program) {
                let whole = run(&program, &call, AMPLE);
                let budget = choices.below(whole.gas_used.max(1));
                let short = run(&program, &call, budget);
                for (budget, expected) in [(AMPLE, whole), (budget, short)] {
                    batch.executions.push(Execution {
                        program: batch.programs.len(),
                        call: call.clone(),
                        budget,
                        expected,
                    });
                }
            }
            batch.programs.push(program);
        }
        batch
    }

    /// A VM that has seen none of the programs.
    fn cold(&self, tier: &Tier) -> World {
        let mut store = Store::default();
        self.programs.iter().for_each(|program| store.add(program));
        World::of(tier, store)
    }

    fn observe(&self, world: &World, execution: &Execution) -> Seen {
        world.observe(
            &self.programs[execution.program],
            &execution.call,
            execution.budget,
        )
    }

    fn serially(&self, world: &World) -> Vec<Seen> {
        let executions = self.executions.iter();
        executions.map(|it| self.observe(world, it)).collect()
    }

    /// All executions on each of eight threads, which start at different ones;
    /// those that differ from `expected`.
    fn in_parallel(&self, world: &World, expected: &[Seen]) -> Vec<usize> {
        let count = self.executions.len();
        let differing = AtomicUsize::new(usize::MAX);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let differing = &differing;
                scope.spawn(move || {
                    for step in 0..count {
                        let index = (step + thread * count / THREADS) % count;
                        if self.observe(world, &self.executions[index]) != expected[index] {
                            differing.fetch_min(index, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        Some(differing.into_inner())
            .filter(|index| *index < count)
            .into_iter()
            .collect()
    }

    /// Fails if some run of an execution differs from its first one.
    fn check(&self, tally: &mut Tally) {
        let first = self.serially(&self.cold(&TIERS[0]));
        for (seen, execution) in first.iter().zip(&self.executions) {
            tally.executions += 1;
            let failed = &execution.expected.result;
            tally.out_of_gas += usize::from(execution.budget < AMPLE);
            tally.failed += usize::from(execution.budget == AMPLE && failed.is_err());
            if let Err(Difference::Words(words)) = differs(&execution.expected, seen) {
                panic!(
                    "{:?} with {} gas: {words}",
                    execution.call, execution.budget
                );
            }
        }
        for tier in TIERS {
            let world = self.cold(tier);
            self.same(tier, "1 thread, cold", &first, &self.serially(&world));
            self.same(tier, "1 thread, warm", &first, &self.serially(&world));
            let world = self.cold(tier);
            for caches in ["cold", "warm"] {
                if let Some(index) = self.in_parallel(&world, &first).first() {
                    let execution = &self.executions[*index];
                    panic!(
                        "{}, {THREADS} threads, {caches}: {:?} with {} gas differs from {:?}",
                        tier.name, execution.call, execution.budget, first[*index]
                    );
                }
            }
            tally.runs += self.executions.len() * (2 + 2 * THREADS);
        }
    }

    fn same(&self, tier: &Tier, how: &str, expected: &[Seen], found: &[Seen]) {
        for ((expected, found), execution) in expected.iter().zip(found).zip(&self.executions) {
            assert_eq!(
                expected, found,
                "{}, {how}: {:?} with {} gas",
                tier.name, execution.call, execution.budget
            );
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    executions: usize,
    /// Of these, those that aborted or failed otherwise with ample gas.
    failed: usize,
    /// Of these, those that ran out of gas.
    out_of_gas: usize,
    /// Runs of executions: tiers × threads × caches.
    runs: usize,
}

fn check(executions: usize) {
    let mut tally = Tally::default();
    let mut first = (seed() << 32) + (1 << 24);
    while tally.executions < executions {
        Batch::new(first).check(&mut tally);
        first += BATCH;
    }
    println!("{tally:?}");
    assert!(tally.failed * 10 > tally.executions, "{tally:?}");
    assert!(tally.out_of_gas * 3 > tally.executions, "{tally:?}");
}

#[test]
fn gas_and_effects_do_not_depend_on_threads_caches_or_tiers() {
    check(2_000);
}

#[test]
#[ignore = "minutes; make soak runs it"]
fn gas_and_effects_are_the_same_over_100_000_executions() {
    check(100_000);
}
