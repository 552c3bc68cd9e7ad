//! Instructions that need the memory as a whole: they allocate or follow a
//! layout. They run outside of threaded code, one at a time.

use crate::code::{ConstantValue, Ops};
use crate::fault::{self, Fault};
use crate::layout::{Layout, VECTOR_WORDS};
use crate::memory::{
    Heap, Memory, WordIndex, Words, copy, load, load_packed, slice_mut, store, store_packed,
};
use crate::op::{IN_FRAME, Op, Slot};
use crate::value::{DecodeError, Vector, copy_value, decode, drop_value, equal};
use crate::{BcsError, GasMeter};

/// Does the instruction `op` of `body` in the frame at `start`.
pub(super) fn step(
    memory: &mut Memory,
    gas: &mut GasMeter,
    body: &Ops,
    op: &Op,
    start: WordIndex,
) -> Result<(), Box<Fault>> {
    let (words, heap) = (&mut *memory.words, &mut memory.heap);
    let at = |slot: Slot| start.wrapping_add(usize::from(slot));
    let layout = |index: u16| -> Result<&Layout, Box<Fault>> {
        let found = body.layouts.get(usize::from(index));
        found
            .map(|layout| &**layout)
            .ok_or_else(|| fault::invariant("layout out of range"))
    };
    match *op {
        Op::ConstValue { dst, index } => {
            let missing = || fault::invariant("constant out of range");
            let Some(ConstantValue::Encoded {
                layout,
                module,
                index,
            }) = body.constants.get(usize::from(index))
            else {
                return Err(missing());
            };
            let bytes = &module.module.get(*index).ok_or_else(missing)?.data;
            // Its block has paid for it.
            let mut paid = GasMeter::unlimited();
            decode(words, heap, &mut paid, layout, at(dst), bytes).map_err(constant_fault)?;
        }
        Op::CopyValue {
            dst,
            src,
            layout: index,
        } => copy_value(words, heap, gas, layout(index)?, at(src), at(dst))?,
        Op::Drop {
            slot,
            layout: index,
        } => drop_value(words, heap, layout(index)?, at(slot))?,
        Op::DropLocals {} => {
            for (slot, index) in &body.owning_locals {
                drop_value(words, heap, layout(*index)?, at(*slot))?;
            }
        }
        Op::EqValue {
            negate,
            dst,
            a,
            b,
            layout: index,
        } => {
            let layout = layout(index)?;
            let result = equal(words, gas, layout, at(a), at(b))? != negate;
            drop_value(words, heap, layout, at(a))?;
            drop_value(words, heap, layout, at(b))?;
            store(words, at(dst), u64::from(result))?;
        }
        Op::EqRef {
            negate,
            dst,
            a,
            b,
            layout: index,
        } => {
            let (a, b) = (
                reference(words, at(a), 0)? >> 3,
                reference(words, at(b), 0)? >> 3,
            );
            let result = equal(words, gas, layout(index)?, a, b)? != negate;
            store(words, at(dst), u64::from(result))?;
        }
        Op::LoadValue {
            dst,
            a,
            layout: index,
            off,
        } => {
            let from = reference(words, at(a), off)? >> 3;
            copy_value(words, heap, gas, layout(index)?, from, at(dst))?;
        }
        Op::StoreValue {
            a,
            src,
            layout: index,
            off,
        } => {
            let to = reference(words, at(a), off)? >> 3;
            let layout = layout(index)?;
            drop_value(words, heap, layout, to)?;
            copy(words, at(src), to, layout.words as usize)?;
        }
        Op::VecPack {
            dst,
            src,
            layout: index,
            count,
        } => pack(words, heap, layout(index)?, at(src), at(dst), count)?,
        Op::VecUnpack {
            dst,
            src,
            layout: index,
            count,
        } => unpack(words, heap, layout(index)?, at(src), at(dst), count)?,
        Op::VecPush64 { vec, src, off } => {
            let header = header(words, at(vec), off)?;
            push(words, heap, header, at(src), 8)?;
        }
        Op::VecPush {
            vec,
            src,
            off,
            bytes,
        } => {
            let header = header(words, at(vec), off)?;
            push(words, heap, header, at(src), bytes)?;
        }
        _ => return Err(fault::invariant("instruction has no slow path")),
    }
    Ok(())
}

/// Byte offset that a reference and an offset give.
fn reference(words: &Words, at: WordIndex, offset: u32) -> Result<usize, Box<Fault>> {
    Ok((load(words, at)? as u32 as usize).wrapping_add(offset as usize))
}

/// Word at which a vector's header is.
fn header(words: &Words, at: WordIndex, offset: u32) -> Result<WordIndex, Box<Fault>> {
    match offset {
        IN_FRAME => Ok(at),
        _ => Ok(reference(words, at, offset)? >> 3),
    }
}

/// Constants were checked when the code was translated.
fn constant_fault(error: DecodeError) -> Box<Fault> {
    match error {
        DecodeError::Bcs(BcsError::MemoryLimit) => Box::new(Fault::MemoryLimit),
        _ => fault::invariant("constant is not of its type"),
    }
}

/// Appends an element of `bytes` bytes that lies at word `from`.
fn push(
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

/// Makes a vector of `count` elements that lie at `from` side by side, and
/// writes its header to `to`, which may be the same place.
fn pack(
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
fn unpack(
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
