use heddle_bytecode::{
    AbilitySet, DatatypeHandle, FunctionHandle, Signature, SignatureToken as T, Visibility,
    testing::{FunctionSignature, address},
};
use heddle_verifier::Rule;

use crate::{abort, check_table};

const NONE: AbilitySet = AbilitySet::EMPTY;

#[test]
fn entries_of_tables() {
    check_table(&[
        ("nothing", |_| {}, Ok(())),
        (
            "identifiers",
            |b| {
                let name = b.module.identifiers[0].clone();
                b.module.identifiers.push(name);
            },
            Err(Rule::Duplicate),
        ),
        (
            "addresses",
            |b| b.module.address_identifiers.push(address(7)),
            Err(Rule::Duplicate),
        ),
        (
            "constants",
            |b| {
                b.constant(T::U8, &[1]);
                let constant = b.module.constant_pool[0].clone();
                b.module.constant_pool.push(constant);
            },
            Err(Rule::Duplicate),
        ),
        (
            "constants that differ in type",
            |b| {
                b.constant(T::U8, &[1]);
                b.constant(T::Bool, &[1]);
            },
            Ok(()),
        ),
        (
            "signatures",
            |b| b.module.signatures.push(Signature(Vec::new())),
            Err(Rule::Duplicate),
        ),
        (
            "module handles",
            |b| {
                let handle = b.module.module_handles[0];
                b.module.module_handles.push(handle);
            },
            Err(Rule::Duplicate),
        ),
        (
            "friends",
            |b| {
                b.friend(address(7), "other");
                b.friend(address(7), "other");
            },
            Err(Rule::Duplicate),
        ),
        (
            "two views of one datatype",
            |b| {
                let other = b.module_handle(address(8), "other");
                let index = b.datatype_handle(other, "S", NONE, &[]);
                let handle = b.module[index].clone();
                let abilities = AbilitySet::ALL;
                b.module.datatype_handles.push(DatatypeHandle {
                    abilities,
                    ..handle
                });
            },
            Err(Rule::Duplicate),
        ),
        (
            "two views of one function",
            |b| {
                let other = b.module_handle(address(8), "other");
                let index = b.function_handle(other, "f", &FunctionSignature::default());
                let handle = b.module[index].clone();
                let parameters = b.signature(&[T::U8]);
                b.module.function_handles.push(FunctionHandle {
                    parameters,
                    ..handle
                });
            },
            Err(Rule::Duplicate),
        ),
        (
            "field handles",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                let def = b.struct_def(s, &[("x", T::U8)]);
                b.field(def, 0);
                let handle = b.module.field_handles[0];
                b.module.field_handles.push(handle);
            },
            Err(Rule::Duplicate),
        ),
    ]);
}

#[test]
fn names_of_parts() {
    check_table(&[
        (
            "fields",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", T::U8), ("x", T::U8)]);
            },
            Err(Rule::Duplicate),
        ),
        (
            "variants",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[]), ("A", &[])]);
            },
            Err(Rule::Duplicate),
        ),
        (
            "fields of a variant",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[("x", T::U8), ("x", T::U8)])]);
            },
            Err(Rule::Duplicate),
        ),
        (
            "fields of two variants",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[("x", T::U8)]), ("B", &[("x", T::U8)])]);
            },
            Ok(()),
        ),
        (
            "a datatype that is a struct and an enum",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", T::U8)]);
                b.enum_def(s, &[("A", &[])]);
            },
            Err(Rule::Duplicate),
        ),
        (
            "a function defined twice",
            |b| {
                b.simple_function("f", &[], &[], abort());
                b.simple_function("f", &[], &[], abort());
            },
            Err(Rule::Duplicate),
        ),
    ]);
}

#[test]
fn empty_datatypes() {
    check_table(&[
        (
            "struct",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[]);
            },
            Err(Rule::EmptyDatatype),
        ),
        (
            "enum",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[]);
            },
            Err(Rule::EmptyDatatype),
        ),
        (
            "variant",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[])]);
            },
            Ok(()),
        ),
    ]);
}

#[test]
fn definitions_belong_to_the_module() {
    check_table(&[
        (
            "struct of another module",
            |b| {
                let other = b.module_handle(address(7), "other");
                let s = b.datatype_handle(other, "S", NONE, &[]);
                b.struct_def(s, &[("x", T::U8)]);
            },
            Err(Rule::ForeignDefinition),
        ),
        (
            "function of another module",
            |b| {
                let f = b.function("f", Visibility::Private, &FunctionSignature::default());
                let other = b.module_handle(address(7), "other");
                let handle = usize::from(b.module[f].function.0);
                b.module.function_handles[handle].module = other;
            },
            Err(Rule::ForeignDefinition),
        ),
        (
            "datatype that is not defined",
            |b| {
                b.own_datatype("S", NONE, &[]);
            },
            Err(Rule::Unimplemented),
        ),
        (
            "function that is not defined",
            |b| {
                b.function_handle(b.self_handle(), "f", &FunctionSignature::default());
            },
            Err(Rule::Unimplemented),
        ),
        (
            "native function",
            |b| {
                b.function("f", Visibility::Private, &FunctionSignature::default());
            },
            Ok(()),
        ),
    ]);
}
