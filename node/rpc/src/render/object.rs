//! Objects.

use super::json;
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_objects::object::coin_balance;
use heddle_objects::sui_sdk_types::{Object, ObjectData, TypeTag};
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// The type that packages have in the API.
pub(crate) const PACKAGE_TYPE: &str = "package";

/// The type of an object as the API names it: a struct's full type, or
/// [`PACKAGE_TYPE`].
pub(crate) fn object_type(object: &Object) -> String {
    match object.data() {
        ObjectData::Struct(value) => value.object_type().to_string(),
        ObjectData::Package(_) => PACKAGE_TYPE.to_owned(),
    }
}

/// One object, as far as `mask` asks.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while types are looked up.
pub(crate) fn object(
    state: &NodeState,
    object: &Object,
    mask: &FieldMaskTree,
) -> Result<proto::Object, RpcError> {
    let mut message = proto::Object::default();
    if mask.contains(proto::Object::BCS_FIELD) {
        message.bcs = Some(bcs_of("Object", object)?);
    }
    if mask.contains(proto::Object::OBJECT_ID_FIELD) {
        message.object_id = Some(object.object_id().to_string());
    }
    if mask.contains(proto::Object::VERSION_FIELD) {
        message.version = Some(object.version());
    }
    if mask.contains(proto::Object::DIGEST_FIELD) {
        message.digest = Some(object.digest().to_string());
    }
    if mask.contains(proto::Object::OWNER_FIELD) {
        message.owner = Some((*object.owner()).into());
    }
    if mask.contains(proto::Object::PREVIOUS_TRANSACTION_FIELD) {
        message.previous_transaction = Some(object.previous_transaction().to_string());
    }
    if mask.contains(proto::Object::STORAGE_REBATE_FIELD) {
        message.storage_rebate = Some(object.storage_rebate());
    }
    if mask.contains(proto::Object::BALANCE_FIELD) {
        message.balance = coin_balance(object);
    }
    match object.data() {
        ObjectData::Struct(value) => {
            message.merge(value, mask);
            if mask.contains(proto::Object::JSON_FIELD) {
                let type_ = TypeTag::from(value.object_type().clone());
                message.json = state
                    .render_json(&type_, value.contents())?
                    .map(|value| Box::new(json::to_proto(value)));
            }
        }
        ObjectData::Package(package) => {
            message.merge(package, mask);
            if let Some(tables) = &mut message.package {
                tables.storage_id = Some(package.id.to_string());
                tables.version = Some(package.version);
            }
        }
    }
    Ok(message)
}

/// A value in BCS with the name of its type.
///
/// # Errors
/// [`RpcError::Internal`] for a value that has no BCS form, which no stored
/// value is.
pub(crate) fn bcs_of<T: serde::Serialize>(name: &str, value: &T) -> Result<proto::Bcs, RpcError> {
    let mut message = proto::Bcs::serialize(value)
        .map_err(|error| RpcError::Internal(format!("{name} does not serialise: {error}")))?;
    message.name = Some(name.to_owned());
    Ok(message)
}
