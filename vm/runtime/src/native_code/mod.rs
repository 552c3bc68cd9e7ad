//! The tier of native code: functions that are called often, compiled with
//! Cranelift.
//!
//! ```text
//!            Tier (per function instance)
//!  calls ──▶ counts, and asks once ──▶ compile ──▶ code_memory
//!                                      effects      written, then executable
//!                                      lower_*          │
//!  interpreter ── activation::enter ──▶ entry ──▶ native function ──▶ native …
//!       ▲                                               │
//!       └──────── step, call: everything unusual ◀──────┘
//! ```
//!
//! * [`compile`]: one function of translated code to machine code. What it does
//!   inline is what takes no decisions: arithmetic, branches, gas, access to
//!   memory within bounds. Everything else calls back.
//! * [`effects`]: which slots an instruction touches, so that slots can live in
//!   registers.
//! * [`convention`]: how native functions are called.
//! * [`activation`]: the boundary to the VM, and all calls back.
//! * [`code_memory`]: executable memory.
//!
//! # The same as the interpreter
//!
//! Gas is charged at the same instructions, so a budget ends at the same
//! place; a fault names the same instruction; call depth counts the same
//! frames. A function with an instruction that this tier does not know stays
//! interpreted. Slots that nothing has written read as 0 here and as leftovers
//! there: no verified program reads them.
//!
//! # Memory safety
//!
//! It does not rest on the verifier. An address is compared with the size of
//! the memory before each access, slots are constants inside the frame's
//! window, and a frame starts inside the stack because calls left are counted
//! so that it does. `unsafe` is in `code_memory` and `activation` only.
//!
//! # Lifetime
//!
//! A function's machine code belongs to its [`Cell`], which belongs to the
//! linkage context, as do all functions that it can call directly. Whoever
//! runs it holds the context.

mod activation;
mod code_memory;
mod compile;
mod convention;
mod effects;
mod fault_code;
mod lower_integer;
mod lower_memory;
mod lower_vector;

#[cfg(test)]
mod tests;

pub(crate) use activation::enter;

use crate::NativeCode;
use crate::interpreter::Nesting;
use crate::linkage::{FunctionIndex, LinkContext};
use code_memory::CodeMemory;
use convention::{PARAMETERS_MAX, RETURNS_MAX, Shape};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{OnceLock, Weak};
use std::thread;

/// A function's native code, once it has any.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    /// First instruction, or null. Native callers read it by its address, which
    /// is fixed: cells lie in the linkage context's table of functions.
    target: AtomicPtr<u8>,
    memory: OnceLock<CodeMemory>,
}

impl Cell {
    #[inline(always)]
    pub(crate) fn is_ready(&self) -> bool {
        // Relaxed: `target` is what pairs with `set` before a call.
        !self.target.load(Ordering::Relaxed).is_null()
    }

    fn target(&self) -> Option<NonNull<u8>> {
        // Pairs with the store in `set`.
        NonNull::new(self.target.load(Ordering::Acquire))
    }

    fn set(&self, memory: CodeMemory) {
        let memory = self.memory.get_or_init(|| memory);
        // Pairs with `target`, and with the loads of native callers, which
        // x86-64 orders like it.
        self.target
            .store(memory.entry().as_ptr(), Ordering::Release);
    }

    /// Where native callers find `target`.
    fn address(&self) -> usize {
        ptr::from_ref(&self.target).addr()
    }
}

/// Whether calls from code that runs at `nesting` may go to native code.
pub(crate) fn is_on(context: &LinkContext, nesting: Nesting) -> bool {
    context.config().native_code != NativeCode::Off && activation::may_enter(nesting)
}

/// Whether this process can make native code.
pub(crate) fn is_available() -> bool {
    isa().is_some()
}

/// The processor that runs us, if the tier supports it.
fn isa() -> Option<&'static OwnedTargetIsa> {
    static ISA: OnceLock<Option<OwnedTargetIsa>> = OnceLock::new();
    ISA.get_or_init(|| {
        if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
            return None;
        }
        let mut flags = settings::builder();
        for (name, value) in [
            ("opt_level", "speed"),
            ("is_pic", "false"),
            ("unwind_info", "false"),
            ("enable_probestack", "false"),
            ("enable_verifier", if cfg!(test) { "true" } else { "false" }),
        ] {
            flags.set(name, value).ok()?;
        }
        let builder = cranelift_native::builder().ok()?;
        builder.finish(settings::Flags::new(flags)).ok()
    })
    .as_ref()
}

/// The entries, made once for each shape and never freed.
fn entries(shape: Shape) -> Option<&'static CodeMemory> {
    const SHAPES: usize = (PARAMETERS_MAX + 1) * (RETURNS_MAX + 1);
    static ENTRIES: [OnceLock<Option<CodeMemory>>; SHAPES] = [const { OnceLock::new() }; SHAPES];
    let index = shape.parameters * (RETURNS_MAX + 1) + shape.returns;
    let made = ENTRIES
        .get(index)?
        .get_or_init(|| convention::entry(&**isa()?, shape));
    made.as_ref()
}

/// Asks for native code for a function. `at_once`: it is there on return,
/// unless the function can't be compiled.
pub(crate) fn request(context: &LinkContext, function: FunctionIndex, at_once: bool) {
    if at_once {
        compile_now(context, function);
    } else if let Some(context) = context.own()
        && let Some(compiler) = compiler()
    {
        // A full queue means that the compiler is behind: the function then
        // stays interpreted for good, like one that can't be compiled.
        let _ = compiler.try_send((context, function));
    }
}

/// Functions that wait to be compiled, by their linkage contexts; a context
/// that is gone by then is left alone.
type Queue = SyncSender<(Weak<LinkContext>, FunctionIndex)>;

/// Functions that may wait to be compiled.
const QUEUE_MAX: usize = 1024;

/// The thread that compiles in the background, one for the process.
fn compiler() -> Option<&'static Queue> {
    static COMPILER: OnceLock<Option<Queue>> = OnceLock::new();
    COMPILER
        .get_or_init(|| {
            let (sender, receiver) = sync_channel::<(Weak<LinkContext>, FunctionIndex)>(QUEUE_MAX);
            let work = move || {
                for (context, function) in receiver {
                    if let Some(context) = context.upgrade() {
                        compile_now(&context, function);
                    }
                }
            };
            thread::Builder::new()
                .name("native-code".to_owned())
                .spawn(work)
                .ok()?;
            Some(sender)
        })
        .as_ref()
}

fn compile_now(context: &LinkContext, function: FunctionIndex) {
    let Some(isa) = isa() else { return };
    let Ok(code) = context.code(function) else {
        return;
    };
    if entries(Shape::of(code)).is_none() {
        return;
    }
    if let Some(machine_code) = compile::compile(&**isa, context, function, code)
        && let Some(memory) = CodeMemory::new(&machine_code)
    {
        code.tier.cell.set(memory);
    }
}
