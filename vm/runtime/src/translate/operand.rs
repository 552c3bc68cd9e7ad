//! The abstract operand stack.

use super::{OperandType, Result, Translator};
use crate::linkage::primitives;
use crate::memory::FRAME_WORDS;
use crate::op::{IN_FRAME, Op, Slot};
use crate::runtime_type::RuntimeType;
use crate::signature::Passing;
use crate::value_width::Width;

/// Where the value of an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// From this slot on: its home, or a local's.
    Slot(Slot),
    /// A known word.
    Immediate(u64),
    /// A reference: the one in `slot`, moved on by `off` bytes.
    Field { slot: Slot, off: u32 },
    /// A reference to `slot` of this frame, which is in local `local`.
    Address { slot: Slot, local: u8 },
}

/// An entry of the operand stack.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) ty: OperandType,
    /// First of the slots that are its own.
    pub(super) home: Slot,
    pub(super) place: Where,
}

impl Translator<'_> {
    /// Pushes an operand that is at `place`, and returns its home.
    pub(super) fn push(&mut self, ty: OperandType, place: Option<Where>) -> Result<Slot> {
        let home = self.top;
        self.top = home.saturating_add(ty.words());
        // One word less than a window, so that sums of a slot and a size
        // can't wrap.
        if self.top as usize >= FRAME_WORDS - 1 {
            return Err("frame is too large".into());
        }
        let home = home as Slot;
        self.stack.push(Operand {
            ty,
            home,
            place: place.unwrap_or(Where::Slot(home)),
        });
        Ok(home)
    }

    /// Pushes a value that the next instruction writes to its home, which is
    /// returned.
    pub(super) fn push_value(&mut self, ty: &RuntimeType) -> Result<Slot> {
        self.push(OperandType::value(ty.clone()), None)
    }

    pub(super) fn push_immediate(&mut self, ty: &RuntimeType, value: u64) -> Result<()> {
        self.push(
            OperandType::value(ty.clone()),
            Some(Where::Immediate(value)),
        )
        .map(|_| ())
    }

    /// Pushes a constant of several words.
    pub(super) fn push_words(&mut self, ty: &RuntimeType, words: &[u64]) -> Result<()> {
        if ty.layout.words as usize != words.len() {
            return Err("constant has another size than its type".into());
        }
        let dst = self.push_value(ty)?;
        if let [first, rest @ ..] = words
            && rest.iter().all(|word| *word == 0)
        {
            self.emit(Op::Const { dst, imm: *first });
            if !rest.is_empty() {
                self.emit(Op::Zero {
                    dst: dst + 1,
                    words: rest.len() as u16,
                });
            }
            return Ok(());
        }
        let index = self.constants.len() as u16;
        self.constants
            .push(crate::code::ConstantValue::Words(words.into()));
        self.emit(Op::ConstWords { dst, index });
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Result<Operand> {
        let operand = self.stack.pop().ok_or("operand stack is empty")?;
        self.top = u32::from(operand.home);
        Ok(operand)
    }

    /// Pops an operand passed by value.
    pub(super) fn pop_value(&mut self) -> Result<Operand> {
        let operand = self.pop()?;
        if operand.ty.is_reference() {
            return Err("reference where a value is expected".into());
        }
        Ok(operand)
    }

    /// Pops a value of type `ty`.
    pub(super) fn pop_of(&mut self, ty: &RuntimeType) -> Result<Operand> {
        let operand = self.pop_value()?;
        if operand.ty.ty != *ty
            && !operand
                .ty
                .same_type_and_layout(&OperandType::value(ty.clone()))
        {
            return Err("operand is of another type than the instruction expects".into());
        }
        Ok(operand)
    }

    /// Pops a reference.
    pub(super) fn pop_reference(&mut self) -> Result<Operand> {
        let operand = self.pop()?;
        if !operand.ty.is_reference() {
            return Err("value where a reference is expected".into());
        }
        Ok(operand)
    }

    /// A slot that holds the operand, which may have been popped just now: its
    /// home must still be free.
    pub(super) fn slot_of(&mut self, operand: &Operand) -> Slot {
        match operand.place {
            Where::Slot(slot) => slot,
            _ => {
                self.write_home(operand);
                operand.home
            }
        }
    }

    /// Writes the operand's value to its home.
    fn write_home(&mut self, operand: &Operand) {
        let dst = operand.home;
        match operand.place {
            Where::Slot(src) => self.emit_move(dst, src, operand.ty.words()),
            Where::Immediate(imm) => self.emit(Op::Const { dst, imm }),
            Where::Field { slot, off: 0 } => self.emit(Op::Move { dst, src: slot }),
            Where::Field { slot, off } => self.emit(Op::AddOffset {
                dst,
                src: slot,
                off,
            }),
            Where::Address { slot, .. } => self.emit(Op::FrameAddress { dst, slot }),
        }
    }

    /// Sees to it that the entry at `index` of the stack is at home.
    pub(super) fn bring_home(&mut self, index: usize) {
        let operand = self.stack[index].clone();
        if operand.place != Where::Slot(operand.home) {
            self.write_home(&operand);
            self.stack[index].place = Where::Slot(operand.home);
        }
    }

    /// Brings the topmost `count` entries home, where they lie side by side,
    /// and pops them. Returns the slot of the first, and the entries in order.
    pub(super) fn pop_side_by_side(&mut self, count: usize) -> Result<(Slot, Vec<Operand>)> {
        let first = self
            .stack
            .len()
            .checked_sub(count)
            .ok_or("operand stack is empty")?;
        for index in first..self.stack.len() {
            self.bring_home(index);
        }
        let operands = self.stack.split_off(first);
        if let Some(operand) = operands.first() {
            self.top = u32::from(operand.home);
        }
        Ok((self.top as Slot, operands))
    }

    /// Brings home all entries that would change if the `words` slots from
    /// `slot` were written.
    pub(super) fn save_readers_of(&mut self, slot: Slot, words: u32) {
        let range = u32::from(slot)..u32::from(slot) + words;
        for index in 0..self.stack.len() {
            let operand = &self.stack[index];
            let (start, size) = match operand.place {
                Where::Slot(start) => (start, operand.ty.words()),
                Where::Field { slot, .. } => (slot, 1),
                Where::Immediate(_) | Where::Address { .. } => continue,
            };
            let start = u32::from(start);
            if start < range.end && range.start < start + size {
                self.bring_home(index);
            }
        }
    }

    /// The operand of an instruction that takes a vector behind a reference.
    pub(super) fn vector_operand(&mut self, operand: &Operand) -> (Slot, u32) {
        match operand.place {
            Where::Slot(slot) => (slot, 0),
            Where::Field { slot, off } => (slot, off),
            Where::Address { slot, .. } => (slot, IN_FRAME),
            Where::Immediate(_) => (self.slot_of(operand), 0),
        }
    }

    /// A reference operand as slot and offset.
    pub(super) fn reference_operand(&mut self, operand: &Operand) -> (Slot, u32) {
        match operand.place {
            Where::Field { slot, off } => (slot, off),
            _ => (self.slot_of(operand), 0),
        }
    }

    /// Width of an integer operand.
    pub(super) fn width(&self, operand: &Operand) -> Result<Width> {
        let (types, ty) = (primitives(), &operand.ty.ty);
        if operand.ty.passing != Passing::Value {
            return Err("reference where an integer is expected".into());
        }
        [
            (&types.u64, Width::W64),
            (&types.u8, Width::W8),
            (&types.u128, Width::W128),
            (&types.u256, Width::W256),
            (&types.u32, Width::W32),
            (&types.u16, Width::W16),
        ]
        .into_iter()
        .find(|(integer, _)| *integer == ty)
        .map(|(_, width)| width)
        .ok_or_else(|| "operand is not an integer".into())
    }
}
