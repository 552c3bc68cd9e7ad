//! Two items that have the same index in different tables, or in the same
//! table of different modules, taken for one another: instances of functions,
//! structs, enums, fields and variants, cached by an index alone.

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, instantiation, type_parameter, vector,
};
use heddle_bytecode::{
    AbilitySet, Bytecode as B, CompiledModule, DatatypeHandleIndex, LocalIndex,
    SignatureToken as T, StructDefinitionIndex,
};
use sui_sdk_types::TypeTag;

use crate::world::{HOME, World, add, package, signature};

fn generic(count: usize, parameters: &[T], returns: &[T]) -> FunctionSignature {
    FunctionSignature {
        type_parameters: vec![AbilitySet::PRIMITIVES; count],
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
    }
}

/// `struct Pair<A, B> { a: A, b: B }`
fn pair(m: &mut ModuleBuilder) -> (DatatypeHandleIndex, StructDefinitionIndex) {
    let parameter = (false, AbilitySet::EMPTY);
    let handle = m.own_datatype("Pair", AbilitySet::PRIMITIVES, &[parameter, parameter]);
    let def = m.struct_def(
        handle,
        &[("a", type_parameter(0)), ("b", type_parameter(1))],
    );
    (handle, def)
}

/// Module `name`: `f()` packs a `Pair` of its own types, struct instance 0, and
/// takes it apart again; the sum of the two numbers in it comes back.
fn pairing(name: &str, first: (T, B), second: (T, B)) -> CompiledModule {
    let mut m = ModuleBuilder::new(HOME, name);
    let (_, def) = pair(&mut m);
    let instance = m.struct_instantiation(def, &[first.0, second.0]);
    assert_eq!(instance.0, 0);
    let code = vec![
        first.1,
        second.1,
        B::PackGeneric(instance),
        B::StLoc(LocalIndex(0)),
        B::MoveLoc(LocalIndex(0)),
        B::UnpackGeneric(instance),
        B::CastU64,
        B::StLoc(LocalIndex(1)),
        B::CastU64,
        B::MoveLoc(LocalIndex(1)),
        B::Add,
        B::Ret,
    ];
    let handle = m.module.struct_defs[0].struct_handle;
    let arguments = m.module.signatures
        [usize::from(m.module.struct_def_instantiations[0].type_parameters.0)]
    .0
    .clone();
    let locals = [instantiation(handle, arguments), T::U64];
    add(&mut m, "f", &signature(&[], &[T::U64]), &locals, code);
    m.build()
}

#[test]
fn struct_instances_of_different_modules() {
    let world = World::new(vec![package(vec![
        pairing("small", (T::U8, B::LdU8(1)), (T::U8, B::LdU8(2))),
        pairing(
            "mixed",
            (T::U8, B::LdU8(10)),
            (
                T::U256,
                B::LdU256(Box::new(heddle_bytecode::U256::from(20u8))),
            ),
        ),
        pairing(
            "large",
            (T::U128, B::LdU128(Box::new(100))),
            (T::U64, B::LdU64(200)),
        ),
    ])]);
    for _ in 0..3 {
        for (module, sum) in [("small", 3), ("large", 300), ("mixed", 30)] {
            assert_eq!(world.number(HOME, module, "f"), sum, "{module}");
        }
    }
}

#[test]
fn function_instances_of_different_modules_and_type_arguments() {
    // In each module function instance 0 is `size<A>` with another `A`; in a
    // generic caller it is `size<vector<T>>`, with another meaning for each T.
    let sized = |name: &str, types: &[T]| {
        let mut m = ModuleBuilder::new(HOME, name);
        // `size<A>(v: A): u64` packs a vector of two and gives its BCS length
        // by way of how many there are after unpacking: here, the elements.
        let element = m.signature(&[type_parameter(0)]);
        let code = vec![
            B::CopyLoc(LocalIndex(0)),
            B::MoveLoc(LocalIndex(0)),
            B::VecPack(element, 2),
            B::StLoc(LocalIndex(1)),
            B::MutBorrowLoc(LocalIndex(1)),
            B::VecPopBack(element),
            B::Pop,
            B::ImmBorrowLoc(LocalIndex(1)),
            B::LdU64(0),
            B::VecImmBorrow(element),
            B::ReadRef,
            B::Ret,
        ];
        let a = type_parameter(0);
        let signature = generic(1, std::slice::from_ref(&a), std::slice::from_ref(&a));
        let same = add(&mut m, "same", &signature, &[vector(a)], code);
        for (position, type_) in types.iter().enumerate() {
            let instance = m.function_instantiation(same, std::slice::from_ref(type_));
            assert_eq!(usize::from(instance.0), position);
            let types = std::slice::from_ref(type_);
            let code = vec![B::MoveLoc(LocalIndex(0)), B::CallGeneric(instance), B::Ret];
            let name = format!("call{position}");
            let parameters = usize::from(type_.preorder().any(|it| *it == type_parameter(0)));
            add(&mut m, &name, &generic(parameters, types, types), &[], code);
        }
        m.build()
    };
    let world = World::new(vec![package(vec![
        sized("bytes", &[T::U8, T::Address, vector(type_parameter(0))]),
        sized("words", &[T::Address, T::U8, type_parameter(0)]),
    ])]);
    let call = |module: &str, function: &str, tags: &[TypeTag], bytes: Vec<u8>| {
        let argument = heddle_vm::CallArg::Value(bytes.clone());
        let result = world.call_in(HOME, module, function, tags, vec![argument]);
        assert_eq!(
            result.expect("runs").values,
            [bytes],
            "{module}::{function} {tags:?}"
        );
    };
    let u8_vector = TypeTag::Vector(Box::new(TypeTag::U8));
    for _ in 0..3 {
        call("bytes", "call0", &[], vec![5]);
        call("words", "call0", &[], vec![6; 32]);
        call("bytes", "call1", &[], vec![7; 32]);
        call("words", "call1", &[], vec![8]);
        call("bytes", "call2", &[TypeTag::U16], vec![2, 1, 0, 2, 0]);
        call(
            "bytes",
            "call2",
            &[TypeTag::Address],
            [vec![1], vec![3; 32]].concat(),
        );
        call(
            "bytes",
            "call2",
            std::slice::from_ref(&u8_vector),
            vec![1, 2, 9, 9],
        );
        call("words", "call2", &[TypeTag::U16], vec![1, 0]);
        call(
            "words",
            "call2",
            std::slice::from_ref(&u8_vector),
            vec![2, 9, 9],
        );
    }
}

#[test]
fn variants_structs_and_fields_with_one_index() {
    // Struct definition 0, enum definition 0, variant 0, variant instance 0,
    // field 0, field instance 0 and enum instance 0 are different things.
    let mut m = crate::world::module();
    let (pair_handle, pair_def) = pair(&mut m);
    let parameter = (false, AbilitySet::EMPTY);
    let choice = m.own_datatype("Choice", AbilitySet::PRIMITIVES, &[parameter]);
    let choice_def = m.enum_def(
        choice,
        &[
            ("None", &[("n", T::Address)]),
            ("Some", &[("v", type_parameter(0))]),
        ],
    );
    let plain = m.own_datatype("Plain", AbilitySet::PRIMITIVES, &[]);
    let plain_def = m.enum_def(plain, &[("X", &[("a", T::U8), ("b", T::U64)])]);
    assert_eq!((pair_def.0, choice_def.0, plain_def.0), (0, 0, 1));

    let of_u64 = m.enum_instantiation(choice_def, &[T::U64]);
    let of_u8 = m.enum_instantiation(choice_def, &[T::U8]);
    let some_u64 = m.variant_instantiation(of_u64, 1);
    let some_u8 = m.variant_instantiation(of_u8, 1);
    let x = m.variant(plain_def, 0);
    let pair_of = m.struct_instantiation(pair_def, &[T::U8, T::U64]);
    let second = m.field(pair_def, 1);
    let second = m.field_instantiation(second, &[T::U8, T::U64]);
    assert_eq!(
        (of_u64.0, some_u64.0, x.0, pair_of.0, second.0),
        (0, 0, 0, 0, 0)
    );

    let pair_type = instantiation(pair_handle, vec![T::U8, T::U64]);
    let locals = [pair_type, T::U64];
    let code = vec![
        // 1: Some<u64>(1), by value
        B::LdU64(1),
        B::PackVariantGeneric(some_u64),
        B::UnpackVariantGeneric(some_u64),
        // 10: Some<u8>(10)
        B::LdU8(10),
        B::PackVariantGeneric(some_u8),
        B::UnpackVariantGeneric(some_u8),
        B::CastU64,
        B::Add,
        // 100: X { a: 0, b: 100 }
        B::LdU8(0),
        B::LdU64(100),
        B::PackVariant(x),
        B::UnpackVariant(x),
        B::StLoc(LocalIndex(1)),
        B::Pop,
        B::MoveLoc(LocalIndex(1)),
        B::Add,
        // 1000: Pair { a: 0, b: 1000 }.b
        B::LdU8(0),
        B::LdU64(1000),
        B::PackGeneric(pair_of),
        B::StLoc(LocalIndex(0)),
        B::ImmBorrowLoc(LocalIndex(0)),
        B::ImmBorrowFieldGeneric(second),
        B::ReadRef,
        B::Add,
        B::Ret,
    ];
    add(&mut m, "f", &signature(&[], &[T::U64]), &locals, code);
    let world = World::new(vec![package(vec![m.build()])]);
    for _ in 0..2 {
        assert_eq!(world.number(HOME, "m", "f"), 1111);
    }
}

#[test]
fn a_type_parameter_of_another_function() {
    // Type parameter 0 of the caller and of the callee are different types.
    let mut m = crate::world::module();
    let (a, b) = (type_parameter(0), type_parameter(1));
    let code = vec![
        B::LdTrue,
        B::Pop,
        B::MoveLoc(LocalIndex(1)),
        B::MoveLoc(LocalIndex(0)),
        B::Ret,
    ];
    let swapped = generic(2, &[a.clone(), b.clone()], &[b.clone(), a.clone()]);
    let swap = add(&mut m, "swap", &swapped, &[], code);
    let crossed = m.function_instantiation(swap, &[b.clone(), a.clone()]);
    let code = vec![
        B::MoveLoc(LocalIndex(1)),
        B::MoveLoc(LocalIndex(0)),
        B::CallGeneric(crossed),
        B::Ret,
    ];
    let signature = generic(2, &[a.clone(), b.clone()], &[a, b]);
    add(&mut m, "g", &signature, &[], code);
    let world = World::new(vec![package(vec![m.build()])]);
    let arguments = vec![
        heddle_vm::CallArg::Value(vec![1]),
        heddle_vm::CallArg::Value(vec![2; 32]),
    ];
    for _ in 0..2 {
        let result = world.call_in(
            HOME,
            "m",
            "g",
            &[TypeTag::U8, TypeTag::Address],
            arguments.clone(),
        );
        assert_eq!(result.expect("runs").values, [vec![1], vec![2; 32]]);
        let (first, second) = (arguments[1].clone(), arguments[0].clone());
        let result = world.call_in(
            HOME,
            "m",
            "g",
            &[TypeTag::Address, TypeTag::U8],
            vec![first, second],
        );
        assert_eq!(result.expect("runs").values, [vec![2; 32], vec![1]]);
    }
}
