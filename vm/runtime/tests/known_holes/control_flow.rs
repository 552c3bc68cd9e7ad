//! Control flow that hides an alias of `&mut`, or loses a value that has no
//! `drop`: the borrow or the value comes on one way only, comes round a loop,
//! or lies in code that seems out of reach.

use heddle_bytecode::testing::{ModuleBuilder, mutable_reference, vector};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CodeOffset, LocalIndex, SignatureIndex,
    SignatureToken as T, StructDefinitionIndex, VariantJumpTable, VariantJumpTableIndex,
};
use heddle_verifier::Rule;

use crate::world::{add, arg, module, refused_and_harmless, signature};

fn copy(local: u8) -> B {
    B::CopyLoc(LocalIndex(local))
}
fn take(local: u8) -> B {
    B::MoveLoc(LocalIndex(local))
}
fn store(local: u8) -> B {
    B::StLoc(LocalIndex(local))
}
fn borrow_mut(local: u8) -> B {
    B::MutBorrowLoc(LocalIndex(local))
}
fn branch(target: u16) -> B {
    B::Branch(CodeOffset(target))
}
fn br_true(target: u16) -> B {
    B::BrTrue(CodeOffset(target))
}

/// A module with `struct R { x: u64 }`, which has no ability.
fn with_linear() -> (ModuleBuilder, T, StructDefinitionIndex) {
    let mut m = module();
    let handle = m.own_datatype("R", AbilitySet::EMPTY, &[]);
    let def = m.struct_def(handle, &[("x", T::U64)]);
    (m, T::Datatype(handle), def)
}

/// `fun f(b: bool, x: u64)` with these locals, parameters 0 and 1.
fn aliasing(what: &str, locals: &[T], code: Vec<B>) {
    let mut m = module();
    add(
        &mut m,
        "f",
        &signature(&[T::Bool, T::U64], &[]),
        locals,
        code,
    );
    let arguments = vec![arg(&true), arg(&5u64)];
    refused_and_harmless(what, &m, Rule::ReferenceSafety, arguments);
}

#[test]
fn a_mutable_reference_from_one_branch_lives_on() {
    // if (b) r = &mut x; (r is not used) x is copied while r may live: r is in
    // a local that was assigned before on both ways.
    aliasing(
        "one branch",
        &[T::U64, mutable_reference(T::U64)],
        vec![
            B::LdU64(1),
            store(2),
            borrow_mut(2),
            store(3),
            take(0),
            br_true(8),
            borrow_mut(1),
            store(3),
            copy(1),
            B::Pop,
            take(3),
            B::ReadRef,
            B::Pop,
            B::Ret,
        ],
    );
}

#[test]
fn a_mutable_reference_comes_round_a_loop() {
    // loop { x = 1 while r of the last turn lives; r = &mut x }
    aliasing(
        "a loop",
        &[T::U64, mutable_reference(T::U64)],
        vec![
            B::LdU64(1),
            store(2),
            borrow_mut(2),
            store(3),
            copy(0),
            br_true(12),
            B::LdU64(1),
            store(1),
            borrow_mut(1),
            store(3),
            branch(4),
            B::Nop,
            take(3),
            B::ReadRef,
            B::Pop,
            B::Ret,
        ],
    );
}

#[test]
fn two_mutable_references_swap_in_a_loop() {
    // a = &mut x; loop { (a, b) = (copy a, a) } and both are written.
    aliasing(
        "a swap",
        &[mutable_reference(T::U64), mutable_reference(T::U64)],
        vec![
            borrow_mut(1),
            store(2),
            copy(2),
            store(3),
            copy(0),
            br_true(11),
            take(3),
            take(2),
            store(3),
            store(2),
            branch(4),
            B::LdU64(1),
            copy(2),
            B::WriteRef,
            B::LdU64(2),
            copy(3),
            B::WriteRef,
            copy(2),
            B::ReadRef,
            B::Pop,
            copy(3),
            B::ReadRef,
            B::Pop,
            B::Ret,
        ],
    );
}

#[test]
fn an_element_outlives_its_vector() {
    // r = &mut v[0]; loop { v.pop(); v.push(1) }; *r = 2
    let mut m = module();
    let u64s = m.signature(&[T::U64]);
    let numbers = vector(T::U64);
    let code = vec![
        borrow_mut(0),
        B::LdU64(0),
        B::VecMutBorrow(u64s),
        store(1),
        borrow_mut(0),
        B::VecPopBack(u64s),
        B::Pop,
        B::LdTrue,
        br_true(10),
        branch(4),
        B::LdU64(2),
        take(1),
        B::WriteRef,
        B::Ret,
    ];
    let locals = [mutable_reference(T::U64)];
    add(&mut m, "f", &signature(&[numbers], &[]), &locals, code);
    let arguments = vec![arg(&vec![1u64, 2, 3])];
    refused_and_harmless("an element", &m, Rule::ReferenceSafety, arguments);
}

#[test]
fn a_field_outlives_its_variant() {
    // enum E { A { x: address }, B { x: u64 } }: a reference to A's field,
    // then the value becomes B, then the field is written.
    let mut m = module();
    let handle = m.own_datatype("E", AbilitySet::PRIMITIVES, &[]);
    let def = m.enum_def(
        handle,
        &[("A", &[("x", T::Address)]), ("B", &[("x", T::U64)])],
    );
    let (a, b) = (m.variant(def, 0), m.variant(def, 1));
    let e = T::Datatype(handle);
    let code = vec![
        borrow_mut(0),
        B::UnpackVariantMutRef(a),
        store(1),
        B::LdU64(7),
        B::PackVariant(b),
        borrow_mut(0),
        B::WriteRef,
        copy(1),
        B::ReadRef,
        take(1),
        B::WriteRef,
        B::Ret,
    ];
    let locals = [mutable_reference(T::Address)];
    add(&mut m, "f", &signature(&[e], &[]), &locals, code);
    let mut value = vec![0];
    value.extend([9; 32]);
    let arguments = vec![heddle_vm::CallArg::Value(value)];
    refused_and_harmless("a variant", &m, Rule::ReferenceSafety, arguments);
}

/// `fun f(b: bool)` with a local 1 of type `R` that it makes and must not lose.
fn losing(what: &str, rule: Rule, code: impl FnOnce(B) -> Vec<B>) {
    let (mut m, r, def) = with_linear();
    let code = code(B::Pack(def));
    add(&mut m, "f", &signature(&[T::Bool], &[]), &[r], code);
    refused_and_harmless(what, &m, rule, vec![arg(&true)]);
}

#[test]
fn a_value_without_drop_is_lost_on_one_way() {
    losing("one branch", Rule::LocalUnavailable, |pack| {
        vec![copy(0), br_true(5), B::LdU64(1), pack, store(1), B::Ret]
    });
}

#[test]
fn a_value_without_drop_is_lost_in_a_loop() {
    losing("a loop", Rule::LocalUnavailable, |pack| {
        vec![
            copy(0),
            br_true(6),
            B::LdU64(1),
            pack,
            store(1),
            branch(0),
            B::LdU64(0),
            B::Abort,
        ]
    });
}

#[test]
fn a_value_without_drop_is_left_on_the_stack() {
    losing("the stack", Rule::StackUsage, |pack| {
        vec![B::LdU64(1), pack, branch(3), B::Ret]
    });
}

#[test]
fn a_value_without_drop_is_lost_in_code_that_nothing_reaches() {
    // It is never run, and refused all the same.
    losing("dead code", Rule::MissingAbility, |pack| {
        vec![B::Ret, B::LdU64(1), pack, B::Pop, B::Ret]
    });
}

#[test]
fn a_value_without_drop_is_lost_in_a_switch() {
    let (mut m, r, def) = with_linear();
    let handle = m.own_datatype("E", AbilitySet::PRIMITIVES, &[]);
    let enum_def = m.enum_def(handle, &[("A", &[]), ("B", &[])]);
    let code = vec![
        B::LdU64(1),
        B::Pack(def),
        store(1),
        B::ImmBorrowLoc(LocalIndex(0)),
        B::VariantSwitch(VariantJumpTableIndex(0)),
        take(1),
        B::Unpack(def),
        B::Pop,
        B::Ret,
        B::Ret,
    ];
    let f = m.function(
        "f",
        heddle_bytecode::Visibility::Public,
        &signature(&[T::Datatype(handle)], &[]),
    );
    let jump_table = VariantJumpTable {
        head_enum: enum_def,
        jump_table: vec![CodeOffset(5), CodeOffset(9)],
    };
    m.body_with_jump_tables(f, &[r], code, vec![jump_table]);
    let arguments = vec![heddle_vm::CallArg::Value(vec![1])];
    refused_and_harmless("a switch", &m, Rule::LocalUnavailable, arguments);
}

#[test]
fn a_value_without_drop_hides_in_a_vector() {
    let (mut m, r, _) = with_linear();
    let rs = m.signature(std::slice::from_ref(&r));
    let code = vec![B::VecPack(rs, 0), B::Pop, B::Ret];
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    refused_and_harmless("an empty vector", &m, Rule::MissingAbility, vec![]);
}

#[test]
fn a_value_without_drop_hides_behind_a_type_argument() {
    // `struct Box<T> has drop { v: T }`: a Box of R has no drop.
    let (mut m, r, _) = with_linear();
    let drop = AbilitySet::singleton(Ability::Drop);
    let boxed = m.own_datatype("Box", drop, &[(false, AbilitySet::EMPTY)]);
    m.struct_def(boxed, &[("v", heddle_bytecode::testing::type_parameter(0))]);
    let type_ = heddle_bytecode::testing::instantiation(boxed, vec![r]);
    let code = vec![take(0), B::Pop, B::Ret];
    add(&mut m, "f", &signature(&[type_], &[]), &[], code);
    let arguments = vec![arg(&1u64)];
    refused_and_harmless("a box", &m, Rule::MissingAbility, arguments);
}

#[test]
fn a_value_without_copy_is_copied() {
    let (mut m, r, def) = with_linear();
    let code = vec![
        copy(0),
        B::Unpack(def),
        B::Pop,
        take(0),
        B::Unpack(def),
        B::Pop,
        B::Ret,
    ];
    add(&mut m, "f", &signature(&[r], &[]), &[], code);
    refused_and_harmless("a copy", &m, Rule::MissingAbility, vec![arg(&1u64)]);
}

#[test]
fn an_operand_is_taken_from_another_block() {
    // The value that the branch leaves would be taken by its target.
    let mut m = module();
    let code = vec![B::LdU64(1), branch(2), B::Pop, B::Ret];
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    refused_and_harmless("an operand", &m, Rule::StackUsage, vec![]);
    let mut m = module();
    let code = vec![
        B::LdTrue,
        br_true(3),
        B::Nop,
        B::VecPack(SignatureIndex(0), 0),
        B::Ret,
    ];
    add(&mut m, "f", &signature(&[], &[]), &[], code);
    refused_and_harmless("a type", &m, Rule::VectorOperand, vec![]);
}
