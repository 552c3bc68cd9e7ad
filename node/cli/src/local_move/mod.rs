//! Move code without a network: `heddle move run` and `heddle move verify`.
//!
//! ```text
//! PATH ──► input ──► Vec<Input> ──► program ──► Program ──► run, verify
//!          compiled modules,        what calls what:
//!          packages to build        a package source for the VM
//! ```
//!
//! * [`input`]: what lies at a path, as modules.
//! * [`program`]: modules that can call each other, with the framework.
//! * [`check`]: whether a module may run, and which rule it breaks if not.
//! * [`call`]: what a person asks for, as a call: the function, its type
//!   arguments and arguments.
//! * [`run`] and [`verify`]: the commands.

mod advice;
mod call;
mod check;
pub(crate) mod input;
mod outcome;
pub(crate) mod program;
mod run;
mod signature;
mod verify;

pub(crate) use call::type_argument;
pub(crate) use run::{RunArgs, run};
pub(crate) use verify::{VerifyArgs, verify};
