//! Flat memory of one execution.
//!
//! ```text
//! word 0                         STACK_WORDS                      WORDS
//! ├── frames ──▶        ├ slack ─┤ vector buffers, globals ──▶     │
//! ```
//!
//! All memory is one array of 64-bit words with a length known at compile
//! time. A value outside a vector takes whole words; elements of vectors of
//! `bool`, `u8`, `u16` and `u32` are packed. A reference is a byte offset into
//! the array. Every access is checked against the array, so a wrong offset
//! can at worst read or spoil data of the same execution.
//!
//! The array is allocated zeroed, which the operating system does lazily, and
//! is never cleared afterwards: only pages that some execution has touched
//! cost anything. A verified program can't read what it has not written.
//!
//! Frames are seen through a *window* of [`FRAME_WORDS`] words from their
//! start. A slot number has 16 bits and the window 2¹⁶ words, so an access to a
//! slot needs no bounds check at all.

use crate::fault::{self, Fault};
use bytemuck::{cast_slice, cast_slice_mut};

/// Words of the whole memory: 64 MiB.
pub(crate) const WORDS: usize = 1 << 23;
/// Words that a frame can address.
pub(crate) const FRAME_WORDS: usize = 1 << 16;
/// Words before the heap: 2 MiB, of which the last window is slack.
pub(crate) const STACK_WORDS: usize = 1 << 18;
/// The last word at which a frame may start.
pub(crate) const FRAME_START_MAX: usize = STACK_WORDS - FRAME_WORDS;
/// Heap beyond which a memory is not kept for the next execution: 8 MiB.
const KEEP_WORDS: usize = 1 << 20;

const CLASSES: usize = 24;
/// The smallest block, in words, as a power of two.
const CLASS_MIN: u32 = 2;

const _: () = assert!(STACK_WORDS < WORDS && FRAME_WORDS < STACK_WORDS);
const _: () = assert!(1usize << (CLASSES - 1) >= WORDS);
const _: () = assert!(cfg!(target_endian = "little"));

/// The words of a memory.
pub(crate) type Words = [u64; WORDS];

/// Index of a word.
pub(crate) type WordIndex = usize;

/// The memory and its allocator, kept apart so that both can be borrowed.
pub(crate) struct Memory {
    pub(crate) words: Box<Words>,
    pub(crate) heap: Heap,
}

impl Memory {
    pub(crate) fn new(heap_bytes_max: u32) -> Self {
        let words: Box<Words> = vec![0u64; WORDS]
            .into_boxed_slice()
            .try_into()
            .expect("invariant: the vector has WORDS elements");
        Self {
            words,
            heap: Heap::new(heap_bytes_max),
        }
    }

    /// Makes the memory ready for another execution, or says that it has
    /// grown too large to be kept.
    pub(crate) fn recycle(&mut self) -> bool {
        let used = self.heap.top - STACK_WORDS;
        self.heap.top = STACK_WORDS;
        self.heap.free = [0; CLASSES];
        used <= KEEP_WORDS
    }
}

/// Blocks of powers of two words: a bump pointer and a free list per size.
/// Word 0 is never part of the heap, so 0 ends a list.
pub(crate) struct Heap {
    top: usize,
    limit: usize,
    free: [u32; CLASSES],
}

impl Heap {
    fn new(heap_bytes_max: u32) -> Self {
        let limit = STACK_WORDS + heap_bytes_max as usize / 8;
        Self {
            top: STACK_WORDS,
            limit: limit.min(WORDS),
            free: [0; CLASSES],
        }
    }

    /// Bytes that executions may allocate.
    pub(crate) fn limit_bytes(&self) -> u64 {
        (self.limit - STACK_WORDS) as u64 * 8
    }

    /// Words that the heap has taken so far, freed ones included.
    #[cfg(test)]
    pub(crate) fn used_words(&self) -> usize {
        self.top - STACK_WORDS
    }

    /// A block of at least `words` words: its first word and its size.
    /// Its content is whatever was there.
    pub(crate) fn allocate(
        &mut self,
        memory: &Words,
        words: u64,
    ) -> Result<(u32, u32), Box<Fault>> {
        if words > WORDS as u64 {
            return Err(Fault::MemoryLimit.into());
        }
        let class = class_of(words as u32);
        let size = 1usize << class;
        let head = self.free[class as usize];
        if head != 0 {
            let next = memory
                .get(head as usize)
                .ok_or_else(|| fault::invariant("free list leaves the heap"))?;
            self.free[class as usize] = *next as u32;
            return Ok((head, size as u32));
        }
        if self.top + size > self.limit {
            return Err(Fault::MemoryLimit.into());
        }
        let block = self.top;
        self.top += size;
        Ok((block as u32, size as u32))
    }

    /// Gives a block back. `words` is the size that it was allocated with.
    /// A block that can't have come from this heap is left alone.
    pub(crate) fn free(&mut self, memory: &mut Words, block: u32, words: u32) {
        let at = block as usize;
        if !words.is_power_of_two() || at < STACK_WORDS || at + words as usize > self.top {
            return;
        }
        let class = words.trailing_zeros() as usize;
        if let (Some(word), Some(head)) = (memory.get_mut(at), self.free.get_mut(class)) {
            *word = u64::from(*head);
            *head = block;
        }
    }
}

fn class_of(words: u32) -> u32 {
    words
        .max(1)
        .next_power_of_two()
        .trailing_zeros()
        .max(CLASS_MIN)
}

/// The word at `index`.
#[inline(always)]
pub(crate) fn load(words: &Words, index: usize) -> Result<u64, Box<Fault>> {
    words.get(index).copied().ok_or_else(fault::bounds)
}

/// Writes the word at `index`.
#[inline(always)]
pub(crate) fn store(words: &mut Words, index: usize, value: u64) -> Result<(), Box<Fault>> {
    *words.get_mut(index).ok_or_else(fault::bounds)? = value;
    Ok(())
}

/// `count` words from `index`.
#[inline(always)]
pub(crate) fn slice(words: &Words, index: usize, count: usize) -> Result<&[u64], Box<Fault>> {
    let end = index.checked_add(count).ok_or_else(fault::bounds)?;
    words.get(index..end).ok_or_else(fault::bounds)
}

/// `count` words from `index`, to change.
#[inline(always)]
pub(crate) fn slice_mut(
    words: &mut Words,
    index: usize,
    count: usize,
) -> Result<&mut [u64], Box<Fault>> {
    let end = index.checked_add(count).ok_or_else(fault::bounds)?;
    words.get_mut(index..end).ok_or_else(fault::bounds)
}

/// Copies `count` words; the ranges may overlap.
#[inline(always)]
pub(crate) fn copy(
    words: &mut Words,
    from: usize,
    to: usize,
    count: usize,
) -> Result<(), Box<Fault>> {
    let from_end = from.checked_add(count).ok_or_else(fault::bounds)?;
    let to_end = to.checked_add(count).ok_or_else(fault::bounds)?;
    if from_end > WORDS || to_end > WORDS {
        return Err(fault::bounds());
    }
    words.copy_within(from..from_end, to);
    Ok(())
}

/// `length` bytes from byte `offset`.
pub(crate) fn bytes(words: &Words, offset: usize, length: usize) -> Result<&[u8], Box<Fault>> {
    let end = offset.checked_add(length).ok_or_else(fault::bounds)?;
    cast_slice::<u64, u8>(&words[..])
        .get(offset..end)
        .ok_or_else(fault::bounds)
}

/// `length` bytes from byte `offset`, to change.
pub(crate) fn bytes_mut(
    words: &mut Words,
    offset: usize,
    length: usize,
) -> Result<&mut [u8], Box<Fault>> {
    let end = offset.checked_add(length).ok_or_else(fault::bounds)?;
    cast_slice_mut::<u64, u8>(&mut words[..])
        .get_mut(offset..end)
        .ok_or_else(fault::bounds)
}

/// An integer of 1, 2, 4 or 8 bytes at a byte offset that is a multiple of its
/// size.
#[inline(always)]
pub(crate) fn load_packed(words: &Words, offset: usize, size: u32) -> Result<u64, Box<Fault>> {
    let word = load(words, offset >> 3)?;
    Ok(match size {
        8 => word,
        _ => (word >> ((offset & 7) * 8)) & mask(size),
    })
}

/// Writes an integer of 1, 2, 4 or 8 bytes.
#[inline(always)]
pub(crate) fn store_packed(
    words: &mut Words,
    offset: usize,
    size: u32,
    value: u64,
) -> Result<(), Box<Fault>> {
    if size == 8 {
        return store(words, offset >> 3, value);
    }
    let shift = (offset & 7) * 8;
    let word = words.get_mut(offset >> 3).ok_or_else(fault::bounds)?;
    *word = (*word & !(mask(size) << shift)) | ((value & mask(size)) << shift);
    Ok(())
}

#[inline(always)]
fn mask(size: u32) -> u64 {
    match size {
        1 => 0xff,
        2 => 0xffff,
        4 => 0xffff_ffff,
        _ => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_reused_by_size() {
        let mut memory = Memory::new(1 << 20);
        let Memory { words, heap } = &mut memory;
        let (a, size) = heap.allocate(words, 5).expect("fits");
        assert_eq!(size, 8);
        let (b, _) = heap.allocate(words, 8).expect("fits");
        assert_ne!(a, b);
        heap.free(words, a, size);
        heap.free(words, b, size);
        assert_eq!(heap.allocate(words, 6), Ok((b, 8)));
        assert_eq!(heap.allocate(words, 7), Ok((a, 8)));
    }

    #[test]
    fn the_limit_holds() {
        let mut memory = Memory::new(1 << 10);
        let Memory { words, heap } = &mut memory;
        assert!(heap.allocate(words, 64).is_ok());
        assert!(heap.allocate(words, 64).is_ok());
        assert_eq!(heap.allocate(words, 4), Err(Fault::MemoryLimit.into()));
        assert_eq!(
            heap.allocate(words, u64::MAX),
            Err(Fault::MemoryLimit.into())
        );
    }

    #[test]
    fn a_foreign_block_is_not_freed() {
        let mut memory = Memory::new(1 << 10);
        let Memory { words, heap } = &mut memory;
        for (block, size) in [(0, 4), (u32::MAX, 4), (STACK_WORDS as u32, 3)] {
            heap.free(words, block, size);
        }
        assert_eq!(heap.allocate(words, 4), Ok((STACK_WORDS as u32, 4)));
    }

    #[test]
    fn packed_integers_keep_their_neighbours() {
        let mut memory = Memory::new(0);
        let words = &mut memory.words;
        store_packed(words, 80, 8, u64::MAX).expect("in bounds");
        store_packed(words, 82, 2, 0x1234).expect("in bounds");
        assert_eq!(load(words, 10), Ok(0xffff_ffff_1234_ffff));
        assert_eq!(load_packed(words, 83, 1), Ok(0x12));
        assert_eq!(load_packed(words, WORDS * 8, 1), Err(fault::bounds()));
    }
}
