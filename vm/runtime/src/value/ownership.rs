//! Copy, drop and equality of values that may own vector buffers.

use super::Vector;
use crate::GasMeter;
use crate::cost_table;
use crate::fault::{self, Fault};
use crate::layout::{Layout, Shape};
use crate::memory::{Heap, WordIndex, Words, bytes, copy, load, slice, slice_mut, store};

/// Frees all buffers that the value at `at` owns. The value itself becomes
/// garbage; the caller zeroes it where it may be dropped again.
pub(crate) fn drop_value(
    words: &mut Words,
    heap: &mut Heap,
    layout: &Layout,
    at: WordIndex,
) -> Result<(), Box<Fault>> {
    if !layout.owns_heap {
        return Ok(());
    }
    match &layout.shape {
        Shape::Vector(element) => {
            let vector = Vector::read(words, at, element.element_bytes)?;
            if vector.buffer == 0 {
                return Ok(());
            }
            if element.owns_heap {
                for index in 0..vector.length {
                    drop_value(words, heap, element, vector.element_word(index, element))?;
                }
            }
            heap.free(words, vector.buffer, vector.capacity);
            Ok(())
        }
        Shape::Struct(fields) => {
            for field in fields {
                drop_value(words, heap, &field.layout, at + field.offset as usize)?;
            }
            Ok(())
        }
        Shape::Enum(variants) => {
            let tag = load(words, at)?;
            for field in variant_fields(variants, tag)? {
                drop_value(words, heap, &field.layout, at + field.offset as usize)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Copies the value at `from` to the words from `to`, buffers included.
/// Charges for each vector by its size, before copying it.
pub(crate) fn copy_value(
    words: &mut Words,
    heap: &mut Heap,
    gas: &mut GasMeter,
    layout: &Layout,
    from: WordIndex,
    to: WordIndex,
) -> Result<(), Box<Fault>> {
    copy(words, from, to, layout.words as usize)?;
    if layout.owns_heap {
        own_copies(words, heap, gas, layout, to)?;
    }
    Ok(())
}

/// Replaces every buffer in the value at `at`, a bitwise copy, by its own copy.
fn own_copies(
    words: &mut Words,
    heap: &mut Heap,
    gas: &mut GasMeter,
    layout: &Layout,
    at: WordIndex,
) -> Result<(), Box<Fault>> {
    match &layout.shape {
        Shape::Vector(element) => {
            let source = Vector::read(words, at, element.element_bytes)?;
            let size = source.length as u64 * u64::from(element.element_bytes);
            let elements = cost_table::elements(element, source.length as u64);
            gas.charge(cost_table::vector() + elements)?;
            // Zero first: an error below must not leave two owners.
            slice_mut(words, at, 2)?.fill(0);
            if source.length == 0 {
                return Ok(());
            }
            let used = size.div_ceil(8);
            let (buffer, capacity) = heap.allocate(words, used)?;
            copy(
                words,
                source.buffer as usize,
                buffer as usize,
                used as usize,
            )?;
            if element.owns_heap {
                for index in 0..source.length {
                    let item = buffer as usize + index * element.words as usize;
                    own_copies(words, heap, gas, element, item)?;
                }
            }
            store(words, at, Vector::block(buffer, capacity))?;
            store(words, at + 1, source.length as u64)
        }
        Shape::Struct(fields) => {
            for field in fields.iter().filter(|field| field.layout.owns_heap) {
                own_copies(words, heap, gas, &field.layout, at + field.offset as usize)?;
            }
            Ok(())
        }
        Shape::Enum(variants) => {
            let tag = load(words, at)?;
            for field in variant_fields(variants, tag)? {
                own_copies(words, heap, gas, &field.layout, at + field.offset as usize)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether two values are equal, structurally. Charges for each pair of
/// vectors of the same length before comparing them.
pub(crate) fn equal(
    words: &Words,
    gas: &mut GasMeter,
    layout: &Layout,
    left: WordIndex,
    right: WordIndex,
) -> Result<bool, Box<Fault>> {
    if !layout.owns_heap {
        let size = layout.words as usize;
        return Ok(slice(words, left, size)? == slice(words, right, size)?);
    }
    match &layout.shape {
        Shape::Vector(element) => {
            let left = Vector::read(words, left, element.element_bytes)?;
            let right = Vector::read(words, right, element.element_bytes)?;
            gas.charge(cost_table::vector())?;
            if left.length != right.length {
                return Ok(false);
            }
            let size = left.length * element.element_bytes as usize;
            gas.charge(cost_table::elements(element, left.length as u64))?;
            if !element.owns_heap {
                return Ok(bytes(words, left.start(), size)? == bytes(words, right.start(), size)?);
            }
            for index in 0..left.length {
                let (a, b) = (
                    left.element_word(index, element),
                    right.element_word(index, element),
                );
                if !equal(words, gas, element, a, b)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Shape::Struct(fields) => {
            for field in fields {
                let offset = field.offset as usize;
                if !equal(words, gas, &field.layout, left + offset, right + offset)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Shape::Enum(variants) => {
            let tag = load(words, left)?;
            if tag != load(words, right)? {
                return Ok(false);
            }
            for field in variant_fields(variants, tag)? {
                let offset = field.offset as usize;
                if !equal(words, gas, &field.layout, left + offset, right + offset)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn variant_fields(
    variants: &[Box<[crate::layout::Field]>],
    tag: u64,
) -> Result<&[crate::layout::Field], Box<Fault>> {
    usize::try_from(tag)
        .ok()
        .and_then(|tag| variants.get(tag))
        .map(|fields| &**fields)
        .ok_or_else(|| fault::invariant("enum value with an unknown variant"))
}
