//! `LedgerService`: what has happened, and what objects there are.
//!
//! * [`info`]: which chain this is and how far it is.
//! * [`objects`], [`transactions`], [`checkpoints`], [`epochs`]: one or many by
//!   name.
//! * [`list`]: streams of what matches a filter.

mod checkpoints;
pub(crate) mod cursor;
mod epochs;
pub(crate) mod filter;
mod info;
mod list;
mod objects;
mod transactions;

use crate::node_state::NodeState;
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::ledger_service_server::LedgerService;
use tonic::codegen::{BoxStream, async_trait};
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Ledger {
    state: Arc<NodeState>,
}

impl Ledger {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        Ledger { state }
    }
}

#[async_trait]
impl LedgerService for Ledger {
    async fn get_service_info(
        &self,
        _: Request<proto::GetServiceInfoRequest>,
    ) -> Result<Response<proto::GetServiceInfoResponse>, Status> {
        Ok(Response::new(info::service_info(&self.state)))
    }

    async fn get_object(
        &self,
        request: Request<proto::GetObjectRequest>,
    ) -> Result<Response<proto::GetObjectResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| objects::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn batch_get_objects(
        &self,
        request: Request<proto::BatchGetObjectsRequest>,
    ) -> Result<Response<proto::BatchGetObjectsResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| objects::batch_get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_transaction(
        &self,
        request: Request<proto::GetTransactionRequest>,
    ) -> Result<Response<proto::GetTransactionResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| transactions::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn batch_get_transactions(
        &self,
        request: Request<proto::BatchGetTransactionsRequest>,
    ) -> Result<Response<proto::BatchGetTransactionsResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| transactions::batch_get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_checkpoint(
        &self,
        request: Request<proto::GetCheckpointRequest>,
    ) -> Result<Response<proto::GetCheckpointResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| checkpoints::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_epoch(
        &self,
        request: Request<proto::GetEpochRequest>,
    ) -> Result<Response<proto::GetEpochResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| epochs::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn list_checkpoints(
        &self,
        request: Request<proto::ListCheckpointsRequest>,
    ) -> Result<Response<BoxStream<proto::ListCheckpointsResponse>>, Status> {
        let scan = list::checkpoints(&self.state, request.get_ref())?;
        Ok(Response::new(list::stream(self.state.clone(), scan)))
    }

    async fn list_transactions(
        &self,
        request: Request<proto::ListTransactionsRequest>,
    ) -> Result<Response<BoxStream<proto::ListTransactionsResponse>>, Status> {
        let scan = list::transactions(&self.state, request.get_ref())?;
        Ok(Response::new(list::stream(self.state.clone(), scan)))
    }

    async fn list_events(
        &self,
        request: Request<proto::ListEventsRequest>,
    ) -> Result<Response<BoxStream<proto::ListEventsResponse>>, Status> {
        let scan = list::events(&self.state, request.get_ref())?;
        Ok(Response::new(list::stream(self.state.clone(), scan)))
    }
}
