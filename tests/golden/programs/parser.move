// A recursive-descent parser over bytes: sums, products and parentheses.
module golden::parser;

public struct Input has copy, drop { bytes: vector<u8>, at: u64 }

fun peek(input: &Input): u8 {
    if (input.at < input.bytes.length()) input.bytes[input.at] else 0
}

fun next(input: &mut Input): u8 {
    let byte = peek(input);
    input.at = input.at + 1;
    byte
}

fun sum(input: &mut Input): u64 {
    let mut total = product(input);
    loop {
        match (peek(input)) {
            43 => { next(input); total = total + product(input) },
            45 => { next(input); total = total - product(input) },
            _ => return total,
        }
    }
}

fun product(input: &mut Input): u64 {
    let mut total = atom(input);
    while (peek(input) == 42) {
        next(input);
        total = total * atom(input);
    };
    total
}

fun atom(input: &mut Input): u64 {
    if (peek(input) == 40) {
        next(input);
        let value = sum(input);
        assert!(next(input) == 41, 1);
        return value
    };
    assert!(peek(input) >= 48 && peek(input) <= 57, 2);
    let mut value = 0;
    while (peek(input) >= 48 && peek(input) <= 57) value = value * 10 + ((next(input) - 48) as u64);
    value
}

//> evaluate("1+2*3") = 7
//> evaluate("(1+2)*3") = 9
//> evaluate("2*(3+4)*5-1") = 69
//> evaluate("12") = 12
//> evaluate("(1") ! abort 1
//> evaluate("x") ! abort 2
//> evaluate("1-2") ! overflow
//> evaluate("1)") ! abort 3
fun evaluate(bytes: vector<u8>): u64 {
    let mut input = Input { bytes, at: 0 };
    let value = sum(&mut input);
    assert!(input.at == input.bytes.length(), 3);
    value
}
