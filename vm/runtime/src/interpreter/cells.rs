//! Memory as cells: how instructions see it while they run.
//!
//! A frame lies in the same memory that references point into, so both are
//! shared references to cells. Indexes outside of the memory give `None`.

use crate::memory::{FRAME_START_MAX, FRAME_WORDS, WORDS, Words};
use std::cell::Cell;

/// All words of an execution.
pub(super) type Cells = [Cell<u64>; WORDS];
/// What a frame sees: a slot number needs no bounds check in it.
pub(super) type Window = [Cell<u64>; FRAME_WORDS];

/// The memory as cells.
pub(super) fn cells(words: &mut Words) -> &Cells {
    Cell::from_mut(words).as_array_of_cells()
}

/// The window of the frame that starts at `start`.
#[inline(always)]
pub(super) fn window(cells: &Cells, start: usize) -> &Window {
    let start = start.min(FRAME_START_MAX);
    (&cells[start..start + FRAME_WORDS])
        .try_into()
        .expect("invariant: the slice has FRAME_WORDS words")
}

/// The word at `index`.
#[inline(always)]
pub(super) fn load(cells: &Cells, index: usize) -> Option<u64> {
    cells.get(index).map(Cell::get)
}

/// Writes the word at `index`.
#[inline(always)]
pub(super) fn store(cells: &Cells, index: usize, value: u64) -> Option<()> {
    cells.get(index)?.set(value);
    Some(())
}

#[inline(always)]
fn mask(bytes: u32) -> u64 {
    u64::MAX >> (64 - 8 * bytes)
}

/// An integer of `BYTES` (1, 2, 4 or 8) at a byte offset that is a multiple of
/// its size.
#[inline(always)]
pub(super) fn load_packed<const BYTES: u32>(cells: &Cells, offset: usize) -> Option<u64> {
    let word = load(cells, offset >> 3)?;
    if BYTES == 8 {
        return Some(word);
    }
    Some((word >> ((offset & 7) * 8)) & mask(BYTES))
}

/// Writes an integer of `BYTES`.
#[inline(always)]
pub(super) fn store_packed<const BYTES: u32>(
    cells: &Cells,
    offset: usize,
    value: u64,
) -> Option<()> {
    let cell = cells.get(offset >> 3)?;
    if BYTES == 8 {
        cell.set(value);
        return Some(());
    }
    let shift = (offset & 7) * 8;
    let kept = cell.get() & !(mask(BYTES) << shift);
    cell.set(kept | ((value & mask(BYTES)) << shift));
    Some(())
}

/// `count` cells from `index`.
#[inline(always)]
pub(super) fn slice(cells: &Cells, index: usize, count: usize) -> Option<&[Cell<u64>]> {
    cells.get(index..index.checked_add(count)?)
}

/// Copies `count` words; the ranges may overlap.
pub(super) fn copy(cells: &Cells, from: usize, to: usize, count: usize) -> Option<()> {
    let (source, target) = (slice(cells, from, count)?, slice(cells, to, count)?);
    if to <= from {
        for (to, from) in target.iter().zip(source) {
            to.set(from.get());
        }
    } else {
        for (to, from) in target.iter().zip(source).rev() {
            to.set(from.get());
        }
    }
    Some(())
}

/// Copies a number of words that is known ahead: all are read before any is
/// written.
#[inline(always)]
pub(super) fn copy_words<const COUNT: usize>(cells: &Cells, from: usize, to: usize) -> Option<()> {
    let source: &[Cell<u64>; COUNT] = slice(cells, from, COUNT)?.try_into().ok()?;
    let target: &[Cell<u64>; COUNT] = slice(cells, to, COUNT)?.try_into().ok()?;
    let words: [u64; COUNT] = std::array::from_fn(|index| source[index].get());
    for (cell, word) in target.iter().zip(words) {
        cell.set(word);
    }
    Some(())
}

/// Whether `count` words are the same in both places.
#[inline(always)]
pub(super) fn equal(cells: &Cells, left: usize, right: usize, count: usize) -> Option<bool> {
    let (left, right) = (slice(cells, left, count)?, slice(cells, right, count)?);
    Some(left.iter().zip(right).all(|(a, b)| a.get() == b.get()))
}

/// Zeroes `count` words.
#[inline(always)]
pub(super) fn zero(cells: &Cells, index: usize, count: usize) -> Option<()> {
    for cell in slice(cells, index, count)? {
        cell.set(0);
    }
    Some(())
}
