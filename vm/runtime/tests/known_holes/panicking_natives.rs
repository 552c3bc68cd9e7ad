//! A native that panics on odd bytes, or on arguments that its Rust side did
//! not expect: every native of the standard library with every mixture of
//! arguments, declared as it should be and otherwise.

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, address, mutable_reference, reference, type_parameter, vector,
};
use heddle_bytecode::{AbilitySet, SignatureToken as T, Visibility};
use heddle_vm::{CallArg, ExecutionErrorKind};
use proptest::prelude::*;
use sui_sdk_types::TypeTag;

use crate::world::{World, package};

/// Every native that the VM registers for 0x1.
const NATIVES: [(&str, &str); 19] = [
    ("bcs", "to_bytes"),
    ("debug", "print"),
    ("debug", "print_stack_trace"),
    ("hash", "sha2_256"),
    ("hash", "sha3_256"),
    ("string", "internal_check_utf8"),
    ("string", "internal_is_char_boundary"),
    ("string", "internal_sub_string"),
    ("string", "internal_index_of"),
    ("type_name", "get"),
    ("type_name", "get_with_original_ids"),
    ("type_name", "with_defining_ids"),
    ("type_name", "with_original_ids"),
    ("type_name", "defining_id"),
    ("type_name", "original_id"),
    ("unit_test", "create_signers_for_testing"),
    ("unit_test", "poison"),
    ("unit_test", "destroy"),
    ("nothing", "of_this_name"),
];

fn declared(module: &str, function: &str, signature: &FunctionSignature) -> World {
    let mut m = ModuleBuilder::new(address(1), module);
    m.function(function, Visibility::Public, signature);
    World::new(vec![package(vec![m.build()])])
}

fn types() -> impl Strategy<Value = T> {
    let plain = prop_oneof![
        Just(T::Bool),
        Just(T::U8),
        Just(T::U64),
        Just(T::U256),
        Just(T::Address),
        Just(vector(T::U8)),
        Just(vector(T::U64)),
        Just(vector(vector(T::U8))),
        Just(type_parameter(0)),
    ];
    (plain, 0..4u8).prop_map(|(type_, kind)| match kind {
        0 => mutable_reference(type_),
        1 => reference(type_),
        _ => type_,
    })
}

/// BCS of some value of a type, from bytes that say what to choose. Type
/// parameters stand for `vector<u8>`.
fn value(type_: &T, choices: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    let mut next = || choices.next().unwrap_or(0);
    match type_ {
        T::Reference(inner) | T::MutableReference(inner) => value(inner, choices),
        T::Bool => vec![next() % 2],
        T::U8 => vec![next()],
        // Near the edges, where indexes go wrong.
        T::U64 => {
            let edges = [
                0,
                1,
                2,
                3,
                u64::MAX,
                u64::MAX - 1,
                1 << 32,
                u64::from(next()),
            ];
            edges[usize::from(next() % 8)].to_le_bytes().to_vec()
        }
        T::U256 | T::Address => vec![next(); 32],
        T::Vector(element) => {
            let count = next() % 6;
            let mut bytes = vec![count];
            for _ in 0..count {
                bytes.extend(value(element, choices));
            }
            bytes
        }
        _ => {
            let bytes = [0xC3, 0x28, 0xFF, 0xE2, 0x82, next()];
            let count = usize::from(next() % 6);
            [vec![count as u8], bytes[..count].to_vec()].concat()
        }
    }
}

fn argument(type_: &T, choices: &mut impl Iterator<Item = u8>) -> CallArg {
    let bytes = value(type_, choices);
    match type_ {
        T::Reference(_) => CallArg::ImmRef(bytes),
        T::MutableReference(_) => CallArg::MutRef(bytes),
        _ => CallArg::Value(bytes),
    }
}

fn call(
    native: (&str, &str),
    signature: &FunctionSignature,
    choices: &[u8],
) -> Result<(), ExecutionErrorKind> {
    let world = declared(native.0, native.1, signature);
    let mut choices = choices.iter().copied();
    let arguments = signature
        .parameters
        .iter()
        .map(|type_| argument(type_, &mut choices))
        .collect();
    let bytes = TypeTag::Vector(Box::new(TypeTag::U8));
    let tags = vec![bytes; signature.type_parameters.len()];
    let result = world.call_in(address(1), native.0, native.1, &tags, arguments);
    result.map(|_| ()).map_err(|error| error.kind)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// Declared with any signature at all.
    #[test]
    fn whatever_its_declaration(
        native in prop::sample::select(NATIVES.to_vec()),
        type_parameters in 1..3usize,
        parameters in prop::collection::vec(types(), 0..4),
        returns in prop::collection::vec(types(), 0..3),
        choices in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let signature = FunctionSignature {
            type_parameters: vec![AbilitySet::EMPTY; type_parameters],
            parameters,
            returns,
        };
        // Any verdict, but no panic.
        let _ = call(native, &signature, &choices);
    }

    /// Declared as it should be, on any bytes: a result, or an abort.
    #[test]
    fn whatever_its_bytes(choices in prop::collection::vec(any::<u8>(), 0..60)) {
        let text = reference(vector(T::U8));
        let right: [(&str, &str, &[T], T); 6] = [
            ("hash", "sha2_256", &[vector(T::U8)], vector(T::U8)),
            ("hash", "sha3_256", &[vector(T::U8)], vector(T::U8)),
            ("string", "internal_check_utf8", std::slice::from_ref(&text), T::Bool),
            ("string", "internal_is_char_boundary", &[text.clone(), T::U64], T::Bool),
            ("string", "internal_sub_string", &[text.clone(), T::U64, T::U64], vector(T::U8)),
            ("string", "internal_index_of", &[text.clone(), text.clone()], T::U64),
        ];
        for (module, function, parameters, result) in right {
            let signature = FunctionSignature {
                type_parameters: vec![],
                parameters: parameters.to_vec(),
                returns: vec![result],
            };
            let verdict = call((module, function), &signature, &choices);
            let fine = matches!(verdict, Ok(()) | Err(ExecutionErrorKind::Abort { code: 2 }));
            prop_assert!(fine, "{module}::{function}: {verdict:?}");
        }
    }
}

#[test]
fn out_of_gas_in_the_middle_of_a_native() {
    let signature = FunctionSignature {
        type_parameters: vec![],
        parameters: vec![vector(T::U8)],
        returns: vec![vector(T::U8)],
    };
    let world = declared("hash", "sha2_256", &signature);
    let bytes = bcs::to_bytes(&vec![1u8; 1000]).expect("encodes");
    let mut enough = false;
    for gas in (0..8000).step_by(50) {
        let mut execution = world.vm.start(
            &world.store,
            heddle_vm::GasMeter::new(gas),
            heddle_vm::Extensions::new(),
        );
        let arguments = vec![CallArg::Value(bytes.clone())];
        let (module, function) = (crate::world::name("hash"), crate::world::name("sha2_256"));
        let result = execution.call(address(1), &module, &function, &[], arguments);
        match result.map_err(|error| error.kind) {
            Ok(_) => enough = true,
            Err(kind) => {
                assert_eq!(kind, ExecutionErrorKind::OutOfGas);
                assert!(!enough, "more gas is not enough any more");
            }
        }
    }
    assert!(enough);
}
