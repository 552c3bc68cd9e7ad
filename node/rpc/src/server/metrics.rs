//! The server for Prometheus and for health checks: `GET /metrics` in the text
//! format, `GET /health` for whatever restarts processes.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use heddle_validator::Node;
use prometheus::{Encoder, Registry, TextEncoder};
use std::sync::Arc;

#[derive(Clone)]
struct Sources {
    node: Arc<Node>,
    rpc: Registry,
}

/// The routes of the metrics server: the node's metrics and those of the RPC.
pub(crate) fn routes(node: Arc<Node>, rpc: Registry) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .with_state(Sources { node, rpc })
}

async fn metrics(State(sources): State<Sources>) -> Response {
    let mut families = sources.node.metrics().gather();
    families.extend(sources.rpc.gather());
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    match encoder.encode(&families, &mut text) {
        Ok(()) => (
            [(header::CONTENT_TYPE, encoder.format_type().to_owned())],
            text,
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn health(State(sources): State<Sources>) -> Response {
    let epoch = sources.node.epoch();
    axum::Json(serde_json::json!({
        "status": "ok",
        "chain": epoch.chain_id.to_string(),
        "epoch": epoch.epoch,
    }))
    .into_response()
}
