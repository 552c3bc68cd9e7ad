// Shifts of u32: bits that leave are lost, and the amount must be below the width.
module golden::u32_shift;

//> shl(1, 0) = 1
//> shl(1, 1) = 2
//> shl(1, 16) = 65536
//> shl(1, 31) = 2147483648
//> shl(1, 32) ! shift amount
//> shl(1, 255) ! shift amount
//> shl(4294967295, 0) = 4294967295
//> shl(4294967295, 1) = 4294967294
//> shl(4294967295, 16) = 4294901760
//> shl(4294967295, 31) = 2147483648
//> shl(4294967295, 32) ! shift amount
//> shl(4294967295, 255) ! shift amount
//> shl(332589539, 0) = 332589539
//> shl(332589539, 1) = 665179078
//> shl(332589539, 16) = 3923968000
//> shl(332589539, 31) = 2147483648
//> shl(332589539, 32) ! shift amount
//> shl(332589539, 255) ! shift amount
fun shl(a: u32, by: u8): u32 { a << by }

//> shr(1, 0) = 1
//> shr(1, 1) = 0
//> shr(1, 16) = 0
//> shr(1, 31) = 0
//> shr(1, 32) ! shift amount
//> shr(1, 255) ! shift amount
//> shr(4294967295, 0) = 4294967295
//> shr(4294967295, 1) = 2147483647
//> shr(4294967295, 16) = 65535
//> shr(4294967295, 31) = 1
//> shr(4294967295, 32) ! shift amount
//> shr(4294967295, 255) ! shift amount
//> shr(332589539, 0) = 332589539
//> shr(332589539, 1) = 166294769
//> shr(332589539, 16) = 5074
//> shr(332589539, 31) = 0
//> shr(332589539, 32) ! shift amount
//> shr(332589539, 255) ! shift amount
fun shr(a: u32, by: u8): u32 { a >> by }

//> by_constant(332589539) = 1391059712
fun by_constant(a: u32): u32 { (a << 9) >> 1 }
