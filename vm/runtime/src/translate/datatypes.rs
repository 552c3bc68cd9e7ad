//! Structs and enums: pack, unpack, borrow.

use super::operand::{Operand, Where};
use super::{OperandType, Result, Translator};
use crate::cost_table;
use crate::layout::{Field, Shape};
use crate::module::entry;
use crate::op::Op;
use crate::runtime_type::{DatatypeType, RuntimeType};
use crate::signature::Passing;
use heddle_bytecode::{
    DatatypeDefinition, EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandleIndex,
    FieldInstantiationIndex, SignatureIndex, StructDefInstantiationIndex, StructDefinitionIndex,
    VariantHandleIndex, VariantInstantiationHandleIndex, VariantTag,
};
use std::sync::Arc;

impl Translator<'_> {
    /// A struct of this module.
    fn struct_type(
        &mut self,
        def: StructDefinitionIndex,
        arguments: Option<SignatureIndex>,
    ) -> Result<RuntimeType> {
        self.own_type(
            usize::from(def.0),
            DatatypeDefinition::Struct(def),
            arguments,
        )
    }

    /// An enum of this module.
    fn enum_type(
        &mut self,
        def: EnumDefinitionIndex,
        arguments: Option<SignatureIndex>,
    ) -> Result<RuntimeType> {
        let position = self.module.module.struct_defs.len() + usize::from(def.0);
        self.own_type(position, DatatypeDefinition::Enum(def), arguments)
    }

    fn own_type(
        &mut self,
        position: usize,
        definition: DatatypeDefinition,
        arguments: Option<SignatureIndex>,
    ) -> Result<RuntimeType> {
        let arguments = match arguments {
            Some(signature) => self.resolve_signature(signature)?.to_vec(),
            None => Vec::new(),
        };
        Ok(self
            .context
            .instantiate(self.module, position, definition, arguments.into(), 0)?)
    }

    fn enum_instantiation(&mut self, index: EnumDefInstantiationIndex) -> Result<RuntimeType> {
        let instantiation = *entry(&self.module.module, index)?;
        self.enum_type(instantiation.def, Some(instantiation.type_parameters))
    }

    pub(super) fn pack(
        &mut self,
        def: StructDefinitionIndex,
        arguments: Option<SignatureIndex>,
    ) -> Result<()> {
        let ty = self.struct_type(def, arguments)?;
        let fields = variant_types(&ty, 0)?.to_vec();
        self.cost += fields.len() as u64 + cost_table::moved(ty.layout.words);
        self.check_top(&fields)?;
        // Fields side by side are the struct.
        self.pop_side_by_side(fields.len())?;
        let dst = self.push_value(&ty)?;
        if fields.is_empty() {
            self.emit(Op::Const { dst, imm: 0 });
        }
        Ok(())
    }

    pub(super) fn pack_generic(&mut self, index: StructDefInstantiationIndex) -> Result<()> {
        let instantiation = *entry(&self.module.module, index)?;
        self.pack(instantiation.def, Some(instantiation.type_parameters))
    }

    /// Checks the types of the topmost operands against `types`.
    fn check_top(&self, types: &[RuntimeType]) -> Result<()> {
        let first = self
            .stack
            .len()
            .checked_sub(types.len())
            .ok_or("operand stack is empty")?;
        for (operand, ty) in self.stack[first..].iter().zip(types) {
            if !operand.ty.fits(&OperandType::value(ty.clone())) {
                return Err("field of another type than declared".into());
            }
        }
        Ok(())
    }

    pub(super) fn unpack(&mut self, def: StructDefinitionIndex) -> Result<()> {
        let ty = self.struct_type(def, None)?;
        self.unpack_type(&ty)
    }

    pub(super) fn unpack_generic(&mut self, index: StructDefInstantiationIndex) -> Result<()> {
        let instantiation = *entry(&self.module.module, index)?;
        let ty = self.struct_type(instantiation.def, Some(instantiation.type_parameters))?;
        self.unpack_type(&ty)
    }

    fn unpack_type(&mut self, ty: &RuntimeType) -> Result<()> {
        let operand = self.pop_of(ty)?;
        let types = variant_types(ty, 0)?;
        let fields = variant_fields(ty, 0)?;
        self.cost += fields.len() as u64 + cost_table::moved(ty.layout.words);
        let start = self.slot_of(&operand);
        for (ty, field) in types.iter().zip(fields) {
            let slot = start + field.offset as u16;
            self.push(OperandType::value(ty.clone()), Some(Where::Slot(slot)))?;
        }
        Ok(())
    }

    pub(super) fn borrow_field(&mut self, field: FieldHandleIndex, passing: Passing) -> Result<()> {
        let handle = *entry(&self.module.module, field)?;
        let operand = self.pop_reference()?;
        if passing == Passing::MutableReference && operand.ty.passing != passing {
            return Err("mutable borrow of a field behind an immutable reference".into());
        }
        let datatype = operand
            .ty
            .ty
            .datatype()
            .filter(|datatype| !datatype.is_enum && self.is_own(datatype, handle.owner))
            .ok_or("borrow of a field of another type")?;
        let index = handle.field.position();
        let ty = datatype.variants[0]
            .get(index)
            .cloned()
            .ok_or("field out of range")?;
        let words = variant_fields(&operand.ty.ty, 0)?[index].offset;
        let place = self.step_into(&operand, words)?;
        self.push(OperandType { passing, ty }, Some(place))?;
        Ok(())
    }

    pub(super) fn borrow_field_generic(
        &mut self,
        field: FieldInstantiationIndex,
        passing: Passing,
    ) -> Result<()> {
        let instantiation = *entry(&self.module.module, field)?;
        self.borrow_field(instantiation.handle, passing)
    }

    fn is_own(&self, datatype: &DatatypeType, def: StructDefinitionIndex) -> bool {
        Arc::ptr_eq(&datatype.loaded_from, self.module) && datatype.datatype == usize::from(def.0)
    }

    /// The reference `operand` moved on by `words`.
    fn step_into(&mut self, operand: &Operand, words: u32) -> Result<Where> {
        let too_far = "field is too far from the start of its value";
        Ok(match operand.place {
            Where::Address { slot, local } => Where::Address {
                slot: slot
                    .checked_add(u16::try_from(words).map_err(|_| too_far)?)
                    .ok_or(too_far)?,
                local,
            },
            Where::Field { slot, off } => Where::Field {
                slot,
                off: off
                    .checked_add(words * 8)
                    .filter(|off| *off < u32::MAX / 2)
                    .ok_or(too_far)?,
            },
            Where::Slot(slot) if words == 0 => Where::Slot(slot),
            Where::Slot(slot) => Where::Field {
                slot,
                off: words * 8,
            },
            Where::Immediate(_) => return Err("reference is a constant".into()),
        })
    }

    pub(super) fn pack_variant(&mut self, variant: VariantHandleIndex) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_type(handle.enum_def, None)?;
        self.pack_variant_type(&ty, handle.variant)
    }

    pub(super) fn pack_variant_generic(
        &mut self,
        variant: VariantInstantiationHandleIndex,
    ) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_instantiation(handle.enum_def)?;
        self.pack_variant_type(&ty, handle.variant)
    }

    fn pack_variant_type(&mut self, ty: &RuntimeType, variant: VariantTag) -> Result<()> {
        let types = variant_types(ty, variant.position())?.to_vec();
        self.cost += types.len() as u64 + cost_table::moved(ty.layout.words);
        self.check_top(&types)?;
        self.pop_side_by_side(types.len())?;
        let base = self.push_value(ty)?;
        let fields = types.iter().map(|ty| ty.layout.words).sum::<u32>() as u16;
        let words = ty.layout.words as u16;
        let tag = variant.0;
        self.emit(Op::PackVariant {
            base,
            tag,
            fields,
            words,
        });
        Ok(())
    }

    pub(super) fn unpack_variant(&mut self, variant: VariantHandleIndex) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_type(handle.enum_def, None)?;
        self.unpack_variant_type(&ty, handle.variant)
    }

    pub(super) fn unpack_variant_generic(
        &mut self,
        variant: VariantInstantiationHandleIndex,
    ) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_instantiation(handle.enum_def)?;
        self.unpack_variant_type(&ty, handle.variant)
    }

    fn unpack_variant_type(&mut self, ty: &RuntimeType, variant: VariantTag) -> Result<()> {
        let types = variant_types(ty, variant.position())?.to_vec();
        let operand = self.pop_of(ty)?;
        self.cost += types.len() as u64 + cost_table::moved(ty.layout.words);
        let src = self.slot_of(&operand);
        let fields = types.iter().map(|ty| ty.layout.words).sum::<u32>() as u16;
        self.emit(Op::UnpackVariant {
            dst: operand.home,
            src,
            tag: variant.0,
            fields,
        });
        for ty in &types {
            self.push_value(ty)?;
        }
        Ok(())
    }

    pub(super) fn unpack_variant_reference(&mut self, variant: VariantHandleIndex) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_type(handle.enum_def, None)?;
        self.borrow_variant(&ty, handle.variant)
    }

    pub(super) fn unpack_variant_reference_generic(
        &mut self,
        variant: VariantInstantiationHandleIndex,
    ) -> Result<()> {
        let handle = *entry(&self.module.module, variant)?;
        let ty = self.enum_instantiation(handle.enum_def)?;
        self.borrow_variant(&ty, handle.variant)
    }

    /// Checks the variant behind a reference and pushes references to its
    /// fields, as mutable as the reference is.
    fn borrow_variant(&mut self, ty: &RuntimeType, variant: VariantTag) -> Result<()> {
        let operand = self.pop_reference()?;
        if !operand.ty.ty.is_same_type_as(ty) || operand.ty.ty.layout != ty.layout {
            return Err("borrow of the fields of another type".into());
        }
        let passing = operand.ty.passing;
        let types = variant_types(ty, variant.position())?;
        let fields = variant_fields(ty, variant.position())?;
        self.cost += fields.len() as u64;
        let tag = variant.0;
        if let Where::Address { slot, .. } = operand.place {
            self.emit(Op::CheckVariantSlot { a: slot, tag });
        } else {
            let (a, off) = self.reference_operand(&operand);
            self.emit(Op::CheckVariant { a, tag, off });
        }
        let first = self.stack.len();
        for (ty, field) in types.iter().zip(fields) {
            let place = self.step_into(&operand, field.offset)?;
            let ty = OperandType {
                passing,
                ty: ty.clone(),
            };
            self.push(ty, Some(place))?;
        }
        // All of them may lean on one reference in the home of the first: it
        // must be overwritten last.
        let in_home = matches!(
            operand.place,
            Where::Slot(slot) | Where::Field { slot, .. } if slot == operand.home
        );
        if in_home {
            for index in (first..self.stack.len()).rev() {
                self.bring_home(index);
            }
        }
        Ok(())
    }
}

fn variant_types(ty: &RuntimeType, variant: usize) -> Result<&[RuntimeType]> {
    ty.datatype()
        .and_then(|datatype| datatype.variants.get(variant))
        .map(|types| &**types)
        .ok_or_else(|| "variant out of range".into())
}

fn variant_fields(ty: &RuntimeType, variant: usize) -> Result<&[Field]> {
    let fields = match &ty.layout.shape {
        Shape::Struct(fields) => Some(fields),
        Shape::Enum(variants) => variants.get(variant),
        _ => None,
    };
    fields
        .map(|fields| &**fields)
        .ok_or_else(|| "variant out of range".into())
}
