//! One function of translated code to machine code.
//!
//! 1. Decide for each slot where it lives. A slot that a reference can reach
//!    is in the frame, in memory; so are slots that some instruction handles
//!    in large numbers. All others are variables, which Cranelift keeps in
//!    registers.
//! 2. Make a block for each instruction that is branched to.
//! 3. Lower one instruction after the other. Gas is a variable, too.
//! 4. Each place that can fail branches to a block of its own, out of the way,
//!    which says what and where, and joins the one block that returns it.

use super::activation::{Activation, call_from_native, step_from_native};
use super::convention::{BASE_MAX, Shape, host_signature, machine_code, trusted};
use super::effects::{Effects, Slots, effects, range};
use super::fault_code::{self, FaultKind};
use crate::code::{Body, Code, Ops};
use crate::linkage::{FUNCTIONS_MAX, FunctionIndex, LinkContext};
use crate::memory::{FRAME_WORDS, WORDS};
use crate::op::{Op, Slot};
use cranelift_codegen::Context;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, Function, InstBuilder, SigRef, UserFuncName, Value, types};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Switch, Variable};

/// Instructions that a function may have to be compiled: Cranelift takes some
/// microseconds for each.
const OPS_MAX: usize = 4096;
/// Slots that may be variables.
const VARIABLES_MAX: usize = 2048;
/// Slots that one instruction may handle for them to be variables.
pub(super) const RANGE_MAX: u32 = 16;
/// Host stack that the frame of a native function may take, in bytes: with the
/// return address and what a call pushes, a kilobyte.
const HOST_FRAME_MAX: u32 = 960;

/// Why a function stays interpreted.
pub(super) struct Refused;

pub(super) type Result<T = ()> = std::result::Result<T, Refused>;

/// Where a slot lives.
#[derive(Clone, Copy)]
enum Home {
    /// Nowhere: no instruction touches it.
    None,
    Frame,
    Variable(Variable),
}

/// A function that is being compiled.
pub(super) struct Lowering<'a> {
    pub(super) b: FunctionBuilder<'a>,
    pub(super) body: &'a Ops,
    context: &'a LinkContext,
    function: FunctionIndex,
    shape: Shape,
    return_words: u32,
    homes: Vec<Home>,
    /// Blocks by the position of their first instruction.
    blocks: Vec<Option<Block>>,
    gas: Variable,
    activation: Value,
    frame: Value,
    left: Value,
    /// Start of the execution's memory.
    memory: Value,
    /// Takes code, value and gas, and leaves the function with a fault.
    fault: Block,
    /// Takes gas, and leaves the function after a callee has stopped.
    stopped: Block,
    step: SigRef,
    call: SigRef,
    /// The instruction that is being lowered.
    pub(super) position: usize,
    effects: Effects,
    /// Whether the current block still needs an end.
    is_open: bool,
}

/// Compiles `code`, which is `function` of `context`. `None` if it has to stay
/// interpreted.
pub(super) fn compile(
    isa: &dyn TargetIsa,
    context: &LinkContext,
    function: FunctionIndex,
    code: &Code,
) -> Option<Vec<u8>> {
    let Body::Ops(body) = &code.body else {
        return None;
    };
    let shape = Shape::of(code);
    let mut output = Context::new();
    output.func = Function::with_name_signature(UserFuncName::default(), shape.signature());
    let mut builder_context = FunctionBuilderContext::new();
    let b = FunctionBuilder::new(&mut output.func, &mut builder_context);
    lower(b, isa, context, function, code, body, shape).ok()?;
    let (machine_code, host_frame) = machine_code(isa, &mut output)?;
    (host_frame <= HOST_FRAME_MAX).then_some(machine_code)
}

fn lower(
    mut b: FunctionBuilder<'_>,
    isa: &dyn TargetIsa,
    context: &LinkContext,
    function: FunctionIndex,
    code: &Code,
    body: &Ops,
    shape: Shape,
) -> Result {
    let ops = &body.ops;
    if ops.len() > OPS_MAX {
        return Err(Refused);
    }
    let all = ops
        .iter()
        .map(|op| effects_in(context, body, op))
        .collect::<Result<Vec<_>>>()?;
    let blocks = starts(body)?;

    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    b.seal_block(entry);
    let parameters = b.block_params(entry).to_vec();
    let &[activation, frame, gas_at_entry, left, ..] = &parameters[..] else {
        return Err(Refused);
    };
    // The pointer does not change while the activation lives.
    let constant = trusted().with_readonly().with_can_move();
    let memory = b
        .ins()
        .load(types::I64, constant, activation, Activation::WORDS);
    let gas = b.declare_var(types::I64);
    b.def_var(gas, gas_at_entry);
    let homes = homes(&mut b, body, code, &all)?;
    let blocks = blocks
        .into_iter()
        .map(|is_start| is_start.then(|| b.create_block()))
        .collect();
    let (fault, stopped) = (b.create_block(), b.create_block());
    for (block, words) in [(fault, 3), (stopped, 1)] {
        b.set_cold_block(block);
        for _ in 0..words {
            b.append_block_param(block, types::I64);
        }
    }
    let step = b.import_signature(host_signature(3));
    let call = b.import_signature(host_signature(4));
    let mut lowering = Lowering {
        b,
        body,
        context,
        function,
        shape,
        return_words: code.return_words,
        homes,
        blocks,
        gas,
        activation,
        frame,
        left,
        memory,
        fault,
        stopped,
        step,
        call,
        position: 0,
        effects: Effects::default(),
        is_open: true,
    };
    lowering.place_parameters(&parameters[4..], code.parameter_words);
    for (position, effects) in all.into_iter().enumerate() {
        lowering.enter_position(position);
        if lowering.is_open {
            lowering.effects = effects;
            lowering.instruction(&ops[position])?;
        }
    }
    if lowering.is_open {
        return Err(Refused);
    }
    lowering.leave_blocks();
    lowering.b.seal_all_blocks();
    lowering.b.finalize(isa.frontend_config());
    Ok(())
}

fn effects_in(context: &LinkContext, body: &Ops, op: &Op) -> Result<Effects> {
    let effects = effects(op, body, |callee| context.code(FunctionIndex(callee)).ok());
    let effects = effects.ok_or(Refused)?;
    let mut ranges = effects.reads.iter().chain(&effects.writes);
    // What lies beyond the window would be outside of the frame.
    if ranges.any(|slots| slots.end as usize > FRAME_WORDS) {
        return Err(Refused);
    }
    Ok(effects)
}

/// For each position whether it is branched to.
fn starts(body: &Ops) -> Result<Vec<bool>> {
    let ops = &body.ops;
    let mut is_start = vec![false; ops.len()];
    let mut mark = |target: usize| -> Result {
        *is_start.get_mut(target).ok_or(Refused)? = true;
        Ok(())
    };
    for (position, op) in ops.iter().enumerate() {
        if let Some(target) = op.target() {
            mark(target as usize)?;
        }
        if let Some((_, _, fall)) = branch_costs(op) {
            mark(after_branch(position, fall))?;
        }
    }
    for (target, _) in body.jump_tables.iter().flatten() {
        mark(*target as usize)?;
    }
    Ok(is_start)
}

/// Target and costs of a conditional branch.
fn branch_costs(op: &Op) -> Option<(u32, u16, u16)> {
    match *op {
        Op::BrTrue {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrFalse {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrEq {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrNe {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrLt {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrLe {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrEqImm {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrNeImm {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrLtImm {
            target,
            taken,
            fall,
            ..
        }
        | Op::BrGeImm {
            target,
            taken,
            fall,
            ..
        } => Some((target, taken, fall)),
        _ => None,
    }
}

/// Where a branch goes on that is not taken: behind the next `Gas`, if the
/// branch charges for it.
fn after_branch(position: usize, fall: u16) -> usize {
    position + 1 + usize::from(fall != 0)
}

/// Decides where slots live.
fn homes(
    b: &mut FunctionBuilder<'_>,
    body: &Ops,
    code: &Code,
    effects: &[Effects],
) -> Result<Vec<Home>> {
    let ranges = || {
        effects
            .iter()
            .flat_map(|effects| effects.reads.iter().chain(&effects.writes))
    };
    let count = ranges()
        .map(|slots| slots.end)
        .max()
        .unwrap_or(0)
        .max(code.parameter_words) as usize;
    let mut homes = vec![Home::None; count];
    let fix = |homes: &mut Vec<Home>, slots: Slots| {
        for slot in slots {
            if let Some(home) = homes.get_mut(slot as usize) {
                *home = Home::Frame;
            }
        }
    };
    for op in &body.ops {
        if let Op::FrameAddress { slot, .. } = op {
            let local = body
                .locals
                .iter()
                .find(|(first, words)| range(*first, *words).contains(&u32::from(*slot)));
            // A reference to what is no local could reach anything.
            let (first, words) = local.ok_or(Refused)?;
            fix(&mut homes, range(*first, *words));
        }
    }
    for slots in ranges().filter(|slots| slots.end - slots.start > RANGE_MAX) {
        fix(&mut homes, slots.clone());
    }
    let mut variables = 0;
    for slots in ranges() {
        for slot in slots.clone() {
            let home = &mut homes[slot as usize];
            if matches!(home, Home::None) {
                *home = Home::Variable(b.declare_var(types::I64));
                variables += 1;
            }
        }
    }
    if variables > VARIABLES_MAX {
        return Err(Refused);
    }
    Ok(homes)
}

impl<'a> Lowering<'a> {
    /// Gives every variable a value, parameters theirs.
    fn place_parameters(&mut self, in_registers: &[Value], words: u32) {
        let zero = self.imm(0);
        for slot in 0..self.homes.len() {
            let home = self.homes[slot];
            let value = match in_registers.get(slot) {
                Some(value) => *value,
                None if (slot as u32) < words => match home {
                    Home::Variable(_) => self.load_slot(slot as u32),
                    _ => continue,
                },
                None => match home {
                    Home::Variable(_) => zero,
                    _ => continue,
                },
            };
            match home {
                Home::Variable(variable) => self.b.def_var(variable, value),
                Home::Frame => self.store_slot(slot as u32, value),
                Home::None => {}
            }
        }
    }

    /// Starts the block of a position that is branched to.
    fn enter_position(&mut self, position: usize) {
        self.position = position;
        if let Some(block) = self.blocks[position] {
            if self.is_open {
                self.b.ins().jump(block, &[]);
            }
            self.b.switch_to_block(block);
            self.is_open = true;
        }
    }

    /// The blocks that return after a fault.
    fn leave_blocks(&mut self) {
        let (fault, stopped) = (self.fault, self.stopped);
        self.b.switch_to_block(fault);
        let parameters = self.b.block_params(fault);
        let (code, value, gas) = (parameters[0], parameters[1], parameters[2]);
        let function = self.imm(u64::from(self.function.0));
        for (word, offset) in [
            (code, Activation::FAULT),
            (value, Activation::FAULT_VALUE),
            (function, Activation::FAULT_FUNCTION),
        ] {
            self.b.ins().store(trusted(), word, self.activation, offset);
        }
        self.b.ins().jump(stopped, &[gas.into()]);

        self.b.switch_to_block(stopped);
        let gas = self.b.block_params(stopped)[0];
        let (status, zero) = (self.imm(1), self.imm(0));
        let mut results = vec![gas, status];
        results.resize(2 + self.shape.returns, zero);
        self.b.ins().return_(&results);
    }

    // ---- values ------------------------------------------------------------

    pub(super) fn imm(&mut self, value: u64) -> Value {
        self.b.ins().iconst(types::I64, value as i64)
    }

    /// The value of a slot.
    pub(super) fn get(&mut self, slot: Slot) -> Value {
        self.get_at(u32::from(slot))
    }

    pub(super) fn get_at(&mut self, slot: u32) -> Value {
        match self.homes[slot as usize] {
            Home::Variable(variable) => self.b.use_var(variable),
            _ => self.load_slot(slot),
        }
    }

    /// Gives a slot a value.
    pub(super) fn set(&mut self, slot: Slot, value: Value) {
        self.set_at(u32::from(slot), value);
    }

    pub(super) fn set_at(&mut self, slot: u32, value: Value) {
        match self.homes[slot as usize] {
            Home::Variable(variable) => self.b.def_var(variable, value),
            _ => self.store_slot(slot, value),
        }
    }

    /// Sets a slot to 0 or 1.
    pub(super) fn set_bool(&mut self, slot: Slot, condition: Value) {
        let value = self.b.ins().uextend(types::I64, condition);
        self.set(slot, value);
    }

    pub(super) fn get_range(&mut self, slot: Slot, words: u32) -> Vec<Value> {
        range(slot, words).map(|slot| self.get_at(slot)).collect()
    }

    pub(super) fn set_range(&mut self, slot: Slot, values: &[Value]) {
        for (slot, value) in (u32::from(slot)..).zip(values) {
            self.set_at(slot, *value);
        }
    }

    fn load_slot(&mut self, slot: u32) -> Value {
        self.b
            .ins()
            .load(types::I64, trusted(), self.frame, slot as i32 * 8)
    }

    fn store_slot(&mut self, slot: u32, value: Value) {
        self.b
            .ins()
            .store(trusted(), value, self.frame, slot as i32 * 8);
    }

    /// Writes variables to the frame.
    fn flush(&mut self, slots: Slots) {
        for slot in slots {
            if let Home::Variable(variable) = self.homes[slot as usize] {
                let value = self.b.use_var(variable);
                self.store_slot(slot, value);
            }
        }
    }

    /// Reads variables from the frame.
    fn reload(&mut self, slots: Slots) {
        for slot in slots {
            if let Home::Variable(variable) = self.homes[slot as usize] {
                let value = self.load_slot(slot);
                self.b.def_var(variable, value);
            }
        }
    }

    pub(super) fn memory(&self) -> Value {
        self.memory
    }

    pub(super) fn frame(&self) -> Value {
        self.frame
    }

    // ---- blocks ------------------------------------------------------------

    /// Branches to a new block, out of the way, if `condition`, and goes on
    /// otherwise. Returns that block, with the other one current.
    pub(super) fn unless(&mut self, condition: Value) -> Block {
        let (bad, good) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(bad);
        self.b.ins().brif(condition, bad, &[], good, &[]);
        self.b.seal_block(bad);
        self.b.seal_block(good);
        self.b.switch_to_block(good);
        bad
    }

    /// Branches to `bad` if `condition`, and goes on otherwise.
    pub(super) fn unless_to(&mut self, condition: Value, bad: Block) {
        let good = self.b.create_block();
        self.b.ins().brif(condition, bad, &[], good, &[]);
        self.b.seal_block(good);
        self.b.switch_to_block(good);
    }

    /// Raises a fault if `condition`.
    pub(super) fn fail_if(&mut self, condition: Value, kind: FaultKind) {
        self.fail_if_with(condition, kind, self.position, None);
    }

    /// Raises a fault with a value if `condition`.
    pub(super) fn fail_if_with(
        &mut self,
        condition: Value,
        kind: FaultKind,
        position: usize,
        value: Option<Value>,
    ) {
        let good = {
            let bad = self.unless(condition);
            let good = self.b.current_block();
            self.b.switch_to_block(bad);
            good
        };
        self.fail(kind, position, value);
        self.is_open = true;
        if let Some(good) = good {
            self.b.switch_to_block(good);
        }
    }

    /// Raises a fault.
    pub(super) fn fail(&mut self, kind: FaultKind, position: usize, value: Option<Value>) {
        let code = self.imm(fault_code::pack(kind, position));
        let value = match value {
            Some(value) => value,
            None => self.imm(0),
        };
        let gas = match kind {
            // What was left does not suffice, and is gone.
            FaultKind::OutOfGas => self.imm(0),
            _ => self.b.use_var(self.gas),
        };
        let fault = self.fault;
        self.b
            .ins()
            .jump(fault, &[code.into(), value.into(), gas.into()]);
        self.is_open = false;
    }

    // ---- gas and branches --------------------------------------------------

    /// Charges; `position` is what is out of gas if it does not suffice.
    fn charge(&mut self, cost: u32, position: usize) {
        if cost == 0 {
            return;
        }
        let gas = self.b.use_var(self.gas);
        let is_short = self
            .b
            .ins()
            .icmp_imm_u(IntCC::UnsignedLessThan, gas, i64::from(cost));
        self.fail_if_with(is_short, FaultKind::OutOfGas, position, None);
        let rest = self.b.ins().iadd_imm_s(gas, -i64::from(cost));
        self.b.def_var(self.gas, rest);
    }

    /// Goes to `target`, charging `cost`. The instruction before the target is
    /// then the one that is out of gas: its block's `Gas`.
    fn go_to(&mut self, target: usize, cost: u32) -> Result {
        self.charge(cost, target.saturating_sub(1));
        let block = self.blocks.get(target).copied().flatten().ok_or(Refused)?;
        self.b.ins().jump(block, &[]);
        self.is_open = false;
        Ok(())
    }

    fn branch(&mut self, condition: Value, op: &Op) -> Result {
        let (target, taken, fall) = branch_costs(op).ok_or(Refused)?;
        let (yes, no) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(condition, yes, &[], no, &[]);
        self.b.seal_block(yes);
        self.b.seal_block(no);
        self.b.switch_to_block(yes);
        self.go_to(target as usize, u32::from(taken))?;
        self.b.switch_to_block(no);
        self.go_to(after_branch(self.position, fall), u32::from(fall))
    }

    fn branch_on(&mut self, compare: IntCC, a: Slot, b: Slot, op: &Op) -> Result {
        let (a, b) = (self.get(a), self.get(b));
        let condition = self.b.ins().icmp(compare, a, b);
        self.branch(condition, op)
    }

    fn branch_on_imm(&mut self, compare: IntCC, a: Slot, imm: u32, op: &Op) -> Result {
        let a = self.get(a);
        let condition = self.b.ins().icmp_imm_u(compare, a, i64::from(imm));
        self.branch(condition, op)
    }

    fn switch(&mut self, tag: Value, table: u16) -> Result {
        let body = self.body;
        let table = body.jump_tables.get(usize::from(table)).ok_or(Refused)?;
        let mut switch = Switch::new();
        let mut edges = Vec::with_capacity(table.len());
        for (index, (target, cost)) in table.iter().enumerate() {
            let block = self.b.create_block();
            switch.set_entry(index as u128, block);
            edges.push((block, *target, *cost));
        }
        let unknown = self.b.create_block();
        self.b.set_cold_block(unknown);
        switch.emit(&mut self.b, tag, unknown);
        self.b.seal_block(unknown);
        self.b.switch_to_block(unknown);
        self.fail(FaultKind::UnknownVariant, self.position, None);
        for (block, target, cost) in edges {
            self.b.seal_block(block);
            self.b.switch_to_block(block);
            self.go_to(target as usize, cost)?;
        }
        Ok(())
    }

    // ---- calls -------------------------------------------------------------

    /// This function and the current position, as one word.
    fn site(&mut self) -> Value {
        let site = u64::from(self.function.0) << 32 | self.position as u64;
        self.imm(site)
    }

    /// Hands the current instruction to the VM, and goes on behind it.
    pub(super) fn step(&mut self) {
        let effects = std::mem::take(&mut self.effects);
        for slots in &effects.reads {
            self.flush(slots.clone());
        }
        // The meter is right in the activation whenever the VM looks.
        let gas = self.b.use_var(self.gas);
        self.b
            .ins()
            .store(trusted(), gas, self.activation, Activation::GAS);
        let site = self.site();
        let function = step_from_native as extern "C" fn(_, _, _) -> _;
        let target = self.imm(function as *const () as u64);
        let call =
            self.b
                .ins()
                .call_indirect(self.step, target, &[self.activation, self.frame, site]);
        let status = self.b.inst_results(call)[0];
        self.after_call_back(status, effects.charges);
        for slots in &effects.writes {
            self.reload(slots.clone());
        }
        self.effects = effects;
    }

    /// Leaves if the VM says so; takes the meter back.
    fn after_call_back(&mut self, status: Value, charges: bool) {
        let has_stopped = self.b.ins().icmp_imm_u(IntCC::NotEqual, status, 0);
        let bad = self.unless(has_stopped);
        let good = self.b.current_block();
        self.b.switch_to_block(bad);
        let gas = self.left_gas();
        let stopped = self.stopped;
        self.b.ins().jump(stopped, &[gas.into()]);
        if let Some(good) = good {
            self.b.switch_to_block(good);
        }
        if charges {
            let gas = self.left_gas();
            self.b.def_var(self.gas, gas);
        }
    }

    fn left_gas(&mut self) -> Value {
        self.b
            .ins()
            .load(types::I64, trusted(), self.activation, Activation::GAS)
    }

    /// Does `fast`, which branches to the block it is given whenever something
    /// is unusual, before it has changed anything; there the VM does the
    /// instruction.
    pub(super) fn fast_or_step(&mut self, fast: impl FnOnce(&mut Self, Block)) {
        let (slow, join) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        fast(self, slow);
        self.b.ins().jump(join, &[]);
        self.b.seal_block(slow);
        self.b.switch_to_block(slow);
        self.step();
        self.b.ins().jump(join, &[]);
        self.b.seal_block(join);
        self.b.switch_to_block(join);
    }

    fn call(&mut self, base: Slot, callee: u32) -> Result {
        let code = self
            .context
            .code(FunctionIndex(callee))
            .map_err(|_| Refused)?;
        if !matches!(code.body, Body::Ops(_)) {
            return Err(Refused);
        }
        let (arguments, results) = (code.parameter_words, code.return_words);
        let shape = Shape::of(code);
        if u32::from(base) > BASE_MAX {
            self.call_back(base, arguments, results);
            return Ok(());
        }
        let (slow, join) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        let none_left = self.b.ins().icmp_imm_u(IntCC::Equal, self.left, 0);
        self.unless_to(none_left, slow);
        if callee != self.function.0 {
            let index = callee as usize % FUNCTIONS_MAX;
            let touched = self.b.ins().load(
                types::I64,
                trusted().with_readonly().with_can_move(),
                self.activation,
                Activation::TOUCHED,
            );
            let offset = (index / 64 * 8) as i32;
            let bits = self.b.ins().load(types::I64, trusted(), touched, offset);
            let bit = self.imm(1 << (index % 64));
            let has_paid = self.b.ins().band(bits, bit);
            let is_new = self.b.ins().icmp_imm_u(IntCC::Equal, has_paid, 0);
            self.unless_to(is_new, slow);
        }
        let target = if let Some(target) = code.tier.cell.target() {
            self.imm(target.addr().get() as u64)
        } else {
            let cell = self.imm(code.tier.cell.address() as u64);
            let target = self.b.ins().load(types::I64, trusted(), cell, 0);
            let is_missing = self.b.ins().icmp_imm_u(IntCC::Equal, target, 0);
            self.unless_to(is_missing, slow);
            target
        };
        let frame = self.b.ins().iadd_imm_s(self.frame, i64::from(base) * 8);
        let gas = self.b.use_var(self.gas);
        let left = self.b.ins().iadd_imm_s(self.left, -1);
        let mut values = vec![self.activation, frame, gas, left];
        if shape.parameters == 0 {
            self.flush(range(base, arguments));
        } else {
            values.extend(self.get_range(base, arguments));
        }
        let signature = self.b.import_signature(shape.signature());
        let call = self.b.ins().call_indirect(signature, target, &values);
        let returned = self.b.inst_results(call).to_vec();
        let has_stopped = self.b.ins().icmp_imm_u(IntCC::NotEqual, returned[1], 0);
        let bad = self.unless(has_stopped);
        let good = self.b.current_block();
        self.b.switch_to_block(bad);
        let stopped = self.stopped;
        self.b.ins().jump(stopped, &[returned[0].into()]);
        if let Some(good) = good {
            self.b.switch_to_block(good);
        }
        self.b.def_var(self.gas, returned[0]);
        if shape.returns == 0 {
            self.reload(range(base, results));
        } else {
            self.set_range(base, &returned[2..]);
        }
        self.b.ins().jump(join, &[]);
        self.b.seal_block(slow);
        self.b.switch_to_block(slow);
        self.call_back(base, arguments, results);
        self.b.ins().jump(join, &[]);
        self.b.seal_block(join);
        self.b.switch_to_block(join);
        Ok(())
    }

    /// Lets the VM make a call.
    fn call_back(&mut self, base: Slot, arguments: u32, results: u32) {
        self.flush(range(base, arguments));
        let gas = self.b.use_var(self.gas);
        self.b
            .ins()
            .store(trusted(), gas, self.activation, Activation::GAS);
        let site = self.site();
        let function = call_from_native as extern "C" fn(_, _, _, _) -> _;
        let target = self.imm(function as *const () as u64);
        let arguments = [self.activation, self.frame, site, self.left];
        let call = self.b.ins().call_indirect(self.call, target, &arguments);
        let status = self.b.inst_results(call)[0];
        self.after_call_back(status, true);
        self.reload(range(base, results));
    }

    fn return_words(&mut self, src: Slot, words: u32) -> Result {
        if words != self.return_words {
            return Err(Refused);
        }
        let status = self.imm(0);
        let gas = self.b.use_var(self.gas);
        let mut results = vec![gas, status];
        if self.shape.returns != 0 {
            results.extend(self.get_range(src, self.shape.returns as u32));
        } else if words > RANGE_MAX {
            return Err(Refused);
        } else {
            for (slot, value) in self.get_range(src, words).into_iter().enumerate() {
                self.store_slot(slot as u32, value);
            }
        }
        self.b.ins().return_(&results);
        self.is_open = false;
        Ok(())
    }

    // ---- instructions ------------------------------------------------------

    // One arm for each instruction; families are in the sibling modules.
    fn instruction(&mut self, op: &Op) -> Result {
        use IntCC::{
            Equal, NotEqual, UnsignedGreaterThanOrEqual, UnsignedLessThan, UnsignedLessThanOrEqual,
        };
        match *op {
            Op::Gas { cost } => self.charge(cost, self.position),
            Op::Jump { target, cost } => self.go_to(target as usize, cost)?,
            Op::BrTrue { a, .. } => self.branch_on_imm(NotEqual, a, 0, op)?,
            Op::BrFalse { a, .. } => self.branch_on_imm(Equal, a, 0, op)?,
            Op::BrEq { a, b, .. } => self.branch_on(Equal, a, b, op)?,
            Op::BrNe { a, b, .. } => self.branch_on(NotEqual, a, b, op)?,
            Op::BrLt { a, b, .. } => self.branch_on(UnsignedLessThan, a, b, op)?,
            Op::BrLe { a, b, .. } => self.branch_on(UnsignedLessThanOrEqual, a, b, op)?,
            Op::BrEqImm { a, imm, .. } => self.branch_on_imm(Equal, a, imm, op)?,
            Op::BrNeImm { a, imm, .. } => self.branch_on_imm(NotEqual, a, imm, op)?,
            Op::BrLtImm { a, imm, .. } => self.branch_on_imm(UnsignedLessThan, a, imm, op)?,
            Op::BrGeImm { a, imm, .. } => {
                self.branch_on_imm(UnsignedGreaterThanOrEqual, a, imm, op)?;
            }
            Op::Switch { a, off, table } => {
                let tag = self.load_word(a, off);
                self.switch(tag, table)?;
            }
            Op::SwitchSlot { a, table } => {
                let tag = self.get(a);
                self.switch(tag, table)?;
            }
            Op::Call { base, callee } => self.call(base, callee)?,
            Op::Ret0 {} => self.return_words(0, 0)?,
            Op::Ret1 { src } => self.return_words(src, 1)?,
            Op::Ret { src, words } => self.return_words(src, u32::from(words))?,
            Op::Abort { src } => {
                let code = self.get(src);
                self.fail(FaultKind::Abort, self.position, Some(code));
            }
            _ => {
                if !self.integer(op)? && !self.memory_access(op)? && !self.vector(op)? {
                    self.step();
                }
            }
        }
        Ok(())
    }
}

/// The memory's size in bytes.
pub(super) const MEMORY_BYTES: u64 = WORDS as u64 * 8;
