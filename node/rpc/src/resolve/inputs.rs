//! One input, from what the client says of it, how it is used, and what the
//! object is.

use super::sketch::{address, shorten};
use super::usage::Use;
use super::{Catalog, literal};
use crate::error::RpcError;
use heddle_objects::Ownership;
use heddle_objects::sui_sdk_types::{
    Address, Digest, Input, Object, ObjectData, ObjectReference, SharedInput,
};
use prost_types::value::Kind;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::input::{InputKind, Mutability};

/// Completes an input. `at` is the path of the message, for errors.
///
/// # Errors
/// [`RpcError`] naming the field that is missing, malformed, or contradicts
/// the object.
pub(crate) fn resolve(
    at: &str,
    input: &proto::Input,
    uses: &[Use],
    catalog: &dyn Catalog,
) -> Result<Input, RpcError> {
    if let Some(value) = &input.literal {
        return resolve_literal(at, value.kind.as_ref(), input, uses, catalog);
    }
    match input.kind() {
        InputKind::Pure => match &input.pure {
            Some(bytes) => Ok(Input::Pure(bytes.to_vec())),
            None => Err(RpcError::missing(format!("{at}.pure"))),
        },
        InputKind::FundsWithdrawal => Err(RpcError::NotBuilt(
            "funds withdrawals (coins pay, address balances don't exist)",
        )),
        InputKind::Unknown if input.pure.is_some() && input.object_id.is_none() => {
            Ok(Input::Pure(input.pure.clone().unwrap_or_default().to_vec()))
        }
        _ => resolve_object(at, input, uses, catalog),
    }
}

/// A reference to an object of which version and digest may be left out.
///
/// # Errors
/// [`RpcError`] if the object is not there or a given field is malformed.
pub(crate) fn complete_reference(
    at: &str,
    id: Address,
    version: Option<u64>,
    digest: Option<&str>,
    catalog: &dyn Catalog,
) -> Result<ObjectReference, RpcError> {
    let digest = digest
        .map(|digest| {
            digest.parse::<Digest>().map_err(|error| {
                RpcError::invalid(
                    format!("{at}.digest"),
                    format!("`{}` is no digest: {error}", shorten(digest)),
                )
            })
        })
        .transpose()?;
    match (version, digest) {
        (Some(version), Some(digest)) => Ok(ObjectReference::new(id, version, digest)),
        (Some(version), None) => {
            let object = catalog.object_at(&id, version)?;
            Ok(ObjectReference::new(id, version, object.digest()))
        }
        (None, digest) => {
            let object = catalog.object(&id)?;
            let actual = object.digest();
            if let Some(digest) = digest.filter(|digest| *digest != actual) {
                return Err(RpcError::invalid(
                    format!("{at}.digest"),
                    format!("object {id} has digest {actual}, not {digest}"),
                ));
            }
            Ok(ObjectReference::new(id, object.version(), actual))
        }
    }
}

fn resolve_object(
    at: &str,
    input: &proto::Input,
    uses: &[Use],
    catalog: &dyn Catalog,
) -> Result<Input, RpcError> {
    let id = input
        .object_id
        .as_deref()
        .ok_or_else(|| RpcError::missing(format!("{at}.object_id")))?;
    let id = address(&format!("{at}.object_id"), id)?;
    let reference = || complete_reference(at, id, input.version, input.digest.as_deref(), catalog);
    match input.kind() {
        InputKind::ImmutableOrOwned => Ok(Input::ImmutableOrOwned(reference()?)),
        InputKind::Receiving => Ok(Input::Receiving(reference()?)),
        InputKind::Shared => {
            let initial_version = match input.version {
                Some(version) => version,
                None => shared_since(at, &*catalog.object(&id)?)?,
            };
            Ok(shared(at, id, initial_version, input, uses)?)
        }
        _ => {
            let object = catalog.object(&id)?;
            if let ObjectData::Package(_) = object.data() {
                return Err(RpcError::invalid(
                    format!("{at}.object_id"),
                    format!("{id} is a package, which is no input; calls name it themselves"),
                ));
            }
            if let Some(use_) = uses.iter().find(|use_| matches!(use_, Use::Pure(_))) {
                return Err(RpcError::invalid(
                    at,
                    format!("object {id} is passed where {} is expected", describe(use_)),
                ));
            }
            match Ownership::of(object.owner()) {
                Some(Ownership::Shared { initial_version }) => {
                    shared(at, id, initial_version, input, uses)
                }
                Some(Ownership::Consensus { start_version, .. }) => {
                    shared(at, id, start_version, input, uses)
                }
                Some(Ownership::Address(_)) if uses.contains(&Use::Receiving) => {
                    if uses.iter().all(|use_| *use_ == Use::Receiving) {
                        Ok(Input::Receiving(reference()?))
                    } else {
                        Err(RpcError::invalid(
                            at,
                            format!("object {id} is both received and used as an input"),
                        ))
                    }
                }
                Some(Ownership::Address(_) | Ownership::Immutable) => {
                    Ok(Input::ImmutableOrOwned(reference()?))
                }
                Some(Ownership::Parent(parent)) => Err(RpcError::invalid(
                    format!("{at}.object_id"),
                    format!("object {id} is a dynamic field of {parent}; name its root instead"),
                )),
                None => Err(RpcError::NotBuilt("an object with this kind of owner")),
            }
        }
    }
}

fn shared_since(at: &str, object: &Object) -> Result<u64, RpcError> {
    match Ownership::of(object.owner()) {
        Some(Ownership::Shared { initial_version }) => Ok(initial_version),
        Some(Ownership::Consensus { start_version, .. }) => Ok(start_version),
        _ => Err(RpcError::invalid(
            format!("{at}.kind"),
            format!("object {} is not shared", object.object_id()),
        )),
    }
}

/// A shared input, writable if the client says so or, if it says nothing, if
/// any use may change the object.
fn shared(
    at: &str,
    id: Address,
    initial_version: u64,
    input: &proto::Input,
    uses: &[Use],
) -> Result<Input, RpcError> {
    use heddle_objects::sui_sdk_types::Mutability as Wire;
    if uses.contains(&Use::Receiving) {
        return Err(RpcError::invalid(
            at,
            format!("object {id} is shared and can't be received"),
        ));
    }
    let mutability = match (input.mutability(), input.mutable) {
        (Mutability::Mutable, _) | (Mutability::Unknown, Some(true)) => Wire::Mutable,
        (Mutability::Immutable, _) | (Mutability::Unknown, Some(false)) => Wire::Immutable,
        (Mutability::Unknown, None) => {
            let may_change = uses.iter().any(|use_| match use_ {
                Use::Object { mutable } => *mutable,
                Use::Either(_) => true,
                Use::Pure(_) | Use::Receiving => false,
            });
            if may_change {
                Wire::Mutable
            } else {
                Wire::Immutable
            }
        }
        _ => return Err(RpcError::NotBuilt("non-exclusive writes of shared objects")),
    };
    Ok(Input::Shared(SharedInput::new(
        id,
        initial_version,
        mutability,
    )))
}

fn resolve_literal(
    at: &str,
    value: Option<&Kind>,
    input: &proto::Input,
    uses: &[Use],
    catalog: &dyn Catalog,
) -> Result<Input, RpcError> {
    let at_literal = format!("{at}.literal");
    let wants_object = |use_: &Use| matches!(use_, Use::Object { .. } | Use::Receiving);
    if uses.iter().any(wants_object) {
        let Some(Kind::StringValue(id)) = value else {
            return Err(RpcError::invalid(
                at_literal,
                "an object is expected: give its id as a string",
            ));
        };
        let mut object = input.clone();
        object.literal = None;
        object.object_id = Some(id.clone());
        return resolve_object(at, &object, uses, catalog);
    }
    let mut types = uses.iter().map(|use_| match use_ {
        Use::Pure(type_) | Use::Either(type_) => type_.as_ref(),
        Use::Object { .. } | Use::Receiving => None,
    });
    let Some(first) = types.next() else {
        return Err(RpcError::invalid(
            at_literal,
            "the input is used nowhere, so its type is unknown",
        ));
    };
    let Some(type_) = first else {
        return Err(RpcError::invalid(
            at_literal,
            "the type is not known where the input is used; give it in BCS as `pure`",
        ));
    };
    if let Some(other) = types.find(|other| *other != Some(type_)) {
        let other = other.map_or_else(|| "an unknown type".to_owned(), ToString::to_string);
        return Err(RpcError::invalid(
            at_literal,
            format!("the input is used both as {type_} and as {other}"),
        ));
    }
    Ok(Input::Pure(literal::encode(&at_literal, value, type_)?))
}

fn describe(use_: &Use) -> String {
    match use_ {
        Use::Pure(Some(type_)) => format!("a value of type {type_}"),
        Use::Pure(None) => "a plain value".to_owned(),
        Use::Object { .. } => "an object".to_owned(),
        Use::Receiving => "an object to receive".to_owned(),
        Use::Either(_) => "an element".to_owned(),
    }
}
