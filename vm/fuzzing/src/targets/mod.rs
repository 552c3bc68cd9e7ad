//! The targets: what each does with bytes, and what it demands.

mod deserialise;
mod upgrade_compatibility;
mod verify;
mod verify_then_run;

pub use deserialise::deserialise;
pub use upgrade_compatibility::upgrade_compatibility;
pub use verify::{verify, work};
pub use verify_then_run::{Outcome, run_all, verify_then_run};

/// A fuzz target. Panics if a promise is broken.
pub type Target = fn(&[u8]);

/// The targets by the names of their corpora, in the order in which
/// `make soak` runs them.
pub const TARGETS: [(&str, Target); 4] = [
    ("deserialise", deserialise),
    ("verify", verify),
    ("verify_then_run", verify_then_run),
    ("upgrade_compatibility", upgrade_compatibility),
];
