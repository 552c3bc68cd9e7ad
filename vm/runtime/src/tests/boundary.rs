//! What comes in and goes out: arguments, results, code nobody verified.

use super::support::*;
use crate::{BcsError, CallArg, ExecutionErrorKind, ResolveError};
use heddle_bytecode::testing::{mutable_reference, reference, vector};
use heddle_bytecode::{Bytecode, LocalIndex, SignatureToken};

fn take(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}

fn identity(ty: SignatureToken, bytes: Vec<u8>) -> Result<Vec<u8>, ExecutionErrorKind> {
    let types = [ty];
    let code = vec![take(0), Bytecode::Ret];
    run(&types, &types, &[], code, vec![CallArg::Value(bytes)])
        .map(|result| result.values[0].clone())
        .map_err(|error| error.kind)
}

#[test]
fn malformed_arguments_are_refused() {
    let cases = [
        (
            SignatureToken::Bool,
            vec![2],
            BcsError::Bool {
                value: 2,
                offset: 0,
            },
        ),
        (
            SignatureToken::U64,
            vec![1; 7],
            BcsError::UnexpectedEnd { offset: 7 },
        ),
        (
            SignatureToken::U64,
            vec![1; 9],
            BcsError::TrailingBytes { count: 1 },
        ),
        (
            vector(SignatureToken::U8),
            vec![0x80, 0],
            BcsError::Length { offset: 0 },
        ),
        (
            vector(SignatureToken::U8),
            vec![0xff, 0xff, 0xff, 0xff, 0x7f],
            BcsError::Length { offset: 0 },
        ),
        (
            vector(SignatureToken::U64),
            vec![2, 0, 0],
            BcsError::UnexpectedEnd { offset: 3 },
        ),
        (
            vector(SignatureToken::Bool),
            vec![2, 1, 3],
            BcsError::Bool {
                value: 3,
                offset: 2,
            },
        ),
        (
            SignatureToken::Address,
            vec![],
            BcsError::UnexpectedEnd { offset: 0 },
        ),
    ];
    for (ty, bytes, error) in cases {
        assert_eq!(
            identity(ty, bytes),
            Err(ExecutionErrorKind::Argument { index: 0, error })
        );
    }
}

#[test]
fn a_huge_length_allocates_nothing() {
    let bytes = vec![0xff, 0xff, 0xff, 0xff, 0x07];
    let error = BcsError::UnexpectedEnd { offset: 5 };
    assert_eq!(
        identity(vector(vector(SignatureToken::U8)), bytes),
        Err(ExecutionErrorKind::Argument { index: 0, error })
    );
}

#[test]
fn arguments_must_suit_parameters() {
    let mut m = module();
    let parameters = [
        reference(SignatureToken::U64),
        mutable_reference(SignatureToken::U64),
    ];
    let code = vec![
        take(0),
        Bytecode::Pop,
        take(1),
        Bytecode::Pop,
        Bytecode::Ret,
    ];
    add(&mut m, "f", &parameters, &[], &[], code);
    add(
        &mut m,
        "leak",
        &parameters[..1],
        &parameters[..1],
        &[],
        vec![take(0), Bytecode::Ret],
    );
    let world = World::of(m);
    let value = bcs(&1u64);
    let (imm, mutable) = (
        CallArg::ImmRef(value.clone()),
        CallArg::MutRef(value.clone()),
    );
    let error = |arguments| world.call("f", arguments).expect_err("does not suit").kind;
    assert_eq!(
        error(vec![imm.clone()]),
        ExecutionErrorKind::ArgumentCount {
            expected: 2,
            given: 1
        }
    );
    assert_eq!(
        error(vec![CallArg::Value(value), mutable.clone()]),
        ExecutionErrorKind::ArgumentPassing { index: 0 }
    );
    assert_eq!(
        error(vec![imm.clone(), imm.clone()]),
        ExecutionErrorKind::ArgumentPassing { index: 1 }
    );
    assert!(world.call("f", vec![imm.clone(), mutable]).is_ok());
    assert_eq!(
        world
            .call("leak", vec![imm])
            .expect_err("returns a reference")
            .kind,
        ExecutionErrorKind::ReferenceReturned { index: 0 }
    );
}

#[test]
fn missing_things_are_named() {
    let mut m = module();
    add(&mut m, "f", &[], &[], &[], vec![Bytecode::Ret]);
    let world = World::of(m);
    let mut execution = world.start(1000);
    let mut error = |package, module: &str, function: &str| {
        let result = execution.call(package, &name(module), &name(function), &[], vec![]);
        match result.expect_err("is missing").kind {
            ExecutionErrorKind::Resolve(error) => error,
            other => panic!("{other}"),
        }
    };
    let other = heddle_bytecode::testing::address(9);
    assert_eq!(error(other, "m", "f"), ResolveError::PackageNotFound(other));
    assert!(matches!(
        error(HOME, "x", "f"),
        ResolveError::ModuleNotFound { .. }
    ));
    assert!(matches!(
        error(HOME, "m", "g"),
        ResolveError::FunctionNotFound { .. }
    ));
}

/// Code that the verifier would refuse ends in a typed error, or stays within
/// its own memory.
#[test]
fn unverified_code_is_refused_or_harmless() {
    use SignatureToken::*;
    let bodies: Vec<Vec<Bytecode>> = vec![
        vec![Bytecode::Pop, Bytecode::Ret],
        vec![Bytecode::Add, Bytecode::Ret],
        vec![Bytecode::LdU64(1), Bytecode::Ret],
        vec![
            Bytecode::LdU64(1),
            Bytecode::LdTrue,
            Bytecode::Add,
            Bytecode::Pop,
            Bytecode::Ret,
        ],
        vec![take(9), Bytecode::Pop, Bytecode::Ret],
        vec![
            Bytecode::LdU64(1),
            Bytecode::ReadRef,
            Bytecode::Pop,
            Bytecode::Ret,
        ],
        vec![
            Bytecode::LdU64(1),
            Bytecode::Branch(heddle_bytecode::CodeOffset(0)),
        ],
        vec![Bytecode::Branch(heddle_bytecode::CodeOffset(77))],
        vec![Bytecode::Nop],
        vec![],
        vec![Bytecode::LdTrue, Bytecode::Not, Bytecode::Not],
        vec![
            Bytecode::Pack(heddle_bytecode::StructDefinitionIndex(3)),
            Bytecode::Ret,
        ],
        vec![
            Bytecode::Call(heddle_bytecode::FunctionHandleIndex(300)),
            Bytecode::Ret,
        ],
        vec![
            Bytecode::LdConst(heddle_bytecode::ConstantPoolIndex(5)),
            Bytecode::Pop,
            Bytecode::Ret,
        ],
        vec![
            Bytecode::VecPack(heddle_bytecode::SignatureIndex(0), u64::MAX),
            Bytecode::Ret,
        ],
        vec![
            take(0),
            Bytecode::LdU64(4),
            Bytecode::WriteRef,
            Bytecode::Ret,
        ],
        vec![Bytecode::VariantSwitch(
            heddle_bytecode::VariantJumpTableIndex(0),
        )],
    ];
    for body in bodies {
        let mut m = module();
        add(&mut m, "f", &[vector(U64)], &[], &[], body.clone());
        let error = World::unverified(m).call("f", vec![CallArg::Value(vec![0])]);
        assert!(
            matches!(
                error.as_ref().map_err(|error| &error.kind),
                Err(ExecutionErrorKind::Resolve(_))
            ),
            "{body:?}: {error:?}"
        );
    }
}

/// A reference to a frame that is gone, and a vector whose elements moved
/// away: both only reach memory of the same execution.
#[test]
fn dangling_references_stay_in_memory() {
    let mut m = module();
    let u64_ref = mutable_reference(SignatureToken::U64);
    let dangle = add(
        &mut m,
        "dangle",
        &[SignatureToken::U64],
        &[u64_ref],
        &[],
        vec![Bytecode::MutBorrowLoc(LocalIndex(0)), Bytecode::Ret],
    );
    let code = vec![
        Bytecode::LdU64(5),
        Bytecode::LdU64(7),
        Bytecode::Call(dangle),
        Bytecode::WriteRef,
        Bytecode::Ret,
    ];
    add(&mut m, "f", &[], &[], &[], code);
    assert!(World::unverified(m).call("f", vec![]).is_ok());
}

#[test]
fn natives_of_the_standard_library() {
    use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address};
    let mut m = ModuleBuilder::new(address(1), "hash");
    let bytes = vector(SignatureToken::U8);
    let signature = FunctionSignature {
        parameters: vec![bytes.clone()],
        returns: vec![bytes],
        ..FunctionSignature::default()
    };
    m.function("sha3_256", heddle_bytecode::Visibility::Public, &signature);
    m.function(
        "unheard_of",
        heddle_bytecode::Visibility::Public,
        &signature,
    );
    let world = World::new(vec![package(vec![m.build()])]);
    let mut execution = world.start(10_000);
    let mut call = |function: &str| {
        let input = vec![arg(&b"abc".to_vec())];
        execution.call(address(1), &name("hash"), &name(function), &[], input)
    };
    use sha3::Digest;
    let digest = sha3::Sha3_256::digest(b"abc").to_vec();
    assert_eq!(call("sha3_256").expect("runs").values, [bcs(&digest)]);
    assert!(matches!(
        call("unheard_of").expect_err("has no native").kind,
        ExecutionErrorKind::Resolve(ResolveError::NativeNotFound { .. })
    ));
}
