#[test_only, allow(untyped_literal, unused_mut_ref)]
module std::integer_tests;

use std::unit_test::assert_eq;

#[test]
fun functions_of_u8() {
    let max = std::u8::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u8).max(5), 5);
    assert_eq!((5: u8).max(3), 5);
    assert_eq!((3: u8).min(5), 3);
    assert_eq!((5: u8).min(3), 3);
    assert_eq!((3: u8).diff(5), 2);
    assert_eq!((5: u8).diff(3), 2);
    assert_eq!((6: u8).divide_and_round_up(3), 2);
    assert_eq!((7: u8).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u8).divide_and_round_up(3), 0);
    assert_eq!((3: u8).pow(4), 81);
    assert_eq!((3: u8).pow(0), 1);
    assert_eq!((0: u8).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u8).pow(7), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u8).to_string(), b"0".to_string());
    assert_eq!((107: u8).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"255".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u8).checked_sub(1), option::some(0));
    assert_eq!((1: u8).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u8).checked_div(2), option::some(3));
    assert_eq!((7: u8).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u8).saturating_add(1), 2);
    assert_eq!((1: u8).saturating_sub(2), 0);
    assert_eq!((2: u8).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u8).saturating_mul(3), 6);
}

#[test]
fun loops_of_u8() {
    let max = std::u8::max_value!();
    let mut seen = vector[];
    (3: u8).do!(|i| seen.push_back(i));
    (1: u8).do_eq!(|i| seen.push_back(i));
    (5: u8).range_do!(7, |i| seen.push_back(i));
    (8: u8).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u8).range_do!(9, |i| seen.push_back(i));
    (9: u8).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u8)]
fun power_too_large_for_u8() {
    (2: u8).pow(8);
}

#[test, expected_failure(arithmetic_error, location = std::u8)]
fun rounding_up_a_division_of_u8_by_zero() {
    (1: u8).divide_and_round_up(0);
}

#[test]
fun roots_of_u8() {
    let max = std::u8::max_value!();
    let side = (1: u8) << 4;
    assert_eq!(max.sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1)).sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1) - 1).sqrt(), side - 2);
    (15: u8).do_eq!(|i| {
        assert_eq!((i * i).sqrt(), i);
        assert_eq!((i * i + i).sqrt(), i);
        if (i > 0) assert_eq!((i * i - 1).sqrt(), i - 1);
    });
}

#[test]
fun functions_of_u16() {
    let max = std::u16::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u16).max(5), 5);
    assert_eq!((5: u16).max(3), 5);
    assert_eq!((3: u16).min(5), 3);
    assert_eq!((5: u16).min(3), 3);
    assert_eq!((3: u16).diff(5), 2);
    assert_eq!((5: u16).diff(3), 2);
    assert_eq!((6: u16).divide_and_round_up(3), 2);
    assert_eq!((7: u16).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u16).divide_and_round_up(3), 0);
    assert_eq!((3: u16).pow(4), 81);
    assert_eq!((3: u16).pow(0), 1);
    assert_eq!((0: u16).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u16).pow(15), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u16).to_string(), b"0".to_string());
    assert_eq!((107: u16).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"65535".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u16).checked_sub(1), option::some(0));
    assert_eq!((1: u16).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u16).checked_div(2), option::some(3));
    assert_eq!((7: u16).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u16).saturating_add(1), 2);
    assert_eq!((1: u16).saturating_sub(2), 0);
    assert_eq!((2: u16).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u16).saturating_mul(3), 6);
}

#[test]
fun loops_of_u16() {
    let max = std::u16::max_value!();
    let mut seen = vector[];
    (3: u16).do!(|i| seen.push_back(i));
    (1: u16).do_eq!(|i| seen.push_back(i));
    (5: u16).range_do!(7, |i| seen.push_back(i));
    (8: u16).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u16).range_do!(9, |i| seen.push_back(i));
    (9: u16).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u16)]
fun power_too_large_for_u16() {
    (2: u16).pow(16);
}

#[test, expected_failure(arithmetic_error, location = std::u16)]
fun rounding_up_a_division_of_u16_by_zero() {
    (1: u16).divide_and_round_up(0);
}

#[test]
fun roots_of_u16() {
    let max = std::u16::max_value!();
    let side = (1: u16) << 8;
    assert_eq!(max.sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1)).sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1) - 1).sqrt(), side - 2);
    (15: u16).do_eq!(|i| {
        assert_eq!((i * i).sqrt(), i);
        assert_eq!((i * i + i).sqrt(), i);
        if (i > 0) assert_eq!((i * i - 1).sqrt(), i - 1);
    });
}

#[test]
fun u16_as_u8() {
    let limit = std::u8::max_value!();
    assert_eq!((limit as u16).try_as_u8(), option::some(limit));
    assert_eq!((0: u16).try_as_u8(), option::some(0));
    assert_eq!(((limit as u16) + 1).try_as_u8(), option::none());
}

#[test]
fun functions_of_u32() {
    let max = std::u32::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u32).max(5), 5);
    assert_eq!((5: u32).max(3), 5);
    assert_eq!((3: u32).min(5), 3);
    assert_eq!((5: u32).min(3), 3);
    assert_eq!((3: u32).diff(5), 2);
    assert_eq!((5: u32).diff(3), 2);
    assert_eq!((6: u32).divide_and_round_up(3), 2);
    assert_eq!((7: u32).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u32).divide_and_round_up(3), 0);
    assert_eq!((3: u32).pow(4), 81);
    assert_eq!((3: u32).pow(0), 1);
    assert_eq!((0: u32).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u32).pow(31), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u32).to_string(), b"0".to_string());
    assert_eq!((107: u32).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"4294967295".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u32).checked_sub(1), option::some(0));
    assert_eq!((1: u32).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u32).checked_div(2), option::some(3));
    assert_eq!((7: u32).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u32).saturating_add(1), 2);
    assert_eq!((1: u32).saturating_sub(2), 0);
    assert_eq!((2: u32).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u32).saturating_mul(3), 6);
}

#[test]
fun loops_of_u32() {
    let max = std::u32::max_value!();
    let mut seen = vector[];
    (3: u32).do!(|i| seen.push_back(i));
    (1: u32).do_eq!(|i| seen.push_back(i));
    (5: u32).range_do!(7, |i| seen.push_back(i));
    (8: u32).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u32).range_do!(9, |i| seen.push_back(i));
    (9: u32).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u32)]
fun power_too_large_for_u32() {
    (2: u32).pow(32);
}

#[test, expected_failure(arithmetic_error, location = std::u32)]
fun rounding_up_a_division_of_u32_by_zero() {
    (1: u32).divide_and_round_up(0);
}

#[test]
fun roots_of_u32() {
    let max = std::u32::max_value!();
    let side = (1: u32) << 16;
    assert_eq!(max.sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1)).sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1) - 1).sqrt(), side - 2);
    (15: u32).do_eq!(|i| {
        assert_eq!((i * i).sqrt(), i);
        assert_eq!((i * i + i).sqrt(), i);
        if (i > 0) assert_eq!((i * i - 1).sqrt(), i - 1);
    });
}

#[test]
fun u32_as_u8() {
    let limit = std::u8::max_value!();
    assert_eq!((limit as u32).try_as_u8(), option::some(limit));
    assert_eq!((0: u32).try_as_u8(), option::some(0));
    assert_eq!(((limit as u32) + 1).try_as_u8(), option::none());
}

#[test]
fun u32_as_u16() {
    let limit = std::u16::max_value!();
    assert_eq!((limit as u32).try_as_u16(), option::some(limit));
    assert_eq!((0: u32).try_as_u16(), option::some(0));
    assert_eq!(((limit as u32) + 1).try_as_u16(), option::none());
}

#[test]
fun functions_of_u64() {
    let max = std::u64::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u64).max(5), 5);
    assert_eq!((5: u64).max(3), 5);
    assert_eq!((3: u64).min(5), 3);
    assert_eq!((5: u64).min(3), 3);
    assert_eq!((3: u64).diff(5), 2);
    assert_eq!((5: u64).diff(3), 2);
    assert_eq!((6: u64).divide_and_round_up(3), 2);
    assert_eq!((7: u64).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u64).divide_and_round_up(3), 0);
    assert_eq!((3: u64).pow(4), 81);
    assert_eq!((3: u64).pow(0), 1);
    assert_eq!((0: u64).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u64).pow(63), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u64).to_string(), b"0".to_string());
    assert_eq!((107: u64).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"18446744073709551615".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u64).checked_sub(1), option::some(0));
    assert_eq!((1: u64).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u64).checked_div(2), option::some(3));
    assert_eq!((7: u64).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u64).saturating_add(1), 2);
    assert_eq!((1: u64).saturating_sub(2), 0);
    assert_eq!((2: u64).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u64).saturating_mul(3), 6);
}

#[test]
fun loops_of_u64() {
    let max = std::u64::max_value!();
    let mut seen = vector[];
    (3: u64).do!(|i| seen.push_back(i));
    (1: u64).do_eq!(|i| seen.push_back(i));
    (5: u64).range_do!(7, |i| seen.push_back(i));
    (8: u64).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u64).range_do!(9, |i| seen.push_back(i));
    (9: u64).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u64)]
fun power_too_large_for_u64() {
    (2: u64).pow(64);
}

#[test, expected_failure(arithmetic_error, location = std::u64)]
fun rounding_up_a_division_of_u64_by_zero() {
    (1: u64).divide_and_round_up(0);
}

#[test]
fun roots_of_u64() {
    let max = std::u64::max_value!();
    let side = (1: u64) << 32;
    assert_eq!(max.sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1)).sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1) - 1).sqrt(), side - 2);
    (15: u64).do_eq!(|i| {
        assert_eq!((i * i).sqrt(), i);
        assert_eq!((i * i + i).sqrt(), i);
        if (i > 0) assert_eq!((i * i - 1).sqrt(), i - 1);
    });
}

#[test]
fun u64_as_u8() {
    let limit = std::u8::max_value!();
    assert_eq!((limit as u64).try_as_u8(), option::some(limit));
    assert_eq!((0: u64).try_as_u8(), option::some(0));
    assert_eq!(((limit as u64) + 1).try_as_u8(), option::none());
}

#[test]
fun u64_as_u16() {
    let limit = std::u16::max_value!();
    assert_eq!((limit as u64).try_as_u16(), option::some(limit));
    assert_eq!((0: u64).try_as_u16(), option::some(0));
    assert_eq!(((limit as u64) + 1).try_as_u16(), option::none());
}

#[test]
fun u64_as_u32() {
    let limit = std::u32::max_value!();
    assert_eq!((limit as u64).try_as_u32(), option::some(limit));
    assert_eq!((0: u64).try_as_u32(), option::some(0));
    assert_eq!(((limit as u64) + 1).try_as_u32(), option::none());
}

#[test]
fun functions_of_u128() {
    let max = std::u128::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u128).max(5), 5);
    assert_eq!((5: u128).max(3), 5);
    assert_eq!((3: u128).min(5), 3);
    assert_eq!((5: u128).min(3), 3);
    assert_eq!((3: u128).diff(5), 2);
    assert_eq!((5: u128).diff(3), 2);
    assert_eq!((6: u128).divide_and_round_up(3), 2);
    assert_eq!((7: u128).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u128).divide_and_round_up(3), 0);
    assert_eq!((3: u128).pow(4), 81);
    assert_eq!((3: u128).pow(0), 1);
    assert_eq!((0: u128).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u128).pow(127), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u128).to_string(), b"0".to_string());
    assert_eq!((107: u128).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"340282366920938463463374607431768211455".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u128).checked_sub(1), option::some(0));
    assert_eq!((1: u128).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u128).checked_div(2), option::some(3));
    assert_eq!((7: u128).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u128).saturating_add(1), 2);
    assert_eq!((1: u128).saturating_sub(2), 0);
    assert_eq!((2: u128).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u128).saturating_mul(3), 6);
}

#[test]
fun loops_of_u128() {
    let max = std::u128::max_value!();
    let mut seen = vector[];
    (3: u128).do!(|i| seen.push_back(i));
    (1: u128).do_eq!(|i| seen.push_back(i));
    (5: u128).range_do!(7, |i| seen.push_back(i));
    (8: u128).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u128).range_do!(9, |i| seen.push_back(i));
    (9: u128).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u128)]
fun power_too_large_for_u128() {
    (2: u128).pow(128);
}

#[test, expected_failure(arithmetic_error, location = std::u128)]
fun rounding_up_a_division_of_u128_by_zero() {
    (1: u128).divide_and_round_up(0);
}

#[test]
fun roots_of_u128() {
    let max = std::u128::max_value!();
    let side = (1: u128) << 64;
    assert_eq!(max.sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1)).sqrt(), side - 1);
    assert_eq!(((side - 1) * (side - 1) - 1).sqrt(), side - 2);
    (15: u128).do_eq!(|i| {
        assert_eq!((i * i).sqrt(), i);
        assert_eq!((i * i + i).sqrt(), i);
        if (i > 0) assert_eq!((i * i - 1).sqrt(), i - 1);
    });
}

#[test]
fun u128_as_u8() {
    let limit = std::u8::max_value!();
    assert_eq!((limit as u128).try_as_u8(), option::some(limit));
    assert_eq!((0: u128).try_as_u8(), option::some(0));
    assert_eq!(((limit as u128) + 1).try_as_u8(), option::none());
}

#[test]
fun u128_as_u16() {
    let limit = std::u16::max_value!();
    assert_eq!((limit as u128).try_as_u16(), option::some(limit));
    assert_eq!((0: u128).try_as_u16(), option::some(0));
    assert_eq!(((limit as u128) + 1).try_as_u16(), option::none());
}

#[test]
fun u128_as_u32() {
    let limit = std::u32::max_value!();
    assert_eq!((limit as u128).try_as_u32(), option::some(limit));
    assert_eq!((0: u128).try_as_u32(), option::some(0));
    assert_eq!(((limit as u128) + 1).try_as_u32(), option::none());
}

#[test]
fun u128_as_u64() {
    let limit = std::u64::max_value!();
    assert_eq!((limit as u128).try_as_u64(), option::some(limit));
    assert_eq!((0: u128).try_as_u64(), option::some(0));
    assert_eq!(((limit as u128) + 1).try_as_u64(), option::none());
}

#[test]
fun functions_of_u256() {
    let max = std::u256::max_value!();
    assert_eq!(max.bitwise_not(), 0);
    assert_eq!(0u8.bitwise_not(), 255);
    assert_eq!((3: u256).max(5), 5);
    assert_eq!((5: u256).max(3), 5);
    assert_eq!((3: u256).min(5), 3);
    assert_eq!((5: u256).min(3), 3);
    assert_eq!((3: u256).diff(5), 2);
    assert_eq!((5: u256).diff(3), 2);
    assert_eq!((6: u256).divide_and_round_up(3), 2);
    assert_eq!((7: u256).divide_and_round_up(3), 3);
    assert_eq!(max.divide_and_round_up(1), max);
    assert_eq!((0: u256).divide_and_round_up(3), 0);
    assert_eq!((3: u256).pow(4), 81);
    assert_eq!((3: u256).pow(0), 1);
    assert_eq!((0: u256).pow(0), 1);
    // The last power of two: squaring once more would overflow.
    assert_eq!((2: u256).pow(255), max / 2 + 1);
    assert_eq!(max.pow(1), max);
    assert_eq!((0: u256).to_string(), b"0".to_string());
    assert_eq!((107: u256).to_string(), b"107".to_string());
    assert_eq!(max.to_string(), b"115792089237316195423570985008687907853269984665640564039457584007913129639935".to_string());
    assert_eq!(max.checked_add(0), option::some(max));
    assert_eq!(max.checked_add(1), option::none());
    assert_eq!((1: u256).checked_sub(1), option::some(0));
    assert_eq!((1: u256).checked_sub(2), option::none());
    assert_eq!((max / 2).checked_mul(2), option::some(max - 1));
    assert_eq!(max.checked_mul(2), option::none());
    assert_eq!(max.checked_mul(0), option::some(0));
    assert_eq!((7: u256).checked_div(2), option::some(3));
    assert_eq!((7: u256).checked_div(0), option::none());
    assert_eq!(max.saturating_add(1), max);
    assert_eq!((1: u256).saturating_add(1), 2);
    assert_eq!((1: u256).saturating_sub(2), 0);
    assert_eq!((2: u256).saturating_sub(1), 1);
    assert_eq!(max.saturating_mul(2), max);
    assert_eq!((2: u256).saturating_mul(3), 6);
}

#[test]
fun loops_of_u256() {
    let max = std::u256::max_value!();
    let mut seen = vector[];
    (3: u256).do!(|i| seen.push_back(i));
    (1: u256).do_eq!(|i| seen.push_back(i));
    (5: u256).range_do!(7, |i| seen.push_back(i));
    (8: u256).range_do_eq!(9, |i| seen.push_back(i));
    (max - 1).range_do_eq!(max, |i| seen.push_back(i));
    (9: u256).range_do!(9, |i| seen.push_back(i));
    (9: u256).range_do_eq!(8, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 5, 6, 8, 9, max - 1, max]);
}

#[test, expected_failure(arithmetic_error, location = std::u256)]
fun power_too_large_for_u256() {
    (2: u256).pow(255);
    (2: u256).pow(255).pow(2);
}

#[test, expected_failure(arithmetic_error, location = std::u256)]
fun rounding_up_a_division_of_u256_by_zero() {
    (1: u256).divide_and_round_up(0);
}

#[test]
fun u256_as_u8() {
    let limit = std::u8::max_value!();
    assert_eq!((limit as u256).try_as_u8(), option::some(limit));
    assert_eq!((0: u256).try_as_u8(), option::some(0));
    assert_eq!(((limit as u256) + 1).try_as_u8(), option::none());
}

#[test]
fun u256_as_u16() {
    let limit = std::u16::max_value!();
    assert_eq!((limit as u256).try_as_u16(), option::some(limit));
    assert_eq!((0: u256).try_as_u16(), option::some(0));
    assert_eq!(((limit as u256) + 1).try_as_u16(), option::none());
}

#[test]
fun u256_as_u32() {
    let limit = std::u32::max_value!();
    assert_eq!((limit as u256).try_as_u32(), option::some(limit));
    assert_eq!((0: u256).try_as_u32(), option::some(0));
    assert_eq!(((limit as u256) + 1).try_as_u32(), option::none());
}

#[test]
fun u256_as_u64() {
    let limit = std::u64::max_value!();
    assert_eq!((limit as u256).try_as_u64(), option::some(limit));
    assert_eq!((0: u256).try_as_u64(), option::some(0));
    assert_eq!(((limit as u256) + 1).try_as_u64(), option::none());
}

#[test]
fun u256_as_u128() {
    let limit = std::u128::max_value!();
    assert_eq!((limit as u256).try_as_u128(), option::some(limit));
    assert_eq!((0: u256).try_as_u128(), option::some(0));
    assert_eq!(((limit as u256) + 1).try_as_u128(), option::none());
}
