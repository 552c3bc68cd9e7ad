//! An object made with an id that was another object's: two objects with one
//! id, or one object as two types. The id may come out of an object and into
//! the next on any way round: locals, branches, loops, wrappers, vectors,
//! variants, functions, and functions that only look like the one that makes
//! ids.

use std::collections::BTreeMap;

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, address, instantiation, type_parameter,
};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CodeOffset, DatatypeHandleIndex, FunctionHandleIndex,
    LocalIndex, SignatureToken as T, StructDefinitionIndex,
};
use heddle_vm::{Package, PublishError};

use crate::world::{HOME, World, add, module, package, signature, stored};

const KEY: AbilitySet = AbilitySet::singleton(Ability::Key);
const STORE: AbilitySet = AbilitySet::singleton(Ability::Store);

/// `0x2::object` with `UID` and `new`, which is all that matters of it here,
/// and beside it modules with functions that look like it.
fn framework() -> Package {
    let with_new = |home: &str, owns_uid: bool| {
        let mut m = ModuleBuilder::new(address(2), home);
        let uid = if owns_uid {
            let uid = m.own_datatype("UID", STORE, &[]);
            m.struct_def(uid, &[("id", T::Address)]);
            uid
        } else {
            let object = m.module_handle(address(2), "object");
            m.datatype_handle(object, "UID", STORE, &[])
        };
        let abort = vec![B::LdU64(0), B::Abort];
        add(
            &mut m,
            "new",
            &signature(&[], &[T::Datatype(uid)]),
            &[],
            abort,
        );
        m.build()
    };
    package(vec![with_new("object", true), with_new("other", false)])
}

/// The module under test, and what its functions name.
struct Objects {
    b: ModuleBuilder,
    uid: T,
    new: FunctionHandleIndex,
    /// `struct O has key { id: UID, x: u64 }`
    o: T,
    o_def: StructDefinitionIndex,
    /// `struct P has key { id: UID }`
    p: T,
    p_def: StructDefinitionIndex,
}

impl Objects {
    fn new() -> Self {
        let mut b = module();
        let object = b.module_handle(address(2), "object");
        let uid = T::Datatype(b.datatype_handle(object, "UID", STORE, &[]));
        let new = b.function_handle(object, "new", &signature(&[], std::slice::from_ref(&uid)));
        let o = b.own_datatype("O", KEY, &[]);
        let o_def = b.struct_def(o, &[("id", uid.clone()), ("x", T::U64)]);
        let p = b.own_datatype("P", KEY, &[]);
        let p_def = b.struct_def(p, &[("id", uid.clone())]);
        Objects {
            b,
            new,
            o: T::Datatype(o),
            o_def,
            p: T::Datatype(p),
            p_def,
            uid,
        }
    }

    /// A function that takes an id, to get rid of it.
    fn keep(&mut self) -> FunctionHandleIndex {
        let signature = signature(std::slice::from_ref(&self.uid), &[]);
        let abort = vec![B::LdU64(0), B::Abort];
        add(&mut self.b, "keep", &signature, &[], abort)
    }

    /// Publishes it with one more function.
    fn publish(
        mut self,
        parameters: &[T],
        returns: &[T],
        locals: &[T],
        code: Vec<B>,
    ) -> Result<(), PublishError> {
        add(
            &mut self.b,
            "f",
            &signature(parameters, returns),
            locals,
            code,
        );
        let user = Package {
            linkage: BTreeMap::from([(address(2), address(2))]),
            ..stored(vec![self.b.build()], HOME, 1)
        };
        World::new(vec![framework()]).publish(&user).map(|_| ())
    }

    /// A function that takes an `O`, and makes a `P` of what `code` leaves on
    /// the stack: the id of the `O` is in local 1.
    fn reuse(self, locals: &[T], code: Vec<B>) -> Result<(), PublishError> {
        let head = [take(0), B::Unpack(self.o_def), B::Pop, store(1)];
        let tail = [B::Pack(self.p_def), B::Ret];
        let code = [&head[..], &code, &tail].concat();
        let locals = [std::slice::from_ref(&self.uid), locals].concat();
        let (o, p) = (self.o.clone(), self.p.clone());
        self.publish(&[o], &[p], &locals, code)
    }
}

fn take(local: u8) -> B {
    B::MoveLoc(LocalIndex(local))
}
fn store(local: u8) -> B {
    B::StLoc(LocalIndex(local))
}

#[track_caller]
fn accepted(what: &str, verdict: Result<(), PublishError>) {
    assert!(verdict.is_ok(), "{what}: {verdict:?}");
}

#[track_caller]
fn refused(what: &str, verdict: Result<(), PublishError>) {
    let is_refused = matches!(
        &verdict,
        Err(PublishError::ObjectRule { function: Some(function), .. }) if function == "f"
    );
    assert!(is_refused, "{what}: {verdict:?}");
}

#[test]
fn a_fresh_id_makes_an_object() {
    let w = Objects::new();
    let (p, code) = (w.p.clone(), vec![B::Call(w.new), B::Pack(w.p_def), B::Ret]);
    accepted("at once", w.publish(&[], &[p], &[], code));
    let w = Objects::new();
    let code = vec![
        B::Call(w.new),
        store(0),
        take(0),
        store(1),
        take(1),
        B::LdU64(1),
        B::Pack(w.o_def),
        B::Ret,
    ];
    let (o, uid) = (w.o.clone(), w.uid.clone());
    accepted(
        "by way of locals",
        w.publish(&[], &[o], &[uid.clone(), uid], code),
    );
    let w = Objects::new();
    let code = vec![
        B::LdTrue,
        B::BrTrue(CodeOffset(5)),
        B::Call(w.new),
        store(0),
        B::Branch(CodeOffset(7)),
        B::Call(w.new),
        store(0),
        take(0),
        B::Pack(w.p_def),
        B::Ret,
    ];
    let (p, uid) = (w.p.clone(), w.uid.clone());
    accepted("on both ways", w.publish(&[], &[p], &[uid], code));
}

#[test]
fn an_id_that_was_given() {
    let w = Objects::new();
    let (p, uid) = (w.p.clone(), w.uid.clone());
    let code = vec![take(0), B::Pack(w.p_def), B::Ret];
    refused("a parameter", w.publish(&[uid], &[p], &[], code));
}

#[test]
fn an_id_of_another_object() {
    refused(
        "by way of a local",
        Objects::new().reuse(&[], vec![take(1)]),
    );
    let w = Objects::new();
    let code = vec![take(0), B::Unpack(w.o_def), B::Pack(w.o_def), B::Ret];
    let o = w.o.clone();
    refused(
        "the same type again",
        w.publish(
            std::slice::from_ref(&o),
            std::slice::from_ref(&o),
            &[],
            code,
        ),
    );
}

#[test]
fn an_id_on_one_way_only() {
    let mut w = Objects::new();
    let (keep, uid) = (w.keep(), w.uid.clone());
    // Offsets count from the head's four instructions.
    let code = vec![
        B::LdTrue,
        B::BrTrue(CodeOffset(9)),
        take(1),
        store(2),
        B::Branch(CodeOffset(13)),
        B::Call(w.new),
        store(2),
        take(1),
        B::Call(keep),
        take(2),
    ];
    refused("stale on one branch", w.reuse(&[uid], code));
}

#[test]
fn an_id_that_turns_stale_in_a_loop() {
    // Local 2 is fresh at first; each turn of the loop swaps it with local 1.
    let mut w = Objects::new();
    let (keep, uid) = (w.keep(), w.uid.clone());
    // Offsets count from the head's four instructions.
    let code = vec![
        B::Call(w.new),
        store(2),
        B::LdTrue,
        B::BrTrue(CodeOffset(15)),
        take(2),
        store(3),
        take(1),
        store(2),
        take(3),
        store(1),
        B::Branch(CodeOffset(6)),
        take(1),
        B::Call(keep),
        take(2),
    ];
    refused("a swap in a loop", w.reuse(&[uid.clone(), uid], code));
}

#[test]
fn an_id_by_way_of_a_container() {
    let mut w = Objects::new();
    let wrapper = w.b.own_datatype("Wrapper", STORE, &[]);
    let def = w.b.struct_def(wrapper, &[("id", w.uid.clone())]);
    let code = vec![take(1), B::Pack(def), B::Unpack(def)];
    refused("a struct", w.reuse(&[], code));

    let mut w = Objects::new();
    let ids = w.b.signature(std::slice::from_ref(&w.uid));
    let code = vec![take(1), B::VecPack(ids, 1), B::VecUnpack(ids, 1)];
    refused("a vector", w.reuse(&[], code));

    let mut w = Objects::new();
    let choice = w.b.own_datatype("Choice", STORE, &[]);
    let def = w.b.enum_def(choice, &[("Some", &[("id", w.uid.clone())])]);
    let some = w.b.variant(def, 0);
    let code = vec![take(1), B::PackVariant(some), B::UnpackVariant(some)];
    refused("a variant", w.reuse(&[], code));

    let mut w = Objects::new();
    let boxed =
        w.b.own_datatype("Box", STORE, &[(false, AbilitySet::EMPTY)]);
    let def = w.b.struct_def(boxed, &[("v", type_parameter(0))]);
    let instance = w.b.struct_instantiation(def, std::slice::from_ref(&w.uid));
    // Fresh before, and not after: what is inside may have been exchanged.
    let (p, new) = (w.p.clone(), w.new);
    let code = vec![
        B::Call(new),
        B::PackGeneric(instance),
        B::UnpackGeneric(instance),
        B::Pack(w.p_def),
        B::Ret,
    ];
    refused("a generic struct", w.publish(&[], &[p], &[], code));
}

#[test]
fn an_id_by_way_of_a_function() {
    let mut w = Objects::new();
    let uids = [w.uid.clone()];
    let same = add(
        &mut w.b,
        "same",
        &signature(&uids, &uids),
        &[],
        vec![take(0), B::Ret],
    );
    refused("the identity", w.reuse(&[], vec![take(1), B::Call(same)]));

    let mut w = Objects::new();
    let generic = FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY],
        parameters: vec![type_parameter(0)],
        returns: vec![type_parameter(0)],
    };
    let same = add(&mut w.b, "same", &generic, &[], vec![take(0), B::Ret]);
    let same =
        w.b.function_instantiation(same, std::slice::from_ref(&w.uid));
    refused(
        "a generic one",
        w.reuse(&[], vec![take(1), B::CallGeneric(same)]),
    );

    // The stale one comes back where the fresh one went in.
    let mut w = Objects::new();
    let two = [w.uid.clone(), w.uid.clone()];
    let swap = add(
        &mut w.b,
        "swap",
        &signature(&two, &two),
        &[],
        vec![take(1), take(0), B::Ret],
    );
    let keep = w.keep();
    let code = vec![B::Call(w.new), take(1), B::Call(swap), B::Call(keep)];
    refused("a swap", w.reuse(&[], code));
}

#[test]
fn an_id_written_through_a_reference() {
    // `*(&mut fresh) = stale` would drop the fresh one, which has no drop.
    let w = Objects::new();
    let uid = w.uid.clone();
    let code = vec![
        B::Call(w.new),
        store(2),
        take(1),
        B::MutBorrowLoc(LocalIndex(2)),
        B::WriteRef,
        take(2),
    ];
    let verdict = w.reuse(&[uid], code);
    assert!(
        matches!(verdict, Err(PublishError::Verification { .. })),
        "{verdict:?}"
    );
}

#[test]
fn functions_that_only_look_like_the_maker_of_ids() {
    // Another module of the framework.
    let mut w = Objects::new();
    let other = w.b.module_handle(address(2), "other");
    let new =
        w.b.function_handle(other, "new", &signature(&[], std::slice::from_ref(&w.uid)));
    let (p, code) = (w.p.clone(), vec![B::Call(new), B::Pack(w.p_def), B::Ret]);
    refused("another module", w.publish(&[], &[p], &[], code));
    // One's own function of this name.
    let mut w = Objects::new();
    let uid = w.uid.clone();
    let new = add(
        &mut w.b,
        "new",
        &signature(std::slice::from_ref(&uid), std::slice::from_ref(&uid)),
        &[],
        vec![take(0), B::Ret],
    );
    refused("an own function", w.reuse(&[], vec![take(1), B::Call(new)]));
    // One that is not there.
    let mut w = Objects::new();
    let object = w.b.module_handle(address(2), "object");
    let new = w.b.function_handle(
        object,
        "new_uid_from_hash",
        &signature(&[], std::slice::from_ref(&w.uid)),
    );
    let (p, code) = (w.p.clone(), vec![B::Call(new), B::Pack(w.p_def), B::Ret]);
    let verdict = w.publish(&[], &[p], &[], code);
    assert!(
        matches!(verdict, Err(PublishError::Verification { .. })),
        "{verdict:?}"
    );
    // The right one, with another signature.
    let mut w = Objects::new();
    let object = w.b.module_handle(address(2), "object");
    let uids = [w.uid.clone()];
    w.b.module.function_handles.clear();
    let new = w.b.function_handle(object, "new", &signature(&uids, &uids));
    let verdict = w.reuse(&[], vec![take(1), B::Call(new)]);
    assert!(
        matches!(verdict, Err(PublishError::Verification { .. })),
        "{verdict:?}"
    );
}

#[test]
fn objects_that_hide_their_id() {
    type Fields = fn(&mut Objects) -> (DatatypeHandleIndex, Vec<(&'static str, T)>);
    let shapes: [(&str, Fields); 5] = [
        ("no id", |w| {
            (w.b.own_datatype("X", KEY, &[]), vec![("x", T::U64)])
        }),
        ("the id second", |w| {
            let handle = w.b.own_datatype("X", KEY, &[]);
            let inner = T::Address;
            (handle, vec![("x", inner), ("id", w.uid.clone())])
        }),
        ("an address for an id", |w| {
            (w.b.own_datatype("X", KEY, &[]), vec![("id", T::Address)])
        }),
        ("a type parameter for an id", |w| {
            let handle = w.b.own_datatype("X", KEY, &[(false, STORE)]);
            (handle, vec![("id", type_parameter(0))])
        }),
        ("a wrapped id", |w| {
            let wrapper = w.b.own_datatype("Wrapper", STORE, &[]);
            w.b.struct_def(wrapper, &[("id", w.uid.clone())]);
            (
                w.b.own_datatype("X", KEY, &[]),
                vec![("id", T::Datatype(wrapper))],
            )
        }),
    ];
    for (what, shape) in shapes {
        let mut w = Objects::new();
        let (handle, fields) = shape(&mut w);
        w.b.struct_def(handle, &fields);
        let verdict = w.publish(&[], &[], &[], vec![B::Ret]);
        assert!(
            matches!(verdict, Err(PublishError::ObjectRule { .. })),
            "{what}: {verdict:?}"
        );
    }
    let mut w = Objects::new();
    let handle = w.b.own_datatype("X", KEY, &[]);
    w.b.enum_def(handle, &[("A", &[("id", w.uid.clone())])]);
    let verdict = w.publish(&[], &[], &[], vec![B::Ret]);
    assert!(
        matches!(verdict, Err(PublishError::ObjectRule { .. })),
        "an enum: {verdict:?}"
    );
}

#[test]
fn an_id_of_a_generic_object() {
    let mut w = Objects::new();
    let handle = w.b.own_datatype("G", KEY, &[(true, AbilitySet::EMPTY)]);
    let def = w.b.struct_def(handle, &[("id", w.uid.clone())]);
    let (a, b) = (vec![T::U8], vec![T::U64]);
    let from = w.b.struct_instantiation(def, &a);
    let to = w.b.struct_instantiation(def, &b);
    let code = vec![take(0), B::UnpackGeneric(from), B::PackGeneric(to), B::Ret];
    let (from, to) = (instantiation(handle, a), instantiation(handle, b));
    refused(
        "another type argument",
        w.publish(&[from], &[to], &[], code),
    );
}
