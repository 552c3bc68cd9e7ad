//! Type confusion through a cache that outlives what it was made from: after
//! an upgrade, after a publication that failed half-way, after a package was
//! missing. The VM is asked again each time and must answer from what is
//! stored now.

use std::collections::BTreeMap;

use heddle_bytecode::testing::{ModuleBuilder, address};
use heddle_bytecode::{
    AbilitySet, Bytecode as B, CompiledModule, FieldDefinition, LocalIndex, SignatureToken as T,
    StructFieldInformation,
};
use heddle_vm::{CallArg, Extensions, GasMeter, Package, TypeLayout};
use sui_sdk_types::{Address, StructTag, TypeTag};

use crate::world::{HOME, World, add, arg, name, package, signature, stored};

/// Module `lib` at 0x10: `struct S { FIELDS }`, `make(u64): S`, which fills all
/// fields with the number, and `sum(S): u64`.
fn library(fields: &[&str]) -> CompiledModule {
    let mut m = ModuleBuilder::new(address(0x10), "lib");
    let s = m.own_datatype("S", AbilitySet::PRIMITIVES, &[]);
    let types: Vec<_> = fields.iter().map(|field| (*field, T::U64)).collect();
    let def = m.struct_def(s, &types);
    let s = T::Datatype(s);
    let local = LocalIndex(0);
    let mut make: Vec<B> = fields.iter().map(|_| B::CopyLoc(local)).collect();
    make.extend([B::Pack(def), B::Ret]);
    add(
        &mut m,
        "make",
        &signature(&[T::U64], std::slice::from_ref(&s)),
        &[],
        make,
    );
    let mut sum = vec![B::MoveLoc(local), B::Unpack(def)];
    sum.extend(std::iter::repeat_n(B::Add, fields.len() - 1));
    sum.push(B::Ret);
    add(&mut m, "sum", &signature(&[s], &[T::U64]), &[], sum);
    m.build()
}

/// Module `m` at 0x42: `f(): u64` makes an `S` of 1 and sums it up.
fn user() -> CompiledModule {
    let mut m = crate::world::module();
    let lib = m.module_handle(address(0x10), "lib");
    let s = T::Datatype(m.datatype_handle(lib, "S", AbilitySet::PRIMITIVES, &[]));
    let make = m.function_handle(lib, "make", &signature(&[T::U64], std::slice::from_ref(&s)));
    let sum = m.function_handle(lib, "sum", &signature(&[s], &[T::U64]));
    let code = vec![B::LdU64(1), B::Call(make), B::Call(sum), B::Ret];
    add(&mut m, "f", &signature(&[], &[T::U64]), &[], code);
    m.build()
}

fn user_of(lib: Address, own: Address) -> Package {
    Package {
        linkage: BTreeMap::from([(address(0x10), lib)]),
        ..stored(vec![user()], own, 1)
    }
}

fn tag(package: Address) -> TypeTag {
    TypeTag::Struct(Box::new(StructTag::new(
        package,
        name("lib"),
        name("S"),
        vec![],
    )))
}

fn fields(world: &World, package: Address) -> usize {
    let layout = world.vm.type_layout(&world.store, &tag(package));
    match &*layout.expect("loads") {
        TypeLayout::Struct(layout) => layout.fields.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_package_that_was_never_stored_leaves_nothing() {
    // A publication verifies its package and then fails (its `init` aborts, or
    // the transaction runs out of gas); another is stored at the same id.
    let lib = address(0x10);
    let mut world = World::new(vec![user_of(lib, HOME)]);
    for (checked, then_stored) in [
        (vec!["a"], vec!["a", "b", "c"]),
        (vec!["a", "b", "c", "d"], vec!["a"]),
        (vec!["b", "a"], vec!["a", "b"]),
    ] {
        let abandoned = package(vec![library(&checked)]);
        world.publish(&abandoned).expect("is fine");
        // Its own user, published in the same breath, fails with it.
        world.put(abandoned);
        world
            .publish(&user_of(lib, address(0x43)))
            .expect("is fine");
        assert_eq!(world.number(HOME, "m", "f"), checked.len() as u64);
        assert_eq!(fields(&world, lib), checked.len());
        world.store.0.remove(&lib);
        assert!(world.call("f", vec![]).is_err(), "the package is gone");
        assert!(world.vm.load_type(&world.store, &tag(lib)).is_err());

        world.put(package(vec![library(&then_stored)]));
        for _ in 0..2 {
            assert_eq!(world.number(HOME, "m", "f"), then_stored.len() as u64);
            assert_eq!(fields(&world, lib), then_stored.len());
        }
    }
}

#[test]
fn a_package_that_was_refused_leaves_nothing() {
    let lib = address(0x10);
    let mut world = World::new(vec![user_of(lib, HOME)]);
    // `sum` is not there; then `S` holds something else than `make` fills in.
    let mut without = library(&["a"]);
    without.function_defs.pop();
    let mut other = library(&["a", "b"]);
    other.struct_defs[0].field_information =
        StructFieldInformation::Declared(vec![FieldDefinition {
            name: other.struct_defs[0].fields()[0].name,
            signature: T::Bool,
        }]);
    for broken in [without, other] {
        let broken = package(vec![broken]);
        assert!(world.publish(&broken).is_err());
        world.put(broken);
        assert!(world.call("f", vec![]).is_err());
        world.put(package(vec![library(&["a", "b", "c"])]));
        assert_eq!(world.number(HOME, "m", "f"), 3);
    }
    // Bytes that are no module at all.
    let mut garbage = package(vec![library(&["a"])]);
    garbage
        .modules
        .insert(name("lib"), [0xA1, 0x1C, 0xEB].as_slice().into());
    world.put(garbage);
    assert!(world.call("f", vec![]).is_err());
    world.put(package(vec![library(&["a", "b"])]));
    assert_eq!(world.number(HOME, "m", "f"), 2);
}

#[test]
fn versions_of_a_type_are_not_mixed() {
    // No upgrade may change a struct; if one did all the same, each version's
    // users would work with values of their own version's shape.
    let (v1, v2) = (address(0x10), address(0x11));
    let (first, second) = (HOME, address(0x43));
    let mut upgraded = stored(vec![library(&["a", "b", "c", "d"])], v2, 2);
    upgraded.type_origins.insert((name("lib"), name("S")), v1);
    let world = World::new(vec![
        package(vec![library(&["a"])]),
        upgraded,
        user_of(v1, first),
        user_of(v2, second),
    ]);
    let mut execution = world
        .vm
        .start(&world.store, GasMeter::new(100_000), Extensions::new());
    for _ in 0..3 {
        for (user, expected) in [(first, 1u64), (second, 4)] {
            let result = execution.call(user, &name("m"), &name("f"), &[], vec![]);
            let values = result.expect("runs").values;
            assert_eq!(values, [bcs::to_bytes(&expected).expect("encodes")]);
        }
    }
    assert_eq!((fields(&world, v1), fields(&world, v2)), (1, 4));
    // A value made by one is not taken by the other.
    let made = world
        .call_in(v1, "lib", "make", &[], vec![arg(&9u64)])
        .expect("runs");
    let passed = CallArg::Value(made.values[0].clone());
    assert!(world.call_in(v2, "lib", "sum", &[], vec![passed]).is_err());
}

#[test]
fn an_upgrade_in_place_is_seen_at_once() {
    // Packages of the system keep their id. The same execution goes on with
    // what it began with or sees the new one whole, never a mixture.
    let lib = address(0x10);
    let mut world = World::new(vec![package(vec![library(&["a"])]), user_of(lib, HOME)]);
    assert_eq!(world.number(HOME, "m", "f"), 1);
    for count in [2usize, 5, 3, 1] {
        let names = ["a", "b", "c", "d", "e"];
        world.put(stored(
            vec![library(&names[..count])],
            lib,
            10 + count as u64,
        ));
        assert_eq!(world.number(HOME, "m", "f"), count as u64);
        assert_eq!(fields(&world, lib), count);
        let all: Vec<u64> = vec![7; count];
        let bytes: Vec<u8> = all.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert!(
            world
                .vm
                .validate_bcs(&world.store, &tag(lib), &bytes)
                .is_ok()
        );
        let result = world.call_in(lib, "lib", "sum", &[], vec![CallArg::Value(bytes)]);
        let sum = bcs::to_bytes(&(7 * count as u64)).expect("encodes");
        assert_eq!(result.expect("runs").values, [sum]);
    }
}

#[test]
fn a_missing_package_is_asked_for_again() {
    let lib = address(0x10);
    let mut world = World::new(vec![user_of(lib, HOME)]);
    assert!(world.call("f", vec![]).is_err());
    world.put(package(vec![library(&["a", "b"])]));
    assert_eq!(world.number(HOME, "m", "f"), 2);
}
