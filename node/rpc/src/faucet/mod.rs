//! The faucet of a development network: gives coins to whoever asks.
//!
//! * [`http`]: the requests that the public SDKs send, and their answers.
//! * [`dispenser`]: one task that owns the faucet's key and sends real
//!   transactions, each for all requests that came while the last was under
//!   way.

mod dispenser;
mod http;

pub(crate) use dispenser::Dispenser;
pub(crate) use http::routes;
