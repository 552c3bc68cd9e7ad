//! `NameService`: this network has no names, so every look-up finds nothing.

use crate::error::RpcError;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::name_service_server::NameService;
use tonic::codegen::async_trait;
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Names;

#[async_trait]
impl NameService for Names {
    async fn lookup_name(
        &self,
        request: Request<proto::LookupNameRequest>,
    ) -> Result<Response<proto::LookupNameResponse>, Status> {
        let name = request
            .into_inner()
            .name
            .ok_or_else(|| RpcError::missing("name"))?;
        Err(RpcError::not_found("name", crate::resolve::sketch::shorten(&name)).into())
    }

    async fn reverse_lookup_name(
        &self,
        request: Request<proto::ReverseLookupNameRequest>,
    ) -> Result<Response<proto::ReverseLookupNameResponse>, Status> {
        let address = request
            .into_inner()
            .address
            .ok_or_else(|| RpcError::missing("address"))?;
        let address = crate::resolve::sketch::address("address", &address)?;
        Err(RpcError::not_found("name of", address).into())
    }
}
