//! What the servers are told when they start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use sui_crypto::ed25519::Ed25519PrivateKey;

/// Port of the gRPC server unless told otherwise.
pub const RPC_PORT: u16 = 9000;
/// Port of the faucet unless told otherwise.
pub const FAUCET_PORT: u16 = 9123;
/// Port of the metrics server unless told otherwise.
pub const METRICS_PORT: u16 = 9184;

/// Which servers to start, where, and within which limits.
#[derive(Clone)]
pub struct RpcConfig {
    /// Where the gRPC server listens. Port 0 takes any free port.
    pub rpc_address: SocketAddr,
    /// Where metrics and health are served; `None` for nowhere.
    pub metrics_address: Option<SocketAddr>,
    /// The faucet, `None` on a network that has none.
    pub faucet: Option<FaucetConfig>,
    /// A name of the network for people, such as `local`.
    pub chain_name: String,
    /// How much the servers take on.
    pub limits: RpcLimits,
}

impl RpcConfig {
    /// A gRPC server on the default port of this machine alone, without
    /// faucet or metrics.
    pub fn local() -> Self {
        RpcConfig {
            rpc_address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), RPC_PORT),
            metrics_address: None,
            faucet: None,
            chain_name: "local".into(),
            limits: RpcLimits::default(),
        }
    }
}

/// How much the servers take on before they refuse, each with a typed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcLimits {
    /// Most open connections of one server. Cut down to what the process may
    /// open, less [`RpcLimits::RESERVED_FILES`].
    pub connections_max: usize,
    /// Largest request body, in bytes as they travel.
    pub body_bytes_max: u64,
    /// Largest decoded request message, in bytes.
    pub message_bytes_max: usize,
    /// How long a connection may take to send its first byte, and how long an
    /// HTTP/1.1 request may take to send its headers.
    pub header_timeout: Duration,
    /// How long a call may take until its response begins.
    pub request_timeout: Duration,
    /// Most calls that read state or execute at once, each on a thread.
    pub concurrent_calls_max: usize,
    /// Most calls that wait for such a thread.
    pub waiting_calls_max: usize,
    /// Most open subscriptions.
    pub subscriptions_max: usize,
    /// Most HTTP/2 streams at once on one connection.
    pub streams_per_connection_max: u32,
    /// How long open calls may take to finish when the servers stop.
    pub shutdown_grace: Duration,
}

impl RpcLimits {
    /// File descriptors that stay free for the store and the node.
    pub const RESERVED_FILES: u64 = 1_024;
}

impl Default for RpcLimits {
    fn default() -> Self {
        RpcLimits {
            connections_max: 16_384,
            body_bytes_max: 8 * 1024 * 1024,
            message_bytes_max: 4 * 1024 * 1024,
            header_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(60),
            concurrent_calls_max: std::thread::available_parallelism()
                .map_or(4, |cores| usize::from(cores) * 4),
            waiting_calls_max: 8_192,
            subscriptions_max: 1_024,
            streams_per_connection_max: 1_024,
            shutdown_grace: Duration::from_secs(5),
        }
    }
}

/// What the faucet gives, and from which account.
#[derive(Clone)]
pub struct FaucetConfig {
    /// Where the faucet listens. Port 0 takes any free port.
    pub address: SocketAddr,
    /// The key of the account that it gives from.
    pub key: Ed25519PrivateKey,
    /// Balance of each coin that it sends, in base units.
    pub coin_amount: u64,
    /// Coins per request.
    pub coins_per_request: usize,
    /// Most requests that wait for their coins; more get status 429.
    pub waiting_requests_max: usize,
    /// Most requests that one transaction serves.
    pub batch_requests_max: usize,
}

impl FaucetConfig {
    /// A faucet on the default port of this machine alone: five coins of 200
    /// HED per request.
    pub fn local(key: Ed25519PrivateKey) -> Self {
        FaucetConfig {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), FAUCET_PORT),
            key,
            coin_amount: 200_000_000_000,
            coins_per_request: 5,
            waiting_requests_max: 4_096,
            batch_requests_max: 64,
        }
    }
}
