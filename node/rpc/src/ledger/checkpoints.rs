//! Checkpoints by number or digest, and the latest.

use super::transactions::parse_digest;
use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render::checkpoint::stored_checkpoint;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::get_checkpoint_request::CheckpointId;

/// What a checkpoint shows unless asked for more.
pub(crate) const DEFAULT_MASK: &str = "sequence_number,digest";

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetCheckpointRequest,
) -> Result<proto::GetCheckpointResponse, RpcError> {
    let mask = read_mask::<proto::Checkpoint>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let sequence = match &request.checkpoint_id {
        Some(CheckpointId::SequenceNumber(sequence)) => *sequence,
        Some(CheckpointId::Digest(text)) => {
            let digest = parse_digest("digest", text)?;
            state
                .store()
                .checkpoint_by_digest(&digest)?
                .ok_or_else(|| RpcError::not_found("checkpoint", digest))?
        }
        Some(_) => return Err(RpcError::NotBuilt("checkpoints by another name")),
        None => {
            state
                .store()
                .checkpoint_tip()
                .ok_or_else(|| RpcError::not_found("checkpoint", "the latest"))?
                .sequence
        }
    };
    let mut response = proto::GetCheckpointResponse::default();
    response.checkpoint = Some(stored_checkpoint(state, sequence, &mask)?);
    Ok(response)
}
