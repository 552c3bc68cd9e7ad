//! Why a test run can't begin.

/// Why a test run can't begin. What goes wrong in a test is in its outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// The package was built to be published: it has no tests in it.
    #[error("package `{package}` was not built for tests; build it with Mode::Test")]
    NotForTests {
        /// Its name.
        package: String,
    },
    /// The compiler's output can't be read: a defect in Heddle.
    #[error("module `{module}` as compiled can't be read: {detail}")]
    Module {
        /// The module.
        module: String,
        /// What is wrong.
        detail: String,
    },
}
