use heddle_bytecode::{Bytecode as B, SignatureToken as T};
use heddle_verifier::Rule;
use proptest::prelude::*;

use crate::body::{World, body, borrow, br_true, branch, imm, store, switch, take};
use crate::verify;

/// A refusal of the function as a whole.
const FUNCTION: Result<(), (Rule, Option<u16>)> = Err((Rule::ControlFlow, None));
const TOO_LARGE: Result<(), (Rule, Option<u16>)> = Err((Rule::SizeLimit, None));

fn code(code: Vec<B>) -> crate::body::Body {
    body(&[], &[], &[], code)
}

#[test]
fn code_ends() {
    let w = World::new();
    w.accept("a return", code(vec![B::Ret]));
    w.accept("an abort", code(vec![B::LdU64(0), B::Abort]));
    w.accept("an endless loop", code(vec![branch(0)]));
    w.accept(
        "code that nothing reaches",
        code(vec![B::Ret, B::Nop, branch(1)]),
    );
    w.check("nothing", code(vec![]), FUNCTION);
    w.check("the end of the code", code(vec![B::Nop]), FUNCTION);
    w.check(
        "a conditional branch at the end",
        code(vec![B::LdTrue, br_true(0)]),
        FUNCTION,
    );
    w.check(
        "the end of code that nothing reaches",
        code(vec![B::Ret, B::Nop]),
        FUNCTION,
    );
    w.check(
        "a call at the end",
        code(vec![B::Ret, B::LdU64(0), B::Pop]),
        FUNCTION,
    );
}

#[test]
fn branches_stay_inside() {
    let w = World::new();
    w.refuse("a branch", code(vec![branch(1)]), Rule::IndexOutOfBounds, 0);
    w.refuse(
        "a conditional branch",
        code(vec![B::LdTrue, br_true(9), B::Ret]),
        Rule::IndexOutOfBounds,
        1,
    );
}

#[test]
fn the_longest_code_is_verified() {
    let w = World::new();
    let mut long = vec![B::Nop; 0xFFFF];
    long[0xFFFE] = B::Ret;
    w.accept("65535 instructions", code(long));
}

#[test]
fn loops_have_one_entry() {
    let w = World::new();
    w.accept(
        "a loop with two exits and two back edges",
        code(vec![
            B::LdTrue,
            br_true(7),
            B::LdTrue,
            br_true(0),
            B::LdTrue,
            br_true(7),
            branch(0),
            B::Ret,
        ]),
    );
    w.check(
        "two blocks that lead to each other, both entered",
        code(vec![
            B::LdTrue,
            br_true(4),
            B::Nop,
            branch(4),
            B::Nop,
            B::LdTrue,
            br_true(2),
            B::Ret,
        ]),
        FUNCTION,
    );
    w.check(
        "a jump into the middle of a loop",
        code(vec![
            B::LdTrue,
            br_true(3),
            B::Nop, // head
            B::Nop, // middle
            B::LdTrue,
            br_true(2),
            B::Ret,
        ]),
        FUNCTION,
    );
    w.accept(
        "two blocks that lead to each other where nothing reaches them",
        code(vec![
            B::Ret,
            B::LdTrue,
            br_true(5),
            B::Nop,
            branch(5),
            B::Nop,
            branch(3),
        ]),
    );
}

#[test]
fn jump_tables_fit_their_enum() {
    let w = World::new();
    let switched = |targets: &[u16]| {
        body(
            std::slice::from_ref(&w.e),
            &[],
            &[],
            vec![borrow(0), switch(0), B::Ret, B::Ret],
        )
        .jump_table(w.e_def, targets)
    };
    w.accept("a target for each variant", switched(&[2, 3]));
    w.accept("one target for all", switched(&[2, 2]));
    w.check("one target too few", switched(&[2]), FUNCTION);
    w.check("one target too many", switched(&[2, 3, 3]), FUNCTION);
    w.check("no targets", switched(&[]), FUNCTION);
    w.check(
        "a target outside",
        switched(&[2, 4]),
        Err((Rule::IndexOutOfBounds, None)),
    );
    w.check(
        "a table that nobody uses",
        code(vec![B::Ret]).jump_table(w.e_def, &[0, 0]),
        FUNCTION,
    );
    w.check(
        "a second table that nobody uses",
        switched(&[2, 3]).jump_table(w.e_def, &[2, 3]),
        FUNCTION,
    );
    w.refuse(
        "a table that is not there",
        body(
            std::slice::from_ref(&w.e),
            &[],
            &[],
            vec![borrow(0), switch(0)],
        ),
        Rule::IndexOutOfBounds,
        1,
    );
    w.check(
        "two entries into a loop",
        body(
            std::slice::from_ref(&w.e),
            &[],
            &[imm(&w.e)],
            vec![borrow(0), switch(0), B::Nop, branch(4), B::Nop, branch(2)],
        )
        .jump_table(w.e_def, &[2, 4]),
        FUNCTION,
    );
    w.accept(
        "a loop around a switch",
        body(
            std::slice::from_ref(&w.e),
            &[],
            &[imm(&w.e)],
            vec![borrow(0), store(1), take(1), switch(0), B::Ret],
        )
        .jump_table(w.e_def, &[0, 4]),
    );
}

/// `depth` loops, one in the other.
fn nested(depth: u16) -> Vec<B> {
    let mut nested = vec![B::Nop; usize::from(depth)];
    for head in (0..depth).rev() {
        nested.extend([B::LdTrue, br_true(head)]);
    }
    nested.push(B::Ret);
    nested
}

#[test]
fn loops_nest_to_a_limit() {
    let w = World::new();
    w.accept("five", code(nested(5)));
    w.check("six", code(nested(6)), TOO_LARGE);
    let mut beside = Vec::new();
    for _ in 0..20 {
        let head = u16::try_from(beside.len()).unwrap();
        beside.extend([B::Nop, B::LdTrue, br_true(head)]);
    }
    beside.push(B::Ret);
    w.accept("twenty beside each other", code(beside));
    let mut back_edges = vec![B::Nop];
    for _ in 0..20 {
        back_edges.extend([B::LdTrue, br_true(0)]);
    }
    back_edges.push(B::Ret);
    w.accept("one with twenty back edges", code(back_edges));
}

#[test]
fn blocks_are_counted() {
    let w = World::new();
    let blocks = |count: u16| {
        let mut chain: Vec<_> = (1..count).map(branch).collect();
        chain.push(B::Ret);
        code(chain)
    };
    w.accept("1024", blocks(1024));
    w.check("1025", blocks(1025), TOO_LARGE);
}

/// A graph of blocks: each branches to two others, or returns.
fn blocks() -> impl Strategy<Value = Vec<Option<(usize, usize)>>> {
    (1usize..9).prop_flat_map(|count| {
        prop::collection::vec(
            prop::option::weighted(0.8, (0..count, 0..count)),
            count..=count,
        )
    })
}

/// Each block takes three instructions.
fn code_of(graph: &[Option<(usize, usize)>]) -> Vec<B> {
    let start = |block: usize| u16::try_from(block * 3).unwrap();
    graph
        .iter()
        .flat_map(|ends| match ends {
            Some((left, right)) => [B::LdTrue, br_true(start(*left)), branch(start(*right))],
            None => [B::Nop, B::Nop, B::Ret],
        })
        .collect()
}

fn successors(ends: Option<(usize, usize)>) -> Vec<usize> {
    ends.map_or(Vec::new(), |(left, right)| vec![left, right])
}

/// What can be reached from the entry without passing `without`.
fn reachable(graph: &[Option<(usize, usize)>], without: Option<usize>) -> Vec<bool> {
    let mut seen = vec![false; graph.len()];
    let mut pending = vec![0];
    while let Some(block) = pending.pop() {
        if Some(block) != without && !std::mem::replace(&mut seen[block], true) {
            pending.extend(successors(graph[block]));
        }
    }
    seen
}

/// Whether folding blocks into their only predecessor leaves one block.
fn is_reducible(graph: &[Option<(usize, usize)>]) -> bool {
    let live = reachable(graph, None);
    let mut edges: Vec<(usize, usize)> = (0..graph.len())
        .filter(|block| live[*block])
        .flat_map(|block| {
            successors(graph[block])
                .into_iter()
                .map(move |to| (block, to))
        })
        .collect();
    loop {
        edges.retain(|(from, to)| from != to);
        edges.sort_unstable();
        edges.dedup();
        let only_predecessor = (1..graph.len()).find_map(|block| {
            let mut from = edges.iter().filter(|(_, to)| *to == block);
            match (from.next(), from.next()) {
                (Some((from, _)), None) => Some((block, *from)),
                _ => None,
            }
        });
        let Some((block, into)) = only_predecessor else {
            break;
        };
        edges.retain(|edge| *edge != (into, block));
        for (from, _) in edges.iter_mut().filter(|(from, _)| *from == block) {
            *from = into;
        }
    }
    edges.is_empty()
}

/// The most loops around a block of a reducible graph.
fn depth(graph: &[Option<(usize, usize)>]) -> usize {
    let live = reachable(graph, None);
    let blocks: Vec<usize> = (0..graph.len()).filter(|block| live[*block]).collect();
    let in_loop = |head: usize, block: usize| {
        // The block is under the head and can come back to it without leaving
        // what the head dominates.
        let under = |block: usize| block == head || !reachable(graph, Some(head))[block];
        let mut seen = vec![false; graph.len()];
        let mut pending = vec![block];
        while let Some(at) = pending.pop() {
            for to in successors(graph[at]).into_iter().filter(|to| under(*to)) {
                if to == head {
                    return under(block);
                }
                if !std::mem::replace(&mut seen[to], true) {
                    pending.push(to);
                }
            }
        }
        false
    };
    let around = |block: usize| blocks.iter().filter(|head| in_loop(**head, block)).count();
    blocks.iter().map(|block| around(*block)).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn verdicts_agree_with_the_definitions(graph in blocks()) {
        let w = World::new();
        let expected = if !is_reducible(&graph) {
            Err(Rule::ControlFlow)
        } else if depth(&graph) > 5 {
            Err(Rule::SizeLimit)
        } else {
            Ok(())
        };
        let module = w.with(body(&[], &[], &[T::U8], code_of(&graph)));
        prop_assert_eq!(verify(&module).map_err(|error| error.rule), expected);
    }
}
