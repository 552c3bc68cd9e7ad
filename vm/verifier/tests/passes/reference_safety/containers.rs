use heddle_bytecode::{Bytecode as B, SignatureToken as T, testing::vector};

use super::UNSAFE;
use crate::body::{World, body, borrow, copy, imm, mutable, one, store, take};

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
