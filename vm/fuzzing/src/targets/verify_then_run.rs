//! What the verifier accepts runs: without a panic, without breaking an
//! invariant of the VM, and with the same result and gas each time.

use crate::choices::Choices;
use crate::generate::{self, natives_package};
use crate::mutate::mutate;
use crate::values;
use heddle_bytecode::{
    AbilitySet, BinaryLimits, CompiledModule, FunctionHandle, SignatureToken, format,
};
use heddle_vm::{
    CallArg, CallReturn, ExecutionError, ExecutionErrorKind, Extensions, GasMeter, NativeCode,
    NativeTable, Package, PackageSource, ResolveError, SourceError, Vm, VmConfig,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Units of gas for one call.
const GAS: u64 = 20_000;
/// Heap of one execution.
const HEAP_BYTES: u32 = 1 << 20;

/// What became of the functions of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Calls that returned.
    pub returned: usize,
    /// Calls that ended otherwise.
    pub failed: usize,
}

struct Store(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

/// Reads `bytes` as a module if they look like one, otherwise as decisions on
/// the way to one that are followed by mutations. If it may be published, runs
/// all its functions.
pub fn verify_then_run(bytes: &[u8]) {
    let (module, rest) = if bytes.starts_with(&format::MAGIC) {
        match CompiledModule::deserialize(bytes, &BinaryLimits::published()) {
            Ok(module) => (module, bytes),
            Err(_) => return,
        }
    } else {
        let [count, seed @ ..] = bytes else { return };
        // Mutations first: what generates the module uses all that is left.
        let (mutations, decisions) = seed.split_at(seed.len().min(usize::from(count % 4) * 8));
        let mut module = generate::module(&mut Choices::new(decisions));
        let mut choices = Choices::new(mutations);
        while !choices.is_exhausted() {
            mutate(&mut module, &mut choices);
        }
        (module, bytes)
    };
    run_all(&module, &mut Choices::new(rest));
}

/// Publishes `module` and runs all its functions with arguments made of
/// `choices`; `None` if it may not be published.
pub fn run_all(module: &CompiledModule, choices: &mut Choices<'_>) -> Option<Outcome> {
    let bytes = module.serialize().ok()?;
    // Bounds first: what follows looks into the module.
    let mut meter = heddle_verifier::WorkMeter::default();
    let limits = heddle_verifier::VerifierLimits::default();
    heddle_verifier::verify_module(module, &limits, &mut meter).ok()?;
    let package = package(module, bytes)?;
    let home = package.storage_id;
    let natives = natives_package();
    let mut packages = BTreeMap::from([(natives.storage_id, Arc::new(natives))]);
    let vm = vm();
    let native = vm_with(NativeCode::ALWAYS);
    vm.verify_package(&package, &Store(packages.clone())).ok()?;
    packages.insert(home, Arc::new(package));
    let store = Store(packages);
    let mut outcome = Outcome::default();
    for definition in &module.function_defs {
        let handle = &module[definition.function];
        let Some(call) = Call::new(module, home, handle, choices) else {
            continue;
        };
        let (first, gas) = call.run(&vm, &store);
        assert_sound(&first);
        let again = call.run(&vm, &store);
        assert_eq!(again, (first.clone(), gas), "a second run differs");
        let cold = call.run(&self::vm(), &store);
        assert_eq!(cold, (first.clone(), gas), "a run on cold caches differs");
        if NativeCode::is_available() {
            let compiled = call.run(&native, &store);
            assert_eq!(compiled, (first.clone(), gas), "native code differs");
        }
        match first {
            Ok(_) => outcome.returned += 1,
            Err(_) => outcome.failed += 1,
        }
    }
    Some(outcome)
}

fn vm() -> Vm {
    vm_with(NativeCode::Off)
}

fn vm_with(native_code: NativeCode) -> Vm {
    let config = VmConfig {
        heap_bytes_max: HEAP_BYTES,
        native_code,
        ..VmConfig::default()
    };
    Vm::new(NativeTable::with_std(), config)
}

fn package(module: &CompiledModule, bytes: Vec<u8>) -> Option<Package> {
    let id = *module.address();
    let natives = natives_package().storage_id;
    Some(Package {
        storage_id: id,
        original_id: id,
        version: 1,
        modules: BTreeMap::from([(
            Identifier::new(module.name().as_str()).ok()?,
            Arc::from(bytes),
        )]),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::from([(natives, natives)]),
    })
}

/// A call with its arguments.
struct Call {
    home: Address,
    module: Identifier,
    function: Identifier,
    type_arguments: Vec<TypeTag>,
    arguments: Vec<CallArg>,
}

impl Call {
    fn new(
        module: &CompiledModule,
        home: Address,
        handle: &FunctionHandle,
        choices: &mut Choices<'_>,
    ) -> Option<Self> {
        let types: Vec<SignatureToken> = handle
            .type_parameters
            .iter()
            .map(|constraints| type_argument(*constraints, choices))
            .collect();
        let type_arguments = types
            .iter()
            .map(|token| values::tag(module, token, &[]))
            .collect::<Option<_>>()?;
        let arguments = module[handle.parameters]
            .0
            .iter()
            .map(|token| values::argument(module, token, &types, choices))
            .collect::<Option<_>>()?;
        Some(Self {
            home,
            module: Identifier::new(module.name().as_str()).ok()?,
            function: Identifier::new(module[handle.name].as_str()).ok()?,
            type_arguments,
            arguments,
        })
    }

    fn run(&self, vm: &Vm, store: &Store) -> (Result<CallReturn, ExecutionError>, u64) {
        let mut execution = vm.start(store, GasMeter::new(GAS), Extensions::new());
        let result = execution.call(
            self.home,
            &self.module,
            &self.function,
            &self.type_arguments,
            self.arguments.clone(),
        );
        (result, execution.gas().used())
    }
}

/// A type that has `constraints`; only values without `key` can be made.
fn type_argument(constraints: AbilitySet, choices: &mut Choices<'_>) -> SignatureToken {
    use SignatureToken as T;
    let types = [
        T::U64,
        T::Bool,
        T::U8,
        T::U256,
        T::Address,
        T::Vector(Box::new(T::U8)),
        T::Vector(Box::new(T::U64)),
        T::Vector(Box::new(T::Vector(Box::new(T::U16)))),
    ];
    let _ = constraints;
    choices.pick(&types).cloned().unwrap_or(T::U64)
}

/// Ends that a verified program cannot come to are bugs.
fn assert_sound(result: &Result<CallReturn, ExecutionError>) {
    use ExecutionErrorKind as E;
    let Err(error) = result else { return };
    let is_sound = match &error.kind {
        E::Abort { .. }
        | E::OutOfGas
        | E::Arithmetic(_)
        | E::Vector(_)
        | E::VariantMismatch { .. }
        | E::MemoryLimit { .. }
        | E::CallDepth
        | E::FrameTooLarge { .. }
        | E::ReferenceReturned { .. } => true,
        // Limits that depend on type arguments, which no verifier sees.
        E::Resolve(ResolveError::TypeTooLarge { .. } | ResolveError::TooManyInstances { .. }) => {
            true
        }
        E::Resolve(ResolveError::TypeArgumentAbilities { .. }) => error.place.is_none(),
        E::Resolve(ResolveError::MalformedCode { detail, .. }) => {
            matches!(*detail, "frame is too large" | "block costs too much")
        }
        // An argument may be larger than the heap.
        E::Argument { error, .. } => *error == heddle_vm::BcsError::MemoryLimit,
        _ => false,
    };
    assert!(is_sound, "a verified function ends with: {error}");
}
