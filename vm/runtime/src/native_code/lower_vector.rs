//! Vectors: the usual case of each instruction. Whatever is unusual (an index
//! out of range, growth, a header that no vector has) goes to the VM before
//! anything has changed, and is done there as a whole.

use super::compile::{Lowering, MEMORY_BYTES, Result};
use super::convention::trusted;
use super::effects::words_of;
use super::lower_memory::packed;
use crate::memory::WORDS;
use crate::op::{IN_FRAME, Op, Slot};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};

/// Elements that are handled here have at most this many bytes.
const ELEMENT_BYTES_MAX: u32 = 64;
/// No vector is longer: an element takes at least a byte.
const LENGTH_MAX: u64 = MEMORY_BYTES;

/// Where a vector's header is.
#[derive(Clone, Copy)]
enum Header {
    Slots(Slot),
    Memory(Value),
}

/// What a header says.
struct Buffer {
    /// First word.
    start: Value,
    capacity: Value,
}

impl Lowering<'_> {
    /// Lowers `op` if it is one of this family; `false` if not.
    pub(super) fn vector(&mut self, op: &Op) -> Result<bool> {
        match *op {
            Op::VecLen { dst, vec, off } => self.fast_or_step(|this, slow| {
                let header = this.header(vec, off, slow);
                let length = this.length(header);
                this.set(dst, length);
            }),
            Op::VecBorrow {
                dst,
                vec,
                idx,
                off,
                bytes,
            } => self.fast_or_step(|this, slow| {
                let element = this.element(vec, idx, off, bytes, slow);
                this.set(dst, element);
            }),
            Op::VecLoad64 { dst, vec, idx, off } => self.load_element(dst, vec, idx, off, 8),
            Op::VecLoadN {
                bytes,
                dst,
                vec,
                idx,
                off,
            } => self.load_element(dst, vec, idx, off, u32::from(bytes)),
            Op::VecStore64 { src, vec, idx, off } => self.store_element(src, vec, idx, off, 8),
            Op::VecStoreN {
                bytes,
                src,
                vec,
                idx,
                off,
            } => self.store_element(src, vec, idx, off, u32::from(bytes)),
            Op::VecPush64 { vec, src, off } => self.push(vec, src, off, 8),
            Op::VecPush {
                vec,
                src,
                off,
                bytes,
            } if bytes <= ELEMENT_BYTES_MAX => self.push(vec, src, off, bytes),
            Op::VecPop64 { dst, vec, off } => self.pop(dst, vec, off, 8),
            Op::VecPop {
                dst,
                vec,
                off,
                bytes,
            } if bytes <= ELEMENT_BYTES_MAX => self.pop(dst, vec, off, bytes),
            Op::VecSwap {
                vec,
                i,
                j,
                off,
                bytes,
            } if bytes <= ELEMENT_BYTES_MAX => self.swap(vec, i, j, off, bytes),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn header(&mut self, vec: Slot, off: u32, slow: Block) -> Header {
        if off == IN_FRAME {
            return Header::Slots(vec);
        }
        let address = self.address(vec, off);
        let index = self.b.ins().ushr_imm_u(address, 3);
        // Two words.
        self.below_or(index, WORDS as u64 - 1, slow);
        Header::Memory(self.word_pointer(index))
    }

    fn length(&mut self, header: Header) -> Value {
        match header {
            Header::Slots(slot) => self.get_at(u32::from(slot) + 1),
            Header::Memory(pointer) => self.b.ins().load(types::I64, trusted(), pointer, 8),
        }
    }

    fn set_length(&mut self, header: Header, length: Value) {
        match header {
            Header::Slots(slot) => self.set_at(u32::from(slot) + 1, length),
            Header::Memory(pointer) => {
                self.b.ins().store(trusted(), length, pointer, 8);
            }
        }
    }

    fn block(&mut self, header: Header) -> Value {
        match header {
            Header::Slots(slot) => self.get(slot),
            Header::Memory(pointer) => self.b.ins().load(types::I64, trusted(), pointer, 0),
        }
    }

    /// First word of the buffer.
    fn start(&mut self, header: Header) -> Value {
        let block = self.block(header);
        self.b.ins().band_imm_u(block, 0xffff_ffff)
    }

    /// Start and capacity of the buffer, which must lie within the memory. The
    /// capacity is in elements if their size is a power of two, else in bytes.
    fn buffer(&mut self, header: Header, bytes: u32, slow: Block) -> Buffer {
        let block = self.block(header);
        let start = self.b.ins().band_imm_u(block, 0xffff_ffff);
        let capacity = self.b.ins().ushr_imm_u(block, 32);
        let end = self.b.ins().iadd(start, capacity);
        self.below_or(end, WORDS as u64 + 1, slow);
        let capacity = match bytes.trailing_zeros() {
            _ if !bytes.is_power_of_two() => self.b.ins().ishl_imm_u(capacity, 3),
            shift @ 0..3 => self.b.ins().ishl_imm_u(capacity, i64::from(3 - shift)),
            shift => self.b.ins().ushr_imm_u(capacity, i64::from(shift - 3)),
        };
        Buffer { start, capacity }
    }

    /// Branches to `slow` unless `length` elements fit the buffer.
    fn fits_or(&mut self, buffer: &Buffer, length: Value, bytes: u32, slow: Block) {
        let used = if bytes.is_power_of_two() {
            length
        } else {
            self.below_or(length, LENGTH_MAX, slow);
            self.scaled(length, bytes)
        };
        let is_short = self
            .b
            .ins()
            .icmp(IntCC::UnsignedGreaterThan, used, buffer.capacity);
        self.unless_to(is_short, slow);
    }

    fn scaled(&mut self, index: Value, bytes: u32) -> Value {
        if bytes.is_power_of_two() {
            let shift = i64::from(bytes.trailing_zeros());
            return self.b.ins().ishl_imm_u(index, shift);
        }
        self.b.ins().imul_imm_u(index, i64::from(bytes))
    }

    /// Byte offset of an element, which the index check allows; not compared
    /// with the size of the memory.
    fn element(&mut self, vec: Slot, idx: Slot, off: u32, bytes: u32, slow: Block) -> Value {
        let header = self.header(vec, off, slow);
        let index = self.get(idx);
        self.element_at(header, index, bytes, slow)
    }

    fn element_at(&mut self, header: Header, index: Value, bytes: u32, slow: Block) -> Value {
        let length = self.length(header);
        let is_outside = self
            .b
            .ins()
            .icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
        self.unless_to(is_outside, slow);
        let start = self.start(header);
        let start = self.b.ins().ishl_imm_u(start, 3);
        let offset = self.scaled(index, bytes);
        self.b.ins().iadd(start, offset)
    }

    /// A pointer to `bytes` bytes at a byte offset, all within the memory.
    fn element_pointer(&mut self, element: Value, bytes: u32, slow: Block) -> Value {
        self.below_or(element, MEMORY_BYTES - u64::from(bytes) + 1, slow);
        let memory = self.memory();
        self.b.ins().iadd(memory, element)
    }

    fn load_element(&mut self, dst: Slot, vec: Slot, idx: Slot, off: u32, bytes: u32) {
        self.fast_or_step(|this, slow| {
            let element = this.element(vec, idx, off, bytes, slow);
            let pointer = this.element_pointer(element, bytes, slow);
            let value = this.load_at(pointer, bytes);
            this.set(dst, value);
        });
    }

    fn store_element(&mut self, src: Slot, vec: Slot, idx: Slot, off: u32, bytes: u32) {
        self.fast_or_step(|this, slow| {
            let element = this.element(vec, idx, off, bytes, slow);
            let pointer = this.element_pointer(element, bytes, slow);
            let value = this.get(src);
            this.store_packed(pointer, bytes, value);
        });
    }

    fn load_words(&mut self, pointer: Value, bytes: u32) -> Vec<Value> {
        if packed(bytes).is_some() {
            return vec![self.load_at(pointer, bytes)];
        }
        (0..words_of(bytes) as i32)
            .map(|word| self.b.ins().load(types::I64, trusted(), pointer, word * 8))
            .collect()
    }

    fn store_words(&mut self, pointer: Value, bytes: u32, values: &[Value]) {
        if let ([value], Some(_)) = (values, packed(bytes)) {
            return self.store_packed(pointer, bytes, *value);
        }
        for (word, value) in values.iter().enumerate() {
            self.b
                .ins()
                .store(trusted(), *value, pointer, word as i32 * 8);
        }
    }

    fn push(&mut self, vec: Slot, src: Slot, off: u32, bytes: u32) {
        self.fast_or_step(|this, slow| {
            let header = this.header(vec, off, slow);
            let length = this.length(header);
            let buffer = this.buffer(header, bytes, slow);
            let longer = this.b.ins().iadd_imm_s(length, 1);
            if bytes.is_power_of_two() {
                let is_full =
                    this.b
                        .ins()
                        .icmp(IntCC::UnsignedGreaterThanOrEqual, length, buffer.capacity);
                this.unless_to(is_full, slow);
            } else {
                // Compared before it is added to, lest the sum wrap.
                this.below_or(length, LENGTH_MAX, slow);
                this.fits_or(&buffer, longer, bytes, slow);
            }
            let pointer = this.element_in(&buffer, length, bytes);
            let values = this.get_range(src, words_of(bytes));
            this.store_words(pointer, bytes, &values);
            this.set_length(header, longer);
        });
    }

    fn pop(&mut self, dst: Slot, vec: Slot, off: u32, bytes: u32) {
        self.fast_or_step(|this, slow| {
            let header = this.header(vec, off, slow);
            let length = this.length(header);
            let is_empty = this.b.ins().icmp_imm_u(IntCC::Equal, length, 0);
            this.unless_to(is_empty, slow);
            let buffer = this.buffer(header, bytes, slow);
            this.fits_or(&buffer, length, bytes, slow);
            let last = this.b.ins().iadd_imm_s(length, -1);
            this.set_length(header, last);
            let pointer = this.element_in(&buffer, last, bytes);
            let values = this.load_words(pointer, bytes);
            this.set_range(dst, &values);
        });
    }

    /// A pointer to an element within a buffer that was found large enough.
    fn element_in(&mut self, buffer: &Buffer, index: Value, bytes: u32) -> Value {
        let start = self.b.ins().ishl_imm_u(buffer.start, 3);
        let offset = self.scaled(index, bytes);
        let element = self.b.ins().iadd(start, offset);
        let memory = self.memory();
        self.b.ins().iadd(memory, element)
    }

    fn swap(&mut self, vec: Slot, i: Slot, j: Slot, off: u32, bytes: u32) {
        self.fast_or_step(|this, slow| {
            let header = this.header(vec, off, slow);
            let (i, j) = (this.get(i), this.get(j));
            let a = this.element_at(header, i, bytes, slow);
            let b = this.element_at(header, j, bytes, slow);
            let a = this.element_pointer(a, bytes, slow);
            let b = this.element_pointer(b, bytes, slow);
            let (left, right) = (this.load_words(a, bytes), this.load_words(b, bytes));
            this.store_words(a, bytes, &right);
            this.store_words(b, bytes, &left);
        });
    }
}
