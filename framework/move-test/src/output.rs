//! What `std::debug::print` printed, as text.

use heddle_bytecode::U256;
use heddle_vm::DebugOutput;
use sui_sdk_types::{Address, TypeTag};

/// The values printed, one a line.
pub(crate) fn lines(output: &DebugOutput) -> Vec<String> {
    output
        .values
        .iter()
        .map(|(tag, bytes)| value(tag, bytes).unwrap_or_else(|| raw(tag, bytes)))
        .collect()
}

/// A value of a builtin type, or a string of the standard library.
fn value(tag: &TypeTag, bytes: &[u8]) -> Option<String> {
    match tag {
        TypeTag::Bool => Some((*bytes == [1]).to_string()),
        TypeTag::U8
        | TypeTag::U16
        | TypeTag::U32
        | TypeTag::U64
        | TypeTag::U128
        | TypeTag::U256 => Some(U256::try_from_le_slice(bytes)?.to_string()),
        TypeTag::Address => Some(format!("@{}", Address::from_bytes(bytes).ok()?)),
        TypeTag::Vector(element) if **element == TypeTag::U8 => text(bytes),
        TypeTag::Struct(tag) if *tag.address() == Address::from_static("0x1") => {
            let is_text = matches!(tag.module().as_str(), "string" | "ascii")
                && tag.name().as_str() == "String";
            is_text.then(|| text(bytes)).flatten()
        }
        _ => None,
    }
}

/// Bytes in BCS as text in quotes, or in hexadecimal.
fn text(bytes: &[u8]) -> Option<String> {
    let bytes: Vec<u8> = bcs::from_bytes(bytes).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => format!("{text:?}"),
        Err(error) => hexadecimal(error.as_bytes()),
    })
}

/// Any other value: its type and its bytes.
fn raw(tag: &TypeTag, bytes: &[u8]) -> String {
    format!("{tag} {}", hexadecimal(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_in_the_source() {
        let string = TypeTag::Struct(Box::new("0x1::string::String".parse().unwrap()));
        let other = TypeTag::Struct(Box::new("0x5::m::T".parse().unwrap()));
        let values = vec![
            (TypeTag::U8, vec![7]),
            (TypeTag::U256, [vec![1], vec![0; 31]].concat()),
            (TypeTag::Bool, vec![1]),
            (TypeTag::Vector(Box::new(TypeTag::U8)), b"\x02hi".to_vec()),
            (TypeTag::Vector(Box::new(TypeTag::U8)), b"\x01\xff".to_vec()),
            (string, b"\x02hi".to_vec()),
            (other, vec![1, 2]),
        ];
        let lines = lines(&DebugOutput { values });
        assert_eq!(lines[..6], ["7", "1", "true", "\"hi\"", "0xff", "\"hi\""]);
        assert!(lines[6].ends_with("::m::T 0x0102"), "{}", lines[6]);
    }
}
