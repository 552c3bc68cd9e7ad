//! Integers and booleans.

use super::operand::{Operand, Where};
use super::{OperandType, Result, Translator};
use crate::cost_table;
use crate::op::{Op, Slot};
use crate::runtime_type::RuntimeType;
use crate::value_width::{Comparison, WideOp, Width};
use heddle_bytecode::Bytecode;

impl Translator<'_> {
    /// Pops the operands of a binary instruction.
    fn pop_two(&mut self) -> Result<(Operand, Operand)> {
        let b = self.pop_value()?;
        let a = self.pop_value()?;
        Ok((a, b))
    }

    pub(super) fn arithmetic(&mut self, instruction: &Bytecode) -> Result<()> {
        let (a, b) = self.pop_two()?;
        let width = self.width(&a)?;
        let is_shift = matches!(instruction, Bytecode::Shl | Bytecode::Shr);
        let expected = if is_shift { Width::W8 } else { width };
        if self.width(&b)? != expected {
            return Err("operands have different widths".into());
        }
        let ty = a.ty.ty.clone();
        match width {
            Width::W128 | Width::W256 => self.wide_arithmetic(instruction, width, &a, &b, &ty),
            _ if is_shift => self.shift(instruction, width, &a, &b, &ty),
            _ => self.word_arithmetic(instruction, width, a, b, &ty),
        }
    }

    fn word_arithmetic(
        &mut self,
        instruction: &Bytecode,
        width: Width,
        a: Operand,
        b: Operand,
        ty: &RuntimeType,
    ) -> Result<()> {
        use Bytecode::*;
        let commutes = matches!(instruction, Add | Mul | BitAnd | BitOr | Xor);
        let (a, b) = match (a.place, b.place) {
            (Where::Immediate(_), place) if commutes && !matches!(place, Where::Immediate(_)) => {
                (b, a)
            }
            _ => (a, b),
        };
        let bits = width.bits() as u8;
        let is_word = width == Width::W64;
        if let Where::Immediate(imm) = b.place {
            let a = self.slot_of(&a);
            let immediate = |dst| {
                Some(match instruction {
                    Add if is_word => Op::Add64Imm { dst, a, imm },
                    Add => Op::AddNImm { bits, dst, a, imm },
                    Sub => Op::SubImm { dst, a, imm },
                    Mul if is_word => Op::Mul64Imm { dst, a, imm },
                    Div if imm != 0 => Op::DivImm { dst, a, imm },
                    Mod if imm != 0 => Op::ModImm { dst, a, imm },
                    BitAnd => Op::AndImm { dst, a, imm },
                    BitOr => Op::OrImm { dst, a, imm },
                    Xor => Op::XorImm { dst, a, imm },
                    _ => return None,
                })
            };
            if immediate(0).is_some() {
                let dst = self.push_value(ty)?;
                if let Some(op) = immediate(dst) {
                    self.emit(op);
                }
                return Ok(());
            }
        }
        let (a, b) = (self.slot_of(&a), self.slot_of(&b));
        let dst = self.push_value(ty)?;
        self.emit(match instruction {
            Add if is_word => Op::Add64 { dst, a, b },
            Add => Op::AddN { bits, dst, a, b },
            Sub => Op::Sub { dst, a, b },
            Mul if is_word => Op::Mul64 { dst, a, b },
            Mul => Op::MulN { bits, dst, a, b },
            Div => Op::Div { dst, a, b },
            Mod => Op::Mod { dst, a, b },
            BitAnd => Op::And { dst, a, b },
            BitOr => Op::Or { dst, a, b },
            _ => Op::Xor { dst, a, b },
        });
        Ok(())
    }

    fn shift(
        &mut self,
        instruction: &Bytecode,
        width: Width,
        a: &Operand,
        b: &Operand,
        ty: &RuntimeType,
    ) -> Result<()> {
        let bits = width.bits() as u8;
        let is_left = matches!(instruction, Bytecode::Shl);
        if let Where::Immediate(shift) = b.place
            && shift < u64::from(bits)
        {
            let (a, shift) = (self.slot_of(a), shift as u8);
            let dst = self.push_value(ty)?;
            self.emit(if is_left {
                Op::ShlImm {
                    bits,
                    shift,
                    dst,
                    a,
                }
            } else {
                Op::ShrImm { shift, dst, a }
            });
            return Ok(());
        }
        let (a, b) = (self.slot_of(a), self.slot_of(b));
        let dst = self.push_value(ty)?;
        self.emit(if is_left {
            Op::Shl { bits, dst, a, b }
        } else {
            Op::Shr { bits, dst, a, b }
        });
        Ok(())
    }

    fn wide_arithmetic(
        &mut self,
        instruction: &Bytecode,
        width: Width,
        a: &Operand,
        b: &Operand,
        ty: &RuntimeType,
    ) -> Result<()> {
        use Bytecode::*;
        let op = match instruction {
            Add => WideOp::Add,
            Sub => WideOp::Sub,
            Mul => WideOp::Mul,
            Div => WideOp::Div,
            Mod => WideOp::Mod,
            BitAnd => WideOp::And,
            BitOr => WideOp::Or,
            Xor => WideOp::Xor,
            Shl => WideOp::Shl,
            _ => WideOp::Shr,
        };
        // Wide arithmetic takes a multiple of a word's time.
        self.cost += match (op, width) {
            (WideOp::Div | WideOp::Mod, Width::W256) => 24,
            (WideOp::Div | WideOp::Mod, _) => 8,
            (_, Width::W256) => 3,
            _ => 1,
        };
        let (a, b) = (self.slot_of(a), self.slot_of(b));
        let dst = self.push_value(ty)?;
        self.emit(match width {
            Width::W128 => Op::Arith128 { op, dst, a, b },
            _ => Op::Arith256 { op, dst, a, b },
        });
        Ok(())
    }

    pub(super) fn logic(&mut self, instruction: &Bytecode) -> Result<()> {
        let bool = &self.primitives().bool;
        let b = self.pop_of(bool)?;
        let a = self.pop_of(bool)?;
        let (a, b) = (self.slot_of(&a), self.slot_of(&b));
        let dst = self.push_value(bool)?;
        self.emit(match instruction {
            Bytecode::And => Op::And { dst, a, b },
            _ => Op::Or { dst, a, b },
        });
        Ok(())
    }

    pub(super) fn not(&mut self) -> Result<()> {
        let bool = &self.primitives().bool;
        let a = self.pop_of(bool)?;
        let a = self.slot_of(&a);
        let dst = self.push_value(bool)?;
        self.emit(Op::Not { dst, a });
        Ok(())
    }

    pub(super) fn order(&mut self, instruction: &Bytecode) -> Result<()> {
        use Bytecode::*;
        let (a, b) = self.pop_two()?;
        let width = self.width(&a)?;
        if self.width(&b)? != width {
            return Err("operands have different widths".into());
        }
        // a > b is b < a; a >= b is b <= a.
        let (a, b) = match instruction {
            Gt | Ge => (b, a),
            _ => (a, b),
        };
        let op = match instruction {
            Lt | Gt => Comparison::Lt,
            _ => Comparison::Le,
        };
        if matches!(width, Width::W128 | Width::W256) {
            self.cost += 1;
            let (a, b) = (self.slot_of(&a), self.slot_of(&b));
            let dst = self.push_value(&self.primitives().bool)?;
            self.emit(match width {
                Width::W128 => Op::Compare128 { op, dst, a, b },
                _ => Op::Compare256 { op, dst, a, b },
            });
            return Ok(());
        }
        self.order_words(op, &a, &b)
    }

    /// Order of two words, one of which may be known.
    fn order_words(&mut self, op: Comparison, a: &Operand, b: &Operand) -> Result<()> {
        let bool = &self.primitives().bool;
        // `x <= imm` is `x < imm + 1`, `imm < x` is `x >= imm + 1`.
        let known = match (a.place, op, b.place) {
            (_, Comparison::Lt, Where::Immediate(imm)) => Some((a, true, imm)),
            (_, Comparison::Le, Where::Immediate(imm)) if imm < u64::MAX => {
                Some((a, true, imm + 1))
            }
            (Where::Immediate(imm), Comparison::Le, _) => Some((b, false, imm)),
            (Where::Immediate(imm), Comparison::Lt, _) if imm < u64::MAX => {
                Some((b, false, imm + 1))
            }
            _ => None,
        };
        if let Some((operand, is_less, imm)) = known {
            let a = self.slot_of(operand);
            let dst = self.push_value(bool)?;
            self.emit(if is_less {
                Op::LtImm { dst, a, imm }
            } else {
                Op::GeImm { dst, a, imm }
            });
            return Ok(());
        }
        let (a, b) = (self.slot_of(a), self.slot_of(b));
        let dst = self.push_value(bool)?;
        self.emit(match op {
            Comparison::Lt => Op::Lt { dst, a, b },
            Comparison::Le => Op::Le { dst, a, b },
        });
        Ok(())
    }

    pub(super) fn equality(&mut self, negate: bool) -> Result<()> {
        let b = self.pop()?;
        let a = self.pop()?;
        let both = (a.ty.is_reference(), b.ty.is_reference());
        let target = |operand: &Operand| OperandType::value(operand.ty.ty.clone());
        if both.0 != both.1 || !target(&a).fits(&target(&b)) {
            return Err("operands of an equality have different types".into());
        }
        let layout = a.ty.ty.layout.clone();
        let walks = if both.0 { 1 } else { 3 };
        self.cost += cost_table::moved(layout.words) + walks * cost_table::walk(&layout);
        let bool = &self.primitives().bool;
        if both.0 {
            let index = self.layout_index(&layout);
            let (a, b) = (self.slot_of(&a), self.slot_of(&b));
            let dst = self.push_value(bool)?;
            self.emit(Op::EqRef {
                negate,
                dst,
                a,
                b,
                layout: index,
            });
            return Ok(());
        }
        let (a, b) = match a.place {
            Where::Immediate(_) => (b, a),
            _ => (a, b),
        };
        if let (Where::Immediate(imm), 1) = (b.place, layout.words) {
            let a = self.slot_of(&a);
            let dst = self.push_value(bool)?;
            self.emit(if negate {
                Op::NeImm { dst, a, imm }
            } else {
                Op::EqImm { dst, a, imm }
            });
            return Ok(());
        }
        let (a, b) = (self.slot_of(&a), self.slot_of(&b));
        let index = self.layout_index(&layout);
        let dst = self.push_value(bool)?;
        self.emit(equality_op(negate, dst, a, b, &layout, index));
        Ok(())
    }

    pub(super) fn cast(&mut self, instruction: &Bytecode) -> Result<()> {
        let (to, ty) = match instruction {
            Bytecode::CastU8 => (Width::W8, &self.primitives().u8),
            Bytecode::CastU16 => (Width::W16, &self.primitives().u16),
            Bytecode::CastU32 => (Width::W32, &self.primitives().u32),
            Bytecode::CastU64 => (Width::W64, &self.primitives().u64),
            Bytecode::CastU128 => (Width::W128, &self.primitives().u128),
            _ => (Width::W256, &self.primitives().u256),
        };
        let operand = self.pop_value()?;
        let from = self.width(&operand)?;
        let (from_bits, to_bits) = (from.bits(), to.bits());
        if from_bits > 64 || to_bits > 64 {
            let src = self.slot_of(&operand);
            let dst = self.push_value(ty)?;
            self.emit(Op::CastWide { from, to, dst, src });
        } else if from_bits <= to_bits {
            // The word is the same; only its type changes.
            let place = match operand.place {
                Where::Slot(slot) if slot == operand.home => None,
                place => Some(place),
            };
            self.push(OperandType::value(ty.clone()), place)?;
        } else {
            let src = self.slot_of(&operand);
            let dst = self.push_value(ty)?;
            self.emit(Op::Cast {
                bits: to_bits as u8,
                dst,
                src,
            });
        }
        Ok(())
    }
}

fn equality_op(
    negate: bool,
    dst: Slot,
    a: Slot,
    b: Slot,
    layout: &crate::layout::Layout,
    index: u16,
) -> Op {
    if layout.owns_heap {
        Op::EqValue {
            negate,
            dst,
            a,
            b,
            layout: index,
        }
    } else if layout.words == 1 {
        if negate {
            Op::Ne { dst, a, b }
        } else {
            Op::Eq { dst, a, b }
        }
    } else {
        Op::EqWords {
            negate,
            dst,
            a,
            b,
            words: layout.words as u16,
        }
    }
}
