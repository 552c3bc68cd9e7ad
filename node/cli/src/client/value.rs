//! Arguments of a call: from what a person types to typed values, guided by
//! the function's signature.

use proto::open_signature_body::Type;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Address, TypeTag, U256};

/// What an argument turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallValue {
    /// BCS bytes of a pure value.
    Pure(Vec<u8>),
    /// An object by id.
    Object(Address),
}

/// Why a text is no value of the wanted type.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ValueError {
    #[error("{text:?} is no {wanted}")]
    Mismatch { text: String, wanted: String },
    #[error("the function's type parameter {index} has no type argument; give it with --type-args")]
    MissingTypeArgument { index: u32 },
    #[error("a value of type {0} cannot be typed in; it must be an object")]
    Unsupported(String),
}

/// Types of the framework that are pure values although they are structs.
const PURE_STRUCTS: [(&str, PureStruct); 4] = [
    ("::string::String", PureStruct::Text),
    ("::ascii::String", PureStruct::Text),
    ("::object::ID", PureStruct::Id),
    ("::option::Option", PureStruct::Option),
];

#[derive(Clone, Copy)]
enum PureStruct {
    Text,
    Id,
    Option,
}

/// Reads `text` as a value of `signature`, whose type parameters stand for
/// `type_args`.
pub(crate) fn parse(
    text: &str,
    signature: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
) -> Result<CallValue, ValueError> {
    if is_pure(signature, type_args)? {
        let mut bytes = Vec::new();
        encode(text, signature, type_args, &mut bytes)?;
        Ok(CallValue::Pure(bytes))
    } else {
        text.trim_start_matches('@')
            .parse()
            .map(CallValue::Object)
            .map_err(|_| ValueError::Mismatch {
                text: text.to_owned(),
                wanted: format!("object id (0x…) of a {}", signature.type_name()),
            })
    }
}

fn pure_struct(name: &str) -> Option<PureStruct> {
    let base = name.split('<').next().unwrap_or(name);
    let (address, path) = base.split_at(base.find("::")?);
    let address: Address = address.parse().ok()?;
    let framework = address == Address::from_static("0x1") || address == Address::TWO;
    PURE_STRUCTS
        .iter()
        .find(|(suffix, _)| framework && path == *suffix)
        .map(|(_, kind)| *kind)
}

fn is_pure(
    signature: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
) -> Result<bool, ValueError> {
    Ok(match signature.r#type() {
        Type::Vector => match signature.type_parameter_instantiation.first() {
            Some(element) => is_pure(element, type_args)?,
            None => false,
        },
        Type::Datatype => match pure_struct(signature.type_name()) {
            Some(PureStruct::Option) => match signature.type_parameter_instantiation.first() {
                Some(element) => is_pure(element, type_args)?,
                None => false,
            },
            Some(_) => true,
            None => false,
        },
        Type::Parameter => {
            let tag = type_argument(signature, type_args)?;
            is_pure(&body_of(tag), type_args)?
        }
        _ => true,
    })
}

fn type_argument<'a>(
    signature: &proto::OpenSignatureBody,
    type_args: &'a [TypeTag],
) -> Result<&'a TypeTag, ValueError> {
    let index = signature.type_parameter();
    type_args
        .get(index as usize)
        .ok_or(ValueError::MissingTypeArgument { index })
}

/// A closed type as a signature body.
fn body_of(tag: &TypeTag) -> proto::OpenSignatureBody {
    let plain = |kind: Type| proto::OpenSignatureBody::default().with_type(kind);
    match tag {
        TypeTag::U8 => plain(Type::U8),
        TypeTag::U16 => plain(Type::U16),
        TypeTag::U32 => plain(Type::U32),
        TypeTag::U64 => plain(Type::U64),
        TypeTag::U128 => plain(Type::U128),
        TypeTag::U256 => plain(Type::U256),
        TypeTag::Bool => plain(Type::Bool),
        TypeTag::Address | TypeTag::Signer => plain(Type::Address),
        TypeTag::Vector(element) => {
            plain(Type::Vector).with_type_parameter_instantiation(vec![body_of(element)])
        }
        TypeTag::Struct(tag) => plain(Type::Datatype)
            .with_type_name(tag.to_string())
            .with_type_parameter_instantiation(
                tag.type_params().iter().map(body_of).collect::<Vec<_>>(),
            ),
    }
}

/// Encodes `text` as BCS of a pure type.
fn encode(
    text: &str,
    signature: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
    bytes: &mut Vec<u8>,
) -> Result<(), ValueError> {
    let text = text.trim();
    macro_rules! number {
        ($type:ty) => {{
            let value: $type = parse_number(text)?;
            bytes.extend_from_slice(&value.to_le_bytes());
        }};
    }
    match signature.r#type() {
        Type::U8 => number!(u8),
        Type::U16 => number!(u16),
        Type::U32 => number!(u32),
        Type::U64 => number!(u64),
        Type::U128 => number!(u128),
        Type::U256 => {
            let value: U256 = parse_number(text)?;
            let start = bytes.len();
            bytes.resize(start + 32, 0);
            // Big-endian digits, as many as the number needs.
            for (byte, digit) in bytes[start..]
                .iter_mut()
                .zip(value.to_radix_be(256).into_iter().rev())
            {
                *byte = digit;
            }
        }
        Type::Bool => bytes.push(match text {
            "true" => 1,
            "false" => 0,
            _ => return Err(mismatch(text, "bool: write true or false")),
        }),
        Type::Address => bytes.extend_from_slice(parse_address(text)?.as_bytes()),
        Type::Vector => {
            let element = signature
                .type_parameter_instantiation
                .first()
                .ok_or_else(|| ValueError::Unsupported(signature.type_name().to_owned()))?;
            encode_vector(text, element, type_args, bytes)?;
        }
        Type::Parameter => {
            let tag = type_argument(signature, type_args)?;
            encode(text, &body_of(tag), type_args, bytes)?;
        }
        Type::Datatype => encode_struct(text, signature, type_args, bytes)?,
        other => return Err(ValueError::Unsupported(other.as_str_name().to_owned())),
    }
    Ok(())
}

fn encode_struct(
    text: &str,
    signature: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
    bytes: &mut Vec<u8>,
) -> Result<(), ValueError> {
    match pure_struct(signature.type_name()) {
        Some(PureStruct::Text) => {
            let text = unquote(text);
            write_length(text.len(), bytes);
            bytes.extend_from_slice(text.as_bytes());
            Ok(())
        }
        Some(PureStruct::Id) => {
            bytes.extend_from_slice(parse_address(text)?.as_bytes());
            Ok(())
        }
        Some(PureStruct::Option) => match signature.type_parameter_instantiation.first() {
            Some(_) if matches!(text, "none" | "null") => {
                bytes.push(0);
                Ok(())
            }
            Some(element) => {
                bytes.push(1);
                let inner = text
                    .strip_prefix("some(")
                    .and_then(|rest| rest.strip_suffix(')'))
                    .unwrap_or(text);
                encode(inner, element, type_args, bytes)
            }
            None => Err(ValueError::Unsupported(signature.type_name().to_owned())),
        },
        None => Err(ValueError::Unsupported(signature.type_name().to_owned())),
    }
}

fn encode_vector(
    text: &str,
    element: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
    bytes: &mut Vec<u8>,
) -> Result<(), ValueError> {
    // Bytes may also be written as 0x… or as quoted text.
    if element.r#type() == Type::U8 && !text.starts_with('[') {
        let raw = match text.strip_prefix("0x") {
            Some(digits) => hex::decode(digits)
                .map_err(|_| mismatch(text, "vector<u8>: write 0x… with pairs of digits"))?,
            None => unquote(text).as_bytes().to_vec(),
        };
        write_length(raw.len(), bytes);
        bytes.extend_from_slice(&raw);
        return Ok(());
    }
    let inside = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(|| mismatch(text, "vector: write [a,b,c]"))?;
    let elements = split_elements(inside);
    write_length(elements.len(), bytes);
    for part in elements {
        encode(part, element, type_args, bytes)?;
    }
    Ok(())
}

/// Splits at the commas that lie in no inner brackets or quotes.
fn split_elements(text: &str) -> Vec<&str> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let (mut depth, mut quoted, mut start) = (0u32, false, 0);
    for (index, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '(' if !quoted => depth += 1,
            ']' | ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn unquote(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text)
}

/// A length as ULEB128, as BCS writes it.
fn write_length(mut length: usize, bytes: &mut Vec<u8>) {
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn parse_number<T: std::str::FromStr>(text: &str) -> Result<T, ValueError> {
    let digits = text.replace('_', "");
    digits.parse().map_err(|_| {
        mismatch(
            text,
            std::any::type_name::<T>()
                .rsplit("::")
                .next()
                .unwrap_or("number"),
        )
    })
}

fn parse_address(text: &str) -> Result<Address, ValueError> {
    text.trim_start_matches('@')
        .parse()
        .map_err(|_| mismatch(text, "address: write 0x and up to 64 hexadecimal digits"))
}

fn mismatch(text: &str, wanted: &str) -> ValueError {
    ValueError::Mismatch {
        text: text.to_owned(),
        wanted: wanted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, text: &str, expected: Option<Vec<u8>>) {
        let tag: TypeTag = tag.parse().unwrap();
        let parsed = parse(text, &body_of(&tag), &[]);
        match expected {
            Some(bytes) => assert_eq!(parsed, Ok(CallValue::Pure(bytes)), "{tag} {text}"),
            None => assert!(parsed.is_err(), "{tag} {text} gave {parsed:?}"),
        }
    }

    #[test]
    fn pure_values() {
        check("u8", "255", Some(vec![255]));
        check("u8", "256", None);
        check("u8", "-1", None);
        check("u64", "1_000", Some(1000u64.to_le_bytes().to_vec()));
        check("bool", "true", Some(vec![1]));
        check("bool", "1", None);
        let mut large = vec![0; 32];
        large[..2].copy_from_slice(&[0x34, 0x12]);
        check("u256", "4660", Some(large));
        check("vector<u8>", "0x0102", Some(vec![2, 1, 2]));
        check("vector<u8>", "0x012", None);
        check("vector<u8>", "hi", Some(vec![2, b'h', b'i']));
        check("vector<u8>", "[1, 2]", Some(vec![2, 1, 2]));
        check(
            "vector<vector<u8>>",
            "[[1],[2,3]]",
            Some(vec![2, 1, 1, 2, 2, 3]),
        );
        check("vector<u16>", "[]", Some(vec![0]));
        check("vector<u16>", "1,2", None);
        check(
            "0x1::string::String",
            "a b",
            Some(vec![3, b'a', b' ', b'b']),
        );
        check("0x1::option::Option<u8>", "none", Some(vec![0]));
        check("0x1::option::Option<u8>", "some(7)", Some(vec![1, 7]));
        check(
            "vector<0x1::string::String>",
            "[\"a,b\",c]",
            Some(vec![2, 3, b'a', b',', b'b', 1, b'c']),
        );
        let mut two = vec![0; 32];
        two[31] = 2;
        check("address", "0x2", Some(two.clone()));
        check("0x2::object::ID", "0x2", Some(two));
        check("address", "bob", None);
    }

    #[test]
    fn everything_else_is_an_object() {
        let tag: TypeTag = "0x2::coin::Coin<0x2::sui::SUI>".parse().unwrap();
        assert_eq!(
            parse("0x9", &body_of(&tag), &[]),
            Ok(CallValue::Object("0x9".parse().unwrap()))
        );
        assert!(parse("9 coins", &body_of(&tag), &[]).is_err());
        let generic = proto::OpenSignatureBody::default()
            .with_type(Type::Parameter)
            .with_type_parameter(1);
        assert_eq!(
            parse("1", &generic, &[TypeTag::U8]),
            Err(ValueError::MissingTypeArgument { index: 1 })
        );
        assert_eq!(
            parse("1", &generic, &[TypeTag::U8, TypeTag::U16]),
            Ok(CallValue::Pure(vec![1, 0]))
        );
    }
}
