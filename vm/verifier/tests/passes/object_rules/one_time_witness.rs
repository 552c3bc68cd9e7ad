use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, SignatureToken as T, StructDefinitionIndex,
    testing::{ModuleBuilder, address},
};

use super::{DROP, NONE, STORE, World};
use crate::abort;

/// A module `m` with a struct.
fn with(
    name: &str,
    abilities: AbilitySet,
    type_parameters: &[(bool, AbilitySet)],
    fields: &[(&str, T)],
) -> (World, T, StructDefinitionIndex) {
    let mut w = World::new();
    let handle = w.b.own_datatype(name, abilities, type_parameters);
    let def = w.b.struct_def(handle, fields);
    (w, T::Datatype(handle), def)
}

fn witness() -> (World, T, StructDefinitionIndex) {
    with("M", DROP, &[], &[("dummy_field", T::Bool)])
}

fn with_init(w: &mut World, witness: T) {
    let parameters = [witness, w.context.clone()];
    w.function("init", &parameters, &[], &[], vec![B::Ret]);
}

fn with_pack(w: &mut World, def: StructDefinitionIndex) {
    let fields = w.b.module[def].fields().len();
    let mut code = vec![B::LdTrue; fields];
    code.extend([B::Pack(def), B::Pop, B::Ret]);
    w.function("f", &[], &[], &[], code);
}

#[test]
fn witnesses_are_not_made() {
    let (mut w, type_, def) = witness();
    with_init(&mut w, type_);
    w.clone().accept("never");
    with_pack(&mut w, def);
    w.refuse("beside init", Some("f"), Some(1));

    let (mut w, _, def) = witness();
    w.clone().accept("without init");
    with_pack(&mut w, def);
    w.refuse("without init", Some("f"), Some(1));
}

#[test]
fn what_looks_like_a_witness_is_one() {
    let copy = AbilitySet::singleton(Ability::Copy);
    let field = [("a", T::Bool)];
    for abilities in [NONE, copy, DROP.union(copy), DROP.union(STORE)] {
        with("M", abilities, &[], &field)
            .0
            .refuse("other abilities", None, None);
    }
    with("M", DROP, &[(true, NONE)], &field)
        .0
        .refuse("generic", None, None);
}

#[test]
fn other_structs_are_not_witnesses() {
    let two = [("a", T::Bool), ("b", T::Bool)];
    for (name, fields) in [("N", &two[..1]), ("Mm", &two[..1]), ("M", &two[..])] {
        let (mut w, type_, def) = with(name, DROP, &[], fields);
        with_pack(&mut w, def);
        w.clone().accept(name);
        with_init(&mut w, type_);
        w.refuse(name, Some("init"), None);
    }
    let (w, ..) = with("M", STORE, &[], &[("a", T::U8)]);
    w.accept("another field");
}

#[test]
fn init_takes_the_witness() {
    let (mut w, ..) = witness();
    let context = w.context.clone();
    w.function("init", &[context], &[], &[], vec![B::Ret]);
    w.refuse("the context alone", Some("init"), None);
}

#[test]
fn the_native_coin_makes_its_own() {
    for (home, allowed) in [(2, true), (7, false)] {
        let mut w = World::at(ModuleBuilder::new(address(home), "sui"));
        let handle = w.b.own_datatype("SUI", DROP, &[]);
        let def = w.b.struct_def(handle, &[("dummy_field", T::Bool)]);
        with_pack(&mut w, def);
        let expected = if allowed {
            Ok(())
        } else {
            Err((Some("f"), Some(1)))
        };
        w.check("sui", expected);
    }
    let mut w = World::at(ModuleBuilder::new(address(7), "long_name"));
    let handle = w.b.own_datatype("LONG_NAME", DROP, &[]);
    w.b.struct_def(handle, &[("dummy_field", T::Bool)]);
    w.function("f", &[T::Datatype(handle)], &[], &[], abort());
    w.accept("taken by a function");
}
