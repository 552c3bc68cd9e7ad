//! From the node's values to the messages of `sui.rpc.v2`, field by field as a
//! read mask asks: what is not asked for is not computed.
//!
//! * [`json`]: JSON values as protobuf values.
//! * [`object`]: objects, with contents, JSON, balance and package tables.
//! * [`transaction`]: executed transactions, simulated ones too.
//! * [`effects`]: effects, with what an index adds to them.
//! * [`events`]: events, with JSON.
//! * [`balances`]: who gained and lost how much of which coin.
//! * [`checkpoint`][]: checkpoints.
//! * [`failure`]: a failed execution in words.
//! * [`clever_error`]: what an abort code says that its author gave a message.

pub(crate) mod balances;
pub(crate) mod checkpoint;
pub(crate) mod clever_error;
pub(crate) mod effects;
pub(crate) mod events;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod object;
pub(crate) mod transaction;
