use heddle_bytecode::{
    Ability, AbilitySet, SignatureToken as T,
    testing::{instantiation, type_parameter, vector},
};
use heddle_verifier::Rule;

use crate::check_table;

const NONE: AbilitySet = AbilitySet::EMPTY;
const COPY: AbilitySet = AbilitySet::singleton(Ability::Copy);
const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);
const STORE: AbilitySet = AbilitySet::singleton(Ability::Store);
const KEY: AbilitySet = AbilitySet::singleton(Ability::Key);

#[test]
fn fields_have_what_the_datatype_declares() {
    check_table(&[
        (
            "primitives",
            |b| {
                let s = b.own_datatype("S", AbilitySet::ALL, &[]);
                b.struct_def(s, &[("x", T::U256), ("y", vector(T::Address))]);
            },
            Ok(()),
        ),
        (
            "copy of a signer",
            |b| {
                let s = b.own_datatype("S", COPY, &[]);
                b.struct_def(s, &[("x", T::Signer)]);
            },
            Err(Rule::FieldAbility),
        ),
        (
            "store of a vector of what cannot be stored",
            |b| {
                let s = b.own_datatype("S", STORE, &[]);
                b.struct_def(s, &[("x", vector(T::Signer))]);
            },
            Err(Rule::FieldAbility),
        ),
        (
            "key needs store",
            |b| {
                let inner = b.own_datatype("Inner", KEY, &[]);
                b.struct_def(inner, &[("x", T::U8)]);
                let outer = b.own_datatype("Outer", KEY, &[]);
                b.struct_def(outer, &[("x", T::Datatype(inner))]);
            },
            Err(Rule::FieldAbility),
        ),
        (
            "key with store",
            |b| {
                let inner = b.own_datatype("Inner", STORE, &[]);
                b.struct_def(inner, &[("x", T::U8)]);
                let outer = b.own_datatype("Outer", KEY, &[]);
                b.struct_def(outer, &[("x", T::Datatype(inner))]);
            },
            Ok(()),
        ),
        (
            "a variant's field",
            |b| {
                let inner = b.own_datatype("Inner", NONE, &[]);
                b.struct_def(inner, &[("x", T::U8)]);
                let e = b.own_datatype("E", DROP, &[]);
                b.enum_def(e, &[("A", &[]), ("B", &[("x", T::Datatype(inner))])]);
            },
            Err(Rule::FieldAbility),
        ),
    ]);
}

#[test]
fn type_parameters_are_taken_to_have_all() {
    check_table(&[
        (
            "own type parameter",
            |b| {
                let s = b.own_datatype("S", AbilitySet::PRIMITIVES, &[(false, NONE)]);
                b.struct_def(s, &[("x", type_parameter(0))]);
            },
            Ok(()),
        ),
        (
            "inside an instance that allows it",
            |b| {
                let inner = b.own_datatype("Inner", COPY, &[(false, NONE)]);
                b.struct_def(inner, &[("x", type_parameter(0))]);
                let outer = b.own_datatype("Outer", COPY, &[(false, NONE)]);
                b.struct_def(
                    outer,
                    &[("x", instantiation(inner, vec![type_parameter(0)]))],
                );
            },
            Ok(()),
        ),
        (
            "inside an instance whose argument does not",
            |b| {
                let inner = b.own_datatype("Inner", COPY, &[(false, NONE)]);
                b.struct_def(inner, &[("x", type_parameter(0))]);
                let outer = b.own_datatype("Outer", COPY, &[]);
                b.struct_def(outer, &[("x", instantiation(inner, vec![T::Signer]))]);
            },
            Err(Rule::FieldAbility),
        ),
        (
            "inside an instance whose argument is phantom",
            |b| {
                let inner = b.own_datatype("Inner", COPY, &[(true, NONE)]);
                b.struct_def(inner, &[("x", T::U8)]);
                let outer = b.own_datatype("Outer", COPY, &[]);
                b.struct_def(outer, &[("x", instantiation(inner, vec![T::Signer]))]);
            },
            Ok(()),
        ),
    ]);
}
