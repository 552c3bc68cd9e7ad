//! `0x2::hmac`: HMAC over SHA3-256.

use super::FRAMEWORK;
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sha3::{Digest, Sha3_256};

const BASE_COST: u64 = 600;
/// VM gas units for each byte of key and message.
const COST_PER_BYTE: u64 = 3;
/// Bytes that SHA3-256 absorbs at a time: the block of HMAC.
const BLOCK_BYTES: usize = 136;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "hmac", "hmac_sha3_256", hmac_sha3_256);
}

/// `hmac_sha3_256(key: &vector<u8>, msg: &vector<u8>): vector<u8>`.
fn hmac_sha3_256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let bytes = context.arg_bytes(0)?.len() + context.arg_bytes(1)?.len();
    context.charge(BASE_COST.saturating_add(COST_PER_BYTE.saturating_mul(bytes as u64)))?;
    let tag = hmac(context.arg_bytes(0)?, context.arg_bytes(1)?);
    context.return_bytes(&tag)
}

/// HMAC as RFC 2104 defines it.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK_BYTES];
    if key.len() > BLOCK_BYTES {
        block[..32].copy_from_slice(&Sha3_256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha3_256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha3_256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::hmac;

    fn check(key: &[u8], message: &[u8], expected: &str) {
        let tag: String = hmac(key, message)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(tag, expected);
    }

    // Published HMAC-SHA3-256 vectors: a short key, and one longer than a block.
    #[test]
    fn known_answers() {
        check(
            &[0x0b; 20],
            b"Hi There",
            "ba85192310dffa96e2a3a40e69774351140bb7185e1202cdcc917589f95e16bb",
        );
        check(
            b"Jefe",
            b"what do ya want for nothing?",
            "c7d4072e788877ae3596bbb0da73b887c9171f93095b294ae857fbe2645e1ba5",
        );
        check(
            &[0xaa; 147],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "a6072f86de52b38bb349fe84cd6d97fb6a37c4c0f62aae93981193a7229d3467",
        );
    }
}
