//! Packages that call one another, upgrades, and content that changes under
//! an id.

use super::support::*;
use crate::{ExecutionErrorKind, Package, ResolveError};
use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address};
use heddle_bytecode::{AbilitySet, Bytecode, CompiledModule, SignatureToken, Visibility};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, StructTag, TypeTag};

fn returns_u64() -> FunctionSignature {
    FunctionSignature {
        returns: vec![SignatureToken::U64],
        ..FunctionSignature::default()
    }
}

/// Module `lib` at 0x10 whose `value` returns `value`.
fn library(value: u64) -> CompiledModule {
    let mut m = ModuleBuilder::new(address(0x10), "lib");
    let f = m.function("value", Visibility::Public, &returns_u64());
    m.body(f, &[], vec![Bytecode::LdU64(value), Bytecode::Ret]);
    m.build()
}

fn stored(modules: Vec<CompiledModule>, storage_id: Address, version: u64) -> Package {
    Package {
        storage_id,
        version,
        ..package(modules)
    }
}

/// Module `m` at 0x42 that calls `lib::value`.
fn user() -> CompiledModule {
    let mut m = module();
    let lib = m.module_handle(address(0x10), "lib");
    let value = m.function_handle(lib, "value", &returns_u64());
    let f = m.function("f", Visibility::Public, &returns_u64());
    m.body(f, &[], vec![Bytecode::Call(value), Bytecode::Ret]);
    m.build()
}

fn user_linked_to(storage_id: Address, own: Address) -> Package {
    Package {
        linkage: BTreeMap::from([(address(0x10), storage_id)]),
        ..stored(vec![user()], own, 1)
    }
}

fn value(world: &World, package: Address) -> Result<u64, ExecutionErrorKind> {
    let mut execution = world.start(10_000);
    let result = execution.call(package, &name("m"), &name("f"), &[], vec![]);
    result
        .map(|result| bcs::from_bytes(&result.values[0]).expect("is a u64"))
        .map_err(|error| error.kind)
}

#[test]
fn linkage_chooses_the_version() {
    let (v1, v2) = (address(0x10), address(0x11));
    let (old, new) = (address(0x42), address(0x43));
    let world = World::new(vec![
        stored(vec![library(1)], v1, 1),
        stored(vec![library(2)], v2, 2),
        user_linked_to(v1, old),
        user_linked_to(v2, new),
    ]);
    for _ in 0..2 {
        assert_eq!(value(&world, old), Ok(1));
        assert_eq!(value(&world, new), Ok(2));
    }
}

#[test]
fn other_content_under_the_same_id_is_not_confused() {
    let id = address(0x10);
    let mut world = World::new(vec![
        stored(vec![library(1)], id, 1),
        user_linked_to(id, HOME),
    ]);
    assert_eq!(value(&world, HOME), Ok(1));
    // A package published again after its first publication was undone, and a
    // system package upgraded in place.
    for (content, version) in [(7, 1), (8, 2), (1, 1)] {
        let package = stored(vec![library(content)], id, version);
        world.store.0.insert(id, Arc::new(package));
        assert_eq!(value(&world, HOME), Ok(content));
    }
}

#[test]
fn a_type_argument_changed_under_its_id_is_not_confused() {
    // `fun f<T: drop>(T): T` called with a struct of another package, which
    // then changes its fields.
    let mut m = module();
    let f = m.function(
        "same",
        Visibility::Public,
        &FunctionSignature {
            type_parameters: vec![AbilitySet::EMPTY],
            parameters: vec![heddle_bytecode::testing::type_parameter(0)],
            returns: vec![heddle_bytecode::testing::type_parameter(0)],
        },
    );
    m.body(
        f,
        &[],
        vec![
            Bytecode::MoveLoc(heddle_bytecode::LocalIndex(0)),
            Bytecode::Ret,
        ],
    );
    let other = address(0x50);
    let holder = |field: SignatureToken| {
        let mut m = ModuleBuilder::new(other, "t");
        let handle = m.own_datatype("T", AbilitySet::PRIMITIVES, &[]);
        m.struct_def(handle, &[("field", field)]);
        package(vec![m.build()])
    };
    let mut world = World::of(m);
    let tag = TypeTag::Struct(Box::new(StructTag::new(
        other,
        name("t"),
        name("T"),
        vec![],
    )));
    for (field, bytes) in [
        (SignatureToken::U64, vec![1; 8]),
        (SignatureToken::Address, vec![2; 32]),
        (
            heddle_bytecode::testing::vector(SignatureToken::U8),
            vec![1, 9],
        ),
        (SignatureToken::U64, vec![3; 8]),
    ] {
        world.store.0.insert(other, Arc::new(holder(field)));
        for _ in 0..2 {
            let argument = crate::CallArg::Value(bytes.clone());
            let result = world.call_generic("same", std::slice::from_ref(&tag), vec![argument]);
            assert_eq!(result.expect("runs").values, std::slice::from_ref(&bytes));
        }
    }
}

#[test]
fn a_missing_linkage_entry_is_named() {
    let mut package = user_linked_to(address(0x10), HOME);
    package.linkage.clear();
    let world = World::new(vec![stored(vec![library(1)], address(0x10), 1), package]);
    assert_eq!(
        value(&world, HOME),
        Err(ExecutionErrorKind::Resolve(ResolveError::MissingLinkage {
            package: HOME,
            dependency: address(0x10)
        }))
    );
}

#[test]
fn types_keep_the_version_that_defined_them() {
    // Version 2 of a package still has T of version 1 and a new U.
    let (v1, v2) = (address(0x42), address(0x43));
    let types = |names: &[&str]| {
        let mut m = module();
        for name in names {
            let handle = m.own_datatype(name, AbilitySet::PRIMITIVES, &[]);
            m.struct_def(handle, &[("x", SignatureToken::U8)]);
        }
        m.build()
    };
    let mut second = stored(vec![types(&["T", "U"])], v2, 2);
    second.type_origins.insert((name("m"), name("T")), v1);
    second.type_origins.insert((name("m"), name("U")), v2);
    let world = World::new(vec![stored(vec![types(&["T"])], v1, 1), second]);
    let tag = |package, ty: &str| {
        TypeTag::Struct(Box::new(StructTag::new(
            package,
            name("m"),
            name(ty),
            vec![],
        )))
    };
    let load = |tag| world.vm.load_type(&world.store, &tag).map(|ty| ty.tag());
    assert_eq!(load(tag(v1, "T")), Ok(tag(v1, "T")));
    assert_eq!(load(tag(v2, "T")), Ok(tag(v1, "T")));
    assert_eq!(load(tag(v2, "U")), Ok(tag(v2, "U")));
    assert!(load(tag(v1, "U")).is_err());
    let (a, b) = (
        world
            .vm
            .load_type(&world.store, &tag(v1, "T"))
            .expect("loads"),
        world
            .vm
            .load_type(&world.store, &tag(v2, "T"))
            .expect("loads"),
    );
    assert!(a.is_same_type_as(&b));
}

#[test]
fn publishing_checks_links_and_natives() {
    let id = address(0x10);
    let world = World::new(vec![stored(vec![library(1)], id, 1)]);
    let package = user_linked_to(id, HOME);
    let report = world
        .vm
        .verify_package(&package, &world.store)
        .expect("is fine");
    assert_eq!(report.modules.len(), 1);
    assert_eq!(
        (&report.modules[0].name, &report.modules[0].init),
        (&name("m"), &None)
    );

    let mut m = module();
    m.function("secret", Visibility::Public, &returns_u64());
    let package = super::support::package(vec![m.build()]);
    let error = world.vm.verify_package(&package, &world.store);
    assert!(
        matches!(error, Err(crate::PublishError::UnknownNative { .. })),
        "{error:?}"
    );
}
