// Several ways out of a function, values without `drop` among them.
module golden::early_return;

public struct Token { value: u64 }

//> clamp(5, 1, 10) = 5
//> clamp(0, 1, 10) = 1
//> clamp(11, 1, 10) = 10
fun clamp(x: u64, low: u64, high: u64): u64 {
    if (x < low) return low;
    if (x > high) return high;
    x
}

//> spent(0) = 0
//> spent(7) = 8
//> spent(100) ! abort 1
fun spent(value: u64): u64 {
    let token = Token { value };
    if (value == 0) {
        let Token { value } = token;
        return value
    };
    assert!(value < 100, 1);
    let Token { value } = token;
    value + 1
}

//> nothing(true) =
//> nothing(false) =
fun nothing(flag: bool) {
    if (flag) return;
}
