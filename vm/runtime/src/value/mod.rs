//! Values in flat memory, taken as a whole: copy, drop, equality, BCS.
//!
//! All of these follow a layout. They recurse as deep as the layout is nested,
//! which the type limits bound; vectors are loops.

mod decode;
mod encode;
mod ownership;

pub(crate) use decode::{DecodeError, decode, validate};
pub(crate) use encode::encode;
pub(crate) use ownership::{copy_value, drop_value, equal};

use crate::fault::{self, Fault};
use crate::layout::Layout;
use crate::memory::{WORDS, WordIndex, Words, load};

/// A vector's header, checked against the memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vector {
    /// First word of the buffer; 0 if there is none.
    pub(crate) buffer: u32,
    /// Words of the buffer.
    pub(crate) capacity: u32,
    /// Elements.
    pub(crate) length: usize,
}

impl Vector {
    /// Reads the header at `at` of a vector with elements of `element_bytes`.
    #[inline(always)]
    pub(crate) fn read(
        words: &Words,
        at: WordIndex,
        element_bytes: u32,
    ) -> Result<Self, Box<Fault>> {
        let (block, length) = (load(words, at)?, load(words, at + 1)?);
        let vector = Self {
            buffer: block as u32,
            capacity: (block >> 32) as u32,
            length: length as usize,
        };
        let bytes = length.checked_mul(u64::from(element_bytes));
        if bytes.is_none_or(|bytes| bytes > u64::from(vector.capacity) * 8)
            || vector.buffer as usize + vector.capacity as usize > WORDS
        {
            return Err(fault::invariant("malformed vector"));
        }
        Ok(vector)
    }

    /// The first word of a header.
    #[inline(always)]
    pub(crate) fn block(buffer: u32, capacity: u32) -> u64 {
        u64::from(buffer) | u64::from(capacity) << 32
    }

    /// Byte offset of the buffer.
    #[inline(always)]
    pub(crate) fn start(&self) -> usize {
        self.buffer as usize * 8
    }

    /// First word of element `index`, whose layout takes whole words.
    pub(crate) fn element_word(&self, index: usize, element: &Layout) -> WordIndex {
        self.buffer as usize + index * element.words as usize
    }
}

#[cfg(test)]
mod tests;
