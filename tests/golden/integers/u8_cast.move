// Casts from u8: the value stays, or the cast is an error.
module golden::u8_cast;

//> to_u8(0) = 0
//> to_u8(1) = 1
//> to_u8(128) = 128
//> to_u8(255) = 255
fun to_u8(a: u8): u8 { a as u8 }

//> to_u16(0) = 0
//> to_u16(1) = 1
//> to_u16(128) = 128
//> to_u16(255) = 255
fun to_u16(a: u8): u16 { a as u16 }

//> to_u32(0) = 0
//> to_u32(1) = 1
//> to_u32(128) = 128
//> to_u32(255) = 255
fun to_u32(a: u8): u32 { a as u32 }

//> to_u64(0) = 0
//> to_u64(1) = 1
//> to_u64(128) = 128
//> to_u64(255) = 255
fun to_u64(a: u8): u64 { a as u64 }

//> to_u128(0) = 0
//> to_u128(1) = 1
//> to_u128(128) = 128
//> to_u128(255) = 255
fun to_u128(a: u8): u128 { a as u128 }

//> to_u256(0) = 0
//> to_u256(1) = 1
//> to_u256(128) = 128
//> to_u256(255) = 255
fun to_u256(a: u8): u256 { a as u256 }
