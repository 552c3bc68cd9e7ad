//! References: where one to a type can be had, and how it is made.

use super::Items;
use super::body::{Body, Made, Stuck};
use super::types::{Kind, Passing, Ty};
use heddle_bytecode::{Bytecode, LocalIndex};

/// One step into a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Field(u16),
    Element,
    Variant { tag: u16, field: u16 },
}

const PLACES_MAX: usize = 48;

/// The parts of a type, down to a depth, that code of `module` can reach; the
/// type itself is the first.
pub(super) fn parts(items: &Items, module: usize, ty: &Ty, depth: u32) -> Vec<(Vec<Part>, Ty)> {
    let mut found = vec![(Vec::new(), ty.clone())];
    let mut next = 0;
    while next < found.len() && found.len() < PLACES_MAX {
        let (path, ty) = found[next].clone();
        next += 1;
        if path.len() as u32 >= depth {
            continue;
        }
        let mut add = |part: Part, ty: Ty| {
            let mut path = path.clone();
            path.push(part);
            found.push((path, ty));
        };
        match &ty {
            Ty::Vector(element) => add(Part::Element, (**element).clone()),
            Ty::Data(index, _) if items.datas[*index].module == module => {
                let is_enum = items.datas[*index].is_enum;
                for (tag, fields) in (0u16..).zip(items.variants(&ty)) {
                    for (field, ty) in (0u16..).zip(fields) {
                        let part = if is_enum {
                            Part::Variant { tag, field }
                        } else {
                            Part::Field(field)
                        };
                        add(part, ty);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Locals that a reference on the stack keeps borrowed.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(pub(super) Vec<(usize, bool)>);

impl Body<'_, '_> {
    /// Whether a reference into the local may be made now.
    pub(super) fn is_lendable(&self, local: usize, is_mutable: bool) -> bool {
        let local = &self.locals[local];
        let passing_allows = !is_mutable || local.kind.passing != Passing::Immutable;
        let borrows_allow = if is_mutable {
            local.readers == 0 && local.writers == 0
        } else {
            local.writers == 0
        };
        local.is_available && passing_allows && borrows_allow
    }

    pub(super) fn hold(&mut self, held: &Held) {
        for (local, is_mutable) in &held.0 {
            let local = &mut self.locals[*local];
            if *is_mutable {
                local.writers += 1;
            } else {
                local.readers += 1;
            }
        }
    }

    pub(super) fn release(&mut self, held: &Held) {
        for (local, is_mutable) in &held.0 {
            let local = &mut self.locals[*local];
            if *is_mutable {
                local.writers -= 1;
            } else {
                local.readers -= 1;
            }
        }
    }

    /// Pushes a reference to some place of type `ty`. What it returns must be
    /// released when the reference is gone.
    pub(super) fn reference(&mut self, ty: &Ty, is_mutable: bool, depth: u32) -> Made<Held> {
        self.spend()?;
        if depth > 0
            && self.choices.chance(12)
            && let Some(held) = self.lent_by_call(ty, is_mutable, depth - 1)?
        {
            return Ok(held);
        }
        let mut candidates = Vec::new();
        for index in 0..self.locals.len() {
            if !self.is_lendable(index, is_mutable) {
                continue;
            }
            let target = self.locals[index].kind.ty.clone();
            for (path, part) in parts(self.items, self.module, &target, 3) {
                let reaches = !path.iter().any(|part| matches!(part, Part::Variant { .. }))
                    || self.choices.chance(60);
                if part == *ty && reaches {
                    candidates.push((index, path));
                }
            }
        }
        if candidates.is_empty() {
            let kind = Kind::value(ty.clone());
            if !self.has_drop(ty) {
                return Err(Stuck);
            }
            self.value(ty, depth.saturating_sub(1))?;
            let local = self.new_local(kind)?;
            self.store(local);
            candidates.push((local, Vec::new()));
        }
        let (local, path) = candidates[self.choices.index(candidates.len())].clone();
        self.borrow(local, &path, is_mutable, depth)
    }

    /// Pushes a reference to a part of a local.
    pub(super) fn borrow(
        &mut self,
        local: usize,
        path: &[Part],
        is_mutable: bool,
        depth: u32,
    ) -> Made<Held> {
        let kind = self.locals[local].kind.clone();
        let slot = LocalIndex(local as u8);
        // A mutable reference may be frozen at the end.
        let is_free = self.is_lendable(local, true);
        let borrows_mutably = is_mutable || (is_free && self.choices.chance(10));
        let mut freezes = borrows_mutably && !is_mutable;
        match kind.passing {
            Passing::Value if borrows_mutably => self.emit(Bytecode::MutBorrowLoc(slot)),
            Passing::Value => self.emit(Bytecode::ImmBorrowLoc(slot)),
            Passing::Immutable => {
                freezes = false;
                self.emit(Bytecode::CopyLoc(slot));
            }
            Passing::Mutable => {
                self.emit(Bytecode::CopyLoc(slot));
                if !borrows_mutably {
                    self.emit(Bytecode::FreezeRef);
                }
            }
        }
        let is_mutable_now = borrows_mutably && kind.passing != Passing::Immutable;
        let held = Held(vec![(local, is_mutable_now)]);
        self.hold(&held);
        let mut ty = kind.ty;
        for part in path {
            ty = self.step_into(&ty, *part, is_mutable_now, depth)?;
        }
        if freezes {
            self.emit(Bytecode::FreezeRef);
            self.release(&held);
            let held = Held(vec![(local, false)]);
            self.hold(&held);
            return Ok(held);
        }
        Ok(held)
    }

    /// Replaces the reference on top by one to a part, of the type returned.
    fn step_into(&mut self, ty: &Ty, part: Part, is_mutable: bool, depth: u32) -> Made<Ty> {
        match part {
            Part::Field(field) => {
                let code = self.items.borrow_field(self.builder, ty, field, is_mutable);
                self.emit(code);
                Ok(self.items.variants(ty)[0][usize::from(field)].clone())
            }
            Part::Element => {
                let Ty::Vector(element) = ty else {
                    unreachable!("only vectors have elements");
                };
                self.index_value(depth.saturating_sub(1))?;
                let signature = self.element_signature(element);
                self.emit(if is_mutable {
                    Bytecode::VecMutBorrow(signature)
                } else {
                    Bytecode::VecImmBorrow(signature)
                });
                Ok((**element).clone())
            }
            Part::Variant { tag, field } => {
                let code = self.items.unpack(self.builder, ty, tag, Some(is_mutable));
                self.emit(code);
                let fields = self.items.variants(ty).swap_remove(usize::from(tag));
                self.keep_reference(&fields, usize::from(field), is_mutable)?;
                Ok(fields[usize::from(field)].clone())
            }
        }
    }

    /// Of references to all `fields` on the stack, keeps one.
    fn keep_reference(&mut self, fields: &[Ty], kept: usize, is_mutable: bool) -> Made<()> {
        for _ in kept + 1..fields.len() {
            self.emit(Bytecode::Pop);
        }
        if kept == 0 {
            return Ok(());
        }
        let kind = Kind::reference(fields[kept].clone(), is_mutable);
        let local = self.new_local(kind)?;
        self.store(local);
        for _ in 0..kept {
            self.emit(Bytecode::Pop);
        }
        self.take(local);
        Ok(())
    }

    /// An index that is often small.
    fn index_value(&mut self, depth: u32) -> Made<()> {
        match self.choices.below(10) {
            0..=6 => {
                let index = self.choices.below(3);
                self.emit(Bytecode::LdU64(index));
                Ok(())
            }
            7 | 8 => {
                self.value(&Ty::Integer(64), depth)?;
                let count = 1 + self.choices.below(3);
                self.emit(Bytecode::LdU64(count));
                self.emit(Bytecode::Mod);
                Ok(())
            }
            _ => self.value(&Ty::Integer(64), depth),
        }
    }

    /// Pushes an index for a vector.
    pub(super) fn push_index(&mut self, depth: u32) -> Made<()> {
        self.index_value(depth)
    }

    /// A reference that an earlier function lends, if there is such a one.
    fn lent_by_call(&mut self, ty: &Ty, is_mutable: bool, depth: u32) -> Made<Option<Held>> {
        let wanted = Kind::reference(ty.clone(), is_mutable);
        let Some((function, arguments)) = self.function_that_returns(&wanted) else {
            return Ok(None);
        };
        // What cannot be lent is found out before anything is emitted.
        let parameters = self.items.functions[function].parameters.clone();
        let can = parameters.iter().all(|kind| {
            kind.passing != Passing::Mutable || self.has_drop(&kind.ty.put_in(&arguments))
        });
        if !can {
            return Ok(None);
        }
        self.call_holding(function, &arguments, depth).map(Some)
    }
}
