//! The interpreter.
//!
//! Frames, and the way into and out of the [`match_loop`]; [`wide`] has integers
//! beyond a word and [`vector`] vectors. Every way out of the loop that is no
//! success is a [`Fault`], to which the place is added once, here.

mod match_loop;
mod vector;
mod wide;

use match_loop::interpret;

use crate::code::{Body, Code, Ops};
use crate::fault::Fault;
use crate::linkage::{FunctionIndex, LinkContext};
use crate::memory::{Heap, Memory, Words};
use crate::native::{self, Global};
use crate::{ExecutionError, Extensions, GasMeter, PackageSource, Place, cost_table};
use smallvec::SmallVec;

/// A function that runs or waits for its callee; the last one runs.
#[derive(Clone, Copy)]
struct Frame<'c> {
    body: &'c Ops,
    /// Where it goes on.
    pc: u32,
    /// First word of its frame.
    start: u32,
    function: FunctionIndex,
}

/// Frames on the host's stack before the heap is needed.
const FRAMES_INLINE: usize = 128;

type Frames<'c> = SmallVec<[Frame<'c>; FRAMES_INLINE]>;

/// Why the match loop was left without a fault.
enum Exit {
    /// The outermost function returned.
    Done,
    /// A native is to be called, with its frame at this word.
    Native { callee: FunctionIndex, start: usize },
}

/// What an execution needs of memory; pooled.
pub(crate) struct Machine {
    pub(crate) memory: Memory,
    pub(crate) globals: Vec<Global>,
}

impl Machine {
    pub(crate) fn new(heap_bytes_max: u32) -> Self {
        Self {
            memory: Memory::new(heap_bytes_max),
            globals: Vec::new(),
        }
    }

    /// Makes the machine ready for another execution; `false` if it has grown
    /// too large to be kept.
    pub(crate) fn recycle(&mut self) -> bool {
        self.globals.clear();
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

/// What instructions need besides the frame, behind one pointer: the match
/// loop has few registers to spare.
struct Host<'h, 'c> {
    context: &'c LinkContext,
    words: &'h mut Words,
    /// First word of the running function's frame.
    start: usize,
    heap: &'h mut Heap,
    frames: &'h mut Frames<'c>,
    gas: GasMeter,
    depth_max: usize,
}

/// Runs `function`, whose arguments lie at the start of the stack; its results
/// lie there afterwards.
pub(crate) fn run(
    environment: &mut Environment<'_>,
    function: FunctionIndex,
) -> Result<(), ExecutionError> {
    let limit_bytes = environment.machine.memory.heap.limit_bytes();
    run_to_end(environment, function).map_err(|(fault, place)| ExecutionError {
        kind: fault.into_kind(limit_bytes),
        place,
    })
}

/// A fault and where it happened.
type Stop = (Box<Fault>, Option<Box<Place>>);

fn run_to_end(environment: &mut Environment<'_>, function: FunctionIndex) -> Result<(), Stop> {
    let context = environment.context;
    let code = context
        .code(function)
        .map_err(|error| (error.into(), None))?;
    let native = |environment: &mut Environment<'_>, code: &Code, start| {
        native::invoke(environment, code, start)
            .map_err(|fault| (fault, Some(Box::new(code.place(0)))))
    };
    let Body::Ops(body) = &code.body else {
        return native(environment, code, 0);
    };
    let mut frames = Frames::new();
    frames.push(Frame {
        body,
        pc: 0,
        start: 0,
        function,
    });
    loop {
        let memory = &mut environment.machine.memory;
        let mut host = Host {
            context,
            words: &mut memory.words,
            start: 0,
            heap: &mut memory.heap,
            frames: &mut frames,
            gas: environment.gas.clone(),
            depth_max: context.config().call_depth_max as usize,
        };
        let exit = interpret(&mut host);
        *environment.gas = host.gas;
        match exit {
            Ok(Exit::Done) => return Ok(()),
            Ok(Exit::Native { callee, start }) => {
                let code = context.code(callee).map_err(|error| {
                    let place = place(context, &frames);
                    (error.into(), place)
                })?;
                native(environment, code, start)?;
            }
            Err(fault) => return Err((fault, place(context, &frames))),
        }
    }
}

/// The place of the instruction that the running function has just taken.
fn place(context: &LinkContext, frames: &Frames<'_>) -> Option<Box<Place>> {
    let frame = frames.last()?;
    let code = context.code(frame.function).ok()?;
    Some(Box::new(code.place((frame.pc as usize).wrapping_sub(1))))
}

/// Charges a call from outside.
pub(crate) fn charge_entry(gas: &mut GasMeter) -> Result<(), Box<Fault>> {
    Ok(gas.charge(cost_table::ENTRY)?)
}
