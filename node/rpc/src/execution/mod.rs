//! `TransactionExecutionService`: trying transactions and executing them.

pub(crate) mod execute;
mod simulate;

use crate::node_state::NodeState;
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::transaction_execution_service_server::TransactionExecutionService;
use tonic::codegen::async_trait;
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Execution {
    state: Arc<NodeState>,
}

impl Execution {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        Execution { state }
    }
}

#[async_trait]
impl TransactionExecutionService for Execution {
    async fn execute_transaction(
        &self,
        request: Request<proto::ExecuteTransactionRequest>,
    ) -> Result<Response<proto::ExecuteTransactionResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(execute::execute(&self.state, request).await?))
    }

    async fn simulate_transaction(
        &self,
        request: Request<proto::SimulateTransactionRequest>,
    ) -> Result<Response<proto::SimulateTransactionResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| simulate::simulate(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }
}
