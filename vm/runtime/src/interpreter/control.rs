//! Gas, branches, calls and returns.

use super::cells::{self, Window, load, window};
use super::instruction::{Exit, Host, Instruction, get, within};
use super::touched::contains;
use crate::code::{Body, Code};
use crate::fault::{self, Fault};
use crate::linkage::FunctionIndex;
use crate::memory::FRAME_START_MAX;

/// Charges a block. `x`: cost.
pub(super) fn gas<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, next, ..] = at else {
        return host.runs_off(gas);
    };
    match gas.checked_sub(op.x) {
        Some(gas) => (next.run)(host, &at[1..], frame, gas),
        None => {
            let block = host.code.len().wrapping_sub(at.len());
            host.short(at, gas, op.x, block)
        }
    }
}

/// Enters the block behind the `Gas` before `target`, which costs `cost`.
#[inline(always)]
fn enter_block<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
    target: usize,
    cost: u64,
) -> Exit {
    match gas.checked_sub(cost) {
        Some(gas) => host.go(target, frame, gas),
        None => host.short(at, gas, cost, target.wrapping_sub(1)),
    }
}

/// Low half of `x`: target; high half: cost.
pub(super) fn jump<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    enter_block(
        host,
        at,
        frame,
        gas,
        op.low() as usize,
        u64::from(op.high()),
    )
}

/// Takes a branch or falls through. `c`: cost of the way taken; `d`: cost of
/// the block that follows, whose `Gas` is skipped, or 0 if that `Gas` charges;
/// low half of `x`: target.
#[inline(always)]
fn branch<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    op: &'c Instruction,
    frame: &'h Window,
    gas: u64,
    is_taken: bool,
) -> Exit {
    if is_taken {
        return enter_block(host, at, frame, gas, op.low() as usize, u64::from(op.c));
    }
    let Some(rest) = gas.checked_sub(u64::from(op.d)) else {
        let next = host.code.len().wrapping_sub(at.len()).wrapping_add(1);
        return host.short(at, gas, u64::from(op.d), next);
    };
    match at.get(1 + usize::from(op.d != 0)..) {
        Some(at @ [next, ..]) => (next.run)(host, at, frame, rest),
        _ => host.runs_off(gas),
    }
}

macro_rules! branches {
    ($( $(#[$doc:meta])* $name:ident, $frame:ident, $op:ident, $condition:expr; )*) => { $(
        $(#[$doc])*
        pub(super) fn $name<'h, 'c>(
            host: &mut Host<'h, 'c>,
            at: &'c [Instruction],
            $frame: &'h Window,
            gas: u64,
        ) -> Exit {
            let [$op, ..] = at else {
                return host.runs_off(gas);
            };
            let is_taken = $condition;
            branch(host, at, $op, $frame, gas, is_taken)
        }
    )* };
}

branches! {
    /// If `a` is not 0.
    br_true, frame, op, get!(frame, op.a) != 0;
    /// If `a` is 0.
    br_false, frame, op, get!(frame, op.a) == 0;
    /// If `a == b`.
    br_eq, frame, op, get!(frame, op.a) == get!(frame, op.b);
    /// If `a != b`.
    br_ne, frame, op, get!(frame, op.a) != get!(frame, op.b);
    /// If `a < b`.
    br_lt, frame, op, get!(frame, op.a) < get!(frame, op.b);
    /// If `a <= b`.
    br_le, frame, op, get!(frame, op.a) <= get!(frame, op.b);
    /// If `a` is the high half of `x`.
    br_eq_imm, frame, op, get!(frame, op.a) == u64::from(op.high());
    /// If `a` is not the high half of `x`.
    br_ne_imm, frame, op, get!(frame, op.a) != u64::from(op.high());
    /// If `a` is less than the high half of `x`.
    br_lt_imm, frame, op, get!(frame, op.a) < u64::from(op.high());
    /// If `a` is not less than the high half of `x`.
    br_ge_imm, frame, op, get!(frame, op.a) >= u64::from(op.high());
}

/// Target and cost for a variant tag.
fn case(code: &Code, table: u16, tag: u64) -> Option<(usize, u64)> {
    let Body::Ops(body) = &code.body else {
        return None;
    };
    let table = body.jump_tables.get(usize::from(table))?;
    let (target, cost) = table.get(usize::try_from(tag).ok()?)?;
    Some((*target as usize, u64::from(*cost)))
}

#[cold]
fn unknown_variant<'c>(host: &mut Host<'_, 'c>, at: &'c [Instruction], gas: u64) -> Exit {
    let fault = fault::invariant("switch on an unknown variant");
    host.fail(at, gas, fault)
}

/// On the tag behind reference `a`, at offset `x`. `b`: jump table.
pub(super) fn switch<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    let index = address(frame, op.a, op.low()) >> 3;
    let tag = within!(host, at, gas, load(host.cells, index));
    match case(host.running, op.b, tag) {
        Some((target, cost)) => enter_block(host, at, frame, gas, target, cost),
        None => unknown_variant(host, at, gas),
    }
}

/// On the tag in slot `a`. `b`: jump table.
pub(super) fn switch_slot<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    match case(host.running, op.b, get!(frame, op.a)) {
        Some((target, cost)) => enter_block(host, at, frame, gas, target, cost),
        None => unknown_variant(host, at, gas),
    }
}

/// Byte offset that the reference in a slot and an offset give.
#[inline(always)]
pub(super) fn address(frame: &Window, slot: u16, offset: u32) -> usize {
    (get!(frame, slot) as u32 as usize).wrapping_add(offset as usize)
}

/// `a`: start of the callee's frame; `x`: callee.
pub(super) fn call<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    let start = host.word(op.a);
    if host.callers.len() >= host.callers_max || start > FRAME_START_MAX {
        return too_deep(host, at, gas);
    }
    let function = FunctionIndex(op.low());
    if !contains(host.touched, function) {
        return host.slow(at, gas);
    }
    let Some(callee) = host.context.translated(function) else {
        return host.slow(at, gas);
    };
    let Body::Ops(body) = &callee.body else {
        return host.slow(at, gas);
    };
    #[cfg(feature = "native-code")]
    if host.is_native_on && callee.tier.is_native(host.context, FunctionIndex(op.low())) {
        host.native = (FunctionIndex(op.low()), start);
        return host.leave(at, gas, Exit::Compiled);
    }
    host.save_caller(host.code.len().wrapping_sub(at.len()).wrapping_add(1));
    host.running = callee;
    host.code = &body.instructions;
    host.start = start;
    let frame = window(host.cells, start);
    // The first block is charged here, if that is what the code begins with
    // and there is gas for it.
    let cost = u64::from(body.entry_cost);
    match gas.checked_sub(cost) {
        Some(gas) if cost != 0 => host.go(1, frame, gas),
        _ => host.go(0, frame, gas),
    }
}

#[cold]
fn too_deep<'c>(host: &mut Host<'_, 'c>, at: &'c [Instruction], gas: u64) -> Exit {
    host.fail(at, gas, Fault::CallDepth.into())
}

/// `a`: start of the native's frame; `x`: native.
pub(super) fn call_native<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    let start = host.word(op.a);
    if start > FRAME_START_MAX {
        return too_deep(host, at, gas);
    }
    host.native = (FunctionIndex(op.low()), start);
    host.leave(at, gas, Exit::Native)
}

/// Goes on in the caller, or leaves if there is none.
#[inline(always)]
fn back<'h, 'c>(host: &mut Host<'h, 'c>, at: &'c [Instruction], gas: u64) -> Exit {
    let Some(caller) = host.callers.pop() else {
        return host.leave(at, gas, Exit::Done);
    };
    let Body::Ops(body) = &caller.code.body else {
        return host.runs_off(gas);
    };
    host.running = caller.code;
    host.code = &body.instructions;
    host.start = caller.start as usize;
    let frame = window(host.cells, host.start);
    host.go(caller.pc as usize, frame, gas)
}

/// Returns nothing.
pub(super) fn ret0<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    back(host, at, gas)
}

/// Returns word `a`.
pub(super) fn ret1<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    frame[0].set(get!(frame, op.a));
    back(host, at, gas)
}

/// Returns `b` words from `a`.
pub(super) fn ret<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    let (from, to, count) = (host.word(op.a), host.start, usize::from(op.b));
    within!(host, at, gas, cells::copy(host.cells, from, to, count));
    back(host, at, gas)
}

/// Aborts with the code in `a`.
pub(super) fn abort<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    let [op, ..] = at else {
        return host.runs_off(gas);
    };
    host.fail(at, gas, Box::new(Fault::Abort(get!(frame, op.a))))
}

/// Leaves behind the instruction before.
#[cfg(feature = "native-code")]
pub(super) fn stop<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    host.leave(at, gas, Exit::Done)
}

/// Leaves an instruction to [`slow`](super::slow).
pub(super) fn slow<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    _: &'h Window,
    gas: u64,
) -> Exit {
    host.leave(at, gas, Exit::Slow)
}
