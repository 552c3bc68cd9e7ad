//! Completing a transaction that a client has only sketched.
//!
//! A client may name an input by its object id alone, give a pure argument as
//! a literal, and leave gas to the server. Completion goes in steps, each of
//! which needs the ones before:
//!
//! 1. [`sketch`]: what can be read off the message as it stands: sender,
//!    commands, gas as far as it is given, defaults for the rest.
//! 2. [`usage`]: how each input is used, over all commands: by value, by
//!    reference, as what type. From the signatures of the functions called.
//! 3. [`inputs`]: each input, from what the client says, how it is used, and
//!    what the object is.
//! 4. [`literal`]: literals, by the type that their use asks for.
//! 5. [`gas`]: which coins pay, and with which budget, from a dry run.
//!
//! What steps 2 to 4 ask of the chain goes through [`Catalog`], so that they
//! can be tested without one.

pub(crate) mod gas;
pub(crate) mod inputs;
pub(crate) mod literal;
pub(crate) mod sketch;
pub(crate) mod usage;

#[cfg(test)]
mod tests;

use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_adapter::FunctionSignature;
use heddle_objects::sui_sdk_types::{Address, Identifier, Object};
use std::sync::Arc;

/// What resolution asks of the chain.
pub(crate) trait Catalog {
    /// The live version of an object.
    ///
    /// # Errors
    /// [`RpcError::NotFound`] if it is not live.
    fn object(&self, id: &Address) -> Result<Arc<Object>, RpcError>;

    /// An object at a version.
    ///
    /// # Errors
    /// [`RpcError::VersionNotFound`] if it has no such version.
    fn object_at(&self, id: &Address, version: u64) -> Result<Arc<Object>, RpcError>;

    /// A function's signature.
    ///
    /// # Errors
    /// [`RpcError::Query`] if there is no such function.
    fn function(
        &self,
        package: &Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Result<FunctionSignature, RpcError>;
}

impl Catalog for NodeState {
    fn object(&self, id: &Address) -> Result<Arc<Object>, RpcError> {
        NodeState::object(self, id)
    }

    fn object_at(&self, id: &Address, version: u64) -> Result<Arc<Object>, RpcError> {
        self.store()
            .object_at(id, version)?
            .ok_or_else(|| RpcError::VersionNotFound {
                id: id.to_string(),
                version,
            })
    }

    fn function(
        &self,
        package: &Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Result<FunctionSignature, RpcError> {
        Ok(self
            .executor()
            .function(self.node().state(), package, module, function)?)
    }
}
