use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, DatatypeHandleIndex, SignatureToken as T, Visibility,
    testing::{
        FunctionSignature, ModuleBuilder, address, instantiation, mutable_reference, reference,
        type_parameter, vector,
    },
};
use heddle_verifier::Rule;

use crate::{abort, check_table};

const NONE: AbilitySet = AbilitySet::EMPTY;
const COPY: AbilitySet = AbilitySet::singleton(Ability::Copy);

/// `struct Needs<T: copy> { x: T }`
fn needs_copy(b: &mut ModuleBuilder) -> DatatypeHandleIndex {
    let needs = b.own_datatype("Needs", NONE, &[(false, COPY)]);
    b.struct_def(needs, &[("x", type_parameter(0))]);
    needs
}

#[test]
fn references_are_not_parts_of_types() {
    check_table(&[
        (
            "parameters and results",
            |b| {
                let types = [reference(T::U8), mutable_reference(vector(T::U8))];
                b.simple_function("f", &types, &types[..1], abort());
            },
            Ok(()),
        ),
        (
            "vector of references",
            |b| {
                b.signature(&[vector(reference(T::U8))]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "reference to a reference",
            |b| {
                b.signature(&[reference(mutable_reference(T::U8))]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "type argument",
            |b| {
                let s = b.own_datatype("S", NONE, &[(false, NONE)]);
                b.struct_def(s, &[("x", type_parameter(0))]);
                b.signature(&[instantiation(s, vec![reference(T::U8)])]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "field",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", reference(T::U8))]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "variant's field",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[("x", mutable_reference(T::U8))])]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "type argument of a call",
            |b| {
                let signature = FunctionSignature {
                    type_parameters: vec![NONE],
                    ..FunctionSignature::default()
                };
                let f = b.function("f", Visibility::Private, &signature);
                let handle = b.module[f].function;
                let call = b.function_instantiation(handle, &[reference(T::U8)]);
                b.body(f, &[], vec![B::CallGeneric(call), B::Ret]);
            },
            Err(Rule::NestedReference),
        ),
        (
            "element of a vector instruction",
            |b| {
                let element = b.signature(&[reference(T::U8)]);
                b.simple_function("f", &[], &[], vec![B::VecPack(element, 0), B::Pop, B::Ret]);
            },
            Err(Rule::NestedReference),
        ),
    ]);
}

#[test]
fn type_arguments_have_what_their_parameters_demand() {
    check_table(&[
        (
            "satisfied",
            |b| {
                let needs = needs_copy(b);
                b.simple_function("f", &[instantiation(needs, vec![T::U8])], &[], abort());
            },
            Ok(()),
        ),
        (
            "parameter",
            |b| {
                let needs = needs_copy(b);
                b.simple_function("f", &[instantiation(needs, vec![T::Signer])], &[], abort());
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "result behind a reference",
            |b| {
                let needs = needs_copy(b);
                let type_ = reference(instantiation(needs, vec![vector(T::Signer)]));
                b.simple_function("f", &[], &[type_], abort());
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "signature of another module's function",
            |b| {
                let needs = needs_copy(b);
                let other = b.module_handle(address(8), "other");
                let signature = FunctionSignature {
                    parameters: vec![instantiation(needs, vec![T::Signer])],
                    ..FunctionSignature::default()
                };
                b.function_handle(other, "f", &signature);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "local",
            |b| {
                let needs = needs_copy(b);
                let f = b.simple_function("f", &[], &[], abort());
                b.body(f, &[instantiation(needs, vec![T::Signer])], abort());
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "field",
            |b| {
                let needs = needs_copy(b);
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", instantiation(needs, vec![T::Signer]))]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "field by the constraint of a type parameter",
            |b| {
                let needs = needs_copy(b);
                let s = b.own_datatype("S", NONE, &[(false, COPY)]);
                b.struct_def(s, &[("x", instantiation(needs, vec![type_parameter(0)]))]);
            },
            Ok(()),
        ),
        (
            "field without that constraint",
            |b| {
                let needs = needs_copy(b);
                let s = b.own_datatype("S", NONE, &[(false, NONE)]);
                b.struct_def(s, &[("x", instantiation(needs, vec![type_parameter(0)]))]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "call",
            |b| {
                let signature = FunctionSignature {
                    type_parameters: vec![COPY],
                    ..FunctionSignature::default()
                };
                let f = b.function("f", Visibility::Private, &signature);
                let handle = b.module[f].function;
                let call = b.function_instantiation(handle, &[T::Signer]);
                b.body(f, &[], vec![B::CallGeneric(call), B::Ret]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "call by the caller's own constraint",
            |b| {
                let signature = FunctionSignature {
                    type_parameters: vec![COPY],
                    ..FunctionSignature::default()
                };
                let f = b.function("f", Visibility::Private, &signature);
                let handle = b.module[f].function;
                let call = b.function_instantiation(handle, &[type_parameter(0)]);
                b.body(f, &[], vec![B::CallGeneric(call), B::Ret]);
            },
            Ok(()),
        ),
        (
            "pack",
            |b| {
                needs_copy(b);
                let def = heddle_bytecode::StructDefinitionIndex(0);
                let pack = b.struct_instantiation(def, &[T::Signer]);
                b.simple_function("f", &[], &[], vec![B::PackGeneric(pack), B::Ret]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "borrow of a field",
            |b| {
                needs_copy(b);
                let field = b.field(heddle_bytecode::StructDefinitionIndex(0), 0);
                let field = b.field_instantiation(field, &[T::Signer]);
                b.simple_function("f", &[], &[], vec![B::ImmBorrowFieldGeneric(field), B::Ret]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "variant",
            |b| {
                let e = b.own_datatype("E", NONE, &[(false, COPY)]);
                let def = b.enum_def(e, &[("A", &[("x", type_parameter(0))])]);
                let instance = b.enum_instantiation(def, &[T::Signer]);
                let variant = b.variant_instantiation(instance, 0);
                b.simple_function("f", &[], &[], vec![B::PackVariantGeneric(variant), B::Ret]);
            },
            Err(Rule::AbilityConstraint),
        ),
        (
            "element of a vector instruction",
            |b| {
                let needs = needs_copy(b);
                let element = b.signature(&[instantiation(needs, vec![T::Signer])]);
                b.simple_function("f", &[], &[], vec![B::VecPack(element, 0), B::Pop, B::Ret]);
            },
            Err(Rule::AbilityConstraint),
        ),
    ]);
}

#[test]
fn vector_instructions_name_one_type() {
    check_table(&[
        (
            "none",
            |b| {
                let element = b.signature(&[]);
                b.simple_function("f", &[], &[], vec![B::VecPack(element, 0), B::Pop, B::Ret]);
            },
            Err(Rule::VectorOperand),
        ),
        (
            "two",
            |b| {
                let element = b.signature(&[T::U8, T::U8]);
                b.simple_function("f", &[], &[], vec![B::VecSwap(element), B::Ret]);
            },
            Err(Rule::VectorOperand),
        ),
    ]);
}

#[test]
fn phantom_type_parameters_have_no_values() {
    check_table(&[
        (
            "unused",
            |b| {
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(s, &[("x", T::U8)]);
            },
            Ok(()),
        ),
        (
            "field",
            |b| {
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(s, &[("x", type_parameter(0))]);
            },
            Err(Rule::PhantomPosition),
        ),
        (
            "in a vector",
            |b| {
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(s, &[("x", vector(type_parameter(0)))]);
            },
            Err(Rule::PhantomPosition),
        ),
        (
            "for a phantom parameter",
            |b| {
                let inner = b.own_datatype("Inner", NONE, &[(true, NONE)]);
                b.struct_def(inner, &[("x", T::U8)]);
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(s, &[("x", instantiation(inner, vec![type_parameter(0)]))]);
            },
            Ok(()),
        ),
        (
            "in a vector for a phantom parameter",
            |b| {
                let inner = b.own_datatype("Inner", NONE, &[(true, NONE)]);
                b.struct_def(inner, &[("x", T::U8)]);
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(
                    s,
                    &[("x", instantiation(inner, vec![vector(type_parameter(0))]))],
                );
            },
            Err(Rule::PhantomPosition),
        ),
        (
            "for an ordinary parameter",
            |b| {
                let inner = b.own_datatype("Inner", NONE, &[(false, NONE)]);
                b.struct_def(inner, &[("x", type_parameter(0))]);
                let s = b.own_datatype("S", NONE, &[(true, NONE)]);
                b.struct_def(s, &[("x", instantiation(inner, vec![type_parameter(0)]))]);
            },
            Err(Rule::PhantomPosition),
        ),
        (
            "variant's field",
            |b| {
                let e = b.own_datatype("E", NONE, &[(true, NONE)]);
                b.enum_def(e, &[("A", &[("x", type_parameter(0))])]);
            },
            Err(Rule::PhantomPosition),
        ),
    ]);
}
