use heddle_bytecode::{
    AbilitySet, Bytecode as B, SignatureToken as T, StructDefInstantiationIndex,
    StructDefinitionIndex, StructFieldInformation, testing::type_parameter,
};
use heddle_verifier::Rule;

use crate::{abort, builder, check, check_table};

#[test]
fn global_storage_is_refused() {
    let mut b = builder();
    let s = b.own_datatype("S", AbilitySet::EMPTY, &[]);
    let def = b.struct_def(s, &[("x", T::U8)]);
    let g = b.own_datatype("G", AbilitySet::EMPTY, &[(false, AbilitySet::EMPTY)]);
    let generic = b.struct_def(g, &[("x", type_parameter(0))]);
    let instance = b.struct_instantiation(generic, &[T::U8]);
    assert_eq!(
        (def, instance),
        (StructDefinitionIndex(0), StructDefInstantiationIndex(0))
    );
    for instruction in [
        B::ExistsDeprecated(def),
        B::ExistsGenericDeprecated(instance),
        B::MoveFromDeprecated(def),
        B::MoveFromGenericDeprecated(instance),
        B::MoveToDeprecated(def),
        B::MoveToGenericDeprecated(instance),
        B::MutBorrowGlobalDeprecated(def),
        B::MutBorrowGlobalGenericDeprecated(instance),
        B::ImmBorrowGlobalDeprecated(def),
        B::ImmBorrowGlobalGenericDeprecated(instance),
    ] {
        let mut builder = b.clone();
        let name = instruction.opcode().name();
        builder.simple_function("f", &[], &[], vec![instruction, B::Ret]);
        check(name, &builder.build(), Err(Rule::GlobalStorage));
    }
}

#[test]
fn other_remnants_are_refused() {
    check_table(&[
        (
            "acquires",
            |b| {
                let s = b.own_datatype("S", AbilitySet::EMPTY, &[]);
                let def = b.struct_def(s, &[("x", T::U8)]);
                b.simple_function("f", &[], &[], abort());
                b.module.function_defs[0]
                    .acquires_global_resources
                    .push(def);
            },
            Err(Rule::Acquires),
        ),
        (
            "native struct",
            |b| {
                let s = b.own_datatype("S", AbilitySet::EMPTY, &[]);
                b.struct_def(s, &[("x", T::U8)]);
                b.module.struct_defs[0].field_information = StructFieldInformation::Native;
            },
            Err(Rule::NativeStruct),
        ),
    ]);
}
