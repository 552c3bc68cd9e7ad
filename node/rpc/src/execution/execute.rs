//! Executing a signed transaction.

use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render::effects::ObjectVersions;
use crate::render::transaction::{TransactionSource, place_of, transaction};
use crate::resolve::sketch::from_bcs;
use heddle_objects::sui_sdk_types::{SignedTransaction, Transaction, UserSignature};
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;

const DEFAULT_MASK: &str = "effects.status,checkpoint";
/// Most signatures that are looked at; a transaction needs at most two.
const SIGNATURES_MAX: usize = 16;
/// Largest signature, in bytes; the largest are multisigs of ten.
const SIGNATURE_BYTES_MAX: usize = 16 * 1024;

/// Submits the transaction and answers when its effects are durable.
///
/// # Errors
/// [`RpcError::Submit`] if the node refuses it; a field error if it does not
/// convert.
pub(super) async fn execute(
    state: &Arc<NodeState>,
    request: proto::ExecuteTransactionRequest,
) -> Result<proto::ExecuteTransactionResponse, RpcError> {
    let mask = read_mask::<proto::ExecutedTransaction>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let message = request
        .transaction
        .as_ref()
        .ok_or_else(|| RpcError::missing("transaction"))?;
    let signed = SignedTransaction {
        transaction: complete_transaction(message)?,
        signatures: signatures(&request.signatures)?,
    };
    let receipt = state.node().submit(signed).await?;
    let rendered = state
        .on_thread(move |state| {
            let executed = &receipt.executed;
            let written = receipt.written.iter().map(|one| one.object.clone());
            let source = TransactionSource {
                digest: executed.digest,
                transaction: &executed.transaction.transaction,
                signatures: &executed.transaction.signatures,
                effects: &executed.effects,
                events: executed.events.as_ref(),
                place: place_of(state, &executed.digest)?,
                failure_detail: receipt.failure_detail.as_deref(),
                objects: ObjectVersions::new(state.store(), written),
                stand_in: None,
            };
            transaction(state, &source, &mask)
        })
        .await?;
    Ok(proto::ExecuteTransactionResponse::new(rendered))
}

/// A transaction with nothing left out: what was signed.
fn complete_transaction(message: &proto::Transaction) -> Result<Transaction, RpcError> {
    match &message.bcs {
        Some(bcs) => from_bcs(bcs),
        None => Transaction::try_from(message)
            .map_err(|error| RpcError::conversion("transaction", error)),
    }
}

fn signatures(messages: &[proto::UserSignature]) -> Result<Vec<UserSignature>, RpcError> {
    if messages.len() > SIGNATURES_MAX {
        let description = format!(
            "{} of them; at most {SIGNATURES_MAX} are looked at",
            messages.len()
        );
        return Err(RpcError::invalid("signatures", description));
    }
    messages
        .iter()
        .enumerate()
        .map(|(index, message)| signature(&format!("signatures[{index}]"), message))
        .collect()
}

/// A signature in any of the forms that the API takes: bytes (with or without
/// the length before them) or structured.
///
/// # Errors
/// [`RpcError::FieldInvalid`] if it is none.
pub(crate) fn signature(
    field: &str,
    message: &proto::UserSignature,
) -> Result<UserSignature, RpcError> {
    let length = message.bcs.as_ref().and_then(|bcs| bcs.value.as_ref());
    if let Some(bytes) = length.filter(|bytes| bytes.len() > SIGNATURE_BYTES_MAX) {
        let description = format!(
            "the signature has {} bytes; at most {SIGNATURE_BYTES_MAX} are allowed",
            bytes.len()
        );
        return Err(RpcError::invalid(field, description));
    }
    UserSignature::try_from(message).map_err(|error| RpcError::conversion(field, error))
}
