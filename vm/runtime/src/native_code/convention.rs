//! How native functions are called.
//!
//! ```text
//! fn(activation, frame, gas, left, parameters…) -> (gas, status, results…)
//! ```
//!
//! `frame` points to the function's frame in the execution's memory, `gas` is
//! what the meter has left, `left` how many more calls may nest. Parameters and
//! results of a few words travel in registers; more than that lie in the frame,
//! as the interpreter has them. `status` is 0, or 1 if the execution has
//! stopped; then the results mean nothing. The convention is Cranelift's own
//! (`tail`), which returns up to eight words in registers; an *entry*, one for
//! each shape, adapts it to the host's.

use super::activation::Activation;
use super::code_memory::CodeMemory;
use crate::code::Code;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlagsData, Signature, UserFuncName, types,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

/// Words of parameters that travel in registers (or on the host's stack).
pub(super) const PARAMETERS_MAX: usize = 6;
/// Words of results that do.
pub(super) const RETURNS_MAX: usize = 4;
/// Words that a native call may move the frame; others go by way of the VM.
pub(super) const BASE_MAX: u32 = 256;

/// What of a function's signature the convention depends on: words in
/// registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) parameters: usize,
    pub(super) returns: usize,
}

impl Shape {
    pub(super) fn of(code: &Code) -> Self {
        let within = |words: u32, max: usize| {
            let words = words as usize;
            if words <= max { words } else { 0 }
        };
        Self {
            parameters: within(code.parameter_words, PARAMETERS_MAX),
            returns: within(code.return_words, RETURNS_MAX),
        }
    }

    /// The signature of native functions of this shape.
    pub(super) fn signature(self) -> Signature {
        let mut signature = Signature::new(CallConv::Tail);
        let word = AbiParam::new(types::I64);
        signature.params.resize(4 + self.parameters, word);
        signature.returns.resize(2 + self.returns, word);
        signature
    }
}

/// Flags of accesses that can't trap: to the activation, and to memory after
/// the bounds check.
pub(super) fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// A call with the host's convention: `parameters` words to one word.
pub(super) fn host_signature(parameters: usize) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    let word = AbiParam::new(types::I64);
    signature.params.resize(parameters, word);
    signature.returns.push(word);
    signature
}

/// Compiles the entry for functions of a shape.
pub(super) fn entry(isa: &dyn TargetIsa, shape: Shape) -> Option<CodeMemory> {
    let mut context = Context::new();
    context.func = Function::with_name_signature(UserFuncName::default(), host_signature(5));
    let mut builder_context = FunctionBuilderContext::new();
    let mut b = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    b.seal_block(block);
    let &[activation, frame, gas, left, target] = b.block_params(block) else {
        return None;
    };
    let mut arguments = vec![activation, frame, gas, left];
    for index in 0..shape.parameters {
        let offset = index as i32 * 8;
        arguments.push(b.ins().load(types::I64, trusted(), frame, offset));
    }
    let signature = b.import_signature(shape.signature());
    let call = b.ins().call_indirect(signature, target, &arguments);
    let results = b.inst_results(call).to_vec();
    b.ins()
        .store(trusted(), results[0], activation, Activation::GAS);
    // If the execution has stopped, nobody reads these.
    for (index, result) in results[2..].iter().enumerate() {
        b.ins().store(trusted(), *result, frame, index as i32 * 8);
    }
    b.ins().return_(&[results[1]]);
    b.finalize(isa.frontend_config());
    let (code, _) = machine_code(isa, &mut context)?;
    CodeMemory::new(&code)
}

/// Compiles what `context` holds: the code, and the bytes of host stack that
/// its frame takes.
pub(super) fn machine_code(isa: &dyn TargetIsa, context: &mut Context) -> Option<(Vec<u8>, u32)> {
    let compiled = context.compile(isa, &mut ControlPlane::default()).ok()?;
    // All addresses are constants, so nothing should be left to relocate.
    if !compiled.buffer.relocs().is_empty() {
        return None;
    }
    let frame = compiled.buffer.frame_layout()?.frame_to_fp_offset;
    Some((compiled.buffer.data().to_vec(), frame))
}
