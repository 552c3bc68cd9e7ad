//! What the fuzzers of the VM do with the bytes that they are given.
//!
//! ```text
//! bytes ──▶ deserialise            any bytes: a module or an error
//!       ──▶ verify                 any module: a verdict within its work
//!       ──▶ verify_then_run        what is accepted runs, the same each time
//!       ──▶ upgrade_compatibility  what may replace a module breaks nobody
//! ```
//!
//! Each target is a plain function of bytes that panics if the VM breaks a
//! promise. The folder `fuzz/` at the top of the repository hands them to
//! libFuzzer; the tests of this crate replay the corpora kept there, and so
//! need neither libFuzzer nor an instrumented build.
//!
//! Random bytes are hardly ever a module that the verifier accepts. Three
//! things help: [`generate`] reads bytes as decisions on the way to a module
//! whose code is well typed, [`mutate`] changes a module in one place and
//! leaves its tables readable, and [`values`] makes arguments for its
//! functions. Two of them need to know a little of the rules that they help
//! to attack; where they are wrong, the verifier refuses and nothing is lost.

pub mod choices;
pub mod generate;
pub mod mutate;
pub mod shapes;
pub mod targets;
pub mod values;

pub use targets::{TARGETS, Target};
