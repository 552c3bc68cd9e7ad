//! Putting the servers together.

use crate::config::RpcConfig;
use crate::execution::Execution;
use crate::faucet::{self, Dispenser};
use crate::ledger::Ledger;
use crate::live::LiveState;
use crate::names::Names;
use crate::node_state::NodeState;
use crate::packages::Packages;
use crate::server::admission::{CallMetrics, Observer, cors, observe, refuse_large};
use crate::server::running::listen;
use crate::server::{RunningServers, ServeError, connections, metrics};
use crate::signatures::Signatures;
use crate::subscription::Subscriptions;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use heddle_validator::Node;
use prometheus::Registry;
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::ledger_service_server::LedgerServiceServer;
use sui_rpc::proto::sui::rpc::v2::move_package_service_server::MovePackageServiceServer;
use sui_rpc::proto::sui::rpc::v2::name_service_server::NameServiceServer;
use sui_rpc::proto::sui::rpc::v2::signature_verification_service_server::SignatureVerificationServiceServer;
use sui_rpc::proto::sui::rpc::v2::state_service_server::StateServiceServer;
use sui_rpc::proto::sui::rpc::v2::subscription_service_server::SubscriptionServiceServer;
use sui_rpc::proto::sui::rpc::v2::transaction_execution_service_server::TransactionExecutionServiceServer;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;

/// What a person who opens the gRPC port in a browser reads.
const LANDING: &str = "This is a Heddle node. It speaks gRPC (sui.rpc.v2) on this port, \
    grpc-web included; ask its reflection service for the methods.\n";

/// Starts the servers that `config` asks for. They run until
/// [`RunningServers::shutdown`] is called or the result is dropped.
///
/// # Errors
/// [`ServeError`], each one line; no server is left running then.
pub async fn serve(node: Arc<Node>, config: RpcConfig) -> Result<RunningServers, ServeError> {
    let (rpc_listener, rpc) = listen("RPC", config.rpc_address).await?;
    let faucet_listener = match &config.faucet {
        Some(faucet) => Some(listen("faucet", faucet.address).await?),
        None => None,
    };
    let metrics_listener = match config.metrics_address {
        Some(address) => Some(listen("metrics", address).await?),
        None => None,
    };
    let (stop, stopped) = watch::channel(false);
    let registry = Registry::new();
    let state = Arc::new(NodeState::new(
        node.clone(),
        config.chain_name.clone(),
        config.limits.clone(),
        stopped.clone(),
    ));
    let mut tasks = JoinSet::new();
    let router = rpc_router(&state, &registry)?;
    let limits = &config.limits;
    tasks.spawn(connections::run(
        "RPC",
        rpc_listener,
        router,
        limits.clone(),
        stopped.clone(),
    ));
    let faucet_address = faucet_listener.as_ref().map(|(_, address)| *address);
    if let (Some((listener, _)), Some(faucet)) = (faucet_listener, config.faucet.clone()) {
        let (dispenser, task) = Dispenser::new(node.clone(), faucet, stopped.clone());
        tasks.spawn(task);
        tasks.spawn(connections::run(
            "faucet",
            listener,
            faucet::routes(dispenser),
            limits.clone(),
            stopped.clone(),
        ));
    }
    let metrics_address = metrics_listener.as_ref().map(|(_, address)| *address);
    if let Some((listener, _)) = metrics_listener {
        tasks.spawn(connections::run(
            "metrics",
            listener,
            metrics::routes(node, registry),
            limits.clone(),
            stopped,
        ));
    }
    Ok(RunningServers {
        rpc,
        faucet: faucet_address,
        metrics: metrics_address,
        stop,
        tasks,
    })
}

/// The gRPC server: services, reflection and health, and what every request
/// passes through on its way to them.
fn rpc_router(state: &Arc<NodeState>, registry: &Registry) -> Result<Router, ServeError> {
    let build_error = |reason: String| ServeError::Build {
        server: "RPC",
        reason,
    };
    let metrics = CallMetrics::new(registry).map_err(|error| build_error(error.to_string()))?;
    let observer = Observer {
        state: state.clone(),
        metrics: Arc::new(metrics),
        request_timeout: state.limits().request_timeout,
    };
    let services = services(state).map_err(|error| build_error(error.to_string()))?;
    let limits = Arc::new(state.limits().clone());
    let grpc = services
        .into_axum_router()
        .layer(from_fn_with_state(observer, observe))
        .layer(GrpcWebLayer::new());
    Ok(Router::new()
        .route("/", get(|| async { LANDING }))
        .fallback_service(grpc)
        .layer(cors())
        .layer(from_fn_with_state(limits, refuse_large)))
}

fn services(state: &Arc<NodeState>) -> Result<Routes, tonic_reflection::server::Error> {
    let message_bytes_max = state.limits().message_bytes_max;
    // Answers may be larger than requests: whole checkpoints, batches of objects.
    let answer_bytes_max = 128 * 1024 * 1024;
    macro_rules! service {
        ($server:ident, $service:expr) => {
            $server::new($service)
                .max_decoding_message_size(message_bytes_max)
                .max_encoding_message_size(answer_bytes_max)
                .accept_compressed(CompressionEncoding::Gzip)
                .send_compressed(CompressionEncoding::Gzip)
        };
    }
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(sui_rpc::proto::google::rpc::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(
                sui_rpc::proto::google::protobuf::FILE_DESCRIPTOR_SET,
            )
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let (_, health) = tonic_health::server::health_reporter();
    Ok(
        Routes::new(service!(LedgerServiceServer, Ledger::new(state.clone())))
            .add_service(service!(StateServiceServer, LiveState::new(state.clone())))
            .add_service(service!(
                MovePackageServiceServer,
                Packages::new(state.clone())
            ))
            .add_service(service!(
                TransactionExecutionServiceServer,
                Execution::new(state.clone())
            ))
            .add_service(service!(
                SubscriptionServiceServer,
                Subscriptions::new(state.clone())
            ))
            .add_service(service!(
                SignatureVerificationServiceServer,
                Signatures::new(state.clone())
            ))
            .add_service(service!(NameServiceServer, Names))
            .add_service(health)
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?),
    )
}
