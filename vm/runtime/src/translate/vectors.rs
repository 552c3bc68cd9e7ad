//! Vectors.

use super::operand::Operand;
use super::{OperandType, Result, Translator};
use crate::cost_table;
use crate::layout::Layout;
use crate::op::Op;
use crate::runtime_type::RuntimeType;
use crate::signature::Passing;
use heddle_bytecode::SignatureIndex;

impl Translator<'_> {
    /// The element type that an instruction names.
    fn element(&mut self, index: SignatureIndex) -> Result<RuntimeType> {
        match &self.resolve_signature(index)?[..] {
            [element] => Ok(element.clone()),
            _ => Err("vector instruction without exactly one element type".into()),
        }
    }

    /// Pops a reference to a vector of `element`.
    fn pop_vector(&mut self, element: &RuntimeType, passing: Passing) -> Result<Operand> {
        let operand = self.pop_reference()?;
        let vector = self.context.vector_type(element.clone())?;
        let expected = OperandType {
            passing,
            ty: vector,
        };
        if !operand.ty.fits(&expected) {
            return Err("reference to something else than the vector".into());
        }
        Ok(operand)
    }

    pub(super) fn vector_pack(&mut self, index: SignatureIndex, count: u64) -> Result<()> {
        let element = self.element(index)?;
        self.pack_of(element, count)
    }

    fn pack_of(&mut self, element: RuntimeType, count: u64) -> Result<()> {
        let vector = self.context.vector_type(element.clone())?;
        let count = usize::try_from(count).map_err(|_| "vector literal is too long")?;
        let first = self
            .stack
            .len()
            .checked_sub(count)
            .ok_or("operand stack is empty")?;
        let expected = OperandType::value(element.clone());
        if self.stack[first..]
            .iter()
            .any(|operand| !operand.ty.fits(&expected))
        {
            return Err("element of another type than the vector's".into());
        }
        self.cost += count as u64 * cost_table::moved(element.layout.words);
        let (src, _) = self.pop_side_by_side(count)?;
        let dst = self.push_value(&vector)?;
        if count == 0 {
            self.emit(Op::Zero {
                dst,
                words: vector.layout.words as u16,
            });
        } else {
            let layout = self.layout_index(&element.layout);
            self.emit(Op::VecPack {
                dst,
                src,
                layout,
                count: count as u32,
            });
        }
        Ok(())
    }

    pub(super) fn vector_unpack(&mut self, index: SignatureIndex, count: u64) -> Result<()> {
        let element = self.element(index)?;
        self.unpack_of(element, count)
    }

    fn unpack_of(&mut self, element: RuntimeType, count: u64) -> Result<()> {
        let vector = self.context.vector_type(element.clone())?;
        let operand = self.pop_of(&vector)?;
        let src = self.slot_of(&operand);
        let layout = self.layout_index(&element.layout);
        let count = u32::try_from(count)
            .ok()
            .filter(|count| *count < u32::from(u16::MAX))
            .ok_or("vector is unpacked into too many values")?;
        self.cost += u64::from(count) * cost_table::moved(element.layout.words);
        self.emit(Op::VecUnpack {
            dst: operand.home,
            src,
            layout,
            count,
        });
        for _ in 0..count {
            self.push_value(&element)?;
        }
        Ok(())
    }

    pub(super) fn vector_length(&mut self, index: SignatureIndex) -> Result<()> {
        let element = self.element(index)?;
        self.length_of(element)
    }

    fn length_of(&mut self, element: RuntimeType) -> Result<()> {
        let operand = self.pop_vector(&element, Passing::ImmutableReference)?;
        let (vec, off) = self.vector_operand(&operand);
        let dst = self.push_value(&self.primitives().u64)?;
        self.emit(Op::VecLen { dst, vec, off });
        Ok(())
    }

    pub(super) fn vector_borrow(&mut self, index: SignatureIndex, passing: Passing) -> Result<()> {
        let element = self.element(index)?;
        self.borrow_of(element, passing)
    }

    fn borrow_of(&mut self, element: RuntimeType, passing: Passing) -> Result<()> {
        let idx = self.pop_of(&self.primitives().u64)?;
        let operand = self.pop_vector(&element, passing)?;
        let (vec, off) = self.vector_operand(&operand);
        let idx = self.slot_of(&idx);
        let bytes = element.layout.element_bytes;
        let dst = self.push(
            OperandType {
                passing,
                ty: element,
            },
            None,
        )?;
        self.emit(Op::VecBorrow {
            dst,
            vec,
            idx,
            off,
            bytes,
        });
        Ok(())
    }

    pub(super) fn vector_push(&mut self, index: SignatureIndex) -> Result<()> {
        let element = self.element(index)?;
        self.push_of(element)
    }

    fn push_of(&mut self, element: RuntimeType) -> Result<()> {
        let value = self.pop_of(&element)?;
        let operand = self.pop_vector(&element, Passing::MutableReference)?;
        self.cost += cost_table::moved(element.layout.words);
        let (vec, off) = self.vector_operand(&operand);
        let src = self.slot_of(&value);
        self.emit(match word_bytes(&element.layout) {
            None => Op::VecPush64 { vec, src, off },
            Some(bytes) => Op::VecPush {
                vec,
                src,
                off,
                bytes,
            },
        });
        Ok(())
    }

    pub(super) fn vector_pop(&mut self, index: SignatureIndex) -> Result<()> {
        let element = self.element(index)?;
        self.pop_of_vector(element)
    }

    fn pop_of_vector(&mut self, element: RuntimeType) -> Result<()> {
        let operand = self.pop_vector(&element, Passing::MutableReference)?;
        self.cost += cost_table::moved(element.layout.words);
        let (vec, off) = self.vector_operand(&operand);
        let dst = self.push_value(&element)?;
        self.emit(match word_bytes(&element.layout) {
            None => Op::VecPop64 { dst, vec, off },
            Some(bytes) => Op::VecPop {
                dst,
                vec,
                off,
                bytes,
            },
        });
        Ok(())
    }

    pub(super) fn vector_swap(&mut self, index: SignatureIndex) -> Result<()> {
        let element = self.element(index)?;
        self.swap_of(element)
    }

    fn swap_of(&mut self, element: RuntimeType) -> Result<()> {
        let j = self.pop_of(&self.primitives().u64)?;
        let i = self.pop_of(&self.primitives().u64)?;
        let operand = self.pop_vector(&element, Passing::MutableReference)?;
        self.cost += cost_table::moved(element.layout.words);
        let (vec, off) = self.vector_operand(&operand);
        let (i, j) = (self.slot_of(&i), self.slot_of(&j));
        let bytes = element.layout.element_bytes;
        self.emit(Op::VecSwap {
            vec,
            i,
            j,
            off,
            bytes,
        });
        Ok(())
    }
}

impl Translator<'_> {
    /// The functions that `std::vector` declares as native are instructions.
    /// Compilers emit those; a module that calls such a function gets the
    /// same.
    pub(super) fn vector_call(&mut self, function: &str, element: RuntimeType) -> Result<()> {
        match function {
            "empty" => self.pack_of(element, 0),
            "length" => self.length_of(element),
            "borrow" => self.borrow_of(element, Passing::ImmutableReference),
            "borrow_mut" => self.borrow_of(element, Passing::MutableReference),
            "push_back" => self.push_of(element),
            "pop_back" => self.pop_of_vector(element),
            "destroy_empty" => self.unpack_of(element, 0),
            "swap" => self.swap_of(element),
            _ => Err("std::vector has no such native".into()),
        }
    }
}

/// Bytes of an element, `None` if it is one word.
fn word_bytes(element: &Layout) -> Option<u32> {
    Some(element.element_bytes).filter(|bytes| *bytes != 8)
}
