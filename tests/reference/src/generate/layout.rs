//! Blocks to code: in any order, with jumps where the order needs them.

use crate::Choices;
use heddle_bytecode::{Bytecode, CodeOffset, EnumDefinitionIndex, VariantJumpTable};

/// Names a block.
pub(super) type BlockIndex = usize;

/// Instructions that run one after the other, and what comes then.
#[derive(Default)]
pub(super) struct Block {
    pub(super) code: Vec<Bytecode>,
    pub(super) end: End,
}

/// How a block ends.
#[derive(Clone, Default)]
pub(super) enum End {
    /// With an instruction of its own: `Ret` or `Abort`.
    #[default]
    Stop,
    Jump(BlockIndex),
    If {
        then: BlockIndex,
        otherwise: BlockIndex,
    },
    Switch {
        head: EnumDefinitionIndex,
        targets: Vec<BlockIndex>,
    },
}

/// Lays blocks out; the first one stays the first.
pub(super) fn lay_out(
    choices: &mut Choices,
    blocks: &[Block],
) -> (Vec<Bytecode>, Vec<VariantJumpTable>) {
    let mut order: Vec<BlockIndex> = (0..blocks.len()).collect();
    if choices.chance(30) {
        for last in (2..order.len()).rev() {
            let other = 1 + choices.index(last);
            order.swap(last, other);
        }
    }
    let mut code: Vec<Bytecode> = Vec::new();
    let mut starts = vec![0u16; blocks.len()];
    let mut tables = Vec::new();
    for (position, index) in order.iter().enumerate() {
        let next = order.get(position + 1).copied();
        starts[*index] = code.len() as u16;
        code.extend_from_slice(&blocks[*index].code);
        let target = |block: BlockIndex| CodeOffset(block as u16);
        match &blocks[*index].end {
            End::Stop => {}
            End::Jump(block) => {
                if next != Some(*block) || choices.chance(10) {
                    code.push(Bytecode::Branch(target(*block)));
                }
            }
            End::If { then, otherwise } => {
                let (taken, fall, branch): (_, _, fn(CodeOffset) -> Bytecode) =
                    if next == Some(*then) || choices.chance(30) {
                        (*otherwise, *then, Bytecode::BrFalse)
                    } else {
                        (*then, *otherwise, Bytecode::BrTrue)
                    };
                code.push(branch(target(taken)));
                if next != Some(fall) {
                    code.push(Bytecode::Branch(target(fall)));
                }
            }
            End::Switch { head, targets } => {
                code.push(Bytecode::VariantSwitch(
                    heddle_bytecode::VariantJumpTableIndex(tables.len() as u16),
                ));
                tables.push(VariantJumpTable {
                    head_enum: *head,
                    jump_table: targets.iter().map(|block| target(*block)).collect(),
                });
            }
        }
    }
    let patch = |target: &mut CodeOffset| *target = CodeOffset(starts[usize::from(target.0)]);
    for instruction in &mut code {
        if let Bytecode::Branch(target) | Bytecode::BrTrue(target) | Bytecode::BrFalse(target) =
            instruction
        {
            patch(target);
        }
    }
    tables
        .iter_mut()
        .flat_map(|table| &mut table.jump_table)
        .for_each(patch);
    (code, tables)
}
