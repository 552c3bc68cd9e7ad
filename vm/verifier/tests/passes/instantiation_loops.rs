use heddle_bytecode::{
    AbilitySet, Bytecode as B, SignatureToken as T, Visibility,
    testing::{FunctionSignature, ModuleBuilder, type_parameter, vector},
};
use heddle_verifier::Rule;

use crate::check_table;

/// Generic functions `f0`, `f1`, and so on, each of which makes one call:
/// to the function of that number with those type arguments.
fn calls(builder: &mut ModuleBuilder, type_parameters: usize, calls: &[(usize, Vec<T>)]) {
    let signature = FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY; type_parameters],
        ..FunctionSignature::default()
    };
    let functions: Vec<_> = (0..calls.len())
        .map(|number| builder.function(&format!("f{number}"), Visibility::Private, &signature))
        .collect();
    for (caller, (callee, arguments)) in functions.iter().zip(calls) {
        let handle = builder.module[functions[*callee]].function;
        let instance = builder.function_instantiation(handle, arguments);
        builder.body(*caller, &[], vec![B::CallGeneric(instance), B::Ret]);
    }
}

#[test]
fn types_do_not_grow_in_circles() {
    check_table(&[
        (
            "the same type",
            |b| calls(b, 1, &[(0, vec![type_parameter(0)])]),
            Ok(()),
        ),
        (
            "a closed type",
            |b| calls(b, 1, &[(0, vec![vector(T::U8)])]),
            Ok(()),
        ),
        (
            "a larger type",
            |b| calls(b, 1, &[(0, vec![vector(type_parameter(0))])]),
            Err(Rule::InstantiationLoop),
        ),
        (
            "a larger type once",
            |b| {
                calls(
                    b,
                    1,
                    &[
                        (1, vec![vector(type_parameter(0))]),
                        (1, vec![type_parameter(0)]),
                    ],
                )
            },
            Ok(()),
        ),
        (
            "a larger type in a circle of two",
            |b| {
                calls(
                    b,
                    1,
                    &[
                        (1, vec![vector(type_parameter(0))]),
                        (0, vec![type_parameter(0)]),
                    ],
                )
            },
            Err(Rule::InstantiationLoop),
        ),
        (
            "parameters change places",
            |b| calls(b, 2, &[(0, vec![type_parameter(1), type_parameter(0)])]),
            Ok(()),
        ),
        (
            "parameters change places and one grows",
            |b| {
                calls(
                    b,
                    2,
                    &[(0, vec![type_parameter(1), vector(type_parameter(0))])],
                )
            },
            Err(Rule::InstantiationLoop),
        ),
        (
            "one parameter grows from another that ends",
            |b| calls(b, 2, &[(0, vec![vector(type_parameter(1)), T::U8])]),
            Ok(()),
        ),
    ]);
}
