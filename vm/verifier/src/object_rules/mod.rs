//! The rules of the object model, on top of those of the language.
//!
//! * [`key_structs`]: a type with `key` is a struct that starts with `id: UID`.
//! * [`fresh_ids`]: an object is only made with an id that was made for it.
//! * [`one_time_witness`]: a witness type is never instantiated by its module.
//! * [`init`]: `init` has the one shape in which publishing calls it.
//! * [`private_generics`]: operations that only a type's own module may do.
//!
//! `entry` functions may have any signature, as the compiler lets them: one
//! whose parameters no transaction can give is one that no transaction calls.
//! What a call must not take (the clock or the randomness to write) is for
//! those who accept transactions to refuse.
//!
//! Run after all other passes; every index is in bounds and all code is typed.

mod fresh_ids;
mod init;
mod key_structs;
mod names;
mod one_time_witness;
mod private_generics;

use crate::error::Violation;
use crate::{VerificationError, WorkMeter};
use heddle_bytecode::CompiledModule;

/// Checks `module`, which [`crate::verify_module`] accepted, against the rules
/// of the object model.
///
/// # Errors
/// The first rule that it breaks.
pub fn verify_object_rules(
    module: &CompiledModule,
    meter: &mut WorkMeter,
) -> Result<(), VerificationError> {
    run(module, meter).map_err(|violation| violation.into_error(module))
}

fn run(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    key_structs::verify(module, meter)?;
    fresh_ids::verify(module, meter)?;
    one_time_witness::verify(module, meter)?;
    init::verify(module, meter)?;
    private_generics::verify(module, meter)
}
