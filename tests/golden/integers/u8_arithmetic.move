// Checked arithmetic of u8: what leaves the type's range is an error.
module golden::u8_arithmetic;

//> add(0, 0) = 0
//> add(1, 254) = 255
//> add(255, 0) = 255
//> add(255, 1) ! overflow
//> add(255, 255) ! overflow
//> add(128, 128) ! overflow
//> add(127, 128) = 255
//> add(7, 3) = 10
//> add(37, 55) = 92
fun add(a: u8, b: u8): u8 { a + b }

//> sub(0, 0) = 0
//> sub(0, 1) ! overflow
//> sub(1, 1) = 0
//> sub(255, 255) = 0
//> sub(255, 1) = 254
//> sub(128, 127) = 1
//> sub(127, 128) ! overflow
//> sub(74, 9) = 65
fun sub(a: u8, b: u8): u8 { a - b }

//> mul(0, 255) = 0
//> mul(1, 255) = 255
//> mul(2, 128) ! overflow
//> mul(2, 127) = 254
//> mul(16, 16) ! overflow
//> mul(15, 17) = 255
//> mul(16, 15) = 240
//> mul(255, 255) ! overflow
//> mul(3, 5) = 15
fun mul(a: u8, b: u8): u8 { a * b }

//> div(0, 1) = 0
//> div(255, 1) = 255
//> div(255, 255) = 1
//> div(255, 2) = 127
//> div(1, 255) = 0
//> div(7, 2) = 3
//> div(74, 7) = 10
//> div(1, 0) ! division by zero
//> div(0, 0) ! division by zero
fun div(a: u8, b: u8): u8 { a / b }

//> rem(0, 1) = 0
//> rem(255, 255) = 0
//> rem(255, 2) = 1
//> rem(1, 255) = 1
//> rem(255, 254) = 1
//> rem(74, 7) = 4
//> rem(5, 0) ! division by zero
fun rem(a: u8, b: u8): u8 { a % b }
