//! Translated code of one function instance.

use crate::Place;
use crate::interpreter::Instruction;
use crate::layout::Layout;
use crate::module::LoadedModule;
use crate::native::NativeFunction;
use crate::op::{Op, Slot};
use crate::runtime_type::RuntimeType;
use crate::signature::Passing;
#[cfg(feature = "native-code")]
use crate::tier::Tier;
use heddle_bytecode::{ConstantPoolIndex, FunctionDefinitionIndex};
use std::fmt::Write as _;
use std::sync::Arc;
use sui_sdk_types::Identifier;

/// A parameter or result: how it is passed, its type, and where in the frame.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    pub(crate) passing: Passing,
    pub(crate) ty: RuntimeType,
    pub(crate) slot: Slot,
}

impl Passed {
    /// Words that it takes in the frame.
    pub(crate) fn words(&self) -> u32 {
        match self.passing {
            Passing::Value => self.ty.layout.words,
            _ => 1,
        }
    }
}

/// A constant that can't be an immediate.
#[derive(Debug)]
pub(crate) enum ConstantValue {
    /// Its words as they lie in a frame.
    Words(Box<[u64]>),
    /// Its BCS, decoded each time because it owns buffers.
    Encoded {
        layout: Arc<Layout>,
        module: Arc<LoadedModule>,
        index: ConstantPoolIndex,
    },
}

/// Targets of one switch, by variant tag: position in the code, behind the
/// block's `Gas`, and the block's cost.
pub(crate) type JumpTable = Box<[(u32, u32)]>;

/// What runs when the function is called.
#[derive(Debug)]
pub(crate) enum Body {
    Ops(Ops),
    Native {
        function: NativeFunction,
        type_arguments: Arc<[RuntimeType]>,
    },
}

/// Register code and what its instructions point into.
#[derive(Debug)]
pub(crate) struct Ops {
    pub(crate) ops: Box<[Op]>,
    /// The same instructions as they run, one for one.
    pub(crate) instructions: Box<[Instruction]>,
    /// Cost of the first block, if its `Gas` is the first instruction; 0 if
    /// not.
    pub(crate) entry_cost: u32,
    /// For each instruction the offset of the Move bytecode it stands for.
    pub(crate) offsets: Box<[u16]>,
    pub(crate) constants: Box<[ConstantValue]>,
    pub(crate) layouts: Box<[Arc<Layout>]>,
    pub(crate) jump_tables: Box<[JumpTable]>,
    /// Locals that may own buffers, by slot and layout.
    pub(crate) owning_locals: Box<[(Slot, u16)]>,
    /// First slot and words of each local: what a reference to a local can
    /// reach.
    #[cfg(feature = "native-code")]
    pub(crate) locals: Box<[(Slot, u32)]>,
}

/// A function instance, ready to run.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) body: Body,
    pub(crate) module: Arc<LoadedModule>,
    pub(crate) function: FunctionDefinitionIndex,
    pub(crate) name: Identifier,
    pub(crate) parameters: Box<[Passed]>,
    pub(crate) returns: Box<[Passed]>,
    /// Cost of its first run in a call from outside.
    pub(crate) load_cost: u64,
    /// Words of the parameters.
    pub(crate) parameter_words: u32,
    /// Words of the results.
    pub(crate) return_words: u32,
    #[cfg(feature = "native-code")]
    pub(crate) tier: Tier,
}

impl Code {
    /// The place of the instruction at position `pc`.
    pub(crate) fn place(&self, pc: usize) -> Place {
        let instruction = match &self.body {
            Body::Ops(body) => body.offsets.get(pc).copied().unwrap_or(0),
            Body::Native { .. } => 0,
        };
        Place {
            package: self.module.package.storage_id,
            original_id: self.module.package.original_id,
            module: self.module.name.clone(),
            function_index: self.function.0,
            function: self.name.clone(),
            instruction,
        }
    }

    /// The code as text, one instruction a line: position, offset of the Move
    /// bytecode, instruction.
    pub(crate) fn listing(&self) -> String {
        let mut text = String::new();
        if let Body::Ops(body) = &self.body {
            for (position, (op, offset)) in body.ops.iter().zip(&body.offsets).enumerate() {
                let _ = writeln!(text, "{position:5} {offset:5}  {op}");
            }
        } else {
            text.push_str("native\n");
        }
        text
    }
}
