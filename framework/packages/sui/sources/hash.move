/// Hash functions beyond those of `std::hash`.
module sui::hash;

/// The 32 bytes of BLAKE2b-256 of `data`.
public native fun blake2b256(data: &vector<u8>): vector<u8>;

/// The 32 bytes of Keccak-256 of `data`, as Ethereum has it.
public native fun keccak256(data: &vector<u8>): vector<u8>;
