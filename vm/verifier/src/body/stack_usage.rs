//! The operand stack is balanced: each basic block starts and ends with an
//! empty stack, never takes more than it put there, and stays within the
//! limits. A return takes exactly the results.

use super::Function;
use super::control_flow::{Block, ControlFlowGraph};
use crate::error::Violation;
use crate::{Rule, VerifierLimits, WorkMeter};
use heddle_bytecode::{Bytecode, CompiledModule, FunctionHandleIndex, VariantHandle};

/// Checks every block of `function`.
pub(super) fn verify(
    function: &Function<'_>,
    graph: &ControlFlowGraph,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    graph
        .blocks()
        .iter()
        .try_for_each(|block| verify_block(function, block, limits, meter))
}

fn verify_block(
    function: &Function<'_>,
    block: &Block,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    meter.charge_each(block.len())?;
    let mut height = 0u64;
    let mut pushes = 0u64;
    for offset in block.offsets() {
        let broken =
            |rule, message: String| Err(Violation::new(rule, message).at(function.index, offset));
        let (popped, pushed) = effect(function, function.instruction(offset));
        let Some(rest) = height.checked_sub(popped) else {
            return broken(
                Rule::StackUsage,
                format!("{popped} operands are taken where the block has put {height}"),
            );
        };
        height = rest.saturating_add(pushed);
        pushes = pushes.saturating_add(pushed);
        if height > limits.stack_height as u64 || pushes > limits.block_pushes as u64 {
            return broken(
                Rule::SizeLimit,
                format!(
                    "the operand stack grows beyond {} values, or {} pushes in one block",
                    limits.stack_height, limits.block_pushes
                ),
            );
        }
    }
    if height != 0 {
        return Err(Violation::new(
            Rule::StackUsage,
            format!("the block leaves {height} values on the operand stack"),
        )
        .at(function.index, block.end));
    }
    Ok(())
}

/// How many operands an instruction takes, and how many results it leaves.
pub(crate) fn effect(function: &Function<'_>, instruction: &Bytecode) -> (u64, u64) {
    use Bytecode as B;
    let module = function.module;
    match instruction {
        B::Branch(_) | B::Nop => (0, 0),
        B::Pop | B::BrTrue(_) | B::BrFalse(_) | B::StLoc(_) | B::Abort | B::VariantSwitch(_) => {
            (1, 0)
        }
        B::Ret => (function.returns.len() as u64, 0),
        B::LdU8(_)
        | B::LdU16(_)
        | B::LdU32(_)
        | B::LdU64(_)
        | B::LdU128(_)
        | B::LdU256(_)
        | B::LdConst(_)
        | B::LdTrue
        | B::LdFalse
        | B::CopyLoc(_)
        | B::MoveLoc(_)
        | B::MutBorrowLoc(_)
        | B::ImmBorrowLoc(_) => (0, 1),
        B::Not
        | B::FreezeRef
        | B::ReadRef
        | B::CastU8
        | B::CastU16
        | B::CastU32
        | B::CastU64
        | B::CastU128
        | B::CastU256
        | B::MutBorrowField(_)
        | B::MutBorrowFieldGeneric(_)
        | B::ImmBorrowField(_)
        | B::ImmBorrowFieldGeneric(_)
        | B::VecLen(_)
        | B::VecPopBack(_) => (1, 1),
        B::Add
        | B::Sub
        | B::Mul
        | B::Mod
        | B::Div
        | B::BitOr
        | B::BitAnd
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Or
        | B::And
        | B::Eq
        | B::Neq
        | B::Lt
        | B::Gt
        | B::Le
        | B::Ge
        | B::VecImmBorrow(_)
        | B::VecMutBorrow(_) => (2, 1),
        B::WriteRef | B::VecPushBack(_) => (2, 0),
        B::VecSwap(_) => (3, 0),
        B::VecPack(_, count) => (*count, 1),
        B::VecUnpack(_, count) => (1, *count),
        B::Call(handle) => call(module, *handle),
        B::CallGeneric(instantiation) => call(module, module[*instantiation].handle),
        B::Pack(def) => (module[*def].fields().len() as u64, 1),
        B::PackGeneric(inst) => (module[module[*inst].def].fields().len() as u64, 1),
        B::Unpack(def) => (1, module[*def].fields().len() as u64),
        B::UnpackGeneric(inst) => (1, module[module[*inst].def].fields().len() as u64),
        B::PackVariant(handle) => (variant_fields(module, &module[*handle]), 1),
        B::UnpackVariant(handle)
        | B::UnpackVariantImmRef(handle)
        | B::UnpackVariantMutRef(handle) => (1, variant_fields(module, &module[*handle])),
        B::PackVariantGeneric(handle) => (instantiated_fields(module, *handle), 1),
        B::UnpackVariantGeneric(handle)
        | B::UnpackVariantGenericImmRef(handle)
        | B::UnpackVariantGenericMutRef(handle) => (1, instantiated_fields(module, *handle)),
        // Refused by an earlier pass; no operands keeps this one total.
        B::ExistsDeprecated(_)
        | B::ExistsGenericDeprecated(_)
        | B::MoveFromDeprecated(_)
        | B::MoveFromGenericDeprecated(_)
        | B::MoveToDeprecated(_)
        | B::MoveToGenericDeprecated(_)
        | B::MutBorrowGlobalDeprecated(_)
        | B::MutBorrowGlobalGenericDeprecated(_)
        | B::ImmBorrowGlobalDeprecated(_)
        | B::ImmBorrowGlobalGenericDeprecated(_) => (0, 0),
    }
}

fn call(module: &CompiledModule, handle: FunctionHandleIndex) -> (u64, u64) {
    let handle = &module[handle];
    (
        module[handle.parameters].len() as u64,
        module[handle.return_].len() as u64,
    )
}

fn variant_fields(module: &CompiledModule, handle: &VariantHandle) -> u64 {
    module[handle.enum_def].variants[usize::from(handle.variant.0)]
        .fields
        .len() as u64
}

fn instantiated_fields(
    module: &CompiledModule,
    handle: heddle_bytecode::VariantInstantiationHandleIndex,
) -> u64 {
    let handle = &module[handle];
    module[module[handle.enum_def].def].variants[usize::from(handle.variant.0)]
        .fields
        .len() as u64
}
