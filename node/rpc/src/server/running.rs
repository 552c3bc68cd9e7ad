//! Servers that are up: where they listen, and how they are stopped.

use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Why the servers did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Something else listens there.
    #[error(
        "port {port} is in use, so the {server} server cannot start; choose another port or stop what listens there"
    )]
    PortInUse {
        /// Which server.
        server: &'static str,
        /// The port.
        port: u16,
    },
    /// The address can't be listened on for another reason.
    #[error("the {server} server cannot listen on {address}: {reason}")]
    Listen {
        /// Which server.
        server: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// The services can't be put together. Our bug.
    #[error("the {server} server cannot be built: {reason}")]
    Build {
        /// Which server.
        server: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Servers that are up. Dropping this stops them without waiting for open
/// requests; [`RunningServers::shutdown`] waits.
#[derive(Debug)]
pub struct RunningServers {
    pub(crate) rpc: SocketAddr,
    pub(crate) faucet: Option<SocketAddr>,
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) tasks: JoinSet<()>,
}

impl RunningServers {
    /// Where the gRPC server listens, with the port that it really got.
    pub fn rpc_address(&self) -> SocketAddr {
        self.rpc
    }

    /// Where the faucet listens.
    pub fn faucet_address(&self) -> Option<SocketAddr> {
        self.faucet
    }

    /// Where metrics are served.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Stops accepting, lets open requests finish for the configured grace
    /// period, and resolves when all servers are down.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        while let Some(finished) = self.tasks.join_next().await {
            if let Err(error) = finished {
                tracing::warn!(%error, "a server task ended badly");
            }
        }
    }
}

/// Opens a listening socket, or says in one line why not.
pub(crate) async fn listen(
    server: &'static str,
    address: SocketAddr,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortInUse {
            server,
            port: address.port(),
        },
        _ => ServeError::Listen {
            server,
            address,
            reason: error.to_string(),
        },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}
