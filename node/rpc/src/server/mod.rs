//! The servers: sockets, connections, and what every request passes through.
//!
//! * [`connections`]: accepting, the cap on connections, timeouts, stopping.
//! * [`admission`]: what happens to a request before a service sees it.
//! * [`metrics`]: the server for Prometheus and for health checks.
//! * [`running`]: what the caller of [`serve`](crate::serve) holds on to.

pub(crate) mod admission;
pub(crate) mod connections;
pub(crate) mod files;
pub(crate) mod metrics;
pub(crate) mod running;

pub use running::{RunningServers, ServeError};
