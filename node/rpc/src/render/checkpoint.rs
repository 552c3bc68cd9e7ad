//! Checkpoints, from the store or fresh from the node.

use super::effects::ObjectVersions;
use super::transaction::{Place, TransactionSource, object_set, stored_transaction, transaction};
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_objects::sui_sdk_types::{
    CheckpointContents, CheckpointData, Object, SignedCheckpointSummary, TransactionEffects,
};
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// A checkpoint of the chain, as far as `mask` asks.
///
/// # Errors
/// [`RpcError::NotFound`] if there is none with this number; [`RpcError::Store`].
pub(crate) fn stored_checkpoint(
    state: &NodeState,
    sequence: u64,
    mask: &FieldMaskTree,
) -> Result<proto::Checkpoint, RpcError> {
    let store = state.store();
    let summary = store
        .checkpoint_summary(sequence)?
        .ok_or_else(|| RpcError::not_found("checkpoint", sequence))?;
    let transactions = mask.subtree(proto::Checkpoint::TRANSACTIONS_FIELD);
    let objects = objects_mask(mask);
    let wants_contents = mask.contains(proto::Checkpoint::CONTENTS_FIELD);
    if !wants_contents && transactions.is_none() && objects.is_none() {
        return Ok(frame(&summary, None, mask));
    }
    let contents = store.checkpoint_contents(sequence)?.ok_or_else(|| {
        RpcError::Internal(format!("checkpoint {sequence} is stored without contents"))
    })?;
    let mut message = frame(&summary, Some(&contents), mask);
    if let Some(mask) = transactions {
        message.transactions = contents
            .transactions()
            .iter()
            .map(|info| stored_transaction(state, info.transaction(), &mask))
            .collect::<Result<_, _>>()?;
    }
    if let Some(mask) = objects {
        let versions = ObjectVersions::new(store, []);
        let mut all: Vec<Arc<Object>> = Vec::new();
        for info in contents.transactions() {
            if let Some(TransactionEffects::V2(effects)) = store.effects(info.transaction())? {
                all.extend(versions.before(&effects)?);
                all.extend(versions.after(&effects)?);
            }
        }
        message.objects = Some(object_set(state, all, &mask)?);
    }
    Ok(message)
}

/// A checkpoint that the node has just made, as far as `mask` asks. Reads
/// nothing from the store but types.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while types are looked up.
pub(crate) fn fresh_checkpoint(
    state: &NodeState,
    data: &CheckpointData,
    mask: &FieldMaskTree,
) -> Result<proto::Checkpoint, RpcError> {
    let summary = &data.checkpoint_summary;
    let mut message = frame(summary, Some(&data.checkpoint_contents), mask);
    if let Some(mask) = mask.subtree(proto::Checkpoint::TRANSACTIONS_FIELD) {
        for index in 0..data.transactions.len() {
            message
                .transactions
                .push(fresh_transaction(state, data, index, &mask)?);
        }
    }
    if let Some(mask) = objects_mask(mask) {
        let all = data
            .transactions
            .iter()
            .flat_map(|one| one.input_objects.iter().chain(&one.output_objects))
            .cloned()
            .map(Arc::new);
        message.objects = Some(object_set(state, all, &mask)?);
    }
    Ok(message)
}

/// One transaction of a checkpoint that the node has just made.
///
/// # Errors
/// As [`fresh_checkpoint`].
pub(crate) fn fresh_transaction(
    state: &NodeState,
    data: &CheckpointData,
    index: usize,
    mask: &FieldMaskTree,
) -> Result<proto::ExecutedTransaction, RpcError> {
    let one = data
        .transactions
        .get(index)
        .ok_or_else(|| RpcError::Internal("a checkpoint lacks one of its transactions".into()))?;
    let digest = data
        .checkpoint_contents
        .transactions()
        .get(index)
        .map(|info| *info.transaction())
        .ok_or_else(|| RpcError::Internal("a checkpoint's contents are incomplete".into()))?;
    let objects = one.input_objects.iter().chain(&one.output_objects);
    let summary = &data.checkpoint_summary.checkpoint;
    let source = TransactionSource {
        digest,
        transaction: &one.transaction.transaction,
        signatures: &one.transaction.signatures,
        effects: &one.effects,
        events: one.events.as_ref(),
        place: Some(Place {
            checkpoint: summary.sequence_number,
            index: index as u64,
            timestamp_ms: summary.timestamp_ms,
        }),
        failure_detail: None,
        objects: ObjectVersions::new(state.store(), objects.cloned().map(Arc::new)),
        stand_in: None,
    };
    transaction(state, &source, mask)
}

fn objects_mask(mask: &FieldMaskTree) -> Option<FieldMaskTree> {
    mask.subtree(proto::Checkpoint::OBJECTS_FIELD)?
        .subtree(proto::ObjectSet::OBJECTS_FIELD)
}

/// What a checkpoint's summary and contents say by themselves.
fn frame(
    summary: &SignedCheckpointSummary,
    contents: Option<&CheckpointContents>,
    mask: &FieldMaskTree,
) -> proto::Checkpoint {
    let mut message = proto::Checkpoint::merge_from(&summary.checkpoint, mask);
    message.merge(summary.signature.clone(), mask);
    if let Some(contents) = contents
        && mask.contains(proto::Checkpoint::CONTENTS_FIELD)
    {
        message.merge(contents.clone(), mask);
    }
    message
}
