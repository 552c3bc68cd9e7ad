// std::bcs of every kind of value.
module golden::bcs_bytes;

use std::bcs;

public struct Record has copy, drop { a: u8, b: vector<u16>, c: Option<bool> }
public enum Choice has copy, drop { A, B(u32), C { x: u8, y: u8 } }

//> of<u8>(7) = x"07"
//> of<u16>(258) = x"0201"
//> of<u32>(1) = x"01000000"
//> of<u64>(18446744073709551615) = x"ffffffffffffffff"
//> of<u128>(1) = x"01000000000000000000000000000000"
//> of<u256>(1) = x"0100000000000000000000000000000000000000000000000000000000000000"
//> of<bool>(true) = x"01"
//> of<address>(0x2) = x"0000000000000000000000000000000000000000000000000000000000000002"
//> of<vector<u8>>(x"aabb") = x"02aabb"
//> of<vector<u64>>([1, 2]) = x"0201000000000000000200000000000000"
//> of<vector<vector<u8>>>([x"aa", x""]) = x"0201aa00"
//> of<vector<bool>>([true, false, true]) = x"03010001"
//> of<golden::bcs_bytes::Record>({ a: 1, b: [2, 3], c: some(true) }) = x"0102020003000101"
//> of<golden::bcs_bytes::Record>({ a: 255, b: [], c: none }) = x"ff0000"
//> of<golden::bcs_bytes::Choice>(A) = x"00"
//> of<golden::bcs_bytes::Choice>(B(1)) = x"0101000000"
//> of<golden::bcs_bytes::Choice>(C(1, 2)) = x"020102"
fun of<T>(x: &T): vector<u8> { bcs::to_bytes(x) }
