//! Tests of the VM as a whole, on modules built by hand.

mod abort_gas;
mod boundary;
mod data;
mod generics;
mod integers;
mod linking;
pub(crate) mod support;
mod threads;
mod translation;
