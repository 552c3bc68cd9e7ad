//! Code that the verifier never saw: memory stays safe all the same. Modules
//! are generated, broken in a few places, and run with verification turned off.
//! Whatever they do to the memory of their execution, the VM answers with a
//! value or an error, does not panic, and the next execution, in the same
//! memory, is not disturbed.

use std::collections::BTreeMap;
use std::sync::Arc;

use heddle_bytecode::{CompiledModule, SignatureToken};
use heddle_fuzzing::choices::{Choices, Seeded};
use heddle_fuzzing::generate::{self, natives_package};
use heddle_fuzzing::mutate::mutate;
use heddle_fuzzing::values;
use heddle_vm::{
    CallArg, CallReturn, ExecutionError, Extensions, GasMeter, NativeTable, Package, PackageSource,
    SourceError, Vm, VmConfig,
};
use sui_sdk_types::{Address, Identifier, TypeTag};

const GAS: u64 = 20_000;

struct Store(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

/// A store with `module` and the natives that generated modules call.
fn store(module: &CompiledModule) -> Option<Store> {
    let natives = natives_package();
    let package = Package {
        storage_id: generate::home(),
        original_id: generate::home(),
        version: 1,
        modules: BTreeMap::from([(
            name(module.name().as_str()),
            module.serialize().ok()?.into(),
        )]),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::from([(natives.storage_id, natives.storage_id)]),
    };
    let packages = [package, natives].map(|package| (package.storage_id, Arc::new(package)));
    Some(Store(BTreeMap::from(packages)))
}

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("generated modules have names")
}

/// A function of a module, with arguments that fit it.
struct Call {
    function: Identifier,
    type_arguments: Vec<TypeTag>,
    arguments: Vec<CallArg>,
}

/// A call of each function of `module`, which nothing has been done to yet.
fn calls(module: &CompiledModule, choices: &mut Choices<'_>) -> Vec<Call> {
    let definitions = module.function_defs.iter();
    let call = |choices: &mut Choices<'_>, handle| {
        let handle: &heddle_bytecode::FunctionHandle = &module[handle];
        let types = vec![SignatureToken::U64; handle.type_parameters.len()];
        let parameters = module[handle.parameters].0.iter();
        let arguments = parameters
            .map(|token| values::argument(module, token, &types, choices))
            .collect::<Option<_>>()?;
        Some(Call {
            function: name(module[handle.name].as_str()),
            type_arguments: vec![TypeTag::U64; types.len()],
            arguments,
        })
    };
    definitions
        .filter_map(|definition| call(choices, definition.function))
        .collect()
}

fn run(
    vm: &Vm,
    store: &Store,
    module: &Identifier,
    call: &Call,
) -> (Result<CallReturn, ExecutionError>, u64) {
    let mut execution = vm.start(store, GasMeter::new(GAS), Extensions::new());
    let (types, arguments) = (&call.type_arguments, call.arguments.clone());
    let result = execution.call(generate::home(), module, &call.function, types, arguments);
    (result, execution.gas().used())
}

fn vm() -> Vm {
    let config = VmConfig {
        verify_on_load: false,
        heap_bytes_max: 1 << 20,
        ..VmConfig::default()
    };
    Vm::new(NativeTable::with_std(), config)
}

/// How many of the broken modules' calls returned, and how many did not.
fn try_modules(first_seed: u64, count: u64) -> (u64, u64) {
    let sound_module = generate::module(&mut Choices::new(&Seeded::new(7).bytes(400)));
    let sound_store = store(&sound_module).expect("can be written");
    let sound_name = name(sound_module.name().as_str());
    let sound_calls = calls(&sound_module, &mut Choices::new(&Seeded::new(8).bytes(400)));
    let expected: Vec<_> = sound_calls
        .iter()
        .map(|call| run(&vm(), &sound_store, &sound_name, call))
        .collect();
    assert!(!expected.is_empty());

    let vm = vm();
    let (mut returned, mut failed) = (0, 0);
    for seed in first_seed..first_seed + count {
        let mut bytes = Seeded::new(seed);
        let mut module = generate::module(&mut Choices::new(&bytes.bytes(400)));
        let calls = calls(&module, &mut Choices::new(&bytes.bytes(200)));
        let module_name = name(module.name().as_str());
        for _ in 0..=seed % 6 {
            mutate(&mut module, &mut Choices::new(&bytes.bytes(16)));
        }
        let Some(store) = store(&module) else {
            continue;
        };
        for call in &calls {
            match run(&vm, &store, &module_name, call).0 {
                Ok(_) => returned += 1,
                Err(_) => failed += 1,
            }
        }
        for (call, expected) in sound_calls.iter().zip(&expected) {
            let found = run(&vm, &sound_store, &sound_name, call);
            assert_eq!(found, *expected, "after seed {seed}");
        }
    }
    (returned, failed)
}

#[test]
fn broken_modules_harm_nobody() {
    let (returned, failed) = try_modules(0, 1500);
    // Both happen often: the modules are not so broken that none of them runs.
    assert!(returned > 1000, "{returned} returned, {failed} failed");
    assert!(failed > 1000, "{returned} returned, {failed} failed");
}

/// More of the same, from other seeds.
#[test]
#[ignore = "takes minutes; `make soak` runs it"]
fn many_broken_modules_harm_nobody() {
    println!("{:?}", try_modules(1 << 32, 200_000));
}
