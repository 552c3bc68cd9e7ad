//! Bodies of functions: a walk over a stack of types.
//!
//! A step pushes something, does something with what is on top, or branches,
//! which needs an empty stack. Unlike what a compiler emits, operands may wait
//! on the stack for long, and code may be pointless.
//!
//! References carry the locals that they may point into, and an age. A use is
//! left out if a younger reference into the same local lives, which is close
//! to the rule of the verifier; now and then it is made all the same.

use super::{Datatype, Definition, Function, Generator, substitute};
use crate::choices::Choices;
use heddle_bytecode::testing::FunctionSignature;
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CodeOffset, FunctionDefinitionIndex, LocalIndex,
    SignatureToken as T, StructDefinitionIndex, U256, VariantJumpTable, VariantJumpTableIndex,
};

/// Locals beyond which no further are made.
const LOCALS_MAX: usize = 24;
/// Instructions beyond which a body comes to its end.
const CODE_MAX: usize = 600;

/// The locals that a reference may point into, as bits; parameters that are
/// references have bits of their own.
type Roots = u64;

#[derive(Clone)]
struct Value {
    type_: T,
    roots: Roots,
    age: u32,
}

#[derive(Clone)]
struct Local {
    type_: T,
    is_available: bool,
    /// It was available at the head of a loop that encloses this place, so it
    /// must stay so.
    is_pinned: bool,
    roots: Roots,
    age: u32,
}

struct Body<'g, 'c, 'b> {
    generator: &'g mut Generator<'c, 'b>,
    signature: &'g FunctionSignature,
    locals: Vec<Local>,
    stack: Vec<Value>,
    code: Vec<B>,
    jump_tables: Vec<VariantJumpTable>,
    age: u32,
}

pub(super) fn generate(
    generator: &mut Generator<'_, '_>,
    definition: FunctionDefinitionIndex,
    signature: &FunctionSignature,
) {
    let parameters = signature.parameters.len();
    let locals = signature
        .parameters
        .iter()
        .enumerate()
        .map(|(at, type_)| Local {
            type_: type_.clone(),
            is_available: true,
            is_pinned: false,
            roots: if type_.is_reference() {
                1 << (32 + at % 32)
            } else {
                0
            },
            age: 0,
        })
        .collect();
    let mut body = Body {
        generator,
        signature,
        locals,
        stack: Vec::new(),
        code: Vec::new(),
        jump_tables: Vec::new(),
        age: 1,
    };
    body.walk(3);
    body.finish();
    let Body {
        locals,
        code,
        jump_tables,
        ..
    } = body;
    let locals: Vec<T> = locals
        .into_iter()
        .skip(parameters)
        .map(|it| it.type_)
        .collect();
    generator
        .builder
        .body_with_jump_tables(definition, &locals, code, jump_tables);
}

fn local(at: usize) -> LocalIndex {
    LocalIndex(u8::try_from(at).unwrap_or(u8::MAX))
}

fn reference(is_mutable: bool, inner: T) -> T {
    if is_mutable {
        T::MutableReference(Box::new(inner))
    } else {
        T::Reference(Box::new(inner))
    }
}

impl<'b> Body<'_, '_, 'b> {
    fn choices(&mut self) -> &mut Choices<'b> {
        self.generator.choices
    }

    fn has(&self, type_: &T, ability: Ability) -> bool {
        self.generator
            .abilities_of(type_, &self.signature.type_parameters)
            .has(ability)
    }

    fn emit(&mut self, instruction: B) {
        self.code.push(instruction);
    }

    fn here(&self) -> CodeOffset {
        CodeOffset(u16::try_from(self.code.len()).unwrap_or(u16::MAX))
    }

    fn push(&mut self, type_: T, roots: Roots) {
        self.age += 1;
        let age = self.age;
        self.stack.push(Value { type_, roots, age });
    }

    /// Whether the use of something with `roots` of `age` conflicts with a
    /// younger reference: with any, or with mutable ones only.
    fn conflicts(&mut self, roots: Roots, age: u32, mutable_only: bool) -> bool {
        let clashes = |type_: &T, other: Roots, other_age: u32| {
            other & roots != 0
                && other_age > age
                && type_.is_reference()
                && (!mutable_only || type_.is_mutable_reference())
        };
        let on_stack = self
            .stack
            .iter()
            .any(|value| clashes(&value.type_, value.roots, value.age));
        let in_locals = self
            .locals
            .iter()
            .any(|local| local.is_available && clashes(&local.type_, local.roots, local.age));
        (on_stack || in_locals) && !self.choices().one_in(100)
    }

    /// Steps until the bytes run out, or the body is long enough.
    fn walk(&mut self, depth: usize) {
        let steps = 1 + self.choices().below(if depth == 3 { 40 } else { 12 });
        for _ in 0..steps {
            if self.choices().is_exhausted() || self.code.len() > CODE_MAX {
                break;
            }
            match self.choices().below(8) {
                0 | 1 => self.push_something(),
                2..=5 => self.use_top(),
                6 => {
                    let wanted = self.random_type();
                    self.attempt(|body| body.make(&wanted, 2));
                }
                _ if depth > 0 => self.branch(depth - 1),
                _ => self.call_any(),
            }
        }
        self.drain();
    }

    /// Does something that may fail half way, and then takes it back.
    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> bool) -> bool {
        let (code, locals, stack) = (self.code.len(), self.locals.clone(), self.stack.clone());
        let done = step(self);
        if !done {
            self.code.truncate(code);
            self.stack = stack;
            // Locals that were added stay; those that were there are restored.
            for (local, before) in self.locals.iter_mut().zip(locals) {
                *local = before;
            }
        }
        done
    }

    fn random_type(&mut self) -> T {
        let type_parameters = self.signature.type_parameters.clone();
        self.generator.type_(AbilitySet::EMPTY, &type_parameters, 2)
    }

    fn push_something(&mut self) {
        let at = {
            let count = self.locals.len();
            self.choices().below(count)
        };
        match self.choices().below(6) {
            0 => {
                let kind = self.choices().below(super::PRIMITIVES.len());
                self.literal(&super::PRIMITIVES[kind]);
            }
            1 => {
                self.copy_local(at);
            }
            2 => {
                self.move_local(at);
            }
            3 => {
                self.borrow_local(at, false);
            }
            4 => {
                self.borrow_local(at, true);
            }
            _ => {
                let constants = self.generator.constants.clone();
                if let Some((index, type_)) = self.choices().pick(&constants) {
                    self.emit(B::LdConst(*index));
                    self.push(type_.clone(), 0);
                }
            }
        }
    }

    fn literal(&mut self, type_: &T) -> bool {
        let number = self.choices().number();
        let instruction = match type_ {
            T::Bool if number & 1 == 1 => B::LdTrue,
            T::Bool => B::LdFalse,
            T::U8 => B::LdU8(number as u8),
            T::U16 => B::LdU16(number as u16),
            T::U32 => B::LdU32(number as u32),
            T::U64 => B::LdU64(number),
            T::U128 => B::LdU128(Box::new(u128::from(number) << (number % 64))),
            T::U256 => B::LdU256(Box::new(U256::from(number) << (number % 192) as usize)),
            T::Address => {
                let index = self
                    .generator
                    .builder
                    .constant(T::Address, &[number as u8; 32]);
                B::LdConst(index)
            }
            _ => return false,
        };
        self.emit(instruction);
        self.push(type_.clone(), 0);
        true
    }

    fn copy_local(&mut self, at: usize) -> bool {
        let Some(Local {
            type_,
            is_available: true,
            roots,
            ..
        }) = self.locals.get(at).cloned()
        else {
            return false;
        };
        if !self.has(&type_, Ability::Copy)
            || (!type_.is_reference() && self.conflicts(1 << at, 0, true))
        {
            return false;
        }
        self.emit(B::CopyLoc(local(at)));
        self.push(type_, roots);
        true
    }

    fn move_local(&mut self, at: usize) -> bool {
        let Some(Local {
            type_,
            is_available: true,
            is_pinned: false,
            roots,
            age,
        }) = self.locals.get(at).cloned()
        else {
            return false;
        };
        if !type_.is_reference() && self.conflicts(1 << at, 0, false) {
            return false;
        }
        self.emit(B::MoveLoc(local(at)));
        self.locals[at].is_available = false;
        self.stack.push(Value { type_, roots, age });
        true
    }

    fn borrow_local(&mut self, at: usize, is_mutable: bool) -> bool {
        let Some(Local {
            type_,
            is_available: true,
            ..
        }) = self.locals.get(at).cloned()
        else {
            return false;
        };
        if type_.is_reference() || self.conflicts(1 << at, 0, !is_mutable) {
            return false;
        }
        self.emit(if is_mutable {
            B::MutBorrowLoc(local(at))
        } else {
            B::ImmBorrowLoc(local(at))
        });
        self.push(reference(is_mutable, type_), 1 << at);
        true
    }

    /// Stores the top of the stack in a local that can take it, or in a new one.
    fn store(&mut self) -> bool {
        let Some(top) = self.stack.last().cloned() else {
            return false;
        };
        let start = {
            let count = self.locals.len();
            self.choices().below(count)
        };
        let count = self.locals.len();
        for step in 0..count {
            let at = (start + step) % count;
            let slot = self.locals[at].clone();
            let may_overwrite = !slot.is_available
                || (self.has(&slot.type_, Ability::Drop)
                    && !(slot.is_pinned && slot.type_.is_reference()));
            if slot.type_ == top.type_
                && may_overwrite
                && (slot.type_.is_reference() || !self.conflicts(1 << at, 0, false))
            {
                return self.store_to(at);
            }
        }
        if count >= LOCALS_MAX {
            return false;
        }
        self.locals.push(Local {
            type_: top.type_,
            is_available: false,
            is_pinned: false,
            roots: 0,
            age: 0,
        });
        self.store_to(count)
    }

    fn store_to(&mut self, at: usize) -> bool {
        let Some(top) = self.stack.pop() else {
            return false;
        };
        self.emit(B::StLoc(local(at)));
        let slot = &mut self.locals[at];
        (slot.is_available, slot.roots, slot.age) = (true, top.roots, top.age);
        true
    }

    fn pop(&mut self) -> bool {
        match self.stack.last() {
            Some(top) if self.has(&top.type_.clone(), Ability::Drop) => {
                self.emit(B::Pop);
                self.stack.pop();
                true
            }
            _ => false,
        }
    }

    /// Empties the stack, as far as that can be done.
    fn drain(&mut self) {
        for _ in 0..1000 {
            let Some(top) = self.stack.last().cloned() else {
                return;
            };
            let keep = self.choices().one_in(3);
            if (keep && self.store()) || self.pop() || self.store() || self.unpack(&top.type_) {
                continue;
            }
            // The verifier will refuse what follows.
            self.stack.pop();
        }
    }

    fn use_top(&mut self) {
        let Some(top) = self.stack.last().cloned() else {
            return self.push_something();
        };
        match self.choices().below(8) {
            0 => {
                self.store();
            }
            1 => {
                self.pop();
            }
            2 if self.stack.len() > 1 && self.has(&top.type_, Ability::Drop) => {
                self.compare(&top.type_);
            }
            3 => self.call_with_top(&top.type_),
            _ => match &top.type_ {
                T::Reference(inner) => self.use_reference(&top, inner, false),
                T::MutableReference(inner) => self.use_reference(&top, inner, true),
                T::Bool => self.logic(),
                type_ if type_.is_integer() => self.arithmetic(type_),
                type_ => {
                    self.unpack(type_);
                }
            },
        }
    }

    fn compare(&mut self, type_: &T) {
        let [.., other, _] = &self.stack[..] else {
            return;
        };
        if other.type_ != *type_ || type_.is_reference() {
            let wanted = type_.clone();
            if type_.is_reference() || !self.attempt(|body| body.make(&wanted, 1)) {
                return;
            }
        }
        let is_equality = self.choices().one_in(2);
        self.emit(if is_equality { B::Eq } else { B::Neq });
        self.stack.pop();
        self.stack.pop();
        self.push(T::Bool, 0);
    }

    fn logic(&mut self) {
        if self.choices().one_in(2) {
            self.emit(B::Not);
        } else if self.attempt(|body| body.make(&T::Bool, 1)) {
            let is_and = self.choices().one_in(2);
            self.emit(if is_and { B::And } else { B::Or });
            self.stack.pop();
        }
    }

    fn arithmetic(&mut self, type_: &T) {
        let operations = [
            B::Add,
            B::Sub,
            B::Mul,
            B::Div,
            B::Mod,
            B::BitOr,
            B::BitAnd,
            B::Xor,
        ];
        let orders = [B::Lt, B::Gt, B::Le, B::Ge];
        let shifts = [B::Shl, B::Shr];
        let casts = [
            (B::CastU8, T::U8),
            (B::CastU16, T::U16),
            (B::CastU32, T::U32),
            (B::CastU64, T::U64),
            (B::CastU128, T::U128),
            (B::CastU256, T::U256),
        ];
        match self.choices().below(8) {
            0 => {
                let (cast, to) = self
                    .choices()
                    .pick(&casts)
                    .cloned()
                    .unwrap_or(casts[0].clone());
                self.emit(cast);
                self.stack.pop();
                self.push(to, 0);
            }
            1 => {
                if self.attempt(|body| body.make(&T::U8, 1)) {
                    let shift = self.choices().pick(&shifts).cloned().unwrap_or(B::Shl);
                    self.emit(shift);
                    self.stack.pop();
                }
            }
            2 | 3 => {
                if self.attempt(|body| body.make(type_, 1)) {
                    let order = self.choices().pick(&orders).cloned().unwrap_or(B::Lt);
                    self.emit(order);
                    self.stack.pop();
                    self.stack.pop();
                    self.push(T::Bool, 0);
                }
            }
            _ => {
                if self.attempt(|body| body.make(type_, 1)) {
                    let operation = self.choices().pick(&operations).cloned().unwrap_or(B::Add);
                    self.emit(operation);
                    self.stack.pop();
                }
            }
        }
    }

    fn use_reference(&mut self, top: &Value, inner: &T, is_mutable: bool) {
        if self.conflicts(top.roots, top.age, !is_mutable) {
            return;
        }
        match (self.choices().below(6), inner) {
            (0, _) if self.has(inner, Ability::Copy) => {
                self.emit(B::ReadRef);
                self.stack.pop();
                self.push(inner.clone(), 0);
            }
            (1, _) if is_mutable && self.has(inner, Ability::Drop) => {
                // The value goes below the reference: the reference waits in
                // a local meanwhile.
                let at = self.locals.len();
                if at >= LOCALS_MAX || !self.store() {
                    return;
                }
                let stored = self
                    .locals
                    .iter()
                    .position(|local| local.is_available && local.age == top.age);
                let done = self.attempt(|body| body.make(inner, 2));
                if let (true, Some(stored)) = (done, stored)
                    && self.move_local(stored)
                {
                    self.emit(B::WriteRef);
                    self.drop_values(2);
                }
            }
            (2, _) if is_mutable => {
                self.emit(B::FreezeRef);
                self.stack.pop();
                self.push(reference(false, inner.clone()), top.roots);
            }
            (_, T::Vector(element)) => self.use_vector(top, element, is_mutable),
            (_, T::Datatype(_) | T::DatatypeInstantiation(_)) => {
                self.borrow_part(top, inner, is_mutable);
            }
            _ => {}
        }
    }

    fn small_index(&mut self) {
        let number = u64::from(self.choices().byte() % 4);
        self.emit(B::LdU64(number));
        self.push(T::U64, 0);
    }

    fn drop_values(&mut self, count: usize) {
        let rest = self.stack.len().saturating_sub(count);
        self.stack.truncate(rest);
    }

    fn use_vector(&mut self, top: &Value, element: &T, is_mutable: bool) {
        let signature = self
            .generator
            .builder
            .signature(std::slice::from_ref(element));
        match self.choices().below(if is_mutable { 7 } else { 2 }) {
            0 => {
                self.emit(B::VecLen(signature));
                self.drop_values(1);
                self.push(T::U64, 0);
            }
            1 => {
                self.small_index();
                self.emit(B::VecImmBorrow(signature));
                self.drop_values(2);
                self.push(reference(false, element.clone()), top.roots);
            }
            2 | 3 => {
                self.small_index();
                self.emit(B::VecMutBorrow(signature));
                self.drop_values(2);
                self.push(reference(true, element.clone()), top.roots);
            }
            4 => {
                if self.attempt(|body| body.make(element, 2)) {
                    self.emit(B::VecPushBack(signature));
                    self.drop_values(2);
                }
            }
            5 => {
                self.emit(B::VecPopBack(signature));
                self.drop_values(1);
                self.push(element.clone(), 0);
            }
            _ => {
                self.small_index();
                self.small_index();
                self.emit(B::VecSwap(signature));
                self.drop_values(3);
            }
        }
    }

    /// The datatype that a type is an instance of, and its type arguments.
    fn datatype(&self, type_: &T) -> Option<(Datatype, Vec<T>)> {
        let (handle, arguments) = match type_ {
            T::Datatype(handle) => (*handle, Vec::new()),
            T::DatatypeInstantiation(instantiation) => (instantiation.0, instantiation.1.clone()),
            _ => return None,
        };
        let datatypes = &self.generator.datatypes;
        let found = datatypes.iter().find(|it| it.handle == handle)?;
        Some((found.clone(), arguments))
    }

    fn borrow_part(&mut self, top: &Value, inner: &T, is_mutable: bool) {
        let Some((datatype, arguments)) = self.datatype(inner) else {
            return;
        };
        match datatype.definition {
            Definition::Struct(def) => {
                let count = datatype.variants[0].len();
                let at = self.choices().below(count);
                let part = substitute(&datatype.variants[0][at], &arguments);
                self.emit_borrow_field(def, at, &arguments, is_mutable);
                self.drop_values(1);
                self.push(reference(is_mutable, part), top.roots);
            }
            Definition::Enum(def) => {
                let count = datatype.variants.len();
                let tag = self.choices().below(count);
                let instruction = self.variant(def, tag, &arguments, |plain| match is_mutable {
                    true => (
                        B::UnpackVariantMutRef(plain.0),
                        B::UnpackVariantGenericMutRef(plain.1),
                    ),
                    false => (
                        B::UnpackVariantImmRef(plain.0),
                        B::UnpackVariantGenericImmRef(plain.1),
                    ),
                });
                self.emit(instruction);
                self.drop_values(1);
                for field in &datatype.variants[tag] {
                    let part = substitute(field, &arguments);
                    self.push(reference(is_mutable, part), top.roots);
                }
                // All of one age: none of them points into another.
                let age = self.age;
                let count = datatype.variants[tag].len();
                let first = self.stack.len() - count;
                self.stack[first..].iter_mut().for_each(|it| it.age = age);
            }
        }
    }

    fn emit_borrow_field(
        &mut self,
        def: StructDefinitionIndex,
        at: usize,
        arguments: &[T],
        is_mutable: bool,
    ) {
        let builder = &mut self.generator.builder;
        let field = builder.field(def, u16::try_from(at).unwrap_or(0));
        let instruction = if arguments.is_empty() {
            match is_mutable {
                true => B::MutBorrowField(field),
                false => B::ImmBorrowField(field),
            }
        } else {
            let index = builder.field_instantiation(field, arguments);
            match is_mutable {
                true => B::MutBorrowFieldGeneric(index),
                false => B::ImmBorrowFieldGeneric(index),
            }
        };
        self.emit(instruction);
    }

    /// The instruction for a variant: of the two that `choose` makes the plain
    /// one or the generic one.
    fn variant(
        &mut self,
        def: heddle_bytecode::EnumDefinitionIndex,
        tag: usize,
        arguments: &[T],
        choose: impl FnOnce(
            (
                heddle_bytecode::VariantHandleIndex,
                heddle_bytecode::VariantInstantiationHandleIndex,
            ),
        ) -> (B, B),
    ) -> B {
        let tag = u16::try_from(tag).unwrap_or(0);
        let builder = &mut self.generator.builder;
        if arguments.is_empty() {
            let index = builder.variant(def, tag);
            choose((index, heddle_bytecode::VariantInstantiationHandleIndex(0))).0
        } else {
            let instantiation = builder.enum_instantiation(def, arguments);
            let index = builder.variant_instantiation(instantiation, tag);
            choose((heddle_bytecode::VariantHandleIndex(0), index)).1
        }
    }

    /// Takes the datatype or vector on top of the stack apart.
    fn unpack(&mut self, type_: &T) -> bool {
        if let T::Vector(element) = type_ {
            let count = u64::from(self.choices().byte() % 4);
            let signature = self
                .generator
                .builder
                .signature(std::slice::from_ref(element));
            self.emit(B::VecUnpack(signature, count));
            self.drop_values(1);
            for _ in 0..count {
                self.push((**element).clone(), 0);
            }
            return true;
        }
        let Some((datatype, arguments)) = self.datatype(type_) else {
            return false;
        };
        let tag = {
            let count = datatype.variants.len();
            self.choices().below(count)
        };
        let instruction = match datatype.definition {
            Definition::Struct(def) if arguments.is_empty() => B::Unpack(def),
            Definition::Struct(def) => {
                let builder = &mut self.generator.builder;
                B::UnpackGeneric(builder.struct_instantiation(def, &arguments))
            }
            Definition::Enum(def) => self.variant(def, tag, &arguments, |(plain, generic)| {
                (B::UnpackVariant(plain), B::UnpackVariantGeneric(generic))
            }),
        };
        self.emit(instruction);
        self.drop_values(1);
        for field in &datatype.variants[tag] {
            let part = substitute(field, &arguments);
            self.push(part, 0);
        }
        true
    }

    /// Pushes a value of a type, whatever that takes.
    fn make(&mut self, type_: &T, depth: usize) -> bool {
        if self.code.len() > 2 * CODE_MAX {
            return false;
        }
        let from_local = self.choices().one_in(2) || matches!(type_, T::TypeParameter(_));
        if from_local && self.make_from_local(type_) {
            return true;
        }
        match type_ {
            T::Reference(inner) | T::MutableReference(inner) => {
                self.make_reference(type_, inner, depth)
            }
            T::Vector(element) => {
                let count = if depth == 0 {
                    0
                } else {
                    self.choices().below(4)
                };
                for _ in 0..count {
                    if !self.make(element, depth - 1) {
                        return false;
                    }
                }
                let signature = self
                    .generator
                    .builder
                    .signature(std::slice::from_ref(element));
                self.emit(B::VecPack(signature, count as u64));
                self.drop_values(count);
                self.push(type_.clone(), 0);
                true
            }
            T::Datatype(_) | T::DatatypeInstantiation(_) => self.pack(type_, depth),
            T::TypeParameter(_) | T::Signer => false,
            plain => {
                if depth > 0 && self.choices().one_in(4) {
                    let operand = if plain.is_integer() { plain } else { &T::U64 };
                    if !self.make(operand, depth - 1) {
                        return false;
                    }
                    match plain {
                        T::Bool => self.compare(&T::U64),
                        T::Address => return self.pop() && self.literal(plain),
                        _ => self.arithmetic(plain),
                    }
                    if self.stack.last().is_none_or(|top| top.type_ != *plain) {
                        return self.pop() && self.literal(plain);
                    }
                    return true;
                }
                self.literal(plain)
            }
        }
    }

    fn make_from_local(&mut self, type_: &T) -> bool {
        let count = self.locals.len();
        let start = self.choices().below(count);
        for step in 0..count {
            let at = (start + step) % count;
            if self.locals[at].type_ != *type_ {
                continue;
            }
            if self.copy_local(at) || self.move_local(at) {
                return true;
            }
        }
        false
    }

    fn make_reference(&mut self, type_: &T, inner: &T, depth: usize) -> bool {
        let is_mutable = type_.is_mutable_reference();
        let count = self.locals.len();
        let start = self.choices().below(count);
        for step in 0..count {
            let at = (start + step) % count;
            if self.locals[at].type_ == *inner && self.borrow_local(at, is_mutable) {
                return true;
            }
        }
        // A fresh local for it to point into.
        let at = self.locals.len();
        if at >= LOCALS_MAX || depth == 0 || !self.make(inner, depth - 1) {
            return false;
        }
        self.locals.push(Local {
            type_: inner.clone(),
            is_available: false,
            is_pinned: false,
            roots: 0,
            age: 0,
        });
        let at = self.locals.len() - 1;
        self.store_to(at) && self.borrow_local(at, is_mutable)
    }

    fn pack(&mut self, type_: &T, depth: usize) -> bool {
        let Some((datatype, arguments)) = self.datatype(type_) else {
            return false;
        };
        let tag = {
            let count = datatype.variants.len();
            self.choices().below(count)
        };
        let fields = &datatype.variants[tag];
        for field in fields {
            let part = substitute(field, &arguments);
            if !self.make(&part, depth.saturating_sub(1)) {
                return false;
            }
        }
        let instruction = match datatype.definition {
            Definition::Struct(def) if arguments.is_empty() => B::Pack(def),
            Definition::Struct(def) => {
                let builder = &mut self.generator.builder;
                B::PackGeneric(builder.struct_instantiation(def, &arguments))
            }
            Definition::Enum(def) => self.variant(def, tag, &arguments, |(plain, generic)| {
                (B::PackVariant(plain), B::PackVariantGeneric(generic))
            }),
        };
        self.emit(instruction);
        self.drop_values(fields.len());
        self.push(type_.clone(), 0);
        true
    }

    fn call_any(&mut self) {
        let functions = self.generator.functions.clone();
        if let Some(function) = self.choices().pick(&functions) {
            self.attempt(|body| body.call(function, None));
        }
    }

    /// Calls a function whose only or first parameter takes what is on top.
    fn call_with_top(&mut self, type_: &T) {
        let functions = self.generator.functions.clone();
        let start = self.choices().below(functions.len());
        for step in 0..functions.len() {
            let function = &functions[(start + step) % functions.len()];
            let Some(first) = function.signature.parameters.first() else {
                continue;
            };
            if let Some(argument) = matching(first, type_) {
                let argument = argument.cloned();
                self.attempt(|body| body.call(function, Some(argument)));
                return;
            }
        }
    }

    /// Calls `function`. With `first`, its first argument is on the stack
    /// already, and fixes the first type argument to what is given, if any.
    fn call(&mut self, function: &Function, first: Option<Option<T>>) -> bool {
        let own = self.signature.type_parameters.clone();
        let demanded = function.signature.type_parameters.clone();
        let mut arguments = Vec::new();
        for (position, demanded) in demanded.iter().enumerate() {
            arguments.push(match &first {
                Some(Some(fixed)) if position == 0 => {
                    let found = self.generator.abilities_of(fixed, &own);
                    if !demanded.is_subset(found) {
                        return false;
                    }
                    fixed.clone()
                }
                _ => self.generator.type_(*demanded, &own, 1),
            });
        }
        let skipped = usize::from(first.is_some());
        for parameter in function.signature.parameters.iter().skip(skipped) {
            let wanted = substitute(parameter, &arguments);
            if !self.make(&wanted, 2) {
                return false;
            }
        }
        let count = function.signature.parameters.len();
        let Some(base) = self.stack.len().checked_sub(count) else {
            return false;
        };
        let given = self.stack.split_off(base);
        for value in &given {
            let is_mutable = value.type_.is_mutable_reference();
            if is_mutable {
                let others = given
                    .iter()
                    .filter(|it| it.roots & value.roots != 0)
                    .count();
                if others > 1 || self.conflicts(value.roots, value.age, false) {
                    return false;
                }
            }
        }
        let roots = given.iter().fold(0, |roots, value| roots | value.roots);
        let instruction = if arguments.is_empty() {
            B::Call(function.handle)
        } else {
            let builder = &mut self.generator.builder;
            B::CallGeneric(builder.function_instantiation(function.handle, &arguments))
        };
        self.emit(instruction);
        for result in &function.signature.returns {
            let result = substitute(result, &arguments);
            let roots = if result.is_reference() { roots } else { 0 };
            self.push(result, roots);
        }
        true
    }

    /// A conditional, a loop or a switch. The stack is emptied before.
    fn branch(&mut self, depth: usize) {
        self.drain();
        match self.choices().below(4) {
            0 => self.loop_(depth),
            1 => self.switch(depth),
            _ => self.conditional(depth),
        }
    }

    fn conditional(&mut self, depth: usize) {
        if !self.attempt(|body| body.make(&T::Bool, 2)) {
            return;
        }
        self.stack.pop();
        let test = self.code.len();
        self.emit(B::BrFalse(CodeOffset(0)));
        let before = self.locals.clone();
        let continues = self.arm(depth);
        let after = self.locals.clone();
        let jump = self.code.len();
        if continues {
            self.emit(B::Branch(CodeOffset(0)));
        }
        self.code[test] = B::BrFalse(self.here());
        self.restore(&before);
        self.walk(depth);
        if continues {
            self.code[jump] = B::Branch(self.here());
            self.join(&after);
        }
    }

    /// One way of a conditional, and whether it goes on after it.
    fn arm(&mut self, depth: usize) -> bool {
        self.walk(depth);
        match self.choices().below(12) {
            0 => {
                let code = self.choices().number();
                self.emit(B::LdU64(code));
                self.emit(B::Abort);
                false
            }
            1 => {
                self.finish();
                false
            }
            _ => true,
        }
    }

    fn loop_(&mut self, depth: usize) {
        let head = self.here();
        if !self.attempt(|body| body.make(&T::Bool, 2)) {
            return;
        }
        self.stack.pop();
        let test = self.code.len();
        self.emit(B::BrFalse(CodeOffset(0)));
        let before = self.locals.clone();
        for local in &mut self.locals {
            local.is_pinned |= local.is_available;
        }
        self.walk(depth);
        let rest = before.iter().map(|local| local.is_pinned);
        let rest: Vec<bool> = rest
            .chain(std::iter::repeat(false))
            .take(self.locals.len())
            .collect();
        for (local, pinned) in self.locals.iter_mut().zip(rest) {
            local.is_pinned = pinned;
        }
        self.emit(B::Branch(head));
        self.code[test] = B::BrFalse(self.here());
        let after = self.locals.clone();
        self.restore(&before);
        self.join(&after);
    }

    fn switch(&mut self, depth: usize) {
        let enums: Vec<usize> = (0..self.locals.len())
            .filter(|at| {
                let local = &self.locals[*at];
                local.is_available
                    && self
                        .datatype(&local.type_)
                        .is_some_and(|(it, _)| matches!(it.definition, Definition::Enum(_)))
            })
            .collect();
        let Some(at) = self.choices().pick(&enums).copied() else {
            return self.conditional(depth);
        };
        let Some((datatype, _)) = self.datatype(&self.locals[at].type_.clone()) else {
            return;
        };
        let Definition::Enum(head_enum) = datatype.definition else {
            return;
        };
        if self.jump_tables.len() > 100 || !self.borrow_local(at, false) {
            return;
        }
        self.stack.pop();
        let table = self.jump_tables.len();
        self.jump_tables.push(VariantJumpTable {
            head_enum,
            jump_table: vec![CodeOffset(0); datatype.variants.len()],
        });
        let index = u16::try_from(table).unwrap_or(0);
        self.emit(B::VariantSwitch(VariantJumpTableIndex(index)));
        let before = self.locals.clone();
        let mut ends = Vec::new();
        for variant in 0..datatype.variants.len() {
            self.restore(&before);
            self.jump_tables[table].jump_table[variant] = self.here();
            let continues = self.arm(depth.saturating_sub(1));
            if continues || variant == 0 {
                ends.push((self.code.len(), self.locals.clone()));
                self.emit(B::Branch(CodeOffset(0)));
            }
        }
        let here = self.here();
        for (position, (end, locals)) in ends.into_iter().enumerate() {
            self.code[end] = B::Branch(here);
            if position == 0 {
                self.locals = locals;
            } else {
                self.join(&locals);
            }
        }
    }

    /// Goes back to what was known of the locals; those that are new since
    /// then hold nothing.
    fn restore(&mut self, before: &[Local]) {
        let known = before.iter().cloned().map(Some);
        for (local, before) in self
            .locals
            .iter_mut()
            .zip(known.chain(std::iter::repeat(None)))
        {
            match before {
                Some(before) => *local = before,
                None => local.is_available = false,
            }
        }
        self.stack.clear();
    }

    /// Merges what is known of the locals on another way to this place.
    fn join(&mut self, other: &[Local]) {
        for (at, local) in self.locals.iter_mut().enumerate() {
            match other.get(at) {
                Some(other) => {
                    local.is_available &= other.is_available;
                    local.roots |= other.roots;
                    local.age = local.age.min(other.age);
                }
                None => local.is_available = false,
            }
        }
    }

    /// Ends the function: with its results, or by aborting if they can't be
    /// made.
    fn finish(&mut self) {
        self.drain();
        for at in 0..self.locals.len() {
            let local = self.locals[at].clone();
            if local.is_available && !self.has(&local.type_, Ability::Drop) {
                let is_result = self.signature.returns.contains(&local.type_);
                if !is_result && self.move_local(at) {
                    let top = local.type_;
                    self.unpack(&top);
                    self.drain();
                }
            }
        }
        let returns = self.signature.returns.clone();
        let made = self.attempt(|body| returns.iter().all(|result| body.make(result, 3)));
        if made {
            self.emit(B::Ret);
        } else {
            self.emit(B::LdU64(77));
            self.emit(B::Abort);
        }
        self.stack.clear();
    }
}

/// Whether a value of type `given` can be passed for `parameter`; and if that
/// depends on the first type argument, what it then is.
fn matching<'t>(parameter: &T, given: &'t T) -> Option<Option<&'t T>> {
    match (parameter, given) {
        (T::TypeParameter(index), given) if index.0 == 0 && !given.is_reference() => {
            Some(Some(given))
        }
        (T::Vector(parameter), T::Vector(given)) => matching(parameter, given),
        (T::Reference(parameter), T::Reference(given))
        | (T::MutableReference(parameter), T::MutableReference(given)) => {
            matching(parameter, given)
        }
        (parameter, given) if parameter == given => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_fixes_the_type_parameter_that_it_stands_for() {
        let parameter = T::TypeParameter(heddle_bytecode::TypeParameterIndex(0));
        let vector = |inner: T| T::Vector(Box::new(inner));
        assert_eq!(matching(&parameter, &T::U8), Some(Some(&T::U8)));
        assert_eq!(
            matching(&vector(parameter.clone()), &vector(T::Bool)),
            Some(Some(&T::Bool))
        );
        assert_eq!(matching(&T::U8, &T::U8), Some(None));
        assert_eq!(matching(&T::U8, &T::U16), None);
    }
}
