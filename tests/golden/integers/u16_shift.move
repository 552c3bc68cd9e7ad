// Shifts of u16: bits that leave are lost, and the amount must be below the width.
module golden::u16_shift;

//> shl(1, 0) = 1
//> shl(1, 1) = 2
//> shl(1, 8) = 256
//> shl(1, 15) = 32768
//> shl(1, 16) ! shift amount
//> shl(1, 255) ! shift amount
//> shl(65535, 0) = 65535
//> shl(65535, 1) = 65534
//> shl(65535, 8) = 65280
//> shl(65535, 15) = 32768
//> shl(65535, 16) ! shift amount
//> shl(65535, 255) ! shift amount
//> shl(23948, 0) = 23948
//> shl(23948, 1) = 47896
//> shl(23948, 8) = 35840
//> shl(23948, 15) = 0
//> shl(23948, 16) ! shift amount
//> shl(23948, 255) ! shift amount
fun shl(a: u16, by: u8): u16 { a << by }

//> shr(1, 0) = 1
//> shr(1, 1) = 0
//> shr(1, 8) = 0
//> shr(1, 15) = 0
//> shr(1, 16) ! shift amount
//> shr(1, 255) ! shift amount
//> shr(65535, 0) = 65535
//> shr(65535, 1) = 32767
//> shr(65535, 8) = 255
//> shr(65535, 15) = 1
//> shr(65535, 16) ! shift amount
//> shr(65535, 255) ! shift amount
//> shr(23948, 0) = 23948
//> shr(23948, 1) = 11974
//> shr(23948, 8) = 93
//> shr(23948, 15) = 0
//> shr(23948, 16) ! shift amount
//> shr(23948, 255) ! shift amount
fun shr(a: u16, by: u8): u16 { a >> by }

//> by_constant(23948) = 22720
fun by_constant(a: u16): u16 { (a << 5) >> 1 }
