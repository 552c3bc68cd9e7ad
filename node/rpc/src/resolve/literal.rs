//! Literals: JSON-like values, encoded in BCS by the type that their use asks
//! for.
//!
//! Numbers are taken as numbers if a double holds them exactly, or as decimal
//! (or `0x`) strings of any width; addresses and ids as strings; `vector<u8>`
//! also as a base64 string; `Option` as the value or null.

use crate::error::RpcError;
use crate::resolve::sketch::{address, shorten};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use heddle_objects::limits;
use heddle_objects::sui_sdk_types::{Address, StructTag, TypeTag};
use prost_types::value::Kind;
use ruint::aliases::U256;

/// The largest whole number up to which a double holds every whole number.
const EXACT_NUMBER_MAX: f64 = 9_007_199_254_740_991.0;
/// Deepest nesting of a literal.
const DEPTH_MAX: usize = limits::TYPE_ARGUMENT_DEPTH_MAX;

/// Encodes a literal. `at` is the path of the value, for errors.
///
/// # Errors
/// [`RpcError::FieldInvalid`] if the value does not fit the type, or the type
/// is none that literals can have.
pub(crate) fn encode(at: &str, value: Option<&Kind>, type_: &TypeTag) -> Result<Vec<u8>, RpcError> {
    let mut bytes = Vec::new();
    let encoder = Encoder { at };
    encoder.value(value.unwrap_or(&Kind::NullValue(0)), type_, 0, &mut bytes)?;
    if bytes.len() > limits::PURE_ARGUMENT_BYTES_MAX {
        return Err(RpcError::invalid(
            at,
            format!(
                "the value has {} bytes; at most {} are allowed",
                bytes.len(),
                limits::PURE_ARGUMENT_BYTES_MAX
            ),
        ));
    }
    Ok(bytes)
}

struct Encoder<'a> {
    at: &'a str,
}

impl Encoder<'_> {
    fn value(
        &self,
        value: &Kind,
        type_: &TypeTag,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), RpcError> {
        if depth > DEPTH_MAX {
            return Err(RpcError::invalid(self.at, "the value is nested too deeply"));
        }
        match type_ {
            TypeTag::Bool => match value {
                Kind::BoolValue(value) => out.push(u8::from(*value)),
                _ => return Err(self.mismatch(value, type_)),
            },
            TypeTag::U8 => self.number(value, type_, 1, out)?,
            TypeTag::U16 => self.number(value, type_, 2, out)?,
            TypeTag::U32 => self.number(value, type_, 4, out)?,
            TypeTag::U64 => self.number(value, type_, 8, out)?,
            TypeTag::U128 => self.number(value, type_, 16, out)?,
            TypeTag::U256 => self.number(value, type_, 32, out)?,
            TypeTag::Address => self.address(value, type_, out)?,
            TypeTag::Vector(element) => self.vector(value, type_, element, depth, out)?,
            TypeTag::Struct(tag) => self.datatype(value, type_, tag, depth, out)?,
            TypeTag::Signer => {
                return Err(RpcError::invalid(self.at, "a signer can't be given"));
            }
        }
        Ok(())
    }

    fn number(
        &self,
        value: &Kind,
        type_: &TypeTag,
        width_bytes: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), RpcError> {
        let number = match value {
            Kind::NumberValue(number)
                if number.fract() == 0.0 && (0.0..=EXACT_NUMBER_MAX).contains(number) =>
            {
                U256::from(*number as u64)
            }
            Kind::StringValue(text) => {
                parse_u256(text).ok_or_else(|| self.mismatch(value, type_))?
            }
            _ => return Err(self.mismatch(value, type_)),
        };
        let bytes: [u8; 32] = number.to_le_bytes();
        let (used, rest) = bytes.split_at(width_bytes);
        if rest.iter().any(|byte| *byte != 0) {
            return Err(self.mismatch(value, type_));
        }
        out.extend_from_slice(used);
        Ok(())
    }

    fn address(&self, value: &Kind, type_: &TypeTag, out: &mut Vec<u8>) -> Result<(), RpcError> {
        let Kind::StringValue(text) = value else {
            return Err(self.mismatch(value, type_));
        };
        out.extend_from_slice(address(self.at, text)?.as_bytes());
        Ok(())
    }

    fn vector(
        &self,
        value: &Kind,
        type_: &TypeTag,
        element: &TypeTag,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), RpcError> {
        match value {
            Kind::ListValue(list) => {
                push_length(list.values.len(), out);
                for one in &list.values {
                    let one = one.kind.as_ref().unwrap_or(&Kind::NullValue(0));
                    self.value(one, element, depth + 1, out)?;
                }
                Ok(())
            }
            Kind::StringValue(text) if *element == TypeTag::U8 => {
                let bytes = BASE64.decode(text).map_err(|error| {
                    RpcError::invalid(self.at, format!("the string is not base64: {error}"))
                })?;
                push_length(bytes.len(), out);
                out.extend_from_slice(&bytes);
                Ok(())
            }
            _ => Err(self.mismatch(value, type_)),
        }
    }

    fn datatype(
        &self,
        value: &Kind,
        type_: &TypeTag,
        tag: &StructTag,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), RpcError> {
        const STD: Address = Address::from_static("0x1");
        const FRAMEWORK: Address = Address::from_static("0x2");
        let name = (*tag.address(), tag.module().as_str(), tag.name().as_str());
        if name == (FRAMEWORK, "object", "ID") {
            return self.address(value, type_, out);
        }
        if name == (STD, "string", "String") || name == (STD, "ascii", "String") {
            let Kind::StringValue(text) = value else {
                return Err(self.mismatch(value, type_));
            };
            if tag.module().as_str() == "ascii" && !text.is_ascii() {
                return Err(self.mismatch(value, type_));
            }
            push_length(text.len(), out);
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        if name == (STD, "option", "Option")
            && let [inner] = tag.type_params()
        {
            if matches!(value, Kind::NullValue(_)) {
                out.push(0);
                return Ok(());
            }
            out.push(1);
            return self.value(value, inner, depth + 1, out);
        }
        Err(RpcError::invalid(
            self.at,
            format!("a value of type {type_} can't be given as a literal"),
        ))
    }

    fn mismatch(&self, value: &Kind, type_: &TypeTag) -> RpcError {
        let shown = match value {
            Kind::NullValue(_) => "null".to_owned(),
            Kind::NumberValue(number) => number.to_string(),
            Kind::StringValue(text) => format!("\"{}\"", shorten(text)),
            Kind::BoolValue(value) => value.to_string(),
            Kind::StructValue(_) => "an object".to_owned(),
            Kind::ListValue(_) => "a list".to_owned(),
        };
        RpcError::invalid(self.at, format!("{shown} is no value of type {type_}"))
    }
}

/// Appends a length as BCS writes it: seven bits a byte, lowest first.
fn push_length(length: usize, out: &mut Vec<u8>) {
    let mut rest = length;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// A decimal or `0x` number; nothing but digits.
fn parse_u256(text: &str) -> Option<U256> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    // 2²⁵⁶ has 78 decimal digits.
    if digits.is_empty() || digits.len() > 78 || !digits.chars().all(|one| one.is_digit(radix)) {
        return None;
    }
    U256::from_str_radix(digits, u64::from(radix)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use prost_types::{ListValue, Value};

    fn check(value: Kind, type_: &str, expected: Option<Vec<u8>>) {
        let type_: TypeTag = type_.parse().expect("a type");
        let found = encode("input", Some(&value), &type_).ok();
        assert_eq!(found, expected, "{value:?} as {type_}");
    }

    fn text(text: &str) -> Kind {
        Kind::StringValue(text.into())
    }

    fn list(values: Vec<Kind>) -> Kind {
        Kind::ListValue(ListValue {
            values: values
                .into_iter()
                .map(|kind| Value { kind: Some(kind) })
                .collect(),
        })
    }

    #[test]
    fn values_fit_their_types_or_are_refused() {
        use Kind::{BoolValue, NullValue, NumberValue};
        let some = |value: &dyn Fn() -> Vec<u8>| Some(value());
        check(BoolValue(true), "bool", some(&|| vec![1]));
        check(NumberValue(255.0), "u8", Some(vec![255]));
        check(NumberValue(256.0), "u8", None);
        check(NumberValue(-1.0), "u64", None);
        check(NumberValue(1.5), "u64", None);
        check(NumberValue(1e300), "u256", None);
        check(NumberValue(f64::NAN), "u8", None);
        check(text("18446744073709551615"), "u64", Some(vec![255; 8]));
        check(text("18446744073709551616"), "u64", None);
        check(text("0x10"), "u16", Some(vec![16, 0]));
        check(text("ten"), "u16", None);
        check(text(""), "u16", None);
        check(
            text("0x2"),
            "address",
            Some({
                let mut bytes = vec![0; 32];
                bytes[31] = 2;
                bytes
            }),
        );
        check(text("AQI="), "vector<u8>", Some(vec![2, 1, 2]));
        check(text("not base64!"), "vector<u8>", None);
        check(
            list(vec![NumberValue(1.0), text("2")]),
            "vector<u16>",
            Some(vec![2, 1, 0, 2, 0]),
        );
        check(text("é"), "0x1::string::String", Some(vec![2, 0xc3, 0xa9]));
        check(text("é"), "0x1::ascii::String", None);
        check(NullValue(0), "0x1::option::Option<u8>", Some(vec![0]));
        check(
            NumberValue(9.0),
            "0x1::option::Option<u8>",
            Some(vec![1, 9]),
        );
        check(NullValue(0), "u8", None);
        check(text("x"), "0x2::coin::Coin<0x2::sui::SUI>", None);
        check(text("x"), "signer", None);
    }

    proptest! {
        #[test]
        fn encodings_are_bcs(number: u128, bytes in prop::collection::vec(any::<u8>(), 0..300), words in ".{0,40}") {
            let decimal = text(&number.to_string());
            prop_assert_eq!(
                encode("", Some(&decimal), &TypeTag::U128).expect("fits"),
                bcs::to_bytes(&number).expect("plain")
            );
            let base64 = text(&BASE64.encode(&bytes));
            prop_assert_eq!(
                encode("", Some(&base64), &TypeTag::Vector(Box::new(TypeTag::U8))).expect("fits"),
                bcs::to_bytes(&bytes).expect("plain")
            );
            let string: TypeTag = "0x1::string::String".parse().expect("a type");
            prop_assert_eq!(
                encode("", Some(&text(&words)), &string).expect("fits"),
                bcs::to_bytes(&words).expect("plain")
            );
        }
    }
}
