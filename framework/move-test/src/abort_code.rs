//! What an abort code says, in the report of a test.

use std::fmt;

use heddle_bytecode::{CleverError, CompiledModule};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// An abort code with what the compiler put into it.
///
/// In JSON: `code`, and where they are known `constant`, `message`,
/// `error_code` and `line`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AbortDetails {
    /// The number itself.
    pub code: u64,
    /// The `#[error]` constant, or the line of an abort without a code.
    pub clever: Option<CleverError>,
}

impl AbortDetails {
    /// Reads `code`, with the module that aborted if that is at hand.
    #[must_use]
    pub fn of(code: u64, module: Option<&CompiledModule>) -> Self {
        Self {
            code,
            clever: CleverError::of(code, module),
        }
    }

    /// The name of the `#[error]` constant.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        self.clever.as_ref()?.constant_name.as_deref()
    }

    /// The source line of the abort.
    #[must_use]
    pub fn line(&self) -> Option<u16> {
        self.clever.as_ref().map(|clever| clever.line)
    }
}

impl fmt::Display for AbortDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.clever {
            Some(clever) => write!(f, "{clever}"),
            None => write!(f, "code {}", self.code),
        }
    }
}

impl Serialize for AbortDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        if let Some(clever) = &self.clever {
            if let Some(name) = &clever.constant_name {
                map.serialize_entry("constant", name)?;
            }
            if let Some(message) = &clever.message {
                map.serialize_entry("message", message)?;
            }
            if let Some(code) = clever.error_code {
                map.serialize_entry("error_code", &code)?;
            }
            map.serialize_entry("line", &clever.line)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_codes_stay_numbers() {
        let details = AbortDetails::of(42, None);
        assert_eq!(details.to_string(), "code 42");
        assert_eq!(
            serde_json::to_value(&details).unwrap(),
            serde_json::json!({ "code": 42 })
        );
    }

    #[test]
    fn what_is_known_is_in_the_report() {
        let details = AbortDetails::of(0xc007_0009_0000_0000, None);
        assert_eq!(details.to_string(), "no code (7)");
        assert_eq!(
            serde_json::to_value(&details).unwrap(),
            serde_json::json!({ "code": details.code, "error_code": 7, "line": 9 })
        );
    }
}
