/// A fixed number of bits, each set or not.
module std::bit_vector;

/// The position lies outside the bits.
const EINDEX: u64 = 0x20000;

/// The number of bits is 0, or too large.
const ELENGTH: u64 = 0x20001;

// The number of bits is less than this.
const MAX_SIZE: u64 = 1024;

/// The bits; `bit_field` has `length` elements.
public struct BitVector has copy, drop, store {
    length: u64,
    bit_field: vector<bool>,
}

/// `length` bits, none set. Aborts with `ELENGTH` unless `length` is between 1 and
/// 1023.
public fun new(length: u64): BitVector {
    assert!(0 < length && length < MAX_SIZE, ELENGTH);
    BitVector { length, bit_field: vector::tabulate!(length, |_| false) }
}

/// Sets the bit at `bit_index`. Aborts with `EINDEX` when there is none.
public fun set(bitvector: &mut BitVector, bit_index: u64) {
    assert!(bit_index < bitvector.length, EINDEX);
    *&mut bitvector.bit_field[bit_index] = true;
}

/// Clears the bit at `bit_index`. Aborts with `EINDEX` when there is none.
public fun unset(bitvector: &mut BitVector, bit_index: u64) {
    assert!(bit_index < bitvector.length, EINDEX);
    *&mut bitvector.bit_field[bit_index] = false;
}

/// Moves every bit to the position lower by `amount`. Bits that would get a
/// position below 0 are lost; the positions left free at the end are cleared.
public fun shift_left(bitvector: &mut BitVector, amount: u64) {
    let length = bitvector.length;
    bitvector.bit_field = vector::tabulate!(
        length,
        |i| amount < length - i && bitvector.bit_field[i + amount],
    );
}

/// Whether the bit at `bit_index` is set. Aborts with `EINDEX` when there is none.
public fun is_index_set(bitvector: &BitVector, bit_index: u64): bool {
    assert!(bit_index < bitvector.length, EINDEX);
    bitvector.bit_field[bit_index]
}

/// The number of bits.
public fun length(bitvector: &BitVector): u64 {
    bitvector.length
}

/// The number of bits that are set one after the other, beginning at `start_index`.
/// Aborts with `EINDEX` when there is no such bit.
public fun longest_set_sequence_starting_at(bitvector: &BitVector, start_index: u64): u64 {
    assert!(start_index < bitvector.length, EINDEX);
    let mut end = start_index;
    while (end < bitvector.length && bitvector.bit_field[end]) end = end + 1;
    end - start_index
}

#[test_only]
/// The number of bits in one element of the field.
public fun word_size(): u64 {
    1
}
