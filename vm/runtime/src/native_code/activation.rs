//! What native code and the VM tell each other.
//!
//! [`enter`] makes an [`Activation`] on the host's stack and calls machine
//! code with a pointer to it. Machine code keeps gas in a register and writes
//! it there before it calls back, and it leaves faults there. It calls back
//! through [`step_from_native`] and [`call_from_native`] only.
//!
//! # Who may touch what
//!
//! While machine code runs, it is the only user of the execution's memory and
//! of the activation; while one of the two functions runs, that function is.
//! Neither keeps a reference across the change. No panic crosses machine code:
//! it is caught, carried in the activation, and resumed by [`enter`].

use super::code_memory::CodeMemory;
use super::convention::{BASE_MAX, Shape};
use super::fault_code;
use crate::code::{Body, Code};
use crate::fault::{self, Fault};
use crate::interpreter::{Environment, Nesting, Stop, load, run_nested, step};
use crate::linkage::FunctionIndex;
use crate::memory::{FRAME_START_MAX, WORDS};
use crate::native;
use crate::op::Op;
use std::any::Any;
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Host stack for native code and what it calls, in units of a kilobyte.
/// Deeper calls are interpreted, which takes no host stack.
const HOST_STACK_MAX: u32 = 512;
/// What one change between the tiers takes of it.
pub(super) const HOST_STACK_OF_CHANGE: u32 = 8;

/// State shared with machine code, which knows the offsets of the first
/// fields.
#[repr(C)]
pub(super) struct Activation {
    /// The execution's memory, [`WORDS`] words.
    words: *mut u64,
    /// Functions that have paid for their load, a bit each.
    touched: *const u64,
    /// Gas left, current only while machine code is out.
    gas: u64,
    /// What went wrong: see [`fault_code`]. 0 if `stop` or `panic` says it.
    fault: u64,
    /// A datum of the fault.
    fault_value: u64,
    /// Function in which it went wrong.
    fault_function: u64,
    /// Open frames, the machine code's own included, plus the calls it has
    /// left: the sum is the same in each native function below.
    depth_and_left: u32,
    /// The same for the host's stack.
    host_stack_and_left: u32,
    /// An `Environment`, whose lifetime a pointer can't express.
    environment: *mut (),
    stop: Option<Stop>,
    panic: Option<Box<dyn Any + Send>>,
}

impl Activation {
    pub(super) const WORDS: i32 = offset_of!(Activation, words) as i32;
    pub(super) const TOUCHED: i32 = offset_of!(Activation, touched) as i32;
    pub(super) const GAS: i32 = offset_of!(Activation, gas) as i32;
    pub(super) const FAULT: i32 = offset_of!(Activation, fault) as i32;
    pub(super) const FAULT_VALUE: i32 = offset_of!(Activation, fault_value) as i32;
    pub(super) const FAULT_FUNCTION: i32 = offset_of!(Activation, fault_function) as i32;
}

/// The entry that a shape's machine code is called through: activation, frame,
/// gas, calls left, machine code; 0 if the function returned.
type Entry = extern "C" fn(*mut Activation, *mut u64, u64, u64, *const u8) -> u64;

/// Whether native code may be entered from code that runs at `nesting`.
pub(super) fn may_enter(nesting: Nesting) -> bool {
    nesting.host_stack + 2 * HOST_STACK_OF_CHANGE < HOST_STACK_MAX
}

/// Runs the native code of `code`, whose frame is at word `start`, on top of
/// what `nesting` says. The code must have native code, and [`may_enter`]
/// must have said yes.
pub(crate) fn enter(
    environment: &mut Environment<'_>,
    code: &Code,
    start: usize,
    nesting: Nesting,
) -> Result<(), Stop> {
    let refuse = |detail| Err((fault::invariant(detail), None));
    let Some(target) = code.tier.cell.target() else {
        return refuse("function without native code is entered");
    };
    let Some(entry) = entry(Shape::of(code)) else {
        return refuse("native code without an entry");
    };
    if start > FRAME_START_MAX {
        return refuse("frame begins outside of the stack");
    }
    let depth = nesting.depth + 1;
    let host_stack = nesting.host_stack + HOST_STACK_OF_CHANGE;
    let depth_max = environment.context.config().call_depth_max;
    // Native calls within what is left need no other check: each takes one
    // frame, at most a kilobyte of host stack and BASE_MAX words of memory.
    let left = depth_max
        .saturating_sub(depth)
        .min(HOST_STACK_MAX.saturating_sub(host_stack))
        .min((FRAME_START_MAX - start) as u32 / BASE_MAX);
    let words: *mut u64 = environment.machine.memory.words.as_mut_ptr();
    // SAFETY: `start` is not beyond FRAME_START_MAX, which is inside the
    // array.
    let frame = unsafe { words.add(start) };
    let gas = environment.gas.remaining();
    let mut activation = Activation {
        words,
        touched: environment.machine.touched.as_mut_ptr(),
        gas,
        fault: 0,
        fault_value: 0,
        fault_function: 0,
        depth_and_left: depth + left,
        host_stack_and_left: host_stack + left,
        environment: std::ptr::from_mut(environment).cast(),
        stop: None,
        panic: None,
    };
    let status = entry(
        &raw mut activation,
        frame,
        gas,
        u64::from(left),
        target.as_ptr(),
    );
    environment.gas.set_remaining(activation.gas);
    if status == 0 {
        return Ok(());
    }
    if let Some(panic) = activation.panic {
        resume_unwind(panic);
    }
    if let Some(stop) = activation.stop {
        return Err(stop);
    }
    let (kind, position) = fault_code::parts(activation.fault);
    let function = FunctionIndex(activation.fault_function as u32);
    let code = environment
        .context
        .code(function)
        .map_err(|error| (error.into(), None))?;
    let op = instruction(code, position).ok();
    let fault = fault_code::fault(kind, activation.fault_value, op);
    Err((fault, Some(Box::new(code.place(position)))))
}

/// Does the instruction at `site` (function and position) for native code,
/// whose frame is at `frame`. 0 if it went well.
pub(super) extern "C" fn step_from_native(
    activation: *mut Activation,
    frame: *mut u64,
    site: u64,
) -> u64 {
    guarded(activation, |activation, environment| {
        let (code, position) = at_site(environment, site)?;
        let start = start_of(activation, frame);
        let own = |fault: Box<Fault>| (fault, Some(Box::new(code.place(position))));
        if let Op::CallNative { base, callee } = instruction(code, position)? {
            let start = start + usize::from(base);
            if start > FRAME_START_MAX {
                return Err(own(Fault::CallDepth.into()));
            }
            let callee = environment.context.code(FunctionIndex(callee));
            let callee = callee.map_err(|error| own(error.into()))?;
            return native::invoke(environment, callee, start)
                .map_err(|fault| (fault, Some(Box::new(callee.place(0)))));
        }
        let memory = &mut environment.machine.memory;
        let (context, gas) = (environment.context, &mut *environment.gas);
        step(context, memory, gas, code, position, start).map_err(own)
    })
}

/// Makes the call at `site`, with `left` calls left, where native code can't
/// do it by itself. 0 if it went well.
pub(super) extern "C" fn call_from_native(
    activation: *mut Activation,
    frame: *mut u64,
    site: u64,
    left: u64,
) -> u64 {
    guarded(activation, |activation, environment| {
        let (code, position) = at_site(environment, site)?;
        let start = start_of(activation, frame);
        let own = |fault: Box<Fault>| (fault, Some(Box::new(code.place(position))));
        let Op::Call { base, callee } = instruction(code, position)? else {
            return Err(own(fault::invariant("call of something else")));
        };
        let left = left as u32;
        let depth = activation.depth_and_left.saturating_sub(left);
        let host_stack = activation.host_stack_and_left.saturating_sub(left);
        if depth >= environment.context.config().call_depth_max {
            return Err(own(Fault::CallDepth.into()));
        }
        let callee = FunctionIndex(callee);
        let start = start + usize::from(base);
        if start > FRAME_START_MAX {
            return Err(own(Fault::CallDepth.into()));
        }
        let (context, gas) = (environment.context, &mut *environment.gas);
        load(context, environment.machine, gas, callee).map_err(own)?;
        let nesting = Nesting {
            depth,
            host_stack: host_stack + HOST_STACK_OF_CHANGE,
        };
        run_nested(environment, callee, start, nesting)
    })
}

/// Runs `work` for machine code: with the meter in the right place before and
/// after, and without letting a panic out.
fn guarded(
    activation: *mut Activation,
    work: impl FnOnce(&Activation, &mut Environment<'_>) -> Result<(), Stop>,
) -> u64 {
    // SAFETY: machine code passes the pointer that `enter` gave it, to a live
    // value on the stack below, and is suspended until this function returns;
    // `enter` itself is suspended in its call.
    let activation = unsafe { &mut *activation };
    // SAFETY: `enter` made the pointer from an exclusive reference that it
    // holds, unused, until machine code returns. The lifetimes are those of
    // `enter`'s argument, which outlive this call.
    let environment = unsafe { &mut *activation.environment.cast::<Environment<'_>>() };
    environment.gas.set_remaining(activation.gas);
    let done = catch_unwind(AssertUnwindSafe(|| work(activation, environment)));
    activation.gas = environment.gas.remaining();
    match done {
        Ok(Ok(())) => return 0,
        Ok(Err(stop)) => activation.stop = Some(stop),
        Err(panic) => activation.panic = Some(panic),
    }
    1
}

/// The word at which a frame starts.
fn start_of(activation: &Activation, frame: *mut u64) -> usize {
    frame.addr().wrapping_sub(activation.words.addr()) / size_of::<u64>() % WORDS
}

fn at_site<'c>(environment: &Environment<'c>, site: u64) -> Result<(&'c Code, usize), Stop> {
    let code = environment
        .context
        .code(FunctionIndex((site >> 32) as u32))
        .map_err(|error| (error.into(), None))?;
    Ok((code, site as u32 as usize))
}

fn instruction(code: &Code, position: usize) -> Result<Op, Stop> {
    let op = match &code.body {
        Body::Ops(body) => body.ops.get(position).copied(),
        Body::Native { .. } => None,
    };
    op.ok_or_else(|| {
        let fault = fault::invariant("native code asks for what is not there");
        (fault, None)
    })
}

/// The entry for functions of a shape.
fn entry(shape: Shape) -> Option<Entry> {
    let memory: &CodeMemory = super::entries(shape)?;
    // SAFETY: the code was compiled by `convention::entry` with the System V
    // convention for exactly this signature, and is never freed. It calls its
    // last argument with the convention of `shape`, which is the shape of the
    // code that `Cell::target` belongs to.
    Some(unsafe { std::mem::transmute::<*const u8, Entry>(memory.entry().as_ptr()) })
}
