//! No reference dangles, and nothing is reached through a reference while a
//! mutable one points at or into it.
//!
//! The state before an instruction: which local holds which reference, and the
//! [`BorrowGraph`] between references. Within a block there is also a stack of
//! abstract operands. The rules:
//!
//! * A local that is borrowed cannot be moved, overwritten or left behind.
//! * Reading through a mutable reference, or copying a local, needs that no
//!   mutable reference borrows from it.
//! * Writing through a reference, or passing it to a call, needs that nothing
//!   borrows from it.
//! * What a call returns may borrow from any reference argument; a mutable
//!   result only from the mutable ones.

use super::borrow_graph::{BorrowGraph, Label, RefId};
use super::control_flow::{Block, ControlFlowGraph};
use super::{Function, fixed_point};
use crate::error::Violation;
use crate::{Rule, WorkMeter};
use heddle_bytecode::{
    Bytecode, CodeOffset, FieldHandleIndex, FunctionHandleIndex, LocalIndex, SignatureToken,
    VariantHandle,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An operand, as far as references go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operand {
    Value,
    Reference(RefId),
}

/// What is known before an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    /// The reference in each local that holds one.
    locals: Vec<Option<RefId>>,
    graph: BorrowGraph,
}

impl State {
    /// Units for copying and keeping one part of a state: it is memory, which
    /// is scarcer than time.
    const COPY_UNITS: usize = 4;

    /// Charges for `copies` of the state.
    fn charge(&self, copies: usize, meter: &mut WorkMeter) -> Result<(), Violation> {
        // Locals are copied as a block, the graph edge by edge.
        let size = self.graph.size().saturating_mul(Self::COPY_UNITS) + self.locals.len() / 8;
        Ok(meter.charge_each(size.saturating_mul(copies))?)
    }

    /// On entry, each reference parameter borrows from nothing known.
    fn entry(function: &Function<'_>) -> Self {
        let mut state = State {
            locals: vec![None; function.locals().len()],
            graph: BorrowGraph::default(),
        };
        for (position, parameter) in function.parameters.iter().enumerate() {
            if parameter.is_reference() {
                let id = canonical(position);
                state.graph.add(id, parameter.is_mutable_reference());
                state.locals[position] = Some(id);
            }
        }
        state
    }

    /// The same state with each reference named after the local that holds it.
    /// Called where the stack is empty, so locals hold all there are.
    fn into_canonical(self) -> State {
        let is_canonical =
            |(position, id): (usize, &Option<RefId>)| id.is_none_or(|id| id == canonical(position));
        if self.locals.iter().enumerate().all(is_canonical) {
            return self;
        }
        let names: BTreeMap<RefId, RefId> = self
            .locals
            .iter()
            .enumerate()
            .filter_map(|(position, id)| Some(((*id)?, canonical(position))))
            .collect();
        State {
            graph: self.graph.renamed(&names),
            locals: self
                .locals
                .iter()
                .map(|id| id.map(|id| names[&id]))
                .collect(),
        }
    }

    /// Merges a state that leads to the same block. A local that holds a
    /// reference on one way only is unavailable after (the locals pass saw to
    /// that), so its reference ends.
    fn join(&mut self, other: &State, meter: &mut WorkMeter) -> Result<bool, Violation> {
        let mut other_graph = Cow::Borrowed(&other.graph);
        let mut changed = false;
        for position in 0..self.locals.len() {
            match (self.locals[position], other.locals[position]) {
                (Some(id), None) => {
                    self.graph.release(id, meter)?;
                    self.locals[position] = None;
                    changed = true;
                }
                (None, Some(id)) => other_graph.to_mut().release(id, meter)?,
                _ => {}
            }
        }
        changed |= self.graph.merge(&other_graph, meter)?;
        Ok(changed)
    }
}

/// The name of the reference in a local where blocks meet.
fn canonical(local: usize) -> RefId {
    // There are at most 255 locals.
    RefId(u32::try_from(local).unwrap_or(u32::MAX - 1) + 1)
}

/// Checks `function`.
pub(super) fn verify(
    function: &Function<'_>,
    graph: &ControlFlowGraph,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    fixed_point(
        graph,
        State::entry(function),
        meter,
        |block, state, meter| {
            state.charge(1, meter)?;
            let mut analysis = Analysis {
                function,
                next: canonical(function.locals().len()).0,
                state,
                stack: Vec::new(),
                meter,
            };
            analysis.block(block)?;
            let after = analysis.state.into_canonical();
            after.charge(block.successors.len(), meter)?;
            Ok(Some(after))
        },
        |known, other, meter| {
            known.charge(1, meter)?;
            other.charge(1, meter)?;
            known.join(other, meter)
        },
    )
}

struct Analysis<'a, 'm> {
    function: &'a Function<'a>,
    state: State,
    stack: Vec<Operand>,
    next: u32,
    meter: &'m mut WorkMeter,
}

type Checked = Result<(), Violation>;

fn unsafe_use(message: impl Into<String>) -> Violation {
    Violation::new(Rule::ReferenceSafety, message)
}

impl Analysis<'_, '_> {
    fn block(&mut self, block: &Block) -> Checked {
        for offset in block.offsets() {
            self.meter.charge(1)?;
            self.instruction(offset)
                .map_err(|violation| violation.at(self.function.index, offset))?;
        }
        Ok(())
    }

    fn new_reference(&mut self, mutable: bool) -> RefId {
        let id = RefId(self.next);
        self.next += 1;
        self.state.graph.add(id, mutable);
        id
    }

    fn pop(&mut self) -> Operand {
        // Heights and types are known to fit.
        self.stack.pop().unwrap_or(Operand::Value)
    }

    /// Takes an operand that types say is a reference.
    fn pop_reference(&mut self) -> Result<RefId, Violation> {
        match self.pop() {
            Operand::Reference(id) => Ok(id),
            Operand::Value => Err(unsafe_use("a reference is expected")),
        }
    }

    fn push_reference(&mut self, id: RefId) {
        self.stack.push(Operand::Reference(id));
    }

    fn release(&mut self, id: RefId) -> Checked {
        self.state.graph.release(id, self.meter)
    }

    fn release_operand(&mut self, operand: Operand) -> Checked {
        match operand {
            Operand::Reference(id) => self.release(id),
            Operand::Value => Ok(()),
        }
    }

    /// Takes `pops` plain operands and leaves `pushes`.
    fn plain(&mut self, pops: usize, pushes: usize) -> Checked {
        for _ in 0..pops {
            let operand = self.pop();
            self.release_operand(operand)?;
        }
        self.stack
            .extend(std::iter::repeat_n(Operand::Value, pushes));
        Ok(())
    }

    fn is_writable(&mut self, id: RefId) -> Result<bool, Violation> {
        Ok(!self.state.graph.has_borrows(id, None, false, self.meter)?)
    }

    fn is_readable(&mut self, id: RefId, at: Option<Label>) -> Result<bool, Violation> {
        Ok(!self.state.graph.is_mutable(id)
            || !self.state.graph.has_borrows(id, at, true, self.meter)?)
    }

    fn is_local_borrowed(&mut self, local: usize, mutably: bool) -> Result<bool, Violation> {
        let label = Label::Local(u8::try_from(local).unwrap_or(u8::MAX));
        self.state
            .graph
            .has_borrows(RefId::FRAME, Some(label), mutably, self.meter)
    }

    fn instruction(&mut self, offset: CodeOffset) -> Checked {
        use Bytecode as B;
        let module = self.function.module;
        match self.function.instruction(offset) {
            B::Nop | B::Branch(_) => Ok(()),
            B::Pop => self.plain(1, 0),
            B::BrTrue(_) | B::BrFalse(_) => self.plain(1, 0),
            B::Abort => self.plain(1, 0),
            B::Ret => self.ret(),
            B::CopyLoc(local) => self.copy_local(*local),
            B::MoveLoc(local) => self.move_local(*local),
            B::StLoc(local) => self.store_local(*local),
            B::MutBorrowLoc(local) => self.borrow_local(true, *local),
            B::ImmBorrowLoc(local) => self.borrow_local(false, *local),
            B::FreezeRef => self.freeze(),
            B::ReadRef => self.read(),
            B::WriteRef => self.write(),
            B::Eq | B::Neq => self.compare(),
            B::MutBorrowField(field) => self.borrow_field(true, *field),
            B::ImmBorrowField(field) => self.borrow_field(false, *field),
            B::MutBorrowFieldGeneric(index) => self.borrow_field(true, module[*index].handle),
            B::ImmBorrowFieldGeneric(index) => self.borrow_field(false, module[*index].handle),
            B::Call(handle) => self.call(*handle),
            B::CallGeneric(index) => self.call(module[*index].handle),
            B::Pack(def) => self.plain(module[*def].fields().len(), 1),
            B::PackGeneric(index) => self.plain(module[module[*index].def].fields().len(), 1),
            B::Unpack(def) => self.plain(1, module[*def].fields().len()),
            B::UnpackGeneric(index) => self.plain(1, module[module[*index].def].fields().len()),
            B::VariantSwitch(_) => {
                let id = self.pop_reference()?;
                if !self.is_readable(id, None)? {
                    return Err(unsafe_use(
                        "the variant is read while a mutable reference points into it",
                    ));
                }
                self.release(id)
            }
            B::LdU8(_)
            | B::LdU16(_)
            | B::LdU32(_)
            | B::LdU64(_)
            | B::LdU128(_)
            | B::LdU256(_)
            | B::LdConst(_)
            | B::LdTrue
            | B::LdFalse => self.plain(0, 1),
            B::Not
            | B::CastU8
            | B::CastU16
            | B::CastU32
            | B::CastU64
            | B::CastU128
            | B::CastU256 => self.plain(1, 1),
            B::Add
            | B::Sub
            | B::Mul
            | B::Mod
            | B::Div
            | B::BitOr
            | B::BitAnd
            | B::Xor
            | B::Shl
            | B::Shr
            | B::Or
            | B::And
            | B::Lt
            | B::Gt
            | B::Le
            | B::Ge => self.plain(2, 1),
            other => self.vector_or_variant(other),
        }
    }

    fn vector_or_variant(&mut self, instruction: &Bytecode) -> Checked {
        use Bytecode as B;
        let module = self.function.module;
        match instruction {
            B::VecPack(_, count) => {
                // The stack pass bounds how many there are.
                self.plain(
                    usize::try_from(*count)
                        .unwrap_or(usize::MAX)
                        .min(self.stack.len()),
                    1,
                )
            }
            B::VecUnpack(_, count) => {
                self.meter.charge(*count)?;
                self.plain(1, usize::try_from(*count).unwrap_or(0))
            }
            B::VecLen(_) => {
                let id = self.pop_reference()?;
                self.release(id)?;
                self.plain(0, 1)
            }
            B::VecImmBorrow(_) => self.borrow_element(false),
            B::VecMutBorrow(_) => self.borrow_element(true),
            B::VecPushBack(_) => {
                self.plain(1, 0)?;
                self.change_vector(0)
            }
            B::VecPopBack(_) => self.change_vector(1),
            B::VecSwap(_) => {
                self.plain(2, 0)?;
                self.change_vector(0)
            }
            B::PackVariant(index) => self.plain(self.fields(&module[*index]), 1),
            B::UnpackVariant(index) => self.plain(1, self.fields(&module[*index])),
            B::UnpackVariantImmRef(index) => self.unpack_reference(false, module[*index]),
            B::UnpackVariantMutRef(index) => self.unpack_reference(true, module[*index]),
            B::PackVariantGeneric(index) => {
                let handle = self.uninstantiated(*index);
                self.plain(self.fields(&handle), 1)
            }
            B::UnpackVariantGeneric(index) => {
                let handle = self.uninstantiated(*index);
                self.plain(1, self.fields(&handle))
            }
            B::UnpackVariantGenericImmRef(index) => {
                self.unpack_reference(false, self.uninstantiated(*index))
            }
            B::UnpackVariantGenericMutRef(index) => {
                self.unpack_reference(true, self.uninstantiated(*index))
            }
            other => Err(Violation::new(
                Rule::GlobalStorage,
                format!("{other:?} is not supported"),
            )),
        }
    }

    fn uninstantiated(
        &self,
        index: heddle_bytecode::VariantInstantiationHandleIndex,
    ) -> VariantHandle {
        let module = self.function.module;
        let handle = &module[index];
        VariantHandle {
            enum_def: module[handle.enum_def].def,
            variant: handle.variant,
        }
    }

    fn fields(&self, handle: &VariantHandle) -> usize {
        self.function.module[handle.enum_def].variants[usize::from(handle.variant.0)]
            .fields
            .len()
    }

    fn copy_local(&mut self, local: LocalIndex) -> Checked {
        let held = self.state.locals[local.position()];
        match held {
            Some(id) => {
                let copy = self.new_reference(self.state.graph.is_mutable(id));
                self.state.graph.borrow_exact(id, None, copy, self.meter)?;
                self.push_reference(copy);
                Ok(())
            }
            None if self.is_local_borrowed(local.position(), true)? => Err(unsafe_use(format!(
                "local {local} is copied while a mutable reference points into it"
            ))),
            None => self.plain(0, 1),
        }
    }

    fn move_local(&mut self, local: LocalIndex) -> Checked {
        let held = self.state.locals[local.position()].take();
        match held {
            Some(id) => {
                self.push_reference(id);
                Ok(())
            }
            None if self.is_local_borrowed(local.position(), false)? => Err(unsafe_use(format!(
                "local {local} is moved while it is borrowed"
            ))),
            None => self.plain(0, 1),
        }
    }

    fn store_local(&mut self, local: LocalIndex) -> Checked {
        let value = self.pop();
        let held = self.state.locals[local.position()].take();
        match held {
            Some(old) => self.release(old)?,
            None if self.is_local_borrowed(local.position(), false)? => {
                return Err(unsafe_use(format!(
                    "local {local} is overwritten while it is borrowed"
                )));
            }
            None => {}
        }
        if let Operand::Reference(id) = value {
            self.state.locals[local.position()] = Some(id);
        }
        Ok(())
    }

    fn borrow_local(&mut self, mutable: bool, local: LocalIndex) -> Checked {
        // A mutable borrow beside others is allowed: the others then borrow
        // from it, so it cannot be used while they live.
        if !mutable && self.is_local_borrowed(local.position(), true)? {
            return Err(unsafe_use(format!(
                "local {local} is borrowed while a mutable reference points into it"
            )));
        }
        let id = self.new_reference(mutable);
        let label = Label::Local(u8::try_from(local.position()).unwrap_or(u8::MAX));
        self.state
            .graph
            .borrow_exact(RefId::FRAME, Some(label), id, self.meter)?;
        self.push_reference(id);
        Ok(())
    }

    fn freeze(&mut self) -> Checked {
        let id = self.pop_reference()?;
        if self.state.graph.has_borrows(id, None, true, self.meter)? {
            return Err(unsafe_use(
                "a reference is frozen while a mutable one points into the same value",
            ));
        }
        let frozen = self.new_reference(false);
        self.state
            .graph
            .borrow_exact(id, None, frozen, self.meter)?;
        self.release(id)?;
        self.push_reference(frozen);
        Ok(())
    }

    fn read(&mut self) -> Checked {
        let id = self.pop_reference()?;
        if !self.is_readable(id, None)? {
            return Err(unsafe_use(
                "a value is read while a mutable reference points into it",
            ));
        }
        self.release(id)?;
        self.plain(0, 1)
    }

    fn write(&mut self) -> Checked {
        let id = self.pop_reference()?;
        self.plain(1, 0)?;
        if !self.is_writable(id)? {
            return Err(unsafe_use(
                "a value is written while a reference points into it",
            ));
        }
        self.release(id)
    }

    fn compare(&mut self) -> Checked {
        let operands = [self.pop(), self.pop()];
        for operand in operands {
            if let Operand::Reference(id) = operand
                && !self.is_readable(id, None)?
            {
                return Err(unsafe_use(
                    "a value is compared while a mutable reference points into it",
                ));
            }
        }
        for operand in operands {
            self.release_operand(operand)?;
        }
        self.plain(0, 1)
    }

    fn borrow_field(&mut self, mutable: bool, index: FieldHandleIndex) -> Checked {
        let handle = &self.function.module[index];
        let label = Label::Field(handle.owner, handle.field);
        let id = self.pop_reference()?;
        self.check_borrow(mutable, id, Some(label))?;
        let field = self.new_reference(mutable);
        self.state
            .graph
            .borrow_exact(id, Some(label), field, self.meter)?;
        self.release(id)?;
        self.push_reference(field);
        Ok(())
    }

    /// Whether a part of what `id` points to may be borrowed.
    /// (`None`: any part).
    fn check_borrow(&mut self, mutable: bool, id: RefId, at: Option<Label>) -> Checked {
        if mutable && self.state.graph.has_full_borrows(id, self.meter)? {
            return Err(unsafe_use(
                "a part is borrowed mutably while another reference points to the whole",
            ));
        }
        if !mutable && !self.is_readable(id, at)? {
            return Err(unsafe_use(
                "a part is borrowed while a mutable reference points into it",
            ));
        }
        Ok(())
    }

    fn unpack_reference(&mut self, mutable: bool, handle: VariantHandle) -> Checked {
        let id = self.pop_reference()?;
        self.check_borrow(mutable, id, None)?;
        for field in 0..self.fields(&handle) {
            let field = u16::try_from(field).unwrap_or(u16::MAX);
            let label = Label::VariantField(handle.enum_def, handle.variant, field);
            let part = self.new_reference(mutable);
            self.state
                .graph
                .borrow_exact(id, Some(label), part, self.meter)?;
            self.push_reference(part);
        }
        self.release(id)
    }

    fn borrow_element(&mut self, mutable: bool) -> Checked {
        self.plain(1, 0)?;
        let id = self.pop_reference()?;
        let allowed = if mutable {
            self.is_writable(id)?
        } else {
            self.is_readable(id, None)?
        };
        if !allowed {
            return Err(unsafe_use(
                "an element is borrowed while a reference points into the vector",
            ));
        }
        let element = self.new_reference(mutable);
        self.state.graph.borrow_open(id, element, self.meter)?;
        self.release(id)?;
        self.push_reference(element);
        Ok(())
    }

    /// A vector changes its length or order, so nothing may point into it.
    fn change_vector(&mut self, results: usize) -> Checked {
        let id = self.pop_reference()?;
        if !self.is_writable(id)? {
            return Err(unsafe_use(
                "a vector is changed while a reference points into it",
            ));
        }
        self.release(id)?;
        self.plain(0, results)
    }

    fn call(&mut self, index: FunctionHandleIndex) -> Checked {
        let module = self.function.module;
        let handle = &module[index];
        let mut arguments = Vec::new();
        for _ in 0..module[handle.parameters].len() {
            if let Operand::Reference(id) = self.pop() {
                arguments.push(id);
            }
        }
        for id in &arguments {
            if self.state.graph.is_mutable(*id) && !self.is_writable(*id)? {
                return Err(unsafe_use(
                    "a mutable reference is passed while another points into the same value",
                ));
            }
        }
        for result in &module[handle.return_].0 {
            let mutable = match result {
                SignatureToken::Reference(_) => false,
                SignatureToken::MutableReference(_) => true,
                _ => {
                    self.stack.push(Operand::Value);
                    continue;
                }
            };
            let id = self.new_reference(mutable);
            for argument in &arguments {
                self.meter.charge(1)?;
                if !mutable || self.state.graph.is_mutable(*argument) {
                    self.state.graph.borrow_open(*argument, id, self.meter)?;
                }
            }
            self.push_reference(id);
        }
        arguments.into_iter().try_for_each(|id| self.release(id))
    }

    fn ret(&mut self) -> Checked {
        for position in 0..self.state.locals.len() {
            if let Some(id) = self.state.locals[position].take() {
                self.release(id)?;
            }
        }
        let mut results = Vec::new();
        for _ in 0..self.function.returns.len() {
            if let Operand::Reference(id) = self.pop() {
                results.push(id);
            }
        }
        if self
            .state
            .graph
            .has_borrows(RefId::FRAME, None, false, self.meter)?
        {
            return Err(unsafe_use("a reference to a local is returned"));
        }
        for id in &results {
            if self.state.graph.is_mutable(*id) && !self.is_writable(*id)? {
                return Err(unsafe_use(
                    "a mutable reference is returned while another points into the same value",
                ));
            }
        }
        results.into_iter().try_for_each(|id| self.release(id))
    }
}
