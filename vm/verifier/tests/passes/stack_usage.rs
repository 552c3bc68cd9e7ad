use heddle_bytecode::{Bytecode as B, SignatureToken as T};
use heddle_verifier::Rule;

use crate::body::{Body, World, body, br_true, branch, copy, one, take};

fn code(code: Vec<B>) -> Body {
    body(&[], &[], &[], code)
}

#[test]
fn blocks_leave_the_stack_as_they_found_it() {
    let w = World::new();
    w.accept("balanced", code(vec![one(), B::Pop, B::Ret]));
    w.refuse(
        "pop of nothing",
        code(vec![B::Pop, B::Ret]),
        Rule::StackUsage,
        0,
    );
    w.refuse(
        "two operands where one is",
        code(vec![one(), B::Add, B::Pop, B::Ret]),
        Rule::StackUsage,
        1,
    );
    w.refuse(
        "a value over a branch",
        code(vec![one(), branch(2), B::Pop, B::Ret]),
        Rule::StackUsage,
        1,
    );
    w.refuse(
        "a value over a conditional branch",
        code(vec![one(), B::LdTrue, br_true(3), B::Pop, B::Ret]),
        Rule::StackUsage,
        2,
    );
    w.refuse(
        "a value over the border to a branch's target",
        code(vec![B::LdTrue, br_true(4), B::Nop, one(), B::Pop, B::Ret]),
        Rule::StackUsage,
        3,
    );
    w.refuse(
        "a value beside the code of an abort",
        code(vec![one(), one(), B::Abort]),
        Rule::StackUsage,
        2,
    );
    w.refuse(
        "code that nothing reaches",
        code(vec![B::Ret, B::Pop, B::Ret]),
        Rule::StackUsage,
        1,
    );
}

#[test]
fn returns_take_exactly_the_results() {
    let w = World::new();
    let results = [T::U64, T::U64];
    let returning = |count: usize| {
        let mut code = vec![one(); count];
        code.push(B::Ret);
        body(&[], &results, &[], code)
    };
    w.accept("two", returning(2));
    w.refuse("one", returning(1), Rule::StackUsage, 1);
    w.refuse("three", returning(3), Rule::StackUsage, 3);
}

#[test]
fn instructions_take_what_their_items_say() {
    let mut w = World::new();
    let call = w.function("two", &[T::U64, T::U64], &[T::U64, T::U64, T::U64]);
    let variant = w.b.variant(w.e_def, 0);
    let taking = |count: usize, instruction: B, results: usize| {
        let mut code = vec![one(); count];
        code.push(instruction);
        code.extend(vec![B::Pop; results]);
        code.push(B::Ret);
        body(&[], &[], &[], code)
    };
    let rows = [
        (B::Call(call), 2, 3),
        (B::Pack(w.s_def), 2, 1),
        (B::PackVariant(variant), 2, 1),
        (B::VecPack(w.u64s, 3), 3, 1),
        (B::VecPack(w.u64s, 0), 0, 1),
    ];
    for (instruction, pops, pushes) in rows {
        let name = format!("{instruction:?}");
        w.accept(&name, taking(pops, instruction.clone(), pushes));
        let offset = u16::try_from(pops).unwrap();
        if let Some(fewer) = pops.checked_sub(1) {
            let short = taking(fewer, instruction.clone(), pushes);
            w.refuse(&name, short, Rule::StackUsage, offset - 1);
        }
        let end = offset + 1 + u16::try_from(pushes).unwrap();
        let one_result_more = taking(pops, instruction, pushes + 1);
        w.refuse(&name, one_result_more, Rule::StackUsage, end);
    }
    let unpack = |instruction: B, type_: &T, results: usize| {
        let mut code = vec![take(0), instruction];
        code.extend(vec![B::Pop; results]);
        code.push(B::Ret);
        body(std::slice::from_ref(type_), &[], &[], code)
    };
    w.accept("unpack", unpack(B::Unpack(w.s_def), &w.s, 2));
    w.refuse(
        "unpack",
        unpack(B::Unpack(w.s_def), &w.s, 1),
        Rule::StackUsage,
        3,
    );
    w.accept("variant", unpack(B::UnpackVariant(variant), &w.e, 2));
    w.refuse(
        "variant",
        unpack(B::UnpackVariant(variant), &w.e, 3),
        Rule::StackUsage,
        4,
    );
    let vector = heddle_bytecode::testing::vector(T::U64);
    w.accept("vector", unpack(B::VecUnpack(w.u64s, 2), &vector, 2));
    w.refuse(
        "vector",
        unpack(B::VecUnpack(w.u64s, 2), &vector, 3),
        Rule::StackUsage,
        4,
    );
}

#[test]
fn the_stack_is_bounded() {
    let w = World::new();
    let high = |count: usize| {
        let mut code = vec![B::LdTrue; count];
        code.extend(vec![B::Pop; count]);
        code.push(B::Ret);
        body(&[], &[], &[], code)
    };
    w.accept("1024 values", high(1024));
    w.refuse("1025 values", high(1025), Rule::SizeLimit, 1024);
    let busy = |count: usize| {
        let mut code: Vec<B> = (0..count).flat_map(|_| [B::LdTrue, B::Pop]).collect();
        code.push(B::Ret);
        body(&[], &[], &[], code)
    };
    w.accept("10000 pushes", busy(10_000));
    w.refuse("10001 pushes", busy(10_001), Rule::SizeLimit, 20_000);
    let vector = heddle_bytecode::testing::vector(T::U64);
    w.refuse(
        "a vector taken apart",
        body(
            &[vector],
            &[],
            &[],
            vec![copy(0), B::VecUnpack(w.u64s, 1025), B::Ret],
        ),
        Rule::SizeLimit,
        1,
    );
}
