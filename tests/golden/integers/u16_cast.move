// Casts from u16: the value stays, or the cast is an error.
module golden::u16_cast;

//> to_u8(0) = 0
//> to_u8(1) = 1
//> to_u8(255) = 255
//> to_u8(256) ! cast
//> to_u8(32768) ! cast
//> to_u8(65535) ! cast
fun to_u8(a: u16): u8 { a as u8 }

//> to_u16(0) = 0
//> to_u16(1) = 1
//> to_u16(32768) = 32768
//> to_u16(65535) = 65535
fun to_u16(a: u16): u16 { a as u16 }

//> to_u32(0) = 0
//> to_u32(1) = 1
//> to_u32(32768) = 32768
//> to_u32(65535) = 65535
fun to_u32(a: u16): u32 { a as u32 }

//> to_u64(0) = 0
//> to_u64(1) = 1
//> to_u64(32768) = 32768
//> to_u64(65535) = 65535
fun to_u64(a: u16): u64 { a as u64 }

//> to_u128(0) = 0
//> to_u128(1) = 1
//> to_u128(32768) = 32768
//> to_u128(65535) = 65535
fun to_u128(a: u16): u128 { a as u128 }

//> to_u256(0) = 0
//> to_u256(1) = 1
//> to_u256(32768) = 32768
//> to_u256(65535) = 65535
fun to_u256(a: u16): u256 { a as u256 }
