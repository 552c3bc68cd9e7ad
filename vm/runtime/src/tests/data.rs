//! Structs, enums, vectors, references and constants.

use super::support::*;
use crate::{CallArg, ExecutionErrorKind, VectorError};
use heddle_bytecode::testing::{ModuleBuilder, mutable_reference, reference, vector};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, CodeOffset, EnumDefinitionIndex, LocalIndex, SignatureToken,
    StructDefinitionIndex, VariantJumpTable,
};

fn copy(index: u8) -> Bytecode {
    Bytecode::CopyLoc(LocalIndex(index))
}
fn take(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}
fn store(index: u8) -> Bytecode {
    Bytecode::StLoc(LocalIndex(index))
}
fn borrow_mut(index: u8) -> Bytecode {
    Bytecode::MutBorrowLoc(LocalIndex(index))
}
fn borrow(index: u8) -> Bytecode {
    Bytecode::ImmBorrowLoc(LocalIndex(index))
}

fn values() -> AbilitySet {
    AbilitySet::PRIMITIVES
}

/// `struct Inner { a: u8, items: vector<u16> }`, `struct Outer { n: u64, inner: Inner, ok: bool }`.
fn structs(
    module: &mut ModuleBuilder,
) -> (
    SignatureToken,
    StructDefinitionIndex,
    SignatureToken,
    StructDefinitionIndex,
) {
    let inner = module.own_datatype("Inner", values(), &[]);
    let inner_def = module.struct_def(
        inner,
        &[
            ("a", SignatureToken::U8),
            ("items", vector(SignatureToken::U16)),
        ],
    );
    let outer = module.own_datatype("Outer", values(), &[]);
    let outer_def = module.struct_def(
        outer,
        &[
            ("n", SignatureToken::U64),
            ("inner", SignatureToken::Datatype(inner)),
            ("ok", SignatureToken::Bool),
        ],
    );
    (
        SignatureToken::Datatype(inner),
        inner_def,
        SignatureToken::Datatype(outer),
        outer_def,
    )
}

type Outer = (u64, (u8, Vec<u16>), bool);

fn outer() -> Outer {
    (7, (3, vec![10, 20, 30]), true)
}

#[test]
fn pack_and_unpack() {
    let mut m = module();
    let (_, inner_def, outer_ty, outer_def) = structs(&mut m);
    let u16s = vector(SignatureToken::U16);
    add(
        &mut m,
        "f",
        &[
            SignatureToken::U64,
            SignatureToken::U8,
            u16s.clone(),
            SignatureToken::Bool,
        ],
        std::slice::from_ref(&outer_ty),
        &[],
        vec![
            take(0),
            take(1),
            take(2),
            Bytecode::Pack(inner_def),
            take(3),
            Bytecode::Pack(outer_def),
            Bytecode::Ret,
        ],
    );
    add(
        &mut m,
        "g",
        &[outer_ty],
        &[
            SignatureToken::U64,
            SignatureToken::U8,
            u16s,
            SignatureToken::Bool,
        ],
        &[SignatureToken::Bool],
        vec![
            take(0),
            Bytecode::Unpack(outer_def),
            store(1),
            Bytecode::Unpack(inner_def),
            take(1),
            Bytecode::Ret,
        ],
    );
    let world = World::of(m);
    let (n, (a, items), ok) = outer();
    let parts = vec![bcs(&n), bcs(&a), bcs(&items), bcs(&ok)];
    let arguments = parts.iter().cloned().map(CallArg::Value).collect();
    assert_eq!(
        world.call("f", arguments).expect("runs").values,
        [bcs(&outer())]
    );
    assert_eq!(
        world.call("g", vec![arg(&outer())]).expect("runs").values,
        parts
    );
}

#[test]
fn fields_behind_references() {
    let mut m = module();
    let (_, inner_def, outer_ty, outer_def) = structs(&mut m);
    let inner_field = m.field(outer_def, 1);
    let (a_field, items_field, n_field) = (
        m.field(inner_def, 0),
        m.field(inner_def, 1),
        m.field(outer_def, 0),
    );
    let element = m.signature(&[SignatureToken::U16]);
    // fun f(o: &mut Outer, x: u8): (u64, vector<u16>) {
    //     o.inner.a = x; o.n = o.n + 1; o.inner.items.push_back(99); (o.n, o.inner.items) }
    let code = vec![
        copy(1),
        copy(0),
        Bytecode::MutBorrowField(inner_field),
        Bytecode::MutBorrowField(a_field),
        Bytecode::WriteRef,
        copy(0),
        Bytecode::ImmBorrowField(n_field),
        Bytecode::ReadRef,
        Bytecode::LdU64(1),
        Bytecode::Add,
        copy(0),
        Bytecode::MutBorrowField(n_field),
        Bytecode::WriteRef,
        copy(0),
        Bytecode::MutBorrowField(inner_field),
        Bytecode::MutBorrowField(items_field),
        Bytecode::LdU16(99),
        Bytecode::VecPushBack(element),
        copy(0),
        Bytecode::FreezeRef,
        Bytecode::ImmBorrowField(n_field),
        Bytecode::ReadRef,
        take(0),
        Bytecode::ImmBorrowField(inner_field),
        Bytecode::ImmBorrowField(items_field),
        Bytecode::ReadRef,
        Bytecode::Ret,
    ];
    add(
        &mut m,
        "f",
        &[mutable_reference(outer_ty.clone()), SignatureToken::U8],
        &[SignatureToken::U64, vector(SignatureToken::U16)],
        &[],
        code,
    );
    // The same through a local: fun g(o: Outer, x: u8): Outer { f(&mut o, x); o }
    let f = m.module.function_defs[0].function;
    add(
        &mut m,
        "g",
        &[outer_ty.clone(), SignatureToken::U8],
        &[outer_ty],
        &[],
        vec![
            borrow_mut(0),
            take(1),
            Bytecode::Call(f),
            Bytecode::Pop,
            Bytecode::Pop,
            take(0),
            Bytecode::Ret,
        ],
    );
    let world = World::of(m);
    let changed: Outer = (8, (5, vec![10, 20, 30, 99]), true);
    let result = world
        .call("f", vec![CallArg::MutRef(bcs(&outer())), arg(&5u8)])
        .expect("runs");
    assert_eq!(result.values, [bcs(&8u64), bcs(&changed.1.1)]);
    assert_eq!(result.mutated, [(0, bcs(&changed))]);
    let result = world
        .call("g", vec![arg(&outer()), arg(&5u8)])
        .expect("runs");
    assert_eq!(result.values, [bcs(&changed)]);
}

#[test]
fn equality_is_structural() {
    let mut m = module();
    let (_, _, outer_ty, _) = structs(&mut m);
    let both = [outer_ty.clone(), outer_ty.clone()];
    add(
        &mut m,
        "value",
        &both,
        &[SignatureToken::Bool],
        &[],
        vec![take(0), take(1), Bytecode::Eq, Bytecode::Ret],
    );
    let refs = [reference(outer_ty.clone()), reference(outer_ty)];
    add(
        &mut m,
        "refs",
        &refs,
        &[SignatureToken::Bool],
        &[],
        vec![take(0), take(1), Bytecode::Neq, Bytecode::Ret],
    );
    let world = World::of(m);
    let others: [Outer; 4] = [
        outer(),
        (7, (3, vec![10, 20, 31]), true),
        (7, (3, vec![10, 20]), true),
        (7, (3, vec![10, 20, 30]), false),
    ];
    for other in others {
        let equal = other == outer();
        let result = world
            .call("value", vec![arg(&outer()), arg(&other)])
            .expect("runs");
        assert_eq!(result.values, [bcs(&equal)]);
        let arguments = vec![CallArg::ImmRef(bcs(&outer())), CallArg::ImmRef(bcs(&other))];
        assert_eq!(
            world.call("refs", arguments).expect("runs").values,
            [bcs(&!equal)]
        );
    }
}

#[test]
fn a_copy_is_independent() {
    // fun f(v: vector<u64>): (vector<u64>, vector<u64>) { let w = v; w.push_back(1); (v, w) }
    let mut m = module();
    let u64s = vector(SignatureToken::U64);
    let element = m.signature(&[SignatureToken::U64]);
    add(
        &mut m,
        "f",
        std::slice::from_ref(&u64s),
        &[u64s.clone(), u64s.clone()],
        std::slice::from_ref(&u64s),
        vec![
            copy(0),
            store(1),
            borrow_mut(1),
            Bytecode::LdU64(1),
            Bytecode::VecPushBack(element),
            take(0),
            take(1),
            Bytecode::Ret,
        ],
    );
    let result = World::of(m)
        .call("f", vec![arg(&vec![5u64, 6])])
        .expect("runs");
    assert_eq!(result.values, [bcs(&vec![5u64, 6]), bcs(&vec![5u64, 6, 1])]);
}

/// Runs pack, push, swap, borrow, write, pop and unpack over one element type.
fn vector_operations(element: SignatureToken, items: [Vec<u8>; 3]) {
    let mut m = module();
    let index = m.signature(std::slice::from_ref(&element));
    let list = vector(element.clone());
    // fun f(a, b, c): (vector, T, u64) {
    //     let v = vector[a, b]; v.push_back(c); v.swap(0, 2); *&mut v[1] = copy v[0];
    //     let x = v.pop_back(); (v, x, v.length()) }
    add(
        &mut m,
        "f",
        &[element.clone(), element.clone(), element.clone()],
        &[list.clone(), element.clone(), SignatureToken::U64],
        &[list.clone(), element.clone(), SignatureToken::U64],
        vec![
            take(0),
            take(1),
            Bytecode::VecPack(index, 2),
            store(3),
            borrow_mut(3),
            take(2),
            Bytecode::VecPushBack(index),
            borrow_mut(3),
            Bytecode::LdU64(0),
            Bytecode::LdU64(2),
            Bytecode::VecSwap(index),
            borrow(3),
            Bytecode::LdU64(0),
            Bytecode::VecImmBorrow(index),
            Bytecode::ReadRef,
            borrow_mut(3),
            Bytecode::LdU64(1),
            Bytecode::VecMutBorrow(index),
            Bytecode::WriteRef,
            borrow_mut(3),
            Bytecode::VecPopBack(index),
            store(4),
            borrow(3),
            Bytecode::VecLen(index),
            store(5),
            take(3),
            take(4),
            take(5),
            Bytecode::Ret,
        ],
    );
    add(
        &mut m,
        "unpack",
        &[list],
        &[element.clone(), element.clone()],
        &[],
        vec![take(0), Bytecode::VecUnpack(index, 2), Bytecode::Ret],
    );
    let world = World::of(m);
    let [a, b, c] = items;
    let arguments = [&a, &b, &c]
        .map(|item| CallArg::Value(item.clone()))
        .to_vec();
    let result = world.call("f", arguments).expect("runs");
    let two = [&[2][..], &c, &c].concat();
    assert_eq!(result.values, [two, a.clone(), bcs(&2u64)], "{element:?}");
    let list = [&[2][..], &a, &b].concat();
    let result = world
        .call("unpack", vec![CallArg::Value(list)])
        .expect("runs");
    assert_eq!(result.values, [a.clone(), b]);
    let error = world
        .call("unpack", vec![CallArg::Value([&[1][..], &a].concat())])
        .expect_err("has another length");
    let expected = VectorError::UnpackLength {
        expected: 2,
        length: 1,
    };
    assert_eq!(error.kind, ExecutionErrorKind::Vector(expected));
}

#[test]
fn vectors_of_every_kind() {
    use SignatureToken::*;
    let three = |size: usize| {
        [
            vec![1; size],
            vec![0; size],
            [vec![0; size - 1], vec![1]].concat(),
        ]
    };
    for (element, size) in [
        (Bool, 1),
        (U8, 1),
        (U16, 2),
        (U32, 4),
        (U64, 8),
        (U128, 16),
        (U256, 32),
        (Address, 32),
    ] {
        vector_operations(element, three(size));
    }
    vector_operations(
        vector(U8),
        [
            bcs(&vec![1u8, 2]),
            bcs(&Vec::<u8>::new()),
            bcs(&vec![9u8; 40]),
        ],
    );
}

#[test]
fn vector_bounds() {
    let mut m = module();
    let index = m.signature(&[SignatureToken::U64]);
    let list = reference(vector(SignatureToken::U64));
    add(
        &mut m,
        "get",
        &[list, SignatureToken::U64],
        &[SignatureToken::U64],
        &[],
        vec![
            take(0),
            take(1),
            Bytecode::VecImmBorrow(index),
            Bytecode::ReadRef,
            Bytecode::Ret,
        ],
    );
    add(
        &mut m,
        "pop",
        &[mutable_reference(vector(SignatureToken::U64))],
        &[SignatureToken::U64],
        &[],
        vec![take(0), Bytecode::VecPopBack(index), Bytecode::Ret],
    );
    let world = World::of(m);
    let items = vec![4u64, 5];
    for position in [0u64, 1, 2, u64::MAX, 1 << 61] {
        let result = world.call("get", vec![CallArg::ImmRef(bcs(&items)), arg(&position)]);
        match items.get(position as usize).filter(|_| position < 2) {
            Some(item) => assert_eq!(result.expect("in bounds").values, [bcs(item)]),
            None => assert_eq!(
                result.expect_err("out of bounds").kind,
                ExecutionErrorKind::Vector(VectorError::Index {
                    index: position,
                    length: 2
                })
            ),
        }
    }
    let error = world
        .call("pop", vec![CallArg::MutRef(vec![0])])
        .expect_err("empty");
    assert_eq!(
        error.kind,
        ExecutionErrorKind::Vector(VectorError::PopEmpty)
    );
}

/// `enum Shape { None, Circle { r: u64 }, Named { name: vector<u8>, size: u128 } }`
fn shape(m: &mut ModuleBuilder) -> (SignatureToken, EnumDefinitionIndex) {
    let handle = m.own_datatype("Shape", values().without(Ability::Store), &[]);
    let def = m.enum_def(
        handle,
        &[
            ("None", &[]),
            ("Circle", &[("r", SignatureToken::U64)]),
            (
                "Named",
                &[
                    ("name", vector(SignatureToken::U8)),
                    ("size", SignatureToken::U128),
                ],
            ),
        ],
    );
    (SignatureToken::Datatype(handle), def)
}

#[test]
fn enums() {
    let mut m = module();
    let (ty, def) = shape(&mut m);
    let [none, circle, named] = [0, 1, 2].map(|tag| m.variant(def, tag));
    let bytes = vector(SignatureToken::U8);
    add(
        &mut m,
        "none",
        &[],
        std::slice::from_ref(&ty),
        &[],
        vec![Bytecode::PackVariant(none), Bytecode::Ret],
    );
    add(
        &mut m,
        "named",
        &[bytes.clone(), SignatureToken::U128],
        std::slice::from_ref(&ty),
        &[],
        vec![
            take(0),
            take(1),
            Bytecode::PackVariant(named),
            Bytecode::Ret,
        ],
    );
    add(
        &mut m,
        "open",
        std::slice::from_ref(&ty),
        &[bytes.clone(), SignatureToken::U128],
        &[],
        vec![take(0), Bytecode::UnpackVariant(named), Bytecode::Ret],
    );
    add(
        &mut m,
        "same",
        &[ty.clone(), ty.clone()],
        &[SignatureToken::Bool],
        &[],
        vec![take(0), take(1), Bytecode::Eq, Bytecode::Ret],
    );
    // fun which(s: &mut Shape): u64, by a switch; also doubles the radius.
    let which = m.simple_function(
        "which",
        &[mutable_reference(ty.clone())],
        &[SignatureToken::U64],
        vec![],
    );
    let table = VariantJumpTable {
        head_enum: def,
        jump_table: vec![CodeOffset(3), CodeOffset(7), CodeOffset(17)],
    };
    m.body_with_jump_tables(
        which,
        &[mutable_reference(SignatureToken::U64)],
        vec![
            copy(0),
            Bytecode::FreezeRef,
            Bytecode::VariantSwitch(heddle_bytecode::VariantJumpTableIndex(0)),
            take(0), // None
            Bytecode::Pop,
            Bytecode::LdU64(100),
            Bytecode::Ret,
            take(0), // Circle
            Bytecode::UnpackVariantMutRef(circle),
            store(1),
            copy(1),
            Bytecode::ReadRef,
            Bytecode::LdU64(2),
            Bytecode::Mul,
            take(1),
            Bytecode::WriteRef,
            Bytecode::Branch(CodeOffset(21)),
            take(0), // Named
            Bytecode::UnpackVariantMutRef(named),
            Bytecode::Pop,
            Bytecode::Pop,
            Bytecode::LdU64(200),
            Bytecode::Ret,
        ],
        vec![table],
    );
    let world = World::of(m);
    let named_bytes = [&[2u8][..], &bcs(&b"abc".to_vec()), &bcs(&7u128)].concat();
    assert_eq!(world.call("none", vec![]).expect("runs").values, [vec![0]]);
    let parts = vec![bcs(&b"abc".to_vec()), bcs(&7u128)];
    let arguments = parts.iter().cloned().map(CallArg::Value).collect();
    assert_eq!(
        world.call("named", arguments).expect("runs").values,
        std::slice::from_ref(&named_bytes)
    );
    let result = world.call("open", vec![CallArg::Value(named_bytes.clone())]);
    assert_eq!(result.expect("runs").values, parts);
    let error = world
        .call("open", vec![CallArg::Value(vec![0])])
        .expect_err("another variant");
    let expected = ExecutionErrorKind::VariantMismatch {
        expected: 2,
        actual: 0,
    };
    assert_eq!(error.kind, expected);

    let circle_bytes = [&[1u8][..], &bcs(&21u64)].concat();
    for (a, b) in [
        (&named_bytes, &named_bytes),
        (&named_bytes, &circle_bytes),
        (&vec![0], &circle_bytes),
    ] {
        let arguments = vec![CallArg::Value(a.clone()), CallArg::Value(b.clone())];
        assert_eq!(
            world.call("same", arguments).expect("runs").values,
            [bcs(&(a == b))]
        );
    }
    let which = |bytes: &[u8]| {
        let result = world
            .call("which", vec![CallArg::MutRef(bytes.to_vec())])
            .expect("runs");
        (result.values[0].clone(), result.mutated[0].1.clone())
    };
    assert_eq!(which(&[0]), (bcs(&100u64), vec![0]));
    assert_eq!(which(&named_bytes), (bcs(&200u64), named_bytes.clone()));
    let doubled = [&[1u8][..], &bcs(&42u64)].concat();
    assert_eq!(which(&circle_bytes), (bcs(&200u64), doubled));
}

#[test]
fn fields_of_a_variant_behind_a_temporary_reference() {
    // Two references that both lean on a reference without a local.
    let mut m = module();
    let (ty, def) = shape(&mut m);
    let named = m.variant(def, 2);
    let identity = add(
        &mut m,
        "same",
        &[reference(ty.clone())],
        &[reference(ty.clone())],
        &[],
        vec![take(0), Bytecode::Ret],
    );
    add(
        &mut m,
        "f",
        &[ty],
        &[vector(SignatureToken::U8), SignatureToken::U128],
        &[SignatureToken::U128],
        vec![
            borrow(0),
            Bytecode::Call(identity),
            Bytecode::UnpackVariantImmRef(named),
            Bytecode::ReadRef,
            store(1),
            Bytecode::ReadRef,
            take(1),
            Bytecode::Ret,
        ],
    );
    let value = [&[2u8][..], &bcs(&b"xy".to_vec()), &bcs(&9u128)].concat();
    let result = World::of(m)
        .call("f", vec![CallArg::Value(value)])
        .expect("runs");
    assert_eq!(result.values, [bcs(&b"xy".to_vec()), bcs(&9u128)]);
}

#[test]
fn constants() {
    let mut m = module();
    let cases = [
        (SignatureToken::Bool, vec![1]),
        (SignatureToken::U8, vec![200]),
        (SignatureToken::U64, bcs(&77u64)),
        (SignatureToken::U128, bcs(&(1u128 << 100))),
        (SignatureToken::U256, vec![7; 32]),
        (SignatureToken::Address, vec![9; 32]),
        (vector(SignatureToken::U8), bcs(&b"hello".to_vec())),
        (
            vector(vector(SignatureToken::U64)),
            bcs(&vec![vec![1u64], vec![], vec![2, 3]]),
        ),
        (vector(SignatureToken::Bool), vec![0]),
    ];
    for (index, (ty, data)) in cases.iter().enumerate() {
        let constant = m.constant(ty.clone(), data);
        let code = vec![Bytecode::LdConst(constant), Bytecode::Ret];
        add(
            &mut m,
            &format!("c{index}"),
            &[],
            std::slice::from_ref(ty),
            &[],
            code,
        );
    }
    let world = World::of(m);
    for (index, (_, data)) in cases.iter().enumerate() {
        let result = world.call(&format!("c{index}"), vec![]).expect("runs");
        assert_eq!(result.values, std::slice::from_ref(data));
    }
}

#[test]
fn a_waiting_copy_of_a_local_survives_its_change() {
    // x, then x = 9, then both: the first operand must be the old value.
    let u64s = [SignatureToken::U64, SignatureToken::U64];
    let code = vec![
        copy(0),
        Bytecode::LdU64(9),
        store(0),
        take(0),
        Bytecode::Ret,
    ];
    let result = run(&u64s[..1], &u64s, &[], code, vec![arg(&5u64)]).expect("runs");
    assert_eq!(result.values, [bcs(&5u64), bcs(&9u64)]);
    // The same through a mutable reference.
    let code = vec![
        copy(0),
        Bytecode::LdU64(9),
        borrow_mut(0),
        Bytecode::WriteRef,
        take(0),
        Bytecode::Ret,
    ];
    let result = run(&u64s[..1], &u64s, &[], code, vec![arg(&5u64)]).expect("runs");
    assert_eq!(result.values, [bcs(&5u64), bcs(&9u64)]);
}

#[test]
fn loops_that_drop_vectors_reuse_memory() {
    // while (n > 0) { let v = vector[1, 2, 3]; n = n - 1 } with a vector that
    // is overwritten, more often than memory could hold.
    let mut m = module();
    let index = m.signature(&[SignatureToken::U64]);
    let code = vec![
        copy(0),
        Bytecode::LdU64(0),
        Bytecode::Gt,
        Bytecode::BrFalse(CodeOffset(16)),
        Bytecode::LdU64(1),
        Bytecode::LdU64(2),
        Bytecode::LdU64(3),
        Bytecode::VecPack(index, 3),
        store(1),
        copy(1),
        Bytecode::Pop,
        take(0),
        Bytecode::LdU64(1),
        Bytecode::Sub,
        store(0),
        Bytecode::Branch(CodeOffset(0)),
        Bytecode::Ret,
    ];
    add(
        &mut m,
        "f",
        &[SignatureToken::U64],
        &[],
        &[vector(SignatureToken::U64)],
        code,
    );
    let world = World::with_config(
        vec![package(vec![m.build()])],
        crate::VmConfig {
            heap_bytes_max: 256,
            ..Default::default()
        },
    );
    world
        .call("f", vec![arg(&10_000u64)])
        .expect("memory is reused");
}

#[test]
fn the_first_field_of_an_element_is_not_the_element() {
    // fun f(v: &mut vector<P>, i: u64): u64 { let x = v[i].a; v[i].a = 0; x }
    // for P of two words, and of one byte that takes a word.
    for (a, b, size) in [
        (SignatureToken::U64, Some(SignatureToken::U64), 8),
        (SignatureToken::U8, None, 1),
        (SignatureToken::U16, Some(SignatureToken::U16), 2),
    ] {
        let mut m = module();
        let handle = m.own_datatype("P", values(), &[]);
        let mut fields = vec![("a", a.clone())];
        fields.extend(b.clone().map(|ty| ("b", ty)));
        let def = m.struct_def(handle, &fields);
        let field = m.field(def, 0);
        let p = SignatureToken::Datatype(handle);
        let element = m.signature(std::slice::from_ref(&p));
        let zero = match size {
            8 => Bytecode::LdU64(0),
            2 => Bytecode::LdU16(0),
            _ => Bytecode::LdU8(0),
        };
        let code = vec![
            copy(0),
            Bytecode::FreezeRef,
            copy(1),
            Bytecode::VecImmBorrow(element),
            Bytecode::ImmBorrowField(field),
            Bytecode::ReadRef,
            zero,
            take(0),
            take(1),
            Bytecode::VecMutBorrow(element),
            Bytecode::MutBorrowField(field),
            Bytecode::WriteRef,
            Bytecode::Ret,
        ];
        let parameters = [mutable_reference(vector(p)), SignatureToken::U64];
        add(
            &mut m,
            "f",
            &parameters,
            std::slice::from_ref(&a),
            &[],
            code,
        );
        let world = World::of(m);
        let per_element = if b.is_some() { 2 } else { 1 };
        // Elements whose fields are 1, 2, 3, ….
        let mut bytes = vec![3];
        for value in 1..=3 * per_element {
            bytes.push(value);
            bytes.extend(vec![0; size - 1]);
        }
        for index in 0..3usize {
            let arguments = vec![CallArg::MutRef(bytes.clone()), arg(&(index as u64))];
            let result = world.call("f", arguments).expect("runs");
            let at = 1 + index * usize::from(per_element) * size;
            assert_eq!(result.values, [bytes[at..at + size].to_vec()]);
            let mut changed = bytes.clone();
            changed[at] = 0;
            assert_eq!(result.mutated, [(0, changed)]);
        }
    }
}
