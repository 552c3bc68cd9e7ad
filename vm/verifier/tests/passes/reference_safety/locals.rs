use heddle_bytecode::{Bytecode as B, SignatureToken as T};

use super::{UNSAFE, f};
use crate::body::{
    World, body, borrow, borrow_mut, br_true, branch, copy, imm, mutable, one, store, take,
};

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
