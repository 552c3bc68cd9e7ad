// std::type_name of primitives, vectors and own types.
module golden::type_names;

use std::ascii::String;
use std::type_name;

public struct Thing<phantom T> {}

//> name<u8>() = "u8"
//> name<vector<address>>() = "vector<address>"
//> name<golden::type_names::Thing<bool>>() = "0000000000000000000000000000000000000000000000000000000000000060::type_names::Thing<bool>"
fun name<T>(): String { type_name::with_defining_ids<T>().into_string() }

//> same<u8, u8>() = true
//> same<u8, u16>() = false
fun same<A, B>(): bool { type_name::with_defining_ids<A>() == type_name::with_defining_ids<B>() }
