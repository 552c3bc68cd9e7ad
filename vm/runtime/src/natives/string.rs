//! `std::string`: UTF-8 in a `vector<u8>`.

use super::STD;
use crate::cost_table;
use crate::{NativeContext, NativeError, NativeTable};

/// Units for each byte that is looked for, or looked through, for another.
const SEARCH_PER_BYTE: u64 = 3;
/// Bytes checked for one unit.
const CHECKED_PER_UNIT: u64 = 2;
/// Abort code for indexes that are not character boundaries.
const INVALID_INDEX: u64 = 2;

pub(super) fn register(table: &mut NativeTable) {
    table.register(STD, "string", "internal_check_utf8", check_utf8);
    table.register(STD, "string", "internal_is_char_boundary", is_char_boundary);
    table.register(STD, "string", "internal_sub_string", sub_string);
    table.register(STD, "string", "internal_index_of", index_of);
}

fn length(context: &NativeContext<'_>, index: usize) -> Result<u64, NativeError> {
    Ok(context.arg_bytes(index)?.len() as u64)
}

/// `internal_check_utf8(&vector<u8>): bool`
fn check_utf8(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(length(context, 0)? / CHECKED_PER_UNIT)?;
    let is_valid = std::str::from_utf8(context.arg_bytes(0)?).is_ok();
    context.return_bool(is_valid)
}

/// Whether a character of UTF-8 begins or ends at `index`.
fn is_boundary(bytes: &[u8], index: u64) -> bool {
    match usize::try_from(index) {
        Ok(index) if index == bytes.len() => true,
        // Continuation bytes are 10xxxxxx.
        Ok(index) => bytes
            .get(index)
            .is_some_and(|byte| byte & 0b1100_0000 != 0b1000_0000),
        Err(_) => false,
    }
}

/// `internal_is_char_boundary(&vector<u8>, u64): bool`
fn is_char_boundary(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let index = context.arg_u64(1)?;
    let result = is_boundary(context.arg_bytes(0)?, index);
    context.return_bool(result)
}

/// `internal_sub_string(&vector<u8>, u64, u64): vector<u8>`
fn sub_string(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let (from, to) = (context.arg_u64(1)?, context.arg_u64(2)?);
    let bytes = context.arg_bytes(0)?;
    if from > to || !is_boundary(bytes, from) || !is_boundary(bytes, to) {
        return Err(context.abort(INVALID_INDEX));
    }
    context.charge(cost_table::bytes(to - from))?;
    let part = context.arg_bytes(0)?[from as usize..to as usize].to_vec();
    context.return_bytes(&part)
}

/// `internal_index_of(&vector<u8>, &vector<u8>): u64`: where the second
/// occurs first in the first, or the length of the first.
fn index_of(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let length = length(context, 0)?;
    let part = context.arg_bytes(1)?.len() as u64;
    context.charge(SEARCH_PER_BYTE * (length + part))?;
    let (bytes, part) = (context.arg_bytes(0)?, context.arg_bytes(1)?);
    let found = if part.is_empty() {
        Some(0)
    } else if part.len() > bytes.len() {
        None
    } else {
        find(bytes, part)
    };
    let index = found.map_or(length, |index| index as u64);
    context.return_u64(index)
}

/// First occurrence of a part that is not empty, in linear time (Knuth,
/// Morris, Pratt), since texts and patterns may be chosen to be slow.
fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let mut borders = vec![0usize; part.len()];
    let mut matched = 0;
    for index in 1..part.len() {
        while matched > 0 && part[index] != part[matched] {
            matched = borders[matched - 1];
        }
        if part[index] == part[matched] {
            matched += 1;
        }
        borders[index] = matched;
    }
    matched = 0;
    for (index, byte) in bytes.iter().enumerate() {
        while matched > 0 && *byte != part[matched] {
            matched = borders[matched - 1];
        }
        if *byte == part[matched] {
            matched += 1;
        }
        if matched == part.len() {
            return Some(index + 1 - part.len());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn find_agrees_with_windows(bytes in "[ab]{0,40}", part in "[ab]{1,5}") {
            prop_assert_eq!(find(bytes.as_bytes(), part.as_bytes()), bytes.find(&part));
        }

        #[test]
        fn boundaries_agree_with_str(text in "\\PC{0,12}", index in 0usize..50) {
            prop_assert_eq!(is_boundary(text.as_bytes(), index as u64), text.is_char_boundary(index));
        }
    }
}
