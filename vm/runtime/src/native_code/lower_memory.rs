//! References: taken, read and written, each access within the memory.

use super::compile::{Lowering, MEMORY_BYTES, RANGE_MAX, Result};
use super::convention::trusted;
use super::fault_code::FaultKind;
use crate::memory::WORDS;
use crate::op::{Op, Slot};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Type, Value, types};

const _: () = assert!(MEMORY_BYTES <= 1 << 32);

/// The type that an integer of `bytes` bytes has in memory.
pub(super) fn packed(bytes: u32) -> Option<Type> {
    Some(match bytes {
        1 => types::I8,
        2 => types::I16,
        4 => types::I32,
        8 => types::I64,
        _ => return None,
    })
}

impl Lowering<'_> {
    /// Lowers `op` if it is one of this family; `false` if not.
    pub(super) fn memory_access(&mut self, op: &Op) -> Result<bool> {
        match *op {
            Op::FrameAddress { dst, slot } => {
                let (frame, memory) = (self.frame(), self.memory());
                let start = self.b.ins().isub(frame, memory);
                let address = self.b.ins().iadd_imm_s(start, i64::from(slot) * 8);
                self.set(dst, address);
            }
            Op::AddOffset { dst, src, off } => {
                let src = self.get(src);
                let address = self.b.ins().iadd_imm_u(src, i64::from(off));
                self.set(dst, address);
            }
            Op::Load64 { dst, a, off } => {
                let value = self.load_word(a, off);
                self.set(dst, value);
            }
            Op::LoadN { bytes, dst, a, off } => {
                let address = self.address(a, off);
                let Some(value) = self.load_packed(address, u32::from(bytes)) else {
                    return Ok(false);
                };
                self.set(dst, value);
            }
            Op::LoadWords { dst, a, words, off } => {
                let words = u32::from(words);
                if words > RANGE_MAX {
                    return Ok(false);
                }
                let from = self.words_at(a, off, words);
                let values: Vec<Value> = (0..words as i32)
                    .map(|word| self.b.ins().load(types::I64, trusted(), from, word * 8))
                    .collect();
                self.set_range(dst, &values);
            }
            Op::Store64 { a, src, off } => {
                let (to, value) = (self.words_at(a, off, 1), self.get(src));
                self.b.ins().store(trusted(), value, to, 0);
            }
            Op::StoreN { bytes, a, src, off } => {
                let address = self.address(a, off);
                let Some(pointer) = self.packed_at(address, u32::from(bytes)) else {
                    return Ok(false);
                };
                let value = self.get(src);
                self.store_packed(pointer, u32::from(bytes), value);
            }
            Op::StoreWords { a, src, words, off } => {
                let words = u32::from(words);
                if words > RANGE_MAX {
                    return Ok(false);
                }
                let to = self.words_at(a, off, words);
                for (word, value) in self.get_range(src, words).into_iter().enumerate() {
                    self.b.ins().store(trusted(), value, to, word as i32 * 8);
                }
            }
            Op::EqRef {
                negate,
                dst,
                a,
                b,
                layout,
            } => {
                let body = self.body;
                let bytes = body
                    .layouts
                    .get(usize::from(layout))
                    .and_then(|layout| layout.scalar_bytes());
                let Some(bytes) = bytes.filter(|bytes| packed(*bytes).is_some()) else {
                    return Ok(false);
                };
                let (a, b) = (self.address(a, 0), self.address(b, 0));
                let (a, b) = (self.load_packed(a, bytes), self.load_packed(b, bytes));
                let (Some(a), Some(b)) = (a, b) else {
                    return Ok(false);
                };
                let order = if negate {
                    IntCC::NotEqual
                } else {
                    IntCC::Equal
                };
                let result = self.b.ins().icmp(order, a, b);
                self.set_bool(dst, result);
            }
            Op::Drop { slot, layout } => {
                let body = self.body;
                let words = body
                    .layouts
                    .get(usize::from(layout))
                    .map_or(0, |layout| layout.words);
                if words > 2 {
                    return Ok(false);
                }
                // Most locals to drop were moved out and are zero.
                let first = self.get(slot);
                self.fast_or_step(|this, slow| {
                    let is_full = this.b.ins().icmp_imm_u(IntCC::NotEqual, first, 0);
                    this.unless_to(is_full, slow);
                });
            }
            Op::PackVariant {
                base,
                tag,
                fields,
                words,
            } => {
                let (fields, words) = (u32::from(fields), u32::from(words));
                if words > RANGE_MAX {
                    return Ok(false);
                }
                let mut value = vec![self.imm(u64::from(tag))];
                value.extend(self.get_range(base, fields));
                let zero = self.imm(0);
                value.resize(words as usize, zero);
                self.set_range(base, &value);
            }
            Op::UnpackVariant {
                dst,
                src,
                tag,
                fields,
            } => {
                let fields = u32::from(fields);
                if fields >= RANGE_MAX {
                    return Ok(false);
                }
                let value = self.get_range(src, 1 + fields);
                self.check_variant(value[0], tag);
                self.set_range(dst, &value[1..]);
            }
            Op::CheckVariant { a, tag, off } => {
                let actual = self.load_word(a, off);
                self.check_variant(actual, tag);
            }
            Op::CheckVariantSlot { a, tag } => {
                let actual = self.get(a);
                self.check_variant(actual, tag);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn check_variant(&mut self, actual: Value, tag: u16) {
        let is_other = self
            .b
            .ins()
            .icmp_imm_u(IntCC::NotEqual, actual, i64::from(tag));
        let position = self.position;
        self.fail_if_with(is_other, FaultKind::Variant, position, Some(actual));
    }

    /// The byte offset that reference `a` and `off` come to. It has at most 33
    /// bits.
    pub(super) fn address(&mut self, a: Slot, off: u32) -> Value {
        let reference = self.get(a);
        let reference = self.b.ins().band_imm_u(reference, 0xffff_ffff);
        if off == 0 {
            return reference;
        }
        self.b.ins().iadd_imm_u(reference, i64::from(off))
    }

    /// A pointer to the word of memory with this index. The index must have
    /// been compared with the size of the memory.
    pub(super) fn word_pointer(&mut self, index: Value) -> Value {
        let offset = self.b.ins().ishl_imm_u(index, 3);
        let memory = self.memory();
        self.b.ins().iadd(memory, offset)
    }

    /// A pointer to `words` words behind a reference, all within the memory.
    fn words_at(&mut self, a: Slot, off: u32, words: u32) -> Value {
        let address = self.address(a, off);
        let index = self.b.ins().ushr_imm_u(address, 3);
        let last = WORDS as i64 - i64::from(words);
        let is_outside = self
            .b
            .ins()
            .icmp_imm_u(IntCC::UnsignedGreaterThan, index, last);
        self.fail_if(is_outside, FaultKind::Bounds);
        self.word_pointer(index)
    }

    /// The word behind a reference.
    pub(super) fn load_word(&mut self, a: Slot, off: u32) -> Value {
        let pointer = self.words_at(a, off, 1);
        self.b.ins().load(types::I64, trusted(), pointer, 0)
    }

    /// A pointer to an integer of `bytes` bytes within the memory. Addresses
    /// are multiples of the size; a stray one is made one, so that the access
    /// stays within its word.
    fn packed_at(&mut self, address: Value, bytes: u32) -> Option<Value> {
        packed(bytes)?;
        let is_outside = self.b.ins().icmp_imm_u(
            IntCC::UnsignedGreaterThanOrEqual,
            address,
            MEMORY_BYTES as i64,
        );
        self.fail_if(is_outside, FaultKind::Bounds);
        let aligned = self.b.ins().band_imm_s(address, -i64::from(bytes));
        let memory = self.memory();
        Some(self.b.ins().iadd(memory, aligned))
    }

    fn load_packed(&mut self, address: Value, bytes: u32) -> Option<Value> {
        let pointer = self.packed_at(address, bytes)?;
        Some(self.load_at(pointer, bytes))
    }

    /// Loads an integer of 1, 2, 4 or 8 bytes.
    pub(super) fn load_at(&mut self, pointer: Value, bytes: u32) -> Value {
        let ty = packed(bytes).unwrap_or(types::I64);
        let value = self.b.ins().load(ty, trusted(), pointer, 0);
        if ty == types::I64 {
            return value;
        }
        self.b.ins().uextend(types::I64, value)
    }

    /// Stores an integer of 1, 2, 4 or 8 bytes.
    pub(super) fn store_packed(&mut self, pointer: Value, bytes: u32, value: Value) {
        let value = match packed(bytes) {
            None | Some(types::I64) => value,
            Some(ty) => self.b.ins().ireduce(ty, value),
        };
        self.b.ins().store(trusted(), value, pointer, 0);
    }

    /// Branches to `bad` if `value` is at least `limit`.
    pub(super) fn below_or(&mut self, value: Value, limit: u64, bad: Block) {
        let is_over =
            self.b
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, value, limit as i64);
        self.unless_to(is_over, bad);
    }
}
