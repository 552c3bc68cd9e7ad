//! An enum that gets a further variant, and with it another size: values made
//! by one version read by code of the other. No policy allows such an upgrade;
//! and versions that are stored all the same don't mix their layouts.

use std::collections::BTreeMap;

use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address, type_parameter, vector};
use heddle_bytecode::{AbilitySet, Bytecode as B, CompiledModule, LocalIndex, SignatureToken as T};
use heddle_verifier::{UpgradePolicy, check_compatibility};
use heddle_vm::{CallArg, Extensions, GasMeter, Package};
use sui_sdk_types::{Address, StructTag, TypeTag};

use crate::world::{HOME, World, add, name, package, signature, stored};

/// Module `lib` at 0x10: `enum E { A { x: u64 } }`, with more variants from
/// version 2 on; `first(v: vector<E>): E` copies the first of two copies of the
/// last element.
fn library(version: u64) -> CompiledModule {
    let mut m = ModuleBuilder::new(address(0x10), "lib");
    let e = m.own_datatype("E", AbilitySet::PRIMITIVES, &[]);
    let wide = [("a", T::Address), ("b", T::Address), ("c", vector(T::U8))];
    let all: [(&str, &[(&str, T)]); 3] = [("A", &[("x", T::U64)]), ("B", &wide), ("C", &[])];
    let count = if version == 1 { 1 } else { 3 };
    m.enum_def(e, &all[..count]);
    let e = T::Datatype(e);
    let es = m.signature(std::slice::from_ref(&e));
    let code = vec![
        B::MutBorrowLoc(LocalIndex(0)),
        B::VecPopBack(es),
        B::StLoc(LocalIndex(1)),
        B::MutBorrowLoc(LocalIndex(0)),
        B::CopyLoc(LocalIndex(1)),
        B::VecPushBack(es),
        B::MutBorrowLoc(LocalIndex(0)),
        B::CopyLoc(LocalIndex(1)),
        B::VecPushBack(es),
        B::ImmBorrowLoc(LocalIndex(0)),
        B::LdU64(0),
        B::VecImmBorrow(es),
        B::ReadRef,
        B::Ret,
    ];
    let signature = signature(&[vector(e.clone())], std::slice::from_ref(&e));
    add(&mut m, "first", &signature, &[e], code);
    m.build()
}

fn upgraded() -> Package {
    let mut package = stored(vec![library(2)], address(0x11), 2);
    let origin = (name("lib"), name("E"));
    package.type_origins.insert(origin, address(0x10));
    package
}

#[test]
fn no_policy_allows_it() {
    let (old, new) = (library(1), library(2));
    for policy in [
        UpgradePolicy::Compatible,
        UpgradePolicy::Additive,
        UpgradePolicy::DependencyOnly,
    ] {
        assert!(check_compatibility(&old, &new, policy).is_err());
        assert!(check_compatibility(&new, &old, policy).is_err());
        assert!(check_compatibility(&old, &old, policy).is_ok());
    }
}

const A: [u8; 9] = [0, 7, 0, 0, 0, 0, 0, 0, 0];

/// A value of variant B.
fn b() -> Vec<u8> {
    [vec![1], vec![3; 32], vec![4; 32], vec![2, 5, 6]].concat()
}

#[test]
fn each_version_has_its_own_layout() {
    let world = World::new(vec![package(vec![library(1)]), upgraded()]);
    let mut execution = world
        .vm
        .start(&world.store, GasMeter::new(1_000_000), Extensions::new());
    let mut first = |package: Address, elements: &[&[u8]]| {
        let length = u8::try_from(elements.len()).expect("few");
        let bytes = [vec![length], elements.concat()].concat();
        let arguments = vec![CallArg::Value(bytes)];
        execution.call(package, &name("lib"), &name("first"), &[], arguments)
    };
    let (old, new) = (address(0x10), address(0x11));
    for _ in 0..3 {
        assert_eq!(first(old, &[&A, &A]).expect("runs").values, [A.to_vec()]);
        assert_eq!(first(new, &[&b(), &A]).expect("runs").values, [b()]);
        assert_eq!(first(new, &[&A, &b()]).expect("runs").values, [A.to_vec()]);
        assert!(
            first(old, &[&b()]).is_err(),
            "version 1 has no such variant"
        );
        assert!(
            first(old, &[&[2]]).is_err(),
            "version 1 has no such variant"
        );
        assert_eq!(first(new, &[&[2], &[2]]).expect("runs").values, [vec![2]]);
    }
}

#[test]
fn type_arguments_of_each_version_are_instances_of_their_own() {
    // `m::keep<T>(v: T): T` through a vector, linked with either version.
    let mut m = crate::world::module();
    let t = type_parameter(0);
    let ts = m.signature(std::slice::from_ref(&t));
    let code = vec![
        B::CopyLoc(LocalIndex(0)),
        B::MoveLoc(LocalIndex(0)),
        B::VecPack(ts, 2),
        B::StLoc(LocalIndex(1)),
        B::MutBorrowLoc(LocalIndex(1)),
        B::VecPopBack(ts),
        B::Ret,
    ];
    let generic = FunctionSignature {
        type_parameters: vec![AbilitySet::PRIMITIVES],
        parameters: vec![t.clone()],
        returns: vec![t.clone()],
    };
    add(&mut m, "keep", &generic, &[vector(t)], code);
    let module = m.build();
    let linked = |own: Address, to: Address| Package {
        linkage: BTreeMap::from([(address(0x10), to)]),
        ..stored(vec![module.clone()], own, 1)
    };
    let (old, new, unlinked) = (HOME, address(0x43), address(0x44));
    let mut world = World::new(vec![
        package(vec![library(1)]),
        upgraded(),
        linked(old, address(0x10)),
        linked(new, address(0x11)),
    ]);
    world.put(stored(vec![module.clone()], unlinked, 1));
    let tag = |package| {
        TypeTag::Struct(Box::new(StructTag::new(
            package,
            name("lib"),
            name("E"),
            vec![],
        )))
    };
    let keep = |link: Address, tag: TypeTag, bytes: &[u8]| {
        let arguments = vec![CallArg::Value(bytes.to_vec())];
        world
            .call_in(link, "m", "keep", &[tag], arguments)
            .map(|result| result.values[0].clone())
    };
    let one = address(0x10);
    for _ in 0..3 {
        // The linkage says which version a type is read by, however it is
        // named; without a linkage, the name does.
        assert_eq!(keep(old, tag(one), &A).expect("runs"), A);
        assert!(keep(old, tag(one), &b()).is_err());
        assert_eq!(keep(new, tag(one), &b()).expect("runs"), b());
        assert_eq!(keep(new, tag(one), &A).expect("runs"), A);
        assert_eq!(keep(unlinked, tag(one), &A).expect("runs"), A);
        assert!(keep(unlinked, tag(one), &b()).is_err());
        assert_eq!(keep(unlinked, tag(address(0x11)), &b()).expect("runs"), b());
    }
}
