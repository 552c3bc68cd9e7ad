use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, SignatureToken as T, Visibility,
    testing::{FunctionSignature, ModuleBuilder, address, instantiation, type_parameter, vector},
};

use super::{KEY, NONE, STORE, World};
use crate::body::take;

/// A module that calls a function with one type parameter and one argument.
fn calling(home: (u8, &str), name: &str, type_: fn(&mut World) -> T, all: AbilitySet) -> World {
    let mut w = World::new();
    let argument = type_(&mut w);
    let function = w.foreign_function(home, name, &[NONE], &[type_parameter(0)], &[]);
    let call =
        w.b.function_instantiation(function, std::slice::from_ref(&argument));
    let signature = FunctionSignature {
        type_parameters: vec![all],
        parameters: vec![argument],
        returns: vec![],
    };
    let f = w.b.function("f", Visibility::Private, &signature);
    w.b.body(f, &[], vec![take(0), B::CallGeneric(call), B::Ret]);
    w
}

const PRIVATE: [((u8, &str), &str); 9] = [
    ((2, "transfer"), "transfer"),
    ((2, "transfer"), "party_transfer"),
    ((2, "transfer"), "freeze_object"),
    ((2, "transfer"), "share_object"),
    ((2, "transfer"), "receive"),
    ((2, "event"), "emit"),
    ((2, "event"), "emit_authenticated"),
    ((2, "coin_registry"), "new_currency"),
    ((1, "internal"), "permit"),
];

#[test]
fn types_are_the_callers_own() {
    for (home, name) in PRIVATE {
        let refused = |what: &str, type_: fn(&mut World) -> T| {
            calling(home, name, type_, KEY.union(STORE)).refuse(
                &format!("{name} of {what}"),
                Some("f"),
                Some(1),
            );
        };
        calling(home, name, |w| w.object("O", STORE).0, NONE).accept(name);
        calling(
            home,
            name,
            |w| {
                let (handle, _) = w.generic_object("G");
                instantiation(handle, vec![T::U64])
            },
            NONE,
        )
        .accept(name);
        refused("another module's object", |w| {
            T::Datatype(w.foreign((2, "coin"), "Coin", KEY.union(STORE), &[]))
        });
        refused("an object of a module of this name", |w| {
            T::Datatype(w.foreign((8, "m"), "O", KEY, &[]))
        });
        refused("another module's object with an own type inside", |w| {
            let own = w.object("O", STORE).0;
            let coin = w.foreign((2, "coin"), "Coin", KEY.union(STORE), &[(true, NONE)]);
            instantiation(coin, vec![own])
        });
        refused("a type parameter", |_| type_parameter(0));
        refused("a number", |_| T::U64);
        refused("a vector of its own", |w| vector(w.object("O", STORE).0));
    }
}

#[test]
fn other_functions_take_any_type() {
    for (home, name) in [
        ((2, "transfer"), "public_transfer"),
        ((2, "transfer"), "public_share_object"),
        ((2, "transfer"), "public_freeze_object"),
        ((2, "transfer"), "public_party_transfer"),
        ((2, "transfer"), "public_receive"),
        ((2, "transfer"), "receiving_object_id"),
        ((2, "event"), "events_by_type"),
        ((2, "coin_registry"), "other"),
        ((7, "transfer"), "transfer"),
        ((2, "other"), "transfer"),
        ((2, "event"), "transfer"),
    ] {
        let all = AbilitySet::singleton(Ability::Key);
        calling(home, name, |_| type_parameter(0), all).accept(name);
    }
}

#[test]
fn a_module_may_call_its_own() {
    let mut w = World::at(ModuleBuilder::new(address(2), "transfer"));
    let signature = FunctionSignature {
        type_parameters: vec![KEY],
        parameters: vec![type_parameter(0)],
        returns: vec![],
    };
    let transfer = w.b.function("transfer", Visibility::Public, &signature);
    let handle = w.b.module[transfer].function;
    let call = w.b.function_instantiation(handle, &[type_parameter(0)]);
    let public =
        w.b.function("public_transfer", Visibility::Public, &signature);
    w.b.body(public, &[], vec![take(0), B::CallGeneric(call), B::Ret]);
    w.accept("transfer");
}

#[test]
fn a_new_operation_is_refused_until_it_is_listed() {
    let with = |home: (u8, &str), name: &str, visibility: Visibility| {
        let mut w = World::at(ModuleBuilder::new(address(home.0), home.1));
        w.b.function(name, visibility, &FunctionSignature::default());
        w
    };
    for home in [(2, "transfer"), (2, "event")] {
        with(home, "leak", Visibility::Public).refuse("public", Some("leak"), None);
        with(home, "leak", Visibility::Friend).accept("for the package");
        with(home, "leak", Visibility::Private).accept("private");
    }
    with((2, "event"), "num_events", Visibility::Public).accept("a listed function");
    with((2, "coin_registry"), "leak", Visibility::Public).accept("a module that is not listed");
    with((7, "transfer"), "leak", Visibility::Public).accept("another package");
}
