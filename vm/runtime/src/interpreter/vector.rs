//! Vectors; headers as in [`layout`](crate::layout).
//!
//! A vector operand is slot `b` (or `a`, where nothing is read) and the low
//! half of `x`: the header lies in the frame (`IN_FRAME`), or behind the
//! reference in the slot, at that offset. Sizes of elements are parameters of
//! the instruction where they are common: `BYTES` of 1 to 8, `WORDS` of whole
//! words, 0 for a size that is in the high half of `x`.

use super::cells::{self, Cells, Window, load, load_packed, store, store_packed};
use super::control::address;
use super::instruction::{Exit, Host, Instruction, get, set, straight, within};
use crate::fault;

/// The two words of a header, and where they are.
struct Header {
    /// Word of the memory, or slot.
    index: usize,
    block: u64,
    length: u64,
}

impl Header {
    #[inline(always)]
    fn read<const IN_FRAME: bool>(
        cells: &Cells,
        frame: &Window,
        slot: u16,
        offset: u32,
    ) -> Option<Self> {
        if IN_FRAME {
            let (block, length) = (get!(frame, slot), get!(frame, slot.wrapping_add(1)));
            return Some(Self {
                index: usize::from(slot.wrapping_add(1)),
                block,
                length,
            });
        }
        let index = address(frame, slot, offset) >> 3;
        Some(Self {
            index: index + 1,
            block: load(cells, index)?,
            length: load(cells, index + 1)?,
        })
    }

    /// Word at which the buffer starts.
    #[inline(always)]
    fn buffer(&self) -> usize {
        self.block as u32 as usize
    }

    /// Words of the buffer.
    #[inline(always)]
    fn capacity(&self) -> u64 {
        self.block >> 32
    }

    #[inline(always)]
    fn set_length<const IN_FRAME: bool>(
        &self,
        cells: &Cells,
        frame: &Window,
        length: u64,
    ) -> Option<()> {
        if IN_FRAME {
            frame[self.index & 0xffff].set(length);
            return Some(());
        }
        store(cells, self.index, length)
    }

    /// Byte offset of element `index`, which is below the length.
    #[inline(always)]
    fn element(&self, index: u64, bytes: u64) -> usize {
        (self.buffer() as u64 * 8).wrapping_add(index.wrapping_mul(bytes)) as usize
    }
}

#[cold]
fn beyond<'c>(
    host: &mut Host<'_, 'c>,
    at: &'c [Instruction],
    gas: u64,
    index: u64,
    length: u64,
) -> Exit {
    host.fail(at, gas, fault::vector_index(index, length))
}

#[cold]
fn empty<'c>(host: &mut Host<'_, 'c>, at: &'c [Instruction], gas: u64) -> Exit {
    host.fail(at, gas, fault::pop_empty())
}

/// Reads the header of the vector at slot `$slot`.
macro_rules! header {
    ($host:ident, $at:ident, $op:ident, $frame:ident, $gas:ident, $slot:expr) => {
        within!(
            $host,
            $at,
            $gas,
            Header::read::<IN_FRAME>($host.cells, $frame, $slot, $op.low())
        )
    };
}

straight! {
    /// `a` = length of vector `b`.
    fn length[const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        set!(frame, op.a, vector.length);
    }
}

straight! {
    /// `a` = reference to element `c` of vector `b`; high half of `x`: bytes
    /// of an element.
    fn borrow[const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let index = get!(frame, op.c);
        if index >= vector.length {
            return beyond(host, at, gas, index, vector.length);
        }
        set!(frame, op.a, vector.element(index, u64::from(op.high())) as u64);
    }
}

straight! {
    /// `a` = element `c` of vector `b`.
    fn load_element[const BYTES: u32, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let index = get!(frame, op.c);
        if index >= vector.length {
            return beyond(host, at, gas, index, vector.length);
        }
        let offset = vector.element(index, u64::from(BYTES));
        set!(frame, op.a, within!(host, at, gas, load_packed::<BYTES>(host.cells, offset)));
    }
}

straight! {
    /// Element `c` of vector `b` = `a`.
    fn store_element[const BYTES: u32, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let index = get!(frame, op.c);
        if index >= vector.length {
            return beyond(host, at, gas, index, vector.length);
        }
        let (offset, value) = (vector.element(index, u64::from(BYTES)), get!(frame, op.a));
        within!(host, at, gas, store_packed::<BYTES>(host.cells, offset, value));
    }
}

straight! {
    /// Appends integer `a` to vector `b`.
    fn push[const BYTES: u32, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        if vector.length >= vector.capacity() * u64::from(8 / BYTES) {
            return host.slow(at, gas);
        }
        let (offset, value) = (vector.element(vector.length, u64::from(BYTES)), get!(frame, op.a));
        within!(host, at, gas, store_packed::<BYTES>(host.cells, offset, value));
        let length = vector.length + 1;
        within!(host, at, gas, vector.set_length::<IN_FRAME>(host.cells, frame, length));
    }
}

straight! {
    /// Appends the element at `a`, of whole words, to vector `b`.
    fn push_words[const WORDS: usize, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let words = if WORDS > 0 { WORDS } else { op.high() as usize / 8 };
        // A length beyond the memory belongs to no vector.
        let used = (vector.length as u32 as u64) * words as u64;
        if used + words as u64 > vector.capacity() || vector.length > u64::from(u32::MAX) {
            return host.slow(at, gas);
        }
        let (from, to) = (host.word(op.a), vector.buffer() + used as usize);
        if WORDS > 0 {
            within!(host, at, gas, cells::copy_words::<WORDS>(host.cells, from, to));
        } else {
            within!(host, at, gas, cells::copy(host.cells, from, to, words));
        }
        let length = vector.length + 1;
        within!(host, at, gas, vector.set_length::<IN_FRAME>(host.cells, frame, length));
    }
}

straight! {
    /// Removes the last integer of vector `b` and writes it to `a`.
    fn pop[const BYTES: u32, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let Some(last) = vector.length.checked_sub(1) else {
            return empty(host, at, gas);
        };
        let offset = vector.element(last, u64::from(BYTES));
        let value = within!(host, at, gas, load_packed::<BYTES>(host.cells, offset));
        within!(host, at, gas, vector.set_length::<IN_FRAME>(host.cells, frame, last));
        set!(frame, op.a, value);
    }
}

straight! {
    /// Removes the last element, of whole words, and writes it to `a`.
    fn pop_words[const WORDS: usize, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let Some(last) = vector.length.checked_sub(1) else {
            return empty(host, at, gas);
        };
        let words = if WORDS > 0 { WORDS } else { op.high() as usize / 8 };
        let (from, to) = (vector.element(last, words as u64 * 8) / 8, host.word(op.a));
        within!(host, at, gas, vector.set_length::<IN_FRAME>(host.cells, frame, last));
        if WORDS > 0 {
            within!(host, at, gas, cells::copy_words::<WORDS>(host.cells, from, to));
        } else {
            within!(host, at, gas, cells::copy(host.cells, from, to, words));
        }
    }
}

straight! {
    /// Swaps integers `a` and `c` of vector `b`.
    fn swap[const BYTES: u32, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let (i, j) = (get!(frame, op.a), get!(frame, op.c));
        if i >= vector.length || j >= vector.length {
            let index = if i >= vector.length { i } else { j };
            return beyond(host, at, gas, index, vector.length);
        }
        let bytes = u64::from(BYTES);
        let (i, j) = (vector.element(i, bytes), vector.element(j, bytes));
        let left = within!(host, at, gas, load_packed::<BYTES>(host.cells, i));
        let right = within!(host, at, gas, load_packed::<BYTES>(host.cells, j));
        within!(host, at, gas, store_packed::<BYTES>(host.cells, i, right));
        within!(host, at, gas, store_packed::<BYTES>(host.cells, j, left));
    }
}

straight! {
    /// Swaps elements of whole words.
    fn swap_words[const WORDS: usize, const IN_FRAME: bool](host, at, op, frame, gas) {
        let vector = header!(host, at, op, frame, gas, op.b);
        let (i, j) = (get!(frame, op.a), get!(frame, op.c));
        if i >= vector.length || j >= vector.length {
            let index = if i >= vector.length { i } else { j };
            return beyond(host, at, gas, index, vector.length);
        }
        let words = if WORDS > 0 { WORDS } else { op.high() as usize / 8 };
        let bytes = words as u64 * 8;
        let (i, j) = (vector.element(i, bytes) / 8, vector.element(j, bytes) / 8);
        let left = within!(host, at, gas, cells::slice(host.cells, i, words));
        let right = within!(host, at, gas, cells::slice(host.cells, j, words));
        for (left, right) in left.iter().zip(right) {
            let word = left.get();
            left.set(right.get());
            right.set(word);
        }
    }
}
