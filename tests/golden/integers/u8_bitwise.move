// Bitwise operators of u8.
module golden::u8_bitwise;

//> and(0, 255) = 0
//> and(255, 255) = 255
//> and(128, 127) = 0
//> and(74, 110) = 74
//> and(74, 74) = 74
fun and(a: u8, b: u8): u8 { a & b }

//> or(0, 255) = 255
//> or(255, 255) = 255
//> or(128, 127) = 255
//> or(74, 110) = 110
//> or(74, 74) = 74
fun or(a: u8, b: u8): u8 { a | b }

//> xor(0, 255) = 255
//> xor(255, 255) = 0
//> xor(128, 127) = 255
//> xor(74, 110) = 36
//> xor(74, 74) = 0
fun xor(a: u8, b: u8): u8 { a ^ b }

//> not(0) = 255
//> not(255) = 0
//> not(74) = 181
fun not(a: u8): u8 { a ^ 255 }
