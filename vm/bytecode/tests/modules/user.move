module p1::user;
use p1::shapes::{Self, Shape};
public fun both(a: &Shape): u64 { shapes::area(a) + shapes::area(a) }
public fun pairs(): u64 { let _ = shapes::pair<u8, u8, u8>(1, 2); 3 }
