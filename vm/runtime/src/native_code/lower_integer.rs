//! Integers, booleans, and moves between slots.

use super::compile::{Lowering, RANGE_MAX, Refused, Result};
use super::fault_code::FaultKind;
use crate::code::ConstantValue;
use crate::op::{Op, Slot};
use crate::value_width::{Comparison, WideOp, Width};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// The bits of an integer of `bits` bits.
fn low_bits(bits: u8) -> u64 {
    u64::MAX >> (64 - u32::from(bits)).min(63)
}

impl Lowering<'_> {
    /// Lowers `op` if it is one of this family; `false` if not.
    pub(super) fn integer(&mut self, op: &Op) -> Result<bool> {
        match *op {
            Op::Const { dst, imm } => {
                let value = self.imm(imm);
                self.set(dst, value);
            }
            Op::ConstWords { dst, index } => return self.constant(dst, index),
            Op::Move { dst, src } => self.move_words(dst, src, 1),
            Op::Move2 { dst, src } => self.move_words(dst, src, 2),
            Op::Move4 { dst, src } => self.move_words(dst, src, 4),
            Op::MoveWords { dst, src, words } => {
                if u32::from(words) > RANGE_MAX {
                    return Ok(false);
                }
                self.move_words(dst, src, u32::from(words));
            }
            Op::MoveOut { dst, src, words } => {
                if u32::from(words) > RANGE_MAX {
                    return Ok(false);
                }
                // Zeroing comes last, as the ranges may overlap.
                self.move_words(dst, src, u32::from(words));
                self.zero(src, u32::from(words));
            }
            Op::Zero { dst, words } => {
                if u32::from(words) > RANGE_MAX {
                    return Ok(false);
                }
                self.zero(dst, u32::from(words));
            }

            Op::Add64 { dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                let sum = self.b.ins().iadd(a, b);
                let is_over = self.b.ins().icmp(IntCC::UnsignedLessThan, sum, a);
                self.fail_if(is_over, FaultKind::Overflow);
                self.set(dst, sum);
            }
            Op::Add64Imm { dst, a, imm } => {
                let a = self.get(a);
                let most = self.imm(!imm);
                let is_over = self.b.ins().icmp(IntCC::UnsignedGreaterThan, a, most);
                self.fail_if(is_over, FaultKind::Overflow);
                let imm = self.imm(imm);
                let sum = self.b.ins().iadd(a, imm);
                self.set(dst, sum);
            }
            Op::AddN { bits, dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                let sum = self.b.ins().iadd(a, b);
                self.set_narrow(dst, sum, bits, FaultKind::Overflow);
            }
            Op::AddNImm { bits, dst, a, imm } => {
                let (a, imm) = (self.get(a), self.imm(imm));
                let sum = self.b.ins().iadd(a, imm);
                self.set_narrow(dst, sum, bits, FaultKind::Overflow);
            }
            Op::Sub { dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                self.subtract(dst, a, b);
            }
            Op::SubImm { dst, a, imm } => {
                let (a, imm) = (self.get(a), self.imm(imm));
                self.subtract(dst, a, imm);
            }
            Op::Mul64 { dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                let (product, is_over) = self.b.ins().umul_overflow(a, b);
                self.fail_if(is_over, FaultKind::Overflow);
                self.set(dst, product);
            }
            Op::Mul64Imm { dst, a, imm } => {
                let a = self.get(a);
                if imm > 1 {
                    let most = self.imm(u64::MAX / imm);
                    let is_over = self.b.ins().icmp(IntCC::UnsignedGreaterThan, a, most);
                    self.fail_if(is_over, FaultKind::Overflow);
                }
                let imm = self.imm(imm);
                let product = self.b.ins().imul(a, imm);
                self.set(dst, product);
            }
            Op::MulN { bits, dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                let product = self.b.ins().imul(a, b);
                self.set_narrow(dst, product, bits, FaultKind::Overflow);
            }
            Op::Div { dst, a, b } | Op::Mod { dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                let is_zero = self.b.ins().icmp_imm_u(IntCC::Equal, b, 0);
                self.fail_if(is_zero, FaultKind::DivisionByZero);
                let result = match op {
                    Op::Div { .. } => self.b.ins().udiv(a, b),
                    _ => self.b.ins().urem(a, b),
                };
                self.set(dst, result);
            }
            Op::DivImm { dst, a, imm } | Op::ModImm { dst, a, imm } => {
                if imm == 0 {
                    return Err(Refused);
                }
                let (a, imm) = (self.get(a), self.imm(imm));
                let result = match op {
                    Op::DivImm { .. } => self.b.ins().udiv(a, imm),
                    _ => self.b.ins().urem(a, imm),
                };
                self.set(dst, result);
            }
            Op::And { dst, a, b } => self.bits(WideOp::And, dst, a, b),
            Op::Or { dst, a, b } => self.bits(WideOp::Or, dst, a, b),
            Op::Xor { dst, a, b } => self.bits(WideOp::Xor, dst, a, b),
            Op::AndImm { dst, a, imm } => self.bits_imm(WideOp::And, dst, a, imm),
            Op::OrImm { dst, a, imm } => self.bits_imm(WideOp::Or, dst, a, imm),
            Op::XorImm { dst, a, imm } => self.bits_imm(WideOp::Xor, dst, a, imm),
            Op::Not { dst, a } => self.bits_imm(WideOp::Xor, dst, a, 1),
            Op::Shl { bits, dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                self.check_shift(b, u64::from(bits));
                let shifted = self.b.ins().ishl(a, b);
                let value = self.mask(shifted, low_bits(bits));
                self.set(dst, value);
            }
            Op::ShlImm {
                bits,
                shift,
                dst,
                a,
            } => {
                let (a, shift) = (self.get(a), self.imm(u64::from(shift & 63)));
                let shifted = self.b.ins().ishl(a, shift);
                let value = self.mask(shifted, low_bits(bits));
                self.set(dst, value);
            }
            Op::Shr { bits, dst, a, b } => {
                let (a, b) = (self.get(a), self.get(b));
                self.check_shift(b, u64::from(bits));
                let value = self.b.ins().ushr(a, b);
                self.set(dst, value);
            }
            Op::ShrImm { shift, dst, a } => {
                let (a, shift) = (self.get(a), self.imm(u64::from(shift & 63)));
                let value = self.b.ins().ushr(a, shift);
                self.set(dst, value);
            }
            Op::Cast { bits, dst, src } => {
                let value = self.get(src);
                self.set_narrow(dst, value, bits, FaultKind::Cast);
            }
            Op::CastWide { from, to, dst, src } => self.cast_wide(from, to, dst, src),
            Op::Eq { dst, a, b } => self.compare(IntCC::Equal, dst, a, b),
            Op::Ne { dst, a, b } => self.compare(IntCC::NotEqual, dst, a, b),
            Op::Lt { dst, a, b } => self.compare(IntCC::UnsignedLessThan, dst, a, b),
            Op::Le { dst, a, b } => self.compare(IntCC::UnsignedLessThanOrEqual, dst, a, b),
            Op::EqImm { dst, a, imm } => self.compare_imm(IntCC::Equal, dst, a, imm),
            Op::NeImm { dst, a, imm } => self.compare_imm(IntCC::NotEqual, dst, a, imm),
            Op::LtImm { dst, a, imm } => self.compare_imm(IntCC::UnsignedLessThan, dst, a, imm),
            Op::GeImm { dst, a, imm } => {
                self.compare_imm(IntCC::UnsignedGreaterThanOrEqual, dst, a, imm);
            }
            Op::Arith128 { op, dst, a, b } => self.arithmetic128(op, dst, a, b),
            Op::Arith256 { op, dst, a, b } => match op {
                WideOp::Shl | WideOp::Shr => return Ok(false),
                WideOp::Mul | WideOp::Div | WideOp::Mod => self.narrow_or_step(op, dst, a, b, 4),
                _ => self.arithmetic256(op, dst, a, b),
            },
            Op::Compare128 { op, dst, a, b } => {
                let (a, b) = (self.get128(a), self.get128(b));
                let order = match op {
                    Comparison::Lt => IntCC::UnsignedLessThan,
                    Comparison::Le => IntCC::UnsignedLessThanOrEqual,
                };
                let result = self.b.ins().icmp(order, a, b);
                self.set_bool(dst, result);
            }
            Op::Compare256 { op, dst, a, b } => {
                // a <= b is not b < a.
                let (a, b, negate) = match op {
                    Comparison::Lt => (a, b, 0),
                    Comparison::Le => (b, a, 1),
                };
                let (a, b) = (self.get_range(a, 4), self.get_range(b, 4));
                let (_, is_less) = self.carry_chain(WideOp::Sub, &a, &b);
                let result = self.b.ins().bxor_imm_u(is_less, negate);
                self.set_bool(dst, result);
            }
            Op::EqWords {
                negate,
                dst,
                a,
                b,
                words,
            } => {
                let words = u32::from(words);
                if words == 0 || words > RANGE_MAX {
                    return Ok(false);
                }
                let (a, b) = (self.get_range(a, words), self.get_range(b, words));
                let difference = a
                    .into_iter()
                    .zip(b)
                    .map(|(a, b)| self.bitwise(WideOp::Xor, a, b))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .reduce(|all, one| self.bitwise(WideOp::Or, all, one))
                    .ok_or(Refused)?;
                let order = if negate {
                    IntCC::NotEqual
                } else {
                    IntCC::Equal
                };
                let result = self.b.ins().icmp_imm_u(order, difference, 0);
                self.set_bool(dst, result);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn constant(&mut self, dst: Slot, index: u16) -> Result<bool> {
        let body = self.body;
        let Some(ConstantValue::Words(words)) = body.constants.get(usize::from(index)) else {
            return Err(Refused);
        };
        if words.len() > RANGE_MAX as usize {
            return Ok(false);
        }
        let values: Vec<Value> = words.iter().map(|word| self.imm(*word)).collect();
        self.set_range(dst, &values);
        Ok(true)
    }

    fn move_words(&mut self, dst: Slot, src: Slot, words: u32) {
        let values = self.get_range(src, words);
        self.set_range(dst, &values);
    }

    fn zero(&mut self, dst: Slot, words: u32) {
        let zero = self.imm(0);
        self.set_range(dst, &vec![zero; words as usize]);
    }

    fn mask(&mut self, value: Value, mask: u64) -> Value {
        if mask == u64::MAX {
            return value;
        }
        let mask = self.imm(mask);
        self.b.ins().band(value, mask)
    }

    /// Sets `dst` to a value that must fit `bits` bits.
    fn set_narrow(&mut self, dst: Slot, value: Value, bits: u8, kind: FaultKind) {
        let most = self.imm(low_bits(bits));
        let is_over = self.b.ins().icmp(IntCC::UnsignedGreaterThan, value, most);
        self.fail_if(is_over, kind);
        self.set(dst, value);
    }

    fn subtract(&mut self, dst: Slot, a: Value, b: Value) {
        let is_under = self.b.ins().icmp(IntCC::UnsignedLessThan, a, b);
        self.fail_if(is_under, FaultKind::Overflow);
        let difference = self.b.ins().isub(a, b);
        self.set(dst, difference);
    }

    fn check_shift(&mut self, shift: Value, bits: u64) {
        let is_over =
            self.b
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, shift, bits as i64);
        self.fail_if(is_over, FaultKind::ShiftAmount);
    }

    fn bitwise(&mut self, op: WideOp, a: Value, b: Value) -> Value {
        match op {
            WideOp::And => self.b.ins().band(a, b),
            WideOp::Or => self.b.ins().bor(a, b),
            _ => self.b.ins().bxor(a, b),
        }
    }

    fn bits(&mut self, op: WideOp, dst: Slot, a: Slot, b: Slot) {
        let (a, b) = (self.get(a), self.get(b));
        let value = self.bitwise(op, a, b);
        self.set(dst, value);
    }

    fn bits_imm(&mut self, op: WideOp, dst: Slot, a: Slot, imm: u64) {
        let (a, imm) = (self.get(a), self.imm(imm));
        let value = self.bitwise(op, a, imm);
        self.set(dst, value);
    }

    fn compare(&mut self, order: IntCC, dst: Slot, a: Slot, b: Slot) {
        let (a, b) = (self.get(a), self.get(b));
        let result = self.b.ins().icmp(order, a, b);
        self.set_bool(dst, result);
    }

    fn compare_imm(&mut self, order: IntCC, dst: Slot, a: Slot, imm: u64) {
        let (a, imm) = (self.get(a), self.imm(imm));
        let result = self.b.ins().icmp(order, a, imm);
        self.set_bool(dst, result);
    }

    fn get128(&mut self, slot: Slot) -> Value {
        let words = self.get_range(slot, 2);
        self.b.ins().iconcat(words[0], words[1])
    }

    fn set128(&mut self, slot: Slot, value: Value) {
        let (low, high) = self.b.ins().isplit(value);
        self.set_range(slot, &[low, high]);
    }

    fn arithmetic128(&mut self, op: WideOp, dst: Slot, a: Slot, b: Slot) {
        match op {
            WideOp::Add | WideOp::Sub => {
                let (a, b) = (self.get128(a), self.get128(b));
                let (value, is_over) = match op {
                    WideOp::Add => self.b.ins().uadd_overflow(a, b),
                    _ => self.b.ins().usub_overflow(a, b),
                };
                self.fail_if(is_over, FaultKind::Overflow);
                self.set128(dst, value);
            }
            WideOp::And | WideOp::Or | WideOp::Xor => {
                let (a, b) = (self.get128(a), self.get128(b));
                let value = self.bitwise(op, a, b);
                self.set128(dst, value);
            }
            WideOp::Shl | WideOp::Shr => {
                let (a, shift) = (self.get128(a), self.get(b));
                self.check_shift(shift, 128);
                let value = match op {
                    WideOp::Shl => self.b.ins().ishl(a, shift),
                    _ => self.b.ins().ushr(a, shift),
                };
                self.set128(dst, value);
            }
            WideOp::Mul | WideOp::Div | WideOp::Mod => self.narrow_or_step(op, dst, a, b, 2),
        }
    }

    /// Multiplication and division of integers of `words` words that are below
    /// 2⁶⁴, as most are: no product of such overflows. The VM does the others.
    fn narrow_or_step(&mut self, op: WideOp, dst: Slot, a: Slot, b: Slot, words: u32) {
        let (a, b) = (self.get_range(a, words), self.get_range(b, words));
        self.fast_or_step(|this, slow| {
            let high: Vec<Value> = a[1..].iter().chain(&b[1..]).copied().collect();
            let high = high
                .into_iter()
                .reduce(|all, word| this.bitwise(WideOp::Or, all, word));
            if let Some(high) = high {
                let is_large = this.b.ins().icmp_imm_u(IntCC::NotEqual, high, 0);
                this.unless_to(is_large, slow);
            }
            let zero = this.imm(0);
            let mut result = vec![zero; words as usize];
            if let WideOp::Mul = op {
                result[0] = this.b.ins().imul(a[0], b[0]);
                result[1] = this.b.ins().umulhi(a[0], b[0]);
            } else {
                let is_zero = this.b.ins().icmp_imm_u(IntCC::Equal, b[0], 0);
                this.unless_to(is_zero, slow);
                result[0] = match op {
                    WideOp::Div => this.b.ins().udiv(a[0], b[0]),
                    _ => this.b.ins().urem(a[0], b[0]),
                };
            }
            this.set_range(dst, &result);
        });
    }

    /// Addition and subtraction, which may overflow, and bitwise operations.
    fn arithmetic256(&mut self, op: WideOp, dst: Slot, a: Slot, b: Slot) {
        let (a, b) = (self.get_range(a, 4), self.get_range(b, 4));
        let result = if let WideOp::Add | WideOp::Sub = op {
            let (result, is_over) = self.carry_chain(op, &a, &b);
            self.fail_if(is_over, FaultKind::Overflow);
            result
        } else {
            let pairs = a.into_iter().zip(b);
            pairs.map(|(a, b)| self.bitwise(op, a, b)).collect()
        };
        self.set_range(dst, &result);
    }

    /// Sum or difference word by word, least first, and whether it overflows.
    fn carry_chain(&mut self, op: WideOp, a: &[Value], b: &[Value]) -> (Vec<Value>, Value) {
        let mut carry = self.b.ins().iconst(types::I8, 0);
        let mut result = Vec::with_capacity(a.len());
        for (a, b) in a.iter().zip(b) {
            let carried = self.b.ins().uextend(types::I64, carry);
            let (word, first, second) = if let WideOp::Add = op {
                let sum = self.b.ins().iadd(*a, *b);
                let first = self.b.ins().icmp(IntCC::UnsignedLessThan, sum, *a);
                let word = self.b.ins().iadd(sum, carried);
                let second = self.b.ins().icmp(IntCC::UnsignedLessThan, word, sum);
                (word, first, second)
            } else {
                let first = self.b.ins().icmp(IntCC::UnsignedLessThan, *a, *b);
                let difference = self.b.ins().isub(*a, *b);
                let second = self
                    .b
                    .ins()
                    .icmp(IntCC::UnsignedLessThan, difference, carried);
                (self.b.ins().isub(difference, carried), first, second)
            };
            carry = self.b.ins().bor(first, second);
            result.push(word);
        }
        (result, carry)
    }

    fn cast_wide(&mut self, from: Width, to: Width, dst: Slot, src: Slot) {
        let mut words = self.get_range(src, u32::from(from.words()));
        let kept = usize::from(to.words());
        let lost = words
            .get(kept..)
            .unwrap_or_default()
            .iter()
            .copied()
            .reduce(|all, word| self.bitwise(WideOp::Or, all, word));
        if let Some(lost) = lost {
            let is_lost = self.b.ins().icmp_imm_u(IntCC::NotEqual, lost, 0);
            self.fail_if(is_lost, FaultKind::Cast);
        }
        if to.bits() < 64 {
            let most = self.imm(u64::MAX >> (64 - to.bits()));
            let is_over = self
                .b
                .ins()
                .icmp(IntCC::UnsignedGreaterThan, words[0], most);
            self.fail_if(is_over, FaultKind::Cast);
        }
        let zero = self.b.ins().iconst(types::I64, 0);
        words.resize(kept, zero);
        self.set_range(dst, &words);
    }
}
