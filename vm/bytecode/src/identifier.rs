//! Names of modules, datatypes, fields, variants and functions.

use std::{borrow::Borrow, fmt, ops::Deref, str::FromStr, sync::Arc};

/// A valid Move name; cloning it copies a pointer.
///
/// A name starts with an ASCII letter, or with an underscore that something
/// follows; the rest is ASCII letters, digits and underscores.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(Arc<str>);

/// The text is not a name in Move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a Move identifier: write letters, digits and underscores, not starting with a digit"
)]
pub struct InvalidIdentifier {
    /// The text, cut to its first 64 characters.
    pub text: String,
}

impl Identifier {
    /// The name in `text`.
    pub fn new(text: &str) -> Result<Self, InvalidIdentifier> {
        if Self::is_valid(text) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidIdentifier {
                text: text.chars().take(64).collect(),
            })
        }
    }

    /// Whether `text` follows the rules for names.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        let all_name_bytes = |bytes: &[u8]| {
            bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        match text.as_bytes() {
            [b'a'..=b'z' | b'A'..=b'Z', rest @ ..] => all_name_bytes(rest),
            [b'_', rest @ ..] => !rest.is_empty() && all_name_bytes(rest),
            _ => false,
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Identifier {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Identifier {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Identifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Identifier {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Identifier {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Identifier {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        Self::new(text)
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_and_are_not() {
        for name in ["a", "Z", "a_1", "_a", "__", "_1", "CamelCase"] {
            assert!(Identifier::is_valid(name), "{name:?}");
        }
        for text in ["", "_", "1a", "a-b", "a b", "é", "a\0", "<SELF>", "a::b"] {
            assert!(!Identifier::is_valid(text), "{text:?}");
        }
    }
}
