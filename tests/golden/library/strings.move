// std::string and std::ascii: UTF-8 is checked, lengths are bytes.
module golden::strings;

use std::ascii;
use std::string::String;

//> text(b"abc") = "abc"
//> text(x"c3a9") = "é"
//> text(x"ff") ! abort 1
fun text(bytes: vector<u8>): String { bytes.to_string() }

//> tried(b"abc") = some("abc")
//> tried(x"ff") = none
fun tried(bytes: vector<u8>): Option<String> { bytes.try_to_string() }

//> joined("ab", "cd") = "abcd"
fun joined(mut a: String, b: String): String { a.append(b); a }

//> length("é") = 2
fun length(s: String): u64 { s.length() }

//> part("hello", 1, 3) = "el"
//> part("é", 1, 2) ! abort 2
//> part("abc", 2, 9) ! abort 2
fun part(s: String, from: u64, to: u64): String { s.substring(from, to) }

//> index("hello", "l") = 2
//> index("hello", "x") = 5
fun index(s: String, t: String): u64 { s.index_of(&t) }

//> ascii_text(b"abc") = "abc"
//> ascii_text(x"c3a9") ! abort 65536
fun ascii_text(bytes: vector<u8>): ascii::String { bytes.to_ascii_string() }

//> upper("aZ9") = "AZ9"
fun upper(s: ascii::String): ascii::String { s.to_uppercase() }

//> digits(0) = "0"
//> digits(18446744073709551615) = "18446744073709551615"
fun digits(x: u64): String { x.to_string() }

//> literal() = "tea"
fun literal(): String { b"tea".to_string() }
