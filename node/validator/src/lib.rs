//! The validator's core: from a signed transaction to durable effects in a
//! signed checkpoint. A library without a network of its own; the RPC and the
//! command line sit above it.
//!
//! ```text
//!                     ┌─ fast path ─────────────▶ execute ─┐
//!  submit ─▶ check ─▶ lock                                 ├▶ visible ─▶ durable ─▶ answer
//!                     └─ sequencer ─▶ versions ─▶ execute ─┘               │
//!                                                                          └▶ checkpoint
//! ```
//!
//! A transaction whose inputs are owned or immutable executes on the worker
//! that checked it, at once. One that names a shared object is put into an
//! order first. Both become visible to others when they have executed, and are
//! acknowledged when they are durable.
//!
//! To read it, start with [`node`], the public surface, then follow a
//! transaction:
//!
//! * `admission` (with `signature`): may it run?
//! * `lock_table`, `in_flight`: who else wants the same objects, or is it the
//!   same transaction again?
//! * `engine`: what worker threads do, and why it is safe.
//! * [`sequencer`], `shared_versions`, `ordered`: from a transaction with
//!   shared objects to versions that it reads.
//! * `ledger_writer`, `checkpoint`, `broadcast`: batches, the chain of
//!   checkpoints, those who follow it.
//! * `core`: threads, start and stop.
//! * `genesis`, `data_dir`, `validator_key`: what happens before the first one.
//! * [`config`], [`error`], [`receipt`]: what goes in and comes out;
//!   `metrics`, `failure`: what an operator sees.
//!
//! This crate does not know Move: that is the adapter's. It has no socket, and
//! trusts its caller to have bounded the size of what it hands in.

pub mod config;
pub mod error;
pub mod node;
pub mod receipt;
pub mod sequencer;

mod admission;
mod broadcast;
mod checkpoint;
mod core;
mod data_dir;
mod engine;
mod failure;
mod genesis;
mod in_flight;
mod ledger_writer;
mod lock_table;
mod metrics;
mod ordered;
mod shared_versions;
mod signature;
mod validator_key;
mod verified;

#[cfg(test)]
mod test_network;
#[cfg(test)]
mod test_transactions;

pub use admission::Payment;
pub use config::{Durability, FundedAccount, GenesisOptions, NodeConfig, QueueLimits};
pub use error::{ErrorClass, FatalError, StartError, SubmitError};
pub use node::Node;
pub use receipt::Receipt;
pub use verified::VerifiedTransaction;
