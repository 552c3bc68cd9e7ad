//! What happens to a request before a service sees it.
//!
//! From the outside in:
//!
//! 1. [`refuse_large`]: a body that declares more than the limit is refused
//!    from its headers. What the peer still sends is read and dropped for a
//!    moment, because a connection reset would swallow the refusal.
//! 2. CORS, so that pages in browsers can call and can read gRPC's status.
//! 3. grpc-web, which turns HTTP/1.1 requests into gRPC.
//! 4. [`observe`]: the deadline, the chain's headers, the metrics.

use crate::config::RpcLimits;
use crate::error::RpcError;
use crate::node_state::NodeState;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt;
use http::{HeaderName, HeaderValue, Method, header};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};
use prost::Message;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sui_rpc::headers;
use tower_http::cors::{AllowHeaders, Any, CorsLayer, ExposeHeaders};

/// Most bytes of a refused body that are read and dropped.
const DRAIN_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest time for which a refused body is read and dropped.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(10);
/// How long browsers may remember what is allowed across origins.
const CORS_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Response headers that pages in browsers may read.
const EXPOSED_HEADERS: [&str; 11] = [
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "grpc-encoding",
    headers::X_SUI_CHAIN_ID,
    headers::X_SUI_CHAIN,
    headers::X_SUI_EPOCH,
    headers::X_SUI_CHECKPOINT_HEIGHT,
    headers::X_SUI_TIMESTAMP_MS,
    headers::X_SUI_TIMESTAMP,
    headers::X_SUI_LOWEST_AVAILABLE_CHECKPOINT,
];

/// What pages of other origins may do: everything that the API offers, which
/// uses no cookies.
pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::OPTIONS])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(ExposeHeaders::list(
            EXPOSED_HEADERS.map(HeaderName::from_static),
        ))
        .max_age(CORS_MAX_AGE)
}

/// Refuses a request whose declared body is over the limit, without reading it
/// into memory. Bodies that declare no length are cut off at the message limit
/// by the decoder.
pub(crate) async fn refuse_large(
    State(limits): State<Arc<RpcLimits>>,
    request: Request,
    next: Next,
) -> Response {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    let Some(declared) = declared.filter(|bytes| *bytes > limits.body_bytes_max) else {
        return next.run(request).await;
    };
    let error = RpcError::BodyTooLarge {
        declared,
        maximum: limits.body_bytes_max,
    };
    let mut response = tonic::Status::from(&error).into_http::<Body>();
    let content_type = request.headers().get(header::CONTENT_TYPE);
    if let Some(content_type) =
        content_type.filter(|value| value.as_bytes().starts_with(b"application/grpc"))
    {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type.clone());
    }
    tokio::spawn(drain(request.into_body()));
    response
}

async fn drain(body: Body) {
    let mut body = body.into_data_stream();
    let reading = async {
        let mut dropped = 0_usize;
        while let Some(Ok(bytes)) = body.next().await {
            dropped = dropped.saturating_add(bytes.len());
            if dropped > DRAIN_BYTES_MAX {
                break;
            }
        }
    };
    if tokio::time::timeout(DRAIN_TIME_MAX, reading).await.is_err() {
        tracing::trace!("a refused body was still coming; its connection is closed");
    }
}

/// Counts and times calls by method and status.
pub(crate) struct CallMetrics {
    calls: IntCounterVec,
    seconds: HistogramVec,
    methods: BTreeSet<String>,
}

impl CallMetrics {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let calls = IntCounterVec::new(
            Opts::new(
                "heddle_rpc_calls_total",
                "Calls by method and gRPC status code.",
            ),
            &["method", "code"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "heddle_rpc_call_seconds",
                "Time until the response of a call began.",
            )
            .buckets(vec![
                0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
            ]),
            &["method"],
        )?;
        registry.register(Box::new(calls.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(CallMetrics {
            calls,
            seconds,
            methods: method_paths(),
        })
    }

    /// A label for the path of a call: only methods that exist, so that no
    /// peer can make up labels.
    fn method<'a>(&self, path: &'a str) -> &'a str {
        if self.methods.contains(path) {
            path
        } else {
            "unknown"
        }
    }
}

/// `/package.Service/Method` of every method in the API's description.
fn method_paths() -> BTreeSet<String> {
    let description =
        prost_types::FileDescriptorSet::decode(sui_rpc::proto::sui::rpc::v2::FILE_DESCRIPTOR_SET)
            .unwrap_or_default();
    let mut paths = BTreeSet::new();
    for file in &description.file {
        for service in &file.service {
            for method in &service.method {
                paths.insert(format!(
                    "/{}.{}/{}",
                    file.package(),
                    service.name(),
                    method.name()
                ));
            }
        }
    }
    paths
}

/// What [`observe`] needs of the server.
#[derive(Clone)]
pub(crate) struct Observer {
    pub(crate) state: Arc<NodeState>,
    pub(crate) metrics: Arc<CallMetrics>,
    pub(crate) request_timeout: Duration,
}

/// Enforces the deadline until the response begins, adds the chain's headers
/// to it, and counts the call.
pub(crate) async fn observe(
    State(observer): State<Observer>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let path = request.uri().path().to_owned();
    let deadline = request
        .headers()
        .get("grpc-timeout")
        .and_then(|value| parse_grpc_timeout(value.as_bytes()))
        .map_or(observer.request_timeout, |asked| {
            asked.min(observer.request_timeout)
        });
    let mut response = match tokio::time::timeout(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tonic::Status::from(&RpcError::DeadlineExceeded { after: deadline }).into_http::<Body>()
        }
    };
    add_chain_headers(&observer.state, response.headers_mut());
    let code = response
        .headers()
        .get("grpc-status")
        .map_or(tonic::Code::Ok, |value| {
            tonic::Code::from_bytes(value.as_bytes())
        });
    let method = observer.metrics.method(&path);
    observer
        .metrics
        .calls
        .with_label_values(&[method, &format!("{code:?}")])
        .inc();
    observer
        .metrics
        .seconds
        .with_label_values(&[method])
        .observe(started.elapsed().as_secs_f64());
    response
}

/// The headers by which clients learn which chain answered, and how far it is.
fn add_chain_headers(state: &NodeState, headers: &mut http::HeaderMap) {
    let tip = state.tip();
    let epoch = state.node().epoch();
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    add(headers::X_SUI_CHAIN_ID, epoch.chain_id.to_string());
    add(headers::X_SUI_CHAIN, state.chain_name().to_owned());
    add(headers::X_SUI_EPOCH, epoch.epoch.to_string());
    add(
        headers::X_SUI_LOWEST_AVAILABLE_CHECKPOINT,
        0_u64.to_string(),
    );
    add(
        headers::X_SUI_LOWEST_AVAILABLE_CHECKPOINT_OBJECTS,
        0_u64.to_string(),
    );
    if let Some(tip) = tip {
        add(headers::X_SUI_CHECKPOINT_HEIGHT, tip.sequence.to_string());
        add(headers::X_SUI_TIMESTAMP_MS, tip.timestamp_ms.to_string());
    }
}

/// Reads gRPC's timeout header: up to eight digits and a unit.
fn parse_grpc_timeout(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let amount: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(match unit {
        b'H' => Duration::from_secs(amount * 60 * 60),
        b'M' => Duration::from_secs(amount * 60),
        b'S' => Duration::from_secs(amount),
        b'm' => Duration::from_millis(amount),
        b'u' => Duration::from_micros(amount),
        b'n' => Duration::from_nanos(amount),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_of_grpc_are_read() {
        for (text, expected) in [
            ("10S", Some(Duration::from_secs(10))),
            ("250m", Some(Duration::from_millis(250))),
            ("99999999H", Some(Duration::from_secs(99_999_999 * 3_600))),
            ("1", None),
            ("S", None),
            ("123456789S", None),
            ("-1S", None),
            ("1x", None),
            ("", None),
        ] {
            assert_eq!(parse_grpc_timeout(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn only_methods_that_exist_become_labels() {
        let metrics = CallMetrics::new(&Registry::new()).expect("fresh registry");
        let known = "/sui.rpc.v2.LedgerService/GetServiceInfo";
        assert_eq!(metrics.method(known), known);
        assert_eq!(
            metrics.method("/sui.rpc.v2.LedgerService/Nonsense"),
            "unknown"
        );
        assert_eq!(metrics.method("/"), "unknown");
    }
}
