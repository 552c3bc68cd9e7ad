//! Types inside a function body: substitution, and what it costs.
//!
//! It recurses as deep as a type nests, which the limits pass bounds.

use crate::WorkMeter;
use crate::error::Violation;
use heddle_bytecode::SignatureToken;

/// `token` with each type parameter replaced by its argument. Charges for
/// every node of the result.
pub(crate) fn substitute(
    token: &SignatureToken,
    arguments: &[SignatureToken],
    meter: &mut WorkMeter,
) -> Result<SignatureToken, Violation> {
    meter.charge(1)?;
    Ok(match token {
        SignatureToken::TypeParameter(index) => {
            let argument = arguments.get(index.position()).unwrap_or(token);
            charge_type(argument, meter)?;
            argument.clone()
        }
        SignatureToken::Vector(inner) => {
            SignatureToken::Vector(Box::new(substitute(inner, arguments, meter)?))
        }
        SignatureToken::Reference(inner) => {
            SignatureToken::Reference(Box::new(substitute(inner, arguments, meter)?))
        }
        SignatureToken::MutableReference(inner) => {
            SignatureToken::MutableReference(Box::new(substitute(inner, arguments, meter)?))
        }
        SignatureToken::DatatypeInstantiation(instantiation) => {
            let (handle, inner) = &**instantiation;
            let inner = inner
                .iter()
                .map(|token| substitute(token, arguments, meter))
                .collect::<Result<_, _>>()?;
            SignatureToken::DatatypeInstantiation(Box::new((*handle, inner)))
        }
        plain => plain.clone(),
    })
}

/// Charges for looking at every node of a type.
pub(crate) fn charge_type(token: &SignatureToken, meter: &mut WorkMeter) -> Result<(), Violation> {
    Ok(meter.charge_each(token.preorder().count())?)
}
