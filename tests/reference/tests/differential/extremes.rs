//! Programs at the edges of what an instruction of the VM can hold: wide
//! values, blocks that cost more than a branch can carry, large offsets,
//! constants beyond 32 bits.

use crate::tiers::{Difference, TIERS, World, differs};
use heddle_bytecode::testing::{ModuleBuilder, address, mutable_reference, vector};
use heddle_bytecode::{
    AbilitySet, Bytecode, CodeOffset, FunctionDefinitionIndex, LocalIndex, SignatureToken,
    StructDefinitionIndex,
};
use heddle_reference::{Argument, Call, FailureKind, Program, run};

fn copy(local: u8) -> Bytecode {
    Bytecode::CopyLoc(LocalIndex(local))
}

fn take(local: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(local))
}

fn store(local: u8) -> Bytecode {
    Bytecode::StLoc(LocalIndex(local))
}

/// Runs function `f` of a module with these arguments at many budgets, on all
/// tiers and the reference.
fn check(module: ModuleBuilder, arguments: Vec<Vec<u8>>) -> Vec<Option<FailureKind>> {
    let module = module.build();
    let (function, _) = module.function_named("f").expect("the function under test");
    let program = Program::new(vec![module]);
    let call = Call {
        module: 0,
        function,
        type_arguments: Vec::new(),
        arguments: arguments
            .into_iter()
            .map(|bytes| Argument { bytes })
            .collect(),
    };
    let ample = 10_000_000;
    let whole = run(&program, &call, ample);
    let mut budgets: Vec<u64> = (0..50).map(|step| whole.gas_used * step / 50).collect();
    budgets.extend([whole.gas_used.saturating_sub(1), whole.gas_used, ample]);
    let mut ends = Vec::new();
    for tier in TIERS {
        let world = World::new(tier, &program);
        for budget in &budgets {
            let expected = run(&program, &call, *budget);
            let seen = world.observe(&program, &call, *budget);
            match differs(&expected, &seen) {
                Ok(()) => {}
                Err(Difference::BeyondLimits) => panic!("{}: {seen:?}", tier.name),
                Err(Difference::Words(words)) => panic!("{}: {words}", tier.name),
            }
            ends.push(expected.result.err().map(|failure| failure.kind));
        }
    }
    ends
}

fn module() -> ModuleBuilder {
    ModuleBuilder::new(address(0xE), "extremes")
}

/// A struct of 4,096 words: 32 of 32 integers of 256 bits.
fn wide(module: &mut ModuleBuilder) -> (SignatureToken, StructDefinitionIndex) {
    let names: Vec<String> = (0..32).map(|field| format!("x{field}")).collect();
    let fields = |ty: &SignatureToken| -> Vec<(String, SignatureToken)> {
        names
            .iter()
            .map(|name| (name.clone(), ty.clone()))
            .collect()
    };
    let mut ty = SignatureToken::U256;
    let mut def = StructDefinitionIndex(0);
    for name in ["Inner", "Outer"] {
        let fields = fields(&ty);
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, t)| (n.as_str(), t.clone()))
            .collect();
        let handle = module.own_datatype(name, AbilitySet::PRIMITIVES, &[]);
        def = module.struct_def(handle, &fields);
        ty = SignatureToken::Datatype(handle);
    }
    (ty, def)
}

fn wide_value() -> Vec<u8> {
    (0..32 * 32 * 32u32).map(|byte| byte as u8).collect()
}

/// A function that copies a wide value so often in one block that the block's
/// cost does not fit 16 bits, on either side of a branch and in a loop.
#[test]
fn blocks_that_cost_more_than_a_branch_carries() {
    for count in [1, 31, 32, 33, 100] {
        let mut m = module();
        let (ty, _) = wide(&mut m);
        let expensive = || (0..count).flat_map(|_| [copy(0), store(2)]);
        let mut code = vec![copy(1), Bytecode::BrTrue(CodeOffset(0))];
        code.extend(expensive());
        code.push(Bytecode::Branch(CodeOffset(0)));
        let taken = code.len() as u16;
        code[1] = Bytecode::BrTrue(CodeOffset(taken));
        code.extend(expensive());
        let end = code.len() as u16 + 1;
        code.push(Bytecode::Branch(CodeOffset(end)));
        code.push(Bytecode::Ret);
        // The first way leads to the end as well.
        code[usize::from(taken) - 1] = Bytecode::Branch(CodeOffset(end));
        let f = m.simple_function("f", &[ty.clone(), SignatureToken::Bool], &[], vec![]);
        m.body(f, std::slice::from_ref(&ty), code);
        for condition in [0, 1] {
            let ends = check(m.clone(), vec![wide_value(), vec![condition]]);
            assert!(ends.contains(&None) && ends.contains(&Some(FailureKind::OutOfGas)));
        }
    }
}

/// Reads and writes at the end of a wide value: through a local's reference, an
/// argument's, and a vector's element.
#[test]
fn fields_far_from_the_start() {
    let mut m = module();
    let (ty, def) = wide(&mut m);
    let inner = StructDefinitionIndex(0);
    let (last_outer, last_inner) = (m.field(def, 31), m.field(inner, 31));
    let element = m.signature(std::slice::from_ref(&ty));
    let into = || {
        [
            Bytecode::MutBorrowField(last_outer),
            Bytecode::MutBorrowField(last_inner),
        ]
    };
    let mut code = Vec::new();
    // *&mut l0.x31.x31 = l3; *&mut l1.x31.x31 = l3; l2[1].x31.x31 = l3
    for place in [
        vec![Bytecode::MutBorrowLoc(LocalIndex(0))],
        vec![copy(1)],
        vec![copy(2), Bytecode::LdU64(1), Bytecode::VecMutBorrow(element)],
    ] {
        code.push(copy(3));
        code.extend(place.clone());
        code.extend(into());
        code.push(Bytecode::WriteRef);
        code.extend(place);
        code.extend(into());
        code.extend([Bytecode::ReadRef, store(3)]);
        code.extend([take(3), copy(3 + 1), Bytecode::Xor, store(3)]);
    }
    code.extend([take(0), take(3), Bytecode::Ret]);
    let types = [
        ty.clone(),
        mutable_reference(ty.clone()),
        mutable_reference(vector(ty.clone())),
        SignatureToken::U256,
        SignatureToken::U256,
    ];
    let f = m.simple_function("f", &types, &[ty.clone(), SignatureToken::U256], vec![]);
    m.body(f, &[], code);
    let mut two = vec![2];
    two.extend(wide_value());
    two.extend(wide_value());
    let ends = check(
        m,
        vec![
            wide_value(),
            wide_value(),
            two,
            vec![0xAB; 32],
            vec![0x35; 32],
        ],
    );
    assert!(ends.contains(&None));
}

/// Branches on comparisons with constants around the widths that fused
/// instructions have.
#[test]
fn comparisons_with_large_constants() {
    let constants = [
        0,
        1,
        (1 << 16) - 1,
        1 << 16,
        (1 << 32) - 2,
        (1 << 32) - 1,
        1 << 32,
        (1 << 32) + 1,
        u64::MAX - 1,
        u64::MAX,
    ];
    let comparisons = [
        Bytecode::Lt,
        Bytecode::Le,
        Bytecode::Gt,
        Bytecode::Ge,
        Bytecode::Eq,
        Bytecode::Neq,
    ];
    let branches: [fn(CodeOffset) -> Bytecode; 2] = [Bytecode::BrTrue, Bytecode::BrFalse];
    for constant in constants {
        for comparison in &comparisons {
            for branch in branches {
                for is_left in [false, true] {
                    let mut m = module();
                    let mut operands = [copy(0), Bytecode::LdU64(constant)];
                    if is_left {
                        operands.reverse();
                    }
                    let mut code = operands.to_vec();
                    code.extend([
                        comparison.clone(),
                        branch(CodeOffset(6)),
                        Bytecode::LdU8(1),
                        Bytecode::Ret,
                        Bytecode::LdU8(2),
                        Bytecode::Ret,
                    ]);
                    let u8s = [SignatureToken::U8];
                    m.simple_function("f", &[SignatureToken::U64], &u8s, code);
                    for value in [constant.wrapping_sub(1), constant, constant.wrapping_add(1)] {
                        check(m.clone(), vec![value.to_le_bytes().to_vec()]);
                    }
                }
            }
        }
    }
}

/// Recursion to the limit on frames, at and beyond it.
#[test]
fn calls_as_deep_as_they_go() {
    let mut m = module();
    let parameters = [SignatureToken::U64];
    let f = m.simple_function("f", &parameters, &parameters, vec![]);
    let handle = m.module[f].function;
    let code = vec![
        copy(0),
        Bytecode::LdU64(0),
        Bytecode::Eq,
        Bytecode::BrTrue(CodeOffset(10)),
        take(0),
        Bytecode::LdU64(1),
        Bytecode::Sub,
        Bytecode::Call(handle),
        Bytecode::LdU64(1),
        Bytecode::Branch(CodeOffset(0)),
        Bytecode::LdU64(7),
        Bytecode::Ret,
    ];
    let mut code = code;
    // f(n) = f(n - 1) + 1
    code.splice(9..10, [Bytecode::Add, Bytecode::Ret]);
    code[3] = Bytecode::BrTrue(CodeOffset(11));
    m.body(FunctionDefinitionIndex(0), &[], code);
    for (depth, is_too_deep) in [(0u64, false), (1022, false), (1023, false), (1024, true)] {
        let ends = check(m.clone(), vec![depth.to_le_bytes().to_vec()]);
        assert_eq!(
            ends.contains(&Some(FailureKind::CallDepth)),
            is_too_deep,
            "{depth}"
        );
    }
}
