/// Binary canonical serialisation: the one byte sequence that stands for a value,
/// in storage, in transactions and between chains. Reading it is in `sui::bcs`.
module std::bcs;

/// The bytes of `v`. Fails in the virtual machine when they exceed its limits.
public native fun to_bytes<MoveValue>(v: &MoveValue): vector<u8>;
