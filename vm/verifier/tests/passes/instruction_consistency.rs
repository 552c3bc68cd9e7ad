use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, SignatureToken as T, Visibility,
    testing::{FunctionSignature, ModuleBuilder, type_parameter},
};
use heddle_verifier::Rule;

use crate::{builder, check, check_table};

const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);

/// A module with a struct, an enum and a function, generic or not, and the
/// instructions that name them.
fn items(is_generic: bool) -> (ModuleBuilder, Vec<B>) {
    let mut b = builder();
    let parameters = if is_generic {
        vec![(false, DROP)]
    } else {
        vec![]
    };
    let arguments = if is_generic { vec![T::U8] } else { vec![] };
    let part = if is_generic { type_parameter(0) } else { T::U8 };
    let s = b.own_datatype("S", DROP, &parameters);
    let s = b.struct_def(s, &[("x", part.clone())]);
    let e = b.own_datatype("E", DROP, &parameters);
    let e = b.enum_def(e, &[("A", &[("x", part)])]);
    let signature = FunctionSignature {
        type_parameters: parameters.iter().map(|(_, abilities)| *abilities).collect(),
        ..FunctionSignature::default()
    };
    let f = b.function("f", Visibility::Private, &signature);
    b.body(f, &[], vec![B::Ret]);
    let f = b.module[f].function;

    let field = b.field(s, 0);
    let field_instance = b.field_instantiation(field, &arguments);
    let struct_instance = b.struct_instantiation(s, &arguments);
    let function_instance = b.function_instantiation(f, &arguments);
    let enum_instance = b.enum_instantiation(e, &arguments);
    let variant = b.variant(e, 0);
    let variant_instance = b.variant_instantiation(enum_instance, 0);
    let plain = vec![
        B::Call(f),
        B::Pack(s),
        B::Unpack(s),
        B::ImmBorrowField(field),
        B::MutBorrowField(field),
        B::PackVariant(variant),
        B::UnpackVariant(variant),
        B::UnpackVariantImmRef(variant),
        B::UnpackVariantMutRef(variant),
    ];
    let generic = vec![
        B::CallGeneric(function_instance),
        B::PackGeneric(struct_instance),
        B::UnpackGeneric(struct_instance),
        B::ImmBorrowFieldGeneric(field_instance),
        B::MutBorrowFieldGeneric(field_instance),
        B::PackVariantGeneric(variant_instance),
        B::UnpackVariantGeneric(variant_instance),
        B::UnpackVariantGenericImmRef(variant_instance),
        B::UnpackVariantGenericMutRef(variant_instance),
    ];
    (b, if is_generic { plain } else { generic })
}

#[test]
fn instructions_are_generic_exactly_if_their_item_is() {
    for is_generic in [false, true] {
        let (builder, wrong) = items(is_generic);
        check("items alone", &builder.clone().build(), Ok(()));
        for instruction in wrong {
            let mut builder = builder.clone();
            let name = instruction.opcode().name();
            builder.simple_function("g", &[], &[], vec![instruction, B::Ret]);
            check(name, &builder.build(), Err(Rule::GenericMismatch));
        }
    }
}

#[test]
fn vectors_fit_the_stack() {
    check_table(&[
        (
            "an empty one",
            |b| {
                let element = b.signature(&[T::U8]);
                let code = vec![B::VecPack(element, 0), B::Pop, B::Ret];
                b.simple_function("f", &[], &[], code);
            },
            Ok(()),
        ),
        (
            "one too long",
            |b| {
                let element = b.signature(&[T::U8]);
                let code = vec![B::VecPack(element, 0x10000), B::Pop, B::Ret];
                b.simple_function("f", &[], &[], code);
            },
            Err(Rule::SizeLimit),
        ),
        (
            "one taken apart too long",
            |b| {
                let element = b.signature(&[T::U8]);
                b.simple_function("f", &[], &[], vec![B::VecUnpack(element, u64::MAX), B::Ret]);
            },
            Err(Rule::SizeLimit),
        ),
    ]);
}
