//! A function's body while it is made.

use super::Items;
use super::layout::{self, Block, BlockIndex, End};
use super::place::Held;
use super::types::{Kind, Passing, Ty};
use crate::Choices;
use heddle_bytecode::testing::ModuleBuilder;
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, LocalIndex, SignatureIndex, SignatureToken, VariantJumpTable,
};

/// The generator has no way on: it needs a value that it cannot make.
#[derive(Debug)]
pub(super) struct Stuck;

/// What a step of the generator gives.
pub(super) type Made<T> = Result<T, Stuck>;

/// A local.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) kind: Kind,
    /// Whether it holds a value, whichever way led here.
    pub(super) is_available: bool,
    /// References into it that may be read.
    pub(super) readers: u32,
    /// References into it that may be written.
    pub(super) writers: u32,
    /// Whether it must hold a value when the innermost loop or branch is left.
    pub(super) is_pinned: bool,
}

pub(super) struct Body<'i, 'b> {
    pub(super) items: &'i Items,
    pub(super) builder: &'b mut ModuleBuilder,
    pub(super) choices: &'b mut Choices,
    pub(super) module: usize,
    /// Position of the function; earlier ones may be called.
    pub(super) function: usize,
    pub(super) constraints: Vec<AbilitySet>,
    pub(super) locals: Vec<Local>,
    pub(super) parameter_count: usize,
    blocks: Vec<Block>,
    current: BlockIndex,
    pub(super) loop_depth: u32,
    /// Expressions and statements left.
    steps: u64,
    /// Steps beyond which the function is given up.
    hard_limit: u64,
}

/// A finished body.
pub(super) struct Lowered {
    pub(super) locals: Vec<SignatureToken>,
    pub(super) code: Vec<Bytecode>,
    pub(super) jump_tables: Vec<VariantJumpTable>,
}

const LOCALS_MAX: usize = 60;

impl<'i, 'b> Body<'i, 'b> {
    pub(super) fn new(
        items: &'i Items,
        builder: &'b mut ModuleBuilder,
        choices: &'b mut Choices,
        function: usize,
        steps: u64,
    ) -> Self {
        let signature = &items.functions[function];
        let locals: Vec<Local> = signature
            .parameters
            .iter()
            .map(|kind| Local {
                kind: kind.clone(),
                is_available: true,
                readers: 0,
                writers: 0,
                is_pinned: false,
            })
            .collect();
        Self {
            items,
            builder,
            choices,
            module: signature.module,
            function,
            constraints: signature.constraints.clone(),
            parameter_count: locals.len(),
            locals,
            blocks: vec![Block::default()],
            current: 0,
            loop_depth: 0,
            steps,
            hard_limit: 4 * steps + 200,
        }
    }

    /// Makes the whole body.
    pub(super) fn function(mut self) -> Made<Lowered> {
        let returns = self.items.functions[self.function].returns.clone();
        let lends = returns.iter().any(|kind| kind.passing != Passing::Value);
        while self.steps > 0 {
            self.statement(3, true)?;
        }
        if lends {
            self.lend(&returns[0])?;
        } else {
            self.finish(&returns)?;
        }
        self.dead_block();
        let others = self.locals.split_off(self.parameter_count);
        let locals = others
            .iter()
            .map(|local| self.items.token_of_kind(self.builder, &local.kind))
            .collect();
        let (code, jump_tables) = layout::lay_out(self.choices, &self.blocks);
        Ok(Lowered {
            locals,
            code,
            jump_tables,
        })
    }

    /// Returns a reference into the first parameter of the right kind.
    fn lend(&mut self, wanted: &Kind) -> Made<()> {
        let lender = (0..self.parameter_count)
            .find(|index| self.locals[*index].kind.passing == wanted.passing)
            .ok_or(Stuck)?;
        let is_mutable = wanted.passing == Passing::Mutable;
        let target = self.locals[lender].kind.ty.clone();
        let paths: Vec<_> = super::place::parts(self.items, self.module, &target, 2)
            .into_iter()
            .filter(|(_, ty)| *ty == wanted.ty)
            .collect();
        let (path, _) = paths.first().ok_or(Stuck)?.clone();
        let _: Held = self.borrow(lender, &path, is_mutable, 0)?;
        self.emit(Bytecode::Ret);
        Ok(())
    }

    /// Pushes the results, clears away what cannot be dropped, and returns.
    pub(super) fn finish(&mut self, returns: &[Kind]) -> Made<()> {
        for kind in returns {
            self.value(&kind.ty, 2)?;
        }
        // Some of them through locals.
        let mut stored = Vec::new();
        let count = match self.choices.chance(20) {
            true => self.choices.index(returns.len() + 1),
            false => 0,
        };
        for kind in returns.iter().rev().take(count) {
            let local = self.new_local(kind.clone())?;
            self.store(local);
            stored.push(local);
        }
        for local in stored.into_iter().rev() {
            self.take(local);
        }
        for local in 0..self.locals.len() {
            let Local {
                kind, is_available, ..
            } = self.locals[local].clone();
            if is_available && kind.passing == Passing::Value && !self.has_drop(&kind.ty) {
                self.take(local);
                self.consume(&kind.ty, 4)?;
            }
        }
        self.emit(Bytecode::Ret);
        Ok(())
    }

    /// Sometimes, a block that nothing leads to.
    fn dead_block(&mut self) {
        if self.choices.chance(10) {
            self.start_block();
            self.emit(Bytecode::LdU64(0));
            self.emit(Bytecode::Abort);
        }
    }

    // --- code ---------------------------------------------------------------

    pub(super) fn emit(&mut self, instruction: Bytecode) {
        self.blocks[self.current].code.push(instruction);
    }

    /// Makes a block without starting it.
    pub(super) fn new_block(&mut self) -> BlockIndex {
        self.blocks.push(Block::default());
        self.blocks.len() - 1
    }

    /// Goes on in a block.
    pub(super) fn go_on_in(&mut self, block: BlockIndex) {
        self.current = block;
    }

    fn start_block(&mut self) -> BlockIndex {
        let block = self.new_block();
        self.go_on_in(block);
        block
    }

    /// Ends the current block.
    pub(super) fn end(&mut self, end: End) {
        self.blocks[self.current].end = end;
    }

    /// Counts a step; `Err` if the body becomes too large.
    pub(super) fn spend(&mut self) -> Made<()> {
        self.steps = self.steps.saturating_sub(1);
        self.hard_limit = self.hard_limit.checked_sub(1).ok_or(Stuck)?;
        Ok(())
    }

    /// Whether the body should come to an end.
    pub(super) fn is_tired(&self) -> bool {
        self.steps == 0
    }

    // --- locals -------------------------------------------------------------

    /// An unavailable local of this kind: an old one or a new one.
    pub(super) fn new_local(&mut self, kind: Kind) -> Made<usize> {
        let old = (self.parameter_count..self.locals.len()).find(|index| {
            let local = &self.locals[*index];
            local.kind == kind
                && !local.is_available
                && !local.is_pinned
                && local.readers + local.writers == 0
        });
        if let Some(old) = old
            && (self.choices.chance(50) || self.locals.len() >= LOCALS_MAX)
        {
            return Ok(old);
        }
        if self.locals.len() >= LOCALS_MAX {
            return Err(Stuck);
        }
        self.locals.push(Local {
            kind,
            is_available: false,
            readers: 0,
            writers: 0,
            is_pinned: false,
        });
        Ok(self.locals.len() - 1)
    }

    pub(super) fn store(&mut self, local: usize) {
        self.emit(Bytecode::StLoc(LocalIndex(local as u8)));
        self.locals[local].is_available = true;
    }

    /// Moves a local to the stack.
    pub(super) fn take(&mut self, local: usize) {
        self.emit(Bytecode::MoveLoc(LocalIndex(local as u8)));
        self.locals[local].is_available = false;
    }

    pub(super) fn is_movable(&self, local: usize) -> bool {
        let local = &self.locals[local];
        local.is_available && !local.is_pinned && local.readers + local.writers == 0
    }

    pub(super) fn is_copyable(&self, local: usize) -> bool {
        let local = &self.locals[local];
        local.is_available && local.writers == 0 && self.has_copy(&local.kind.ty)
    }

    /// Whether something may be stored in a local that is there already.
    pub(super) fn is_assignable(&self, index: usize) -> bool {
        let local = &self.locals[index];
        local.kind.passing == Passing::Value
            && local.readers + local.writers == 0
            && self.has_drop(&local.kind.ty)
            && !(self.items.functions[self.function].is_recursive && index == 0)
    }

    // --- types --------------------------------------------------------------

    pub(super) fn abilities(&self, ty: &Ty) -> AbilitySet {
        self.items.abilities(ty, &self.constraints)
    }

    pub(super) fn has_drop(&self, ty: &Ty) -> bool {
        self.abilities(ty).has(Ability::Drop)
    }

    pub(super) fn has_copy(&self, ty: &Ty) -> bool {
        self.abilities(ty).has(Ability::Copy)
    }

    /// The operand of a vector instruction.
    pub(super) fn element_signature(&mut self, element: &Ty) -> SignatureIndex {
        let token = self.items.token(self.builder, element);
        self.builder.signature(&[token])
    }

    /// Any type that has `needed`.
    pub(super) fn any_type(&mut self, needed: AbilitySet) -> Ty {
        // Types that locals have are the ones that lead somewhere.
        let of_local = self.choices.chance(60);
        let fitting: Vec<Ty> = self
            .locals
            .iter()
            .map(|local| local.kind.ty.clone())
            .filter(|ty| needed.is_subset(self.abilities(ty)))
            .collect();
        if of_local && !fitting.is_empty() {
            return fitting[self.choices.index(fitting.len())].clone();
        }
        let usable = vec![true; self.constraints.len()];
        self.items
            .ty_of(self.choices, 2, needed, &self.constraints, &usable)
    }
}
