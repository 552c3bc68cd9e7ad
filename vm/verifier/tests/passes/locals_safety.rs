use heddle_bytecode::{Bytecode as B, SignatureToken as T};
use heddle_verifier::Rule;

use crate::body::{
    Body, World, body, borrow, borrow_mut, br_true, branch, copy, imm, one, store, take,
};

const UNAVAILABLE: Rule = Rule::LocalUnavailable;

/// A body with one local of type `u64`, number 0.
fn local(code: Vec<B>) -> Body {
    body(&[], &[], &[T::U64], code)
}

#[test]
fn locals_are_assigned_before_use() {
    let w = World::new();
    for use_ in [copy(0), take(0), borrow(0), borrow_mut(0)] {
        let name = format!("{use_:?}");
        let before = local(vec![use_.clone(), B::Pop, B::Ret]);
        w.refuse(&name, before, UNAVAILABLE, 0);
        let after = local(vec![one(), store(0), use_.clone(), B::Pop, B::Ret]);
        w.accept(&name, after);
        let moved = local(vec![
            one(),
            store(0),
            take(0),
            B::Pop,
            use_.clone(),
            B::Pop,
            B::Ret,
        ]);
        w.refuse(&name, moved, UNAVAILABLE, 4);
        let parameter = body(&[T::U64], &[], &[], vec![use_.clone(), B::Pop, B::Ret]);
        w.accept(&name, parameter);
        let on_one_way = body(
            &[T::Bool],
            &[],
            &[T::U64],
            vec![
                copy(0),
                br_true(4),
                one(),
                store(1),
                relocated(&use_, 1),
                B::Pop,
                B::Ret,
            ],
        );
        w.refuse(&name, on_one_way, UNAVAILABLE, 4);
        let on_both_ways = body(
            &[T::Bool],
            &[],
            &[T::U64],
            vec![
                copy(0),
                br_true(5),
                one(),
                store(1),
                branch(7),
                one(),
                store(1),
                relocated(&use_, 1),
                B::Pop,
                B::Ret,
            ],
        );
        w.accept(&name, on_both_ways);
    }
    w.accept(
        "assigned again after it was moved",
        local(vec![
            one(),
            store(0),
            take(0),
            store(0),
            take(0),
            B::Pop,
            B::Ret,
        ]),
    );
    w.refuse(
        "a reference moved twice",
        body(
            &[imm(&T::U64)],
            &[],
            &[],
            vec![take(0), B::Pop, take(0), B::Pop, B::Ret],
        ),
        UNAVAILABLE,
        2,
    );
    w.accept(
        "unavailable where nothing reaches",
        local(vec![B::Ret, take(0), B::Pop, B::Ret]),
    );
}

fn relocated(instruction: &B, local: u8) -> B {
    match instruction {
        B::CopyLoc(_) => copy(local),
        B::MoveLoc(_) => take(local),
        B::ImmBorrowLoc(_) => borrow(local),
        B::MutBorrowLoc(_) => borrow_mut(local),
        other => panic!("{other:?} names no local"),
    }
}

#[test]
fn loops_come_back_with_what_they_left() {
    let w = World::new();
    w.refuse(
        "moved in each round",
        body(
            &[T::U64],
            &[],
            &[],
            vec![take(0), B::Pop, B::LdTrue, br_true(0), B::Ret],
        ),
        UNAVAILABLE,
        0,
    );
    w.accept(
        "moved and assigned in each round",
        body(
            &[T::U64],
            &[],
            &[],
            vec![
                take(0),
                B::Pop,
                one(),
                store(0),
                B::LdTrue,
                br_true(0),
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "assigned only in the loop's later part",
        local(vec![
            B::LdTrue,
            br_true(6),
            one(),
            store(0),
            B::LdTrue,
            br_true(0),
            copy(0),
            B::Pop,
            B::Ret,
        ]),
        UNAVAILABLE,
        6,
    );
}

#[test]
fn values_without_drop_are_not_lost() {
    let w = World::new();
    let r = std::slice::from_ref(&w.r);
    let pack = [one(), B::Pack(w.r_def)];
    let code = |tail: &[B]| [&pack[..], tail].concat();
    w.refuse(
        "left at the return",
        body(r, &[], &[], vec![B::Ret]),
        UNAVAILABLE,
        0,
    );
    w.accept("returned", body(r, r, &[], vec![take(0), B::Ret]));
    w.accept(
        "unpacked",
        body(
            r,
            &[],
            &[],
            vec![take(0), B::Unpack(w.r_def), B::Pop, B::Ret],
        ),
    );
    w.accept("left at an abort", body(r, &[], &[], vec![one(), B::Abort]));
    w.accept(
        "left in an endless loop",
        body(r, &[], &[], vec![branch(0)]),
    );
    w.refuse(
        "overwritten",
        body(r, &[], &[], code(&[store(0), B::Ret])),
        UNAVAILABLE,
        2,
    );
    w.accept(
        "assigned after it was moved",
        body(
            r,
            r,
            &[],
            vec![
                take(0),
                B::Unpack(w.r_def),
                B::Pack(w.r_def),
                store(0),
                take(0),
                B::Ret,
            ],
        ),
    );
    w.refuse(
        "moved on one way",
        body(
            &[w.r.clone(), T::Bool],
            &[],
            &[],
            vec![
                copy(1),
                br_true(5),
                take(0),
                B::Unpack(w.r_def),
                B::Pop,
                B::Ret,
            ],
        ),
        UNAVAILABLE,
        5,
    );
    w.refuse(
        "moved on one way and assigned after",
        body(
            &[w.r.clone(), T::Bool],
            r,
            &[],
            vec![
                copy(1),
                br_true(5),
                take(0),
                B::Unpack(w.r_def),
                B::Pop,
                one(),
                B::Pack(w.r_def),
                store(0),
                take(0),
                B::Ret,
            ],
        ),
        UNAVAILABLE,
        7,
    );
    w.refuse(
        "assigned in each round",
        body(
            &[],
            &[],
            r,
            [
                code(&[store(0), B::LdTrue, br_true(0), take(0)]),
                vec![B::Unpack(w.r_def), B::Pop, B::Ret],
            ]
            .concat(),
        ),
        UNAVAILABLE,
        2,
    );
    let generic = |abilities| {
        body(
            &[heddle_bytecode::testing::type_parameter(0)],
            &[],
            &[],
            vec![B::Ret],
        )
        .generic(&[abilities])
    };
    w.accept(
        "a type parameter with drop",
        generic(crate::body::COPY_DROP),
    );
    w.refuse(
        "a type parameter without drop",
        generic(heddle_bytecode::AbilitySet::EMPTY),
        UNAVAILABLE,
        0,
    );
    let inside = w.generic_struct(w.r.clone());
    w.refuse(
        "inside a generic struct with drop",
        body(&[inside], &[], &[], vec![B::Ret]),
        UNAVAILABLE,
        0,
    );
    w.refuse(
        "inside a vector",
        body(
            &[heddle_bytecode::testing::vector(w.r.clone())],
            &[],
            &[],
            vec![B::Ret],
        ),
        UNAVAILABLE,
        0,
    );
}
