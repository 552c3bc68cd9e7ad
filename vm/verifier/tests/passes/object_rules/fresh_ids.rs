use heddle_bytecode::{
    Bytecode as B, SignatureToken as T, StructDefinitionIndex,
    testing::{ModuleBuilder, address, instantiation, mutable_reference, vector},
};

use super::{NONE, STORE, World};
use crate::body::{borrow_mut, br_true, branch, copy, one, store, take};

/// A module with an object `O`, a wrapper `W { id: UID }` and the call of
/// `object::new`.
struct Maker {
    w: World,
    object: T,
    def: StructDefinitionIndex,
    wrapper: StructDefinitionIndex,
    new: B,
}

impl Maker {
    fn new() -> Self {
        let mut w = World::new();
        let (object, def) = w.object("O", NONE);
        let wrapper = w.b.own_datatype("W", STORE, &[]);
        let wrapper = w.b.struct_def(wrapper, &[("id", w.uid.clone())]);
        let (uid, context) = (w.uid.clone(), w.context.clone());
        let new = B::Call(w.foreign_function((2, "object"), "new", &[], &[context], &[uid]));
        Maker {
            w,
            object,
            def,
            wrapper,
            new,
        }
    }

    /// A function with an `UID`, the context and a `bool`, with more locals,
    /// that returns an object.
    fn with(&self, locals: &[T], code: Vec<B>) -> World {
        let mut w = self.w.clone();
        let parameters = [w.uid.clone(), w.context.clone(), T::Bool];
        w.function(
            "f",
            &parameters,
            std::slice::from_ref(&self.object),
            locals,
            code,
        );
        w
    }
}

#[test]
fn an_id_that_was_just_made_is_fresh() {
    let m = Maker::new();
    let pack = B::Pack(m.def);
    let made = [take(1), m.new.clone()];
    let code = |parts: &[&[B]]| parts.concat();
    let abort = [one(), B::Abort];
    let cases: [(&str, Vec<T>, Vec<B>); 4] = [
        (
            "at once",
            vec![],
            code(&[&made, &[one(), pack.clone(), store(3)], &abort]),
        ),
        (
            "through a local",
            vec![m.w.uid.clone()],
            code(&[
                &made,
                &[store(4), take(4), one(), pack.clone(), store(3)],
                &abort,
            ]),
        ),
        (
            "on both ways",
            vec![m.w.uid.clone()],
            vec![
                copy(2),
                br_true(6),
                copy(1),
                m.new.clone(),
                store(4),
                branch(9),
                copy(1),
                m.new.clone(),
                store(4),
                take(4),
                one(),
                pack.clone(),
                store(3),
                one(),
                B::Abort,
            ],
        ),
        (
            "in a local that held another id",
            vec![m.w.uid.clone()],
            code(&[
                &[take(0), store(4), take(4), B::Pack(m.wrapper), store(5)],
                &made,
                &[store(4), take(4), one(), pack.clone(), store(3)],
                &abort,
            ]),
        ),
    ];
    let wrapper = T::Datatype(m.w.b.module[m.wrapper].struct_handle);
    for (name, mut locals, code) in cases {
        locals.insert(0, m.object.clone());
        locals.push(wrapper.clone());
        m.with(&locals, code).accept(name);
    }
}

#[test]
fn other_ids_are_not() {
    let m = Maker::new();
    let (uid, pack) = (m.w.uid.clone(), B::Pack(m.def));
    let uids = std::slice::from_ref(&uid);
    m.with(&[], vec![take(0), one(), pack.clone(), B::Ret])
        .refuse("an argument", Some("f"), Some(2));
    m.with(
        uids,
        vec![take(0), store(3), take(3), one(), pack.clone(), B::Ret],
    )
    .refuse("an argument through a local", Some("f"), Some(4));
    m.with(
        &[uid.clone(), m.object.clone()],
        vec![
            copy(2),
            br_true(5),
            take(0),
            store(3),
            branch(8),
            take(1),
            m.new.clone(),
            store(3),
            take(3),
            one(),
            pack.clone(),
            store(4),
            one(),
            B::Abort,
        ],
    )
    .refuse("fresh on one way only", Some("f"), Some(10));
    m.with(
        std::slice::from_ref(&m.object),
        vec![
            take(0),
            B::Pack(m.wrapper),
            B::Unpack(m.wrapper),
            one(),
            pack.clone(),
            B::Ret,
        ],
    )
    .refuse("out of a struct", Some("f"), Some(4));
    m.with(
        std::slice::from_ref(&m.object),
        vec![
            take(1),
            m.new.clone(),
            B::Pack(m.wrapper),
            B::Unpack(m.wrapper),
            one(),
            pack.clone(),
            store(3),
            one(),
            B::Abort,
        ],
    )
    .refuse("a fresh one out of a struct", Some("f"), Some(5));
    m.with(
        std::slice::from_ref(&m.object),
        vec![
            take(1),
            m.new.clone(),
            one(),
            pack.clone(),
            B::Unpack(m.def),
            pack.clone(),
            store(3),
            one(),
            B::Abort,
        ],
    )
    .refuse("out of another object", Some("f"), Some(5));
    m.with(
        &[m.object.clone(), uid.clone()],
        vec![
            copy(1),
            m.new.clone(),
            store(4),
            take(4),
            one(),
            pack.clone(),
            store(3),
            take(3),
            B::Unpack(m.def),
            B::Pop,
            store(4),
            copy(2),
            br_true(3),
            one(),
            B::Abort,
        ],
    )
    .refuse("in the loop's second round", Some("f"), Some(5));

    let mut through_call = Maker::new();
    let (uid, context) = (through_call.w.uid.clone(), through_call.w.context.clone());
    let own = through_call.w.function(
        "own",
        &[context],
        &[uid],
        &[],
        vec![take(0), through_call.new.clone(), B::Ret],
    );
    let own = B::Call(through_call.w.b.module[own].function);
    let code = vec![take(1), own, one(), pack.clone(), store(3), one(), B::Abort];
    through_call
        .with(std::slice::from_ref(&m.object), code)
        .refuse("from a function of the module", Some("f"), Some(3));
}

#[test]
fn containers_do_not_keep_ids_fresh() {
    let mut m = Maker::new();
    let uids = vector(m.w.uid.clone());
    let element = m.w.b.signature(std::slice::from_ref(&m.w.uid));
    m.with(
        &[m.object.clone(), uids],
        vec![
            take(1),
            m.new.clone(),
            B::VecPack(element, 1),
            store(4),
            borrow_mut(4),
            B::VecPopBack(element),
            one(),
            B::Pack(m.def),
            store(3),
            one(),
            B::Abort,
        ],
    )
    .refuse("out of a vector", Some("f"), Some(7));
    let e = m.w.b.own_datatype("E", STORE, &[]);
    let e = m.w.b.enum_def(e, &[("A", &[("id", m.w.uid.clone())])]);
    let a = m.w.b.variant(e, 0);
    m.with(
        std::slice::from_ref(&m.object),
        vec![
            take(1),
            m.new.clone(),
            B::PackVariant(a),
            B::UnpackVariant(a),
            one(),
            B::Pack(m.def),
            store(3),
            one(),
            B::Abort,
        ],
    )
    .refuse("out of an enum", Some("f"), Some(5));
}

#[test]
fn only_the_framework_makes_ids() {
    let cases = [
        ((2, "object"), "new", true),
        ((2, "object"), "new_uid_from_hash", true),
        ((2, "derived_object"), "claim", true),
        ((2, "object"), "news", false),
        ((2, "objects"), "new", false),
        ((7, "object"), "new", false),
        ((1, "object"), "new", false),
    ];
    for (home, name, makes) in cases {
        let mut w = World::new();
        let (object, def) = w.object("O", NONE);
        let uid = w.uid.clone();
        let call = B::Call(w.foreign_function(home, name, &[], &[], &[uid]));
        w.function(
            "f",
            &[],
            &[object],
            &[],
            vec![call, one(), B::Pack(def), B::Ret],
        );
        let expected = if makes {
            Ok(())
        } else {
            Err((Some("f"), Some(2)))
        };
        w.check(&format!("{home:?}::{name}"), expected);
    }
}

#[test]
fn generic_objects_need_fresh_ids_too() {
    for fresh in [true, false] {
        let mut m = Maker::new();
        let (handle, def) = m.w.generic_object("G");
        let instance = m.w.b.struct_instantiation(def, &[T::U64]);
        let made = instantiation(handle, vec![T::U64]);
        let id = if fresh {
            [take(1), m.new.clone()]
        } else {
            [B::Nop, take(0)]
        };
        let code = [
            &id[..],
            &[one(), B::PackGeneric(instance), store(3), one(), B::Abort],
        ]
        .concat();
        let expected = if fresh {
            Ok(())
        } else {
            Err((Some("f"), Some(3)))
        };
        m.with(&[made], code).check("generic", expected);
    }
}

#[test]
fn structs_that_are_no_objects_hold_any_id() {
    let m = Maker::new();
    let code = vec![
        take(0),
        B::Pack(m.wrapper),
        B::Unpack(m.wrapper),
        B::Pack(m.wrapper),
    ];
    let wrapper = T::Datatype(m.w.b.module[m.wrapper].struct_handle);
    let code = [code, vec![store(3), one(), B::Abort]].concat();
    m.with(&[wrapper], code).accept("a wrapper");
}

#[test]
fn reserved_objects_are_made_by_their_modules() {
    for (home, module, function, allowed) in [
        (2, "clock", "create", true),
        (2, "clock", "make", false),
        (2, "other", "create", false),
        (3, "sui_system", "create", true),
        (3, "clock", "create", false),
        (7, "clock", "create", false),
    ] {
        let mut w = World::at(ModuleBuilder::new(address(home), module));
        let (object, def) = w.object("O", NONE);
        let parameters = [w.uid.clone()];
        w.function(
            function,
            &parameters,
            &[object],
            &[],
            vec![take(0), one(), B::Pack(def), B::Ret],
        );
        let expected = if allowed {
            Ok(())
        } else {
            Err((Some(function), Some(2)))
        };
        w.check(&format!("{home}::{module}::{function}"), expected);
    }
}

#[test]
fn borrowed_ids_cannot_be_exchanged() {
    // A local that holds a fresh id stays fresh when it is borrowed: nothing
    // that can be called overwrites an id, which has no drop.
    let mut m = Maker::new();
    let id = mutable_reference(m.w.uid.clone());
    let look = B::Call(m.w.foreign_function((7, "other"), "look", &[], &[id], &[]));
    m.with(
        &[m.object.clone(), m.w.uid.clone()],
        vec![
            take(1),
            m.new.clone(),
            store(4),
            borrow_mut(4),
            look,
            take(4),
            one(),
            B::Pack(m.def),
            store(3),
            one(),
            B::Abort,
        ],
    )
    .accept("lent to a function");
}
