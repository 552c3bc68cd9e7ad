//! The known classes of Move VM holes, a file for each. Each was exploitable,
//! or nearly so, in some Move VM; a test here says that this one is not open
//! to it, twice where that makes sense: the verifier refuses the module, and
//! the VM, told to skip the verifier, stays within its own memory and answers
//! with a value or an error, never a panic.

mod added_variants;
mod control_flow;
mod instantiation_indexes;
mod overflow;
mod panicking_natives;
mod recursion;
mod stale_caches;
mod uid_leaks;
mod verifier_loops;
mod world;
