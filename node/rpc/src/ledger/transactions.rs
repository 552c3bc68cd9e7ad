//! Transactions by digest.

use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render::transaction::stored_transaction;
use crate::resolve::sketch::shorten;
use heddle_objects::sui_sdk_types::Digest;
use sui_rpc::proto::sui::rpc::v2 as proto;

const DEFAULT_MASK: &str = "digest";
/// Most transactions in one batch.
const BATCH_MAX: usize = 200;

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetTransactionRequest,
) -> Result<proto::GetTransactionResponse, RpcError> {
    let mask = read_mask::<proto::ExecutedTransaction>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    let digest = request
        .digest
        .as_deref()
        .ok_or_else(|| RpcError::missing("digest"))?;
    let digest = parse_digest("digest", digest)?;
    let mut response = proto::GetTransactionResponse::default();
    response.transaction = Some(stored_transaction(state, &digest, &mask)?);
    Ok(response)
}

pub(super) fn batch_get(
    state: &NodeState,
    request: &proto::BatchGetTransactionsRequest,
) -> Result<proto::BatchGetTransactionsResponse, RpcError> {
    use proto::get_transaction_result::Result as Outcome;
    let mask = read_mask::<proto::ExecutedTransaction>(request.read_mask.as_ref(), DEFAULT_MASK)?;
    if request.digests.len() > BATCH_MAX {
        let description = format!(
            "{} of them; at most {BATCH_MAX} are allowed",
            request.digests.len()
        );
        return Err(RpcError::invalid("digests", description));
    }
    let digests = request
        .digests
        .iter()
        .enumerate()
        .map(|(index, digest)| parse_digest(&format!("digests[{index}]"), digest))
        .collect::<Result<Vec<_>, _>>()?;
    let mut response = proto::BatchGetTransactionsResponse::default();
    for digest in digests {
        let mut result = proto::GetTransactionResult::default();
        result.result = Some(match stored_transaction(state, &digest, &mask) {
            Ok(transaction) => Outcome::Transaction(transaction),
            Err(error) => Outcome::Error(error.to_proto()),
        });
        response.transactions.push(result);
    }
    Ok(response)
}

/// A digest in a field of a request.
pub(super) fn parse_digest(field: &str, text: &str) -> Result<Digest, RpcError> {
    text.parse().map_err(|error| {
        RpcError::invalid(field, format!("`{}` is no digest: {error}", shorten(text)))
    })
}
