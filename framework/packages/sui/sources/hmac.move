/// Authentication of messages with a secret key.
module sui::hmac;

/// The 32 bytes of HMAC-SHA3-256 of `msg` under `key`, which may have any length.
public native fun hmac_sha3_256(key: &vector<u8>, msg: &vector<u8>): vector<u8>;
