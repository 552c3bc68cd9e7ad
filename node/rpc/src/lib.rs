//! The node's public face: `sui.rpc.v2` over gRPC, a faucet, metrics.
//!
//! [`serve`] starts the servers for a [`Node`](heddle_validator::Node). The
//! wire format and the service traits are those of the public `sui-rpc` crate,
//! so `@mysten/sui`, the Rust SDK and wallets work unmodified; what is here is
//! what stands behind the traits.
//!
//! ```text
//!  socket ─▶ server ─▶ a service ─▶ node_state ─▶ store, executor, node
//!            (limits)      │  ▲
//!                          ▼  │
//!                       resolve  render
//! ```
//!
//! To read it, follow a request:
//!
//! * `server`: connections and their cap, what happens to a request before a
//!   service sees it, the metrics server. `serve` puts it all together.
//! * one folder or file per service: `ledger` (what has happened), `live`
//!   (what there is now), `packages`, `execution`, `subscription`,
//!   `signatures`, `names`.
//! * `node_state`: the node as the services see it, and the threads that they
//!   run on.
//! * `resolve`: a client's sketch of a transaction becomes a transaction.
//! * `render`: the node's values become messages.
//! * `mask`, `paging`, `error`: read masks, page tokens, and what a client is
//!   told when there is no answer.
//! * `faucet`: coins for whoever asks, on a development network.
//!
//! This crate decides nothing about transactions: it asks the node. It trusts
//! nothing that comes from a socket.

pub mod config;

mod error;
mod execution;
mod faucet;
mod ledger;
mod live;
mod mask;
mod names;
mod node_state;
mod packages;
mod paging;
mod render;
mod resolve;
mod serve;
mod server;
mod signatures;
mod subscription;

pub use config::{FaucetConfig, RpcConfig, RpcLimits};
pub use serve::serve;
pub use server::{RunningServers, ServeError};
