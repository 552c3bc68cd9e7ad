/// A witness that only the module which defines a type can make.
///
/// A generic function that should be reserved to the author of its type argument
/// takes a `Permit<T>`: whoever calls it must be able to make one. Publishing
/// enforces that `permit<T>` is called only in the module that defines `T`.
module std::internal;

/// Proof that the module which defines `T` agreed.
public struct Permit<phantom T>() has drop;

/// Makes a permit for `T`. A module in which this is called with a type from
/// elsewhere is refused when it is published.
public fun permit<T>(): Permit<T> {
    Permit()
}
