//! The bytecode verifier: what a module must fulfil before it may run.
mod error;
mod limits;
mod meter;
mod rule;

pub use error::VerificationError;
pub use limits::VerifierLimits;
pub use meter::{WorkExhausted, WorkMeter};
pub use rule::Rule;

use heddle_bytecode::{CompiledModule, ModuleId};

/// Runs every pass over `module` on its own.
pub fn verify_module(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), VerificationError> {
    let _ = limits;
    meter
        .charge(1)
        .map_err(|exhausted| error::Violation::from(exhausted).into_error(module))
}

/// Checks `module` against the modules it names.
///
/// `dependency` answers with a verified module or `None` if there is none.
pub fn verify_links<'a>(
    module: &CompiledModule,
    dependency: &dyn Fn(&ModuleId) -> Option<&'a CompiledModule>,
) -> Result<(), VerificationError> {
    let _ = (module, dependency);
    Ok(())
}
