//! What translation makes of code: few instructions, and where values go.

use super::support::*;
use heddle_bytecode::testing::reference;
use heddle_bytecode::{AbilitySet, Bytecode, CodeOffset, LocalIndex, SignatureToken};

/// The instructions of function `f`, without positions and offsets.
fn listing(world: &World) -> Vec<String> {
    let text = world
        .vm
        .disassemble(&world.store, HOME, &name("m"), &name("f"), &[])
        .expect("translates");
    text.lines()
        .map(|line| {
            line.split_whitespace()
                .skip(2)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn a_counting_loop() {
    // while (i < n) { x = x * 3 + i; i = i + 1 }
    let copy = |index| Bytecode::CopyLoc(LocalIndex(index));
    let store = |index| Bytecode::StLoc(LocalIndex(index));
    let mut m = module();
    let u64s = [const { SignatureToken::U64 }; 3];
    let code = vec![
        copy(2),
        copy(0),
        Bytecode::Lt,
        Bytecode::BrFalse(CodeOffset(15)),
        copy(1),
        Bytecode::LdU64(3),
        Bytecode::Mul,
        copy(2),
        Bytecode::Add,
        store(1),
        copy(2),
        Bytecode::LdU64(1),
        Bytecode::Add,
        store(2),
        Bytecode::Branch(CodeOffset(0)),
        copy(1),
        Bytecode::Ret,
    ];
    add(&mut m, "f", &u64s, &u64s[..1], &[], code);
    assert_eq!(
        listing(&World::of(m)),
        [
            "Gas cost=4",
            "BrLe a=0 b=2 target=8 taken=3 fall=12",
            "Gas cost=12",
            "Mul64Imm dst=3 a=1 imm=3",
            "Add64 dst=1 a=3 b=2",
            "Add64Imm dst=2 a=2 imm=1",
            "Jump target=1 cost=4",
            "Gas cost=3",
            "Ret1 src=1",
        ]
    );
}

#[test]
fn fields_are_read_where_they_lie() {
    // fun f(p: &P): u64 { p.a + p.b } for P of an address and two u64.
    let mut m = module();
    let handle = m.own_datatype("P", AbilitySet::PRIMITIVES, &[]);
    let def = m.struct_def(
        handle,
        &[
            ("id", SignatureToken::Address),
            ("a", SignatureToken::U64),
            ("b", SignatureToken::U64),
        ],
    );
    let (a, b) = (m.field(def, 1), m.field(def, 2));
    let read = |field, take: Bytecode| [take, Bytecode::ImmBorrowField(field), Bytecode::ReadRef];
    let mut code = Vec::new();
    code.extend(read(a, Bytecode::CopyLoc(LocalIndex(0))));
    code.extend(read(b, Bytecode::MoveLoc(LocalIndex(0))));
    code.extend([Bytecode::Add, Bytecode::Ret]);
    let parameter = reference(SignatureToken::Datatype(handle));
    add(&mut m, "f", &[parameter], &[SignatureToken::U64], &[], code);
    assert_eq!(
        listing(&World::of(m)),
        [
            "Gas cost=11",
            "Load64 dst=1 a=0 off=32",
            "Load64 dst=2 a=0 off=40",
            "Add64 dst=1 a=1 b=2",
            "Ret1 src=1",
        ]
    );
}

#[test]
fn a_listing_names_blocks_costs_and_callees() {
    // fun f(n: u64): u64 { if (n == 0) g(n) else n }
    let mut m = module();
    let u64s = [SignatureToken::U64];
    let copy = || Bytecode::CopyLoc(LocalIndex(0));
    let g = add(&mut m, "g", &u64s, &u64s, &[], vec![copy(), Bytecode::Ret]);
    let code = vec![
        copy(),
        Bytecode::LdU64(0),
        Bytecode::Eq,
        Bytecode::BrFalse(CodeOffset(7)),
        copy(),
        Bytecode::Call(g),
        Bytecode::Ret,
        copy(),
        Bytecode::Ret,
    ];
    add(&mut m, "f", &u64s, &u64s, &[], code);
    let world = World::of(m);
    let listing = world
        .vm
        .listing(&world.store, HOME, &name("m"), &name("f"), &[])
        .unwrap();
    assert!(!listing.is_native && listing.load_cost > 0);
    let blocks: Vec<_> = listing
        .blocks
        .iter()
        .map(|block| (block.offsets.clone(), block.cost))
        .collect();
    assert_eq!(blocks, [(0..4, 4), (4..7, 13), (7..9, 3)]);
    let call = &listing.blocks[1].instructions;
    let call = call.iter().find(|it| it.note.is_some()).unwrap();
    assert_eq!(call.note.as_deref(), Some("0x42::m::g"));
    assert_eq!(call.offset, 5);
    // The same instructions as the plain text has.
    let text = world
        .vm
        .disassemble(&world.store, HOME, &name("m"), &name("f"), &[])
        .unwrap();
    let listed = listing.blocks.iter().flat_map(|block| &block.instructions);
    for (line, listed) in text.lines().zip(listed) {
        assert!(line.ends_with(&listed.text), "{line} {listed:?}");
    }
}

#[test]
fn what_is_done_on_entry_is_a_block_of_its_own() {
    // fun f(n: u64) { let v: vector<u64>; loop { if (n == 0) return } }
    let mut m = module();
    let vector = heddle_bytecode::testing::vector(SignatureToken::U64);
    let code = vec![
        Bytecode::CopyLoc(LocalIndex(0)),
        Bytecode::LdU64(0),
        Bytecode::Eq,
        Bytecode::BrFalse(CodeOffset(0)),
        Bytecode::Ret,
    ];
    add(&mut m, "f", &[SignatureToken::U64], &[], &[vector], code);
    let world = World::of(m);
    let listing = world
        .vm
        .listing(&world.store, HOME, &name("m"), &name("f"), &[])
        .unwrap();
    let offsets: Vec<_> = listing.blocks.iter().map(|it| it.offsets.clone()).collect();
    assert_eq!(offsets, [0..0, 0..4, 4..5]);
}
