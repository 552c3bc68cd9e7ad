use heddle_bytecode::{
    Bytecode as B, SignatureToken as T, Visibility,
    testing::{FunctionSignature, mutable_reference, reference},
};

use super::{DROP, NONE, World};
use crate::abort;

/// A module with a witness `M` and a function `init`.
fn init(parameters: fn(&World, T) -> Vec<T>) -> World {
    let mut w = World::new();
    let witness = w.b.own_datatype("M", DROP, &[]);
    w.b.struct_def(witness, &[("dummy_field", T::Bool)]);
    let parameters = parameters(&w, T::Datatype(witness));
    w.function("init", &parameters, &[], &[], abort());
    w
}

/// A module without a witness and with a function `init`.
fn plain(parameters: fn(&World) -> Vec<T>) -> World {
    let mut w = World::new();
    let parameters = parameters(&w);
    w.function("init", &parameters, &[], &[], abort());
    w
}

fn by_reference(w: &World) -> T {
    match &w.context {
        T::MutableReference(inner) => reference((**inner).clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn init_takes_the_context_and_the_witness_if_there_is_one() {
    let at = Some("init");
    plain(|w| vec![w.context.clone()]).accept("&mut");
    plain(|w| vec![by_reference(w)]).accept("&");
    plain(|_| vec![]).refuse("nothing", at, None);
    plain(|_| vec![T::U64]).refuse("a number", at, None);
    plain(|w| vec![w.context.clone(), T::U64]).refuse("the context first", at, None);
    plain(|w| vec![T::U64, w.context.clone()]).refuse("a number and the context", at, None);
    plain(|w| vec![w.context.clone(), w.context.clone()]).refuse("the context twice", at, None);
    plain(|w| match &w.context {
        T::MutableReference(inner) => vec![(**inner).clone()],
        other => panic!("{other:?}"),
    })
    .refuse("the context by value", at, None);

    init(|w, witness| vec![witness, w.context.clone()]).accept("the witness");
    init(|w, witness| vec![witness, by_reference(w)]).accept("the witness and &");
    init(|w, _| vec![w.context.clone()]).refuse("no witness", at, None);
    init(|_, witness| vec![witness]).refuse("the witness alone", at, None);
    init(|w, witness| vec![w.context.clone(), witness]).refuse("the witness last", at, None);
    init(|w, witness| vec![reference(witness), w.context.clone()]).refuse(
        "the witness by reference",
        at,
        None,
    );
    init(|w, witness| vec![mutable_reference(witness), w.context.clone()]).refuse(
        "the witness by mutable reference",
        at,
        None,
    );
    init(|w, witness| vec![witness.clone(), witness, w.context.clone()]).refuse(
        "the witness twice",
        at,
        None,
    );
    init(|w, witness| vec![witness, T::U64, w.context.clone()]).refuse(
        "something else too",
        at,
        None,
    );
    init(|w, _| vec![T::U64, w.context.clone()]).refuse("another first parameter", at, None);
}

#[test]
fn init_is_private_and_plain() {
    let at = Some("init");
    let shaped = |visibility, is_entry, signature: FunctionSignature| {
        let mut w = World::new();
        let signature = FunctionSignature {
            parameters: vec![w.context.clone()],
            ..signature
        };
        let function = w.b.function("init", visibility, &signature);
        w.b.body(function, &[], abort());
        w.b.module.function_defs[0].is_entry = is_entry;
        w
    };
    let signature = FunctionSignature::default();
    shaped(Visibility::Private, false, signature.clone()).accept("private");
    shaped(Visibility::Public, false, signature.clone()).refuse("public", at, None);
    shaped(Visibility::Friend, false, signature.clone()).refuse("friend", at, None);
    shaped(Visibility::Private, true, signature.clone()).refuse("entry", at, None);
    let generic = FunctionSignature {
        type_parameters: vec![NONE],
        ..signature.clone()
    };
    shaped(Visibility::Private, false, generic).refuse("generic", at, None);
    let returning = FunctionSignature {
        returns: vec![T::U64],
        ..signature
    };
    shaped(Visibility::Private, false, returning).refuse("with a result", at, None);
    let mut w = World::new();
    w.function("initialize", &[T::U64], &[T::U64], &[], abort());
    w.accept("another name");
}

#[test]
fn init_is_not_called() {
    let mut w = World::new();
    let context = [w.context.clone()];
    let init = w.function("init", &context, &[], &[], vec![B::Ret]);
    let init = w.b.module[init].function;
    let call = vec![crate::body::take(0), B::Call(init), B::Ret];
    w.function("f", &context, &[], &[], call);
    w.refuse("from a function", Some("f"), Some(1));
    let mut w = World::new();
    let other = w.foreign_function((7, "other"), "init", &[], &context, &[]);
    w.function(
        "f",
        &context,
        &[],
        &[],
        vec![crate::body::take(0), B::Call(other), B::Ret],
    );
    w.accept("that of another module, which linking refuses");
}
