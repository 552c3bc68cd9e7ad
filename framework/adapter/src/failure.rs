//! How an execution ends before its end: the transaction failed, or it can't
//! be executed at all. The two must never be mixed up: the first is certified
//! and paid for, the second leaves no trace.

use crate::ExecuteError;
use heddle_objects::ReadError;
use sui_sdk_types::{CommandArgumentError, ExecutionError, TypeArgumentError};

/// Why a transaction failed. Goes into its effects.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The error in the public format.
    pub(crate) error: ExecutionError,
    /// The command that failed, if one did.
    pub(crate) command: Option<u64>,
    /// The same in words, with what the public format has no room for.
    pub(crate) detail: String,
}

/// Why execution stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The transaction failed.
    Failed(Box<Failure>),
    /// The transaction can't be executed.
    Refused(ExecuteError),
}

/// A step of an execution.
pub(crate) type Step<T> = Result<T, Stop>;

impl Stop {
    /// The transaction failed with `error`; the command is filled in by the loop.
    pub(crate) fn failed(error: ExecutionError, detail: impl Into<String>) -> Self {
        Stop::Failed(Box::new(Failure {
            error,
            command: None,
            detail: detail.into(),
        }))
    }

    /// An argument of the current command can't be used as it is.
    pub(crate) fn argument(index: usize, kind: CommandArgumentError) -> Self {
        let detail = format!("argument {index}: {kind:?}");
        Stop::failed(
            ExecutionError::CommandArgumentError {
                argument: u16::try_from(index).unwrap_or(u16::MAX),
                kind,
            },
            detail,
        )
    }

    /// A type argument of the current command can't be used as it is.
    pub(crate) fn type_argument(
        index: usize,
        kind: TypeArgumentError,
        detail: impl Into<String>,
    ) -> Self {
        Stop::failed(
            ExecutionError::TypeArgumentError {
                type_argument: u16::try_from(index).unwrap_or(u16::MAX),
                kind,
            },
            detail,
        )
    }

    /// The adapter found itself in a state that can't be.
    pub(crate) fn invariant(reason: impl Into<String>) -> Self {
        Stop::Refused(ExecuteError::Invariant {
            reason: reason.into(),
        })
    }

    /// The same stop, attributed to a command if it is a failure without one.
    pub(crate) fn at_command(mut self, index: usize) -> Self {
        if let Stop::Failed(failure) = &mut self
            && failure.command.is_none()
        {
            failure.command = u64::try_from(index).ok();
        }
        self
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Stop::Refused(error.into())
    }
}

impl From<ExecuteError> for Stop {
    fn from(error: ExecuteError) -> Self {
        Stop::Refused(error)
    }
}
