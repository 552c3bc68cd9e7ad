//! `StateService`: what there is now, by owner, parent and coin type.
//!
//! * [`owned_objects`], [`balances`], [`coin_info`], [`dynamic_fields`]: one
//!   method family each.
//! * [`bcs_walk`]: where a value ends in BCS, which dynamic fields need.

mod balances;
mod bcs_walk;
mod coin_info;
mod dynamic_fields;
mod owned_objects;

use crate::error::RpcError;
use crate::node_state::NodeState;
use crate::resolve::sketch::{address, shorten};
use heddle_objects::sui_sdk_types::{Address, StructTag};
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::state_service_server::StateService;
use tonic::codegen::async_trait;
use tonic::{Request, Response, Status};

/// Entries of a page unless asked for another number.
const PAGE_DEFAULT: usize = 50;
/// Most entries of a page.
const PAGE_MAX: usize = 1_000;

/// The service.
pub(crate) struct LiveState {
    state: Arc<NodeState>,
}

impl LiveState {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        LiveState { state }
    }
}

#[async_trait]
impl StateService for LiveState {
    async fn list_dynamic_fields(
        &self,
        request: Request<proto::ListDynamicFieldsRequest>,
    ) -> Result<Response<proto::ListDynamicFieldsResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| dynamic_fields::list(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn list_owned_objects(
        &self,
        request: Request<proto::ListOwnedObjectsRequest>,
    ) -> Result<Response<proto::ListOwnedObjectsResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| owned_objects::list(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_coin_info(
        &self,
        request: Request<proto::GetCoinInfoRequest>,
    ) -> Result<Response<proto::GetCoinInfoResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| coin_info::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_balance(
        &self,
        request: Request<proto::GetBalanceRequest>,
    ) -> Result<Response<proto::GetBalanceResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| balances::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn list_balances(
        &self,
        request: Request<proto::ListBalancesRequest>,
    ) -> Result<Response<proto::ListBalancesResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| balances::list(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }
}

/// An address in a required field.
fn required_address(field: &str, text: Option<&str>) -> Result<Address, RpcError> {
    address(field, text.ok_or_else(|| RpcError::missing(field))?)
}

/// A struct type in a field.
fn struct_tag(field: &str, text: &str) -> Result<StructTag, RpcError> {
    text.parse().map_err(|error| {
        RpcError::invalid(
            field,
            format!("`{}` is no struct type: {error}", shorten(text)),
        )
    })
}
