//! Events.

use super::json;
use super::object::bcs_of;
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_objects::sui_sdk_types::{Digest, Event, TransactionEvents, TypeTag};
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// Where an event stands, for events that are delivered on their own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventPlace {
    pub(crate) checkpoint: u64,
    pub(crate) transaction: Digest,
    pub(crate) transaction_index: u64,
}

/// The events of one transaction, as far as `mask` asks.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while types are looked up.
pub(crate) fn events(
    state: &NodeState,
    events: &TransactionEvents,
    mask: &FieldMaskTree,
) -> Result<proto::TransactionEvents, RpcError> {
    let mut message = proto::TransactionEvents::default();
    if mask.contains(proto::TransactionEvents::BCS_FIELD) {
        message.bcs = Some(bcs_of("TransactionEvents", events)?);
    }
    if mask.contains(proto::TransactionEvents::DIGEST_FIELD) {
        message.digest = Some(events.digest().to_string());
    }
    if let Some(mask) = mask.subtree(proto::TransactionEvents::EVENTS_FIELD) {
        message.events = events
            .0
            .iter()
            .map(|one| event(state, one, &mask))
            .collect::<Result<_, _>>()?;
    }
    Ok(message)
}

/// One event, as far as `mask` asks.
///
/// # Errors
/// As [`events`].
pub(crate) fn event(
    state: &NodeState,
    event: &Event,
    mask: &FieldMaskTree,
) -> Result<proto::Event, RpcError> {
    let mut message = proto::Event::merge_from(event.clone(), mask);
    if mask.contains(proto::Event::JSON_FIELD) {
        let type_ = TypeTag::from(event.type_.clone());
        message.json = state
            .render_json(&type_, &event.contents)?
            .map(|value| Box::new(json::to_proto(value)));
    }
    Ok(message)
}

/// One event on its own, with its place in the ledger.
///
/// # Errors
/// As [`events`].
pub(crate) fn placed_event(
    state: &NodeState,
    one: &Event,
    index: u32,
    place: EventPlace,
    mask: &FieldMaskTree,
) -> Result<proto::Event, RpcError> {
    let mut message = event(state, one, mask)?;
    if mask.contains(proto::Event::CHECKPOINT_FIELD) {
        message.checkpoint = Some(place.checkpoint);
    }
    if mask.contains(proto::Event::TRANSACTION_DIGEST_FIELD) {
        message.transaction_digest = Some(place.transaction.to_string());
    }
    if mask.contains(proto::Event::TRANSACTION_INDEX_FIELD) {
        message.transaction_index = Some(place.transaction_index);
    }
    if mask.contains(proto::Event::EVENT_INDEX_FIELD) {
        message.event_index = Some(index);
    }
    Ok(message)
}
