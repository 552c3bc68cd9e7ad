//! Aborts and faults with their places, gas, and limits.

use super::support::*;
use crate::{CallArg, ExecutionErrorKind, Extensions, GasMeter, VmConfig};
use heddle_bytecode::testing::{mutable_reference, vector};
use heddle_bytecode::{Bytecode, CodeOffset, LocalIndex, SignatureToken};

fn copy(index: u8) -> Bytecode {
    Bytecode::CopyLoc(LocalIndex(index))
}
fn take(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}
fn store(index: u8) -> Bytecode {
    Bytecode::StLoc(LocalIndex(index))
}

#[test]
fn an_abort_names_its_place() {
    let mut m = module();
    let inner = add(
        &mut m,
        "inner",
        &[SignatureToken::U64],
        &[],
        &[],
        vec![Bytecode::Nop, take(0), Bytecode::Abort],
    );
    add(
        &mut m,
        "f",
        &[SignatureToken::U64],
        &[],
        &[],
        vec![take(0), Bytecode::Call(inner), Bytecode::Ret],
    );
    let error = World::of(m)
        .call("f", vec![arg(&42u64)])
        .expect_err("aborts");
    assert_eq!(error.kind, ExecutionErrorKind::Abort { code: 42 });
    let place = error.place.expect("in a function");
    assert_eq!(place.module, name("m"));
    assert_eq!(place.function, name("inner"));
    assert_eq!((place.function_index, place.instruction), (0, 2));
    assert_eq!((place.package, place.original_id), (HOME, HOME));
}

#[test]
fn a_fault_names_the_instruction() {
    let code = vec![
        Bytecode::Nop,
        take(0),
        Bytecode::LdU64(1),
        Bytecode::Add,
        Bytecode::Ret,
    ];
    let types = [SignatureToken::U64];
    let error = run(&types, &types, &[], code, vec![arg(&u64::MAX)]).expect_err("overflows");
    assert_eq!(error.place.expect("in a function").instruction, 3);
}

#[test]
fn an_element_access_fails_at_the_borrow() {
    // Borrow and access become one instruction.
    for (element, last) in [
        (SignatureToken::U64, vec![Bytecode::ReadRef, Bytecode::Pop]),
        (SignatureToken::U8, vec![Bytecode::ReadRef, Bytecode::Pop]),
        (SignatureToken::U64, vec![Bytecode::WriteRef]),
        (SignatureToken::U8, vec![Bytecode::WriteRef]),
    ] {
        let mut m = module();
        let index = m.signature(std::slice::from_ref(&element));
        let writes = last == [Bytecode::WriteRef];
        let mut code = vec![
            if writes { take(1) } else { Bytecode::Nop },
            Bytecode::MutBorrowLoc(LocalIndex(0)),
            Bytecode::LdU64(0),
            Bytecode::VecMutBorrow(index),
        ];
        code.extend(last);
        code.push(Bytecode::Ret);
        add(
            &mut m,
            "f",
            &[vector(element.clone()), element.clone()],
            &[],
            &[],
            code,
        );
        let value = if element == SignatureToken::U8 {
            arg(&7u8)
        } else {
            arg(&7u64)
        };
        let error = World::of(m)
            .call("f", vec![CallArg::Value(vec![0]), value])
            .expect_err("the vector is empty");
        assert_eq!(error.place.expect("in a function").instruction, 3);
    }
}

/// `fun f(n: u64, log: &mut vector<u64>) { while (n > 0) { log.push_back(n); n = n - 1 } }`
fn logging() -> World {
    let mut m = module();
    let index = m.signature(&[SignatureToken::U64]);
    let code = vec![
        copy(0),
        Bytecode::LdU64(0),
        Bytecode::Gt,
        Bytecode::BrFalse(CodeOffset(12)),
        copy(1),
        copy(0),
        Bytecode::VecPushBack(index),
        take(0),
        Bytecode::LdU64(1),
        Bytecode::Sub,
        store(0),
        Bytecode::Branch(CodeOffset(0)),
        take(1),
        Bytecode::Pop,
        Bytecode::Ret,
    ];
    let parameters = [
        SignatureToken::U64,
        mutable_reference(vector(SignatureToken::U64)),
    ];
    add(&mut m, "f", &parameters, &[], &[], code);
    World::of(m)
}

#[test]
fn gas_is_exact_at_every_budget() {
    let world = logging();
    let arguments = || vec![arg(&5u64), CallArg::MutRef(vec![0])];
    let full = {
        let mut execution = world.start(u64::MAX);
        let result = execution
            .call(HOME, &name("m"), &name("f"), &[], arguments())
            .expect("runs");
        assert_eq!(result.mutated, [(1, bcs(&vec![5u64, 4, 3, 2, 1]))]);
        execution.finish().0.used()
    };
    for budget in 0..=full {
        let (result, used) = world.call_with_gas(budget, "f", &[], arguments());
        // All of the budget goes if it does not suffice, and exactly what is
        // needed if it does.
        assert_eq!(used, budget);
        match result {
            Ok(_) => assert_eq!(budget, full),
            Err(error) => assert_eq!(error.kind, ExecutionErrorKind::OutOfGas),
        }
    }
}

#[test]
fn gas_is_the_same_whatever_the_caches_hold() {
    let used = |world: &World| {
        let mut execution = world.start(u64::MAX);
        let arguments = vec![arg(&9u64), CallArg::MutRef(vec![0])];
        execution
            .call(HOME, &name("m"), &name("f"), &[], arguments)
            .expect("runs");
        execution.finish().0.used()
    };
    let world = logging();
    let cold = used(&world);
    assert_eq!(cold, used(&world));
    assert_eq!(cold, used(&logging()));
}

#[test]
fn endless_recursion_ends() {
    let mut m = module();
    let f = add(&mut m, "f", &[], &[], &[], vec![Bytecode::Ret]);
    let index = heddle_bytecode::FunctionDefinitionIndex(0);
    m.body(index, &[], vec![Bytecode::Call(f), Bytecode::Ret]);
    let error = World::of(m).call("f", vec![]).expect_err("too deep");
    assert_eq!(error.kind, ExecutionErrorKind::CallDepth);
}

#[test]
fn endless_growth_ends() {
    let mut m = module();
    let index = m.signature(&[SignatureToken::U64]);
    let code = vec![
        Bytecode::MutBorrowLoc(LocalIndex(0)),
        Bytecode::LdU64(1),
        Bytecode::VecPushBack(index),
        Bytecode::Branch(CodeOffset(0)),
    ];
    add(&mut m, "f", &[vector(SignatureToken::U64)], &[], &[], code);
    let config = VmConfig {
        heap_bytes_max: 1 << 16,
        ..VmConfig::default()
    };
    let world = World::with_config(vec![package(vec![m.build()])], config);
    let error = world
        .call("f", vec![CallArg::Value(vec![0])])
        .expect_err("grows for ever");
    assert_eq!(
        error.kind,
        ExecutionErrorKind::MemoryLimit {
            limit_bytes: 1 << 16
        }
    );
    // The memory is as good as new for the next execution.
    let error = world
        .call("f", vec![CallArg::Value(vec![0])])
        .expect_err("grows for ever");
    assert_eq!(
        error.kind,
        ExecutionErrorKind::MemoryLimit {
            limit_bytes: 1 << 16
        }
    );
}

#[test]
fn calls_of_one_execution_share_the_meter() {
    let world = logging();
    let mut execution = world
        .vm
        .start(&world.store, GasMeter::new(1_000_000), Extensions::new());
    let mut used = 0;
    for _ in 0..3 {
        let arguments = vec![arg(&2u64), CallArg::MutRef(vec![0])];
        execution
            .call(HOME, &name("m"), &name("f"), &[], arguments)
            .expect("runs");
        assert!(execution.gas().used() > used);
        used = execution.gas().used();
    }
    assert_eq!(execution.finish().0.used(), used);
}
