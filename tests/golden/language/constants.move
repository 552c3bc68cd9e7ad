// Constants of every type, computed and shared.
module golden::constants;

const SMALL: u8 = 7;
const SUM: u64 = 1000 * 60 + 5;
const WIDE: u256 = 1 << 200;
const FLAG: bool = !false && true;
const PLACE: address = @0xabc;
const TEXT: vector<u8> = b"text\n";
const RAW: vector<u8> = x"00ff";
const LIST: vector<u64> = vector[1, 2, 3];
const NESTED: vector<vector<u8>> = vector[b"a", b"bc"];
const FLAGS: vector<bool> = vector[true, false];
const NOTHING: vector<u128> = vector[];

//> scalars() = 7, 60005, 1606938044258990275541962092341162602522202993782792835301376, true, @0xabc
fun scalars(): (u8, u64, u256, bool, address) { (SMALL, SUM, WIDE, FLAG, PLACE) }

//> bytes() = x"746578740a", x"00ff"
fun bytes(): (vector<u8>, vector<u8>) { (TEXT, RAW) }

//> lists() = [1, 2, 3], [b"a", b"bc"], [true, false], []
fun lists(): (vector<u64>, vector<vector<u8>>, vector<bool>, vector<u128>) {
    (LIST, NESTED, FLAGS, NOTHING)
}

//> fresh_each_time() = [1, 2, 3, 4], [1, 2, 3]
fun fresh_each_time(): (vector<u64>, vector<u64>) {
    let mut list = LIST;
    list.push_back(4);
    (list, LIST)
}

//> at(1) = 2
//> at(3) ! index 3 out of bounds
fun at(i: u64): u64 { LIST[i] }

//> compared(b"bc") = true
//> compared(b"bd") = false
fun compared(bytes: vector<u8>): bool { bytes == NESTED[1] }
