//! Executed transactions, simulated ones too.

use super::effects::ObjectVersions;
use super::{balances, clever_error, effects, events, object};
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_objects::sui_sdk_types::{
    Address, Digest, Object, Transaction, TransactionEffects, TransactionEvents, UserSignature,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::timestamp_ms_to_proto;

/// Where a transaction stands in the chain of checkpoints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) checkpoint: u64,
    pub(crate) index: u64,
    pub(crate) timestamp_ms: u64,
}

/// A transaction with what it did, from wherever it comes.
pub(crate) struct TransactionSource<'a> {
    pub(crate) digest: Digest,
    pub(crate) transaction: &'a Transaction,
    pub(crate) signatures: &'a [UserSignature],
    pub(crate) effects: &'a TransactionEffects,
    pub(crate) events: Option<&'a TransactionEvents>,
    /// `None` if it is in no checkpoint yet, or never will be.
    pub(crate) place: Option<Place>,
    /// Where a failure came from, in words.
    pub(crate) failure_detail: Option<&'a str>,
    pub(crate) objects: ObjectVersions<'a>,
    /// A coin that is not real and whose changes are nobody's.
    pub(crate) stand_in: Option<Address>,
}

/// A transaction as far as `mask` asks.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while objects or types are looked up.
pub(crate) fn transaction(
    state: &NodeState,
    source: &TransactionSource<'_>,
    mask: &FieldMaskTree,
) -> Result<proto::ExecutedTransaction, RpcError> {
    use proto::ExecutedTransaction as Message;
    let mut message = Message::default();
    if mask.contains(Message::DIGEST_FIELD) {
        message.digest = Some(source.digest.to_string());
    }
    if let Some(mask) = mask.subtree(Message::TRANSACTION_FIELD) {
        message.transaction = Some(proto::Transaction::merge_from(
            source.transaction.clone(),
            &mask,
        ));
    }
    if let Some(mask) = mask.subtree(Message::SIGNATURES_FIELD) {
        message.signatures = source
            .signatures
            .iter()
            .map(|signature| proto::UserSignature::merge_from(signature.clone(), &mask))
            .collect();
    }
    if let Some(mask) = mask.subtree(Message::EFFECTS_FIELD) {
        let mut effects = effects::effects(
            source.effects,
            source.failure_detail,
            &source.objects,
            &mask,
        )?;
        if let Some(status) = &mut effects.status {
            clever_error::add(state, source.transaction, source.effects.status(), status);
        }
        message.effects = Some(effects);
    }
    if let (Some(mask), Some(events)) = (mask.subtree(Message::EVENTS_FIELD), source.events) {
        message.events = Some(events::events(state, events, &mask)?);
    }
    if let Some(place) = source.place {
        if mask.contains(Message::CHECKPOINT_FIELD) {
            message.checkpoint = Some(place.checkpoint);
        }
        if mask.contains(Message::TIMESTAMP_FIELD) {
            message.timestamp = Some(timestamp_ms_to_proto(place.timestamp_ms));
        }
        if mask.contains(Message::TRANSACTION_INDEX_FIELD) {
            message.transaction_index = Some(place.index);
        }
    }
    if let TransactionEffects::V2(effects) = source.effects {
        let objects = mask
            .subtree(Message::OBJECTS_FIELD)
            .and_then(|mask| mask.subtree(proto::ObjectSet::OBJECTS_FIELD));
        let wants_balances = mask.contains(Message::BALANCE_CHANGES_FIELD);
        if objects.is_some() || wants_balances {
            let before = source.objects.before(effects)?;
            let after = source.objects.after(effects)?;
            if wants_balances {
                let real = |objects: &[Arc<Object>]| -> Vec<Arc<Object>> {
                    objects
                        .iter()
                        .filter(|object| Some(object.object_id()) != source.stand_in)
                        .cloned()
                        .collect()
                };
                message.balance_changes = balances::changes(&real(&before), &real(&after));
            }
            if let Some(mask) = objects {
                let both = before.into_iter().chain(after);
                message.objects = Some(object_set(state, both, &mask)?);
            }
        }
    }
    Ok(message)
}

/// Objects sorted by id and version, each once.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while types are looked up.
pub(crate) fn object_set(
    state: &NodeState,
    objects: impl IntoIterator<Item = Arc<Object>>,
    mask: &FieldMaskTree,
) -> Result<proto::ObjectSet, RpcError> {
    let sorted: BTreeMap<(Address, u64), Arc<Object>> = objects
        .into_iter()
        .map(|object| ((object.object_id(), object.version()), object))
        .collect();
    let mut set = proto::ObjectSet::default();
    set.objects = sorted
        .values()
        .map(|one| object::object(state, one, mask))
        .collect::<Result<_, _>>()?;
    Ok(set)
}

/// The transaction with this digest, as far as `mask` asks.
///
/// # Errors
/// [`RpcError::NotFound`] if it has not executed; [`RpcError::Store`].
pub(crate) fn stored_transaction(
    state: &NodeState,
    digest: &Digest,
    mask: &FieldMaskTree,
) -> Result<proto::ExecutedTransaction, RpcError> {
    let store = state.store();
    let executed = store
        .executed_transaction(digest)?
        .ok_or_else(|| RpcError::not_found("transaction", digest))?;
    let source = TransactionSource {
        digest: *digest,
        transaction: &executed.transaction.transaction,
        signatures: &executed.transaction.signatures,
        effects: &executed.effects,
        events: executed.events.as_ref(),
        place: place_of(state, digest)?,
        failure_detail: None,
        objects: ObjectVersions::new(store, []),
        stand_in: None,
    };
    transaction(state, &source, mask)
}

/// Where a transaction stands in the chain, `None` if it is in no checkpoint.
///
/// # Errors
/// [`RpcError::Store`] if the store fails.
pub(crate) fn place_of(state: &NodeState, digest: &Digest) -> Result<Option<Place>, RpcError> {
    let Some(location) = state.store().location(digest)? else {
        return Ok(None);
    };
    let Some(summary) = state.store().checkpoint_summary(location.checkpoint)? else {
        return Ok(None);
    };
    Ok(Some(Place {
        checkpoint: location.checkpoint,
        index: u64::from(location.index),
        timestamp_ms: summary.checkpoint.timestamp_ms,
    }))
}
