//! Which tests a package has, and what each expects.

use sui_sdk_types::Address;

/// A module, by address and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModuleId {
    /// Its address.
    pub address: Address,
    /// Its name.
    pub name: String,
}

/// The tests of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleTests {
    /// The module.
    pub module: ModuleId,
    /// Its tests, by name.
    pub tests: Vec<TestCase>,
}

/// One test function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// The function's name.
    pub name: String,
    /// What it must do to pass.
    pub expectation: Expectation,
}

/// What a test must do to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Return.
    Success,
    /// Fail, in whatever way.
    Failure,
    /// Abort with this code.
    Abort {
        /// The code.
        code: AbortCode,
        /// The module that aborts, if the test says so.
        location: Option<ModuleId>,
    },
    /// Fail in another way than an abort.
    Error {
        /// The way.
        error: ExpectedError,
        /// A finer code within that way, if the test says so.
        minor: Option<AbortCode>,
        /// The module in which it fails.
        location: ModuleId,
    },
}

/// An abort code that a test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbortCode {
    /// This number.
    Value(u64),
    /// The code that an `#[error]` constant makes, whatever its number.
    Constant(String),
}

/// Failures other than aborts that a test can expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedError {
    /// Overflow, underflow, division by zero, a cast or shift out of range.
    Arithmetic,
    /// A vector operation out of bounds.
    Vector,
    /// The gas limit was reached.
    OutOfGas,
    /// The public VM's status code with this number.
    MajorStatus(u64),
}
