//! Runs tests, several at once.
//!
//! Each test is an execution of its own: its own memory, meter and object
//! runtime. They share the VM, so each module is verified and translated once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use heddle_compiler::{BuiltPackage, Expectation, TestCase};
use heddle_vm::{
    CallArg, DebugOutput, ExecutionError, ExecutionErrorKind, GasMeter, ResolveError, Vm,
};
use sui_sdk_types::{Address, Identifier};

use crate::abort_code::AbortDetails;
use crate::environment;
use crate::error::TestError;
use crate::failure::{Failure, FailureKind, FailurePlace};
use crate::output;
use crate::packages::{TestPackages, identifier};
use crate::random;
use crate::report::{Outcome, TestName, TestReport, TestResult};

/// Gas that a test may use if nothing else is said. A loop without end takes
/// some seconds to get there.
pub const GAS_LIMIT_DEFAULT: u64 = 1_000_000_000;

/// Times that a random test runs if nothing else is said.
pub const RANDOM_RUNS_DEFAULT: u64 = 10;

/// How to run tests.
#[derive(Clone, Debug)]
pub struct TestOptions {
    /// Run only tests whose full name has this in it.
    pub filter: Option<String>,
    /// Gas that each test may use, in units of the VM.
    pub gas_limit: u64,
    /// Tests that run at once; at least one does.
    pub threads: usize,
    /// Times that each random test runs.
    pub random_runs: u64,
    /// Where the arguments of random tests begin. The same seed gives the same
    /// arguments.
    pub seed: u64,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            filter: None,
            gas_limit: GAS_LIMIT_DEFAULT,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            random_runs: RANDOM_RUNS_DEFAULT,
            seed: 0,
        }
    }
}

/// The tests that `options` choose, by name.
#[must_use]
pub fn list_tests(package: &BuiltPackage, options: &TestOptions) -> Vec<TestName> {
    chosen(package, options)
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn chosen<'p>(package: &'p BuiltPackage, options: &TestOptions) -> Vec<(TestName, &'p TestCase)> {
    let mut tests: Vec<_> = package
        .tests
        .iter()
        .flat_map(|module| {
            module.tests.iter().map(|test| {
                let name = TestName {
                    module: module.module.clone(),
                    function: test.name.clone(),
                };
                (name, test)
            })
        })
        .filter(|(name, _)| match &options.filter {
            Some(filter) => name.to_string().contains(filter.as_str()),
            None => true,
        })
        .collect();
    tests.sort_by(|(one, _), (other, _)| one.cmp(other));
    tests
}

/// Runs the tests of `package`, which was built with
/// [`heddle_compiler::Mode::Test`]. `on_result` sees each result as it comes, in
/// no particular order; the report has them by name.
///
/// # Errors
///
/// [`TestError`] if the run can't begin. Tests that fail are in the report.
pub fn run_tests(
    package: &BuiltPackage,
    options: &TestOptions,
    on_result: &(dyn Fn(&TestResult) + Sync),
) -> Result<TestReport, TestError> {
    if package.tests.is_empty() && package.built_dependencies.is_empty() {
        return Err(TestError::NotForTests {
            package: package.name.clone(),
        });
    }
    let run = Run {
        vm: environment::vm(),
        packages: TestPackages::new(package)?,
        options,
    };
    let tests = chosen(package, options);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(tests.len()));
    std::thread::scope(|scope| {
        for _ in 0..options.threads.clamp(1, tests.len().max(1)) {
            scope.spawn(|| {
                // Relaxed: only the numbers must differ, nothing is passed on.
                while let Some((name, test)) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = run.test(name, test);
                    on_result(&result);
                    if let Ok(mut results) = results.lock() {
                        results.push(result);
                    }
                }
            });
        }
    });
    let mut results = results
        .into_inner()
        .expect("invariant: nothing panics while it holds the results");
    results.sort_by(|one, other| one.name.cmp(&other.name));
    let all: usize = package.tests.iter().map(|module| module.tests.len()).sum();
    Ok(TestReport {
        package: package.name.clone(),
        filtered_out: all - results.len(),
        results,
    })
}

/// What all tests of a run share.
struct Run<'o> {
    vm: Vm,
    packages: TestPackages,
    options: &'o TestOptions,
}

impl Run<'_> {
    fn test(&self, name: &TestName, test: &TestCase) -> TestResult {
        let begin = Instant::now();
        let runs = if test.is_random {
            self.options.random_runs
        } else {
            1
        };
        let mut outcome = Outcome::Passed;
        let mut ended = Ended::default();
        for run in 0..runs {
            let seed = test.is_random.then(|| self.options.seed.wrapping_add(run));
            (outcome, ended) = self.once(name, &test.expectation, seed);
            if !outcome.is_passed() {
                break;
            }
        }
        TestResult {
            name: name.clone(),
            outcome,
            gas_used: ended.gas_used,
            output: ended.output,
            duration: begin.elapsed(),
        }
    }

    /// Runs a test once, with random arguments from `seed` if it is that kind.
    fn once(
        &self,
        name: &TestName,
        expectation: &Expectation,
        seed: Option<u64>,
    ) -> (Outcome, Ended) {
        // A panic is a defect in the VM or a native. It must not take the other
        // tests' results with it, and no expectation matches it.
        let call = catch_unwind(AssertUnwindSafe(|| self.call(name, seed)));
        let (result, ended) = call.unwrap_or_else(|_| {
            let defect = &"the VM panicked: this is a defect in Heddle";
            (Err(Stop::other(defect)), Ended::default())
        });
        let outcome = match result {
            Ok(()) => Outcome::of_return(expectation),
            Err(Stop::Failure(failure)) => Outcome::of_failure(*failure, expectation),
            Err(Stop::NotRun(failure)) => Outcome::of_failure(*failure, &Expectation::Success),
            Err(Stop::NotBuiltYet(what)) => Outcome::NotBuiltYet { what },
        };
        (outcome, ended)
    }

    fn call(&self, name: &TestName, seed: Option<u64>) -> (Result<(), Stop>, Ended) {
        let (module, function, arguments) = match self.prepare(name, seed) {
            Ok(prepared) => prepared,
            Err(stop) => return (Err(stop), Ended::default()),
        };
        let meter = GasMeter::new(self.options.gas_limit);
        let mut execution = self
            .vm
            .start(&self.packages, meter, environment::extensions());
        let address = name.module.address;
        let result = execution.call(address, &module, &function, &[], arguments);
        let result = result.map(drop).map_err(|error| self.stop(&error));
        let (meter, extensions) = execution.finish();
        let ended = Ended {
            gas_used: meter.used(),
            output: extensions
                .get::<DebugOutput>()
                .map(output::lines)
                .unwrap_or_default(),
        };
        (result, ended)
    }

    /// The call to make for a test.
    fn prepare(
        &self,
        name: &TestName,
        seed: Option<u64>,
    ) -> Result<(Identifier, Identifier, Vec<CallArg>), Stop> {
        let module = identifier(&name.module.name).map_err(|error| Stop::other(&error))?;
        let function = identifier(&name.function).map_err(|error| Stop::other(&error))?;
        let Some(seed) = seed else {
            return Ok((module, function, Vec::new()));
        };
        let info = self
            .vm
            .function(&self.packages, name.module.address, &module, &function)
            .map_err(|error| Stop::other(&error))?;
        let arguments = random::arguments(&info.parameters, seed).ok_or_else(|| {
            Stop::NotBuiltYet("random values of other than builtin types".to_owned())
        })?;
        Ok((module, function, arguments))
    }

    /// What stopped a test.
    fn stop(&self, error: &ExecutionError) -> Stop {
        if let ExecutionErrorKind::Resolve(ResolveError::NativeNotFound {
            module, function, ..
        }) = &error.kind
        {
            return Stop::NotBuiltYet(format!("the native function {module}::{function}"));
        }
        if is_not_of_the_program(&error.kind) {
            return Stop::other(error);
        }
        let place = error.place.as_deref();
        let module = place.and_then(|place| {
            let address: Address = place.original_id;
            self.packages.module(address, place.module.as_str())
        });
        Stop::Failure(Box::new(Failure {
            kind: FailureKind::of(&error.kind, |code| AbortDetails::of(code, module)),
            place: place.map(FailurePlace::of),
        }))
    }
}

/// Whether something else than the program went wrong. A test that expects to
/// fail must not pass because of a defect in the VM.
fn is_not_of_the_program(kind: &ExecutionErrorKind) -> bool {
    matches!(
        kind,
        ExecutionErrorKind::Resolve(_)
            | ExecutionErrorKind::InvariantViolation(_)
            | ExecutionErrorKind::NativeValue(_)
            | ExecutionErrorKind::Argument { .. }
            | ExecutionErrorKind::ArgumentCount { .. }
            | ExecutionErrorKind::ArgumentPassing { .. }
            | ExecutionErrorKind::ReferenceReturned { .. }
    )
}

/// What is left of a test besides its outcome.
#[derive(Default)]
struct Ended {
    gas_used: u64,
    output: Vec<String>,
}

/// Why a test didn't return.
enum Stop {
    /// It failed.
    Failure(Box<Failure>),
    /// It could not be run. No expectation matches that.
    NotRun(Box<Failure>),
    /// It needs what isn't there yet.
    NotBuiltYet(String),
}

impl Stop {
    fn other(error: &dyn std::fmt::Display) -> Self {
        Self::NotRun(Box::new(Failure {
            kind: FailureKind::Other {
                detail: error.to_string(),
            },
            place: None,
        }))
    }
}
