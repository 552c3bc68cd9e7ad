//! Threaded code: what an [`Op`](crate::op::Op) becomes to be run.
//!
//! An [`Instruction`] is the function that does it and its operands. A function
//! ends by calling that of the next instruction. The compiler makes a jump of
//! that call, so there is no central loop, each function has the registers to
//! itself, and each jump has its own place for the branch predictor. Passed
//! along, all in registers, are the code from the current instruction on, the
//! window of the frame, and the gas left; all else is in the [`Host`].
//!
//! Nothing depends on the calls being jumps but speed: the gas handed to a run
//! of instructions is small ([`GAS_SLICE`]), so the host's stack stays bounded
//! even where they are calls.
//!
//! What an instruction can't do with cells alone (natives, allocation, deep
//! copies, translation) it leaves to its caller by an [`Exit`].

use super::cells::{Cells, Window, window};
use super::touched::Bits;
use super::{Caller, Frames};
use crate::code::Code;
use crate::fault::{self, Fault};
use crate::linkage::{FunctionIndex, LinkContext};

/// Gas handed to one run of threaded code.
pub(super) const GAS_SLICE: u64 = 4096;

/// Does an instruction and all that follow.
pub(crate) type Handler =
    for<'h, 'c> fn(&mut Host<'h, 'c>, &'c [Instruction], &'h Window, u64) -> Exit;

/// An instruction ready to run. What the operands mean is the function's
/// business; [`assemble`](super::assemble) fills them in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instruction {
    pub(super) run: Handler,
    pub(super) a: u16,
    pub(super) b: u16,
    pub(super) c: u16,
    pub(super) d: u16,
    pub(super) x: u64,
}

const _: () = assert!(size_of::<Instruction>() == 24);

impl Instruction {
    /// The lower half of `x`.
    #[inline(always)]
    pub(super) fn low(&self) -> u32 {
        self.x as u32
    }

    /// The upper half of `x`.
    #[inline(always)]
    pub(super) fn high(&self) -> u32 {
        (self.x >> 32) as u32
    }
}

/// Why threaded code was left. What goes with it is in the host, as are the
/// position of the instruction and the gas left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The outermost function returned.
    Done,
    /// [`Host::native`] is to be called; it goes on behind the instruction.
    Native,
    /// The same for a function that has native code.
    #[cfg(feature = "native-code")]
    Compiled,
    /// The instruction needs the memory as a whole.
    Slow,
    /// [`Host::needed`] gas is needed to do the instruction.
    Gas,
    /// [`Host::fault`] happened.
    Fault,
}

/// What instructions need besides registers.
pub(crate) struct Host<'h, 'c> {
    pub(super) cells: &'h Cells,
    /// Functions that have paid for their load.
    pub(super) touched: &'h Bits,
    pub(super) context: &'c LinkContext,
    /// The running function.
    pub(super) running: &'c Code,
    /// Its instructions.
    pub(super) code: &'c [Instruction],
    /// First word of its frame.
    pub(super) start: usize,
    pub(super) callers: &'h mut Frames<'c>,
    pub(super) callers_max: usize,
    /// Whether calls may go to native code.
    #[cfg(feature = "native-code")]
    pub(super) is_native_on: bool,
    /// Position of the instruction that left the code.
    pub(super) pc: usize,
    /// Gas left then.
    pub(super) gas: u64,
    /// With [`Exit::Gas`]: the cost, and the position of the `Gas` instruction
    /// of the block that costs it.
    pub(super) needed: (u64, usize),
    /// With [`Exit::Native`]: the native (with `Compiled`: the function) and the start of its frame.
    pub(super) native: (FunctionIndex, usize),
    pub(super) fault: Option<Box<Fault>>,
}

impl<'h, 'c> Host<'h, 'c> {
    /// Runs from position `pc` with `gas`.
    pub(super) fn enter(&mut self, pc: usize, gas: u64) -> Exit {
        let frame = window(self.cells, self.start);
        self.go(pc, frame, gas)
    }

    /// Goes on at position `pc` of the running function.
    #[inline(always)]
    pub(super) fn go(&mut self, pc: usize, frame: &'h Window, gas: u64) -> Exit {
        match self.code.get(pc..) {
            Some(at @ [next, ..]) => (next.run)(self, at, frame, gas),
            _ => self.runs_off(gas),
        }
    }

    /// Leaves at the instruction at the start of `at`.
    #[inline(always)]
    pub(super) fn leave(&mut self, at: &'c [Instruction], gas: u64, exit: Exit) -> Exit {
        self.pc = self.code.len().wrapping_sub(at.len());
        self.gas = gas;
        exit
    }

    /// Leaves because `cost`, of the block whose `Gas` is at `block`, exceeds
    /// the gas at hand.
    #[cold]
    #[inline(never)]
    pub(super) fn short(
        &mut self,
        at: &'c [Instruction],
        gas: u64,
        cost: u64,
        block: usize,
    ) -> Exit {
        self.needed = (cost, block);
        self.leave(at, gas, Exit::Gas)
    }

    /// Leaves to have the instruction done with the memory as a whole.
    #[cold]
    #[inline(never)]
    pub(super) fn slow(&mut self, at: &'c [Instruction], gas: u64) -> Exit {
        self.leave(at, gas, Exit::Slow)
    }

    /// Leaves with a fault.
    #[cold]
    #[inline(never)]
    pub(super) fn fail(&mut self, at: &'c [Instruction], gas: u64, fault: Box<Fault>) -> Exit {
        self.fault = Some(fault);
        self.leave(at, gas, Exit::Fault)
    }

    /// Leaves because of an access outside of the memory.
    #[cold]
    #[inline(never)]
    pub(super) fn out_of_bounds(&mut self, at: &'c [Instruction], gas: u64) -> Exit {
        self.fail(at, gas, fault::bounds())
    }

    /// Leaves because there is no next instruction, which translation rules
    /// out.
    #[cold]
    #[inline(never)]
    pub(super) fn runs_off(&mut self, gas: u64) -> Exit {
        self.fail(&[], gas, fault::invariant("code runs off its end"))
    }

    /// The word of memory that a slot is.
    #[inline(always)]
    pub(super) fn word(&self, slot: u16) -> usize {
        self.start.wrapping_add(usize::from(slot))
    }

    /// Saves the running function, to go on at `pc`.
    #[inline(always)]
    pub(super) fn save_caller(&mut self, pc: usize) {
        self.callers.push(Caller {
            code: self.running,
            pc: pc as u32,
            start: self.start as u32,
        });
    }
}

/// Defines an instruction after which the next one in the code runs. The body
/// may `return` early with an exit.
macro_rules! straight {
    (
        $(#[$doc:meta])*
        fn $name:ident $([$(const $parameter:ident: $kind:ty),*])?
        ($host:ident, $at:ident, $op:ident, $frame:ident, $gas:ident) $body:block
    ) => {
        $(#[$doc])*
        pub(super) fn $name<'h, 'c $($(, const $parameter: $kind)*)?>(
            $host: &mut $crate::interpreter::instruction::Host<'h, 'c>,
            $at: &'c [$crate::interpreter::instruction::Instruction],
            $frame: &'h $crate::interpreter::cells::Window,
            $gas: u64,
        ) -> $crate::interpreter::instruction::Exit {
            let [$op, next, ..] = $at else {
                return $host.runs_off($gas);
            };
            $body
            (next.run)($host, &$at[1..], $frame, $gas)
        }
    };
}

/// The word in a slot.
macro_rules! get {
    ($frame:ident, $slot:expr) => {
        $frame[usize::from($slot)].get()
    };
}

/// Writes the word in a slot.
macro_rules! set {
    ($frame:ident, $slot:expr, $value:expr) => {
        $frame[usize::from($slot)].set($value)
    };
}

/// The value of an `Option`; leaves with an access outside of the memory if
/// there is none.
macro_rules! within {
    ($host:ident, $at:ident, $gas:ident, $value:expr) => {
        match $value {
            Some(value) => value,
            None => return $host.out_of_bounds($at, $gas),
        }
    };
}

pub(super) use {get, set, straight, within};
