//! Natives of the standard library that generated code may call.

use super::Function;
use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, mutable_reference, reference, type_parameter, vector,
};
use heddle_bytecode::{AbilitySet, Address, CompiledModule, SignatureToken as T, Visibility};
use heddle_vm::Package;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::Identifier;

/// A native: module, name, parameters, results. All have one type parameter
/// if a type mentions it.
type Native = (&'static str, &'static str, fn() -> (Vec<T>, Vec<T>));

const STD: Address =
    Address::from_static("0x0000000000000000000000000000000000000000000000000000000000000001");

fn element() -> T {
    type_parameter(0)
}

fn bytes() -> T {
    vector(T::U8)
}

/// The natives that generated code may call.
pub const NATIVES: [Native; 14] = [
    ("bcs", "to_bytes", || {
        (vec![reference(element())], vec![bytes()])
    }),
    ("hash", "sha2_256", || (vec![bytes()], vec![bytes()])),
    ("hash", "sha3_256", || (vec![bytes()], vec![bytes()])),
    ("string", "internal_check_utf8", || {
        (vec![reference(bytes())], vec![T::Bool])
    }),
    ("string", "internal_is_char_boundary", || {
        (vec![reference(bytes()), T::U64], vec![T::Bool])
    }),
    ("string", "internal_sub_string", || {
        (vec![reference(bytes()), T::U64, T::U64], vec![bytes()])
    }),
    ("string", "internal_index_of", || {
        (vec![reference(bytes()), reference(bytes())], vec![T::U64])
    }),
    ("vector", "empty", || (vec![], vec![vector(element())])),
    ("vector", "length", || {
        (vec![reference(vector(element()))], vec![T::U64])
    }),
    ("vector", "borrow", || {
        (
            vec![reference(vector(element())), T::U64],
            vec![reference(element())],
        )
    }),
    ("vector", "push_back", || {
        (
            vec![mutable_reference(vector(element())), element()],
            vec![],
        )
    }),
    ("vector", "borrow_mut", || {
        (
            vec![mutable_reference(vector(element())), T::U64],
            vec![mutable_reference(element())],
        )
    }),
    ("vector", "pop_back", || {
        (vec![mutable_reference(vector(element()))], vec![element()])
    }),
    ("vector", "swap", || {
        (
            vec![mutable_reference(vector(element())), T::U64, T::U64],
            vec![],
        )
    }),
];

fn signature(native: &Native) -> FunctionSignature {
    let (parameters, returns) = native.2();
    let is_generic = parameters
        .iter()
        .chain(&returns)
        .flat_map(T::preorder)
        .any(|token| *token == element());
    FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY; usize::from(is_generic)],
        parameters,
        returns,
    }
}

/// Adds handles for all natives to a module.
pub(super) fn import(builder: &mut ModuleBuilder, functions: &mut Vec<Function>) {
    for native in &NATIVES {
        let signature = signature(native);
        let module = builder.module_handle(STD, native.0);
        functions.push(Function {
            handle: builder.function_handle(module, native.1, &signature),
            definition: None,
            signature,
        });
    }
}

/// The module of the standard library called `name`, with nothing but natives.
#[must_use]
pub fn natives_module(name: &str) -> CompiledModule {
    let mut builder = ModuleBuilder::new(STD, name);
    for native in NATIVES.iter().filter(|native| native.0 == name) {
        builder.function(native.1, Visibility::Public, &signature(native));
    }
    builder.build()
}

/// The package of all these modules.
#[must_use]
pub fn natives_package() -> Package {
    let mut modules = BTreeMap::new();
    for (name, ..) in &NATIVES {
        modules
            .entry(Identifier::from_static(name))
            .or_insert_with(|| {
                let bytes = natives_module(name).serialize();
                Arc::from(bytes.expect("invariant: the builder makes modules that can be written"))
            });
    }
    Package {
        storage_id: STD,
        original_id: STD,
        version: 1,
        modules,
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::new(),
    }
}
