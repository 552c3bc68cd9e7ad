//! Vectors in flat memory; headers as in [`layout`](crate::layout).

use crate::fault::{self, Fault};
use crate::layout::{Layout, VECTOR_WORDS};
use crate::memory::{
    Heap, WordIndex, Words, copy, load, load_packed, slice_mut, store, store_packed,
};
use crate::value::Vector;

/// Byte offset of element `index` of the vector whose header is at `at`.
#[inline(always)]
pub(super) fn element(
    words: &Words,
    at: WordIndex,
    index: u64,
    bytes: u32,
) -> Result<usize, Box<Fault>> {
    let block = load(words, at)?;
    let length = load(words, at.wrapping_add(1))?;
    if index >= length {
        return Err(fault::vector_index(index, length));
    }
    let offset = index.wrapping_mul(u64::from(bytes));
    Ok(((block as u32 as u64) << 3).wrapping_add(offset) as usize)
}

/// Appends a word.
#[inline(always)]
pub(super) fn push_word(
    words: &mut Words,
    heap: &mut Heap,
    at: WordIndex,
    value: u64,
) -> Result<(), Box<Fault>> {
    let mut block = load(words, at)?;
    let length = load(words, at.wrapping_add(1))?;
    if length >= block >> 32 {
        block = grow(words, heap, at, 8)?;
    }
    store(
        words,
        (block as u32 as u64).wrapping_add(length) as usize,
        value,
    )?;
    store(words, at.wrapping_add(1), length.wrapping_add(1))
}

/// Appends an element of `bytes` bytes that lies at word `from`.
pub(super) fn push(
    words: &mut Words,
    heap: &mut Heap,
    at: WordIndex,
    from: WordIndex,
    bytes: u32,
) -> Result<(), Box<Fault>> {
    let vector = Vector::read(words, at, bytes)?;
    let length = vector.length as u64;
    let mut buffer = vector.buffer;
    if (length + 1) * u64::from(bytes) > u64::from(vector.capacity) * 8 {
        buffer = grow(words, heap, at, bytes)? as u32;
    }
    let offset = buffer as usize * 8 + vector.length * bytes as usize;
    if bytes < 8 {
        let value = load(words, from)?;
        store_packed(words, offset, bytes, value)?;
    } else {
        copy(words, from, offset / 8, bytes as usize / 8)?;
    }
    store(words, at + 1, length + 1)
}

/// Gives the vector at `at` a larger buffer: blocks are powers of two, so the
/// next larger one at least doubles it. Returns the first word of its header.
#[cold]
fn grow(words: &mut Words, heap: &mut Heap, at: WordIndex, bytes: u32) -> Result<u64, Box<Fault>> {
    let vector = Vector::read(words, at, bytes)?;
    let needed = (vector.length as u64 + 1) * u64::from(bytes);
    let (buffer, capacity) = heap.allocate(words, needed.div_ceil(8))?;
    if vector.buffer != 0 {
        let used = (vector.length * bytes as usize).div_ceil(8);
        copy(words, vector.buffer as usize, buffer as usize, used)?;
        heap.free(words, vector.buffer, vector.capacity);
    }
    let block = Vector::block(buffer, capacity);
    store(words, at, block)?;
    Ok(block)
}

/// Removes the last word and returns it.
#[inline(always)]
pub(super) fn pop_word(words: &mut Words, at: WordIndex) -> Result<u64, Box<Fault>> {
    let block = load(words, at)?;
    let length = load(words, at.wrapping_add(1))?;
    let last = length.checked_sub(1).ok_or_else(fault::pop_empty)?;
    store(words, at.wrapping_add(1), last)?;
    load(words, (block as u32 as u64).wrapping_add(last) as usize)
}

/// Removes the last element of `bytes` bytes and writes it to word `to`.
pub(super) fn pop(
    words: &mut Words,
    at: WordIndex,
    to: WordIndex,
    bytes: u32,
) -> Result<(), Box<Fault>> {
    let vector = Vector::read(words, at, bytes)?;
    let last = vector.length.checked_sub(1).ok_or_else(fault::pop_empty)?;
    store(words, at + 1, last as u64)?;
    let offset = vector.start() + last * bytes as usize;
    if bytes < 8 {
        let value = load_packed(words, offset, bytes)?;
        store(words, to, value)
    } else {
        copy(words, offset / 8, to, bytes as usize / 8)
    }
}

/// Swaps two elements.
pub(super) fn swap(
    words: &mut Words,
    at: WordIndex,
    i: u64,
    j: u64,
    bytes: u32,
) -> Result<(), Box<Fault>> {
    let (a, b) = (element(words, at, i, bytes)?, element(words, at, j, bytes)?);
    if bytes <= 8 {
        let (left, right) = (load_packed(words, a, bytes)?, load_packed(words, b, bytes)?);
        store_packed(words, a, bytes, right)?;
        return store_packed(words, b, bytes, left);
    }
    for word in 0..bytes as usize / 8 {
        let (a, b) = (a / 8 + word, b / 8 + word);
        let (left, right) = (load(words, a)?, load(words, b)?);
        store(words, a, right)?;
        store(words, b, left)?;
    }
    Ok(())
}

/// Makes a vector of `count` elements that lie at `from` side by side, and
/// writes its header to `to`, which may be the same place.
pub(super) fn pack(
    words: &mut Words,
    heap: &mut Heap,
    element: &Layout,
    from: WordIndex,
    to: WordIndex,
    count: u32,
) -> Result<(), Box<Fault>> {
    let bytes = u64::from(count) * u64::from(element.element_bytes);
    let (buffer, capacity) = heap.allocate(words, bytes.div_ceil(8))?;
    if element.element_bytes < 8 {
        for index in 0..count as usize {
            let value = load(words, from + index)?;
            let offset = buffer as usize * 8 + index * element.element_bytes as usize;
            store_packed(words, offset, element.element_bytes, value)?;
        }
    } else {
        copy(words, from, buffer as usize, (bytes / 8) as usize)?;
    }
    store(words, to, Vector::block(buffer, capacity))?;
    store(words, to + 1, u64::from(count))
}

/// Takes the vector at `from` apart into `count` elements side by side at
/// `to`, which may be the same place.
pub(super) fn unpack(
    words: &mut Words,
    heap: &mut Heap,
    element: &Layout,
    from: WordIndex,
    to: WordIndex,
    count: u32,
) -> Result<(), Box<Fault>> {
    let vector = Vector::read(words, from, element.element_bytes)?;
    if vector.length != count as usize {
        return Err(Box::new(Fault::UnpackLength {
            expected: u64::from(count),
            length: vector.length as u64,
        }));
    }
    slice_mut(words, from, VECTOR_WORDS as usize)?.fill(0);
    if element.element_bytes < 8 {
        for index in 0..vector.length {
            let offset = vector.start() + index * element.element_bytes as usize;
            let value = load_packed(words, offset, element.element_bytes)?;
            store(words, to + index, value)?;
        }
    } else {
        let size = vector.length * element.words as usize;
        copy(words, vector.buffer as usize, to, size)?;
    }
    heap.free(words, vector.buffer, vector.capacity);
    Ok(())
}
