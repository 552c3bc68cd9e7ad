//! Recursion without end: types that hold themselves, instances that grow,
//! packages and modules that lead to one another; and dropping, cloning,
//! comparing and showing values that nest as deep as they may.
//!
//! `deep_nesting` in this crate's tests does the last part on a small stack.

use std::collections::BTreeMap;

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, address, instantiation, type_parameter, vector,
};
use heddle_bytecode::{AbilitySet, Bytecode as B, LocalIndex, SignatureToken as T};
use heddle_verifier::Rule;
use heddle_vm::{CallArg, ExecutionErrorKind, Package};
use sui_sdk_types::{StructTag, TypeTag};

use crate::world::{
    HOME, World, add, arg, module, name, package, refused_and_harmless, signature, stored, verdict,
};

fn tag(text: &str, arguments: Vec<TypeTag>) -> TypeTag {
    TypeTag::Struct(Box::new(StructTag::new(
        HOME,
        name("m"),
        name(text),
        arguments,
    )))
}

#[test]
fn a_type_that_holds_itself() {
    type Build = fn(&mut ModuleBuilder) -> (&'static str, Vec<TypeTag>);
    let shapes: [(&str, Build); 5] = [
        ("a struct", |m| {
            let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[]);
            m.struct_def(s, &[("s", T::Datatype(s))]);
            ("S", vec![])
        }),
        ("a struct in a vector", |m| {
            let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[]);
            m.struct_def(s, &[("s", vector(T::Datatype(s)))]);
            ("S", vec![])
        }),
        ("two in a circle", |m| {
            let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[]);
            let r = m.own_datatype("R", AbilitySet::PRIMITIVES, &[]);
            m.struct_def(s, &[("r", T::Datatype(r))]);
            m.enum_def(r, &[("None", &[]), ("Some", &[("s", T::Datatype(s))])]);
            ("S", vec![])
        }),
        ("a type argument", |m| {
            let boxed =
                m.own_datatype("Box", AbilitySet::PRIMITIVES, &[(false, AbilitySet::EMPTY)]);
            m.struct_def(boxed, &[("v", vector(type_parameter(0)))]);
            let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[]);
            m.struct_def(s, &[("s", instantiation(boxed, vec![T::Datatype(s)]))]);
            ("S", vec![])
        }),
        ("ever larger instances of itself", |m| {
            let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[(false, AbilitySet::EMPTY)]);
            let larger = instantiation(s, vec![vector(type_parameter(0))]);
            m.struct_def(s, &[("s", vector(larger))]);
            ("S", vec![TypeTag::U8])
        }),
    ];
    for (what, build) in shapes {
        let mut m = module();
        let (text, arguments) = build(&mut m);
        add(&mut m, "f", &signature(&[], &[]), &[], vec![B::Ret]);
        refused_and_harmless(what, &m, Rule::RecursiveDatatype, vec![]);
        let world = World::unverified(vec![package(vec![m.build()])]);
        let tag = tag(text, arguments);
        assert!(world.vm.load_type(&world.store, &tag).is_err(), "{what}");
        assert!(world.vm.type_layout(&world.store, &tag).is_err(), "{what}");
        assert!(
            world.vm.validate_bcs(&world.store, &tag, &[0]).is_err(),
            "{what}"
        );
    }
}

#[test]
fn a_function_that_calls_ever_larger_instances_of_itself() {
    let mut m = module();
    let generic = FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY],
        parameters: vec![],
        returns: vec![],
    };
    let grow = add(&mut m, "grow", &generic, &[], vec![B::Ret]);
    let larger = m.function_instantiation(grow, &[vector(type_parameter(0))]);
    let code = vec![B::CallGeneric(larger), B::Ret];
    m.body(heddle_bytecode::FunctionDefinitionIndex(0), &[], code);
    let start = m.function_instantiation(grow, &[T::U8]);
    add(
        &mut m,
        "f",
        &signature(&[], &[]),
        &[],
        vec![B::CallGeneric(start), B::Ret],
    );
    refused_and_harmless("grow", &m, Rule::InstantiationLoop, vec![]);
}

#[test]
fn a_function_that_calls_itself() {
    let mut m = module();
    let f = add(&mut m, "f", &signature(&[], &[]), &[], vec![B::Ret]);
    m.body(
        heddle_bytecode::FunctionDefinitionIndex(0),
        &[],
        vec![B::Call(f), B::Ret],
    );
    let module = m.build();
    assert_eq!(verdict(&module), None);
    let world = World::new(vec![package(vec![module])]);
    let error = world.call("f", vec![]).expect_err("does not end");
    assert_eq!(error.kind, ExecutionErrorKind::CallDepth);
}

#[test]
fn packages_that_link_to_each_other() {
    // Each names the other as a dependency, and itself.
    let calls = |own: u8, other: u8| {
        let mut m = ModuleBuilder::new(address(own), "m");
        let home = m.module_handle(address(other), "m");
        let f = m.function_handle(home, "f", &signature(&[T::U64], &[T::U64]));
        let code = vec![B::MoveLoc(LocalIndex(0)), B::Call(f), B::Ret];
        add(&mut m, "f", &signature(&[T::U64], &[T::U64]), &[], code);
        let linkage = [own, other].map(|id| (address(id), address(id)));
        Package {
            linkage: BTreeMap::from(linkage),
            ..stored(vec![m.build()], address(own), 1)
        }
    };
    let world = World::unverified(vec![calls(0x50, 0x51), calls(0x51, 0x50)]);
    let error = world.call_in(address(0x50), "m", "f", &[], vec![arg(&1u64)]);
    assert_eq!(
        error.expect_err("does not end").kind,
        ExecutionErrorKind::CallDepth
    );
    assert!(
        world.publish(&calls(0x50, 0x51)).is_ok(),
        "each alone is no circle"
    );
}

#[test]
fn modules_that_depend_on_each_other() {
    let depends = |own: &str, other: &str| {
        let mut m = ModuleBuilder::new(HOME, own);
        m.module_handle(HOME, other);
        m.build()
    };
    let circle = package(vec![
        depends("a", "b"),
        depends("b", "c"),
        depends("c", "a"),
    ]);
    let world = World::new(vec![]);
    assert!(world.publish(&circle).is_err());
    let line = package(vec![depends("a", "b"), depends("b", "c"), {
        ModuleBuilder::new(HOME, "c").build()
    }]);
    assert!(world.publish(&line).is_ok());
}

/// A vector in a vector in a vector .. of `u8`, `depth` levels, and the BCS of
/// one with `wide` elements at the innermost level but one.
fn nested(depth: usize, wide: usize) -> (T, Vec<u8>) {
    let mut type_ = T::U8;
    for _ in 0..depth {
        type_ = vector(type_);
    }
    let mut bytes = vec![1; depth - 2];
    bytes.push(u8::try_from(wide).expect("few"));
    bytes.extend(std::iter::repeat_n([2, 8, 9], wide).flatten());
    (type_, bytes)
}

#[test]
fn values_that_nest_as_deep_as_they_may() {
    let limit = usize::try_from(heddle_vm::VmConfig::default().type_depth_max).expect("small");
    for (depth, fits) in [(2, true), (limit - 1, true), (limit, false), (200, false)] {
        let (type_, bytes) = nested(depth, 100);
        let mut m = module();
        let local = LocalIndex(0);
        let one = std::slice::from_ref(&type_);
        // Clone, compare, drop, and write out what is left.
        let code = vec![
            B::CopyLoc(local),
            B::CopyLoc(local),
            B::Eq,
            B::Pop,
            B::CopyLoc(local),
            B::StLoc(local),
            B::CopyLoc(local),
            B::Pop,
            B::MoveLoc(local),
            B::Ret,
        ];
        add(&mut m, "f", &signature(one, one), &[], code);
        let world = World::new(vec![package(vec![m.build()])]);
        let result = world.call("f", vec![CallArg::Value(bytes.clone())]);
        assert_eq!(result.is_ok(), fits, "depth {depth}: {result:?}");
        if let Ok(result) = result {
            assert_eq!(result.values, [bytes]);
        }
    }
}
