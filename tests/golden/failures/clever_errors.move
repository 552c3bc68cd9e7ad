// Aborts that say more: `#[error]` constants, and aborts without a code.
module golden::clever_errors;

#[error]
const ENotToday: vector<u8> = b"not today";
#[error(code = 7)]
const ENumbered: vector<u8> = b"with a number";
#[error]
const ECount: u64 = 99;
#[error]
const EPlace: address = @0x5;
#[error]
const EWords: vector<vector<u8>> = vector[b"two", b"words"];
#[error]
const EFlag: bool = true;

//> text() ! abort ENotToday: "not today", line 18
fun text() { abort ENotToday }

//> numbered() ! abort ENumbered (7): "with a number", line 21
fun numbered() { abort ENumbered }

//> count() ! abort ECount: 99
fun count() { abort ECount }

//> place() ! abort EPlace: 0x0000000000000000000000000000000000000000000000000000000000000005
fun place() { abort EPlace }

//> words() ! abort EWords: ["two", "words"]
fun words() { abort EWords }

//> flag() ! abort EFlag: true
fun flag() { abort EFlag }

//> asserted(0) = 0
//> asserted(1) ! abort ENotToday: "not today"
fun asserted(x: u64): u64 {
    assert!(x == 0, ENotToday);
    x
}

//> without_code() ! abort no code, line 43
fun without_code() { abort }

//> bare_assert(1) = 1
//> bare_assert(2) ! abort no code, line 48
fun bare_assert(x: u64): u64 {
    assert!(x == 1);
    x
}

//> in_match(3) ! abort ENumbered (7): "with a number"
fun in_match(x: u64): u64 {
    match (x) {
        1 => 2,
        _ => abort ENumbered,
    }
}
