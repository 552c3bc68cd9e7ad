/// The hash functions of the SHA family; `sui::hash` has more.
module std::hash;

/// The 32 bytes of SHA2-256 of `data`.
public native fun sha2_256(data: vector<u8>): vector<u8>;

/// The 32 bytes of SHA3-256 of `data`.
public native fun sha3_256(data: vector<u8>): vector<u8>;
