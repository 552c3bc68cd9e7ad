//! Which chain this is and how far it is.

use crate::node_state::NodeState;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::timestamp_ms_to_proto;

/// The answer of `GetServiceInfo`. Nothing is pruned, so everything is
/// available from genesis on.
pub(crate) fn service_info(state: &NodeState) -> proto::GetServiceInfoResponse {
    let epoch = state.node().epoch();
    let mut info = proto::GetServiceInfoResponse::default();
    info.chain_id = Some(epoch.chain_id.to_string());
    info.chain = Some(state.chain_name().to_owned());
    info.epoch = Some(epoch.epoch);
    if let Some(tip) = state.tip() {
        info.checkpoint_height = Some(tip.sequence);
        info.timestamp = Some(timestamp_ms_to_proto(tip.timestamp_ms));
    }
    info.lowest_available_checkpoint = Some(0);
    info.lowest_available_checkpoint_objects = Some(0);
    info.server = Some(concat!("heddle/", env!("CARGO_PKG_VERSION")).to_owned());
    info
}
