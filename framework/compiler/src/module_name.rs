//! Reads a compiled module's own name, and nothing else of it.
//!
//! The compiler returns modules without their names. This crate also runs in
//! build scripts, below the crate that reads the format properly, so it finds
//! the name itself: header, table directory, then three tables.
//!
//! ```text
//! magic 4 | version 4 | table count | (kind 1, offset, count)* | contents | self
//! ```
//! Numbers without a width are ULEB128; offsets count from the contents' start,
//! and `self` is the index of the module's own handle.

use sui_sdk_types::Address;

const MODULE_HANDLES: u8 = 0x1;
const IDENTIFIERS: u8 = 0x7;
const ADDRESS_IDENTIFIERS: u8 = 0x8;

/// The name of the module in `bytes`, or nothing if this isn't a module.
pub(crate) fn module_name(bytes: &[u8]) -> Option<(Address, String)> {
    let mut header = Reader(bytes.get(8..)?);
    let count = header.number()?;
    let mut tables = Vec::new();
    for _ in 0..count {
        tables.push((header.byte()?, header.number()?, header.number()?));
    }
    let contents = header.0;
    let table = |kind| {
        let (_, start, length) = *tables.iter().find(|(other, ..)| *other == kind)?;
        contents.get(start..start.checked_add(length)?)
    };
    let end = tables
        .iter()
        .map(|(_, start, length)| start.saturating_add(*length))
        .max()?;

    let own_handle = Reader(contents.get(end..)?).number()?;
    let mut handles = Reader(table(MODULE_HANDLES)?);
    for _ in 0..own_handle {
        handles.number()?;
        handles.number()?;
    }
    let (address, name) = (handles.number()?, handles.number()?);

    let address = table(ADDRESS_IDENTIFIERS)?
        .chunks_exact(Address::LENGTH)
        .nth(address)?;
    let mut identifiers = Reader(table(IDENTIFIERS)?);
    for _ in 0..name {
        identifiers.string()?;
    }
    let name = std::str::from_utf8(identifiers.string()?).ok()?;
    Some((Address::from_bytes(address).ok()?, name.to_owned()))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A ULEB128 number of at most 32 bits.
    fn number(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let mut module = vec![0xa1, 0x1c, 0xeb, 0x0b, 7, 0, 0, 0];
            module.extend(bytes);
            module_name(&module);
        }
    }
}
