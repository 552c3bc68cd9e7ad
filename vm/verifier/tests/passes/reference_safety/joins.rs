use heddle_bytecode::{Bytecode as B, SignatureToken as T};

use super::{UNSAFE, f};
use crate::body::{World, body, borrow_mut, br_true, branch, copy, mutable, one, store, take};

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
            std::slice::from_ref(&m),
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
            std::slice::from_ref(&m),
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
