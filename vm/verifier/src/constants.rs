//! Constants have types that constants can have, and bytes that are one
//! value of that type in BCS.

use heddle_bytecode::{CompiledModule, ConstantPoolIndex, SignatureToken};

use crate::{Rule, VerifierLimits, WorkMeter, error::Violation};

pub(crate) fn verify(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    for (index, constant) in module.entries::<ConstantPoolIndex>() {
        meter.charge_each(constant.data.len() + 1)?;
        if !constant.type_.preorder().all(is_constant_type) {
            let message = format!("constant {index} is not a primitive or a vector of them");
            return Err(Violation::new(Rule::ConstantType, message));
        }
        let wrong =
            |what: &str| Violation::new(Rule::ConstantValue, format!("constant {index}: {what}"));
        let rest = value(&constant.type_, &constant.data).map_err(wrong)?;
        if !rest.is_empty() {
            return Err(wrong("bytes follow its value"));
        }
        if matches!(constant.type_, SignatureToken::Vector(_)) {
            let (elements, _) = length(&constant.data).map_err(wrong)?;
            if elements > limits.constant_elements {
                let limit = limits.constant_elements;
                let message =
                    format!("constant {index} has {elements} elements, but the limit is {limit}");
                return Err(Violation::new(Rule::SizeLimit, message));
            }
        }
    }
    Ok(())
}

fn is_constant_type(token: &SignatureToken) -> bool {
    use SignatureToken as T;
    matches!(token, T::Bool | T::Address | T::Vector(_)) || token.is_integer()
}

/// Takes a value of a type from the front of `bytes`. Every value has at least
/// a byte, so this ends after as many steps as there are bytes.
fn value<'a>(type_: &SignatureToken, bytes: &'a [u8]) -> Result<&'a [u8], &'static str> {
    use SignatureToken as T;

    let width = match type_ {
        T::Bool => {
            return match bytes.split_first() {
                Some((0 | 1, rest)) => Ok(rest),
                Some(_) => Err("a bool is neither 0 nor 1"),
                None => Err("its bytes end too early"),
            };
        }
        T::Vector(element) => {
            let (elements, mut rest) = length(bytes)?;
            for _ in 0..elements {
                rest = value(element, rest)?;
            }
            return Ok(rest);
        }
        T::U8 => 1,
        T::U16 => 2,
        T::U32 => 4,
        T::U64 => 8,
        T::U128 => 16,
        T::U256 | T::Address => 32,
        _ => return Err("its type has no values in BCS"),
    };
    bytes
        .split_at_checked(width)
        .map(|(_, rest)| rest)
        .ok_or("its bytes end too early")
}

/// Takes the length of a sequence: ULEB128 in its shortest form, within 31
/// bits.
fn length(bytes: &[u8]) -> Result<(u64, &[u8]), &'static str> {
    const MAX: u64 = (1 << 31) - 1;
    let mut value = 0;
    for (position, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7F) << (7 * position);
        if byte & 0x80 == 0 {
            let is_shortest = position == 0 || *byte != 0;
            return if is_shortest && value <= MAX {
                Ok((value, &bytes[position + 1..]))
            } else {
                Err("the length of a vector is malformed")
            };
        }
    }
    Err("the length of a vector is malformed")
}
