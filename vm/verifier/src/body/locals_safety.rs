//! Locals are assigned when they are used, and hold nothing that must not be
//! dropped when they are overwritten or left.

use super::control_flow::{Block, ControlFlowGraph};
use super::{Function, fixed_point};
use crate::error::Violation;
use crate::{Rule, WorkMeter, abilities};
use heddle_bytecode::{Ability, Bytecode, LocalIndex};

/// What is known of a local before an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Availability {
    /// It holds no value.
    Unavailable,
    /// It holds a value on some ways here, on others not.
    Maybe,
    /// It holds a value.
    Available,
}

/// Checks `function`.
pub(super) fn verify(
    function: &Function<'_>,
    graph: &ControlFlowGraph,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let droppable: Vec<bool> = function
        .locals()
        .iter()
        .map(|token| abilities(function.module, token, function.type_parameters).has(Ability::Drop))
        .collect();
    let mut entry = vec![Availability::Unavailable; function.locals().len()];
    entry[..function.parameters.len()].fill(Availability::Available);
    fixed_point(
        graph,
        entry,
        meter,
        |block, state, meter| {
            meter.charge_each(state.len() / 8)?;
            run_block(function, block, &droppable, state).map(Some)
        },
        |known, other, meter| {
            meter.charge_each(known.len() / 8)?;
            let mut changed = false;
            for (known, other) in known.iter_mut().zip(other) {
                if *known != *other && *known != Availability::Maybe {
                    *known = Availability::Maybe;
                    changed = true;
                }
            }
            Ok(changed)
        },
    )
}

fn run_block(
    function: &Function<'_>,
    block: &Block,
    droppable: &[bool],
    mut state: Vec<Availability>,
) -> Result<Vec<Availability>, Violation> {
    for offset in block.offsets() {
        run_instruction(function.instruction(offset), droppable, &mut state)
            .map_err(|violation| violation.at(function.index, offset))?;
    }
    Ok(state)
}

fn run_instruction(
    instruction: &Bytecode,
    droppable: &[bool],
    state: &mut [Availability],
) -> Result<(), Violation> {
    let unavailable = |local: LocalIndex, what: &str| {
        Violation::new(
            Rule::LocalUnavailable,
            format!("local {local} is {what} where it may hold no value"),
        )
    };
    match instruction {
        Bytecode::StLoc(local) => {
            let slot = &mut state[local.position()];
            if *slot != Availability::Unavailable && !droppable[local.position()] {
                return Err(Violation::new(
                    Rule::LocalUnavailable,
                    format!("local {local} is overwritten, but its value has no drop"),
                ));
            }
            *slot = Availability::Available;
        }
        Bytecode::MoveLoc(local) => {
            let slot = &mut state[local.position()];
            if *slot != Availability::Available {
                return Err(unavailable(*local, "moved"));
            }
            *slot = Availability::Unavailable;
        }
        Bytecode::CopyLoc(local) if state[local.position()] != Availability::Available => {
            return Err(unavailable(*local, "copied"));
        }
        Bytecode::MutBorrowLoc(local) | Bytecode::ImmBorrowLoc(local)
            if state[local.position()] != Availability::Available =>
        {
            return Err(unavailable(*local, "borrowed"));
        }
        Bytecode::Ret => {
            let left = state
                .iter()
                .zip(droppable)
                .position(|(slot, drop)| *slot != Availability::Unavailable && !drop);
            if let Some(local) = left {
                return Err(Violation::new(
                    Rule::LocalUnavailable,
                    format!("local {local} may hold a value without drop at the return"),
                ));
            }
        }
        _ => {}
    }
    Ok(())
}
