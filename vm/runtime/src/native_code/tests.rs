//! The tier against the interpreter: what only this tier can get wrong. The
//! tests of the VM as a whole run in both tiers, too.

use super::compile::compile;
use super::effects::effects;
use super::isa;
use crate::code::{Body, ConstantValue, Ops};
use crate::interpreter::assemble;
use crate::linkage::{FunctionIndex, primitives};
use crate::op::Op;
use crate::tests::support::*;
use crate::{CallArg, ExecutionErrorKind, NativeCode, VmConfig};
use heddle_bytecode::testing::{FunctionSignature, mutable_reference, vector};
use heddle_bytecode::{
    Bytecode, CodeOffset, FunctionDefinitionIndex, LocalIndex, SignatureToken, Visibility,
};

const U64: SignatureToken = SignatureToken::U64;

fn copy(index: u8) -> Bytecode {
    Bytecode::CopyLoc(LocalIndex(index))
}
fn take(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}
fn store(index: u8) -> Bytecode {
    Bytecode::StLoc(LocalIndex(index))
}

/// Names the instructions that keep a function from being compiled. Extend
/// `effects` when one is added to the table.
#[test]
fn every_instruction_is_known() {
    let layout = primitives().u64.layout.clone();
    let body = |constant| Ops {
        ops: Box::default(),
        instructions: assemble(&[], &[]),
        entry_cost: 0,
        offsets: Box::default(),
        constants: [constant].into(),
        layouts: [layout.clone()].into(),
        jump_tables: [Box::default()].into(),
        owning_locals: Box::default(),
        locals: Box::default(),
    };
    let words = body(ConstantValue::Words([7].into()));
    let unknown: Vec<&str> = Op::examples()
        .iter()
        .filter(|op| effects(op, &words, |_| None).is_none())
        .map(Op::mnemonic)
        .collect();
    // Calls need a callee, the variant has no word for its tag, and the
    // constant is of the other kind.
    assert_eq!(unknown, ["Call", "CallNative", "ConstValue", "PackVariant"]);
}

/// `f(n, x) = if n == 0 { x } else { f(n - 1, x + 1) + 1 }`
fn recursion() -> World {
    let mut m = module();
    let f = add(&mut m, "f", &[U64, U64], &[U64], &[], vec![Bytecode::Ret]);
    let code = vec![
        copy(0),
        Bytecode::LdU64(0),
        Bytecode::Eq,
        Bytecode::BrFalse(CodeOffset(6)),
        take(1),
        Bytecode::Ret,
        take(0),
        Bytecode::LdU64(1),
        Bytecode::Sub,
        take(1),
        Bytecode::LdU64(1),
        Bytecode::Add,
        Bytecode::Call(f),
        Bytecode::LdU64(1),
        Bytecode::Add,
        Bytecode::Ret,
    ];
    m.body(FunctionDefinitionIndex(0), &[], code);
    World::of(m)
}

/// Deeper than native code nests, up to the limit and beyond it.
#[test]
fn depth_is_the_same_in_both_tiers() {
    let world = recursion();
    for n in [
        0u64, 1, 7, 200, 495, 496, 505, 512, 768, 1000, 1022, 1023, 1024, 2000,
    ] {
        let result = world.call("f", vec![arg(&n), arg(&5u64)]);
        match result {
            Ok(result) => {
                assert!(n < 1024);
                assert_eq!(result.values, [bcs(&(5 + 2 * n))]);
            }
            Err(error) => {
                assert!(n >= 1024, "{n}: {error:?}");
                assert_eq!(error.kind, ExecutionErrorKind::CallDepth);
                assert_eq!(error.place.expect("has a place").instruction, 12);
            }
        }
    }
}

/// An overflow and an abort at every depth of a stack of native frames.
#[test]
fn faults_come_through_native_frames() {
    let world = recursion();
    for n in 0..40u64 {
        let x = u64::MAX - n / 2;
        let result = world.call("f", vec![arg(&n), arg(&x)]);
        assert_eq!(result.is_ok(), n == 0, "{n}");
    }
}

/// Gas ends in the same place whatever the budget.
#[test]
fn gas_ends_in_the_same_place_at_every_budget() {
    let world = recursion();
    let arguments = || vec![arg(&6u64), arg(&5u64)];
    let (result, full) = world.call_with_gas(u64::MAX, "f", &[], arguments());
    assert!(result.is_ok());
    for budget in 0..=full {
        let (result, used) = world.call_with_gas(budget, "f", &[], arguments());
        assert_eq!(used, budget);
        assert_eq!(result.is_ok(), budget == full);
    }
}

/// A frame as large as the translator allows, with its parameters and results
/// in memory.
#[test]
fn many_parameters_and_results_travel_in_memory() {
    let mut m = module();
    let parameters = vec![U64; 40];
    let mut code: Vec<Bytecode> = (0..40).rev().map(take).collect();
    code.push(Bytecode::Ret);
    let reversed = add(
        &mut m,
        "reversed",
        &parameters[..20],
        &parameters[..20],
        &[],
        {
            let mut code: Vec<Bytecode> = (0..20).rev().map(take).collect();
            code.push(Bytecode::Ret);
            code
        },
    );
    add(&mut m, "large", &parameters, &parameters, &[], code);
    let mut code: Vec<Bytecode> = (0..20).map(take).collect();
    code.extend([
        Bytecode::Call(reversed),
        Bytecode::Call(reversed),
        Bytecode::Ret,
    ]);
    add(
        &mut m,
        "twice",
        &parameters[..20],
        &parameters[..20],
        &[],
        code,
    );
    let world = World::of(m);
    let arguments = |count: u64| (0..count).map(|n| arg(&n)).collect::<Vec<_>>();
    let result = world.call("large", arguments(40)).expect("runs");
    let expected: Vec<_> = (0..40u64).rev().map(|n| bcs(&n)).collect();
    assert_eq!(result.values, expected);
    let result = world.call("twice", arguments(20)).expect("runs");
    let expected: Vec<_> = (0..20u64).map(|n| bcs(&n)).collect();
    assert_eq!(result.values, expected);
}

/// A native that panics in the middle of native code does so in the caller of
/// the VM, as it does in the interpreter.
#[test]
fn a_panic_comes_through_native_code() {
    use crate::{Extensions, GasMeter, NativeTable, Vm};
    for native_code in [NativeCode::Off, NativeCode::ALWAYS] {
        let mut m = module();
        let signature = FunctionSignature {
            type_parameters: Vec::new(),
            parameters: Vec::new(),
            returns: Vec::new(),
        };
        let boom = m.function("boom", Visibility::Private, &signature);
        let boom = m.module[boom].function;
        add(
            &mut m,
            "f",
            &[],
            &[],
            &[],
            vec![Bytecode::Call(boom), Bytecode::Ret],
        );
        let mut natives = NativeTable::with_std();
        natives.register(HOME, "m", "boom", |_| panic!("on purpose"));
        let config = VmConfig {
            native_code,
            ..VmConfig::default()
        };
        let vm = Vm::new(natives, config);
        let store = World::new(vec![package(vec![m.build()])]).store;
        let mut execution = vm.start(&store, GasMeter::new(1000), Extensions::new());
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            execution.call(HOME, &name("m"), &name("f"), &[], vec![])
        }));
        let panic = panic.expect_err("panics");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
    }
}

/// References that no verifier lets pass stay within the execution's memory:
/// whatever happens, it is an answer or an error.
#[test]
fn stray_references_stay_within_memory() {
    let list = mutable_reference(vector(U64));
    let mut m = module();
    let index = m.signature(&[U64]);
    // A reference to a vector in a frame that is gone, and was overwritten
    // with numbers that make a hostile header.
    let dangle = add(
        &mut m,
        "dangle",
        &[],
        std::slice::from_ref(&list),
        &[vector(U64)],
        vec![
            Bytecode::VecPack(index, 0),
            store(0),
            Bytecode::MutBorrowLoc(LocalIndex(0)),
            Bytecode::Ret,
        ],
    );
    let spoil = add(
        &mut m,
        "spoil",
        &[U64, U64],
        &[],
        &[U64, U64, U64],
        vec![
            copy(0),
            store(2),
            copy(1),
            store(3),
            copy(0),
            store(4),
            Bytecode::Ret,
        ],
    );
    let uses: [(&str, Vec<Bytecode>); 5] = [
        ("push", vec![take(2), copy(0), Bytecode::VecPushBack(index)]),
        (
            "pop",
            vec![take(2), Bytecode::VecPopBack(index), Bytecode::Pop],
        ),
        (
            "length",
            vec![
                take(2),
                Bytecode::FreezeRef,
                Bytecode::VecLen(index),
                Bytecode::Pop,
            ],
        ),
        (
            "swap",
            vec![take(2), copy(0), copy(1), Bytecode::VecSwap(index)],
        ),
        (
            "write",
            vec![
                copy(0),
                take(2),
                copy(1),
                Bytecode::VecMutBorrow(index),
                Bytecode::WriteRef,
            ],
        ),
    ];
    for (function, code) in uses {
        let mut all = vec![
            Bytecode::Call(dangle),
            store(2),
            copy(0),
            copy(1),
            Bytecode::Call(spoil),
        ];
        all.extend(code);
        all.push(Bytecode::Ret);
        add(
            &mut m,
            function,
            &[U64, U64],
            &[],
            std::slice::from_ref(&list),
            all,
        );
    }
    let world = World::unverified(m);
    let values = [
        0,
        1,
        2,
        7,
        1 << 18,
        1 << 23,
        (1 << 26) - 8,
        u64::MAX,
        1 << 32 | 1 << 18,
        !7,
    ];
    for function in ["push", "pop", "length", "swap", "write"] {
        for (a, b) in values.iter().flat_map(|a| values.map(|b| (*a, b))) {
            // The two tiers may leave other garbage in dead frames, so only
            // each by itself has to survive.
            world.survives(function, vec![arg(&a), arg(&b)]);
        }
    }
}

/// What is too large to be compiled is interpreted.
#[test]
fn a_large_function_stays_interpreted() {
    let mut code = Vec::new();
    for _ in 0..3000 {
        code.extend([
            take(0),
            Bytecode::LdU64(3),
            Bytecode::Xor,
            copy(1),
            Bytecode::Add,
            store(0),
        ]);
    }
    code.extend([take(0), Bytecode::Ret]);
    let mut m = module();
    add(&mut m, "f", &[U64, U64], &[U64], &[], code);
    let config = VmConfig {
        verify_on_load: false,
        ..VmConfig::default()
    };
    let world = World::with_config(vec![package(vec![m.build()])], config);
    assert!(world.call("f", vec![arg(&1u64), arg(&0u64)]).is_ok());
    let context = world.vm.context(&world.store, &HOME).expect("loads");
    let code = context.code(FunctionIndex(0)).expect("translates");
    assert!(matches!(code.body, Body::Ops(_)));
    let isa = isa().expect("tests run where the tier does");
    assert!(compile(&**isa, &context, FunctionIndex(0), code).is_none());
}

/// Compiled in the background, the function ends up native, and every call on
/// the way gives the same.
#[test]
fn functions_become_native_in_the_background() {
    let mut m = module();
    let code = vec![take(0), Bytecode::LdU64(1), Bytecode::Add, Bytecode::Ret];
    add(&mut m, "f", &[U64], &[U64], &[], code);
    let config = VmConfig {
        native_code: NativeCode::After(3),
        ..VmConfig::default()
    };
    let world = World::with_config(vec![package(vec![m.build()])], config);
    assert!(world.call("f", vec![arg(&7u64)]).is_ok());
    let context = world.vm.context(&world.store, &HOME).expect("loads");
    let code = context.code(FunctionIndex(0)).expect("translates");
    let mut calls = 1u64;
    while !code.tier.cell.is_ready() {
        let result = world.call("f", vec![arg(&calls)]).expect("runs");
        assert_eq!(result.values, [bcs(&(calls + 1))]);
        calls += 1;
        assert!(calls < 10_000_000, "it never becomes native");
        std::thread::yield_now();
    }
    assert!(calls >= 3);
    assert!(world.call("f", vec![arg(&u64::MAX)]).is_err());
}

/// Two threads that make the same function hot at the same time.
#[test]
fn threads_share_native_code() {
    let world = recursion();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..200u64 {
                    let result = world.call("f", vec![arg(&n), arg(&1u64)]);
                    assert_eq!(result.expect("runs").values, [bcs(&(1 + 2 * n))]);
                }
            });
        }
    });
}

#[test]
fn budgets_and_vectors() {
    let mut m = module();
    let index = m.signature(&[U64]);
    // for n down to 0: push n to a local vector and to the argument, pop one.
    let code = vec![
        copy(0),
        Bytecode::LdU64(0),
        Bytecode::Gt,
        Bytecode::BrFalse(CodeOffset(19)),
        Bytecode::MutBorrowLoc(LocalIndex(2)),
        copy(0),
        Bytecode::VecPushBack(index),
        copy(1),
        Bytecode::MutBorrowLoc(LocalIndex(2)),
        Bytecode::VecPopBack(index),
        Bytecode::VecPushBack(index),
        Bytecode::MutBorrowLoc(LocalIndex(2)),
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
    let list = vector(U64);
    let mut prologue = vec![Bytecode::VecPack(index, 0), store(2)];
    prologue.extend(code.into_iter().map(|instruction| match instruction {
        Bytecode::BrFalse(target) => Bytecode::BrFalse(CodeOffset(target.0 + 2)),
        Bytecode::Branch(target) => Bytecode::Branch(CodeOffset(target.0 + 2)),
        other => other,
    }));
    let parameters = [U64, mutable_reference(list.clone())];
    add(&mut m, "f", &parameters, &[], &[list], prologue);
    let world = World::of(m);
    let arguments = || vec![arg(&9u64), CallArg::MutRef(vec![0])];
    let (result, full) = world.call_with_gas(u64::MAX, "f", &[], arguments());
    let expected: Vec<u64> = (1..=9).rev().collect();
    assert_eq!(result.expect("runs").mutated, [(1, bcs(&expected))]);
    for budget in 0..full {
        let (result, _) = world.call_with_gas(budget, "f", &[], arguments());
        assert_eq!(
            result.expect_err("too little").kind,
            ExecutionErrorKind::OutOfGas
        );
    }
}
