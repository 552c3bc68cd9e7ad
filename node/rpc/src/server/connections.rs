//! Accepting connections: a cap with a graceful refusal, a timeout for those
//! that say nothing, HTTP/1.1 and HTTP/2 on one port, and an orderly stop.
//!
//! A connection that has sent nothing costs one task and one descriptor and no
//! buffer: HTTP state is set up when its first byte arrives. It is closed if
//! that takes longer than the header timeout.

use crate::config::RpcLimits;
use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// What a connection above the cap is told before it is closed.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: text/plain\r\ncontent-length: 45\r\nretry-after: 1\r\nconnection: close\r\n\r\n\
    too many open connections; try again shortly\n";

/// Pause after a failed accept (no descriptor left, usually), so that the loop
/// does not spin while connections go away.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// How often an idle HTTP/2 peer is asked whether it is still there.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(60);

/// Serves `router` on `listener` until `stop` turns true, then lets open
/// requests finish for as long as the limits allow.
pub(crate) async fn run(
    name: &'static str,
    listener: TcpListener,
    router: Router,
    limits: RpcLimits,
    mut stop: watch::Receiver<bool>,
) {
    let cap = super::files::connections_that_fit(limits.connections_max);
    let slots = Arc::new(Semaphore::new(cap));
    let graceful = GracefulShutdown::new();
    let protocol = protocol(&limits);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(server = name, %error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let Ok(slot) = slots.clone().try_acquire_owned() else {
            tracing::debug!(server = name, cap, "connection refused: the cap is reached");
            refuse(stream);
            continue;
        };
        let service =
            TowerToHyperService::new(router.clone().map_request(
                |request: http::Request<Incoming>| request.map(axum::body::Body::new),
            ));
        let protocol = protocol.clone();
        let watcher = graceful.watcher();
        let first_byte_timeout = limits.header_timeout;
        let mut stop = stop.clone();
        tokio::spawn(async move {
            let _slot = slot;
            let spoke = tokio::select! {
                spoke = speaks(&stream, first_byte_timeout) => spoke,
                _ = stop.wait_for(|stopped| *stopped) => false,
            };
            if !spoke {
                return;
            }
            let connection = protocol
                .serve_connection(TokioIo::new(stream), service)
                .into_owned();
            if let Err(error) = watcher.watch(connection).await {
                tracing::trace!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.shutdown_grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            server = name,
            "connections were still open at the end of the grace period"
        );
    }
}

fn protocol(limits: &RpcLimits) -> auto::Builder<TokioExecutor> {
    let mut protocol = auto::Builder::new(TokioExecutor::new());
    protocol
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout);
    protocol
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .keep_alive_timeout(limits.header_timeout)
        .max_concurrent_streams(limits.streams_per_connection_max)
        .adaptive_window(true);
    protocol
}

/// Whether the peer sends anything before the timeout.
async fn speaks(stream: &TcpStream, timeout: Duration) -> bool {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%error, "could not disable Nagle's algorithm");
    }
    let mut byte = [0];
    matches!(
        tokio::time::timeout(timeout, stream.peek(&mut byte)).await,
        Ok(Ok(length)) if length > 0
    )
}

/// Tells a peer that there is no room. The write is tried once: its few bytes
/// fit every socket's buffer.
fn refuse(stream: TcpStream) {
    tokio::spawn(async move {
        let mut stream = stream;
        let refusal = async {
            stream.write_all(REFUSAL).await?;
            stream.shutdown().await
        };
        let outcome: io::Result<()> = tokio::time::timeout(Duration::from_secs(1), refusal)
            .await
            .unwrap_or(Ok(()));
        if let Err(error) = outcome {
            tracing::trace!(%error, "could not tell a refused connection so");
        }
    });
}
