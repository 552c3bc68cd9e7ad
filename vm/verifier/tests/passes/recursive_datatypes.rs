use heddle_bytecode::{
    AbilitySet, SignatureToken as T,
    testing::{instantiation, type_parameter, vector},
};
use heddle_verifier::Rule;

use crate::check_table;

const NONE: AbilitySet = AbilitySet::EMPTY;

#[test]
fn datatypes_do_not_contain_themselves() {
    check_table(&[
        (
            "a chain",
            |b| {
                let [x, y] = ["X", "Y"].map(|name| b.own_datatype(name, NONE, &[]));
                b.struct_def(x, &[("y", T::Datatype(y)), ("z", T::Datatype(y))]);
                b.struct_def(y, &[("x", T::U8)]);
            },
            Ok(()),
        ),
        (
            "directly",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", T::Datatype(s))]);
            },
            Err(Rule::RecursiveDatatype),
        ),
        (
            "in a vector",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", vector(T::Datatype(s)))]);
            },
            Err(Rule::RecursiveDatatype),
        ),
        (
            "as a type argument",
            |b| {
                let wrap = b.own_datatype("Wrap", NONE, &[(false, NONE)]);
                b.struct_def(wrap, &[("x", type_parameter(0))]);
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", instantiation(wrap, vec![T::Datatype(s)]))]);
            },
            Err(Rule::RecursiveDatatype),
        ),
        (
            "through another struct and an enum",
            |b| {
                let [x, y] = ["X", "Y"].map(|name| b.own_datatype(name, NONE, &[]));
                b.struct_def(x, &[("y", T::Datatype(y))]);
                b.enum_def(y, &[("A", &[]), ("B", &[("x", T::Datatype(x))])]);
            },
            Err(Rule::RecursiveDatatype),
        ),
        (
            "an enum directly",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("Nil", &[]), ("Cons", &[("tail", T::Datatype(e))])]);
            },
            Err(Rule::RecursiveDatatype),
        ),
    ]);
}
