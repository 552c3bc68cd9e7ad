//! `0x2::ecdsa_k1`: ECDSA on secp256k1, the curve of Bitcoin and Ethereum.

use super::FRAMEWORK;
use crate::encoding::length_prefix;
use heddle_vm::{NativeContext, NativeError, NativeTable};
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::{RecoveryId, Signature, SigningKey, VerifyingKey};
use sha2::Sha256;
use sha3::{Digest, Keccak256};

const RECOVER_COST: u64 = 8_000;
const VERIFY_COST: u64 = 6_000;
const DECOMPRESS_COST: u64 = 1_500;
/// VM gas units for each byte of the message.
const COST_PER_BYTE: u64 = 2;

/// No key can be recovered from the signature.
const E_FAIL_TO_RECOVER: u64 = 0;
/// The signature does not have the right length or form.
const E_INVALID_SIGNATURE: u64 = 1;
/// The public key does not have the right length or form.
const E_INVALID_PUBLIC_KEY: u64 = 2;

pub(super) fn register(table: &mut NativeTable) {
    let mut add = |name, function| table.register(FRAMEWORK, "ecdsa_k1", name, function);
    add("secp256k1_ecrecover", secp256k1_ecrecover);
    add("decompress_pubkey", decompress_pubkey);
    add("secp256k1_verify", secp256k1_verify);
    add("secp256k1_sign", secp256k1_sign);
    add("secp256k1_keypair_from_seed", secp256k1_keypair_from_seed);
}

/// The hash of a message by the function of this number: 0 Keccak-256,
/// 1 SHA-256.
fn hash(function: u8, message: &[u8]) -> Option<[u8; 32]> {
    match function {
        0 => Some(Keccak256::digest(message).into()),
        1 => Some(Sha256::digest(message).into()),
        _ => None,
    }
}

fn charge(context: &mut NativeContext<'_>, base: u64, message: usize) -> Result<(), NativeError> {
    let bytes = context.arg_bytes(message)?.len() as u64;
    context.charge(base.saturating_add(COST_PER_BYTE.saturating_mul(bytes)))
}

/// `secp256k1_ecrecover(signature, msg, hash: u8): vector<u8>`.
fn secp256k1_ecrecover(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    charge(context, RECOVER_COST, 1)?;
    let recovered = recover(
        context.arg_bytes(0)?,
        context.arg_bytes(1)?,
        context.arg_u8(2)?,
    );
    match recovered {
        Ok(key) => context.return_bytes(&key),
        Err(code) => Err(context.abort(code)),
    }
}

/// The compressed key that signed a message, or an abort code.
fn recover(signature: &[u8], message: &[u8], function: u8) -> Result<Vec<u8>, u64> {
    let [signature @ .., recovery_id] = signature else {
        return Err(E_INVALID_SIGNATURE);
    };
    let recovery_id = RecoveryId::from_byte(*recovery_id).ok_or(E_INVALID_SIGNATURE)?;
    let signature = Signature::from_slice(signature).map_err(|_| E_INVALID_SIGNATURE)?;
    let hash = hash(function, message).ok_or(E_FAIL_TO_RECOVER)?;
    VerifyingKey::recover_from_prehash(&hash, &signature, recovery_id)
        .map(|key| key.to_encoded_point(true).as_bytes().to_vec())
        .map_err(|_| E_FAIL_TO_RECOVER)
}

/// `decompress_pubkey(pubkey): vector<u8>`.
fn decompress_pubkey(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(DECOMPRESS_COST)?;
    match compressed_key(context.arg_bytes(0)?) {
        Some(key) => context.return_bytes(key.to_encoded_point(false).as_bytes()),
        None => Err(context.abort(E_INVALID_PUBLIC_KEY)),
    }
}

fn compressed_key(bytes: &[u8]) -> Option<VerifyingKey> {
    if bytes.len() == 33 {
        VerifyingKey::from_sec1_bytes(bytes).ok()
    } else {
        None
    }
}

/// `secp256k1_verify(signature, public_key, msg, hash: u8): bool`.
fn secp256k1_verify(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    charge(context, VERIFY_COST, 2)?;
    let valid = verify(
        context.arg_bytes(0)?,
        context.arg_bytes(1)?,
        context.arg_bytes(2)?,
        context.arg_u8(3)?,
    );
    context.return_bool(valid)
}

// Of the two signatures that ECDSA would accept for one key and message, only
// the one with the lower half of `s` counts.
fn verify(signature: &[u8], public_key: &[u8], message: &[u8], function: u8) -> bool {
    let (Some(key), Ok(signature), Some(hash)) = (
        compressed_key(public_key),
        Signature::from_slice(signature),
        hash(function, message),
    ) else {
        return false;
    };
    signature.normalize_s().is_none() && key.verify_prehash(&hash, &signature).is_ok()
}

/// `secp256k1_sign(private_key, msg, hash: u8, recoverable: bool): vector<u8>`,
/// for unit tests.
fn secp256k1_sign(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    charge(context, VERIFY_COST, 1)?;
    let signed = sign(
        context.arg_bytes(0)?,
        context.arg_bytes(1)?,
        context.arg_u8(2)?,
        context.arg_bool(3)?,
    );
    match signed {
        Some(signature) => context.return_bytes(&signature),
        None => Err(context.abort(E_INVALID_SIGNATURE)),
    }
}

fn sign(private_key: &[u8], message: &[u8], function: u8, recoverable: bool) -> Option<Vec<u8>> {
    let key = SigningKey::from_slice(private_key).ok()?;
    let hash = hash(function, message)?;
    let (signature, recovery_id) = key.sign_prehash_recoverable(&hash).ok()?;
    let mut bytes = signature.to_bytes().to_vec();
    if recoverable {
        bytes.push(recovery_id.to_byte());
    }
    Some(bytes)
}

/// `secp256k1_keypair_from_seed(seed): KeyPair`, for unit tests: the private
/// key is the seed's SHA-256.
fn secp256k1_keypair_from_seed(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(VERIFY_COST)?;
    let seed: [u8; 32] = Sha256::digest(context.arg_bytes(0)?).into();
    let key = SigningKey::from_slice(&seed)
        .map_err(|_| NativeError::Misuse("a seed gives no private key"))?;
    let mut bytes = length_prefix(seed.len());
    bytes.extend_from_slice(&seed);
    let public_key = key.verifying_key().to_encoded_point(true);
    bytes.extend(length_prefix(public_key.as_bytes().len()));
    bytes.extend_from_slice(public_key.as_bytes());
    context.return_bcs(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn public_key() -> Vec<u8> {
        let key = SigningKey::from_slice(&KEY).expect("a key");
        key.verifying_key()
            .to_encoded_point(true)
            .as_bytes()
            .to_vec()
    }

    #[test]
    fn what_was_signed_verifies_and_recovers() {
        for function in [0, 1] {
            let signature = sign(&KEY, b"message", function, false).expect("a signature");
            assert!(verify(&signature, &public_key(), b"message", function));
            assert!(!verify(&signature, &public_key(), b"massage", function));
            assert!(!verify(&signature, &public_key(), b"message", 1 - function));
            assert!(!verify(
                &signature[..63],
                &public_key(),
                b"message",
                function
            ));
            let recoverable = sign(&KEY, b"message", function, true).expect("a signature");
            assert_eq!(
                recover(&recoverable, b"message", function),
                Ok(public_key())
            );
            assert_ne!(
                recover(&recoverable, b"massage", function),
                Ok(public_key())
            );
        }
    }

    #[test]
    fn the_other_half_of_s_is_refused() {
        let low = sign(&KEY, b"message", 1, false).expect("a signature");
        let low = Signature::from_slice(&low).expect("a signature");
        let high = Signature::from_scalars(low.r().to_bytes(), (-*low.s()).to_bytes())
            .expect("a signature");
        assert!(!verify(&high.to_bytes(), &public_key(), b"message", 1));
    }

    #[test]
    fn malformed_input_gives_its_code() {
        assert_eq!(recover(&[], b"", 0), Err(E_INVALID_SIGNATURE));
        assert_eq!(recover(&[1; 64], b"", 0), Err(E_INVALID_SIGNATURE));
        assert_eq!(recover(&[0; 65], b"", 0), Err(E_INVALID_SIGNATURE));
        let mut signature = sign(&KEY, b"message", 0, true).expect("a signature");
        assert_eq!(recover(&signature, b"message", 2), Err(E_FAIL_TO_RECOVER));
        signature[64] = 9;
        assert_eq!(recover(&signature, b"message", 0), Err(E_INVALID_SIGNATURE));
        assert!(compressed_key(&[2; 32]).is_none());
        assert!(compressed_key(&[0xff; 33]).is_none());
    }
}
