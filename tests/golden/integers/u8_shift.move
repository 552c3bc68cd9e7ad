// Shifts of u8: bits that leave are lost, and the amount must be below the width.
module golden::u8_shift;

//> shl(1, 0) = 1
//> shl(1, 1) = 2
//> shl(1, 4) = 16
//> shl(1, 7) = 128
//> shl(1, 8) ! shift amount
//> shl(1, 255) ! shift amount
//> shl(255, 0) = 255
//> shl(255, 1) = 254
//> shl(255, 4) = 240
//> shl(255, 7) = 128
//> shl(255, 8) ! shift amount
//> shl(255, 255) ! shift amount
//> shl(74, 0) = 74
//> shl(74, 1) = 148
//> shl(74, 4) = 160
//> shl(74, 7) = 0
//> shl(74, 8) ! shift amount
//> shl(74, 255) ! shift amount
fun shl(a: u8, by: u8): u8 { a << by }

//> shr(1, 0) = 1
//> shr(1, 1) = 0
//> shr(1, 4) = 0
//> shr(1, 7) = 0
//> shr(1, 8) ! shift amount
//> shr(1, 255) ! shift amount
//> shr(255, 0) = 255
//> shr(255, 1) = 127
//> shr(255, 4) = 15
//> shr(255, 7) = 1
//> shr(255, 8) ! shift amount
//> shr(255, 255) ! shift amount
//> shr(74, 0) = 74
//> shr(74, 1) = 37
//> shr(74, 4) = 4
//> shr(74, 7) = 0
//> shr(74, 8) ! shift amount
//> shr(74, 255) ! shift amount
fun shr(a: u8, by: u8): u8 { a >> by }

//> by_constant(74) = 40
fun by_constant(a: u8): u8 { (a << 3) >> 1 }
