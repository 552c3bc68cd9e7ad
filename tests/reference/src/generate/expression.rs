//! Values: pushed by one of many ways to have one.

use super::body::{Body, Made, Stuck};
use super::types::{Kind, Passing, Ty};
use heddle_bytecode::{Bytecode, LocalIndex, SignatureToken, U256};

impl Body<'_, '_> {
    /// Pushes a value of type `ty`.
    pub(super) fn value(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        self.spend()?;
        // Something else may happen while operands wait.
        if depth > 0 && !self.is_tired() && self.choices.chance(10) {
            self.statement(depth - 1, false)?;
        }
        if depth == 0 || self.is_tired() {
            return self.leaf(ty, 3);
        }
        match self.choices.below(20) {
            0..=3 => self.leaf(ty, 3),
            4..=6 if self.has_copy(ty) => self.read(ty, depth - 1),
            7 => match self.function_that_returns(&Kind::value(ty.clone())) {
                Some((function, arguments)) => self.call_for(function, &arguments, ty, depth - 1),
                None => self.made(ty, depth - 1),
            },
            8 => self.popped(ty, depth - 1),
            9 => self.unpacked(ty, depth - 1),
            10 if self.has_drop(ty) => self.through_local(ty, depth - 1),
            _ => self.made(ty, depth - 1),
        }
    }

    /// A value of a local, or one that takes few instructions.
    fn leaf(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        let wanted = Kind::value(ty.clone());
        let usable: Vec<usize> = (0..self.locals.len())
            .filter(|index| self.locals[*index].kind == wanted)
            .filter(|index| self.is_copyable(*index) || self.is_movable(*index))
            .collect();
        let must = !self.is_simple(ty, depth);
        if !usable.is_empty() && (must || self.choices.chance(60)) {
            let local = usable[self.choices.index(usable.len())];
            if self.is_copyable(local) && !(self.is_movable(local) && self.choices.chance(20)) {
                self.emit(Bytecode::CopyLoc(LocalIndex(local as u8)));
                return self.disturb_sometimes(local);
            }
            self.take(local);
            return Ok(());
        }
        if must {
            return self.value_from_elsewhere(ty);
        }
        self.simple(ty, depth)
    }

    /// A value of a type whose values can't be made here: read through a
    /// reference, or made by another module's function.
    fn value_from_elsewhere(&mut self, ty: &Ty) -> Made<()> {
        self.spend()?;
        if self.has_copy(ty) {
            let behind = (0..self.locals.len()).find(|index| {
                let local = &self.locals[*index];
                local.kind.passing != Passing::Value
                    && local.kind.ty == *ty
                    && local.is_available
                    && local.writers == 0
            });
            if let Some(local) = behind {
                self.emit(Bytecode::CopyLoc(LocalIndex(local as u8)));
                self.emit(Bytecode::ReadRef);
                return Ok(());
            }
        }
        let Ty::Data(index, arguments) = ty else {
            return Err(Stuck);
        };
        let data = &self.items.datas[*index];
        let maker = format!("make_{}", data.name);
        let maker = self
            .items
            .functions
            .iter()
            .position(|function| function.name == maker)
            .ok_or(Stuck)?;
        if maker >= self.function || data.module > self.module {
            return Err(Stuck);
        }
        let fields = self.items.variants(ty).swap_remove(0);
        for field in &fields {
            self.leaf(field, 2)?;
        }
        let arguments = arguments.clone();
        self.emit_call(maker, &arguments);
        Ok(())
    }

    /// Whether a value can be made from nothing in this module.
    fn is_simple(&self, ty: &Ty, depth: u32) -> bool {
        match ty {
            Ty::Parameter(_) => false,
            Ty::Data(index, _) => {
                let data = &self.items.datas[*index];
                let fields = self.items.variants(ty);
                data.module == self.module
                    && depth > 0
                    && fields[0].iter().all(|ty| self.is_simple(ty, depth - 1))
            }
            _ => true,
        }
    }

    fn simple(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        self.spend()?;
        match ty {
            Ty::Bool => {
                let value = self.choices.chance(50);
                self.emit(if value {
                    Bytecode::LdTrue
                } else {
                    Bytecode::LdFalse
                });
                Ok(())
            }
            Ty::Integer(bits) => {
                self.integer(*bits);
                Ok(())
            }
            Ty::Address => {
                let mut bytes = [0; 32];
                bytes[31] = self.choices.below(4) as u8;
                bytes[0] = self.choices.below(3) as u8;
                let index = self.builder.constant(SignatureToken::Address, &bytes);
                self.emit(Bytecode::LdConst(index));
                Ok(())
            }
            Ty::Vector(element) => self.vector(ty, element, depth),
            Ty::Data(..) => {
                let fields = self.items.variants(ty).swap_remove(0);
                for field in &fields {
                    self.leaf(field, depth.saturating_sub(1))?;
                }
                let code = self.items.pack(self.builder, ty, 0);
                self.emit(code);
                Ok(())
            }
            Ty::Parameter(_) => Err(Stuck),
        }
    }

    /// Loads an integer that is likely to matter.
    fn integer(&mut self, bits: u32) {
        let max = U256::MAX >> (256 - bits as usize);
        let value = match self.choices.below(16) {
            0..=7 => U256::from(self.choices.below(5)),
            8..=10 => U256::from(self.choices.below(200)),
            11 | 12 => max,
            13 if self.choices.chance(50) => max - U256::from(self.choices.below(3)),
            13 => U256::from(1) << self.choices.index(bits as usize),
            14 => max >> self.choices.index(bits as usize),
            _ => {
                let limbs = [0; 4].map(|_: u64| self.choices.any());
                U256::from_limbs(limbs)
            }
        } & max;
        let low = value.as_limbs()[0];
        self.emit(match bits {
            8 => Bytecode::LdU8(low as u8),
            16 => Bytecode::LdU16(low as u16),
            32 => Bytecode::LdU32(low as u32),
            64 => Bytecode::LdU64(low),
            128 => Bytecode::LdU128(Box::new(value.to::<u128>())),
            _ => Bytecode::LdU256(Box::new(value)),
        });
    }

    fn vector(&mut self, ty: &Ty, element: &Ty, depth: u32) -> Made<()> {
        if may_be_constant(ty)
            && self.choices.chance(25)
            && let Some(data) = self.constant_bytes(ty)
        {
            let token = self.items.token(self.builder, ty);
            let index = self.builder.constant(token, &data);
            self.emit(Bytecode::LdConst(index));
            return Ok(());
        }
        let mut count = 0;
        if depth > 0 && (self.is_simple(element, depth - 1) || self.has_copy(element)) {
            let wanted = self.choices.below(5);
            while count < wanted {
                match self.leaf(element, depth - 1) {
                    Ok(()) => count += 1,
                    // A type parameter that no local has: nothing was emitted.
                    Err(Stuck) if matches!(element, Ty::Parameter(_)) => break,
                    Err(Stuck) => return Err(Stuck),
                }
            }
        }
        let signature = self.element_signature(element);
        self.emit(Bytecode::VecPack(signature, count));
        Ok(())
    }

    /// Some BCS of a type that constants may have.
    fn constant_bytes(&mut self, ty: &Ty) -> Option<Vec<u8>> {
        match ty {
            Ty::Bool => Some(vec![self.choices.below(2) as u8]),
            Ty::Integer(bits) => {
                let mut bytes = vec![0; *bits as usize / 8];
                bytes[0] = self.choices.below(256) as u8;
                Some(bytes)
            }
            Ty::Address => Some(vec![self.choices.below(3) as u8; 32]),
            Ty::Vector(element) => {
                let count = self.choices.below(5) as u8;
                let mut bytes = vec![count];
                for _ in 0..count {
                    bytes.extend(self.constant_bytes(element)?);
                }
                Some(bytes)
            }
            _ => None,
        }
    }

    /// A copy through a reference.
    fn read(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        let held = self.reference(ty, false, depth)?;
        self.emit(Bytecode::ReadRef);
        self.release(&held);
        match held.0.first() {
            Some((local, _)) => self.disturb_sometimes(*local),
            None => Ok(()),
        }
    }

    /// A value that rests in a local for a while.
    fn through_local(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        self.value(ty, depth)?;
        let local = self.new_local(Kind::value(ty.clone()))?;
        self.store(local);
        if !self.is_tired() && self.choices.chance(50) {
            self.statement(depth, false)?;
        }
        if !self.is_movable(local) {
            return Err(Stuck);
        }
        self.take(local);
        Ok(())
    }

    /// The last element of some vector.
    fn popped(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        let vector = Ty::Vector(Box::new(ty.clone()));
        let has_local = self
            .locals
            .iter()
            .any(|local| local.is_available && local.kind.ty == vector);
        if !has_local || !self.has_drop(&vector) {
            return self.made(ty, depth);
        }
        let held = self.reference(&vector, true, depth)?;
        let signature = self.element_signature(ty);
        self.emit(Bytecode::VecPopBack(signature));
        self.release(&held);
        Ok(())
    }

    /// A field of a struct or variant that is taken apart.
    fn unpacked(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        let mut found = Vec::new();
        for local in &self.locals {
            let Ty::Data(index, _) = &local.kind.ty else {
                continue;
            };
            if self.items.datas[*index].module != self.module {
                continue;
            }
            for (tag, fields) in (0u16..).zip(self.items.variants(&local.kind.ty)) {
                let droppable = fields.iter().all(|field| self.has_drop(field));
                if let Some(position) = fields.iter().position(|field| field == ty)
                    && droppable
                    && (tag == 0 || fields.len() > 1)
                {
                    found.push((local.kind.ty.clone(), tag, position));
                }
            }
        }
        if found.is_empty() {
            return self.made(ty, depth);
        }
        let (whole, tag, position) = found[self.choices.index(found.len())].clone();
        self.value(&whole, depth)?;
        let code = self.items.unpack(self.builder, &whole, tag, None);
        self.emit(code);
        let fields = self.items.variants(&whole).swap_remove(usize::from(tag));
        self.keep_value(&fields, position)
    }

    /// Of droppable values on the stack, keeps the one at `kept`.
    fn keep_value(&mut self, types: &[Ty], kept: usize) -> Made<()> {
        for ty in types[kept + 1..].iter().rev() {
            self.consume(ty, 2)?;
        }
        if kept == 0 {
            return Ok(());
        }
        let local = self.new_local(Kind::value(types[kept].clone()))?;
        self.store(local);
        for ty in types[..kept].iter().rev() {
            self.consume(ty, 2)?;
        }
        self.take(local);
        Ok(())
    }

    /// Calls a function for one of its results.
    fn call_for(&mut self, function: usize, arguments: &[Ty], ty: &Ty, depth: u32) -> Made<()> {
        let returns: Vec<Ty> = self.items.functions[function]
            .returns
            .iter()
            .map(|kind| kind.ty.put_in(arguments))
            .collect();
        let Some(position) = returns.iter().position(|it| it == ty) else {
            return self.made(ty, depth);
        };
        let held = self.call_holding(function, arguments, depth)?;
        self.release(&held);
        self.keep_value(&returns, position)
    }

    /// A value made by an operation of its type.
    fn made(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        match ty {
            Ty::Bool => self.truth(depth),
            Ty::Integer(bits) => self.number(*bits, depth),
            Ty::Vector(element) if self.is_simple(element, 2) => {
                let count = self.choices.below(4);
                for _ in 0..count {
                    self.value(element, depth.min(1))?;
                }
                let signature = self.element_signature(element);
                self.emit(Bytecode::VecPack(signature, count));
                Ok(())
            }
            Ty::Data(index, _) if self.items.datas[*index].module == self.module => {
                let variants = self.items.variants(ty);
                let usable: Vec<usize> = (0..variants.len())
                    .filter(|tag| variants[*tag].iter().all(|ty| self.is_simple(ty, 2)))
                    .collect();
                if usable.is_empty() {
                    return self.leaf(ty, 3);
                }
                let tag = usable[self.choices.index(usable.len())];
                for field in &variants[tag] {
                    self.value(field, depth)?;
                }
                let code = self.items.pack(self.builder, ty, tag as u16);
                self.emit(code);
                Ok(())
            }
            _ => self.leaf(ty, 3),
        }
    }

    fn truth(&mut self, depth: u32) -> Made<()> {
        match self.choices.below(10) {
            0 => {
                self.value(&Ty::Bool, depth)?;
                self.emit(Bytecode::Not);
            }
            1 | 2 => {
                self.value(&Ty::Bool, depth)?;
                self.value(&Ty::Bool, depth)?;
                let is_and = self.choices.chance(50);
                self.emit(if is_and { Bytecode::And } else { Bytecode::Or });
            }
            3..=5 => {
                let ty = Ty::Integer(8 << self.choices.below(6));
                self.value(&ty, depth)?;
                self.value(&ty, depth)?;
                let code = [Bytecode::Lt, Bytecode::Le, Bytecode::Gt, Bytecode::Ge];
                let code = code[self.choices.index(4)].clone();
                self.emit(code);
            }
            6 | 7 => {
                let ty = self.any_type(heddle_bytecode::AbilitySet::singleton(
                    heddle_bytecode::Ability::Drop,
                ));
                self.value(&ty, depth)?;
                self.value(&ty, depth)?;
                self.equality();
            }
            8 if self.choices.chance(60) => return self.fields_compared(depth),
            8 => {
                let ty = self.any_type(heddle_bytecode::AbilitySet::REFERENCES);
                let left = self.reference(&ty, false, depth)?;
                let right = self.reference(&ty, false, depth)?;
                self.equality();
                self.release(&left);
                self.release(&right);
            }
            _ => return self.leaf(&Ty::Bool, 1),
        }
        Ok(())
    }

    /// Compares two fields of a variant through references that lie side by
    /// side.
    fn fields_compared(&mut self, depth: u32) -> Made<()> {
        let mut found = Vec::new();
        for local in self.locals.iter().filter(|local| local.is_available) {
            for (_, ty) in super::place::parts(self.items, self.module, &local.kind.ty, 2) {
                let Ty::Data(index, _) = &ty else { continue };
                let data = &self.items.datas[*index];
                if !data.is_enum || data.module != self.module {
                    continue;
                }
                for (tag, fields) in (0u16..).zip(self.items.variants(&ty)) {
                    if let [.., left, right] = &fields[..]
                        && left == right
                    {
                        found.push((ty.clone(), tag, fields.len()));
                    }
                }
            }
        }
        if found.is_empty() {
            return self.leaf(&Ty::Bool, 1);
        }
        let (ty, tag, count) = found[self.choices.index(found.len())].clone();
        let vector = Ty::Vector(Box::new(ty.clone()));
        let held = if self.has_drop(&vector) && self.choices.chance(60) {
            // An element's reference is computed; a local's is known.
            self.value(&vector, depth)?;
            let local = self.new_local(Kind::value(vector))?;
            self.store(local);
            self.borrow(local, &[super::place::Part::Element], false, 0)?
        } else {
            self.reference(&ty, false, depth)?
        };
        let code = self.items.unpack(self.builder, &ty, tag, Some(false));
        self.emit(code);
        self.equality();
        if count > 2 {
            let local = self.new_local(Kind::value(Ty::Bool))?;
            self.store(local);
            for _ in 2..count {
                self.emit(Bytecode::Pop);
            }
            self.take(local);
        }
        self.release(&held);
        Ok(())
    }

    fn equality(&mut self) {
        let is_eq = self.choices.chance(60);
        self.emit(if is_eq { Bytecode::Eq } else { Bytecode::Neq });
    }

    fn number(&mut self, bits: u32, depth: u32) -> Made<()> {
        let ty = Ty::Integer(bits);
        match self.choices.below(12) {
            0..=4 => {
                self.value(&ty, depth)?;
                self.value(&ty, depth)?;
                let codes = [
                    Bytecode::Add,
                    Bytecode::Xor,
                    Bytecode::Sub,
                    Bytecode::BitAnd,
                    Bytecode::BitOr,
                    Bytecode::Mul,
                    Bytecode::Div,
                    Bytecode::Mod,
                ];
                let code = codes[self.choices.index(codes.len())].clone();
                self.emit(code);
            }
            5 => {
                self.value(&ty, depth)?;
                if self.choices.chance(80) {
                    let shift = self.choices.below(u64::from(bits).min(256)) as u8;
                    self.emit(Bytecode::LdU8(shift));
                } else {
                    self.value(&Ty::Integer(8), depth)?;
                }
                let is_left = self.choices.chance(50);
                self.emit(if is_left {
                    Bytecode::Shl
                } else {
                    Bytecode::Shr
                });
            }
            6 | 7 => {
                // Into a narrow range first, where a cast is to be narrow.
                let from = 8 << self.choices.below(6);
                self.value(&Ty::Integer(from), depth)?;
                if from > bits && self.choices.chance(80) {
                    self.emit(match from {
                        16 => Bytecode::LdU16(7),
                        32 => Bytecode::LdU32(1),
                        64 => Bytecode::LdU64(0xFF),
                        128 => Bytecode::LdU128(Box::new(0x7F)),
                        _ => Bytecode::LdU256(Box::new(U256::from(0xF))),
                    });
                    self.emit(Bytecode::BitAnd);
                }
                self.emit(match bits {
                    8 => Bytecode::CastU8,
                    16 => Bytecode::CastU16,
                    32 => Bytecode::CastU32,
                    64 => Bytecode::CastU64,
                    128 => Bytecode::CastU128,
                    _ => Bytecode::CastU256,
                });
            }
            8 if bits == 64 => {
                let element = self.any_type(heddle_bytecode::AbilitySet::REFERENCES);
                let vector = Ty::Vector(Box::new(element.clone()));
                let held = self.reference(&vector, false, depth)?;
                let signature = self.element_signature(&element);
                self.emit(Bytecode::VecLen(signature));
                self.release(&held);
            }
            _ => return self.leaf(&ty, 1),
        }
        Ok(())
    }
}

/// Whether there can be constants of this type.
fn may_be_constant(ty: &Ty) -> bool {
    match ty {
        Ty::Vector(element) => may_be_constant(element),
        Ty::Data(..) | Ty::Parameter(_) => false,
        _ => true,
    }
}
