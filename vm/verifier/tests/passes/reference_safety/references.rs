use heddle_bytecode::{Bytecode as B, SignatureToken as T};

use super::{UNSAFE, f, through};
use crate::body::{World, body, copy, mutable, one, store, take};

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
