//! BCS to flat memory, strictly: shortest lengths, 0 or 1 for `bool`, nothing
//! left over.

use super::Vector;
use crate::cost_table;
use crate::fault::Fault;
use crate::layout::{Layout, Shape};
use crate::memory::{Heap, WordIndex, Words, bytes_mut, slice_mut, store};
use crate::{BcsError, GasMeter, OutOfGas};

/// Elements that a sequence can have in BCS.
const LENGTH_MAX: u64 = (1 << 31) - 1;

/// Why bytes were not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    Bcs(BcsError),
    OutOfGas,
}

impl From<BcsError> for DecodeError {
    fn from(error: BcsError) -> Self {
        Self::Bcs(error)
    }
}

impl From<OutOfGas> for DecodeError {
    fn from(_: OutOfGas) -> Self {
        Self::OutOfGas
    }
}

/// Writes the value that `input` holds to the words from `at`, which must be
/// free to overwrite. All of `input` must be used. Charges before the work: for
/// the value, then for each vector when it is met.
pub(crate) fn decode(
    words: &mut Words,
    heap: &mut Heap,
    gas: &mut GasMeter,
    layout: &Layout,
    at: WordIndex,
    input: &[u8],
) -> Result<(), DecodeError> {
    gas.charge(cost_table::bcs(layout))?;
    let mut reader = Reader {
        input,
        offset: 0,
        gas,
    };
    reader.value(words, heap, layout, at)?;
    Ok(reader.finish()?)
}

/// Checks `input` without writing anything. Charges as [`decode`] does.
pub(crate) fn validate(
    layout: &Layout,
    gas: &mut GasMeter,
    input: &[u8],
) -> Result<(), DecodeError> {
    gas.charge(cost_table::bcs(layout))?;
    let mut reader = Reader {
        input,
        offset: 0,
        gas,
    };
    reader.skip(layout)?;
    Ok(reader.finish()?)
}

struct Reader<'a, 'g> {
    input: &'a [u8],
    offset: usize,
    gas: &'g mut GasMeter,
}

#[expect(clippy::boxed_local, reason = "faults travel in boxes")]
fn out_of_memory(fault: Box<Fault>) -> BcsError {
    match *fault {
        Fault::MemoryLimit => BcsError::MemoryLimit,
        _ => BcsError::Malformed,
    }
}

impl<'a> Reader<'a, '_> {
    fn finish(&self) -> Result<(), BcsError> {
        match self.input.len() - self.offset {
            0 => Ok(()),
            count => Err(BcsError::TrailingBytes { count }),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], BcsError> {
        let rest = &self.input[self.offset..];
        let taken = rest.get(..count).ok_or(BcsError::UnexpectedEnd {
            offset: self.input.len(),
        })?;
        self.offset += count;
        Ok(taken)
    }

    fn integer(&mut self, size: usize) -> Result<u64, BcsError> {
        let mut word = [0; 8];
        word[..size].copy_from_slice(self.take(size)?);
        Ok(u64::from_le_bytes(word))
    }

    fn boolean(&mut self) -> Result<u64, BcsError> {
        let offset = self.offset;
        match self.integer(1)? {
            value @ (0 | 1) => Ok(value),
            value => Err(BcsError::Bool {
                value: value as u8,
                offset,
            }),
        }
    }

    fn uleb128(&mut self) -> Result<u64, BcsError> {
        let start = self.offset;
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.integer(1)?;
            value |= (byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let shortest = shift == 0 || byte != 0;
                return if shortest && value <= u64::from(u32::MAX) {
                    Ok(value)
                } else {
                    Err(BcsError::Length { offset: start })
                };
            }
        }
        Err(BcsError::Length { offset: start })
    }

    /// A length that the rest of the input can hold.
    fn length(&mut self, element: &Layout) -> Result<usize, BcsError> {
        let offset = self.offset;
        let length = self.uleb128()?;
        if length > LENGTH_MAX {
            return Err(BcsError::Length { offset });
        }
        let rest = (self.input.len() - self.offset) as u64;
        if length * u64::from(element.bcs_bytes_min) > rest {
            return Err(BcsError::UnexpectedEnd {
                offset: self.input.len(),
            });
        }
        Ok(length as usize)
    }

    /// A variant tag and what `variants` has for it.
    fn variant<'v, T>(&mut self, variants: &'v [T]) -> Result<(u64, &'v T), BcsError> {
        let offset = self.offset;
        let value = self.uleb128()?;
        let found = variants.get(value as usize);
        found
            .map(|fields| (value, fields))
            .ok_or(BcsError::Variant { value, offset })
    }

    fn value(
        &mut self,
        words: &mut Words,
        heap: &mut Heap,
        layout: &Layout,
        at: WordIndex,
    ) -> Result<(), DecodeError> {
        match &layout.shape {
            Shape::Bool => {
                let value = self.boolean()?;
                Ok(store(words, at, value).map_err(out_of_memory)?)
            }
            Shape::U8 | Shape::U16 | Shape::U32 | Shape::U64 => {
                let value = self.integer(layout.element_bytes as usize)?;
                Ok(store(words, at, value).map_err(out_of_memory)?)
            }
            Shape::U128 | Shape::U256 | Shape::Address => {
                let size = layout.element_bytes as usize;
                let source = self.take(size)?;
                bytes_mut(words, at * 8, size)
                    .map_err(out_of_memory)?
                    .copy_from_slice(source);
                Ok(())
            }
            Shape::Vector(element) => self.vector(words, heap, element, at),
            Shape::Struct(fields) => {
                for field in fields {
                    self.value(words, heap, &field.layout, at + field.offset as usize)?;
                }
                Ok(())
            }
            Shape::Enum(variants) => {
                let (tag, fields) = self.variant(variants)?;
                slice_mut(words, at, layout.words as usize)
                    .map_err(out_of_memory)?
                    .fill(0);
                store(words, at, tag).map_err(out_of_memory)?;
                for field in fields {
                    self.value(words, heap, &field.layout, at + field.offset as usize)?;
                }
                Ok(())
            }
        }
    }

    fn vector(
        &mut self,
        words: &mut Words,
        heap: &mut Heap,
        element: &Layout,
        at: WordIndex,
    ) -> Result<(), DecodeError> {
        let length = self.length(element)?;
        self.gas
            .charge(cost_table::bcs_elements(element, length as u64))?;
        let (mut buffer, mut capacity) = (0, 0);
        if length > 0 {
            let size = length as u64 * u64::from(element.element_bytes);
            (buffer, capacity) = heap
                .allocate(words, size.div_ceil(8))
                .map_err(out_of_memory)?;
        }
        let vector = Vector {
            buffer,
            capacity,
            length,
        };
        if element.element_is_bcs || matches!(element.shape, Shape::Bool) {
            let offset = self.offset;
            let source = self.take(length * element.element_bytes as usize)?;
            if matches!(element.shape, Shape::Bool)
                && let Some(position) = source.iter().position(|byte| *byte > 1)
            {
                return Err(DecodeError::Bcs(BcsError::Bool {
                    value: source[position],
                    offset: offset + position,
                }));
            }
            bytes_mut(words, vector.start(), source.len())
                .map_err(out_of_memory)?
                .copy_from_slice(source);
        } else {
            for index in 0..length {
                self.value(words, heap, element, vector.element_word(index, element))?;
            }
        }
        store(words, at, Vector::block(buffer, capacity)).map_err(out_of_memory)?;
        Ok(store(words, at + 1, length as u64).map_err(out_of_memory)?)
    }

    fn skip(&mut self, layout: &Layout) -> Result<(), DecodeError> {
        match &layout.shape {
            Shape::Bool => Ok(self.boolean().map(|_| ())?),
            Shape::Vector(element) => {
                let length = self.length(element)?;
                self.gas
                    .charge(cost_table::bcs_elements(element, length as u64))?;
                if element.element_is_bcs {
                    self.take(length * element.element_bytes as usize)?;
                } else if element.bcs_bytes_min > 0 {
                    for _ in 0..length {
                        self.skip(element)?;
                    }
                }
                Ok(())
            }
            Shape::Struct(fields) => fields.iter().try_for_each(|field| self.skip(&field.layout)),
            Shape::Enum(variants) => {
                let (_, fields) = self.variant(variants)?;
                fields.iter().try_for_each(|field| self.skip(&field.layout))
            }
            _ => Ok(self.take(layout.element_bytes as usize).map(|_| ())?),
        }
    }
}
