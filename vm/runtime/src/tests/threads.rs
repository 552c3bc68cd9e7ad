//! One VM, many threads.

use super::support::*;
use crate::CallArg;
use heddle_bytecode::testing::vector;
use heddle_bytecode::{Bytecode, CodeOffset, LocalIndex, SignatureToken};

/// `fun sum(v: vector<u64>): u64`, by popping.
fn summing() -> World {
    let mut m = module();
    let index = m.signature(&[SignatureToken::U64]);
    let code = vec![
        Bytecode::LdU64(0),
        Bytecode::StLoc(LocalIndex(1)),
        Bytecode::ImmBorrowLoc(LocalIndex(0)),
        Bytecode::VecLen(index),
        Bytecode::LdU64(0),
        Bytecode::Eq,
        Bytecode::BrTrue(CodeOffset(13)),
        Bytecode::MutBorrowLoc(LocalIndex(0)),
        Bytecode::VecPopBack(index),
        Bytecode::MoveLoc(LocalIndex(1)),
        Bytecode::Add,
        Bytecode::StLoc(LocalIndex(1)),
        Bytecode::Branch(CodeOffset(2)),
        Bytecode::MoveLoc(LocalIndex(1)),
        Bytecode::Ret,
    ];
    let u64s = [SignatureToken::U64];
    add(
        &mut m,
        "sum",
        &[vector(SignatureToken::U64)],
        &u64s,
        &u64s,
        code,
    );
    World::of(m)
}

#[test]
fn results_and_gas_are_the_same_on_all_threads() {
    let world = summing();
    let run = |seed: u64| {
        let items: Vec<u64> = (0..seed % 50).map(|item| item * seed).collect();
        let mut execution = world.start(u64::MAX);
        let argument = vec![CallArg::Value(bcs(&items))];
        let result = execution.call(HOME, &name("m"), &name("sum"), &[], argument);
        let values = result.expect("runs").values;
        assert_eq!(values, [bcs(&items.iter().sum::<u64>())]);
        (values, execution.finish().0.used())
    };
    let serial: Vec<_> = (0..200).map(run).collect();
    // A fresh VM, so that threads meet with cold caches.
    let world = summing();
    let run = |seed: u64| {
        let items: Vec<u64> = (0..seed % 50).map(|item| item * seed).collect();
        let mut execution = world.start(u64::MAX);
        let argument = vec![CallArg::Value(bcs(&items))];
        let result = execution.call(HOME, &name("m"), &name("sum"), &[], argument);
        (result.expect("runs").values, execution.finish().0.used())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..200).map(run).collect::<Vec<_>>()))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), serial);
        }
    });
}
