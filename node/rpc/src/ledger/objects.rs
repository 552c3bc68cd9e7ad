//! Objects by id, and by id and version.

use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render;
use crate::resolve::sketch::address;
use heddle_objects::sui_sdk_types::{Address, Object};
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;

const DEFAULT_MASK: &str = "object_id,version,digest";
/// Most objects in one batch.
const BATCH_MAX: usize = 1_000;

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetObjectRequest,
) -> Result<proto::GetObjectResponse, RpcError> {
    let mask = read_mask::<proto::Object>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let (id, version) = named("", request)?;
    Ok(proto::GetObjectResponse::new(one(
        state, &id, version, &mask,
    )?))
}

pub(super) fn batch_get(
    state: &NodeState,
    request: &proto::BatchGetObjectsRequest,
) -> Result<proto::BatchGetObjectsResponse, RpcError> {
    let mask = read_mask::<proto::Object>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    if request.requests.len() > BATCH_MAX {
        let description = format!(
            "{} of them; at most {BATCH_MAX} are allowed",
            request.requests.len()
        );
        return Err(RpcError::invalid("requests", description));
    }
    // A name that is none fails the batch; an object that is not there fails
    // for itself.
    let named = request
        .requests
        .iter()
        .enumerate()
        .map(|(index, request)| named(&format!("requests[{index}]."), request))
        .collect::<Result<Vec<_>, _>>()?;
    let results = named
        .into_iter()
        .map(|(id, version)| match one(state, &id, version, &mask) {
            Ok(object) => proto::GetObjectResult::new_object(object),
            Err(error) => proto::GetObjectResult::new_error(error.to_proto()),
        })
        .collect();
    Ok(proto::BatchGetObjectsResponse::new(results))
}

fn named(at: &str, request: &proto::GetObjectRequest) -> Result<(Address, Option<u64>), RpcError> {
    let field = format!("{at}object_id");
    let id = request
        .object_id
        .as_deref()
        .ok_or_else(|| RpcError::missing(field.as_str()))?;
    Ok((address(&field, id)?, request.version))
}

fn one(
    state: &NodeState,
    id: &Address,
    version: Option<u64>,
    mask: &FieldMaskTree,
) -> Result<proto::Object, RpcError> {
    render::object::object(state, &*find(state, id, version)?, mask)
}

fn find(state: &NodeState, id: &Address, version: Option<u64>) -> Result<Arc<Object>, RpcError> {
    match version {
        None => state.object(id),
        Some(version) => {
            state
                .store()
                .object_at(id, version)?
                .ok_or_else(|| RpcError::VersionNotFound {
                    id: id.to_string(),
                    version,
                })
        }
    }
}
