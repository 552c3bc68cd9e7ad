//! The network as the compiler asks about it: which packages are on it.

use super::context::ClientContext;
use heddle_compiler::Network;
use std::sync::Arc;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::Address;
use tokio::runtime::Handle;

/// Answers the compiler's questions over RPC, on the runtime that runs the
/// command.
struct LiveNetwork {
    chain_id: String,
    rpc: Client,
    runtime: Handle,
}

impl std::fmt::Debug for LiveNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveNetwork")
            .field("chain_id", &self.chain_id)
            .finish_non_exhaustive()
    }
}

impl Network for LiveNetwork {
    fn chain_id(&self) -> &str {
        &self.chain_id
    }

    fn has_package(&self, id: Address) -> Result<bool, String> {
        let request =
            proto::GetObjectRequest::new(&id).with_read_mask(FieldMask::from_str("object_type"));
        let mut rpc = self.rpc.clone();
        // Builds are synchronous and run on a thread of the compiler's; the
        // runtime's workers do the rest meanwhile.
        let answer = self
            .runtime
            .block_on(rpc.ledger_client().get_object(request));
        match answer {
            Ok(response) => {
                let object = response.into_inner().object;
                Ok(object.is_some_and(|object| object.object_type() == "package"))
            }
            Err(status) if status.code() == tonic::Code::NotFound => Ok(false),
            Err(status) => Err(format!(
                "cannot ask the network whether package {id} is on it: {}",
                status.message()
            )),
        }
    }
}

/// The network that `context` talks to.
pub(super) async fn of(context: &mut ClientContext) -> anyhow::Result<Arc<dyn Network>> {
    Ok(Arc::new(LiveNetwork {
        chain_id: context.chain_id().await?,
        rpc: context.rpc.clone(),
        runtime: Handle::current(),
    }))
}
