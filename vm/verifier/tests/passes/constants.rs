use heddle_bytecode::{
    SignatureToken as T,
    testing::{reference, type_parameter, vector},
};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_module};

use crate::{Verdict, builder, check};

#[test]
fn values() {
    let wrong: Verdict = Err(Rule::ConstantValue);
    let words = |count: usize| vec![0xAB; count];
    let rows: Vec<(T, Vec<u8>, Verdict)> = vec![
        (T::Bool, vec![0], Ok(())),
        (T::Bool, vec![1], Ok(())),
        (T::Bool, vec![2], wrong),
        (T::Bool, vec![], wrong),
        (T::Bool, vec![0, 0], wrong),
        (T::U8, words(1), Ok(())),
        (T::U16, words(2), Ok(())),
        (T::U32, words(4), Ok(())),
        (T::U64, words(8), Ok(())),
        (T::U128, words(16), Ok(())),
        (T::U256, words(32), Ok(())),
        (T::Address, words(32), Ok(())),
        (T::U64, words(7), wrong),
        (T::U64, words(9), wrong),
        (vector(T::U8), vec![0], Ok(())),
        (vector(T::U8), vec![], wrong),
        (vector(T::U8), vec![2, 5, 6], Ok(())),
        (vector(T::U8), vec![2, 5], wrong),
        (vector(T::U8), vec![2, 5, 6, 7], wrong),
        (vector(T::U8), vec![0x80, 0], wrong),
        (vector(T::U8), vec![0xFF, 0xFF, 0xFF, 0xFF, 0x0F], wrong),
        (vector(T::U8), vec![0xFF; 5], wrong),
        (vector(T::Bool), vec![1, 2], wrong),
        (vector(vector(T::U16)), vec![2, 1, 9, 9, 0], Ok(())),
        (vector(vector(T::U16)), vec![2, 1, 9, 9], wrong),
        (vector(vector(vector(T::U8))), vec![3, 0, 0, 0], Ok(())),
    ];
    for (type_, data, expected) in rows {
        let mut builder = builder();
        builder.constant(type_.clone(), &data);
        check(
            &format!("{type_:?} {data:02x?}"),
            &builder.build(),
            expected,
        );
    }
}

#[test]
fn types() {
    let mut b = builder();
    let s = b.own_datatype("S", heddle_bytecode::AbilitySet::EMPTY, &[]);
    b.struct_def(s, &[("x", T::U8)]);
    let types = [
        T::Signer,
        T::Datatype(s),
        reference(T::U8),
        type_parameter(0),
    ];
    for type_ in types {
        for type_ in [type_.clone(), vector(type_)] {
            let mut builder = b.clone();
            builder.constant(type_.clone(), &[0]);
            check(
                &format!("{type_:?}"),
                &builder.build(),
                Err(Rule::ConstantType),
            );
        }
    }
}

#[test]
fn length() {
    let mut builder = builder();
    builder.constant(vector(T::U8), &[3, 1, 2, 3]);
    let module = builder.build();
    let verdict = |constant_elements| {
        let limits = VerifierLimits {
            constant_elements,
            ..VerifierLimits::default()
        };
        verify_module(&module, &limits, &mut WorkMeter::unlimited()).map_err(|error| error.rule)
    };
    assert_eq!(verdict(3), Ok(()));
    assert_eq!(verdict(2), Err(Rule::SizeLimit));
}
