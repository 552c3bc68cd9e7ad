//! What came of the tests.

use std::fmt;
use std::time::Duration;

use heddle_compiler::{Expectation, ModuleId};
use serde::Serialize;

use crate::failure::{Failure, describe, short_address};

/// A test's full name, `address::module::function`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct TestName {
    /// Its module.
    pub module: ModuleId,
    /// The function.
    pub function: String,
}

impl fmt::Display for TestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = short_address(&self.module.address.to_string());
        write!(f, "{address}::{}::{}", self.module.name, self.function)
    }
}

impl From<TestName> for String {
    fn from(name: TestName) -> Self {
        name.to_string()
    }
}

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It did what it expects.
    Passed,
    /// It failed, and expects success or another failure.
    Failed {
        /// What happened.
        failure: Failure,
        /// What was expected, in words.
        expected: String,
    },
    /// It returned, and expects a failure.
    Returned {
        /// What was expected, in words.
        expected: String,
    },
    /// It reached the gas limit, and doesn't expect to.
    Timeout,
    /// It needs something that Heddle doesn't have yet.
    NotBuiltYet {
        /// What.
        what: String,
    },
}

impl Outcome {
    /// The outcome of a test that failed.
    pub(crate) fn of_failure(failure: Failure, expectation: &Expectation) -> Self {
        if failure.is_expected(expectation) {
            return Self::Passed;
        }
        match (&failure.kind, expectation) {
            (crate::FailureKind::OutOfGas, Expectation::Success) => Self::Timeout,
            _ => Self::Failed {
                expected: describe(expectation),
                failure,
            },
        }
    }

    /// The outcome of a test that returned.
    pub(crate) fn of_return(expectation: &Expectation) -> Self {
        match expectation {
            Expectation::Success => Self::Passed,
            other => Self::Returned {
                expected: describe(other),
            },
        }
    }

    /// Whether the test passed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        *self == Self::Passed
    }

    /// One word for a table: `PASS`, `FAIL`, `TIMEOUT` or `NOT BUILT YET`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "PASS",
            Self::Failed { .. } | Self::Returned { .. } => "FAIL",
            Self::Timeout => "TIMEOUT",
            Self::NotBuiltYet { .. } => "NOT BUILT YET",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => write!(f, "passed"),
            Self::Failed { failure, expected } if expected == "success" => write!(f, "{failure}"),
            Self::Failed { failure, expected } => write!(f, "{failure}; expected {expected}"),
            Self::Returned { expected } => write!(f, "returned; expected {expected}"),
            Self::Timeout => write!(f, "reached the gas limit"),
            Self::NotBuiltYet { what } => write!(f, "needs {what}, which is not built yet"),
        }
    }
}

/// One test's result.
#[derive(Clone, Debug, Serialize)]
pub struct TestResult {
    /// Which test.
    pub name: TestName,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Gas that it used, in units of the VM: about one for each instruction.
    pub gas_used: u64,
    /// What it printed, one value a line.
    pub output: Vec<String>,
    /// How long it took.
    #[serde(rename = "duration_us", serialize_with = "micros")]
    pub duration: Duration,
}

fn micros<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}

impl fmt::Display for TestResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[ {} ] {}", self.outcome.word(), self.name)?;
        for line in &self.output {
            write!(f, "\n    | {line}")?;
        }
        if !self.outcome.is_passed() {
            write!(f, "\n    {}", self.outcome)?;
        }
        Ok(())
    }
}

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct TestReport {
    /// The package.
    pub package: String,
    /// The results, by name.
    pub results: Vec<TestResult>,
    /// Tests that the filter left out.
    pub filtered_out: usize,
}

impl TestReport {
    /// How many tests passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        let is_passed = |result: &&TestResult| result.outcome.is_passed();
        self.results.iter().filter(is_passed).count()
    }

    /// How many did not.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.results.len() - self.passed()
    }

    /// Whether all passed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed() == 0
    }
}

impl fmt::Display for TestReport {
    /// The last line of a run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_success() { "OK" } else { "FAILED" };
        write!(
            f,
            "Test result: {verdict}. {} passed, {} failed",
            self.passed(),
            self.failed()
        )?;
        match self.filtered_out {
            0 => Ok(()),
            count => write!(f, ", {count} filtered out"),
        }
    }
}
