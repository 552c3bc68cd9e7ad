//! The bytecode verifier: what a module must fulfil before it may run.
//!
//! ```text
//! verify_module   one module by itself
//!   tables        bounds, sizes, duplicates, unsupported, friends
//!   types         signatures, field_abilities, recursive_datatypes,
//!                 constants, instruction_consistency, instantiation_loops
//!   body          control_flow, stack_usage, type_safety, locals_safety,
//!                 reference_safety
//! verify_object_rules  the same module against the object model
//! check_compatibility  a new version of a module against the old one
//! verify_acyclic  the modules of a package
//! verify_links    one module against those that it names
//! ```
//!
//! Each pass is a file that checks one property and opens with what it is.
//! A pass relies on those before it: after `bounds`, indexes are looked up
//! without asking. Passes report a broken [`Rule`] with its place; the driver
//! adds names. Work is charged to a [`WorkMeter`], in amounts that follow from
//! the module alone, so that all validators come to the same verdict.
//!
//! Nothing here knows what is stored, or who publishes.

mod abilities;
mod body;
mod bounds;
mod compatibility;
mod constants;
mod duplicates;
mod error;
mod field_abilities;
mod friends;
mod graph;
mod instantiation_loops;
mod instruction_consistency;
mod limits;
mod links;
mod meter;
mod object_rules;
mod recursive_datatypes;
mod rule;
mod signatures;
mod sizes;
mod unsupported;
mod words;

pub use abilities::abilities;
pub use compatibility::{Incompatibility, UpgradePolicy, check_compatibility};
pub use error::VerificationError;
pub use limits::VerifierLimits;
pub use links::{verify_acyclic, verify_links};
pub use meter::{WorkExhausted, WorkMeter};
pub use object_rules::verify_object_rules;
pub use rule::Rule;

use error::Violation;
use heddle_bytecode::CompiledModule;

/// Runs every pass over `module` on its own.
///
/// Reports the first rule that it breaks. What it names in other modules is
/// believed; [`verify_links`] checks that.
pub fn verify_module(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), VerificationError> {
    run_passes(module, limits, meter).map_err(|violation| violation.into_error(module))
}

fn run_passes(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    bounds::verify(module, meter)?;
    sizes::verify(module, limits, meter)?;
    unsupported::verify(module, meter)?;
    duplicates::verify(module, meter)?;
    friends::verify(module, meter)?;
    signatures::verify(module, meter)?;
    instruction_consistency::verify(module, meter)?;
    constants::verify(module, limits, meter)?;
    field_abilities::verify(module, meter)?;
    recursive_datatypes::verify(module, meter)?;
    instantiation_loops::verify(module, meter)?;
    body::verify(module, limits, meter)
}
