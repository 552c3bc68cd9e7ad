//! Abort codes that say more than a number.
//!
//! For `abort` and `assert!` without a code, and for constants marked
//! `#[error]`, the Move compiler makes the code out of places in the module
//! that aborts:
//!
//! ```text
//! bit 63      56 55        48 47         32 31         16 15          0
//!     version    error code   source line   name of the   value of the
//!                                           constant      constant
//! ```
//!
//! The version is `0xc0`; older compilers write `0x80` and have no error code,
//! which is the number that `#[error(code = …)]` gives. The two lower fields
//! are indexes into the module's constants; all ones mean none, there as in the
//! error code.
//!
//! A program may abort with any number, also one that looks like this by
//! chance. What is read here is for people; nothing may depend on it.

use std::fmt;

use crate::{Address, CompiledModule, Constant, ConstantPoolIndex, SignatureToken, U256};

const VERSION_PLAIN: u8 = 0x80;
const VERSION_WITH_ERROR_CODE: u8 = 0xc0;
const NONE_U8: u8 = u8::MAX;
const NONE_U16: u16 = u16::MAX;
/// Longest text of one constant, in bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024;

/// What an abort code holds, without the module that it points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleverCode {
    /// The source line of the `abort` or `assert!`, from 1.
    pub line: u16,
    /// The number that the constant's attribute gives it.
    pub error_code: Option<u8>,
    /// The constant that holds the name of the error constant.
    pub name: Option<ConstantPoolIndex>,
    /// The error constant.
    pub value: Option<ConstantPoolIndex>,
}

impl CleverCode {
    /// The parts of `code`; `None` for an ordinary abort code.
    #[must_use]
    pub fn of(code: u64) -> Option<Self> {
        let [version, error_code, l1, l0, n1, n0, v1, v0] = code.to_be_bytes();
        let line = u16::from_be_bytes([l1, l0]);
        if !matches!(version, VERSION_PLAIN | VERSION_WITH_ERROR_CODE) || line == 0 {
            return None;
        }
        let index = |bytes| {
            Some(u16::from_be_bytes(bytes))
                .filter(|index| *index != NONE_U16)
                .map(ConstantPoolIndex)
        };
        Some(Self {
            line,
            error_code: Some(error_code)
                .filter(|code| version == VERSION_WITH_ERROR_CODE && *code != NONE_U8),
            name: index([n1, n0]),
            value: index([v1, v0]),
        })
    }
}

/// An abort code with what its module's constants say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleverError {
    /// The source line of the `abort` or `assert!`, from 1.
    pub line: u16,
    /// The number that the constant's attribute gives it.
    pub error_code: Option<u8>,
    /// The name of the error constant.
    pub constant_name: Option<String>,
    /// Its type, as in Move.
    pub constant_type: Option<String>,
    /// Its value as text: bytes as what they spell, other types as in Move.
    /// `None` for bytes that are no text, and for long texts.
    pub message: Option<String>,
    /// Its value in BCS.
    pub constant_bcs: Option<Vec<u8>>,
}

impl CleverError {
    /// Reads `code` with the module that aborted; without one, or for indexes
    /// that point to nothing in it, only the line is known. `None` for an
    /// ordinary abort code.
    #[must_use]
    pub fn of(code: u64, module: Option<&CompiledModule>) -> Option<Self> {
        let code = CleverCode::of(code)?;
        let constant = |index: Option<ConstantPoolIndex>| module?.get(index?);
        let value = constant(code.value);
        Some(Self {
            line: code.line,
            error_code: code.error_code,
            constant_name: constant(code.name).and_then(text),
            constant_type: value.and_then(|constant| type_name(&constant.type_)),
            message: value.and_then(text),
            constant_bcs: value.map(|constant| constant.data.clone()),
        })
    }
}

impl fmt::Display for CleverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.constant_name.as_deref().unwrap_or("no code"))?;
        if let Some(code) = self.error_code {
            write!(f, " ({code})")?;
        }
        if let Some(message) = &self.message {
            if self.constant_type.as_deref() == Some("vector<u8>") {
                write!(f, ": {message:?}")?;
            } else {
                write!(f, ": {message}")?;
            }
        }
        Ok(())
    }
}

/// A constant as text. Bytes at the top are what they spell.
fn text(constant: &Constant) -> Option<String> {
    let mut reader = Reader(&constant.data);
    let text = if is_bytes(&constant.type_) {
        String::from_utf8(reader.bytes()?.to_vec()).ok()?
    } else {
        let mut text = String::new();
        reader.value(&constant.type_, &mut text)?;
        text
    };
    (reader.0.is_empty() && text.len() <= TEXT_BYTES_MAX).then_some(text)
}

fn is_bytes(type_: &SignatureToken) -> bool {
    matches!(type_, SignatureToken::Vector(element) if **element == SignatureToken::U8)
}

/// The name of a type that a constant can have.
fn type_name(type_: &SignatureToken) -> Option<String> {
    Some(match type_ {
        SignatureToken::Bool => "bool".into(),
        SignatureToken::U8 => "u8".into(),
        SignatureToken::U16 => "u16".into(),
        SignatureToken::U32 => "u32".into(),
        SignatureToken::U64 => "u64".into(),
        SignatureToken::U128 => "u128".into(),
        SignatureToken::U256 => "u256".into(),
        SignatureToken::Address => "address".into(),
        SignatureToken::Vector(element) => format!("vector<{}>", type_name(element)?),
        _ => return None,
    })
}

/// Reads BCS of constants. Recursion is as deep as the type, which the format
/// bounds; text stops growing at its limit.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn length(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = *self.take(1)?.first()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    fn value(&mut self, type_: &SignatureToken, text: &mut String) -> Option<()> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let integer = |bytes: &[u8]| U256::try_from_le_slice(bytes).map(|value| value.to_string());
        match type_ {
            SignatureToken::Bool => text.push_str(match self.take(1)? {
                [0] => "false",
                [1] => "true",
                _ => return None,
            }),
            SignatureToken::U8 => text.push_str(&integer(self.take(1)?)?),
            SignatureToken::U16 => text.push_str(&integer(self.take(2)?)?),
            SignatureToken::U32 => text.push_str(&integer(self.take(4)?)?),
            SignatureToken::U64 => text.push_str(&integer(self.take(8)?)?),
            SignatureToken::U128 => text.push_str(&integer(self.take(16)?)?),
            SignatureToken::U256 => text.push_str(&integer(self.take(32)?)?),
            SignatureToken::Address => {
                let address = Address::from_bytes(self.take(Address::LENGTH)?).ok()?;
                text.push_str(&address.to_string());
            }
            bytes if is_bytes(bytes) => {
                let bytes = self.bytes()?;
                match std::str::from_utf8(bytes) {
                    Ok(spelt) => text.push_str(&format!("{spelt:?}")),
                    Err(_) => {
                        text.push_str("0x");
                        bytes
                            .iter()
                            .for_each(|byte| text.push_str(&format!("{byte:02x}")));
                    }
                }
            }
            SignatureToken::Vector(element) => {
                text.push('[');
                for index in 0..self.length()? {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    self.value(element, text)?;
                }
                text.push(']');
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format;

    fn vector(element: SignatureToken) -> SignatureToken {
        SignatureToken::Vector(Box::new(element))
    }

    /// A module with these constants.
    fn module(constants: Vec<(SignatureToken, Vec<u8>)>) -> CompiledModule {
        let mut module = CompiledModule::empty(format::VERSION_MAX);
        module.constant_pool = constants
            .into_iter()
            .map(|(type_, data)| Constant { type_, data })
            .collect();
        module
    }

    fn named(type_: SignatureToken, data: Vec<u8>) -> CompiledModule {
        let name = (vector(SignatureToken::U8), b"\x05EName".to_vec());
        module(vec![name, (type_, data)])
    }

    #[test]
    fn ordinary_codes_are_no_clever_ones() {
        for code in [
            0,
            7,
            u64::from(u32::MAX),
            1 << 62,
            (1 << 63) - 1,
            1 << 63,
            u64::MAX,
            0xc0ff_0000_ffff_ffff,
        ] {
            assert_eq!(CleverCode::of(code), None, "{code:#x}");
        }
    }

    #[test]
    fn the_fields_of_a_code() {
        let bare = CleverCode::of(0xc0ff_0009_ffff_ffff);
        assert_eq!(
            bare,
            Some(CleverCode {
                line: 9,
                error_code: None,
                name: None,
                value: None
            })
        );
        let full = CleverCode {
            line: 7,
            error_code: Some(4),
            name: Some(ConstantPoolIndex(2)),
            value: Some(ConstantPoolIndex(3)),
        };
        assert_eq!(CleverCode::of(0xc004_0007_0002_0003), Some(full));
        let old = CleverCode {
            error_code: None,
            ..full
        };
        assert_eq!(CleverCode::of(0x8000_0007_0002_0003), Some(old));
    }

    #[test]
    fn values_read_as_in_the_source() {
        let mut five = vec![0; 31];
        five.push(5);
        for (type_, data, words) in [
            (
                vector(SignatureToken::U8),
                b"\x02hi".to_vec(),
                "EName: \"hi\"",
            ),
            (vector(SignatureToken::U8), b"\x01\xff".to_vec(), "EName"),
            (SignatureToken::Bool, vec![1], "EName: true"),
            (SignatureToken::U8, vec![200], "EName: 200"),
            (SignatureToken::U16, vec![0, 1], "EName: 256"),
            (
                SignatureToken::U64,
                vec![77, 0, 0, 0, 0, 0, 0, 0],
                "EName: 77",
            ),
            (
                SignatureToken::U256,
                vec![0xff; 32],
                &format!("EName: {}", U256::MAX),
            ),
            (
                SignatureToken::Address,
                five,
                &format!("EName: 0x{}5", "0".repeat(63)),
            ),
            (
                vector(vector(SignatureToken::U8)),
                b"\x02\x01x\x01\xff".to_vec(),
                "EName: [\"x\", 0xff]",
            ),
            (
                vector(SignatureToken::Bool),
                vec![2, 1, 0],
                "EName: [true, false]",
            ),
            // Not values of their types.
            (SignatureToken::U64, vec![1], "EName"),
            (SignatureToken::Bool, vec![1, 1], "EName"),
            (vector(SignatureToken::U64), vec![0xff; 9], "EName"),
        ] {
            let clever = CleverError::of(0xc0ff_0003_0000_0001, Some(&named(type_, data)));
            assert_eq!(clever.unwrap().to_string(), words);
        }
    }

    #[test]
    fn a_line_alone_is_shown_and_bad_indexes_are_passed_over() {
        let module = module(vec![]);
        for code in [0xc0ff_0003_ffff_ffff, 0xc0ff_0003_0009_0009] {
            let clever = CleverError::of(code, Some(&module)).unwrap();
            assert_eq!((clever.line, clever.to_string()), (3, "no code".to_owned()));
        }
        assert_eq!(
            CleverError::of(0xc007_0003_0009_0009, None)
                .unwrap()
                .to_string(),
            "no code (7)"
        );
    }

    proptest! {
        #[test]
        fn any_code_and_any_constant_read(code: u64, data: Vec<u8>, deep in 0..8) {
            let type_ = (0..deep).fold(SignatureToken::U8, |inner, _| vector(inner));
            let module = named(type_, data);
            for code in [code, code & 0x00ff_ffff_0000_0000 | 0xc000_0000_0000_0001] {
                let clever = CleverError::of(code, Some(&module));
                prop_assert_eq!(clever.is_some(), CleverCode::of(code).is_some());
                prop_assert!(clever.is_none_or(|it| it.to_string().len() < 5 * TEXT_BYTES_MAX));
            }
        }
    }
}
