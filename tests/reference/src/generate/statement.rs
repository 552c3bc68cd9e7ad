//! Statements: what leaves the operand stack as it was.

use super::body::{Body, Local, Made, Stuck};
use super::layout::End;
use super::place::Held;
use super::types::{Function, Kind, Passing, Ty};
use heddle_bytecode::{Ability, AbilitySet, Bytecode, LocalIndex};

const COPY_DROP: AbilitySet = AbilitySet::REFERENCES;
const LOOP_DEPTH_MAX: u32 = 3;

impl Body<'_, '_> {
    /// One statement. Only where the stack is empty (`is_outside`) may it
    /// branch.
    pub(super) fn statement(&mut self, depth: u32, is_outside: bool) -> Made<()> {
        self.spend()?;
        if is_outside && depth > 0 && self.choices.chance(30) {
            return self.branching(depth - 1);
        }
        match self.choices.below(16) {
            0..=4 => self.assign(depth),
            5 | 6 => self.write(depth),
            7 | 8 => self.vector_change(depth),
            9 => {
                let ty = self.any_type(AbilitySet::singleton(Ability::Drop));
                self.value(&ty, depth)?;
                self.emit(Bytecode::Pop);
                Ok(())
            }
            10 => self.call_any(depth),
            11 => self.with_reference(depth),
            12 => self.move_and_back(depth),
            13 => self.take_apart(depth),
            14 => {
                self.emit(Bytecode::Nop);
                Ok(())
            }
            _ => self.assign(depth),
        }
    }

    fn assign(&mut self, depth: u32) -> Made<()> {
        let old: Vec<usize> = (0..self.locals.len())
            .filter(|local| self.is_assignable(*local))
            .collect();
        let local = if !old.is_empty() && self.choices.chance(60) {
            old[self.choices.index(old.len())]
        } else {
            let ty = self.any_type(AbilitySet::singleton(Ability::Drop));
            self.new_local(Kind::value(ty))?
        };
        let ty = self.locals[local].kind.ty.clone();
        self.value(&ty, depth)?;
        self.store(local);
        Ok(())
    }

    fn write(&mut self, depth: u32) -> Made<()> {
        let ty = self.any_type(AbilitySet::singleton(Ability::Drop));
        self.value(&ty, depth)?;
        let held = self.reference(&ty, true, depth)?;
        self.emit(Bytecode::WriteRef);
        self.release(&held);
        Ok(())
    }

    fn vector_change(&mut self, depth: u32) -> Made<()> {
        let vectors: Vec<Ty> = self
            .locals
            .iter()
            .filter(|local| local.is_available)
            .filter_map(|local| match &local.kind.ty {
                Ty::Vector(element) if self.has_drop(element) => Some((**element).clone()),
                _ => None,
            })
            .collect();
        let element = if vectors.is_empty() || self.choices.chance(20) {
            self.any_type(COPY_DROP)
        } else {
            vectors[self.choices.index(vectors.len())].clone()
        };
        let vector = Ty::Vector(Box::new(element.clone()));
        let held = self.reference(&vector, true, depth)?;
        let signature = self.element_signature(&element);
        match self.choices.below(6) {
            0..=3 => {
                self.value(&element, depth)?;
                self.emit(Bytecode::VecPushBack(signature));
            }
            4 => {
                self.push_index(depth)?;
                self.push_index(depth)?;
                self.emit(Bytecode::VecSwap(signature));
            }
            _ => {
                self.emit(Bytecode::VecPopBack(signature));
                self.release(&held);
                return self.consume(&element, 2);
            }
        }
        self.release(&held);
        Ok(())
    }

    /// Sometimes changes a local while a copy of it waits on the stack.
    pub(super) fn disturb_sometimes(&mut self, local: usize) -> Made<()> {
        if self.is_tired() || !self.choices.chance(25) {
            return Ok(());
        }
        self.disturb(local)
    }

    /// Changes a local or a part of it: directly, through a reference that
    /// rests in another local, or by moving it away and back.
    fn disturb(&mut self, local: usize) -> Made<()> {
        self.spend()?;
        let kind = self.locals[local].kind.clone();
        let is_assignable = self.is_assignable(local);
        match self.choices.below(4) {
            0 if is_assignable => {
                self.value(&kind.ty, 1)?;
                self.store(local);
                Ok(())
            }
            1 if is_assignable && self.locals[local].is_available => {
                let is_movable = self.is_movable(local);
                self.take(local);
                if is_movable && self.choices.chance(60) {
                    self.emit(Bytecode::Pop);
                    return Ok(());
                }
                let other = self.new_local(kind)?;
                self.store(other);
                if self.choices.chance(30) {
                    self.statement(0, false)?;
                }
                if !self.is_movable(other) || self.locals[local].is_available {
                    return Err(Stuck);
                }
                self.take(other);
                self.store(local);
                Ok(())
            }
            _ => {
                let parts = super::place::parts(self.items, self.module, &kind.ty, 2);
                let (path, ty) = parts[self.choices.index(parts.len())].clone();
                if !self.is_lendable(local, true) || !self.has_drop(&ty) {
                    return Ok(());
                }
                if self.items.functions[self.function].is_recursive && local == 0 {
                    return Ok(());
                }
                let held = self.borrow(local, &path, true, 0)?;
                let rest = self.new_local(Kind::reference(ty.clone(), true))?;
                self.store(rest);
                self.locals[rest].writers += 1;
                self.value(&ty, 0)?;
                self.locals[rest].writers -= 1;
                self.take(rest);
                self.emit(Bytecode::WriteRef);
                self.release(&held);
                Ok(())
            }
        }
    }

    /// A reference in a local, with statements while it is there.
    fn with_reference(&mut self, depth: u32) -> Made<()> {
        let ty = self.any_type(COPY_DROP);
        let is_mutable = self.choices.chance(60);
        let held = self.reference(&ty, is_mutable, depth)?;
        let local = self.new_local(Kind::reference(ty, is_mutable))?;
        self.store(local);
        for _ in 0..1 + self.choices.below(3) {
            if !self.is_tired() {
                self.statement(depth.saturating_sub(1), false)?;
            }
        }
        if !self.is_movable(local) {
            return Err(Stuck);
        }
        self.take(local);
        self.emit(Bytecode::Pop);
        self.release(&held);
        Ok(())
    }

    /// A local moved out, used, and filled again.
    fn move_and_back(&mut self, depth: u32) -> Made<()> {
        let movable: Vec<usize> = (0..self.locals.len())
            .filter(|index| self.is_assignable(*index) && self.locals[*index].is_available)
            .collect();
        if movable.is_empty() {
            return self.assign(depth);
        }
        let local = movable[self.choices.index(movable.len())];
        let ty = self.locals[local].kind.ty.clone();
        self.take(local);
        if let Ty::Integer(_) = ty
            && self.choices.chance(70)
        {
            self.value(&ty, depth)?;
            let codes = [Bytecode::Add, Bytecode::Xor, Bytecode::Sub, Bytecode::BitOr];
            let code = codes[self.choices.index(4)].clone();
            self.emit(code);
        } else if !self.is_tired() && self.choices.chance(40) {
            self.statement(depth.saturating_sub(1), false)?;
        }
        // Somebody may have filled it while its old value waited.
        self.store(local);
        Ok(())
    }

    /// A struct or variant unpacked into locals.
    fn take_apart(&mut self, depth: u32) -> Made<()> {
        let datas: Vec<Ty> = self
            .locals
            .iter()
            .map(|local| local.kind.ty.clone())
            .filter(|ty| match ty {
                Ty::Data(index, _) => {
                    let data = &self.items.datas[*index];
                    data.module == self.module && self.has_drop(ty)
                }
                _ => false,
            })
            .collect();
        if datas.is_empty() {
            return self.assign(depth);
        }
        let ty = datas[self.choices.index(datas.len())].clone();
        self.value(&ty, depth)?;
        let variants = self.items.variants(&ty);
        let tag = self.choices.index(variants.len());
        let code = self.items.unpack(self.builder, &ty, tag as u16, None);
        self.emit(code);
        self.put_away(&variants[tag])
    }

    /// Stores or consumes values on the stack.
    fn put_away(&mut self, types: &[Ty]) -> Made<()> {
        for ty in types.iter().rev() {
            if self.has_drop(ty) && self.choices.chance(60) {
                let local = self.new_local(Kind::value(ty.clone()))?;
                self.store(local);
            } else {
                self.consume(ty, 3)?;
            }
        }
        Ok(())
    }

    /// Does away with a value on the stack.
    pub(super) fn consume(&mut self, ty: &Ty, depth: u32) -> Made<()> {
        self.spend()?;
        if self.has_drop(ty) {
            self.emit(Bytecode::Pop);
            return Ok(());
        }
        let depth = depth.checked_sub(1).ok_or(Stuck)?;
        match ty {
            Ty::Vector(element) => {
                let signature = self.element_signature(element);
                self.emit(Bytecode::VecUnpack(signature, 0));
                Ok(())
            }
            Ty::Data(index, arguments) => {
                let data = &self.items.datas[*index];
                let fields = self.items.variants(ty).swap_remove(0);
                if data.module == self.module {
                    let code = self.items.unpack(self.builder, ty, 0, None);
                    self.emit(code);
                } else {
                    let name = format!("unmake_{}", data.name);
                    let unmake = self.items.functions.iter().position(|it| it.name == name);
                    let unmake = unmake.filter(|_| data.module < self.module).ok_or(Stuck)?;
                    let arguments = arguments.clone();
                    self.emit_call(unmake, &arguments);
                }
                for field in fields.iter().rev() {
                    self.consume(field, depth)?;
                }
                Ok(())
            }
            _ => Err(Stuck),
        }
    }

    // --- branches -----------------------------------------------------------

    fn branching(&mut self, depth: u32) -> Made<()> {
        match self.choices.below(12) {
            0..=3 => self.if_else(depth),
            4..=6 if self.loop_depth < LOOP_DEPTH_MAX => self.counting_loop(depth),
            7 if self.loop_depth < LOOP_DEPTH_MAX => self.free_loop(depth),
            8 | 9 => self.switch(depth),
            10 => self.leave_early(depth),
            _ if self.items.functions[self.function].is_recursive => self.recur(depth),
            _ => self.if_else(depth),
        }
    }

    /// Some statements of a branch or loop.
    fn inner(&mut self, depth: u32) -> Made<()> {
        for _ in 0..self.choices.below(4) {
            if !self.is_tired() {
                self.statement(depth, true)?;
            }
        }
        Ok(())
    }

    /// Pins what must be there afterwards: in a loop all that is there, in a
    /// branch what can't be dropped. Returns the locals as they were.
    fn pin(&mut self, is_loop: bool) -> Vec<Local> {
        let before = self.locals.clone();
        for index in 0..self.locals.len() {
            let has_drop = self.locals[index].kind.passing != Passing::Value
                || self.has_drop(&self.locals[index].kind.ty.clone());
            let local = &mut self.locals[index];
            if is_loop || !has_drop {
                local.is_pinned = true;
            }
        }
        before
    }

    /// Takes the pins back.
    fn unpin(&mut self, before: &[Local]) {
        for (local, before) in self.locals.iter_mut().zip(before) {
            local.is_pinned = before.is_pinned;
        }
    }

    fn availability(&self) -> Vec<bool> {
        self.locals.iter().map(|local| local.is_available).collect()
    }

    fn set_availability(&mut self, available: &[bool]) {
        for (index, local) in self.locals.iter_mut().enumerate() {
            local.is_available = available.get(index).copied().unwrap_or(false);
        }
    }

    /// What is available on both ways.
    fn join(&mut self, other: &[bool]) {
        for (index, local) in self.locals.iter_mut().enumerate() {
            local.is_available &= other.get(index).copied().unwrap_or(false);
        }
    }

    fn if_else(&mut self, depth: u32) -> Made<()> {
        self.value(&Ty::Bool, depth)?;
        let (then, otherwise, after) = (self.new_block(), self.new_block(), self.new_block());
        self.end(End::If { then, otherwise });
        let before = self.pin(false);
        let at_branch = self.availability();
        self.go_on_in(then);
        self.inner(depth)?;
        self.end(End::Jump(after));
        let after_then = self.availability();
        self.set_availability(&at_branch);
        self.go_on_in(otherwise);
        if self.choices.chance(60) {
            self.inner(depth)?;
        }
        self.end(End::Jump(after));
        self.join(&after_then);
        self.unpin(&before);
        self.go_on_in(after);
        Ok(())
    }

    /// `let i = n; while (i > 0) { i = i - 1; .. }`, or counting upwards.
    fn counting_loop(&mut self, depth: u32) -> Made<()> {
        let bits = [8, 64, 64, 128][self.choices.index(4)];
        let ty = Ty::Integer(bits);
        let counter = self.new_local(Kind::value(ty))?;
        let slot = LocalIndex(counter as u8);
        let limit = 1 + self.choices.below(6);
        let load = |value: u64| match bits {
            8 => Bytecode::LdU8(value as u8),
            64 => Bytecode::LdU64(value),
            _ => Bytecode::LdU128(Box::new(u128::from(value))),
        };
        let is_down = self.choices.chance(40);
        self.emit(load(if is_down { limit } else { 0 }));
        self.store(counter);
        let (head, body, after) = (self.new_block(), self.new_block(), self.new_block());
        self.end(End::Jump(head));
        let before = self.pin(true);
        // Nobody else is to touch the counter.
        self.locals[counter].readers += 1;
        let at_head = self.availability();
        self.go_on_in(head);
        self.emit(Bytecode::CopyLoc(slot));
        if is_down {
            self.emit(load(0));
            self.emit(Bytecode::Gt);
        } else {
            self.emit(load(limit));
            let is_strict = self.choices.chance(70);
            self.emit(if is_strict {
                Bytecode::Lt
            } else {
                Bytecode::Neq
            });
        }
        self.end(End::If {
            then: body,
            otherwise: after,
        });
        self.go_on_in(body);
        self.loop_depth += 1;
        let steps_first = self.choices.chance(50);
        if !steps_first {
            self.inner(depth)?;
        }
        if self.choices.chance(50) {
            self.emit(Bytecode::MoveLoc(slot));
        } else {
            self.emit(Bytecode::CopyLoc(slot));
        }
        self.emit(load(1));
        self.emit(if is_down {
            Bytecode::Sub
        } else {
            Bytecode::Add
        });
        self.emit(Bytecode::StLoc(slot));
        if steps_first {
            self.inner(depth)?;
        }
        self.end(End::Jump(head));
        self.loop_depth -= 1;
        self.locals[counter].readers -= 1;
        self.set_availability(&at_head);
        self.unpin(&before);
        self.go_on_in(after);
        Ok(())
    }

    /// A loop on some condition, which may never fail.
    fn free_loop(&mut self, depth: u32) -> Made<()> {
        let (head, body, after) = (self.new_block(), self.new_block(), self.new_block());
        self.end(End::Jump(head));
        let before = self.pin(true);
        let at_head = self.availability();
        self.go_on_in(head);
        self.loop_depth += 1;
        self.value(&Ty::Bool, depth)?;
        self.end(End::If {
            then: body,
            otherwise: after,
        });
        self.go_on_in(body);
        self.inner(depth)?;
        if self.choices.chance(40) {
            self.value(&Ty::Bool, depth)?;
            let next = self.new_block();
            self.end(End::If {
                then: after,
                otherwise: next,
            });
            self.go_on_in(next);
        }
        self.end(End::Jump(head));
        self.loop_depth -= 1;
        self.set_availability(&at_head);
        self.unpin(&before);
        self.go_on_in(after);
        Ok(())
    }

    fn switch(&mut self, depth: u32) -> Made<()> {
        let enums: Vec<usize> = (0..self.locals.len())
            .filter(|index| {
                let local = &self.locals[*index];
                let is_own_enum = match &local.kind.ty {
                    Ty::Data(data, _) => {
                        let data = &self.items.datas[*data];
                        data.is_enum && data.module == self.module
                    }
                    _ => false,
                };
                is_own_enum && local.is_available && local.readers + local.writers == 0
            })
            .collect();
        if enums.is_empty() {
            return self.if_else(depth);
        }
        let local = enums[self.choices.index(enums.len())];
        let kind = self.locals[local].kind.clone();
        let Ty::Data(data, _) = kind.ty else {
            unreachable!("chosen as an enum");
        };
        let held = self.borrow(local, &[], false, depth)?;
        self.release(&held);
        let variants = self.items.variants(&kind.ty);
        let targets: Vec<_> = variants.iter().map(|_| self.new_block()).collect();
        let after = self.new_block();
        let head = self.items.datas[data].enum_def.ok_or(Stuck)?;
        self.end(End::Switch {
            head,
            targets: targets.clone(),
        });
        let before = self.pin(false);
        let at_switch = self.availability();
        let mut joined: Option<Vec<bool>> = None;
        for (tag, target) in targets.into_iter().enumerate() {
            self.set_availability(&at_switch);
            self.go_on_in(target);
            if self.choices.chance(70) {
                self.arm(local, &kind, tag as u16, &variants[tag], depth)?;
            }
            self.inner(depth)?;
            self.end(End::Jump(after));
            if let Some(joined) = &joined {
                self.join(joined);
            }
            joined = Some(self.availability());
        }
        self.unpin(&before);
        self.go_on_in(after);
        Ok(())
    }

    /// Looks into the variant that a switch found.
    fn arm(&mut self, local: usize, kind: &Kind, tag: u16, fields: &[Ty], depth: u32) -> Made<()> {
        let takes = kind.passing == Passing::Value
            && self.has_drop(&kind.ty)
            && (self.is_copyable(local) || self.is_movable(local));
        if takes && self.choices.chance(40) {
            if self.is_copyable(local) && self.choices.chance(50) {
                self.emit(Bytecode::CopyLoc(LocalIndex(local as u8)));
            } else if self.is_movable(local) {
                self.take(local);
            } else {
                self.emit(Bytecode::CopyLoc(LocalIndex(local as u8)));
            }
            let code = self.items.unpack(self.builder, &kind.ty, tag, None);
            self.emit(code);
            return self.put_away(fields);
        }
        let is_mutable = kind.passing != Passing::Immutable && self.choices.chance(60);
        let held = self.borrow(local, &[], is_mutable, depth)?;
        let is_mutable = held.0.iter().any(|(_, is_mutable)| *is_mutable);
        let code = self
            .items
            .unpack(self.builder, &kind.ty, tag, Some(is_mutable));
        self.emit(code);
        for field in fields.iter().rev() {
            match self.choices.below(3) {
                0 if self.has_copy(field) && self.has_drop(field) => {
                    self.emit(Bytecode::ReadRef);
                    let local = self.new_local(Kind::value(field.clone()))?;
                    self.store(local);
                }
                1 if is_mutable && self.has_drop(field) => {
                    // The reference rests in a local while the value is made.
                    let rest = self.new_local(Kind::reference(field.clone(), true))?;
                    self.store(rest);
                    self.locals[rest].writers += 1;
                    self.value(field, depth.min(1))?;
                    self.locals[rest].writers -= 1;
                    self.take(rest);
                    self.emit(Bytecode::WriteRef);
                }
                _ => self.emit(Bytecode::Pop),
            }
        }
        self.release(&held);
        Ok(())
    }

    /// `if (..) { return .. }` or `if (..) { abort .. }`
    fn leave_early(&mut self, depth: u32) -> Made<()> {
        self.value(&Ty::Bool, depth)?;
        let (leave, stay) = (self.new_block(), self.new_block());
        self.end(End::If {
            then: leave,
            otherwise: stay,
        });
        let before = self.locals.clone();
        self.go_on_in(leave);
        let returns = self.items.functions[self.function].returns.clone();
        let lends = returns.iter().any(|kind| kind.passing != Passing::Value);
        if lends || self.choices.chance(50) {
            if self.choices.chance(50) {
                self.value(&Ty::Integer(64), depth.min(1))?;
            } else {
                let code = self.choices.below(9);
                self.emit(Bytecode::LdU64(code));
            }
            self.emit(Bytecode::Abort);
        } else {
            for local in &mut self.locals {
                local.is_pinned = false;
            }
            self.finish(&returns)?;
        }
        let count = before.len();
        for (local, before) in self.locals.iter_mut().zip(before) {
            *local = before;
        }
        for local in &mut self.locals[count..] {
            local.is_available = false;
        }
        self.go_on_in(stay);
        Ok(())
    }

    /// `if (n > 0) { self(n - 1, ..) }`, where `n` is the first parameter.
    fn recur(&mut self, depth: u32) -> Made<()> {
        let slot = LocalIndex(0);
        if !self.locals[0].is_available || self.locals[0].writers > 0 {
            return self.if_else(depth);
        }
        self.emit(Bytecode::CopyLoc(slot));
        self.emit(Bytecode::LdU64(0));
        self.emit(Bytecode::Gt);
        let (then, after) = (self.new_block(), self.new_block());
        self.end(End::If {
            then,
            otherwise: after,
        });
        self.go_on_in(then);
        let before = self.pin(false);
        let at_branch = self.availability();
        self.emit(Bytecode::CopyLoc(slot));
        self.emit(Bytecode::LdU64(1));
        self.emit(Bytecode::Sub);
        let Function {
            parameters,
            returns,
            constraints,
            ..
        } = &self.items.functions[self.function];
        let arguments: Vec<Ty> = (0..constraints.len() as u16).map(Ty::Parameter).collect();
        let (parameters, returns) = (parameters.clone(), returns.clone());
        let mut held = Held::default();
        for kind in &parameters[1..] {
            self.argument(kind, depth.min(1), &mut held)?;
        }
        self.emit_call(self.function, &arguments);
        self.put_away_results(&returns)?;
        self.release(&held);
        self.end(End::Jump(after));
        self.join(&at_branch);
        self.unpin(&before);
        self.go_on_in(after);
        Ok(())
    }

    // --- calls --------------------------------------------------------------

    fn call_any(&mut self, depth: u32) -> Made<()> {
        if self.function == 0 {
            return self.assign(depth);
        }
        let function = self.choices.index(self.function);
        let callee = &self.items.functions[function];
        if callee.module > self.module {
            return self.assign(depth);
        }
        let constraints = callee.constraints.clone();
        let arguments: Vec<Ty> = constraints
            .iter()
            .map(|constraint| self.any_type(*constraint))
            .collect();
        let returns: Vec<Kind> = callee
            .returns
            .iter()
            .map(|kind| kind.put_in(&arguments))
            .collect();
        let held = self.call_holding(function, &arguments, depth)?;
        self.put_away_results(&returns)?;
        self.release(&held);
        Ok(())
    }

    fn put_away_results(&mut self, returns: &[Kind]) -> Made<()> {
        for kind in returns.iter().rev() {
            if kind.passing == Passing::Value {
                self.put_away(std::slice::from_ref(&kind.ty))?;
            } else if self.has_copy(&kind.ty) && self.has_drop(&kind.ty) && self.choices.chance(50)
            {
                self.emit(Bytecode::ReadRef);
                self.put_away(std::slice::from_ref(&kind.ty))?;
            } else {
                self.emit(Bytecode::Pop);
            }
        }
        Ok(())
    }

    fn argument(&mut self, kind: &Kind, depth: u32, held: &mut Held) -> Made<()> {
        match kind.passing {
            Passing::Value => self.value(&kind.ty, depth),
            passing => {
                let is_mutable = passing == Passing::Mutable;
                let more = self.reference(&kind.ty, is_mutable, depth)?;
                held.0.extend(more.0);
                Ok(())
            }
        }
    }

    /// Calls a function with type arguments; what its arguments borrow stays
    /// held.
    pub(super) fn call_holding(
        &mut self,
        function: usize,
        arguments: &[Ty],
        depth: u32,
    ) -> Made<Held> {
        let parameters = self.items.functions[function].parameters.clone();
        let is_recursive = self.items.functions[function].is_recursive;
        let mut held = Held::default();
        for (position, kind) in parameters.iter().enumerate() {
            if is_recursive && position == 0 {
                let bound = self.choices.below(4);
                self.emit(Bytecode::LdU64(bound));
                continue;
            }
            self.argument(&kind.put_in(arguments), depth.min(2), &mut held)?;
        }
        self.emit_call(function, arguments);
        Ok(held)
    }

    pub(super) fn emit_call(&mut self, function: usize, arguments: &[Ty]) {
        let handle = self.items.handle(self.builder, self.module, function);
        if arguments.is_empty() {
            self.emit(Bytecode::Call(handle));
            return;
        }
        let tokens = self.items.tokens(self.builder, arguments);
        let index = self.builder.function_instantiation(handle, &tokens);
        self.emit(Bytecode::CallGeneric(index));
    }

    /// An earlier function with a result of this kind, and type arguments with
    /// which it has.
    pub(super) fn function_that_returns(&mut self, wanted: &Kind) -> Option<(usize, Vec<Ty>)> {
        let mut fitting = Vec::new();
        for index in 0..self.function {
            let function = &self.items.functions[index];
            if function.module > self.module {
                continue;
            }
            for kind in &function.returns {
                let mut found = vec![None; function.constraints.len()];
                if kind.passing == wanted.passing && kind.ty.matches(&wanted.ty, &mut found) {
                    fitting.push((index, found));
                    break;
                }
            }
        }
        if fitting.is_empty() {
            return None;
        }
        let (index, found) = fitting[self.choices.index(fitting.len())].clone();
        let constraints = self.items.functions[index].constraints.clone();
        let mut arguments = Vec::new();
        for (constraint, found) in constraints.into_iter().zip(found) {
            let argument = match found {
                Some(ty) => ty,
                None => self.any_type(constraint),
            };
            if !constraint.is_subset(self.abilities(&argument)) {
                return None;
            }
            arguments.push(argument);
        }
        Some((index, arguments))
    }
}
