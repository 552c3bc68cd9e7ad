//! Generic functions and types, and type arguments from outside.

use super::support::*;
use crate::{ExecutionErrorKind, ResolveError, TypeLayout};
use heddle_bytecode::testing::{FunctionSignature, instantiation, type_parameter};
use heddle_bytecode::{Ability, AbilitySet, Bytecode, LocalIndex, Visibility};
use sui_sdk_types::{StructTag, TypeTag};

/// `struct Pair<A, B> { a: A, b: B }` and `fun swap<A, B>(Pair<A, B>): Pair<B, A>`.
fn pairs() -> World {
    let mut m = module();
    let abilities = AbilitySet::PRIMITIVES;
    let parameters = [(false, AbilitySet::EMPTY), (false, AbilitySet::EMPTY)];
    let pair = m.own_datatype("Pair", abilities, &parameters);
    let def = m.struct_def(pair, &[("a", type_parameter(0)), ("b", type_parameter(1))]);
    let (ab, ba) = (
        vec![type_parameter(0), type_parameter(1)],
        vec![type_parameter(1), type_parameter(0)],
    );
    let (from, to) = (
        m.struct_instantiation(def, &ab),
        m.struct_instantiation(def, &ba),
    );
    let swap = m.function(
        "swap",
        Visibility::Public,
        &FunctionSignature {
            type_parameters: vec![AbilitySet::singleton(Ability::Drop); 2],
            parameters: vec![instantiation(pair, ab)],
            returns: vec![instantiation(pair, ba)],
        },
    );
    m.body(
        swap,
        &[type_parameter(0), type_parameter(1)],
        vec![
            Bytecode::MoveLoc(LocalIndex(0)),
            Bytecode::UnpackGeneric(from),
            Bytecode::StLoc(LocalIndex(2)),
            Bytecode::StLoc(LocalIndex(1)),
            Bytecode::MoveLoc(LocalIndex(2)),
            Bytecode::MoveLoc(LocalIndex(1)),
            Bytecode::PackGeneric(to),
            Bytecode::Ret,
        ],
    );
    World::of(m)
}

#[test]
fn instances_differ_by_layout() {
    let world = pairs();
    let cases = [
        (TypeTag::U8, bcs(&1u8), TypeTag::U64, bcs(&2u64)),
        (TypeTag::Address, vec![3; 32], TypeTag::Bool, vec![1]),
        (
            TypeTag::Vector(Box::new(TypeTag::U8)),
            bcs(&vec![1u8, 2]),
            TypeTag::U256,
            vec![4; 32],
        ),
    ];
    for (a, x, b, y) in cases {
        let argument = crate::CallArg::Value([x.clone(), y.clone()].concat());
        let result = world
            .call_generic("swap", &[a, b], vec![argument])
            .expect("runs");
        assert_eq!(result.values, [[y, x].concat()]);
    }
}

#[test]
fn nested_type_arguments() {
    let world = pairs();
    let pair = |a: TypeTag, b: TypeTag| {
        TypeTag::Struct(Box::new(StructTag::new(
            HOME,
            name("m"),
            name("Pair"),
            vec![a, b],
        )))
    };
    let tag = pair(TypeTag::U16, TypeTag::Vector(Box::new(TypeTag::U16)));
    let value = [bcs(&1u16), bcs(&vec![2u16]), bcs(&3u32)].concat();
    let result = world
        .call_generic(
            "swap",
            &[tag.clone(), TypeTag::U32],
            vec![crate::CallArg::Value(value)],
        )
        .expect("runs");
    assert_eq!(
        result.values,
        [[bcs(&3u32), bcs(&1u16), bcs(&vec![2u16])].concat()]
    );

    let outer = pair(tag, TypeTag::Bool);
    let layout = world.vm.type_layout(&world.store, &outer).expect("loads");
    let TypeLayout::Struct(layout) = &*layout else {
        panic!("is a struct");
    };
    assert_eq!(TypeTag::Struct(Box::new(layout.tag.clone())), outer);
    assert_eq!(layout.fields[0].name, name("a"));
    assert_eq!(layout.fields[1].layout, TypeLayout::Bool);
    let value = [bcs(&1u16), bcs(&vec![2u16]), vec![1]].concat();
    assert_eq!(world.vm.validate_bcs(&world.store, &outer, &value), Ok(()));
    assert!(
        world
            .vm
            .validate_bcs(&world.store, &outer, &value[1..])
            .is_err()
    );
}

#[test]
fn type_arguments_are_checked() {
    let world = pairs();
    let error = |tags: &[TypeTag]| match world
        .call_generic("swap", tags, vec![])
        .expect_err("refused")
        .kind
    {
        ExecutionErrorKind::Resolve(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(
        error(&[TypeTag::U8]),
        ResolveError::TypeArgumentCount {
            expected: 2,
            given: 1
        }
    );
    let mut deep = TypeTag::U8;
    for _ in 0..200 {
        deep = TypeTag::Vector(Box::new(deep));
    }
    assert_eq!(
        error(&[deep, TypeTag::U8]),
        ResolveError::TypeTooLarge { limit: "depth" }
    );
}

#[test]
fn functions_are_described() {
    let world = pairs();
    let info = world
        .vm
        .function(&world.store, HOME, &name("m"), &name("swap"))
        .expect("is there");
    assert_eq!(info.type_parameters.len(), 2);
    let (passing, tag) = info.parameters[0]
        .instantiate(&[TypeTag::U8, TypeTag::Address])
        .expect("both are given");
    assert_eq!(passing, crate::Passing::Value);
    assert_eq!(
        tag,
        TypeTag::Struct(Box::new(StructTag::new(
            HOME,
            name("m"),
            name("Pair"),
            vec![TypeTag::U8, TypeTag::Address]
        )))
    );
    let vectors = crate::SignatureType::Vector(Box::new(crate::SignatureType::TypeParameter(1)));
    assert!(vectors.instantiate(&[TypeTag::U8]).is_err());
}
