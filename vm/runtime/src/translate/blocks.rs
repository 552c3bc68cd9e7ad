//! Basic blocks of a function.

use super::Result;
use heddle_bytecode::{Bytecode, CodeUnit};
use std::ops::Range;

#[derive(Debug)]
struct Block {
    start: usize,
    end: usize,
    is_reachable: bool,
    is_target: bool,
    /// Position of its `Gas` instruction.
    position: usize,
    cost: u32,
}

/// The blocks in order of their code. A block ends where another begins, or
/// with a branch.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    /// Block that begins at an offset.
    at: Vec<Option<usize>>,
}

impl Blocks {
    pub(super) fn find(unit: &CodeUnit) -> Result<Self> {
        let code = &unit.code;
        if code.is_empty() {
            return Err("function has no code".into());
        }
        let mut is_start = vec![false; code.len()];
        is_start[0] = true;
        let mut is_target = vec![false; code.len()];
        for (offset, instruction) in code.iter().enumerate() {
            for target in targets(unit, instruction)? {
                *is_start.get_mut(target).ok_or("branch out of range")? = true;
                is_target[target] = true;
            }
            if ends_block(instruction)
                && let Some(next) = is_start.get_mut(offset + 1)
            {
                *next = true;
            }
        }
        let starts: Vec<usize> = (0..code.len()).filter(|at| is_start[*at]).collect();
        let mut at = vec![None; code.len()];
        let mut blocks = Vec::with_capacity(starts.len());
        for (index, start) in starts.iter().enumerate() {
            at[*start] = Some(index);
            blocks.push(Block {
                start: *start,
                end: starts.get(index + 1).copied().unwrap_or(code.len()),
                is_reachable: false,
                is_target: is_target[*start],
                position: 0,
                cost: 0,
            });
        }
        let mut found = Self { blocks, at };
        found.mark_reachable(unit)?;
        Ok(found)
    }

    fn mark_reachable(&mut self, unit: &CodeUnit) -> Result<()> {
        let mut work = vec![0];
        while let Some(index) = work.pop() {
            if std::mem::replace(&mut self.blocks[index].is_reachable, true) {
                continue;
            }
            let end = self.blocks[index].end;
            let last = &unit.code[end - 1];
            for target in targets(unit, last)? {
                work.push(self.block_at(target)?);
            }
            if !last.is_unconditional_branch() {
                if end == unit.code.len() {
                    return Err("code runs off its end".into());
                }
                work.push(index + 1);
            }
        }
        Ok(())
    }

    pub(super) fn block_at(&self, offset: usize) -> Result<usize> {
        let block = self.at.get(offset).copied().flatten();
        Ok(block.ok_or("branch into the middle of a block")?)
    }

    pub(super) fn reachable(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.blocks.len()).filter(|index| self.blocks[*index].is_reachable)
    }

    pub(super) fn range(&self, block: usize) -> Range<usize> {
        self.blocks[block].start..self.blocks[block].end
    }

    /// Whether some branch leads to the block, reachable or not.
    pub(super) fn is_target(&self, block: usize) -> bool {
        self.blocks[block].is_target
    }

    pub(super) fn set_position(&mut self, block: usize, position: usize) {
        self.blocks[block].position = position;
    }

    pub(super) fn set_cost(&mut self, block: usize, cost: u32) {
        self.blocks[block].cost = cost;
    }

    /// Position of the `Gas` instruction and cost of a block.
    pub(super) fn entry(&self, block: usize) -> (u32, u32) {
        let block = &self.blocks[block];
        (block.position as u32, block.cost)
    }

    /// Whether `target` is the block that comes right after the one with
    /// `offset` in the code, so that a jump to it falls through.
    pub(super) fn follows(&self, target: usize, offset: usize) -> bool {
        self.blocks[target].start == offset + 1
    }
}

fn ends_block(instruction: &Bytecode) -> bool {
    instruction.is_unconditional_branch() || instruction.branch_target().is_some()
}

fn targets(unit: &CodeUnit, instruction: &Bytecode) -> Result<Vec<usize>> {
    Ok(match instruction {
        Bytecode::VariantSwitch(table) => unit
            .jump_tables
            .get(table.position())
            .ok_or("jump table out of range")?
            .jump_table
            .iter()
            .map(|offset| offset.position())
            .collect(),
        other => other
            .branch_target()
            .map(|offset| offset.position())
            .into_iter()
            .collect(),
    })
}
