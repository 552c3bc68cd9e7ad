//! Integer overflow in the verifier: counts that wrap around make a stack look
//! balanced or a type look small, and references that are numbered in too few
//! bits make two of them one.

use heddle_bytecode::testing::{
    instantiation, mutable_reference, reference, type_parameter, vector,
};
use heddle_bytecode::{
    AbilitySet, BinaryLimits, Bytecode as B, CompiledModule, LocalIndex, SignatureToken as T,
};
use heddle_verifier::Rule;

use crate::world::{World, add, arg, module, package, refused_and_harmless, signature, verdict};

#[test]
fn counts_that_wrap_around() {
    // 2^64 - 1 and 1 together are 0.
    for (first, second) in [(u64::MAX, 1), (1 << 63, 1 << 63), (u64::from(u32::MAX), 1)] {
        let mut m = module();
        let u8s = m.signature(&[T::U8]);
        let code = vec![
            B::VecPack(u8s, 0),
            B::VecUnpack(u8s, first),
            B::VecPack(u8s, 0),
            B::VecUnpack(u8s, second),
            B::Ret,
        ];
        add(&mut m, "f", &signature(&[], &[]), &[], code);
        refused_and_harmless("unpack", &m, Rule::SizeLimit, vec![]);
        let mut m = module();
        let u8s = m.signature(&[T::U8]);
        let code = vec![B::VecPack(u8s, first), B::Pop, B::Ret];
        add(&mut m, "f", &signature(&[], &[]), &[], code);
        refused_and_harmless("pack", &m, Rule::SizeLimit, vec![]);
    }
}

#[test]
fn a_stack_as_high_as_a_count_of_16_bits() {
    let mut m = module();
    let u8s = m.signature(&[T::U8]);
    let mut code = vec![B::VecPack(u8s, 0), B::VecUnpack(u8s, 65_535)];
    code.extend([B::VecPack(u8s, 0), B::VecUnpack(u8s, 1)]);
    code.push(B::Ret);
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    refused_and_harmless("65,536 values", &m, Rule::SizeLimit, vec![]);
}

#[test]
fn more_locals_than_a_byte_counts() {
    // Parameters and locals together: 128 and 128 are 256, which is 0 in a
    // byte.
    for (locals, expected) in [(127, None), (128, Some(Rule::SizeLimit))] {
        let mut m = module();
        let types = vec![T::U8; locals];
        let code = vec![B::CopyLoc(LocalIndex(0)), B::Pop, B::Ret];
        add(
            &mut m,
            "f",
            &signature(&vec![T::U8; 128], &[]),
            &types,
            code,
        );
        assert_eq!(verdict(&m.build()), expected, "{locals} locals");
    }
}

#[test]
fn more_references_than_a_byte_or_two_bytes_number() {
    // 70,000 references are made, one after the other; the first two, which
    // alias, are still two.
    let build = |is_safe: bool| {
        let mut m = module();
        let mut code = vec![B::CopyLoc(LocalIndex(0)), B::StLoc(LocalIndex(1))];
        for block in 0..16u16 {
            for _ in 0..1500 {
                code.extend([B::CopyLoc(LocalIndex(1)), B::Pop]);
            }
            // A block may push 10,000 values.
            let next = u16::try_from(code.len() + 1).unwrap();
            code.push(B::Branch(heddle_bytecode::CodeOffset(next)));
            assert!(block < 16);
        }
        if is_safe {
            code.extend([B::MoveLoc(LocalIndex(1)), B::Pop]);
        }
        code.extend([B::LdU64(1), B::CopyLoc(LocalIndex(0)), B::WriteRef, B::Ret]);
        let locals = [mutable_reference(T::U64)];
        let parameters = [mutable_reference(T::U64)];
        add(&mut m, "f", &signature(&parameters, &[]), &locals, code);
        m.build()
    };
    assert_eq!(verdict(&build(true)), None);
    assert_eq!(verdict(&build(false)), Some(Rule::ReferenceSafety));
}

#[test]
fn the_two_hundred_and_fifty_fifth_local_is_itself() {
    // Local 254 is borrowed; 0 and 255 are other numbers.
    let build = |moved: u8| {
        let mut m = module();
        let mut locals = vec![T::U64; 126];
        locals.push(reference(T::U64));
        let code = vec![
            B::LdU64(1),
            B::StLoc(LocalIndex(253)),
            B::ImmBorrowLoc(LocalIndex(253)),
            B::StLoc(LocalIndex(254)),
            B::MoveLoc(LocalIndex(moved)),
            B::Pop,
            B::MoveLoc(LocalIndex(254)),
            B::Pop,
            B::Ret,
        ];
        add(
            &mut m,
            "f",
            &signature(&vec![T::U64; 128], &[]),
            &locals,
            code,
        );
        m.build()
    };
    assert_eq!(verdict(&build(0)), None);
    assert_eq!(verdict(&build(253)), Some(Rule::ReferenceSafety));
}

#[test]
fn types_that_double_at_each_step() {
    // struct Two<T> { a: T, b: T }; fun f0<T>() calls f1<Two<T>> and so on: 40
    // steps would be a type of 2^40 words. The VM refuses to load it.
    let mut m = module();
    let two = m.own_datatype("Two", AbilitySet::PRIMITIVES, &[(false, AbilitySet::EMPTY)]);
    m.struct_def(two, &[("a", type_parameter(0)), ("b", type_parameter(0))]);
    let generic = heddle_bytecode::testing::FunctionSignature {
        type_parameters: vec![AbilitySet::PRIMITIVES],
        parameters: vec![],
        returns: vec![],
    };
    let mut next: Option<heddle_bytecode::FunctionHandleIndex> = None;
    for step in (0..40).rev() {
        let code = match next {
            None => vec![B::Ret],
            Some(handle) => {
                let larger = instantiation(two, vec![type_parameter(0)]);
                let call = m.function_instantiation(handle, &[larger]);
                vec![B::CallGeneric(call), B::Ret]
            }
        };
        let name = format!("f{step}");
        next = Some(add(&mut m, &name, &generic, &[], code));
    }
    let start = m.function_instantiation(next.expect("there are steps"), &[T::U64]);
    let code = vec![B::CallGeneric(start), B::Ret];
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    let module = m.build();
    assert_eq!(verdict(&module), None);
    let error = World::new(vec![package(vec![module])]).call("f", vec![]);
    assert!(error.is_err(), "{error:?}");
}

#[test]
fn lengths_that_claim_more_than_there_is() {
    // Each of the largest numbers in place of each byte of a module.
    let mut m = module();
    let code = vec![B::LdU64(1), B::Pop, B::Ret];
    add(
        &mut m,
        "f",
        &signature(&[vector(T::U8)], &[]),
        &[T::U64],
        code,
    );
    let bytes = m.build().serialize().expect("can be written");
    let largest: [&[u8]; 4] = [
        &[0xFF, 0xFF, 0x03],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02],
    ];
    for position in 0..bytes.len() {
        for number in largest {
            let mut changed = bytes[..position].to_vec();
            changed.extend_from_slice(number);
            changed.extend_from_slice(&bytes[position + 1..]);
            let _ = CompiledModule::deserialize(&changed, &BinaryLimits::published());
            changed.truncate(bytes.len());
            let _ = CompiledModule::deserialize(&changed, &BinaryLimits::published());
        }
    }
}

#[test]
fn arithmetic_at_the_edges_of_every_width() {
    // What the verifier lets through and the interpreter must not wrap.
    let run = |type_: T, value: B, op: B| {
        let mut m = module();
        let code = vec![value.clone(), value, op, B::Ret];
        add(&mut m, "f", &signature(&[], &[type_]), &[], code);
        World::new(vec![package(vec![m.build()])]).call("f", vec![])
    };
    use heddle_bytecode::U256;
    for (type_, largest) in [
        (T::U8, B::LdU8(u8::MAX)),
        (T::U16, B::LdU16(u16::MAX)),
        (T::U32, B::LdU32(u32::MAX)),
        (T::U64, B::LdU64(u64::MAX)),
        (T::U128, B::LdU128(Box::new(u128::MAX))),
        (T::U256, B::LdU256(Box::new(U256::MAX))),
    ] {
        for op in [B::Add, B::Mul] {
            let result = run(type_.clone(), largest.clone(), op.clone());
            assert!(result.is_err(), "{type_:?} {op:?}: {result:?}");
        }
        assert!(run(type_, largest, B::Sub).is_ok());
    }
    let mut m = module();
    let code = vec![B::CopyLoc(LocalIndex(0)), B::LdU8(64), B::Shl, B::Ret];
    add(&mut m, "f", &signature(&[T::U64], &[T::U64]), &[], code);
    let result = World::new(vec![package(vec![m.build()])]).call("f", vec![arg(&1u64)]);
    assert!(result.is_err(), "{result:?}");
}
