//! Abort codes that say more than a number.
//!
//! For a constant marked `#[error]`, and for an `assert!` or `abort` without a
//! code, the compiler makes the code out of places in the module that aborts:
//!
//! ```text
//! bit 63      56 55        48 47         32 31         16 15          0
//!     version    error code   source line   name of the   value of the
//!                                           constant      constant
//! ```
//! The version is `0x80` (without an error code) or `0xc0`. The two lower
//! fields are indexes into the module's constants; all ones mean none.

use std::fmt;

use heddle_bytecode::{CompiledModule, SignatureToken};
use serde::Serialize;

const VERSION_PLAIN: u8 = 0x80;
const VERSION_WITH_ERROR_CODE: u8 = 0xc0;
const NONE_U8: u8 = u8::MAX;
const NONE_U16: u16 = u16::MAX;

/// What an abort code says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AbortDetails {
    /// The number itself.
    pub code: u64,
    /// The name of the `#[error]` constant behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// That constant's value, if it is a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The number that the constant's attribute gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u8>,
    /// The source line of the abort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u16>,
}

impl AbortDetails {
    /// Reads `code`, with the module that aborted if that is at hand.
    #[must_use]
    pub fn of(code: u64, module: Option<&CompiledModule>) -> Self {
        let plain = Self {
            code,
            ..Self::default()
        };
        let [version, error_code, l1, l0, n1, n0, v1, v0] = code.to_be_bytes();
        if version != VERSION_PLAIN && version != VERSION_WITH_ERROR_CODE {
            return plain;
        }
        let index = |bytes| Some(u16::from_be_bytes(bytes)).filter(|index| *index != NONE_U16);
        let text = |index: Option<u16>| constant_text(module?, index?);
        Self {
            constant: text(index([n1, n0])),
            message: text(index([v1, v0])),
            error_code: Some(error_code)
                .filter(|code| version == VERSION_WITH_ERROR_CODE && *code != NONE_U8),
            line: index([l1, l0]),
            ..plain
        }
    }

    /// Whether the code is one of those made by the compiler.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.line.is_some() || self.constant.is_some()
    }
}

/// The text in constant `index`, if it is one.
fn constant_text(module: &CompiledModule, index: u16) -> Option<String> {
    let constant = module.constant_pool.get(usize::from(index))?;
    let is_bytes = matches!(&constant.type_, SignatureToken::Vector(element) if **element == SignatureToken::U8);
    let bytes: Vec<u8> = bcs::from_bytes(&constant.data).ok().filter(|_| is_bytes)?;
    String::from_utf8(bytes).ok()
}

impl fmt::Display for AbortDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.constant, self.error_code) {
            (Some(name), Some(number)) => write!(f, "{name} ({number})")?,
            (Some(name), None) => write!(f, "{name}")?,
            (None, _) if self.is_made() => write!(f, "no code")?,
            (None, _) => write!(f, "code {}", self.code)?,
        }
        if let Some(message) = &self.message {
            write!(f, ": {message:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_codes_stay_numbers() {
        for code in [0, 42, u64::from(u32::MAX), 0x7fff_0000_0000_0000] {
            let details = AbortDetails::of(code, None);
            assert!(!details.is_made());
            assert_eq!(details.to_string(), format!("code {code}"));
        }
    }

    #[test]
    fn the_fields_of_made_codes() {
        let details = AbortDetails::of(0xc0ff_0009_ffff_ffff, None);
        assert_eq!(details.line, Some(9));
        assert_eq!(details.error_code, None);
        assert_eq!(details.to_string(), "no code");
        assert_eq!(
            AbortDetails::of(0xc007_0007_0002_0003, None).error_code,
            Some(7)
        );
        assert_eq!(
            AbortDetails::of(0x8000_0007_0002_0003, None).error_code,
            None
        );
    }

    proptest! {
        #[test]
        fn any_code_reads(code: u64) {
            let module = CompiledModule::empty(7);
            prop_assert_eq!(AbortDetails::of(code, Some(&module)).code, code);
        }
    }
}
