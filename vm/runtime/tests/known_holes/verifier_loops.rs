//! Modules of a hundred bytes or a few hundred that make a verifier run long or
//! for ever: analyses whose states never settle, or settle only after a number
//! of rounds that grows with the size of the state.

use heddle_bytecode::testing::{ModuleBuilder, mutable_reference, reference};
use heddle_bytecode::{Bytecode as B, CodeOffset, LocalIndex, SignatureToken as T};
use heddle_verifier::{VerifierLimits, WorkMeter, verify_module, verify_object_rules};

use crate::world::{add, module, signature};

fn br_true(target: usize) -> B {
    B::BrTrue(CodeOffset(u16::try_from(target).expect("small")))
}
fn branch(target: usize) -> B {
    B::Branch(CodeOffset(u16::try_from(target).expect("small")))
}

/// The work of all passes, which ends: within what a small module may take.
#[track_caller]
fn work(what: &str, m: ModuleBuilder) -> u64 {
    let module = m.build();
    let bytes = module.serialize().expect("can be written").len();
    let mut meter = WorkMeter::default();
    let verdict = verify_module(&module, &VerifierLimits::default(), &mut meter)
        .and_then(|()| verify_object_rules(&module, &mut meter));
    let used = meter.used();
    // Each byte costs some units to look at; a small module that needs many
    // more goes round in circles.
    let allowed = 2000 * bytes as u64;
    assert!(
        used < allowed,
        "{what}: {used} units for {bytes} bytes, {verdict:?}"
    );
    used
}

#[test]
fn a_state_that_flips_at_each_turn() {
    // Two locals swap fresh and stale values at each turn of a loop, so that
    // an analysis that replaces states instead of joining them never settles.
    let mut m = module();
    let code = vec![
        B::LdU64(1),
        B::StLoc(LocalIndex(0)),
        B::LdTrue,
        br_true(9),
        B::MoveLoc(LocalIndex(0)),
        B::StLoc(LocalIndex(1)),
        B::MoveLoc(LocalIndex(1)),
        B::StLoc(LocalIndex(0)),
        branch(2),
        B::Ret,
    ];
    add(&mut m, "f", &signature(&[], &[]), &[T::U64, T::U64], code);
    work("flip", m);
}

#[test]
fn availability_that_falls_away_one_local_at_a_turn() {
    // Each turn of the loop moves locals along a chain: each round of an
    // analysis learns one thing more.
    let mut m = module();
    let count = 40u8;
    let mut code = vec![B::LdTrue, br_true(0)];
    for local in 0..count - 1 {
        code.push(B::CopyLoc(LocalIndex(local + 1)));
        code.push(B::StLoc(LocalIndex(local)));
    }
    code.push(branch(0));
    code[1] = br_true(code.len());
    code.push(B::Ret);
    let parameters = vec![T::U64; usize::from(count)];
    add(&mut m, "f", &signature(&parameters, &[]), &[], code);
    work("a chain of values", m);
}

#[test]
fn references_that_move_along_a_chain() {
    for mutable in [true, false] {
        let mut m = module();
        let count = 20u8;
        let mut code = vec![B::LdTrue, B::Nop];
        for local in 0..count - 1 {
            code.push(B::CopyLoc(LocalIndex(local + 1)));
            code.push(B::StLoc(LocalIndex(local)));
        }
        code.push(branch(0));
        code[1] = br_true(code.len());
        code.push(B::Ret);
        let type_ = if mutable {
            mutable_reference(T::U64)
        } else {
            reference(T::U64)
        };
        let parameters = vec![type_; usize::from(count)];
        add(&mut m, "f", &signature(&parameters, &[]), &[], code);
        work("a chain of references", m);
    }
}

#[test]
fn every_reference_borrows_from_every_other() {
    // A call mixes all references; a loop mixes them again and again.
    let count = 12u8;
    let mut m = module();
    let types = vec![reference(T::U64); usize::from(count)];
    let mix = m.function(
        "mix",
        heddle_bytecode::Visibility::Private,
        &signature(&types, &types),
    );
    let mix = m.module[mix].function;
    let mut code = vec![B::LdTrue, B::Nop];
    code.extend((0..count).map(|local| B::CopyLoc(LocalIndex(local))));
    code.push(B::Call(mix));
    code.extend((0..count).rev().map(|local| B::StLoc(LocalIndex(local))));
    code.push(branch(0));
    code[1] = br_true(code.len());
    code.push(B::Ret);
    add(&mut m, "f", &signature(&types, &[]), &[], code);
    work("all with all", m);
}

#[test]
fn loops_in_loops_in_loops() {
    for depth in 1..=8usize {
        let mut m = module();
        // depth heads, then depth branches back, the innermost first.
        let mut code = Vec::new();
        for _ in 0..depth {
            code.extend([B::Nop, B::Nop]);
        }
        for level in (0..depth).rev() {
            code.extend([B::LdTrue, br_true(2 * level)]);
        }
        code.push(B::Ret);
        add(&mut m, "f", &signature(&[], &[]), &[T::U64], code);
        work("nested loops", m);
    }
}

#[test]
fn a_loop_with_two_entries() {
    let mut m = module();
    let code = vec![
        B::LdTrue,
        br_true(4),
        B::Nop,
        B::Nop,
        B::LdTrue,
        br_true(2),
        B::Ret,
    ];
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    work("two entries", m);
}

#[test]
fn every_instruction_branches_to_every_other() {
    // Irreducible as can be.
    let mut m = module();
    let mut code = Vec::new();
    for at in 0..60usize {
        code.extend([B::LdTrue, br_true((at * 37 % 60) * 2)]);
    }
    code.push(B::Ret);
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    work("a thicket", m);
}

#[test]
fn functions_that_call_each_other_with_more_type_parameters_each() {
    let mut m = module();
    let generic = |count: usize| heddle_bytecode::testing::FunctionSignature {
        type_parameters: vec![heddle_bytecode::AbilitySet::EMPTY; count],
        parameters: vec![],
        returns: vec![],
    };
    let first = m.function("a", heddle_bytecode::Visibility::Private, &generic(16));
    let second = m.function("b", heddle_bytecode::Visibility::Private, &generic(16));
    let rotated: Vec<T> = (0..16)
        .map(|position| heddle_bytecode::testing::type_parameter((position + 1) % 16))
        .collect();
    let to_first = m.module[first].function;
    let to_second = m.module[second].function;
    let to_first = m.function_instantiation(to_first, &rotated);
    let to_second = m.function_instantiation(to_second, &rotated);
    m.body(first, &[], vec![B::CallGeneric(to_second), B::Ret]);
    m.body(second, &[], vec![B::CallGeneric(to_first), B::Ret]);
    work("rotating type parameters", m);
}
