//! The objects that an address owns, by type.

use super::{PAGE_DEFAULT, PAGE_MAX, required_address, struct_tag};
use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::paging::{Listing, Pager, page_size};
use crate::render;
use heddle_store::{Cursor, ListedObject, ObjectKind, TypeFilter};
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;

const DEFAULT_MASK: &str = "object_id,version,object_type";

pub(super) fn list(
    state: &NodeState,
    request: &proto::ListOwnedObjectsRequest,
) -> Result<proto::ListOwnedObjectsResponse, RpcError> {
    let mask = read_mask::<proto::Object>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let owner = required_address("owner", request.owner.as_deref())?;
    let tag = request
        .object_type
        .as_deref()
        .map(|text| struct_tag("object_type", text))
        .transpose()?;
    let type_text = tag.as_ref().map(ToString::to_string).unwrap_or_default();
    let pager = Pager::new(
        Listing::OwnedObjects,
        &[owner.as_bytes(), type_text.as_bytes()],
    );
    let after = pager
        .cursor(request.page_token.as_deref())?
        .map(Cursor::from_bytes);
    let limit = page_size(request.page_size, PAGE_DEFAULT, PAGE_MAX);
    let filter = tag.as_ref().map(TypeFilter::of);
    let page = state
        .store()
        .owned_objects(&owner, filter.as_ref(), after.as_ref(), limit)?;
    let mut response = proto::ListOwnedObjectsResponse::default();
    for listed in &page.items {
        response.objects.extend(entry(state, listed, &mask)?);
    }
    response.next_page_token = page.next.map(|next| pager.token(next.as_bytes()));
    Ok(response)
}

/// One object of the listing, `None` if its version was pruned meanwhile.
fn entry(
    state: &NodeState,
    listed: &ListedObject,
    mask: &FieldMaskTree,
) -> Result<Option<proto::Object>, RpcError> {
    if needs_contents(mask) {
        let object = state.store().object_at(&listed.id, listed.live.version)?;
        return object
            .map(|object| render::object::object(state, &object, mask))
            .transpose();
    }
    let live = &listed.live;
    let mut message = proto::Object::default();
    if mask.contains(proto::Object::OBJECT_ID_FIELD) {
        message.object_id = Some(listed.id.to_string());
    }
    if mask.contains(proto::Object::VERSION_FIELD) {
        message.version = Some(live.version);
    }
    if mask.contains(proto::Object::DIGEST_FIELD) {
        message.digest = Some(live.digest.to_string());
    }
    if mask.contains(proto::Object::OWNER_FIELD) {
        message.owner = Some(live.owner.into());
    }
    let (type_, balance) = match &live.kind {
        ObjectKind::Package => (render::object::PACKAGE_TYPE.to_owned(), None),
        ObjectKind::Struct { tag, balance } => (tag.to_string(), *balance),
    };
    if mask.contains(proto::Object::OBJECT_TYPE_FIELD) {
        message.object_type = Some(type_);
    }
    if mask.contains(proto::Object::BALANCE_FIELD) {
        message.balance = balance;
    }
    Ok(Some(message))
}

/// Whether a mask asks for more than the index knows.
fn needs_contents(mask: &FieldMaskTree) -> bool {
    [
        proto::Object::BCS_FIELD,
        proto::Object::HAS_PUBLIC_TRANSFER_FIELD,
        proto::Object::CONTENTS_FIELD,
        proto::Object::PACKAGE_FIELD,
        proto::Object::PREVIOUS_TRANSACTION_FIELD,
        proto::Object::STORAGE_REBATE_FIELD,
        proto::Object::JSON_FIELD,
        proto::Object::DISPLAY_FIELD,
    ]
    .into_iter()
    .any(|field| mask.contains(field))
}
