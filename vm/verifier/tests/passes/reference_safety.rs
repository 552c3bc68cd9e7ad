use heddle_bytecode::{
    Bytecode as B, DatatypeHandleIndex, SignatureToken as T,
    testing::{mutable_reference, vector},
};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_module};

use crate::body::{
    Body, World, body, borrow, borrow_mut, br_true, branch, copy, imm, mutable, one, store, take,
};
use crate::builder;

const UNSAFE: Rule = Rule::ReferenceSafety;

fn f(w: &World) -> B {
    B::MutBorrowField(w.f)
}

/// A body whose parameter 0 is `&mut S`, with locals 1 of `&mut S`, 2 of
/// `&mut u64`, 3 of `&u64`, 4 of `&S`.
fn through(w: &World, code: Vec<B>) -> Body {
    let locals = [mutable(&w.s), mutable(&T::U64), imm(&T::U64), imm(&w.s)];
    body(&[mutable(&w.s)], &[], &locals, code)
}

#[test]
fn a_mutable_reference_is_not_used_while_another_lives() {
    let w = World::new();
    let write = [one(), take(2), B::WriteRef];
    let code = |parts: &[&[B]]| [parts.concat(), vec![B::Ret]].concat();
    w.accept(
        "one field",
        through(&w, code(&[&[copy(0), f(&w), store(2)], &write])),
    );
    w.accept(
        "two fields at once",
        through(
            &w,
            code(&[
                &[copy(0), f(&w), copy(0), B::MutBorrowField(w.g), store(2)],
                &write,
                &[store(2)],
                &write,
            ]),
        ),
    );
    w.accept(
        "the same field again, the older reference first out of use",
        through(
            &w,
            code(&[&[copy(0), f(&w), B::Pop, copy(0), f(&w), store(2)], &write]),
        ),
    );
    w.accept(
        "the older reference after the younger one",
        through(
            &w,
            code(&[
                &[copy(0), store(1), take(1), f(&w), store(2)],
                &write,
                &[one(), take(0), f(&w), B::WriteRef],
            ]),
        ),
    );
    // The younger of two aliases is refused: something older points into it.
    w.refuse(
        "the younger copy while the older one lives on the stack",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                copy(0),
                f(&w),
                store(2),
                one(),
                take(2),
                B::WriteRef,
            ]
            .into_iter()
            .chain([B::Pop, B::Ret])
            .collect(),
        ),
        UNSAFE,
        7,
    );
    w.refuse(
        "a write above a live field",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                one(),
                one(),
                B::Pack(w.s_def),
                copy(0),
                B::WriteRef,
                one(),
                take(2),
                B::WriteRef,
                B::Ret,
            ],
        ),
        UNSAFE,
        7,
    );
    w.refuse(
        "a read above a live mutable field",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                B::ReadRef,
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.accept(
        "a read above a live immutable field",
        through(
            &w,
            vec![
                copy(0),
                B::ImmBorrowField(w.f),
                store(3),
                copy(0),
                B::ReadRef,
                B::Pop,
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "a write above a live immutable field",
        through(
            &w,
            vec![
                copy(0),
                B::ImmBorrowField(w.f),
                store(3),
                one(),
                one(),
                B::Pack(w.s_def),
                copy(0),
                B::WriteRef,
                B::Ret,
            ],
        ),
        UNSAFE,
        7,
    );
    w.refuse(
        "a write to a field that is borrowed",
        through(
            &w,
            vec![
                copy(0),
                B::ImmBorrowField(w.f),
                store(3),
                one(),
                copy(0),
                f(&w),
                B::WriteRef,
                B::Ret,
            ],
        ),
        UNSAFE,
        6,
    );
    w.accept(
        "a write to the other field",
        through(
            &w,
            vec![
                copy(0),
                B::ImmBorrowField(w.f),
                store(3),
                one(),
                copy(0),
                B::MutBorrowField(w.g),
                B::WriteRef,
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "a field while the whole is frozen",
        through(
            &w,
            vec![
                copy(0),
                B::FreezeRef,
                store(4),
                copy(0),
                f(&w),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.refuse(
        "a freeze while a field is mutable",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                B::FreezeRef,
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.refuse(
        "an immutable borrow of a mutable field",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                B::ImmBorrowField(w.f),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.accept(
        "an immutable borrow of the other field",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                B::ImmBorrowField(w.g),
                B::Pop,
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "an immutable borrow while a copy lives",
        through(
            &w,
            vec![
                copy(0),
                store(1),
                copy(0),
                B::ImmBorrowField(w.f),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        3,
    );
    w.refuse(
        "comparison with a copy",
        through(&w, vec![copy(0), copy(0), B::Eq, B::Pop, B::Ret]),
        UNSAFE,
        2,
    );
    w.accept(
        "comparison of frozen copies",
        through(
            &w,
            vec![
                copy(0),
                B::FreezeRef,
                copy(0),
                B::FreezeRef,
                B::Eq,
                B::Pop,
                B::Ret,
            ],
        ),
    );
    w.accept(
        "a write after the other reference was overwritten",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                B::MutBorrowField(w.g),
                store(2),
                one(),
                copy(0),
                f(&w),
                B::WriteRef,
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "a field of a field",
        body(
            &[mutable(&w.o)],
            &[],
            &[mutable(&w.s)],
            vec![
                copy(0),
                B::MutBorrowField(w.os),
                f(&w),
                copy(0),
                B::MutBorrowField(w.os),
                store(1),
                one(),
                one(),
                B::Pack(w.s_def),
                copy(1),
                B::WriteRef,
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        10,
    );
    w.accept(
        "the same field of two fields",
        body(
            &[mutable(&w.o)],
            &[],
            &[mutable(&T::U64)],
            vec![
                copy(0),
                B::MutBorrowField(w.os),
                f(&w),
                store(1),
                one(),
                copy(0),
                B::MutBorrowField(w.ot),
                f(&w),
                B::WriteRef,
                one(),
                copy(1),
                B::WriteRef,
                B::Ret,
            ],
        ),
    );
}

#[test]
fn borrowed_locals_stay_where_they_are() {
    let w = World::new();
    // Local 0 of type S; 1 of &mut S; 2 of &S; 3 of &mut u64.
    let local = |code: Vec<B>| {
        body(
            std::slice::from_ref(&w.s),
            &[],
            &[mutable(&w.s), imm(&w.s), mutable(&T::U64)],
            code,
        )
    };
    let pack = [one(), one(), B::Pack(w.s_def)];
    for (name, borrowed, holder) in [("&mut", borrow_mut(0), 1), ("&", borrow(0), 2)] {
        w.refuse(
            &format!("moved under {name}"),
            local(vec![
                borrowed.clone(),
                store(holder),
                take(0),
                B::Pop,
                B::Ret,
            ]),
            UNSAFE,
            2,
        );
        w.refuse(
            &format!("overwritten under {name}"),
            local(
                [
                    &[borrowed.clone(), store(holder)],
                    &pack[..],
                    &[store(0), B::Ret],
                ]
                .concat(),
            ),
            UNSAFE,
            5,
        );
        w.accept(
            &format!("moved when {name} is gone"),
            local(vec![
                borrowed.clone(),
                store(holder),
                take(holder),
                B::Pop,
                take(0),
                B::Pop,
                B::Ret,
            ]),
        );
        w.accept(
            &format!("left at the return with {name} in another local"),
            local(vec![borrowed, store(holder), B::Ret]),
        );
    }
    w.refuse(
        "copied under &mut",
        local(vec![borrow_mut(0), store(1), copy(0), B::Pop, B::Ret]),
        UNSAFE,
        2,
    );
    w.accept(
        "copied under &",
        local(vec![borrow(0), store(2), copy(0), B::Pop, B::Ret]),
    );
    w.refuse(
        "& under &mut",
        local(vec![borrow_mut(0), store(1), borrow(0), B::Pop, B::Ret]),
        UNSAFE,
        2,
    );
    w.refuse(
        "a write through &mut beside &",
        local(
            [
                &[borrow(0), store(2)],
                &pack[..],
                &[borrow_mut(0), B::WriteRef, B::Ret],
            ]
            .concat(),
        ),
        UNSAFE,
        6,
    );
    w.refuse(
        "a write through the younger &mut",
        local(
            [
                &[borrow_mut(0), store(1)],
                &pack[..],
                &[borrow_mut(0), B::WriteRef, B::Ret],
            ]
            .concat(),
        ),
        UNSAFE,
        6,
    );
    w.refuse(
        "moved under a field",
        local(vec![
            borrow_mut(0),
            f(&w),
            store(3),
            take(0),
            B::Pop,
            B::Ret,
        ]),
        UNSAFE,
        3,
    );
}

#[test]
fn references_to_locals_do_not_leave() {
    let w = World::new();
    let s = std::slice::from_ref(&w.s);
    w.refuse(
        "a local",
        body(s, &[imm(&w.s)], &[], vec![borrow(0), B::Ret]),
        UNSAFE,
        1,
    );
    w.refuse(
        "a field of a local",
        body(
            s,
            &[mutable(&T::U64)],
            &[],
            vec![borrow_mut(0), f(&w), B::Ret],
        ),
        UNSAFE,
        2,
    );
    w.refuse(
        "on one of two ways",
        body(
            &[w.s.clone(), imm(&w.s), T::Bool],
            &[imm(&w.s)],
            &[imm(&w.s)],
            vec![
                copy(2),
                br_true(5),
                copy(1),
                store(3),
                branch(7),
                borrow(0),
                store(3),
                take(3),
                B::Ret,
            ],
        ),
        UNSAFE,
        8,
    );
    let mut w = World::new();
    let identity = w.function("identity", &[mutable(&w.s)], &[mutable(&w.s)]);
    w.refuse(
        "through a call",
        body(
            std::slice::from_ref(&w.s),
            &[mutable(&w.s)],
            &[],
            vec![borrow_mut(0), B::Call(identity), B::Ret],
        ),
        UNSAFE,
        2,
    );
    w.accept(
        "an argument's target",
        body(
            &[mutable(&w.s)],
            &[mutable(&w.s)],
            &[],
            vec![take(0), B::Call(identity), B::Ret],
        ),
    );
    w.accept(
        "two fields",
        body(
            &[mutable(&w.s)],
            &[mutable(&T::U64), mutable(&T::U64)],
            &[],
            vec![copy(0), f(&w), take(0), B::MutBorrowField(w.g), B::Ret],
        ),
    );
    w.refuse(
        "one field twice",
        body(
            &[mutable(&w.s)],
            &[mutable(&T::U64), mutable(&T::U64)],
            &[],
            vec![copy(0), f(&w), take(0), f(&w), B::Ret],
        ),
        UNSAFE,
        4,
    );
    w.refuse(
        "the whole and a part",
        body(
            &[mutable(&w.s)],
            &[mutable(&w.s), imm(&T::U64)],
            &[],
            vec![copy(0), copy(0), B::ImmBorrowField(w.f), B::Ret],
        ),
        UNSAFE,
        2,
    );
    w.refuse(
        "the whole mutably, and a part of it",
        body(
            &[mutable(&w.s)],
            &[imm(&T::U64), mutable(&w.s)],
            &[],
            vec![copy(0), B::ImmBorrowField(w.f), take(0), B::Ret],
        ),
        UNSAFE,
        3,
    );
    w.accept(
        "one field twice, immutably",
        body(
            &[imm(&w.s)],
            &[imm(&T::U64), imm(&T::U64)],
            &[],
            vec![
                copy(0),
                B::ImmBorrowField(w.f),
                take(0),
                B::ImmBorrowField(w.f),
                B::Ret,
            ],
        ),
    );
}

#[test]
fn calls_borrow_from_their_arguments() {
    let mut w = World::new();
    let (s, m) = (w.s.clone(), mutable(&w.s));
    let identity = B::Call(w.function(
        "identity",
        std::slice::from_ref(&m),
        std::slice::from_ref(&m),
    ));
    let both = B::Call(w.function("both", &[m.clone(), m.clone()], &[]));
    let mixed = B::Call(w.function("mixed", &[m.clone(), imm(&s)], std::slice::from_ref(&m)));
    let reversed = B::Call(w.function("reversed", &[imm(&s), m.clone()], &[]));
    let view = B::Call(w.function("view", &[m.clone(), imm(&s)], &[imm(&s)]));
    let split = B::Call(w.function("split", std::slice::from_ref(&m), &[m.clone(), m.clone()]));
    let pack = [one(), one(), B::Pack(w.s_def)];
    let code = |parts: &[&[B]]| [parts.concat(), vec![B::Ret]].concat();

    w.refuse(
        "one reference for two parameters",
        through(&w, vec![copy(0), copy(0), both.clone(), B::Ret]),
        UNSAFE,
        2,
    );
    w.refuse(
        "a reference and a frozen copy",
        through(
            &w,
            vec![
                copy(0),
                copy(0),
                B::FreezeRef,
                mixed.clone(),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        2,
    );
    w.refuse(
        "a frozen copy and the reference",
        through(&w, vec![copy(0), B::FreezeRef, copy(0), reversed, B::Ret]),
        UNSAFE,
        3,
    );
    w.refuse(
        "a reference whose field lives",
        through(
            &w,
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(0),
                identity.clone(),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.accept(
        "two references",
        body(
            &[m.clone(), m.clone()],
            &[],
            &[],
            vec![copy(0), copy(1), both.clone(), B::Ret],
        ),
    );
    w.refuse(
        "the argument is written while the result lives",
        through(
            &w,
            code(&[
                &[copy(0), identity.clone(), store(1)],
                &pack,
                &[copy(0), B::WriteRef],
            ]),
        ),
        UNSAFE,
        7,
    );
    w.accept(
        "the argument is written when the result is gone",
        through(
            &w,
            code(&[
                &[copy(0), identity.clone(), store(1), take(1), B::Pop],
                &pack,
                &[copy(0), B::WriteRef],
            ]),
        ),
    );
    w.accept(
        "both results are written",
        through(
            &w,
            code(&[&[
                copy(0),
                split,
                f(&w),
                store(2),
                store(1),
                one(),
                take(2),
                B::WriteRef,
                one(),
                take(1),
                f(&w),
                B::WriteRef,
            ]]),
        ),
    );

    // Locals 0 and 1 of S; 2 of &mut S, 3 of &S.
    let locals = |code: Vec<B>| body(&[s.clone(), s.clone()], &[], &[m.clone(), imm(&s)], code);
    let call = [borrow_mut(0), borrow(1)];
    w.refuse(
        "a mutable result borrows from the mutable argument",
        locals(code(&[
            &call,
            &[mixed.clone(), store(2)],
            &pack,
            &[store(0)],
        ])),
        UNSAFE,
        7,
    );
    w.accept(
        "and not from the immutable one",
        locals(code(&[
            &call,
            &[mixed.clone(), store(2)],
            &pack,
            &[store(1)],
        ])),
    );
    for local in [0, 1] {
        w.refuse(
            "an immutable result borrows from both",
            locals(code(&[
                &call,
                &[view.clone(), store(3)],
                &pack,
                &[store(local)],
            ])),
            UNSAFE,
            7,
        );
    }
    w.accept(
        "which may be copied",
        locals(code(&[
            &call,
            &[view, store(3), copy(0), B::Pop, copy(1), B::Pop],
        ])),
    );
}

#[test]
fn vectors_do_not_change_under_their_elements() {
    let w = World::new();
    let words = vector(T::U64);
    let u = w.u64s;
    // 0: &mut vector<u64>, 1: &mut u64, 2: &u64.
    let code = |code: Vec<B>| {
        body(
            &[mutable(&words)],
            &[],
            &[mutable(&T::U64), imm(&T::U64)],
            code,
        )
    };
    for (name, element) in [
        ("&mut", [copy(0), one(), B::VecMutBorrow(u), store(1)]),
        ("&", [copy(0), one(), B::VecImmBorrow(u), store(2)]),
    ] {
        let changes = [
            ("push", vec![copy(0), one(), B::VecPushBack(u)]),
            ("pop", vec![copy(0), B::VecPopBack(u), B::Pop]),
            ("swap", vec![copy(0), one(), one(), B::VecSwap(u)]),
            (
                "mutable element",
                vec![copy(0), one(), B::VecMutBorrow(u), B::Pop],
            ),
        ];
        for (change, instructions) in changes {
            let place = instructions
                .iter()
                .position(|it| !matches!(it, B::CopyLoc(_) | B::LdU64(_)))
                .unwrap();
            let mut all = element.to_vec();
            all.extend(instructions.clone());
            all.push(B::Ret);
            let offset = u16::try_from(4 + place).unwrap();
            w.refuse(&format!("{change} under {name}"), code(all), UNSAFE, offset);
            let holder = if name == "&mut" { 1 } else { 2 };
            let mut after = element.to_vec();
            after.extend([take(holder), B::Pop]);
            after.extend(instructions);
            after.push(B::Ret);
            w.accept(&format!("{change} after {name}"), code(after));
        }
        let mut length = element.to_vec();
        length.extend([copy(0), B::VecLen(u), B::Pop, B::Ret]);
        w.accept(&format!("length under {name}"), code(length));
    }
    w.accept(
        "two immutable elements",
        code(vec![
            copy(0),
            one(),
            B::VecImmBorrow(u),
            copy(0),
            one(),
            B::VecImmBorrow(u),
            B::Eq,
            B::Pop,
            B::Ret,
        ]),
    );
    w.refuse(
        "an immutable element beside a mutable one",
        code(vec![
            copy(0),
            one(),
            B::VecMutBorrow(u),
            store(1),
            copy(0),
            one(),
            B::VecImmBorrow(u),
            B::Pop,
            B::Ret,
        ]),
        UNSAFE,
        6,
    );
    w.refuse(
        "the vector is overwritten under an element",
        code(vec![
            copy(0),
            one(),
            B::VecImmBorrow(u),
            store(2),
            B::VecPack(u, 0),
            copy(0),
            B::WriteRef,
            B::Ret,
        ]),
        UNSAFE,
        6,
    );
    w.refuse(
        "a local vector is moved under an element",
        body(
            std::slice::from_ref(&words),
            &[],
            &[imm(&T::U64)],
            vec![
                borrow(0),
                one(),
                B::VecImmBorrow(u),
                store(1),
                take(0),
                B::Pop,
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
}

#[test]
fn enums_do_not_change_under_their_fields() {
    let mut w = World::new();
    let (a, b) = (w.b.variant(w.e_def, 0), w.b.variant(w.e_def, 1));
    // 0: &mut E, 1 and 2: &mut u64, 3: &u64.
    let code = |code: Vec<B>| {
        body(
            &[mutable(&w.e)],
            &[],
            &[mutable(&T::U64), mutable(&T::U64), imm(&T::U64)],
            code,
        )
    };
    let parts = [copy(0), B::UnpackVariantMutRef(a), store(2), store(1)];
    let with = |tail: &[B]| code([&parts[..], tail, &[B::Ret]].concat());
    w.accept(
        "both fields are written",
        with(&[one(), take(1), B::WriteRef, one(), take(2), B::WriteRef]),
    );
    w.refuse(
        "another variant is written under a field",
        with(&[one(), B::PackVariant(b), copy(0), B::WriteRef]),
        UNSAFE,
        7,
    );
    w.accept(
        "another variant is written after the fields",
        with(&[
            take(1),
            B::Pop,
            take(2),
            B::Pop,
            one(),
            B::PackVariant(b),
            copy(0),
            B::WriteRef,
        ]),
    );
    w.refuse(
        "fields are borrowed under mutable ones",
        with(&[copy(0), B::UnpackVariantImmRef(b), B::Pop]),
        UNSAFE,
        5,
    );
    w.refuse(
        "the variant is read under a mutable field",
        with(&[copy(0), B::FreezeRef, B::Pop]),
        UNSAFE,
        5,
    );
    w.refuse(
        "a field is borrowed twice and written",
        with(&[
            copy(0),
            B::UnpackVariantMutRef(a),
            B::Pop,
            store(2),
            one(),
            take(2),
            B::WriteRef,
        ]),
        UNSAFE,
        10,
    );
    w.refuse(
        "written under an immutable field",
        code(vec![
            copy(0),
            B::UnpackVariantImmRef(b),
            store(3),
            one(),
            B::PackVariant(b),
            copy(0),
            B::WriteRef,
            B::Ret,
        ]),
        UNSAFE,
        6,
    );
    w.refuse(
        "fields of a local are returned",
        body(
            std::slice::from_ref(&w.e),
            &[imm(&T::U64)],
            &[],
            vec![borrow(0), B::UnpackVariantImmRef(b), B::Ret],
        ),
        UNSAFE,
        2,
    );
}

#[test]
fn branches_that_meet_keep_all_borrows() {
    let w = World::new();
    let (s, m) = (&w.s, mutable(&w.s));
    let pack = [one(), one(), B::Pack(w.s_def)];
    // 0 and 1: S, 2: bool, 3: &mut S.
    let either = [
        copy(2),
        br_true(5),
        borrow_mut(0),
        store(3),
        branch(7),
        borrow_mut(1),
        store(3),
    ];
    let code = |tail: &[B]| {
        let code = [&either[..], tail, &[B::Ret]].concat();
        body(
            &[s.clone(), s.clone(), T::Bool],
            &[],
            std::slice::from_ref(&m),
            code,
        )
    };
    for local in [0, 1] {
        w.refuse("moved", code(&[take(local), B::Pop]), UNSAFE, 7);
        w.refuse(
            "overwritten",
            code(&[&pack[..], &[store(local)]].concat()),
            UNSAFE,
            10,
        );
        w.refuse("copied", code(&[copy(local), B::Pop]), UNSAFE, 7);
        w.accept("moved after", code(&[take(3), B::Pop, take(local), B::Pop]));
    }
    w.accept(
        "written through",
        code(&[&pack[..], &[take(3), B::WriteRef]].concat()),
    );
    // 0: &mut S, 1: bool, 2 and 3: &mut u64.
    w.refuse(
        "aliases on one of two ways",
        body(
            &[m.clone(), T::Bool],
            &[],
            &[mutable(&T::U64), mutable(&T::U64)],
            vec![
                copy(0),
                f(&w),
                store(2),
                copy(1),
                br_true(9),
                copy(0),
                B::MutBorrowField(w.g),
                store(3),
                branch(12),
                copy(0),
                f(&w),
                store(3),
                one(),
                take(3),
                B::WriteRef,
                one(),
                take(2),
                B::WriteRef,
                B::Ret,
            ],
        ),
        UNSAFE,
        14,
    );
    // A reference that lives on one way only ends where the ways meet.
    w.accept(
        "a reference of one way",
        body(
            &[s.clone(), T::Bool],
            &[],
            std::slice::from_ref(&m),
            vec![
                copy(1),
                br_true(4),
                borrow_mut(0),
                store(2),
                take(0),
                B::Pop,
                B::Ret,
            ],
        ),
    );
}

#[test]
fn loops_come_back_with_their_borrows() {
    let w = World::new();
    let (s, m, u) = (&w.s, mutable(&w.s), mutable(&T::U64));
    w.refuse(
        "a local moved under the last round's reference",
        body(
            std::slice::from_ref(s),
            &[],
            &[m.clone(), s.clone()],
            vec![
                one(),
                one(),
                B::Pack(w.s_def),
                store(2),
                borrow_mut(2),
                store(1),
                // The loop: overwrite 0, then point to it.
                one(),
                one(),
                B::Pack(w.s_def),
                store(0),
                borrow_mut(0),
                store(1),
                B::LdTrue,
                br_true(6),
                B::Ret,
            ],
        ),
        UNSAFE,
        9,
    );
    w.refuse(
        "a write under the last round's reference",
        body(
            &[m.clone(), u.clone()],
            &[],
            &[],
            vec![
                one(),
                one(),
                B::Pack(w.s_def),
                copy(0),
                B::WriteRef,
                copy(0),
                f(&w),
                store(1),
                B::LdTrue,
                br_true(0),
                B::Ret,
            ],
        ),
        UNSAFE,
        4,
    );
    w.accept(
        "a reference for each round",
        body(
            &[m.clone()],
            &[],
            std::slice::from_ref(&u),
            vec![
                one(),
                one(),
                B::Pack(w.s_def),
                copy(0),
                B::WriteRef,
                copy(0),
                f(&w),
                store(1),
                one(),
                take(1),
                B::WriteRef,
                B::LdTrue,
                br_true(0),
                B::Ret,
            ],
        ),
    );
    w.accept(
        "references that change places",
        body(
            &[m.clone(), m.clone()],
            &[],
            std::slice::from_ref(&m),
            vec![
                take(0),
                store(2),
                take(1),
                store(0),
                take(2),
                store(1),
                one(),
                copy(0),
                f(&w),
                B::WriteRef,
                one(),
                copy(1),
                f(&w),
                B::WriteRef,
                B::LdTrue,
                br_true(0),
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "copies that change places",
        body(
            &[m.clone()],
            &[],
            &[m.clone(), m.clone(), m.clone()],
            vec![
                copy(0),
                store(1),
                copy(0),
                store(2),
                take(1),
                store(3),
                take(2),
                store(1),
                take(3),
                store(2),
                one(),
                copy(1),
                f(&w),
                B::WriteRef,
                B::LdTrue,
                br_true(4),
                B::Ret,
            ],
        ),
        UNSAFE,
        12,
    );
}

/// `S0 { a: u64, b: u64 }`, and each of the next `depth` structs with two
/// fields of the one before it.
fn tower(
    depth: u16,
) -> (
    heddle_bytecode::testing::ModuleBuilder,
    Vec<DatatypeHandleIndex>,
) {
    let mut b = builder();
    let mut handles = Vec::new();
    let mut part = T::U64;
    for level in 0..=depth {
        let handle = b.own_datatype(&format!("S{level}"), crate::body::COPY_DROP, &[]);
        b.struct_def(handle, &[("a", part.clone()), ("b", part)]);
        part = T::Datatype(handle);
        handles.push(handle);
    }
    (b, handles)
}

/// A reference walks down a tower; at each level it takes one field or the
/// other. The paths to where it may point double at each level.
fn doubling_paths(depth: u16) -> heddle_bytecode::CompiledModule {
    let (mut b, handles) = tower(depth);
    let top = T::Datatype(*handles.last().unwrap());
    let mut locals = vec![mutable_reference(top.clone())];
    let mut code = vec![copy(0), store(2)];
    for level in (1..=depth).rev() {
        let target = mutable_reference(T::Datatype(handles[usize::from(level) - 1]));
        locals.push(target);
        let from = u8::try_from(1 + locals.len() - 1).unwrap();
        let start = u16::try_from(code.len()).unwrap();
        let def = heddle_bytecode::StructDefinitionIndex(level);
        code.extend([
            copy(1),
            br_true(start + 6),
            take(from),
            B::MutBorrowField(b.field(def, 0)),
            store(from + 1),
            branch(start + 9),
            take(from),
            B::MutBorrowField(b.field(def, 1)),
            store(from + 1),
        ]);
    }
    code.push(B::Ret);
    let function = b.simple_function("f", &[mutable_reference(top), T::Bool], &[], Vec::new());
    b.body(function, &locals, code);
    b.build()
}

/// Many references that each borrow from many others, in a long chain of
/// blocks that each have to remember it all.
fn many_borrows(references: u8, blocks: u16) -> heddle_bytecode::CompiledModule {
    let mut w = World::new();
    let references_of = |w: &World| vec![mutable(&w.s); usize::from(references)];
    let all = references_of(&w);
    let call = w.function("all", &all, &all);
    let mut code: Vec<B> = (0..references).map(copy).collect();
    code.push(B::Call(call));
    code.extend((references..2 * references).map(store));
    for _ in 0..blocks {
        let next = u16::try_from(code.len()).unwrap() + 1;
        code.push(branch(next));
    }
    code.push(B::Ret);
    w.with(body(&all, &[], &all, code))
}

#[test]
fn growth_is_bounded_by_the_meter() {
    let published = |module: &heddle_bytecode::CompiledModule| {
        let mut meter = WorkMeter::default();
        let verdict = verify_module(module, &VerifierLimits::default(), &mut meter);
        (verdict.map_err(|error| error.rule), meter.used())
    };
    let (small, units) = published(&doubling_paths(4));
    assert_eq!(small, Ok(()));
    assert!(units < 100_000, "{units}");
    assert_eq!(published(&doubling_paths(30)).0, Err(Rule::WorkLimit));

    assert_eq!(published(&many_borrows(10, 10)).0, Ok(()));
    assert_eq!(published(&many_borrows(100, 1000)).0, Err(Rule::WorkLimit));
}
