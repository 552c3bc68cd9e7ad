use heddle_bytecode::{
    Ability, AbilitySet, SignatureToken as T,
    testing::{instantiation, mutable_reference, reference, type_parameter, vector},
};

use super::{DROP, KEY, NONE, STORE, World};

const COPY_DROP_STORE: AbilitySet = DROP.union(STORE).with(Ability::Copy);

/// A type, made in a module that can name it.
type Make = fn(&mut World) -> T;

fn object(w: &mut World) -> T {
    w.object("O", NONE).0
}

fn plain(w: &mut World) -> T {
    let handle = w.b.own_datatype("P", COPY_DROP_STORE, &[]);
    w.b.struct_def(handle, &[("x", T::U64)]);
    T::Datatype(handle)
}

fn text(w: &mut World) -> T {
    T::Datatype(w.foreign((1, "string"), "String", COPY_DROP_STORE, &[]))
}

fn option(w: &mut World, inner: T) -> T {
    let option = w.foreign((1, "option"), "Option", COPY_DROP_STORE, &[(false, NONE)]);
    instantiation(option, vec![inner])
}

fn clock(w: &mut World) -> T {
    T::Datatype(w.foreign((2, "clock"), "Clock", KEY, &[]))
}

fn receiving(w: &mut World) -> T {
    let inner = object(w);
    let receiving = w.foreign((2, "transfer"), "Receiving", DROP, &[(true, KEY)]);
    instantiation(receiving, vec![inner])
}

#[test]
fn parameters_come_from_a_transaction() {
    let rows: &[(&str, Make, bool)] = &[
        ("u8", |_| T::U8, true),
        ("u256", |_| T::U256, true),
        ("bool", |_| T::Bool, true),
        ("address", |_| T::Address, true),
        ("bytes", |_| vector(T::U8), true),
        ("vectors of vectors", |_| vector(vector(T::U64)), true),
        ("text", text, true),
        (
            "ascii text",
            |w| T::Datatype(w.foreign((1, "ascii"), "String", COPY_DROP_STORE, &[])),
            true,
        ),
        (
            "an object's id",
            |w| T::Datatype(w.foreign((2, "object"), "ID", COPY_DROP_STORE, &[])),
            true,
        ),
        (
            "text of another module",
            |w| T::Datatype(w.foreign((7, "string"), "String", COPY_DROP_STORE, &[])),
            false,
        ),
        ("an option", |w| option(w, T::U8), true),
        (
            "an option of text",
            |w| {
                let text = text(w);
                option(w, text)
            },
            true,
        ),
        (
            "an option of an object",
            |w| {
                let object = object(w);
                option(w, object)
            },
            false,
        ),
        ("an object", object, true),
        ("an object by reference", |w| reference(object(w)), true),
        (
            "an object by mutable reference",
            |w| mutable_reference(object(w)),
            true,
        ),
        ("objects", |w| vector(object(w)), true),
        (
            "objects by reference",
            |w| reference(vector(object(w))),
            true,
        ),
        ("an object to receive", receiving, true),
        ("objects to receive", |w| vector(receiving(w)), true),
        ("a struct", plain, false),
        ("structs", |w| vector(plain(w)), false),
        ("a struct by reference", |w| reference(plain(w)), false),
        ("a number by reference", |_| reference(T::U64), false),
        ("text by reference", |w| reference(text(w)), false),
        (
            "a number by mutable reference",
            |_| mutable_reference(T::U64),
            false,
        ),
        ("a signer", |_| T::Signer, false),
        ("a signer by reference", |_| reference(T::Signer), false),
        ("signers", |_| vector(T::Signer), false),
        ("an id by value", |w| w.uid.clone(), false),
        ("the clock by reference", |w| reference(clock(w)), true),
        (
            "the clock by mutable reference",
            |w| mutable_reference(clock(w)),
            false,
        ),
        ("the clock by value", clock, false),
        ("the context", |w| w.context.clone(), true),
    ];
    for (name, make, allowed) in rows {
        let mut w = World::new();
        let type_ = make(&mut w);
        w.entry(&[], &[T::U8, type_], &[]);
        let expected = if *allowed {
            Ok(())
        } else {
            Err((Some("f"), None))
        };
        w.check(name, expected);
    }
}

#[test]
fn the_context_comes_last() {
    let mut w = World::new();
    let context = w.context.clone();
    w.entry(&[], &[context.clone(), T::U8], &[]);
    w.refuse("first", Some("f"), None);
    let mut w = World::new();
    w.entry(&[], &[context.clone(), context.clone()], &[]);
    w.refuse("twice", Some("f"), None);
    let mut w = World::new();
    w.entry(&[], &[context], &[]);
    w.accept("alone");
    let mut w = World::new();
    w.entry(&[], &[], &[]);
    w.accept("not at all");
}

#[test]
fn type_parameters_stand_for_values_or_objects() {
    for abilities in [NONE, KEY, COPY_DROP_STORE, KEY.union(STORE)] {
        let mut w = World::new();
        w.entry(
            &[abilities],
            &[type_parameter(0), vector(type_parameter(0))],
            &[],
        );
        w.accept("by value");
        let mut w = World::new();
        w.entry(&[abilities], &[reference(type_parameter(0))], &[]);
        let expected = if abilities.has(Ability::Key) {
            Ok(())
        } else {
            Err((Some("f"), None))
        };
        w.check("by reference", expected);
    }
}

#[test]
fn results_are_values_with_drop() {
    let rows: &[(&str, Make, bool)] = &[
        ("a number", |_| T::U64, true),
        ("a struct", plain, true),
        ("an object", object, false),
        ("an id", |w| w.uid.clone(), false),
        ("a reference", |_| reference(T::U64), false),
        ("a mutable reference", |_| mutable_reference(T::U64), false),
    ];
    for (name, make, allowed) in rows {
        let mut w = World::new();
        let type_ = make(&mut w);
        w.entry(&[], &[], &[T::U8, type_]);
        let expected = if *allowed {
            Ok(())
        } else {
            Err((Some("f"), None))
        };
        w.check(name, expected);
    }
    for (abilities, allowed) in [(DROP, true), (STORE, false)] {
        let mut w = World::new();
        w.entry(&[abilities], &[], &[type_parameter(0)]);
        let expected = if allowed {
            Ok(())
        } else {
            Err((Some("f"), None))
        };
        w.check("a type parameter", expected);
    }
}

#[test]
fn other_functions_take_anything() {
    let mut w = World::new();
    let type_ = plain(&mut w);
    w.function(
        "f",
        &[type_, T::Signer],
        &[reference(T::U8)],
        &[],
        crate::abort(),
    );
    w.accept("private");
}
