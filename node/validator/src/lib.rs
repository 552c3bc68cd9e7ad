//! The validator's core: from a signed transaction to durable effects in a
//! signed checkpoint. A library without a network of its own; the RPC and the
//! command line sit above it.
//!
//! * [`config`]: what a node is told when it starts.
//! * [`error`]: why it did not start, why it stopped, why it refused.
//! * [`node`]: [`Node`], the whole of the public surface.
//! * [`executed`]: what a submitter gets.

pub mod config;
pub mod error;
pub mod executed;
pub mod node;

pub use config::{Durability, FundedAccount, GenesisOptions, NodeConfig, QueueLimits};
pub use error::{ErrorClass, FatalError, StartError, SubmitError};
pub use executed::ExecutedTransaction;
pub use node::Node;
