use heddle_bytecode::Bytecode as B;

use super::{UNSAFE, f, through};
use crate::body::{World, body, borrow, borrow_mut, copy, imm, mutable, one, store, take};

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
