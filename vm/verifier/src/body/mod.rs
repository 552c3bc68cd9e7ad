//! Function bodies: five passes over each function, in an order in which each
//! may rely on the ones before it.
//!
//! 1. [`control_flow`]: code ends, loops are natural loops, jump tables fit.
//! 2. [`stack_usage`]: every basic block leaves the operand stack as it found it.
//! 3. [`type_safety`]: operands have the types that instructions expect.
//! 4. [`locals_safety`]: locals are assigned when used, and droppable when left.
//! 5. [`reference_safety`]: no reference dangles, no mutable one is aliased.
//!
//! The structural passes ran before: every index is in bounds, and every
//! instantiation fits its parameters.

mod borrow_graph;
pub(crate) mod control_flow;
mod function;
mod locals_safety;
mod reference_safety;
mod stack_usage;
mod type_safety;
mod types;

use crate::error::Violation;
use crate::{VerifierLimits, WorkMeter};
use control_flow::{BlockIndex, ControlFlowGraph};
pub(crate) use function::Function;
use heddle_bytecode::{CompiledModule, FunctionDefinitionIndex};
pub(crate) use stack_usage::effect as stack_effect;

/// Verifies every function that has a body.
pub(crate) fn verify(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    for (index, _) in module.entries::<FunctionDefinitionIndex>() {
        let Some(function) = Function::new(module, index) else {
            continue;
        };
        verify_function(&function, limits, meter)
            .map_err(|violation| violation.in_function(index))?;
    }
    Ok(())
}

fn verify_function(
    function: &Function<'_>,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let graph = control_flow::verify(function, limits, meter)?;
    stack_usage::verify(function, &graph, limits, meter)?;
    type_safety::verify(function, &graph, meter)?;
    locals_safety::verify(function, &graph, meter)?;
    reference_safety::verify(function, &graph, meter)
}

/// Runs a forward analysis to its fixed point: `step` gives the state after a
/// block from the state before it, `join` merges a state into the one that a
/// block was entered with and says whether that changed anything.
///
/// Blocks are visited in reverse postorder, so that outside loops each is
/// visited once.
pub(crate) fn fixed_point<S: Clone>(
    graph: &ControlFlowGraph,
    entry: S,
    meter: &mut WorkMeter,
    mut step: impl FnMut(&control_flow::Block, S, &mut WorkMeter) -> Result<Option<S>, Violation>,
    mut join: impl FnMut(&mut S, &S, &mut WorkMeter) -> Result<bool, Violation>,
) -> Result<(), Violation> {
    let order = graph.reverse_postorder();
    // Where nothing goes back, no block is entered again once it was left.
    let has_loops = graph.has_loops();
    let mut before: Vec<Option<S>> = vec![None; graph.blocks().len()];
    let mut pending = vec![false; graph.blocks().len()];
    if let Some(first) = order.first() {
        before[first.position()] = Some(entry);
        pending[first.position()] = true;
    }
    let mut position = 0;
    while position < order.len() {
        let block = order[position];
        position += 1;
        if !std::mem::take(&mut pending[block.position()]) {
            continue;
        }
        let known = &mut before[block.position()];
        let state = if has_loops {
            known.clone()
        } else {
            known.take()
        };
        let Some(state) = state else {
            continue;
        };
        let block = &graph.blocks()[block.position()];
        meter.charge_each(block.len())?;
        let Some(after) = step(block, state, meter)? else {
            continue;
        };
        let Some((last, others)) = block.successors.split_last() else {
            continue;
        };
        let mut reached = |successor: BlockIndex, changed: bool| {
            if changed {
                pending[successor.position()] = true;
                // Back to the earliest block that waits; only back edges go there.
                position = position.min(graph.order_of(successor));
            }
        };
        for successor in others {
            let changed = match &mut before[successor.position()] {
                Some(known) => join(known, &after, meter)?,
                unknown => {
                    *unknown = Some(after.clone());
                    true
                }
            };
            reached(*successor, changed);
        }
        let changed = match &mut before[last.position()] {
            Some(known) => join(known, &after, meter)?,
            unknown => {
                *unknown = Some(after);
                true
            }
        };
        reached(*last, changed);
    }
    Ok(())
}
