//! How a test can fail, and whether that is what it expected.

use std::fmt;

use heddle_compiler::{AbortCode, Expectation, ExpectedError, ModuleId};
use heddle_vm::{ExecutionErrorKind, Place, VectorError};
use serde::Serialize;

use crate::abort_code::AbortDetails;

/// Numbers of the public VM for failures that a test may name by number.
mod status {
    pub(super) const OUT_OF_GAS: u64 = 4002;
    pub(super) const ABORTED: u64 = 4016;
    pub(super) const ARITHMETIC_ERROR: u64 = 4017;
    pub(super) const VECTOR_OPERATION_ERROR: u64 = 4018;
    pub(super) const CALL_STACK_OVERFLOW: u64 = 4021;
    pub(super) const MEMORY_LIMIT_EXCEEDED: u64 = 4028;
}

/// A failure that took place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What happened.
    #[serde(flatten)]
    pub kind: FailureKind,
    /// Where, if it happened in a function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<FailurePlace>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FailureKind {
    /// The program aborted.
    Abort(AbortDetails),
    /// Overflow, division by zero and the like.
    Arithmetic {
        /// Which.
        detail: String,
    },
    /// A vector operation out of bounds.
    Vector {
        /// Which, in words.
        detail: String,
        /// Which, as the public VM numbers it: 1 for an index, 2 for a pop from
        /// an empty vector, 3 for an unpack of another length.
        minor_status: u64,
    },
    /// The gas limit was reached.
    OutOfGas,
    /// The memory limit was reached.
    MemoryLimit {
        /// In words.
        detail: String,
    },
    /// Too many calls within calls.
    CallDepth,
    /// Anything else, in the VM's words.
    Other {
        /// The words.
        detail: String,
    },
}

/// A place in the bytecode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailurePlace {
    /// The module's address.
    pub address: String,
    /// The module's name.
    pub module: String,
    /// The function.
    pub function: String,
    /// The instruction's offset in it.
    pub instruction: u16,
}

impl FailurePlace {
    /// The place, in the terms of a test.
    pub(crate) fn of(place: &Place) -> Self {
        Self {
            address: place.original_id.to_string(),
            module: place.module.to_string(),
            function: place.function.to_string(),
            instruction: place.instruction,
        }
    }

    fn is_in(&self, module: &ModuleId) -> bool {
        self.module == module.name && self.address == module.address.to_string()
    }
}

impl FailureKind {
    /// What the VM's error is for a test. `abort` reads an abort code.
    pub(crate) fn of(kind: &ExecutionErrorKind, abort: impl FnOnce(u64) -> AbortDetails) -> Self {
        match kind {
            ExecutionErrorKind::Abort { code } => Self::Abort(abort(*code)),
            ExecutionErrorKind::OutOfGas => Self::OutOfGas,
            ExecutionErrorKind::Arithmetic(error) => Self::Arithmetic {
                detail: error.to_string(),
            },
            ExecutionErrorKind::Vector(error) => Self::Vector {
                detail: error.to_string(),
                minor_status: match error {
                    VectorError::Index { .. } => 1,
                    VectorError::PopEmpty => 2,
                    VectorError::UnpackLength { .. } => 3,
                },
            },
            ExecutionErrorKind::MemoryLimit { .. } | ExecutionErrorKind::FrameTooLarge { .. } => {
                Self::MemoryLimit {
                    detail: kind.to_string(),
                }
            }
            ExecutionErrorKind::CallDepth => Self::CallDepth,
            other => Self::Other {
                detail: other.to_string(),
            },
        }
    }

    /// The number that the public VM has for it.
    fn status(&self) -> Option<u64> {
        match self {
            Self::Abort(_) => Some(status::ABORTED),
            Self::Arithmetic { .. } => Some(status::ARITHMETIC_ERROR),
            Self::Vector { .. } => Some(status::VECTOR_OPERATION_ERROR),
            Self::OutOfGas => Some(status::OUT_OF_GAS),
            Self::MemoryLimit { .. } => Some(status::MEMORY_LIMIT_EXCEEDED),
            Self::CallDepth => Some(status::CALL_STACK_OVERFLOW),
            Self::Other { .. } => None,
        }
    }

    /// The finer code that a test may name besides the kind.
    fn minor_matches(&self, expected: &AbortCode) -> bool {
        match (self, expected) {
            (Self::Abort(details), expected) => code_matches(details, expected),
            (Self::Vector { minor_status, .. }, AbortCode::Value(value)) => minor_status == value,
            _ => false,
        }
    }
}

fn code_matches(details: &AbortDetails, expected: &AbortCode) -> bool {
    match expected {
        AbortCode::Value(value) => details.clever.is_none() && details.code == *value,
        AbortCode::Constant(name) => details.constant() == Some(name.as_str()),
    }
}

impl Failure {
    /// Whether this is what the test expects.
    #[must_use]
    pub fn is_expected(&self, expectation: &Expectation) -> bool {
        let is_in =
            |module: &ModuleId| self.place.as_ref().is_some_and(|place| place.is_in(module));
        match expectation {
            Expectation::Success => false,
            Expectation::Failure => true,
            Expectation::Abort { code, location } => {
                matches!(&self.kind, FailureKind::Abort(details) if code_matches(details, code))
                    && location.as_ref().is_none_or(is_in)
            }
            Expectation::Error {
                error,
                minor,
                location,
            } => {
                let status = match error {
                    ExpectedError::Arithmetic => status::ARITHMETIC_ERROR,
                    ExpectedError::Vector => status::VECTOR_OPERATION_ERROR,
                    ExpectedError::OutOfGas => status::OUT_OF_GAS,
                    ExpectedError::MajorStatus(status) => *status,
                };
                self.kind.status() == Some(status)
                    && minor
                        .as_ref()
                        .is_none_or(|minor| self.kind.minor_matches(minor))
                    && is_in(location)
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FailureKind::Abort(details) => write!(f, "aborted with {details}")?,
            FailureKind::Arithmetic { detail } => write!(f, "arithmetic error, {detail}")?,
            FailureKind::Vector { detail, .. } => write!(f, "vector error, {detail}")?,
            FailureKind::OutOfGas => write!(f, "reached the gas limit")?,
            FailureKind::MemoryLimit { detail } => write!(f, "{detail}")?,
            FailureKind::CallDepth => write!(f, "too many calls within calls")?,
            FailureKind::Other { detail } => write!(f, "{detail}")?,
        }
        if let Some(place) = &self.place {
            write!(f, ", in {place}")?;
        }
        if let FailureKind::Abort(details) = &self.kind
            && let Some(line) = details.line()
        {
            write!(f, ", line {line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FailurePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}::{}::{} at instruction {}",
            short_address(&self.address),
            self.module,
            self.function,
            self.instruction
        )
    }
}

/// An address without leading zeros.
pub(crate) fn short_address(address: &str) -> String {
    let digits = address.trim_start_matches("0x").trim_start_matches('0');
    format!("0x{}", if digits.is_empty() { "0" } else { digits })
}

/// The expectation as a sentence's object: "... was expected".
pub(crate) fn describe(expectation: &Expectation) -> String {
    let module = |id: &ModuleId| format!("{}::{}", short_address(&id.address.to_string()), id.name);
    let code = |code: &AbortCode| match code {
        AbortCode::Value(value) => format!("code {value}"),
        AbortCode::Constant(name) => name.clone(),
    };
    match expectation {
        Expectation::Success => "success".to_owned(),
        Expectation::Failure => "a failure".to_owned(),
        Expectation::Abort {
            code: expected,
            location,
        } => match location {
            Some(location) => format!("an abort with {} in {}", code(expected), module(location)),
            None => format!("an abort with {}", code(expected)),
        },
        Expectation::Error {
            error,
            minor,
            location,
        } => {
            let error = match error {
                ExpectedError::Arithmetic => "an arithmetic error".to_owned(),
                ExpectedError::Vector => "a vector error".to_owned(),
                ExpectedError::OutOfGas => "running out of gas".to_owned(),
                ExpectedError::MajorStatus(status) => format!("a failure with status {status}"),
            };
            let minor = minor
                .as_ref()
                .map(|minor| format!(" ({})", code(minor)))
                .unwrap_or_default();
            format!("{error}{minor} in {}", module(location))
        }
    }
}

#[cfg(test)]
mod tests {
    use heddle_bytecode::CleverError;

    use super::*;

    fn module(address: &str, name: &str) -> ModuleId {
        ModuleId {
            address: address.parse().unwrap(),
            name: name.to_owned(),
        }
    }

    fn failure(kind: FailureKind) -> Failure {
        Failure {
            kind,
            place: Some(FailurePlace {
                address: module("0x5", "m").address.to_string(),
                module: "m".into(),
                function: "f".into(),
                instruction: 3,
            }),
        }
    }

    fn abort(code: u64, constant: Option<&str>) -> Failure {
        let clever = constant.map(|name| CleverError {
            line: 1,
            error_code: None,
            constant_name: Some(name.to_owned()),
            constant_type: None,
            message: None,
            constant_bcs: None,
        });
        failure(FailureKind::Abort(AbortDetails { code, clever }))
    }

    fn vector(minor_status: u64) -> Failure {
        failure(FailureKind::Vector {
            detail: String::new(),
            minor_status,
        })
    }

    #[test]
    fn expectations_match_what_they_name() {
        let here = || Some(module("0x5", "m"));
        let elsewhere = || Some(module("0x6", "m"));
        let code = |value, location| Expectation::Abort {
            code: AbortCode::Value(value),
            location,
        };
        let named = |name: &str| Expectation::Abort {
            code: AbortCode::Constant(name.into()),
            location: None,
        };
        let error = |error, minor: Option<u64>, location: Option<ModuleId>| Expectation::Error {
            error,
            minor: minor.map(AbortCode::Value),
            location: location.unwrap(),
        };
        for (failure, expectation, expected) in [
            (abort(7, None), Expectation::Success, false),
            (abort(7, None), Expectation::Failure, true),
            (abort(7, None), code(7, None), true),
            (abort(7, None), code(8, None), false),
            (abort(7, None), code(7, here()), true),
            (abort(7, None), code(7, elsewhere()), false),
            (abort(7, Some("E")), named("E"), true),
            (abort(7, Some("E")), named("F"), false),
            (abort(7, Some("E")), code(7, None), false),
            (vector(1), code(1, None), false),
            (vector(1), error(ExpectedError::Vector, None, here()), true),
            (
                vector(1),
                error(ExpectedError::Vector, Some(1), here()),
                true,
            ),
            (
                vector(1),
                error(ExpectedError::Vector, Some(2), here()),
                false,
            ),
            (
                vector(1),
                error(ExpectedError::Vector, None, elsewhere()),
                false,
            ),
            (
                vector(1),
                error(ExpectedError::Arithmetic, None, here()),
                false,
            ),
            (
                vector(1),
                error(ExpectedError::MajorStatus(4018), Some(1), here()),
                true,
            ),
            (
                failure(FailureKind::OutOfGas),
                error(ExpectedError::OutOfGas, None, here()),
                true,
            ),
            (
                abort(7, None),
                error(ExpectedError::MajorStatus(4016), Some(7), here()),
                true,
            ),
        ] {
            assert_eq!(
                failure.is_expected(&expectation),
                expected,
                "{failure:?} for {expectation:?}"
            );
        }
    }

    #[test]
    fn addresses_shorten() {
        let id = module("0x0", "m").address.to_string();
        assert_eq!(short_address(&id), "0x0");
        assert_eq!(short_address("0x00a0"), "0xa0");
    }
}
