//! One instruction by itself, for another tier that leaves it to this one.

use super::cells::cells;
use super::instruction::{Exit, Host, Instruction};
use super::slow;
use super::{Frames, control};
use crate::GasMeter;
use crate::code::{Body, Code};
use crate::fault::{self, Fault};
use crate::linkage::{FUNCTIONS_MAX, FunctionIndex, LinkContext};
use crate::memory::Memory;

/// Does the instruction at `pc` of `code` in the frame at word `start`.
///
/// It must be one after which the next one in the code runs: no branch, call or
/// return, and no `Gas`. Results, charges and faults are those of the
/// interpreter.
///
/// # Errors
/// What the instruction itself fails with.
pub(crate) fn step(
    context: &LinkContext,
    memory: &mut Memory,
    gas: &mut GasMeter,
    code: &Code,
    pc: usize,
    start: usize,
) -> Result<(), Box<Fault>> {
    let no_code = || fault::invariant("code runs off its end");
    let Body::Ops(body) = &code.body else {
        return Err(fault::invariant("native runs as Move code"));
    };
    let stop = Instruction {
        run: control::stop,
        a: 0,
        b: 0,
        c: 0,
        d: 0,
        x: 0,
    };
    let both = [*body.instructions.get(pc).ok_or_else(no_code)?, stop];
    let mut callers = Frames::new();
    let mut host = Host {
        cells: cells(&mut memory.words),
        touched: &[0; FUNCTIONS_MAX / 64],
        context,
        running: code,
        code: &both,
        start,
        callers: &mut callers,
        callers_max: 0,
        is_native_on: false,
        pc: 0,
        gas: 0,
        needed: (0, 0),
        native: (FunctionIndex(0), 0),
        fault: None,
    };
    match host.enter(0, 0) {
        Exit::Done => Ok(()),
        Exit::Slow => {
            let op = body.ops.get(pc).ok_or_else(no_code)?;
            slow::step(memory, gas, body, op, start)
        }
        _ => Err(host
            .fault
            .take()
            .unwrap_or_else(|| fault::invariant("instruction is no single step"))),
    }
}
