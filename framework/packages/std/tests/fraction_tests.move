#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::fraction_tests;

use std::bit_vector;
use std::fixed_point32;
use std::unit_test::assert_eq;
use std::uq32_32;
use std::uq64_64;

#[test]
fun fixed_point() {
    let half = fixed_point32::create_from_rational(1, 2);
    assert_eq!(half.get_raw_value(), 1 << 31);
    assert_eq!(fixed_point32::multiply_u64(7, half), 3);
    assert_eq!(fixed_point32::divide_u64(7, half), 14);
    assert!(!half.is_zero() && fixed_point32::create_from_raw_value(0).is_zero());
    assert!(fixed_point32::create_from_rational(0, 5).is_zero());
}

#[test, expected_failure(abort_code = fixed_point32::EDENOMINATOR)]
fun fixed_point_denominator() {
    fixed_point32::create_from_rational(1, 0);
}

#[test, expected_failure(abort_code = fixed_point32::ERATIO_OUT_OF_RANGE)]
fun fixed_point_ratio_too_small() {
    fixed_point32::create_from_rational(1, 1 << 33);
}

#[test, expected_failure(abort_code = fixed_point32::EDIVISION_BY_ZERO)]
fun fixed_point_division_by_zero() {
    fixed_point32::divide_u64(1, fixed_point32::create_from_raw_value(0));
}

#[test, expected_failure(abort_code = fixed_point32::EDIVISION)]
fun fixed_point_quotient_too_large() {
    fixed_point32::divide_u64(1 << 33, fixed_point32::create_from_raw_value(1));
}

#[test, expected_failure(abort_code = fixed_point32::EMULTIPLICATION)]
fun fixed_point_product_too_large() {
    let two = fixed_point32::create_from_rational(2, 1);
    fixed_point32::multiply_u64(1 << 63, two);
}

#[test]
fun uq32() {
    let half = uq32_32::from_quotient(1, 2);
    let three = uq32_32::from_int(3);
    assert_eq!(half.add(three).to_raw(), (3 << 32) + (1 << 31));
    assert_eq!(three.sub(half).to_int(), 2);
    assert_eq!(three.mul(half).to_raw(), 3 << 31);
    assert_eq!(three.div(half).to_int(), 6);
    assert_eq!(uq32_32::int_mul(5, half), 2);
    assert_eq!(uq32_32::int_div(5, half), 10);
    assert!(half.lt(three) && half.le(half) && three.gt(half) && three.ge(three));
    assert!(!three.lt(three) && !half.gt(half));
    assert_eq!(uq32_32::from_raw(1 << 31), half);
}

#[test]
fun uq64() {
    let half = uq64_64::from_quotient(1, 2);
    let three = uq64_64::from_int(3);
    assert_eq!(half.add(three).to_raw(), (3 << 64) + (1 << 63));
    assert_eq!(three.sub(half).to_int(), 2);
    assert_eq!(three.mul(half).to_raw(), 3 << 63);
    assert_eq!(three.div(half).to_int(), 6);
    assert_eq!(uq64_64::int_mul(5, half), 2);
    assert_eq!(uq64_64::int_div(5, half), 10);
    assert!(half.lt(three) && half.le(half) && three.gt(half) && three.ge(three));
    assert_eq!(uq64_64::from_raw(1 << 63), half);
}

#[test, expected_failure(abort_code = uq32_32::EDenominator)]
fun uq32_denominator() {
    uq32_32::from_quotient(1, 0);
}

#[test, expected_failure(abort_code = uq32_32::EQuotientTooSmall)]
fun uq32_too_small() {
    uq32_32::from_quotient(1, 1 << 33);
}

#[test, expected_failure(abort_code = uq32_32::EQuotientTooLarge)]
fun uq32_too_large() {
    uq32_32::from_quotient(1 << 32, 1);
}

#[test, expected_failure(abort_code = uq32_32::EOverflow)]
fun uq32_sum_too_large() {
    uq32_32::from_raw(1 << 63).add(uq32_32::from_raw(1 << 63));
}

#[test, expected_failure(abort_code = uq32_32::EOverflow)]
fun uq32_difference_below_zero() {
    uq32_32::from_raw(1).sub(uq32_32::from_raw(2));
}

#[test, expected_failure(abort_code = uq32_32::EDivisionByZero)]
fun uq32_divided_by_zero() {
    uq32_32::from_int(1).div(uq32_32::from_int(0));
}

#[test, expected_failure(abort_code = uq64_64::EOverflow)]
fun uq64_product_too_large() {
    uq64_64::from_int(1 << 40).mul(uq64_64::from_int(1 << 40));
}

#[test]
fun bits() {
    let mut bits = bit_vector::new(5);
    assert_eq!(bits.length(), 5);
    assert_eq!(bit_vector::word_size(), 1);
    bits.set(1);
    bits.set(2);
    bits.set(4);
    assert!(bits.is_index_set(2) && !bits.is_index_set(0));
    assert_eq!(bits.longest_set_sequence_starting_at(1), 2);
    assert_eq!(bits.longest_set_sequence_starting_at(0), 0);
    assert_eq!(bits.longest_set_sequence_starting_at(4), 1);
    bits.shift_left(1);
    assert_eq!(vector::tabulate!(5, |i| bits.is_index_set(i)), vector[true, true, false, true, false]);
    bits.unset(0);
    assert!(!bits.is_index_set(0));
    bits.shift_left(5);
    assert_eq!(bits, bit_vector::new(5));
    bits.set(0);
    bits.shift_left(std::u64::max_value!());
    assert_eq!(bits, bit_vector::new(5));
}

#[test, expected_failure(abort_code = bit_vector::ELENGTH)]
fun no_bits() {
    bit_vector::new(0);
}

#[test, expected_failure(abort_code = bit_vector::ELENGTH)]
fun too_many_bits() {
    bit_vector::new(1024);
}

#[test, expected_failure(abort_code = bit_vector::EINDEX)]
fun a_bit_outside() {
    bit_vector::new(8).set(8);
}
