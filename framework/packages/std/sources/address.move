/// What is known of addresses without the object framework; `sui::address`
/// converts them.
module std::address;

/// The number of bytes of an address.
public fun length(): u64 {
    32
}
