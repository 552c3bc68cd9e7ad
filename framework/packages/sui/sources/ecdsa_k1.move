/// Signatures with ECDSA on the curve secp256k1, which Bitcoin and Ethereum use.
module sui::ecdsa_k1;

/// No key can be recovered from the signature.
#[allow(unused_const)]
const EFailToRecoverPubKey: u64 = 0;

/// The signature does not have the right length or form.
#[allow(unused_const)]
const EInvalidSignature: u64 = 1;

/// The public key does not have the right length or form.
#[allow(unused_const)]
const EInvalidPubKey: u64 = 2;

/// The hash function with number 0.
#[allow(unused_const)]
const KECCAK256: u8 = 0;

/// The hash function with number 1.
#[allow(unused_const)]
const SHA256: u8 = 1;

/// The compressed public key (33 bytes) whose holder signed `msg`, hashed by function
/// `hash`. `signature` has 65 bytes, the last of which is the recovery id. Aborts with
/// `EFailToRecoverPubKey` or `EInvalidSignature`.
public native fun secp256k1_ecrecover(
    signature: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): vector<u8>;

/// The 65 bytes of a public key of 33 bytes. Aborts with `EInvalidPubKey`.
public native fun decompress_pubkey(pubkey: &vector<u8>): vector<u8>;

/// Whether `signature` (64 bytes, not malleable) is that of `public_key` (33 bytes) on
/// `msg`, hashed by function `hash`.
public native fun secp256k1_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): bool;

#[test_only]
/// A key pair.
public struct KeyPair has drop {
    private_key: vector<u8>,
    public_key: vector<u8>,
}

#[test_only]
/// The private key.
public fun private_key(self: &KeyPair): &vector<u8> {
    &self.private_key
}

#[test_only]
/// The public key.
public fun public_key(self: &KeyPair): &vector<u8> {
    &self.public_key
}

#[test_only]
/// A signature on `msg`, hashed by function `hash`: 64 bytes, or 65 if recoverable.
public native fun secp256k1_sign(
    private_key: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
    recoverable: bool,
): vector<u8>;

#[test_only]
/// The key pair that follows from a seed of 32 bytes.
public native fun secp256k1_keypair_from_seed(seed: &vector<u8>): KeyPair;
