//! The interpreter.
//!
//! ```text
//!  Op ──assemble──▶ Instruction ──▶ threaded code: integers, wide, data,
//!  once, with       function and    control, vector
//!  the translation  operands            │ Exit
//!                                       ▼
//!                     run: natives, slow, more gas, faults with their place
//! ```
//!
//! [`instruction`] says how threaded code works. It is left for what needs the
//! memory as a whole, and entered again; every way out that is no success is a
//! [`Fault`], to which the place is added once, here.

mod assemble;
mod cells;
mod control;
mod data;
mod instruction;
mod integers;
#[cfg(feature = "native-code")]
mod single;
mod slow;
mod touched;
mod vector;
mod wide;

pub(crate) use assemble::assemble;
pub(crate) use instruction::Instruction;
#[cfg(feature = "native-code")]
pub(crate) use single::step;

use crate::code::{Body, Code, Ops};
use crate::fault::{self, Fault};
use crate::linkage::{FunctionIndex, LinkContext};
use crate::memory::Memory;
use crate::native::{self, Global};
#[cfg(feature = "native-code")]
use crate::native_code;
use crate::op::Op;
use crate::{ExecutionError, Extensions, GasMeter, PackageSource, Place, cost_table};
use instruction::{Exit, GAS_SLICE, Host};
use smallvec::SmallVec;
use touched::Touched;

/// A function that waits for its callee.
#[derive(Clone, Copy)]
struct Caller<'c> {
    code: &'c Code,
    /// Where it goes on.
    pc: u32,
    /// First word of its frame.
    start: u32,
}

/// Callers on the host's stack before the heap is needed.
const CALLERS_INLINE: usize = 64;

type Frames<'c> = SmallVec<[Caller<'c>; CALLERS_INLINE]>;

/// What an execution needs of memory; pooled.
pub(crate) struct Machine {
    pub(crate) memory: Memory,
    pub(crate) globals: Vec<Global>,
    pub(crate) touched: Touched,
}

impl Machine {
    pub(crate) fn new(heap_bytes_max: u32) -> Self {
        Self {
            memory: Memory::new(heap_bytes_max),
            globals: Vec::new(),
            touched: Touched::new(),
        }
    }

    /// Makes the machine ready for another execution; `false` if it has grown
    /// too large to be kept.
    pub(crate) fn recycle(&mut self) -> bool {
        self.globals.clear();
        self.touched.clear();
        self.memory.recycle()
    }
}

/// What code runs in.
pub(crate) struct Environment<'a> {
    pub(crate) context: &'a LinkContext,
    pub(crate) source: &'a dyn PackageSource,
    pub(crate) gas: &'a mut GasMeter,
    pub(crate) extensions: &'a mut Extensions,
    pub(crate) machine: &'a mut Machine,
}

/// Runs `function`, whose arguments lie at the start of the stack; its results
/// lie there afterwards.
pub(crate) fn run(
    environment: &mut Environment<'_>,
    function: FunctionIndex,
) -> Result<(), ExecutionError> {
    let limit_bytes = environment.machine.memory.heap.limit_bytes();
    let nesting = Nesting::default();
    run_nested(environment, function, 0, nesting).map_err(|(fault, place)| ExecutionError {
        kind: fault.into_kind(limit_bytes),
        place,
    })
}

/// A fault and where it happened.
pub(crate) type Stop = (Box<Fault>, Option<Box<Place>>);

/// What is open below a run of the interpreter: nothing, or native code that
/// called back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nesting {
    /// Frames.
    pub(crate) depth: u32,
    /// Host stack, in units of about a kilobyte.
    #[cfg(feature = "native-code")]
    pub(crate) host_stack: u32,
}

/// Where threaded code is between two entries: the running function, the
/// position in it and the start of its frame.
struct Position<'c> {
    code: &'c Code,
    body: &'c Ops,
    pc: usize,
    start: usize,
}

/// Runs `function`, whose frame is at word `start`, on top of what is open.
pub(crate) fn run_nested(
    environment: &mut Environment<'_>,
    function: FunctionIndex,
    start: usize,
    nesting: Nesting,
) -> Result<(), Stop> {
    let context = environment.context;
    let code = context
        .code(function)
        .map_err(|error| (error.into(), None))?;
    let native = |environment: &mut Environment<'_>, code: &Code, start| {
        native::invoke(environment, code, start)
            .map_err(|fault| (fault, Some(Box::new(code.place(0)))))
    };
    let Body::Ops(body) = &code.body else {
        return native(environment, code, start);
    };
    load(context, environment.machine, environment.gas, function).map_err(|fault| (fault, None))?;
    #[cfg(feature = "native-code")]
    let is_native_on = native_code::is_on(context, nesting);
    #[cfg(feature = "native-code")]
    if is_native_on && code.tier.is_native(context, function) {
        return native_code::enter(environment, code, start, nesting);
    }
    let mut callers = Frames::new();
    let mut position = Position {
        code,
        body,
        pc: 0,
        start,
    };
    let depth_max = context.config().call_depth_max;
    let callers_max = depth_max.saturating_sub(1 + nesting.depth) as usize;
    // Gas that the next run of threaded code needs at least.
    let mut needed = 0;
    loop {
        let lent = environment.gas.lend(GAS_SLICE.max(needed));
        needed = 0;
        let mut host = Host {
            cells: cells::cells(&mut environment.machine.memory.words),
            touched: environment.machine.touched.bits(),
            context,
            running: position.code,
            code: &position.body.instructions,
            start: position.start,
            callers: &mut callers,
            callers_max,
            #[cfg(feature = "native-code")]
            is_native_on,
            pc: 0,
            gas: 0,
            needed: (0, 0),
            native: (FunctionIndex(0), 0),
            fault: None,
        };
        let exit = host.enter(position.pc, lent);
        environment.gas.take_back(host.gas);
        let code = host.running;
        let place = |pc: usize| Some(Box::new(code.place(pc)));
        let Body::Ops(body) = &code.body else {
            return Err((fault::invariant("native runs as Move code"), place(0)));
        };
        position = Position {
            code,
            body,
            pc: host.pc,
            start: host.start,
        };
        let pc = host.pc;
        match exit {
            Exit::Done => return Ok(()),
            Exit::Native => {
                let (callee, start) = host.native;
                let callee = context
                    .code(callee)
                    .map_err(|error| (error.into(), place(pc)))?;
                native(environment, callee, start)?;
                position.pc += 1;
            }
            #[cfg(feature = "native-code")]
            Exit::Compiled => {
                let (callee, start) = host.native;
                let callee = context
                    .code(callee)
                    .map_err(|error| (error.into(), place(pc)))?;
                let nesting = Nesting {
                    depth: nesting.depth + callers.len() as u32 + 1,
                    host_stack: nesting.host_stack,
                };
                native_code::enter(environment, callee, start, nesting)?;
                position.pc += 1;
            }
            Exit::Slow => {
                let op = body
                    .ops
                    .get(pc)
                    .ok_or_else(|| (fault::invariant("code runs off its end"), place(pc)))?;
                let (machine, gas) = (&mut *environment.machine, &mut *environment.gas);
                let memory = &mut machine.memory;
                let done = match op {
                    Op::Call { callee, .. } => load(context, machine, gas, FunctionIndex(*callee)),
                    op => slow::step(memory, gas, body, op, position.start),
                };
                match done {
                    Ok(()) if matches!(op, Op::Call { .. }) => {}
                    Ok(()) => position.pc += 1,
                    Err(fault) => return Err((fault, place(pc))),
                }
            }
            Exit::Gas => {
                let (cost, block) = host.needed;
                if environment.gas.remaining() < cost {
                    let fault = match environment.gas.charge(cost) {
                        Ok(()) => fault::invariant("gas was refused"),
                        Err(error) => error.into(),
                    };
                    return Err((fault, place(block)));
                }
                needed = cost;
            }
            Exit::Fault => {
                let fault = host.fault.take();
                let fault = fault.unwrap_or_else(|| fault::invariant("fault without a cause"));
                return Err((fault, place(pc)));
            }
        }
    }
}

/// Makes a function ready to run, and charges for its load if it has not run
/// in this call from outside.
pub(crate) fn load(
    context: &LinkContext,
    machine: &mut Machine,
    gas: &mut GasMeter,
    function: FunctionIndex,
) -> Result<(), Box<Fault>> {
    let code = context.code(function)?;
    if let Body::Native { .. } = &code.body {
        return Err(fault::invariant("native is called as Move code"));
    }
    if machine.touched.insert(function) {
        gas.charge(code.load_cost)?;
    }
    Ok(())
}

/// Charges a call from outside.
pub(crate) fn charge_entry(gas: &mut GasMeter) -> Result<(), Box<Fault>> {
    Ok(gas.charge(cost_table::ENTRY)?)
}
