//! The dynamic fields of an object.
//!
//! A dynamic field is an object of type `0x2::dynamic_field::Field<N, V>` that
//! its parent owns: id, then name, then value. A dynamic *object* field has a
//! name of type `Wrapper<N>` and as its value the id of the object, which in
//! turn is owned by the field.

use super::bcs_walk::value_length;
use super::{PAGE_DEFAULT, PAGE_MAX, required_address};
use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::paging::{Listing, Pager, page_size};
use crate::render;
use heddle_objects::FRAMEWORK_PACKAGE_ID;
use heddle_objects::sui_sdk_types::{Address, Object, StructTag, TypeTag};
use heddle_store::{Cursor, ListedObject};
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::dynamic_field::DynamicFieldKind;

const DEFAULT_MASK: &str = "parent,field_id";

pub(super) fn list(
    state: &NodeState,
    request: &proto::ListDynamicFieldsRequest,
) -> Result<proto::ListDynamicFieldsResponse, RpcError> {
    let mask = read_mask::<proto::DynamicField>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let parent = required_address("parent", request.parent.as_deref())?;
    let pager = Pager::new(Listing::DynamicFields, &[parent.as_bytes()]);
    let after = pager
        .cursor(request.page_token.as_deref())?
        .map(Cursor::from_bytes);
    let limit = page_size(request.page_size, PAGE_DEFAULT, PAGE_MAX);
    let page = state
        .store()
        .dynamic_fields(&parent, after.as_ref(), limit)?;
    let mut response = proto::ListDynamicFieldsResponse::default();
    for listed in &page.items {
        response
            .dynamic_fields
            .extend(entry(state, &parent, listed, &mask)?);
    }
    response.next_page_token = page.next.map(|next| pager.token(next.as_bytes()));
    Ok(response)
}

/// What the type of a field object says.
struct FieldType<'a> {
    /// The name's type, out of its wrapper.
    name: &'a TypeTag,
    /// The value's type, if the field holds the value itself.
    value: Option<&'a TypeTag>,
}

impl<'a> FieldType<'a> {
    /// `None` for an object that is no dynamic field: the object of a dynamic
    /// object field is listed under its field, which is no field itself.
    fn of(tag: &'a StructTag) -> Option<Self> {
        let is = |tag: &StructTag, module: &str, name: &str| {
            *tag.address() == FRAMEWORK_PACKAGE_ID
                && tag.module().as_str() == module
                && tag.name().as_str() == name
        };
        let [name, value] = tag.type_params() else {
            return None;
        };
        if !is(tag, "dynamic_field", "Field") {
            return None;
        }
        if let TypeTag::Struct(wrapper) = name
            && is(wrapper, "dynamic_object_field", "Wrapper")
            && let [inner] = wrapper.type_params()
        {
            return Some(FieldType {
                name: inner,
                value: None,
            });
        }
        Some(FieldType {
            name,
            value: Some(value),
        })
    }
}

/// One field, `None` if the object is no field or was pruned meanwhile.
fn entry(
    state: &NodeState,
    parent: &Address,
    listed: &ListedObject,
    mask: &FieldMaskTree,
) -> Result<Option<proto::DynamicField>, RpcError> {
    use proto::DynamicField as Message;
    let Some(type_) = listed.live.tag().and_then(FieldType::of) else {
        return Ok(None);
    };
    let mut message = Message::default();
    if mask.contains(Message::KIND_FIELD) {
        let kind = match type_.value {
            Some(_) => DynamicFieldKind::Field,
            None => DynamicFieldKind::Object,
        };
        message.kind = Some(kind as i32);
    }
    if mask.contains(Message::PARENT_FIELD) {
        message.parent = Some(parent.to_string());
    }
    if mask.contains(Message::FIELD_ID_FIELD) {
        message.field_id = Some(listed.id.to_string());
    }
    let wants_contents = [
        Message::FIELD_OBJECT_FIELD,
        Message::NAME_FIELD,
        Message::VALUE_FIELD,
        Message::VALUE_TYPE_FIELD,
        Message::CHILD_ID_FIELD,
        Message::CHILD_OBJECT_FIELD,
    ]
    .into_iter()
    .any(|field| mask.contains(field));
    if !wants_contents {
        return Ok(Some(message));
    }
    let Some(object) = state.store().object_at(&listed.id, listed.live.version)? else {
        return Ok(None);
    };
    add_contents(state, &object, &type_, mask, &mut message)?;
    Ok(Some(message))
}

fn add_contents(
    state: &NodeState,
    field: &Object,
    type_: &FieldType<'_>,
    mask: &FieldMaskTree,
    message: &mut proto::DynamicField,
) -> Result<(), RpcError> {
    use proto::DynamicField as Message;
    if let Some(mask) = mask.subtree(Message::FIELD_OBJECT_FIELD) {
        message.field_object = Some(render::object::object(state, field, &mask)?);
    }
    let malformed = || {
        RpcError::Internal(format!(
            "dynamic field {} has not the layout of its type",
            field.object_id()
        ))
    };
    let contents = field
        .as_struct()
        .and_then(|value| value.contents().get(Address::LENGTH..))
        .ok_or_else(malformed)?;
    let Some(value_type) = type_.value else {
        let name_end = contents
            .len()
            .checked_sub(Address::LENGTH)
            .ok_or_else(malformed)?;
        let (name, child) = contents.split_at(name_end);
        if mask.contains(Message::NAME_FIELD) {
            message.name = Some(bcs_value(type_.name, name));
        }
        let child = Address::from_bytes(child).map_err(|_| malformed())?;
        return add_child(state, &child, mask, message);
    };
    if mask.contains(Message::VALUE_TYPE_FIELD) {
        message.value_type = Some(value_type.to_string());
    }
    if mask.contains(Message::NAME_FIELD) || mask.contains(Message::VALUE_FIELD) {
        let layout = state.executor().type_layout(state.store(), type_.name)?;
        let end = value_length(&layout, contents).ok_or_else(malformed)?;
        let (name, value) = contents.split_at(end);
        if mask.contains(Message::NAME_FIELD) {
            message.name = Some(bcs_value(type_.name, name));
        }
        if mask.contains(Message::VALUE_FIELD) {
            message.value = Some(bcs_value(value_type, value));
        }
    }
    Ok(())
}

/// What a dynamic object field says of its object.
fn add_child(
    state: &NodeState,
    child: &Address,
    mask: &FieldMaskTree,
    message: &mut proto::DynamicField,
) -> Result<(), RpcError> {
    use proto::DynamicField as Message;
    if mask.contains(Message::CHILD_ID_FIELD) {
        message.child_id = Some(child.to_string());
    }
    let object_mask = mask.subtree(Message::CHILD_OBJECT_FIELD);
    let wants_value = mask.contains(Message::VALUE_FIELD);
    if object_mask.is_none() && !wants_value && !mask.contains(Message::VALUE_TYPE_FIELD) {
        return Ok(());
    }
    let Some(object): Option<Arc<Object>> = state.store().object(child)? else {
        return Ok(());
    };
    if mask.contains(Message::VALUE_TYPE_FIELD) {
        message.value_type = Some(render::object::object_type(&object));
    }
    if let Some(value) = object.as_struct().filter(|_| wants_value) {
        let type_ = TypeTag::from(value.object_type().clone());
        message.value = Some(bcs_value(&type_, value.contents()));
    }
    if let Some(mask) = object_mask {
        message.child_object = Some(render::object::object(state, &object, &mask)?);
    }
    Ok(())
}

fn bcs_value(type_: &TypeTag, bytes: &[u8]) -> proto::Bcs {
    let mut message = proto::Bcs::from(bytes.to_vec());
    message.name = Some(type_.to_string());
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_apart_by_their_type() {
        let plain: StructTag = "0x2::dynamic_field::Field<u64, 0x2::sui::SUI>"
            .parse()
            .expect("a type");
        let found = FieldType::of(&plain).expect("a field");
        assert_eq!(*found.name, TypeTag::U64);
        assert!(found.value.is_some());

        let object: StructTag =
            "0x2::dynamic_field::Field<0x2::dynamic_object_field::Wrapper<u8>, 0x2::object::ID>"
                .parse()
                .expect("a type");
        let found = FieldType::of(&object).expect("a field");
        assert_eq!(*found.name, TypeTag::U8);
        assert!(found.value.is_none());

        for other in [
            "0x2::coin::Coin<0x2::sui::SUI>",
            "0x3::dynamic_field::Field<u8, u8>",
        ] {
            assert!(FieldType::of(&other.parse().expect("a type")).is_none());
        }
    }
}
