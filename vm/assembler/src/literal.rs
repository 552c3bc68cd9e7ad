//! Constants between literals and BCS.

use crate::error::{AssemblyError, AssemblyErrorKind};
use crate::parse::number;
use crate::syntax::{At, Literal};
use heddle_bytecode::{Address, SignatureToken, U256};
use std::fmt::Write as _;

/// Appends the BCS of a literal of type `token`.
pub(crate) fn encode(
    token: &SignatureToken,
    literal: &At<Literal<'_>>,
    bcs: &mut Vec<u8>,
) -> Result<(), AssemblyError> {
    use SignatureToken as T;

    let wrong = || {
        let expected = type_words(token).into();
        AssemblyError::new(literal.at, AssemblyErrorKind::Literal { expected })
    };
    match (token, &literal.it) {
        (_, Literal::Raw(bytes)) => bcs.extend_from_slice(bytes),
        (T::Bool, Literal::Bool(value)) => bcs.push(u8::from(*value)),
        (T::Address, Literal::Number(digits)) => {
            let value = number(digits).ok_or_else(wrong)?;
            bcs.extend_from_slice(&value.to_be_bytes::<32>());
        }
        (integer, Literal::Number(digits)) => {
            let bytes = integer_bytes(integer).ok_or_else(wrong)?;
            let value = number(digits).ok_or_else(wrong)?;
            if value.bit_len() > bytes * 8 {
                return Err(wrong());
            }
            bcs.extend_from_slice(&value.to_le_bytes::<32>()[..bytes]);
        }
        (T::Vector(element), Literal::Bytes(bytes)) if **element == T::U8 => {
            length(bytes.len(), bcs);
            bcs.extend_from_slice(bytes);
        }
        (T::Vector(element), Literal::List(list)) => {
            length(list.len(), bcs);
            for literal in list {
                encode(element, literal, bcs)?;
            }
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

fn type_words(token: &SignatureToken) -> &'static str {
    use SignatureToken as T;

    match token {
        T::Bool => "bool",
        T::U8 => "u8",
        T::U16 => "u16",
        T::U32 => "u32",
        T::U64 => "u64",
        T::U128 => "u128",
        T::U256 => "u256",
        T::Address => "address",
        T::Vector(element) if **element == T::U8 => "vector<u8>",
        T::Vector(_) => "vector",
        _ => "that a constant can have: write its BCS as raw x\"..\"",
    }
}

fn integer_bytes(token: &SignatureToken) -> Option<usize> {
    Some(match token {
        SignatureToken::U8 => 1,
        SignatureToken::U16 => 2,
        SignatureToken::U32 => 4,
        SignatureToken::U64 => 8,
        SignatureToken::U128 => 16,
        SignatureToken::U256 => 32,
        _ => return None,
    })
}

fn length(length: usize, bcs: &mut Vec<u8>) {
    let mut rest = length;
    while rest >= 0x80 {
        bcs.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    bcs.push(rest.to_le_bytes()[0]);
}

/// The literal for `bcs` as a value of type `token`; if it is none, the bytes.
pub(crate) fn text(token: &SignatureToken, bcs: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bcs;
    match write(token, &mut rest, &mut text) {
        Some(()) if rest.is_empty() => text,
        _ => format!("raw {}", hex(bcs)),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::from("x\"");
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

/// Bytes as text if a person can read them so.
pub(crate) fn byte_string(bytes: &[u8]) -> String {
    let is_text = bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    if !is_text {
        return hex(bytes);
    }
    let mut text = String::from("b\"");
    for byte in bytes {
        if matches!(byte, b'"' | b'\\') {
            text.push('\\');
        }
        text.push(char::from(*byte));
    }
    text.push('"');
    text
}

pub(crate) fn address(address: &Address) -> String {
    let hex = address.to_hex();
    let digits = hex.trim_start_matches("0x").trim_start_matches('0');
    format!("0x{}", if digits.is_empty() { "0" } else { digits })
}

/// Takes a length in its shortest form.
fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..32).step_by(7) {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return (*byte != 0 || shift == 0).then_some(value);
        }
    }
    None
}

/// Appends the text of one value and takes its bytes; `None` if they are not
/// the only encoding of a value.
fn write(token: &SignatureToken, rest: &mut &[u8], text: &mut String) -> Option<()> {
    use SignatureToken as T;

    let mut take = |count: usize| {
        let (head, tail) = rest.split_at_checked(count)?;
        *rest = tail;
        Some(head)
    };
    match token {
        T::Bool => text.push_str(match take(1)? {
            [0] => "false",
            [1] => "true",
            _ => return None,
        }),
        T::Address => {
            let bytes: [u8; 32] = take(32)?.try_into().ok()?;
            text.push_str(&address(&Address::new(bytes)));
        }
        T::Vector(element) if **element == T::U8 => {
            let count = take_length(rest)?;
            let (head, tail) = rest.split_at_checked(count)?;
            *rest = tail;
            text.push_str(&byte_string(head));
        }
        T::Vector(element) => {
            let count = take_length(rest)?;
            // Every value of a constant takes a byte or more.
            if count > rest.len() {
                return None;
            }
            text.push('[');
            for position in 0..count {
                if position > 0 {
                    text.push_str(", ");
                }
                write(element, rest, text)?;
            }
            text.push(']');
        }
        integer => {
            let bytes = take(integer_bytes(integer)?)?;
            let value = U256::try_from_le_slice(bytes)?;
            let _ = write!(text, "{value}");
        }
    }
    Some(())
}
