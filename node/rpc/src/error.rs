//! Every way in which a call can fail, and what a client is told: a gRPC code,
//! words, and `google.rpc` details that programs can read.
//!
//! A field that is missing or wrong comes with a `BadRequest` that names it,
//! every error with an `ErrorInfo` whose `reason` is stable, and what is worth
//! trying again with a `RetryInfo`.

use heddle_adapter::{ExecuteError, QueryError};
use heddle_objects::{InputError, ReadError};
use heddle_store::StoreError;
use heddle_validator::{ErrorClass, SubmitError};
use prost::Message;
use std::time::Duration;
use sui_rpc::proto::TryFromProtoError;
use sui_rpc::proto::google::rpc::bad_request::FieldViolation;
use sui_rpc::proto::google::rpc::{BadRequest, ErrorInfo, RetryInfo};
use sui_rpc::proto::sui::rpc::v2::ErrorReason;
use tonic::Code;

/// The domain of [`ErrorInfo`]: whose reasons these are.
const ERROR_DOMAIN: &str = "heddle";

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RpcError {
    // --- the request -----------------------------------------------------------
    /// A field that the method needs is not set.
    #[error("{field} is required")]
    FieldMissing {
        /// Path of the field.
        field: String,
    },
    /// A field has a value that the method can't use.
    #[error("{field}: {description}")]
    FieldInvalid {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        description: String,
    },
    /// A body larger than the server takes.
    #[error("the request body has {declared} bytes; at most {maximum} are allowed")]
    BodyTooLarge {
        /// Its declared size, in bytes.
        declared: u64,
        /// The limit, in bytes.
        maximum: u64,
    },
    /// Something that the request names is not there.
    #[error("{what} {id} does not exist")]
    NotFound {
        /// What kind of thing, as a noun.
        what: &'static str,
        /// Which one.
        id: String,
    },
    /// An object that exists has not the version that the request names.
    #[error("object {id} has no version {version}")]
    VersionNotFound {
        /// The object.
        id: String,
        /// The version.
        version: u64,
    },
    /// The account that pays has too little.
    #[error(
        "{owner} cannot pay for gas: its {coins} usable coins hold {available} base units, {required} are needed"
    )]
    InsufficientGasFunds {
        /// Who would pay.
        owner: String,
        /// How many coins were found that the transaction does not use.
        coins: usize,
        /// What they hold together, in base units.
        available: u128,
        /// What is needed, in base units.
        required: u64,
    },

    // --- what the node says ------------------------------------------------------
    /// The node refused a transaction.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A dry run was not possible.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// A package, function or type could not be looked at.
    #[error(transparent)]
    Query(#[from] QueryError),

    // --- the environment ---------------------------------------------------------
    /// The state could not be read.
    #[error("the store could not be read: {0}")]
    Store(String),
    /// Too many calls at once.
    #[error(
        "the server is overloaded: {waiting} calls wait, at most {maximum} may; retry in a moment"
    )]
    Overloaded {
        /// How many wait.
        waiting: usize,
        /// How many may.
        maximum: usize,
    },
    /// Too many subscriptions at once.
    #[error("there are {maximum} open subscriptions, and no more are taken")]
    TooManySubscriptions {
        /// How many may be open.
        maximum: usize,
    },
    /// A subscriber reads more slowly than checkpoints are made.
    #[error(
        "the subscription fell {missed} checkpoints behind and was closed; list what is missing and subscribe again"
    )]
    SubscriberTooSlow {
        /// How many checkpoints it did not get.
        missed: u64,
    },
    /// The call took too long.
    #[error("no response within {after:?}")]
    DeadlineExceeded {
        /// How long it had.
        after: Duration,
    },
    /// The server is stopping.
    #[error("the server is shutting down")]
    ShuttingDown,

    // --- ours ----------------------------------------------------------------
    /// A part of the API that this version does not have.
    #[error("not built yet: {0}")]
    NotBuilt(&'static str),
    /// The node contradicts itself. Our bug.
    #[error("internal error: {0}")]
    Internal(String),
}

impl RpcError {
    /// A field that is not set.
    pub(crate) fn missing(field: impl Into<String>) -> Self {
        RpcError::FieldMissing {
            field: field.into(),
        }
    }

    /// A field with a value that can't be used.
    pub(crate) fn invalid(field: impl Into<String>, description: impl ToString) -> Self {
        RpcError::FieldInvalid {
            field: field.into(),
            description: description.to_string(),
        }
    }

    /// Something that is not there.
    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        RpcError::NotFound {
            what,
            id: id.to_string(),
        }
    }

    /// A message of the request that does not convert; `field` is where it is.
    pub(crate) fn conversion(field: &str, error: TryFromProtoError) -> Self {
        let violation = error.nested(field).field_violation().clone();
        if violation.reason == ErrorReason::FieldMissing.as_str_name() {
            RpcError::FieldMissing {
                field: violation.field,
            }
        } else {
            RpcError::FieldInvalid {
                field: violation.field,
                description: violation.description,
            }
        }
    }

    /// The gRPC code.
    pub(crate) fn code(&self) -> Code {
        match self {
            RpcError::FieldMissing { .. }
            | RpcError::FieldInvalid { .. }
            | RpcError::InsufficientGasFunds { .. } => Code::InvalidArgument,
            RpcError::NotFound { .. } | RpcError::VersionNotFound { .. } => Code::NotFound,
            RpcError::BodyTooLarge { .. }
            | RpcError::Overloaded { .. }
            | RpcError::TooManySubscriptions { .. } => Code::ResourceExhausted,
            RpcError::SubscriberTooSlow { .. } => Code::Aborted,
            RpcError::DeadlineExceeded { .. } => Code::DeadlineExceeded,
            RpcError::ShuttingDown => Code::Unavailable,
            RpcError::NotBuilt(_) => Code::Unimplemented,
            RpcError::Store(_) | RpcError::Internal(_) => Code::Internal,
            RpcError::Submit(error) => code_of_class(error.class()),
            RpcError::Execute(error) => match error {
                ExecuteError::MissingInput { .. } => Code::NotFound,
                ExecuteError::InputOwner { .. } => Code::InvalidArgument,
                ExecuteError::Inputs(InputError::Unsupported(_)) | ExecuteError::NotBuilt(_) => {
                    Code::Unimplemented
                }
                ExecuteError::Inputs(_) | ExecuteError::GasPayment { .. } => Code::InvalidArgument,
                ExecuteError::Read(_)
                | ExecuteError::MissingSharedVersion { .. }
                | ExecuteError::Invariant { .. } => Code::Internal,
            },
            RpcError::Query(error) => match error {
                QueryError::PackageNotFound(_)
                | QueryError::ModuleNotFound { .. }
                | QueryError::FunctionNotFound { .. }
                | QueryError::TypeNotFound { .. } => Code::NotFound,
                QueryError::MalformedValue { .. } => Code::InvalidArgument,
                QueryError::NotBuilt(_) => Code::Unimplemented,
                QueryError::Read(_) | QueryError::Unreadable { .. } => Code::Internal,
            },
        }
    }

    /// A stable name for programs.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            RpcError::FieldMissing { .. } => "FIELD_MISSING",
            RpcError::FieldInvalid { .. } => "FIELD_INVALID",
            RpcError::BodyTooLarge { .. } => "BODY_TOO_LARGE",
            RpcError::NotFound { what, .. } => match *what {
                "object" => "OBJECT_NOT_FOUND",
                "transaction" => "TRANSACTION_NOT_FOUND",
                "checkpoint" => "CHECKPOINT_NOT_FOUND",
                "epoch" => "EPOCH_NOT_FOUND",
                "package" => "PACKAGE_NOT_FOUND",
                "function" => "FUNCTION_NOT_FOUND",
                "datatype" => "DATATYPE_NOT_FOUND",
                _ => "NOT_FOUND",
            },
            RpcError::VersionNotFound { .. } => "OBJECT_VERSION_NOT_FOUND",
            RpcError::InsufficientGasFunds { .. } => "INSUFFICIENT_GAS_FUNDS",
            RpcError::Submit(error) => error.code(),
            RpcError::Execute(error) => match error {
                ExecuteError::MissingInput { .. } => "OBJECT_NOT_FOUND",
                ExecuteError::InputOwner { .. } => "OWNERSHIP_MISMATCH",
                ExecuteError::Inputs(InputError::Unsupported(_)) | ExecuteError::NotBuilt(_) => {
                    "NOT_BUILT"
                }
                ExecuteError::Inputs(_) => "INPUTS_INVALID",
                ExecuteError::GasPayment { .. } => "GAS_PAYMENT_INVALID",
                ExecuteError::Read(_)
                | ExecuteError::MissingSharedVersion { .. }
                | ExecuteError::Invariant { .. } => "INTERNAL",
            },
            RpcError::Query(error) => match error {
                QueryError::PackageNotFound(_) => "PACKAGE_NOT_FOUND",
                QueryError::ModuleNotFound { .. } => "MODULE_NOT_FOUND",
                QueryError::FunctionNotFound { .. } => "FUNCTION_NOT_FOUND",
                QueryError::TypeNotFound { .. } => "TYPE_NOT_FOUND",
                QueryError::MalformedValue { .. } => "VALUE_MALFORMED",
                QueryError::NotBuilt(_) => "NOT_BUILT",
                QueryError::Read(_) | QueryError::Unreadable { .. } => "INTERNAL",
            },
            RpcError::Store(_) => "STORE_FAILED",
            RpcError::Overloaded { .. } => "OVERLOADED",
            RpcError::TooManySubscriptions { .. } => "TOO_MANY_SUBSCRIPTIONS",
            RpcError::SubscriberTooSlow { .. } => "SUBSCRIBER_TOO_SLOW",
            RpcError::DeadlineExceeded { .. } => "DEADLINE_EXCEEDED",
            RpcError::ShuttingDown => "SHUTTING_DOWN",
            RpcError::NotBuilt(_) => "NOT_BUILT",
            RpcError::Internal(_) => "INTERNAL",
        }
    }

    /// When the same request may succeed, if it may.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            RpcError::Overloaded { .. } => Some(Duration::from_millis(100)),
            RpcError::ShuttingDown => Some(Duration::from_secs(1)),
            RpcError::Submit(SubmitError::Overloaded { retry_after_ms, .. }) => {
                Some(Duration::from_millis(*retry_after_ms))
            }
            _ => None,
        }
    }

    fn field_violation(&self) -> Option<FieldViolation> {
        let (field, reason) = match self {
            RpcError::FieldMissing { field } => (field, ErrorReason::FieldMissing),
            RpcError::FieldInvalid { field, .. } => (field, ErrorReason::FieldInvalid),
            _ => return None,
        };
        let mut violation = FieldViolation::new(field.clone());
        violation.reason = reason.as_str_name().to_owned();
        violation.description = self.to_string();
        Some(violation)
    }

    /// Facts about the error that programs may want, by name.
    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            RpcError::Submit(SubmitError::ObjectLocked {
                object,
                version,
                by,
            }) => vec![
                ("object", object.to_string()),
                ("version", version.to_string()),
                ("transaction", by.to_string()),
            ],
            RpcError::Submit(SubmitError::StaleVersion {
                object,
                declared,
                current,
                consumed_by,
            }) => vec![
                ("object", object.to_string()),
                ("declared_version", declared.to_string()),
                ("current_version", current.to_string()),
                ("transaction", consumed_by.to_string()),
            ],
            RpcError::NotFound { id, .. } => vec![("id", id.clone())],
            _ => Vec::new(),
        }
    }

    /// The error as a message: what batch results and details carry.
    pub(crate) fn to_proto(&self) -> sui_rpc::proto::google::rpc::Status {
        let info = ErrorInfo {
            reason: self.reason().to_owned(),
            domain: ERROR_DOMAIN.to_owned(),
            metadata: self
                .metadata()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        };
        let mut details = vec![detail("google.rpc.ErrorInfo", &info)];
        if let Some(violation) = self.field_violation() {
            details.push(detail(
                "google.rpc.BadRequest",
                &BadRequest::from(violation),
            ));
        }
        if let Some(delay) = self.retry_after() {
            let retry = RetryInfo {
                retry_delay: prost_types::Duration::try_from(delay).ok(),
            };
            details.push(detail("google.rpc.RetryInfo", &retry));
        }
        sui_rpc::proto::google::rpc::Status {
            code: self.code() as i32,
            message: self.to_string(),
            details,
        }
    }
}

fn detail(name: &str, message: &impl Message) -> prost_types::Any {
    prost_types::Any {
        type_url: format!("type.googleapis.com/{name}"),
        value: message.encode_to_vec(),
    }
}

fn code_of_class(class: ErrorClass) -> Code {
    match class {
        ErrorClass::InvalidArgument => Code::InvalidArgument,
        ErrorClass::Unauthenticated => Code::Unauthenticated,
        ErrorClass::PermissionDenied => Code::PermissionDenied,
        ErrorClass::NotFound => Code::NotFound,
        ErrorClass::FailedPrecondition => Code::FailedPrecondition,
        ErrorClass::Conflict => Code::Aborted,
        ErrorClass::Overloaded => Code::ResourceExhausted,
        ErrorClass::Unavailable => Code::Unavailable,
        ErrorClass::Unimplemented => Code::Unimplemented,
        ErrorClass::Internal => Code::Internal,
    }
}

impl From<&RpcError> for tonic::Status {
    fn from(error: &RpcError) -> Self {
        if error.code() == Code::Internal {
            tracing::error!(%error, "a call failed");
        }
        let message = error.to_proto();
        tonic::Status::with_details(
            error.code(),
            message.message.clone(),
            message.encode_to_vec().into(),
        )
    }
}

impl From<RpcError> for tonic::Status {
    fn from(error: RpcError) -> Self {
        (&error).into()
    }
}

impl From<StoreError> for RpcError {
    fn from(error: StoreError) -> Self {
        RpcError::Store(error.to_string())
    }
}

impl From<ReadError> for RpcError {
    fn from(error: ReadError) -> Self {
        RpcError::Store(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(error: &RpcError) -> sui_rpc::proto::google::rpc::Status {
        let status = tonic::Status::from(error);
        assert_eq!(status.code(), error.code());
        Message::decode(status.details()).expect("details decode")
    }

    fn detail_of<M: Message + Default>(
        status: &sui_rpc::proto::google::rpc::Status,
        name: &str,
    ) -> Option<M> {
        let any = status
            .details
            .iter()
            .find(|any| any.type_url.ends_with(name))?;
        M::decode(any.value.as_slice()).ok()
    }

    #[test]
    fn a_bad_field_is_named_in_the_details() {
        let error = RpcError::invalid("requests[3].object_id", "not hex");
        let status = decoded(&error);
        assert_eq!(status.code, Code::InvalidArgument as i32);
        let bad: BadRequest = detail_of(&status, "google.rpc.BadRequest").expect("a BadRequest");
        assert_eq!(bad.field_violations[0].field, "requests[3].object_id");
        assert_eq!(bad.field_violations[0].reason, "FIELD_INVALID");
        let info: ErrorInfo = detail_of(&status, "google.rpc.ErrorInfo").expect("an ErrorInfo");
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("FIELD_INVALID", "heddle")
        );
    }

    #[test]
    fn overload_says_when_to_retry() {
        let error = RpcError::Overloaded {
            waiting: 9,
            maximum: 9,
        };
        let status = decoded(&error);
        assert_eq!(status.code, Code::ResourceExhausted as i32);
        let retry: RetryInfo = detail_of(&status, "google.rpc.RetryInfo").expect("a RetryInfo");
        assert!(retry.retry_delay.expect("a delay").nanos > 0);
    }

    #[test]
    fn a_lock_names_its_holder() {
        let by = sui_sdk_types::Digest::new([7; 32]);
        let error = RpcError::from(SubmitError::ObjectLocked {
            object: sui_sdk_types::Address::ZERO,
            version: 4,
            by,
        });
        let status = decoded(&error);
        assert_eq!(status.code, Code::Aborted as i32);
        let info: ErrorInfo = detail_of(&status, "google.rpc.ErrorInfo").expect("an ErrorInfo");
        assert_eq!(info.metadata["transaction"], by.to_string());
    }
}
