//! Flat memory to BCS.

use super::Vector;
use crate::GasMeter;
use crate::cost_table;
use crate::fault::{self, Fault};
use crate::layout::{Layout, Shape};
use crate::memory::{WordIndex, Words, bytes, load};

/// Appends the BCS of the value at word `at`. Charges before the work: for the
/// value, then for each vector when it is met.
pub(crate) fn encode(
    words: &Words,
    gas: &mut GasMeter,
    layout: &Layout,
    at: WordIndex,
    out: &mut Vec<u8>,
) -> Result<(), Box<Fault>> {
    gas.charge(cost_table::bcs(layout))?;
    write(words, gas, layout, at, out)
}

fn write(
    words: &Words,
    gas: &mut GasMeter,
    layout: &Layout,
    at: WordIndex,
    out: &mut Vec<u8>,
) -> Result<(), Box<Fault>> {
    match &layout.shape {
        Shape::Bool => out.push(u8::from(load(words, at)? as u8 != 0)),
        Shape::U8 => out.push(load(words, at)? as u8),
        Shape::U16 => out.extend_from_slice(&(load(words, at)? as u16).to_le_bytes()),
        Shape::U32 => out.extend_from_slice(&(load(words, at)? as u32).to_le_bytes()),
        Shape::U64 => out.extend_from_slice(&load(words, at)?.to_le_bytes()),
        Shape::U128 => out.extend_from_slice(bytes(words, at * 8, 16)?),
        Shape::U256 | Shape::Address => out.extend_from_slice(bytes(words, at * 8, 32)?),
        Shape::Vector(element) => {
            let vector = Vector::read(words, at, element.element_bytes)?;
            gas.charge(cost_table::bcs_elements(element, vector.length as u64))?;
            write_uleb128(vector.length as u64, out);
            if element.element_is_bcs || matches!(element.shape, Shape::Bool) {
                let size = vector.length * element.element_bytes as usize;
                out.extend_from_slice(bytes(words, vector.start(), size)?);
            } else {
                for index in 0..vector.length {
                    write(
                        words,
                        gas,
                        element,
                        vector.element_word(index, element),
                        out,
                    )?;
                }
            }
        }
        Shape::Struct(fields) => {
            for field in fields {
                write(words, gas, &field.layout, at + field.offset as usize, out)?;
            }
        }
        Shape::Enum(variants) => {
            let tag = load(words, at)?;
            let fields = usize::try_from(tag)
                .ok()
                .and_then(|tag| variants.get(tag))
                .ok_or_else(|| fault::invariant("enum value with an unknown variant"))?;
            write_uleb128(tag, out);
            for field in fields {
                write(words, gas, &field.layout, at + field.offset as usize, out)?;
            }
        }
    }
    Ok(())
}

fn write_uleb128(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
