//! Control flow: code is complete, and its loops are natural loops.
//!
//! 1. Code is not empty, and its last instruction is an unconditional branch,
//!    so that execution cannot run off the end.
//! 2. A jump table has one target for each variant of its enum, and is used.
//! 3. The graph is reducible: every edge that goes back in a depth-first walk
//!    leads to a block that dominates its source. So each loop has one entry,
//!    and later analyses reach their fixed points soon.
//! 4. Loops nest at most [`VerifierLimits::loop_depth`] deep.
//!
//! Dominators by the iterative algorithm of Cooper, Harvey and Kennedy ("A
//! Simple, Fast Dominance Algorithm").

use super::Function;
use crate::error::Violation;
use crate::{Rule, VerifierLimits, WorkMeter};
use heddle_bytecode::{Bytecode, CodeOffset};

/// Number of a basic block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BlockIndex(u16);

impl BlockIndex {
    pub(crate) fn position(self) -> usize {
        usize::from(self.0)
    }
}

/// A basic block: instructions `start..=end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) start: CodeOffset,
    pub(crate) end: CodeOffset,
    pub(crate) successors: Vec<BlockIndex>,
}

impl Block {
    /// How many instructions it has.
    pub(crate) fn len(&self) -> usize {
        self.end.position() - self.start.position() + 1
    }

    /// The offsets of its instructions.
    pub(crate) fn offsets(&self) -> impl Iterator<Item = CodeOffset> + use<> {
        (self.start.0..=self.end.0).map(CodeOffset)
    }
}

/// The basic blocks of a function and how control moves between them.
#[derive(Clone, Debug)]
pub(crate) struct ControlFlowGraph {
    blocks: Vec<Block>,
    reverse_postorder: Vec<BlockIndex>,
    /// Position of each block in `reverse_postorder`; past its end if unreachable.
    order: Vec<usize>,
}

impl ControlFlowGraph {
    /// All blocks, in the order of the code.
    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The reachable blocks, each before its successors but for back edges.
    pub(crate) fn reverse_postorder(&self) -> &[BlockIndex] {
        &self.reverse_postorder
    }

    /// Whether some edge goes back in [`Self::reverse_postorder`].
    pub(crate) fn has_loops(&self) -> bool {
        self.reverse_postorder.iter().any(|block| {
            let successors = &self.blocks[block.position()].successors;
            successors
                .iter()
                .any(|successor| self.order_of(*successor) <= self.order_of(*block))
        })
    }

    /// Where a block stands in [`Self::reverse_postorder`].
    pub(crate) fn order_of(&self, block: BlockIndex) -> usize {
        self.order[block.position()]
    }
}

/// Checks the control flow of `function` and gives its graph.
pub(crate) fn verify(
    function: &Function<'_>,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<ControlFlowGraph, Violation> {
    let code = &function.code.code;
    meter.charge_each(code.len())?;
    match code.last() {
        None => return Err(violation("the function has no instructions")),
        Some(last) if !last.is_unconditional_branch() => {
            return Err(violation("execution can run past the last instruction"));
        }
        Some(_) => {}
    }
    check_jump_tables(function)?;
    let graph = build(function, limits, meter)?;
    check_loops(&graph, limits, meter)?;
    Ok(graph)
}

fn violation(message: impl Into<String>) -> Violation {
    Violation::new(Rule::ControlFlow, message)
}

fn check_jump_tables(function: &Function<'_>) -> Result<(), Violation> {
    for (position, table) in function.code.jump_tables.iter().enumerate() {
        let variants = function.module[table.head_enum].variants.len();
        if table.jump_table.len() != variants {
            return Err(violation(format!(
                "jump table {position} has {} targets for {variants} variants",
                table.jump_table.len()
            )));
        }
    }
    let mut used = vec![false; function.code.jump_tables.len()];
    for instruction in &function.code.code {
        if let Bytecode::VariantSwitch(table) = instruction {
            used[table.position()] = true;
        }
    }
    match used.iter().position(|used| !used) {
        None => Ok(()),
        Some(position) => Err(violation(format!(
            "jump table {position} belongs to no instruction"
        ))),
    }
}

/// Calls `found` with each place where control may go after the instruction
/// at `offset`; some may come twice.
fn for_each_target(function: &Function<'_>, offset: CodeOffset, mut found: impl FnMut(CodeOffset)) {
    let instruction = function.instruction(offset);
    if let Bytecode::VariantSwitch(table) = instruction {
        let targets = &function.code.jump_tables[table.position()].jump_table;
        targets.iter().copied().for_each(&mut found);
    }
    instruction.branch_target().into_iter().for_each(&mut found);
    if !instruction.is_unconditional_branch() {
        found(CodeOffset(offset.0 + 1));
    }
}

fn ends_block(instruction: &Bytecode) -> bool {
    instruction.is_unconditional_branch() || instruction.branch_target().is_some()
}

fn build(
    function: &Function<'_>,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<ControlFlowGraph, Violation> {
    let code = &function.code.code;
    let mut leader = vec![false; code.len()];
    leader[0] = true;
    let offsets = || (0..code.len()).filter_map(|it| u16::try_from(it).ok().map(CodeOffset));
    for offset in offsets() {
        if ends_block(function.instruction(offset)) {
            let mut count = 0;
            for_each_target(function, offset, |target| {
                leader[target.position()] = true;
                count += 1;
            });
            meter.charge(count)?;
            if let Some(next) = leader.get_mut(offset.position() + 1) {
                *next = true;
            }
        }
    }
    // The block of each leader; other entries are never looked at.
    let mut block_at = vec![BlockIndex(0); code.len()];
    let mut blocks: Vec<Block> = Vec::new();
    for offset in offsets() {
        if leader[offset.position()] {
            let index = u16::try_from(blocks.len()).expect("there are at most 65536 offsets");
            block_at[offset.position()] = BlockIndex(index);
            blocks.push(Block {
                start: offset,
                end: offset,
                successors: Vec::new(),
            });
        } else if let Some(block) = blocks.last_mut() {
            block.end = offset;
        }
    }
    if blocks.len() > limits.basic_blocks {
        return Err(Violation::new(
            Rule::SizeLimit,
            format!(
                "{} basic blocks, at most {} allowed",
                blocks.len(),
                limits.basic_blocks
            ),
        ));
    }
    for block in &mut blocks {
        for_each_target(function, block.end, |target| {
            block.successors.push(block_at[target.position()]);
        });
        block.successors.sort_unstable();
        block.successors.dedup();
    }
    let reverse_postorder = walk(&blocks);
    let mut order = vec![usize::MAX; blocks.len()];
    for (position, block) in reverse_postorder.iter().enumerate() {
        order[block.position()] = position;
    }
    Ok(ControlFlowGraph {
        blocks,
        reverse_postorder,
        order,
    })
}

/// Depth-first from the entry; the finished blocks, last one first.
fn walk(blocks: &[Block]) -> Vec<BlockIndex> {
    let mut seen = vec![false; blocks.len()];
    let mut finished = Vec::with_capacity(blocks.len());
    let mut path = vec![(BlockIndex(0), 0)];
    seen[0] = true;
    while let Some((block, next)) = path.last_mut() {
        match blocks[block.position()].successors.get(*next) {
            Some(successor) => {
                *next += 1;
                if !std::mem::replace(&mut seen[successor.position()], true) {
                    path.push((*successor, 0));
                }
            }
            None => {
                finished.push(*block);
                path.pop();
            }
        }
    }
    finished.reverse();
    finished
}

fn check_loops(
    graph: &ControlFlowGraph,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let predecessors = predecessors(graph);
    // An edge that goes back in reverse postorder.
    let back_edges: Vec<(BlockIndex, BlockIndex)> = graph
        .reverse_postorder
        .iter()
        .flat_map(|block| {
            graph.blocks[block.position()]
                .successors
                .iter()
                .map(|successor| (*block, *successor))
        })
        .filter(|(from, to)| graph.order_of(*to) <= graph.order_of(*from))
        .collect();
    if back_edges.is_empty() {
        return Ok(());
    }
    let dominators = dominators(graph, &predecessors, meter)?;
    for (from, to) in &back_edges {
        if !dominates(&dominators, graph, *to, *from, meter)? {
            return Err(violation(format!(
                "the loop at instruction {} has more than one entry",
                graph.blocks[to.position()].start
            )));
        }
    }
    check_depth(graph, &predecessors, back_edges, limits, meter)
}

/// The reachable predecessors of each block.
fn predecessors(graph: &ControlFlowGraph) -> Vec<Vec<BlockIndex>> {
    let mut predecessors = vec![Vec::new(); graph.blocks.len()];
    for block in &graph.reverse_postorder {
        for successor in &graph.blocks[block.position()].successors {
            predecessors[successor.position()].push(*block);
        }
    }
    predecessors
}

/// The immediate dominator of each block, by position in reverse postorder.
fn dominators(
    graph: &ControlFlowGraph,
    predecessors: &[Vec<BlockIndex>],
    meter: &mut WorkMeter,
) -> Result<Vec<usize>, Violation> {
    const UNKNOWN: usize = usize::MAX;
    let order = &graph.reverse_postorder;
    let mut immediate = vec![UNKNOWN; order.len()];
    immediate[0] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for position in 1..order.len() {
            let mut dominator = UNKNOWN;
            for predecessor in &predecessors[order[position].position()] {
                let other = graph.order_of(*predecessor);
                if immediate[other] == UNKNOWN {
                    continue;
                }
                dominator = match dominator {
                    UNKNOWN => other,
                    known => intersect(&immediate, known, other, meter)?,
                };
            }
            changed |= immediate[position] != dominator;
            immediate[position] = dominator;
        }
    }
    Ok(immediate)
}

fn intersect(
    immediate: &[usize],
    mut left: usize,
    mut right: usize,
    meter: &mut WorkMeter,
) -> Result<usize, Violation> {
    while left != right {
        meter.charge(1)?;
        if left > right {
            left = immediate[left];
        } else {
            right = immediate[right];
        }
    }
    Ok(left)
}

fn dominates(
    immediate: &[usize],
    graph: &ControlFlowGraph,
    above: BlockIndex,
    below: BlockIndex,
    meter: &mut WorkMeter,
) -> Result<bool, Violation> {
    let (above, mut below) = (graph.order_of(above), graph.order_of(below));
    while below > above {
        meter.charge(1)?;
        below = immediate[below];
    }
    Ok(below == above)
}

/// Counts, for each block, the loops around it: a block is in the loop of a
/// head if it reaches one of the head's back edges without passing the head.
fn check_depth(
    graph: &ControlFlowGraph,
    predecessors: &[Vec<BlockIndex>],
    mut back_edges: Vec<(BlockIndex, BlockIndex)>,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    back_edges.sort_unstable_by_key(|(from, to)| (*to, *from));
    let mut depth = vec![0usize; graph.blocks.len()];
    for loops in back_edges.chunk_by(|(_, left), (_, right)| left == right) {
        let head = loops[0].1;
        let mut inside = vec![false; graph.blocks.len()];
        inside[head.position()] = true;
        let mut pending: Vec<BlockIndex> = loops.iter().map(|(from, _)| *from).collect();
        while let Some(block) = pending.pop() {
            meter.charge(1)?;
            if !std::mem::replace(&mut inside[block.position()], true) {
                pending.extend(&predecessors[block.position()]);
            }
        }
        meter.charge_each(inside.len())?;
        for (depth, _) in depth.iter_mut().zip(&inside).filter(|(_, inside)| **inside) {
            *depth += 1;
            if *depth > limits.loop_depth {
                return Err(Violation::new(
                    Rule::SizeLimit,
                    format!("loops nest more than {} deep", limits.loop_depth),
                ));
            }
        }
    }
    Ok(())
}
