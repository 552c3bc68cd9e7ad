/// Signatures with Ed25519.
module sui::ed25519;

/// Whether `signature` (64 bytes) is that of the key `public_key` (32 bytes) on `msg`.
/// False when either has another length or stands for nothing.
public native fun ed25519_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
): bool;
