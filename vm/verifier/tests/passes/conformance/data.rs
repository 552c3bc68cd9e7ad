//! Rows of calls, structs, enums and vectors.

use heddle_bytecode::{
    AbilitySet, Bytecode as B, EnumDefInstantiationIndex, FieldHandleIndex,
    FieldInstantiationIndex, FunctionHandleIndex, FunctionInstantiationIndex, SignatureIndex,
    SignatureToken as T, StructDefInstantiationIndex, StructDefinitionIndex, VariantHandleIndex,
    VariantInstantiationHandleIndex,
    testing::{reference, type_parameter, vector},
};
use heddle_verifier::Rule;

use super::{Items, Table};
use crate::body::{body, copy, imm, mutable, one, store, take};

const FAR: u16 = 999;

pub(super) fn rows(t: &mut Table) {
    calls(t);
    structs(t);
    fields(t);
    variants(t);
    variant_references(t);
    vectors(t);
    global_storage(t);
}

/// Type arguments that no instruction may have: a reference, and a type that
/// breaks a constraint inside; and one that breaks the item's own.
fn bad_arguments(t: &Table) -> [(&'static str, Rule, T); 3] {
    [
        (
            "a reference as type argument",
            Rule::NestedReference,
            reference(T::U64),
        ),
        (
            "a malformed type argument",
            Rule::AbilityConstraint,
            t.items.bad.clone(),
        ),
        (
            "a constraint is broken",
            Rule::AbilityConstraint,
            t.items.world.r.clone(),
        ),
    ]
}

fn calls(t: &mut Table) {
    let s = t.items.world.s.clone();
    let (plain, generic) = (t.items.plain, t.items.generic);
    let operands = [T::U64, mutable(&s)];
    let results = [mutable(&T::U64)];
    let instance = t.items.world.b.function_instantiation(generic, &[T::U64]);
    let of_plain = t.items.world.b.function_instantiation(plain, &[]);
    for (op, far, twin) in [
        (
            B::Call(plain),
            B::Call(FunctionHandleIndex(FAR)),
            B::Call(generic),
        ),
        (
            B::CallGeneric(instance),
            B::CallGeneric(FunctionInstantiationIndex(FAR)),
            B::CallGeneric(of_plain),
        ),
    ] {
        t.operation(&op, &operands, &results);
        t.alone(&far, "a function that is not there", Rule::IndexOutOfBounds);
        t.alone(&twin, "a function of the other kind", Rule::GenericMismatch);
        // Local 1 points into parameter 0 while that is passed.
        let f = t.items.world.f;
        let code = vec![
            copy(0),
            B::MutBorrowField(f),
            store(1),
            one(),
            take(0),
            op.clone(),
            B::Pop,
            take(1),
            B::Pop,
            B::Ret,
        ];
        let held = body(&operands[1..], &[], &[mutable(&T::U64)], code);
        t.refuse(
            &op,
            "a mutable reference lives",
            Rule::ReferenceSafety,
            5,
            held,
        );
    }
    let op = B::CallGeneric(instance);
    for (name, rule, argument) in bad_arguments(t) {
        let bad = t.items.world.b.function_instantiation(generic, &[argument]);
        t.alone(&B::CallGeneric(bad), name, rule);
    }
    let far = t
        .items
        .world
        .b
        .function_instantiation(generic, &[type_parameter(5)]);
    t.alone(
        &B::CallGeneric(far),
        "a type parameter that is not there",
        Rule::IndexOutOfBounds,
    );
    // `fun test<T>() { test<vector<T>>() }`: its handle will be the next one.
    let unchanged = t.items.world.clone();
    let b = &mut t.items.world.b;
    let next = u16::try_from(b.module.function_handles.len()).unwrap();
    let own = FunctionHandleIndex(next);
    let grows = b.function_instantiation(own, &[vector(type_parameter(0))]);
    let same = b.function_instantiation(own, &[type_parameter(0)]);
    let calls = |instance| {
        body(&[], &[], &[], vec![B::CallGeneric(instance), B::Ret]).generic(&[AbilitySet::EMPTY])
    };
    t.accept(&op, "itself with the same type", calls(same));
    t.refuse(
        &op,
        "itself with a larger type",
        Rule::InstantiationLoop,
        0,
        calls(grows),
    );
    t.items.world = unchanged;
}

fn structs(t: &mut Table) {
    let w = t.items.world.clone();
    let fields = [T::U64, T::U64];
    let far = StructDefinitionIndex(FAR);
    for (op, operands, results, far, twin) in [
        (
            B::Pack(w.s_def),
            &fields[..],
            std::slice::from_ref(&w.s),
            B::Pack(far),
            B::Pack(w.g_def),
        ),
        (
            B::Unpack(w.s_def),
            std::slice::from_ref(&w.s),
            &fields[..],
            B::Unpack(far),
            B::Unpack(w.g_def),
        ),
    ] {
        t.operation(&op, operands, results);
        t.alone(&far, "a struct that is not there", Rule::IndexOutOfBounds);
        t.alone(&twin, "a generic struct", Rule::GenericMismatch);
    }
    let b = &mut t.items.world.b;
    let instance = b.struct_instantiation(w.g_def, &[T::U64]);
    let other = b.struct_instantiation(w.g_def, &[T::U8]);
    let of_plain = b.struct_instantiation(w.s_def, &[]);
    let g = w.generic_struct(T::U64);
    let far = StructDefInstantiationIndex(FAR);
    type Make = fn(StructDefInstantiationIndex) -> B;
    for (make, operand, result) in [
        (B::PackGeneric as Make, T::U64, g.clone()),
        (B::UnpackGeneric, g.clone(), T::U64),
    ] {
        let op = make(instance);
        let operands = std::slice::from_ref(&operand);
        let results = std::slice::from_ref(&result);
        t.operation(&op, operands, results);
        t.alone(
            &make(far),
            "a struct that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(of_plain),
            "a struct that is not generic",
            Rule::GenericMismatch,
        );
        let wrong = body(operands, results, &[], vec![take(0), make(other), B::Ret]);
        t.refuse(&op, "another type argument", Rule::TypeMismatch, 1, wrong);
        for (name, rule, argument) in bad_arguments(t) {
            let c = t.items.c_def;
            let bad = t.items.world.b.struct_instantiation(c, &[argument]);
            t.alone(&make(bad), name, rule);
        }
    }
}

fn fields(t: &mut Table) {
    let w = t.items.world.clone();
    let b = &mut t.items.world.b;
    let generic = b.field(w.g_def, 0);
    let instance = b.field_instantiation(generic, &[T::U64]);
    let other = b.field_instantiation(generic, &[T::U8]);
    let of_plain = b.field_instantiation(w.f, &[]);
    let constrained = b.field(t.items.c_def, 0);
    let far = FieldHandleIndex(FAR);
    let far_instance = FieldInstantiationIndex(FAR);
    let g = w.generic_struct(T::U64);

    let op = B::MutBorrowField(w.f);
    t.operation(&op, &[mutable(&w.s)], &[mutable(&T::U64)]);
    t.alone(
        &B::MutBorrowField(far),
        "a field that is not there",
        Rule::IndexOutOfBounds,
    );
    t.alone(
        &B::MutBorrowField(generic),
        "of a generic struct",
        Rule::GenericMismatch,
    );
    let op = B::ImmBorrowField(w.f);
    t.operation(&op, &[imm(&w.s)], &[imm(&T::U64)]);
    t.alone(
        &B::ImmBorrowField(far),
        "a field that is not there",
        Rule::IndexOutOfBounds,
    );
    t.alone(
        &B::ImmBorrowField(generic),
        "of a generic struct",
        Rule::GenericMismatch,
    );
    let op = B::MutBorrowFieldGeneric(instance);
    t.operation(&op, &[mutable(&g)], &[mutable(&T::U64)]);
    let op = B::ImmBorrowFieldGeneric(instance);
    t.operation(&op, &[imm(&g)], &[imm(&T::U64)]);

    type Make = fn(FieldInstantiationIndex) -> B;
    for (make, parameter, result) in [
        (
            B::MutBorrowFieldGeneric as Make,
            mutable(&g),
            mutable(&T::U64),
        ),
        (B::ImmBorrowFieldGeneric, imm(&g), imm(&T::U64)),
    ] {
        t.alone(
            &make(far_instance),
            "a field that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(of_plain),
            "a struct that is not generic",
            Rule::GenericMismatch,
        );
        let wrong = body(
            &[parameter],
            &[result],
            &[],
            vec![take(0), make(other), B::Ret],
        );
        t.refuse(
            &make(instance),
            "another type argument",
            Rule::TypeMismatch,
            1,
            wrong,
        );
        for (name, rule, argument) in bad_arguments(t) {
            let bad = t
                .items
                .world
                .b
                .field_instantiation(constrained, &[argument]);
            t.alone(&make(bad), name, rule);
        }
    }
    // Local 1 is another mutable reference to the whole.
    for (op, whole) in [
        (B::MutBorrowField(w.f), w.s.clone()),
        (B::ImmBorrowField(w.f), w.s.clone()),
        (B::MutBorrowFieldGeneric(instance), g.clone()),
        (B::ImmBorrowFieldGeneric(instance), g.clone()),
    ] {
        let borrowed = |first: B| {
            let code = vec![
                first,
                store(1),
                take(0),
                op.clone(),
                B::Pop,
                take(1),
                B::Pop,
                B::Ret,
            ];
            body(&[mutable(&whole)], &[], &[mutable(&whole)], code)
        };
        t.refuse(
            &op,
            "of a reference that lives twice",
            Rule::ReferenceSafety,
            3,
            borrowed(copy(0)),
        );
        let code = vec![take(0), op.clone(), B::Pop, B::Ret];
        t.accept(
            &op,
            "of a mutable reference",
            body(&[mutable(&whole)], &[], &[], code),
        );
    }
}

fn variants(t: &mut Table) {
    let w = t.items.world.clone();
    let b = &mut t.items.world.b;
    let plain = b.variant(w.e_def, 0);
    let of_generic = b.variant(w.f_def, 0);
    let f64s = b.enum_instantiation(w.f_def, &[T::U64]);
    let f8s = b.enum_instantiation(w.f_def, &[T::U8]);
    let of_e = b.enum_instantiation(w.e_def, &[]);
    let instance = b.variant_instantiation(f64s, 0);
    let other = b.variant_instantiation(f8s, 0);
    let of_plain = b.variant_instantiation(of_e, 0);
    let far = VariantHandleIndex(FAR);
    let fields = [T::U64, T::U64];
    let e = std::slice::from_ref(&w.e);
    type Plain = fn(VariantHandleIndex) -> B;
    for (make, operands, results) in [
        (B::PackVariant as Plain, &fields[..], e),
        (B::UnpackVariant, e, &fields[..]),
    ] {
        t.operation(&make(plain), operands, results);
        t.alone(
            &make(far),
            "a variant that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(of_generic),
            "of a generic enum",
            Rule::GenericMismatch,
        );
    }
    let g = w.generic_enum(T::U64);
    let far = VariantInstantiationHandleIndex(FAR);
    type Generic = fn(VariantInstantiationHandleIndex) -> B;
    for (make, operand, result) in [
        (B::PackVariantGeneric as Generic, T::U64, g.clone()),
        (B::UnpackVariantGeneric, g.clone(), T::U64),
        (B::UnpackVariantGenericImmRef, imm(&g), imm(&T::U64)),
        (B::UnpackVariantGenericMutRef, mutable(&g), mutable(&T::U64)),
    ] {
        let (operands, results) = (
            std::slice::from_ref(&operand),
            std::slice::from_ref(&result),
        );
        t.operation(&make(instance), operands, results);
        t.alone(
            &make(far),
            "a variant that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(of_plain),
            "of an enum that is not generic",
            Rule::GenericMismatch,
        );
        let wrong = body(operands, results, &[], vec![take(0), make(other), B::Ret]);
        t.refuse(
            &make(instance),
            "another type argument",
            Rule::TypeMismatch,
            1,
            wrong,
        );
        for (name, rule, argument) in bad_arguments(t) {
            let d = t.items.d_def;
            let bad = t.items.world.b.enum_instantiation(d, &[argument]);
            let bad = variant_of(t, bad);
            t.alone(&make(bad), name, rule);
        }
    }
}

fn variant_of(t: &mut Table, of: EnumDefInstantiationIndex) -> VariantInstantiationHandleIndex {
    t.items.world.b.variant_instantiation(of, 0)
}

fn variant_references(t: &mut Table) {
    let w = t.items.world.clone();
    let b = &mut t.items.world.b;
    let plain = b.variant(w.e_def, 0);
    let of_generic = b.variant(w.f_def, 0);
    let of_f = b.enum_instantiation(w.f_def, &[T::U64]);
    let instance = b.variant_instantiation(of_f, 0);
    let far = VariantHandleIndex(FAR);
    let g = w.generic_enum(T::U64);
    let imm_fields = [imm(&T::U64), imm(&T::U64)];
    let mut_fields = [mutable(&T::U64), mutable(&T::U64)];
    type Make = fn(VariantHandleIndex) -> B;
    for (make, operand, results) in [
        (B::UnpackVariantImmRef as Make, imm(&w.e), &imm_fields),
        (B::UnpackVariantMutRef, mutable(&w.e), &mut_fields),
    ] {
        t.operation(&make(plain), &[operand], results);
        t.alone(
            &make(far),
            "a variant that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(of_generic),
            "of a generic enum",
            Rule::GenericMismatch,
        );
    }
    for (op, whole, fields) in [
        (B::UnpackVariantImmRef(plain), w.e.clone(), 2),
        (B::UnpackVariantMutRef(plain), w.e.clone(), 2),
        (B::UnpackVariantGenericImmRef(instance), g.clone(), 1),
        (B::UnpackVariantGenericMutRef(instance), g.clone(), 1),
    ] {
        let mut code = vec![copy(0), store(1), take(0), op.clone()];
        code.extend(std::iter::repeat_n(B::Pop, fields));
        code.extend([take(1), B::Pop, B::Ret]);
        let twice = body(&[mutable(&whole)], &[], &[mutable(&whole)], code);
        t.refuse(
            &op,
            "of a reference that lives twice",
            Rule::ReferenceSafety,
            3,
            twice,
        );
        let mut code = vec![take(0), op.clone()];
        code.extend(std::iter::repeat_n(B::Pop, fields));
        code.push(B::Ret);
        t.accept(
            &op,
            "of a mutable reference",
            body(&[mutable(&whole)], &[], &[], code),
        );
    }
}

fn vectors(t: &mut Table) {
    let u64s = t.items.world.u64s;
    let numbers = Items::numbers();
    let (shared, exclusive) = (imm(&numbers), mutable(&numbers));
    let element = T::U64;
    type Make = fn(SignatureIndex) -> B;
    let instructions: [(Make, Vec<T>, Vec<T>); 8] = [
        (
            |it| B::VecPack(it, 2),
            vec![T::U64, T::U64],
            vec![numbers.clone()],
        ),
        (
            |it| B::VecUnpack(it, 2),
            vec![numbers.clone()],
            vec![T::U64, T::U64],
        ),
        (B::VecLen, vec![shared.clone()], vec![T::U64]),
        (
            B::VecImmBorrow,
            vec![shared.clone(), T::U64],
            vec![imm(&element)],
        ),
        (
            B::VecMutBorrow,
            vec![exclusive.clone(), T::U64],
            vec![mutable(&element)],
        ),
        (B::VecPushBack, vec![exclusive.clone(), T::U64], vec![]),
        (B::VecPopBack, vec![exclusive.clone()], vec![T::U64]),
        (B::VecSwap, vec![exclusive.clone(), T::U64, T::U64], vec![]),
    ];
    let bytes = t.items.world.b.signature(&[T::U8]);
    let (nothing, two) = (t.items.nothing, t.items.two);
    let (references, bads) = (t.items.references, t.items.bads);
    let unbound = t.items.world.b.signature(&[type_parameter(3)]);
    for (make, operands, results) in instructions {
        let op = make(u64s);
        t.operation(&op, &operands, &results);
        t.alone(
            &make(SignatureIndex(FAR)),
            "a type that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(
            &make(unbound),
            "a type parameter that is not there",
            Rule::IndexOutOfBounds,
        );
        t.alone(&make(nothing), "no element type", Rule::VectorOperand);
        t.alone(&make(two), "two element types", Rule::VectorOperand);
        t.alone(
            &make(references),
            "references as elements",
            Rule::NestedReference,
        );
        t.alone(
            &make(bads),
            "a malformed element type",
            Rule::AbilityConstraint,
        );
        let count = u8::try_from(operands.len()).unwrap();
        let mut code: Vec<B> = (0..count).map(take).collect();
        code.extend([make(bytes), B::Ret]);
        let wrong = body(&operands, &results, &[], code);
        t.refuse(
            &op,
            "another element type",
            Rule::TypeMismatch,
            u16::from(count),
            wrong,
        );
    }
    for op in [B::VecPack(u64s, 65_536), B::VecUnpack(u64s, 65_536)] {
        t.alone(&op, "more elements than a stack has", Rule::SizeLimit);
    }
    for op in [B::VecPack(u64s, u64::MAX), B::VecUnpack(u64s, u64::MAX)] {
        t.alone(&op, "as many elements as a count holds", Rule::SizeLimit);
    }
    let none = body(&[], &[numbers], &[], vec![B::VecPack(u64s, 0), B::Ret]);
    t.accept(&B::VecPack(u64s, 0), "no elements", none);
    // Local 1 points to an element of parameter 0 while that is used.
    for (op, arguments, results) in [
        (B::VecImmBorrow(u64s), 1, 1),
        (B::VecMutBorrow(u64s), 1, 1),
        (B::VecPushBack(u64s), 1, 0),
        (B::VecPopBack(u64s), 0, 1),
        (B::VecSwap(u64s), 2, 0),
    ] {
        let mut code = vec![copy(0), one(), B::VecMutBorrow(u64s), store(1), take(0)];
        code.extend(std::iter::repeat_n(one(), arguments));
        let at = u16::try_from(code.len()).unwrap();
        code.push(op.clone());
        code.extend(std::iter::repeat_n(B::Pop, results));
        code.extend([take(1), B::Pop, B::Ret]);
        let held = body(
            std::slice::from_ref(&exclusive),
            &[],
            &[mutable(&element)],
            code,
        );
        t.refuse(
            &op,
            "an element is borrowed",
            Rule::ReferenceSafety,
            at,
            held,
        );
    }
}

fn global_storage(t: &mut Table) {
    let def = t.items.world.s_def;
    let g_def = t.items.world.g_def;
    let instance = t.items.world.b.struct_instantiation(g_def, &[T::U64]);
    type Plain = fn(StructDefinitionIndex) -> B;
    for make in [
        B::ExistsDeprecated as Plain,
        B::MoveFromDeprecated,
        B::MoveToDeprecated,
        B::MutBorrowGlobalDeprecated,
        B::ImmBorrowGlobalDeprecated,
    ] {
        t.alone(&make(def), "whatever it names", Rule::GlobalStorage);
        let far = make(StructDefinitionIndex(FAR));
        t.alone(&far, "a struct that is not there", Rule::IndexOutOfBounds);
    }
    type Generic = fn(StructDefInstantiationIndex) -> B;
    for make in [
        B::ExistsGenericDeprecated as Generic,
        B::MoveFromGenericDeprecated,
        B::MoveToGenericDeprecated,
        B::MutBorrowGlobalGenericDeprecated,
        B::ImmBorrowGlobalGenericDeprecated,
    ] {
        t.alone(&make(instance), "whatever it names", Rule::GlobalStorage);
        let far = make(StructDefInstantiationIndex(FAR));
        t.alone(&far, "a struct that is not there", Rule::IndexOutOfBounds);
    }
}
