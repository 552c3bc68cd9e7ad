//! `0x2::hash`: Blake2b-256 and Keccak-256.

use super::FRAMEWORK;
use blake2::Blake2b;
use blake2::digest::Digest as _;
use blake2::digest::consts::U32;
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sha3::Keccak256;

const BASE_COST: u64 = 200;
/// VM gas units for each byte hashed.
const COST_PER_BYTE: u64 = 3;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "hash", "blake2b256", blake2b256);
    table.register(FRAMEWORK, "hash", "keccak256", keccak256);
}

fn charge(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let bytes = context.arg_bytes(0)?.len() as u64;
    context.charge(BASE_COST.saturating_add(COST_PER_BYTE.saturating_mul(bytes)))
}

fn blake2b256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    charge(context)?;
    let hash = Blake2b::<U32>::digest(context.arg_bytes(0)?);
    context.return_bytes(&hash)
}

fn keccak256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    charge(context)?;
    let hash = Keccak256::digest(context.arg_bytes(0)?);
    context.return_bytes(&hash)
}
