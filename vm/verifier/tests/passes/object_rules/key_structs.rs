use heddle_bytecode::{AbilitySet, SignatureToken as T, testing::address};

use super::{KEY, NONE, STORE, World};

/// A module with a struct that has `key` and these fields.
fn object(fields: &[(&str, T)]) -> World {
    let mut w = World::new();
    let handle = w.b.own_datatype("O", KEY, &[]);
    w.b.struct_def(handle, fields);
    w
}

#[test]
fn objects_start_with_their_id() {
    let w = World::new();
    let uid = &w.uid;
    object(&[("id", uid.clone())]).accept("an id alone");
    object(&[("id", uid.clone()), ("x", T::U64)]).accept("an id first");
    object(&[("id", uid.clone()), ("other", uid.clone())]).accept("two ids");
    object(&[("x", T::U64)]).refuse("no id", None, None);
    object(&[("x", T::U64), ("id", uid.clone())]).refuse("an id second", None, None);
    object(&[("uid", uid.clone())]).refuse("an id under another name", None, None);
    object(&[("id", T::Address)]).refuse("an address for an id", None, None);
    for (home, name) in [
        ((7, "object"), "UID"),
        ((2, "objects"), "UID"),
        ((2, "object"), "ID"),
    ] {
        let mut w = World::new();
        let other = w.foreign(home, name, STORE, &[]);
        let handle = w.b.own_datatype("O", KEY, &[]);
        w.b.struct_def(handle, &[("id", T::Datatype(other))]);
        w.refuse("another type", None, None);
    }
    let mut w = World::new();
    w.generic_object("O");
    w.accept("a generic object");
    let mut w = World::new();
    let handle = w.b.own_datatype("S", STORE, &[]);
    w.b.struct_def(handle, &[("x", w.uid.clone())]);
    w.accept("a struct without key");
}

#[test]
fn the_second_object_is_checked_too() {
    let mut w = World::new();
    w.object("O", NONE);
    let handle = w.b.own_datatype("P", KEY, &[]);
    w.b.struct_def(handle, &[("x", T::U64)]);
    w.refuse("no id", None, None);
}

#[test]
fn enums_are_no_objects() {
    let variants = |abilities: AbilitySet| {
        let mut w = World::new();
        let handle = w.b.own_datatype("E", abilities, &[]);
        w.b.enum_def(handle, &[("A", &[("id", w.uid.clone())])]);
        w
    };
    variants(STORE).accept("an enum without key");
    variants(KEY).refuse("an enum with key", None, None);
}

#[test]
fn a_module_of_this_name_elsewhere_defines_no_ids() {
    let mut w = World::at(heddle_bytecode::testing::ModuleBuilder::new(
        address(7),
        "object",
    ));
    let own = w.b.own_datatype("UID", STORE, &[]);
    w.b.struct_def(own, &[("x", T::U64)]);
    let handle = w.b.own_datatype("O", KEY, &[]);
    w.b.struct_def(handle, &[("id", T::Datatype(own))]);
    w.refuse("its own UID", None, None);
}
