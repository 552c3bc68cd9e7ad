//! Constants and metadata.

use crate::SignatureToken;

/// A value that [`Bytecode::LdConst`](crate::Bytecode::LdConst) loads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constant {
    /// Its type: a primitive or a vector of such.
    pub type_: SignatureToken,
    /// Its value in BCS.
    pub data: Vec<u8>,
}

/// An entry of the metadata table, which execution ignores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Metadata {
    /// What the value is, for whoever reads it.
    pub key: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}
