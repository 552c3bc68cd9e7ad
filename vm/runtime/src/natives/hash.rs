//! `std::hash`.

use super::STD;
use crate::{NativeContext, NativeError, NativeTable};
use sha2::Digest;

/// Units for one call of a hash function.
const BASE: u64 = 100;
/// Units for each byte hashed by SHA2-256.
const SHA2_PER_BYTE: u64 = 3;
/// Units for each byte hashed by SHA3-256.
const SHA3_PER_BYTE: u64 = 5;

pub(super) fn register(table: &mut NativeTable) {
    table.register(STD, "hash", "sha2_256", sha2_256);
    table.register(STD, "hash", "sha3_256", sha3_256);
}

/// `sha2_256(vector<u8>): vector<u8>`
fn sha2_256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let length = context.arg_bytes(0)?.len() as u64;
    context.charge(BASE + SHA2_PER_BYTE * length)?;
    let digest = sha2::Sha256::digest(context.arg_bytes(0)?);
    context.return_bytes(&digest)
}

/// `sha3_256(vector<u8>): vector<u8>`
fn sha3_256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let length = context.arg_bytes(0)?.len() as u64;
    context.charge(BASE + SHA3_PER_BYTE * length)?;
    let digest = sha3::Sha3_256::digest(context.arg_bytes(0)?);
    context.return_bytes(&digest)
}
