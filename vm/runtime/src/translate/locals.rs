//! Locals and references: where values are copied, moved, read and written.

use super::operand::{Operand, Where};
use super::{Local, OperandType, Result, Translator, operand_type};
use crate::GasMeter;
use crate::code::ConstantValue;
use crate::cost_table;
use crate::module::entry;
use crate::op::{Op, Slot};
use crate::signature::Passing;
use crate::value::validate;
use heddle_bytecode::{Bytecode, ConstantPoolIndex, FunctionHandle, LocalIndex};

impl Translator<'_> {
    /// Lays the locals out from slot 0, parameters first.
    pub(super) fn place_locals(&mut self, handle: &FunctionHandle) -> Result<()> {
        let module = &self.module.module;
        let parameters = entry(module, handle.parameters)?;
        let others = entry(module, self.unit.locals)?;
        for token in parameters.0.iter().chain(&others.0) {
            let ty = operand_type(self.context, self.module, token, self.type_arguments)?;
            self.name_type(&ty.ty)?;
            let slot = self.top as Slot;
            self.top = self.top.saturating_add(ty.words());
            if self.top as usize >= crate::memory::FRAME_WORDS - 1 {
                return Err("frame is too large".into());
            }
            self.locals.push(Local {
                ty,
                slot,
                is_mutably_borrowed: false,
            });
        }
        for instruction in &self.unit.code {
            if let Bytecode::MutBorrowLoc(index) = instruction {
                self.locals
                    .get_mut(usize::from(index.0))
                    .ok_or("local out of range")?
                    .is_mutably_borrowed = true;
            }
        }
        Ok(())
    }

    /// Makes locals that will own buffers empty, so that storing into them and
    /// returning can drop what they hold.
    ///
    /// They are zeroed once, by the first block, which pays for it; where the
    /// first block is also the target of a branch, by one of their own before
    /// it. Returns the position of the first block's `Gas`.
    pub(super) fn prologue(&mut self) -> Result<usize> {
        let parameters = self.unit_parameters().min(self.locals.len());
        let ranges: Vec<(Slot, u32)> = self.locals[parameters..]
            .iter()
            .filter(|local| local.ty.owns_heap())
            .map(|local| (local.slot, local.ty.words()))
            .collect();
        if ranges.is_empty() {
            return Ok(0);
        }
        let cost = cost_table::moved(ranges.iter().map(|(_, words)| words).sum());
        for (dst, words) in ranges {
            self.emit(Op::Zero {
                dst,
                words: words as u16,
            });
        }
        if self.blocks.is_target(0) {
            let cost = u32::try_from(cost).map_err(|_| "block costs too much")?;
            self.ops[0] = Op::Gas { cost };
            let gas_at = self.ops.len();
            self.blocks.set_position(0, gas_at);
            self.emit(Op::Gas { cost: 0 });
            return Ok(gas_at);
        }
        self.cost += cost;
        Ok(0)
    }

    fn unit_parameters(&self) -> usize {
        let others = self.module.module.get(self.unit.locals);
        self.locals.len()
            - others
                .map_or(0, |signature| signature.len())
                .min(self.locals.len())
    }

    fn local(&self, index: LocalIndex) -> Result<(OperandType, Slot, bool)> {
        let local = self
            .locals
            .get(usize::from(index.0))
            .ok_or("local out of range")?;
        Ok((local.ty.clone(), local.slot, local.is_mutably_borrowed))
    }

    pub(super) fn copy_local(&mut self, index: LocalIndex) -> Result<()> {
        let (ty, slot, is_mutably_borrowed) = self.local(index)?;
        self.cost += cost_table::moved(ty.words());
        if ty.owns_heap() {
            self.cost += cost_table::walk(&ty.ty.layout);
            let layout = self.layout_index(&ty.ty.layout);
            let dst = self.push(ty, None)?;
            self.emit(Op::CopyValue {
                dst,
                src: slot,
                layout,
            });
        } else if is_mutably_borrowed {
            let words = ty.words();
            let dst = self.push(ty, None)?;
            self.emit_move(dst, slot, words);
        } else {
            self.push(ty, Some(Where::Slot(slot)))?;
        }
        Ok(())
    }

    pub(super) fn move_local(&mut self, index: LocalIndex) -> Result<()> {
        let (ty, slot, _) = self.local(index)?;
        self.cost += cost_table::moved(ty.words());
        if ty.owns_heap() {
            let words = ty.words() as u16;
            // A part of the local may wait on the stack, and will be zeroed.
            self.save_readers_of(slot, u32::from(words));
            let dst = self.push(ty, None)?;
            self.emit(Op::MoveOut {
                dst,
                src: slot,
                words,
            });
        } else {
            self.push(ty, Some(Where::Slot(slot)))?;
        }
        Ok(())
    }

    pub(super) fn store_local(&mut self, index: LocalIndex) -> Result<()> {
        let (ty, slot, _) = self.local(index)?;
        self.cost += cost_table::moved(ty.words());
        let operand = self.pop()?;
        if !operand.ty.fits(&ty) {
            return Err("value stored has another type than the local".into());
        }
        let words = ty.words();
        // The operand may itself be waiting in the local, or in a field of it.
        self.save_readers_of(slot, words);
        if ty.owns_heap() {
            self.cost += cost_table::walk(&ty.ty.layout);
            let layout = self.layout_index(&ty.ty.layout);
            self.emit(Op::Drop { slot, layout });
        }
        match operand.place {
            Where::Slot(home) if home == operand.home => {
                if !self.retarget(home, slot, words) {
                    self.emit_move(slot, home, words);
                }
            }
            Where::Slot(src) => self.emit_move(slot, src, words),
            Where::Immediate(imm) => self.emit(Op::Const { dst: slot, imm }),
            Where::Field { slot: src, off } => self.emit(Op::AddOffset {
                dst: slot,
                src,
                off,
            }),
            Where::Address { slot: target, .. } => self.emit(Op::FrameAddress {
                dst: slot,
                slot: target,
            }),
        }
        Ok(())
    }

    pub(super) fn borrow_local(&mut self, index: LocalIndex, passing: Passing) -> Result<()> {
        let (ty, slot, _) = self.local(index)?;
        if ty.is_reference() {
            return Err("reference to a reference".into());
        }
        let ty = OperandType { passing, ty: ty.ty };
        self.push(
            ty,
            Some(Where::Address {
                slot,
                local: index.0,
            }),
        )?;
        Ok(())
    }

    pub(super) fn freeze_ref(&mut self) -> Result<()> {
        let operand = self
            .stack
            .last_mut()
            .filter(|operand| operand.ty.is_reference())
            .ok_or("value where a reference is expected")?;
        operand.ty.passing = Passing::ImmutableReference;
        Ok(())
    }

    pub(super) fn read_ref(&mut self) -> Result<()> {
        let operand = self.pop_reference()?;
        let ty = OperandType::value(operand.ty.ty.clone());
        let layout = &operand.ty.ty.layout;
        self.cost += cost_table::moved(layout.words) + cost_table::walk(layout);
        if let Where::Address { slot, local } = operand.place {
            return self.read_frame(ty, slot, local);
        }
        if layout.owns_heap {
            let index = self.layout_index(layout);
            let (a, off) = self.reference_operand(&operand);
            let dst = self.push(ty, None)?;
            self.emit(Op::LoadValue {
                dst,
                a,
                layout: index,
                off,
            });
            return Ok(());
        }
        let bytes = layout.scalar_bytes();
        let words = layout.words as u16;
        if let Some(bytes) = bytes
            && let Some((offset, vec, idx, off)) = self.take_borrow(&operand, bytes)
        {
            let dst = self.push(ty, None)?;
            let op = match bytes {
                8 => Op::VecLoad64 { dst, vec, idx, off },
                _ => Op::VecLoadN {
                    bytes: bytes as u8,
                    dst,
                    vec,
                    idx,
                    off,
                },
            };
            self.emit_for(offset, op);
            return Ok(());
        }
        let (a, off) = self.reference_operand(&operand);
        let dst = self.push(ty, None)?;
        self.emit(match bytes {
            Some(8) => Op::Load64 { dst, a, off },
            Some(bytes) => Op::LoadN {
                bytes: bytes as u8,
                dst,
                a,
                off,
            },
            None => Op::LoadWords { dst, a, words, off },
        });
        Ok(())
    }

    /// Reads a value that lies in this frame.
    fn read_frame(&mut self, ty: OperandType, src: Slot, local: u8) -> Result<()> {
        if ty.owns_heap() {
            let layout = self.layout_index(&ty.ty.layout);
            let dst = self.push(ty, None)?;
            self.emit(Op::CopyValue { dst, src, layout });
            return Ok(());
        }
        let changes = self
            .locals
            .get(usize::from(local))
            .is_none_or(|local| local.is_mutably_borrowed);
        if changes {
            let words = ty.words();
            let dst = self.push(ty, None)?;
            self.emit_move(dst, src, words);
        } else {
            self.push(ty, Some(Where::Slot(src)))?;
        }
        Ok(())
    }

    /// If the reference `operand` was made by the last instruction, a borrow
    /// of an element, takes that instruction back and returns its offset, where
    /// the access still fails if it does, and its operands.
    /// The reference may be to the first field of the element: only if all of
    /// the element is meant does its size agree with `scalar_bytes`.
    fn take_borrow(
        &mut self,
        operand: &Operand,
        scalar_bytes: u32,
    ) -> Option<(u16, Slot, Slot, u32)> {
        let home = operand.home;
        match (operand.place, self.last()) {
            (
                Where::Slot(slot),
                Some(&mut Op::VecBorrow {
                    dst,
                    vec,
                    idx,
                    off,
                    bytes,
                }),
            ) if slot == home && dst == home && bytes == scalar_bytes => {
                let offset = self.take_last();
                Some((offset, vec, idx, off))
            }
            _ => None,
        }
    }

    pub(super) fn write_ref(&mut self) -> Result<()> {
        let reference = self.pop_reference()?;
        let value = self.pop_value()?;
        if !value.ty.fits(&OperandType::value(reference.ty.ty.clone())) {
            return Err("value written has another type than the reference".into());
        }
        if reference.ty.passing != Passing::MutableReference {
            return Err("write through an immutable reference".into());
        }
        let layout = &reference.ty.ty.layout;
        self.cost += cost_table::moved(layout.words) + cost_table::walk(layout);
        if let Where::Address { slot, .. } = reference.place {
            return self.write_frame(&value, slot);
        }
        if layout.owns_heap {
            let index = self.layout_index(layout);
            let src = self.slot_of(&value);
            let (a, off) = self.reference_operand(&reference);
            self.emit(Op::StoreValue {
                a,
                src,
                layout: index,
                off,
            });
            return Ok(());
        }
        let bytes = layout.scalar_bytes();
        let words = layout.words as u16;
        if let Some(bytes) = bytes
            && let Some((offset, vec, idx, off)) = self.take_borrow(&reference, bytes)
        {
            let src = self.slot_of(&value);
            let op = match bytes {
                8 => Op::VecStore64 { src, vec, idx, off },
                _ => Op::VecStoreN {
                    bytes: bytes as u8,
                    src,
                    vec,
                    idx,
                    off,
                },
            };
            self.emit_for(offset, op);
            return Ok(());
        }
        let src = self.slot_of(&value);
        let (a, off) = self.reference_operand(&reference);
        self.emit(match bytes {
            Some(8) => Op::Store64 { a, src, off },
            Some(bytes) => Op::StoreN {
                bytes: bytes as u8,
                a,
                src,
                off,
            },
            None => Op::StoreWords { a, src, words, off },
        });
        Ok(())
    }

    /// Writes a value into this frame, over what was there.
    fn write_frame(&mut self, value: &Operand, slot: Slot) -> Result<()> {
        let words = value.ty.words();
        self.save_readers_of(slot, words);
        let src = self.slot_of(value);
        if value.ty.owns_heap() {
            let layout = self.layout_index(&value.ty.ty.layout);
            self.emit(Op::Drop { slot, layout });
        } else if src == value.home && self.retarget(src, slot, words) {
            return Ok(());
        }
        self.emit_move(slot, src, words);
        Ok(())
    }

    pub(super) fn pop_and_drop(&mut self) -> Result<()> {
        let operand = self.pop()?;
        if operand.ty.owns_heap() {
            self.cost += cost_table::walk(&operand.ty.ty.layout);
            let layout = self.layout_index(&operand.ty.ty.layout);
            let slot = self.slot_of(&operand);
            self.emit(Op::Drop { slot, layout });
        }
        Ok(())
    }

    pub(super) fn load_constant(&mut self, index: ConstantPoolIndex) -> Result<()> {
        let constant = entry(&self.module.module, index)?;
        let ty = self.context.resolve(self.module, &constant.type_, &[])?;
        self.name(constant.data.len() as u64 / 8)?;
        let invalid = |_| "constant is not of its type";
        self.cost += cost_table::moved(ty.layout.words);
        if ty.layout.owns_heap {
            let (place, cost) = match self.owning_constants.get(&index) {
                Some(known) => *known,
                None => {
                    let mut cost = GasMeter::unlimited();
                    validate(&ty.layout, &mut cost, &constant.data).map_err(invalid)?;
                    let place = self.constants.len() as u16;
                    self.constants.push(ConstantValue::Encoded {
                        layout: ty.layout.clone(),
                        module: self.module.clone(),
                        index,
                    });
                    let known = (place, cost.used());
                    self.owning_constants.insert(index, known);
                    known
                }
            };
            self.cost += cost;
            let dst = self.push_value(&ty)?;
            self.emit(if constant.data == [0] {
                Op::Zero {
                    dst,
                    words: ty.layout.words as u16,
                }
            } else {
                Op::ConstValue { dst, index: place }
            });
            return Ok(());
        }
        validate(&ty.layout, &mut GasMeter::unlimited(), &constant.data).map_err(invalid)?;
        let words: Vec<u64> = constant
            .data
            .chunks(8)
            .map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            })
            .collect();
        match words[..] {
            [word] => self.push_immediate(&ty, word),
            _ => self.push_words(&ty, &words),
        }
    }
}
