use heddle_bytecode::{
    AbilitySet, SignatureToken as T, Visibility,
    testing::{FunctionSignature, ModuleBuilder, type_parameter, vector},
};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_module};

use crate::{abort, builder};

const NONE: AbilitySet = AbilitySet::EMPTY;

fn verdict(builder: &ModuleBuilder, limits: &VerifierLimits) -> Result<(), Rule> {
    let module = builder.clone().build();
    verify_module(&module, limits, &mut WorkMeter::unlimited()).map_err(|error| error.rule)
}

#[test]
fn a_limit_itself_is_allowed_and_one_more_is_not() {
    type Row = (
        &'static str,
        fn(&mut ModuleBuilder),
        fn(&mut VerifierLimits) -> &mut usize,
        usize,
    );
    let rows: [Row; 10] = [
        (
            "identifier_bytes",
            |b| {
                b.identifier("abcdefgh");
            },
            |limits| &mut limits.identifier_bytes,
            8,
        ),
        (
            "type_parameters of a datatype",
            |b| {
                let s = b.own_datatype("S", NONE, &[(true, NONE); 3]);
                b.struct_def(s, &[("x", T::U8)]);
            },
            |limits| &mut limits.type_parameters,
            3,
        ),
        (
            "type_parameters of a function",
            |b| {
                let signature = FunctionSignature {
                    type_parameters: vec![NONE; 3],
                    ..FunctionSignature::default()
                };
                b.function("f", Visibility::Private, &signature);
            },
            |limits| &mut limits.type_parameters,
            3,
        ),
        (
            "function_parameters",
            |b| {
                b.simple_function("f", &[T::U8, T::U8], &[], abort());
            },
            |limits| &mut limits.function_parameters,
            2,
        ),
        (
            "locals",
            |b| {
                let f = b.simple_function("f", &[T::U8, T::U8], &[], abort());
                b.body(f, &[T::U8], abort());
            },
            |limits| &mut limits.locals,
            3,
        ),
        (
            "function_definitions",
            |b| {
                b.simple_function("f", &[], &[], abort());
                b.simple_function("g", &[], &[], abort());
            },
            |limits| &mut limits.function_definitions,
            2,
        ),
        (
            "datatype_definitions",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", T::U8)]);
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[])]);
            },
            |limits| &mut limits.datatype_definitions,
            2,
        ),
        (
            "fields of a struct",
            |b| {
                let s = b.own_datatype("S", NONE, &[]);
                b.struct_def(s, &[("x", T::U8), ("y", T::U8)]);
            },
            |limits| &mut limits.fields,
            2,
        ),
        (
            "fields of all variants",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[("x", T::U8)]), ("B", &[("x", T::U8)])]);
            },
            |limits| &mut limits.fields,
            2,
        ),
        (
            "variants",
            |b| {
                let e = b.own_datatype("E", NONE, &[]);
                b.enum_def(e, &[("A", &[]), ("B", &[]), ("C", &[])]);
            },
            |limits| &mut limits.variants,
            3,
        ),
    ];
    for (name, build, limit, size) in rows {
        let mut builder = builder();
        build(&mut builder);
        let mut limits = VerifierLimits::default();
        *limit(&mut limits) = size;
        assert_eq!(verdict(&builder, &limits), Ok(()), "{name}");
        *limit(&mut limits) = size - 1;
        assert_eq!(verdict(&builder, &limits), Err(Rule::SizeLimit), "{name}");
    }
}

#[test]
fn types_have_a_limited_weight() {
    let mut b = builder();
    let signature = FunctionSignature {
        type_parameters: vec![NONE],
        parameters: vec![vector(vector(type_parameter(0)))],
        returns: vec![T::U8],
    };
    b.function("f", Visibility::Private, &signature);
    let with = |type_weight, function_type_weight, module_type_weight| {
        let limits = VerifierLimits {
            type_weight,
            function_type_weight,
            module_type_weight,
            ..VerifierLimits::default()
        };
        verdict(&b, &limits)
    };
    let weight = 2 + VerifierLimits::NAMED_TYPE_WEIGHT;
    assert_eq!(with(weight, weight + 1, weight + 1), Ok(()));
    assert_eq!(
        with(weight - 1, weight + 1, weight + 1),
        Err(Rule::SizeLimit)
    );
    assert_eq!(with(weight, weight, weight + 1), Err(Rule::SizeLimit));
    assert_eq!(with(weight, weight + 1, weight), Err(Rule::SizeLimit));
}
