// Checked arithmetic of u16: what leaves the type's range is an error.
module golden::u16_arithmetic;

//> add(0, 0) = 0
//> add(1, 65534) = 65535
//> add(65535, 0) = 65535
//> add(65535, 1) ! overflow
//> add(65535, 65535) ! overflow
//> add(32768, 32768) ! overflow
//> add(32767, 32768) = 65535
//> add(7, 3) = 10
//> add(11974, 15503) = 27477
fun add(a: u16, b: u16): u16 { a + b }

//> sub(0, 0) = 0
//> sub(0, 1) ! overflow
//> sub(1, 1) = 0
//> sub(65535, 65535) = 0
//> sub(65535, 1) = 65534
//> sub(32768, 32767) = 1
//> sub(32767, 32768) ! overflow
//> sub(23948, 2993) = 20955
fun sub(a: u16, b: u16): u16 { a - b }

//> mul(0, 65535) = 0
//> mul(1, 65535) = 65535
//> mul(2, 32768) ! overflow
//> mul(2, 32767) = 65534
//> mul(256, 256) ! overflow
//> mul(255, 257) = 65535
//> mul(256, 255) = 65280
//> mul(65535, 65535) ! overflow
//> mul(3, 5) = 15
fun mul(a: u16, b: u16): u16 { a * b }

//> div(0, 1) = 0
//> div(65535, 1) = 65535
//> div(65535, 65535) = 1
//> div(65535, 2) = 32767
//> div(1, 65535) = 0
//> div(7, 2) = 3
//> div(23948, 121) = 197
//> div(1, 0) ! division by zero
//> div(0, 0) ! division by zero
fun div(a: u16, b: u16): u16 { a / b }

//> rem(0, 1) = 0
//> rem(65535, 65535) = 0
//> rem(65535, 2) = 1
//> rem(1, 65535) = 1
//> rem(65535, 65534) = 1
//> rem(23948, 121) = 111
//> rem(5, 0) ! division by zero
fun rem(a: u16, b: u16): u16 { a % b }
