use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, SignatureToken as T, Visibility,
    testing::{FunctionSignature, type_parameter, vector},
};
use heddle_verifier::Rule;

use crate::body::{
    Body, World, body, borrow, borrow_mut, br_true, copy, imm, mutable, one, store, switch, take,
};

const MISMATCH: Rule = Rule::TypeMismatch;
const ABILITY: Rule = Rule::MissingAbility;

const INTEGERS: [T; 6] = [T::U8, T::U16, T::U32, T::U64, T::U128, T::U256];

/// A body that pushes all its parameters, applies an instruction and returns
/// what it leaves.
fn apply(parameters: &[T], instruction: B, results: &[T]) -> Body {
    let mut code: Vec<B> = (0u8..)
        .zip(parameters)
        .map(|(local, _)| take(local))
        .collect();
    code.extend([instruction, B::Ret]);
    body(parameters, results, &[], code)
}

impl World {
    #[track_caller]
    fn applies(&self, parameters: &[T], instruction: &B, results: &[T]) {
        let name = format!("{instruction:?} of {parameters:?}");
        self.accept(&name, apply(parameters, instruction.clone(), results));
        // It gives these results and no others.
        if let [result] = results {
            let other = if *result == T::Address {
                T::U8
            } else {
                T::Address
            };
            let offset = u16::try_from(parameters.len()).unwrap() + 1;
            let returning = apply(parameters, instruction.clone(), &[other]);
            self.refuse(&name, returning, MISMATCH, offset);
        }
    }

    #[track_caller]
    fn mismatches(&self, parameters: &[T], instruction: &B, results: usize) {
        let name = format!("{instruction:?} of {parameters:?}");
        let offset = u16::try_from(parameters.len()).unwrap();
        let results = vec![T::U64; results];
        let applied = apply(parameters, instruction.clone(), &results);
        self.refuse(&name, applied, MISMATCH, offset);
    }
}

#[test]
fn arithmetic_does_not_mix_widths() {
    let w = World::new();
    let operations = [
        B::Add,
        B::Sub,
        B::Mul,
        B::Mod,
        B::Div,
        B::BitOr,
        B::BitAnd,
        B::Xor,
    ];
    let comparisons = [B::Lt, B::Gt, B::Le, B::Ge];
    for left in INTEGERS {
        for right in INTEGERS {
            let operands = [left.clone(), right.clone()];
            for (operation, result) in operations
                .iter()
                .map(|it| (it, &left))
                .chain(comparisons.iter().map(|it| (it, &T::Bool)))
            {
                if left == right {
                    w.applies(&operands, operation, std::slice::from_ref(result));
                } else {
                    w.mismatches(&operands, operation, 1);
                }
            }
        }
        for shift in [B::Shl, B::Shr] {
            w.applies(&[left.clone(), T::U8], &shift, std::slice::from_ref(&left));
            w.mismatches(&[left.clone(), T::U64], &shift, 1);
            w.mismatches(&[T::Bool, T::U8], &shift, 1);
        }
    }
    for other in [T::Bool, T::Address, vector(T::U8), w.s.clone()] {
        for operation in operations.iter().chain(&comparisons) {
            w.mismatches(&[other.clone(), other.clone()], operation, 1);
        }
    }
}

#[test]
fn casts_are_between_integers() {
    let w = World::new();
    let casts = [
        (B::CastU8, T::U8),
        (B::CastU16, T::U16),
        (B::CastU32, T::U32),
        (B::CastU64, T::U64),
        (B::CastU128, T::U128),
        (B::CastU256, T::U256),
    ];
    for (cast, result) in casts {
        for from in INTEGERS {
            w.applies(&[from], &cast, std::slice::from_ref(&result));
        }
        for from in [T::Bool, T::Address, imm(&T::U64)] {
            w.mismatches(&[from], &cast, 1);
        }
    }
}

#[test]
fn logic_is_for_truth_values() {
    let w = World::new();
    for operation in [B::And, B::Or] {
        w.applies(&[T::Bool, T::Bool], &operation, &[T::Bool]);
        w.mismatches(&[T::U8, T::Bool], &operation, 1);
        w.mismatches(&[T::Bool, T::U8], &operation, 1);
    }
    w.applies(&[T::Bool], &B::Not, &[T::Bool]);
    w.mismatches(&[T::U8], &B::Not, 1);
    w.refuse(
        "a branch on a number",
        body(&[], &[], &[], vec![one(), br_true(2), B::Ret]),
        MISMATCH,
        1,
    );
    w.refuse(
        "an abort with a byte",
        body(&[], &[], &[], vec![B::LdU8(1), B::Abort]),
        MISMATCH,
        1,
    );
}

#[test]
fn literals_have_their_types() {
    let mut w = World::new();
    let bytes = w.b.constant(vector(T::U8), &[1, 9]);
    let literals = [
        (B::LdU8(1), T::U8),
        (B::LdU16(1), T::U16),
        (B::LdU32(1), T::U32),
        (B::LdU64(1), T::U64),
        (B::LdU128(Box::new(1)), T::U128),
        (B::LdU256(Box::default()), T::U256),
        (B::LdTrue, T::Bool),
        (B::LdFalse, T::Bool),
        (B::LdConst(bytes), vector(T::U8)),
    ];
    for (literal, type_) in literals {
        w.applies(&[], &literal, &[type_]);
    }
}

#[test]
fn comparison_needs_equal_types_with_drop() {
    let w = World::new();
    for operation in [B::Eq, B::Neq] {
        for type_ in [T::U8, T::Address, w.s.clone(), imm(&w.r), mutable(&w.r)] {
            w.applies(&[type_.clone(), type_], &operation, &[T::Bool]);
        }
        w.mismatches(&[T::U8, T::U16], &operation, 1);
        w.mismatches(&[w.s.clone(), w.o.clone()], &operation, 1);
        w.mismatches(&[imm(&w.s), mutable(&w.s)], &operation, 1);
        w.mismatches(&[imm(&w.s), w.s.clone()], &operation, 1);
        let without_drop = apply(&[w.r.clone(), w.r.clone()], operation, &[T::Bool]);
        w.refuse("values without drop", without_drop, ABILITY, 2);
    }
}

#[test]
fn locals_and_results_keep_their_types() {
    let w = World::new();
    let stored = |type_: T| body(&[], &[], &[type_], vec![one(), store(0), B::Ret]);
    w.accept("u64", stored(T::U64));
    w.refuse("u8", stored(T::U8), MISMATCH, 1);
    w.refuse("a reference", stored(imm(&T::U64)), MISMATCH, 1);
    let pair = |results: &[T]| body(&[], results, &[], vec![one(), B::LdTrue, B::Ret]);
    w.accept("in order", pair(&[T::U64, T::Bool]));
    w.refuse("out of order", pair(&[T::Bool, T::U64]), MISMATCH, 2);
    let reference = |from: T, to: T| body(&[from], &[to], &[], vec![take(0), B::Ret]);
    w.refuse(
        "&mut for &",
        reference(mutable(&w.s), imm(&w.s)),
        MISMATCH,
        1,
    );
    w.refuse(
        "& for &mut",
        reference(imm(&w.s), mutable(&w.s)),
        MISMATCH,
        1,
    );
}

#[test]
fn values_are_copied_and_dropped_if_they_may() {
    let w = World::new();
    let r = std::slice::from_ref(&w.r);
    w.refuse("copy", body(r, r, &[], vec![copy(0), B::Ret]), ABILITY, 0);
    w.refuse(
        "pop",
        body(r, &[], &[], vec![take(0), B::Pop, B::Ret]),
        ABILITY,
        1,
    );
    w.refuse(
        "read",
        body(&[imm(&w.r)], r, &[], vec![copy(0), B::ReadRef, B::Ret]),
        ABILITY,
        1,
    );
    w.refuse(
        "write",
        body(
            &[w.r.clone(), mutable(&w.r)],
            &[],
            &[],
            vec![take(0), take(1), B::WriteRef, B::Ret],
        ),
        ABILITY,
        2,
    );
    for container in [vector(w.r.clone()), w.generic_struct(w.r.clone())] {
        let container = std::slice::from_ref(&container);
        w.refuse(
            "copy of a container",
            body(container, &[], &[], vec![copy(0), B::Ret]),
            Rule::StackUsage,
            1,
        );
        w.refuse(
            "copy of a container",
            body(container, container, &[], vec![copy(0), B::Ret]),
            ABILITY,
            0,
        );
        w.refuse(
            "pop of a container",
            body(container, &[], &[], vec![take(0), B::Pop, B::Ret]),
            ABILITY,
            1,
        );
    }
    let parameter = [type_parameter(0)];
    let copied = |abilities: AbilitySet| {
        body(&parameter, &parameter, &[], vec![copy(0), B::Ret]).generic(&[abilities])
    };
    w.accept("a type parameter", copied(crate::body::COPY_DROP));
    w.refuse(
        "a type parameter without copy",
        copied(AbilitySet::singleton(Ability::Drop)),
        ABILITY,
        0,
    );
    w.refuse(
        "a signer",
        body(&[T::Signer], &[T::Signer], &[], vec![copy(0), B::Ret]),
        ABILITY,
        0,
    );
}

#[test]
fn references_are_used_as_what_they_are() {
    let w = World::new();
    let (s, u) = (&w.s, &T::U64);
    w.applies(&[imm(s)], &B::ReadRef, std::slice::from_ref(s));
    w.applies(&[mutable(s)], &B::ReadRef, std::slice::from_ref(s));
    w.mismatches(std::slice::from_ref(s), &B::ReadRef, 1);
    w.applies(&[mutable(s)], &B::FreezeRef, &[imm(s)]);
    w.mismatches(&[imm(s)], &B::FreezeRef, 1);
    w.mismatches(std::slice::from_ref(s), &B::FreezeRef, 1);
    w.applies(&[T::U64, mutable(u)], &B::WriteRef, &[]);
    w.mismatches(&[T::U64, imm(u)], &B::WriteRef, 0);
    w.mismatches(&[T::U8, mutable(u)], &B::WriteRef, 0);
    w.mismatches(&[mutable(u), T::U64], &B::WriteRef, 0);
    for borrowed in [borrow(0), borrow_mut(0)] {
        let of_reference = body(&[imm(s)], &[], &[], vec![borrowed, B::Pop, B::Ret]);
        w.refuse("a reference to a reference", of_reference, MISMATCH, 0);
    }
}

#[test]
fn fields_are_borrowed_from_their_struct() {
    let mut w = World::new();
    let s = w.s.clone();
    w.applies(&[imm(&s)], &B::ImmBorrowField(w.f), &[imm(&T::U64)]);
    w.applies(&[mutable(&s)], &B::ImmBorrowField(w.f), &[imm(&T::U64)]);
    w.applies(&[mutable(&s)], &B::MutBorrowField(w.f), &[mutable(&T::U64)]);
    w.mismatches(&[imm(&s)], &B::MutBorrowField(w.f), 1);
    w.mismatches(std::slice::from_ref(&s), &B::ImmBorrowField(w.f), 1);
    w.mismatches(&[imm(&w.o)], &B::ImmBorrowField(w.f), 1);
    w.mismatches(&[mutable(&w.r)], &B::MutBorrowField(w.f), 1);
    w.applies(&[mutable(&w.o)], &B::MutBorrowField(w.os), &[mutable(&s)]);

    let v = w.b.field(w.g_def, 0);
    let v = w.b.field_instantiation(v, &[T::U8]);
    let (bytes, words) = (w.generic_struct(T::U8), w.generic_struct(T::U64));
    w.applies(&[imm(&bytes)], &B::ImmBorrowFieldGeneric(v), &[imm(&T::U8)]);
    w.applies(
        &[mutable(&bytes)],
        &B::MutBorrowFieldGeneric(v),
        &[mutable(&T::U8)],
    );
    w.mismatches(&[imm(&words)], &B::ImmBorrowFieldGeneric(v), 1);
    w.mismatches(&[mutable(&words)], &B::MutBorrowFieldGeneric(v), 1);
    w.mismatches(&[imm(&bytes)], &B::MutBorrowFieldGeneric(v), 1);
}

#[test]
fn structs_are_made_and_taken_apart_as_declared() {
    let mut w = World::new();
    let (s, o, r) = (w.s.clone(), w.o.clone(), w.r.clone());
    w.applies(
        &[T::U64, T::U64],
        &B::Pack(w.s_def),
        std::slice::from_ref(&s),
    );
    w.mismatches(&[T::U64, T::U8], &B::Pack(w.s_def), 1);
    w.mismatches(&[T::U8, T::U64], &B::Pack(w.s_def), 1);
    w.applies(
        &[s.clone(), s.clone()],
        &B::Pack(w.o_def),
        std::slice::from_ref(&o),
    );
    w.applies(std::slice::from_ref(&r), &B::Unpack(w.r_def), &[T::U64]);
    w.mismatches(std::slice::from_ref(&s), &B::Unpack(w.r_def), 1);
    w.mismatches(&[imm(&r)], &B::Unpack(w.r_def), 1);

    let bytes = w.generic_struct(T::U8);
    let words = w.generic_struct(T::U64);
    let of_bytes = w.b.struct_instantiation(w.g_def, &[T::U8]);
    let of_parameter = w.b.struct_instantiation(w.g_def, &[type_parameter(0)]);
    w.applies(
        &[T::U8],
        &B::PackGeneric(of_bytes),
        std::slice::from_ref(&bytes),
    );
    w.mismatches(&[T::U64], &B::PackGeneric(of_bytes), 1);
    w.applies(
        std::slice::from_ref(&bytes),
        &B::UnpackGeneric(of_bytes),
        &[T::U8],
    );
    w.mismatches(std::slice::from_ref(&words), &B::UnpackGeneric(of_bytes), 1);
    let packed = apply(&[T::U8], B::PackGeneric(of_bytes), &[words]);
    w.refuse("an instance for another", packed, MISMATCH, 2);

    let none = AbilitySet::EMPTY;
    let of_first = w.generic_struct(type_parameter(0));
    let of_second = w.generic_struct(type_parameter(1));
    let packed = |from: u16, to: &T| {
        apply(
            &[type_parameter(from)],
            B::PackGeneric(of_parameter),
            std::slice::from_ref(to),
        )
        .generic(&[none, none])
    };
    w.accept("a type parameter", packed(0, &of_first));
    w.refuse("another type parameter", packed(1, &of_second), MISMATCH, 1);
    w.refuse("the result of another", packed(0, &of_second), MISMATCH, 2);
}

#[test]
fn calls_fit_their_function() {
    let mut w = World::new();
    let s = w.s.clone();
    let call = B::Call(w.function("f", &[T::U64, imm(&s)], &[T::Bool]));
    w.applies(&[T::U64, imm(&s)], &call, &[T::Bool]);
    w.mismatches(&[imm(&s), T::U64], &call, 1);
    w.mismatches(&[T::U32, imm(&s)], &call, 1);
    w.mismatches(&[T::U64, imm(&w.o)], &call, 1);
    // A mutable reference is frozen first.
    w.mismatches(&[T::U64, mutable(&s)], &call, 1);
    let writes = B::Call(w.function("g", &[mutable(&s)], &[]));
    w.mismatches(&[imm(&s)], &writes, 0);

    let signature = FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY; 2],
        parameters: vec![type_parameter(0), vector(type_parameter(1))],
        returns: vec![type_parameter(1)],
    };
    let h = w.b.function("h", Visibility::Private, &signature);
    let h = w.b.module[h].function;
    let instance = B::CallGeneric(w.b.function_instantiation(h, &[T::U8, T::Address]));
    w.accept(
        "its own type arguments",
        apply(
            &[T::U8, vector(T::Address)],
            instance.clone(),
            &[T::Address],
        ),
    );
    w.mismatches(&[T::Address, vector(T::U8)], &instance, 1);
    w.mismatches(&[T::U8, vector(T::U8)], &instance, 1);
    let result = apply(&[T::U8, vector(T::Address)], instance, &[T::U8]);
    w.refuse(
        "the type argument of another parameter",
        result,
        MISMATCH,
        3,
    );
    let swapped =
        w.b.function_instantiation(h, &[type_parameter(1), type_parameter(0)]);
    let calling = |first: u16, second: u16| {
        apply(
            &[type_parameter(first), vector(type_parameter(second))],
            B::CallGeneric(swapped),
            &[type_parameter(second)],
        )
        .generic(&[AbilitySet::EMPTY; 2])
    };
    w.accept("parameters of the caller, swapped", calling(1, 0));
    w.refuse(
        "parameters of the caller, not swapped",
        calling(0, 1),
        MISMATCH,
        2,
    );
}

#[test]
fn vectors_hold_one_type() {
    let w = World::new();
    let (u, words, bytes) = (w.u64s, vector(T::U64), vector(T::U8));
    let one_word = std::slice::from_ref(&words);
    w.applies(&[T::U64, T::U64], &B::VecPack(u, 2), one_word);
    w.mismatches(&[T::U64, T::U8], &B::VecPack(u, 2), 1);
    w.mismatches(&[imm(&T::U64)], &B::VecPack(u, 1), 1);
    w.applies(one_word, &B::VecUnpack(u, 1), &[T::U64]);
    w.mismatches(std::slice::from_ref(&bytes), &B::VecUnpack(u, 1), 1);
    for reference in [imm, mutable] {
        w.applies(&[reference(&words)], &B::VecLen(u), &[T::U64]);
        w.mismatches(&[reference(&bytes)], &B::VecLen(u), 1);
        w.applies(
            &[reference(&words), T::U64],
            &B::VecImmBorrow(u),
            &[imm(&T::U64)],
        );
        w.mismatches(&[reference(&words), T::U8], &B::VecImmBorrow(u), 1);
        w.mismatches(&[reference(&bytes), T::U64], &B::VecImmBorrow(u), 1);
    }
    w.mismatches(one_word, &B::VecLen(u), 1);
    w.applies(
        &[mutable(&words), T::U64],
        &B::VecMutBorrow(u),
        &[mutable(&T::U64)],
    );
    w.mismatches(&[imm(&words), T::U64], &B::VecMutBorrow(u), 1);
    w.mismatches(&[mutable(&bytes), T::U64], &B::VecMutBorrow(u), 1);
    w.applies(&[mutable(&words), T::U64], &B::VecPushBack(u), &[]);
    w.mismatches(&[imm(&words), T::U64], &B::VecPushBack(u), 0);
    w.mismatches(&[mutable(&words), T::U8], &B::VecPushBack(u), 0);
    w.mismatches(&[mutable(&bytes), T::U64], &B::VecPushBack(u), 0);
    w.applies(&[mutable(&words)], &B::VecPopBack(u), &[T::U64]);
    w.mismatches(&[imm(&words)], &B::VecPopBack(u), 1);
    w.mismatches(&[mutable(&bytes)], &B::VecPopBack(u), 1);
    w.applies(&[mutable(&words), T::U64, T::U64], &B::VecSwap(u), &[]);
    w.mismatches(&[mutable(&words), T::U64, T::U8], &B::VecSwap(u), 0);
    w.mismatches(&[mutable(&words), T::U8, T::U64], &B::VecSwap(u), 0);
    w.mismatches(&[imm(&words), T::U64, T::U64], &B::VecSwap(u), 0);
}

#[test]
fn variants_are_of_their_enum() {
    let mut w = World::new();
    let e = w.e.clone();
    let (a, b) = (w.b.variant(w.e_def, 0), w.b.variant(w.e_def, 1));
    w.applies(
        &[T::U64, T::U64],
        &B::PackVariant(a),
        std::slice::from_ref(&e),
    );
    w.applies(&[T::U64], &B::PackVariant(b), std::slice::from_ref(&e));
    w.mismatches(&[T::U8], &B::PackVariant(b), 1);
    w.accept(
        "all fields",
        apply(
            std::slice::from_ref(&e),
            B::UnpackVariant(a),
            &[T::U64, T::U64],
        ),
    );
    w.applies(std::slice::from_ref(&e), &B::UnpackVariant(b), &[T::U64]);
    w.mismatches(std::slice::from_ref(&w.s), &B::UnpackVariant(b), 1);
    w.mismatches(&[imm(&e)], &B::UnpackVariant(b), 1);
    w.applies(&[imm(&e)], &B::UnpackVariantImmRef(b), &[imm(&T::U64)]);
    w.applies(&[mutable(&e)], &B::UnpackVariantImmRef(b), &[imm(&T::U64)]);
    w.applies(
        &[mutable(&e)],
        &B::UnpackVariantMutRef(b),
        &[mutable(&T::U64)],
    );
    w.mismatches(&[imm(&e)], &B::UnpackVariantMutRef(b), 1);
    w.mismatches(std::slice::from_ref(&e), &B::UnpackVariantImmRef(b), 1);
    w.mismatches(&[imm(&w.s)], &B::UnpackVariantImmRef(b), 1);

    let (bytes, words) = (w.generic_enum(T::U8), w.generic_enum(T::U64));
    let of_bytes = w.b.enum_instantiation(w.f_def, &[T::U8]);
    let a = w.b.variant_instantiation(of_bytes, 0);
    w.applies(
        &[T::U8],
        &B::PackVariantGeneric(a),
        std::slice::from_ref(&bytes),
    );
    w.mismatches(&[T::U64], &B::PackVariantGeneric(a), 1);
    w.applies(
        std::slice::from_ref(&bytes),
        &B::UnpackVariantGeneric(a),
        &[T::U8],
    );
    w.mismatches(std::slice::from_ref(&words), &B::UnpackVariantGeneric(a), 1);
    w.mismatches(std::slice::from_ref(&e), &B::UnpackVariantGeneric(a), 1);
    w.applies(
        &[imm(&bytes)],
        &B::UnpackVariantGenericImmRef(a),
        &[imm(&T::U8)],
    );
    w.mismatches(&[imm(&words)], &B::UnpackVariantGenericImmRef(a), 1);
    w.applies(
        &[mutable(&bytes)],
        &B::UnpackVariantGenericMutRef(a),
        &[mutable(&T::U8)],
    );
    w.mismatches(&[mutable(&words)], &B::UnpackVariantGenericMutRef(a), 1);
    w.mismatches(&[imm(&bytes)], &B::UnpackVariantGenericMutRef(a), 1);
}

#[test]
fn switches_read_their_enum() {
    let w = World::new();
    let switched = |parameter: T, generic: bool| {
        let head = if generic { w.f_def } else { w.e_def };
        body(&[parameter], &[], &[], vec![take(0), switch(0), B::Ret]).jump_table(head, &[2, 2])
    };
    w.accept("by reference", switched(imm(&w.e), false));
    w.accept("any instance", switched(imm(&w.generic_enum(T::U8)), true));
    w.accept(
        "any instance",
        switched(imm(&w.generic_enum(w.s.clone())), true),
    );
    w.refuse("by value", switched(w.e.clone(), false), MISMATCH, 1);
    w.refuse(
        "by mutable reference",
        switched(mutable(&w.e), false),
        MISMATCH,
        1,
    );
    w.refuse("another enum", switched(imm(&w.e), true), MISMATCH, 1);
    w.refuse("a struct", switched(imm(&w.s), false), MISMATCH, 1);
    w.refuse("a number", switched(T::U64, false), MISMATCH, 1);
}
