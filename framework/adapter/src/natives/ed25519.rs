//! `0x2::ed25519`: signature verification.

use super::FRAMEWORK;
use ed25519_dalek::{Signature, VerifyingKey};
use heddle_vm::{NativeContext, NativeError, NativeTable};

const BASE_COST: u64 = 4_000;
/// VM gas units for each byte of the message.
const COST_PER_BYTE: u64 = 2;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "ed25519", "ed25519_verify", ed25519_verify);
}

/// `ed25519_verify(signature: &vector<u8>, public_key: &vector<u8>, msg:
/// &vector<u8>): bool`; false for a key or signature of another length.
fn ed25519_verify(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let bytes = context.arg_bytes(2)?.len() as u64;
    context.charge(BASE_COST.saturating_add(COST_PER_BYTE.saturating_mul(bytes)))?;
    let valid = verify(
        context.arg_bytes(0)?,
        context.arg_bytes(1)?,
        context.arg_bytes(2)?,
    );
    context.return_bool(valid)
}

// Strict: weak keys and non-canonical signatures are refused, so that batch
// verification elsewhere can't accept more than this does.
fn verify(signature: &[u8], public_key: &[u8], message: &[u8]) -> bool {
    let (Ok(signature), Ok(public_key)) = (Signature::from_slice(signature), public_key.try_into())
    else {
        return false;
    };
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::verify;
    use ed25519_dalek::{Signer, SigningKey};

    #[test]
    fn only_the_signed_message_verifies() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public_key = key.verifying_key().to_bytes();
        let signature = key.sign(b"message").to_bytes();
        assert!(verify(&signature, &public_key, b"message"));
        assert!(!verify(&signature, &public_key, b"massage"));
        assert!(!verify(&signature[..63], &public_key, b"message"));
        assert!(!verify(&signature, &public_key[..31], b"message"));
        // The identity point as key would accept the identity as signature.
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut forged = [0; 64];
        forged[0] = 1;
        assert!(!verify(&forged, &identity, b"anything"));
    }
}
