//! Move unit tests, in Heddle's own VM.
//!
//! ```text
//! heddle-compiler (Mode::Test) ──► BuiltPackage ──► run_tests ──► TestReport
//!        bytecode with tests,           each test: one execution,
//!        what each expects              what came of it, gas used
//! ```
//!
//! Start with [`run_tests`]. A test function runs as the VM runs a transaction's
//! call: verified and translated code, metered gas, the natives of the standard
//! library and of the object framework. What differs is the start: there is no
//! store and no transaction, and any function may be called.
//!
//! A test passes if it does what its attributes say; [`Failure::is_expected`]
//! is that rule. Abort codes made from `#[error]` constants are read back into
//! the constant's name and text ([`AbortDetails`]).
//!
//! Not here: compiling (the compiler's crate), and colours and tables (the
//! command line's).

mod abort_code;
mod environment;
mod error;
mod failure;
mod natives;
mod output;
mod packages;
mod random;
mod report;
mod runner;
mod scenario;

pub use abort_code::AbortDetails;
pub use error::TestError;
pub use failure::{Failure, FailureKind, FailurePlace};
pub use report::{Outcome, TestName, TestReport, TestResult};
pub use runner::{GAS_LIMIT_DEFAULT, RANDOM_RUNS_DEFAULT, TestOptions, list_tests, run_tests};
