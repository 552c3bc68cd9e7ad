//! Packages in memory, and what publishing and running them gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address};
use heddle_bytecode::{Bytecode, CompiledModule, SignatureToken, Visibility};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_module};
use heddle_vm::{
    CallArg, CallReturn, ExecutionError, Extensions, GasMeter, NativeTable, Package, PackageReport,
    PackageSource, PublishError, SourceError, Vm, VmConfig,
};
use serde::Serialize;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Where the module under test lives.
pub(crate) const HOME: Address =
    Address::from_static("0x0000000000000000000000000000000000000000000000000000000000000042");

/// Packages by storage id.
#[derive(Default)]
pub(crate) struct Store(pub(crate) BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

pub(crate) fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("tests use identifiers")
}

/// A builder for module `m` at [`HOME`].
pub(crate) fn module() -> ModuleBuilder {
    ModuleBuilder::new(HOME, "m")
}

/// A first version of a package.
pub(crate) fn package(modules: Vec<CompiledModule>) -> Package {
    let id = *modules[0].address();
    Package {
        storage_id: id,
        original_id: id,
        version: 1,
        modules: modules
            .iter()
            .map(|module| {
                let bytes = module.serialize().expect("tests build what can be written");
                (name(module.name().as_str()), Arc::from(bytes))
            })
            .collect(),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::new(),
    }
}

/// The package with a later version's place and number.
pub(crate) fn stored(modules: Vec<CompiledModule>, storage_id: Address, version: u64) -> Package {
    Package {
        storage_id,
        version,
        ..package(modules)
    }
}

pub(crate) struct World {
    pub(crate) vm: Vm,
    pub(crate) store: Store,
}

impl World {
    pub(crate) fn new(packages: Vec<Package>) -> Self {
        Self::with(packages, VmConfig::default())
    }

    /// Modules run without having been verified.
    pub(crate) fn unverified(packages: Vec<Package>) -> Self {
        let config = VmConfig {
            verify_on_load: false,
            ..VmConfig::default()
        };
        Self::with(packages, config)
    }

    pub(crate) fn with(packages: Vec<Package>, config: VmConfig) -> Self {
        let packages = packages
            .into_iter()
            .map(|package| (package.storage_id, Arc::new(package)));
        Self {
            vm: Vm::new(NativeTable::with_std(), config),
            store: Store(packages.collect()),
        }
    }

    pub(crate) fn put(&mut self, package: Package) {
        self.store.0.insert(package.storage_id, Arc::new(package));
    }

    pub(crate) fn publish(&self, package: &Package) -> Result<PackageReport, PublishError> {
        self.vm.verify_package(package, &self.store)
    }

    pub(crate) fn call_in(
        &self,
        link: Address,
        module: &str,
        function: &str,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        let mut execution = self
            .vm
            .start(&self.store, GasMeter::new(1_000_000), Extensions::new());
        let (module, function) = (name(module), name(function));
        execution.call(link, &module, &function, type_arguments, arguments)
    }

    pub(crate) fn call(
        &self,
        function: &str,
        arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        self.call_in(HOME, "m", function, &[], arguments)
    }

    /// The one result of a call, as a `u64`.
    pub(crate) fn number(&self, link: Address, module: &str, function: &str) -> u64 {
        let result = self.call_in(link, module, function, &[], vec![]);
        let result = result.unwrap_or_else(|error| panic!("{module}::{function}: {error}"));
        bcs::from_bytes(&result.values[0]).expect("is a u64")
    }
}

/// An argument by value.
pub(crate) fn arg<T: Serialize>(value: &T) -> CallArg {
    CallArg::Value(bcs::to_bytes(value).expect("tests encode what can be encoded"))
}

/// A public function.
pub(crate) fn add(
    module: &mut ModuleBuilder,
    function: &str,
    signature: &FunctionSignature,
    locals: &[SignatureToken],
    code: Vec<Bytecode>,
) -> heddle_bytecode::FunctionHandleIndex {
    let index = module.function(function, Visibility::Public, signature);
    module.body(index, locals, code);
    module.module[index].function
}

pub(crate) fn signature(
    parameters: &[SignatureToken],
    returns: &[SignatureToken],
) -> FunctionSignature {
    FunctionSignature {
        type_parameters: Vec::new(),
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
    }
}

/// The rule that the verifier refuses a module with; `None` if it does not.
pub(crate) fn verdict(module: &CompiledModule) -> Option<Rule> {
    let mut meter = WorkMeter::default();
    let verdict = verify_module(module, &VerifierLimits::default(), &mut meter);
    verdict.err().map(|error| error.rule)
}

/// Checks that a module is refused for `rule`, in publishing too, and that
/// running it all the same neither panics nor leaves the VM unusable.
#[track_caller]
pub(crate) fn refused_and_harmless(
    what: &str,
    module: &ModuleBuilder,
    rule: Rule,
    arguments: Vec<CallArg>,
) {
    let module = module.clone().build();
    assert_eq!(verdict(&module), Some(rule), "{what}");
    let package = package(vec![module]);
    let published = World::new(vec![]).publish(&package);
    assert!(published.is_err(), "{what}: {published:?}");
    let loaded = World::new(vec![package.clone()]).call("f", arguments.clone());
    assert!(loaded.is_err(), "{what}: {loaded:?}");
    let world = World::unverified(vec![package, healthy()]);
    // Whatever comes of it.
    let _ = world.call("f", arguments);
    let still = world.number(address(0x77), "healthy", "f");
    assert_eq!(still, 7, "{what}: the VM no longer works");
}

/// A package whose `healthy::f` works its memory a little and returns 7.
fn healthy() -> Package {
    use heddle_bytecode::testing::vector;
    let mut m = ModuleBuilder::new(address(0x77), "healthy");
    let u64s = m.signature(&[SignatureToken::U64]);
    let signature = signature(&[], &[SignatureToken::U64]);
    let locals = [vector(SignatureToken::U64)];
    let local = heddle_bytecode::LocalIndex(0);
    let code = vec![
        Bytecode::LdU64(3),
        Bytecode::LdU64(4),
        Bytecode::VecPack(u64s, 2),
        Bytecode::StLoc(local),
        Bytecode::MutBorrowLoc(local),
        Bytecode::VecPopBack(u64s),
        Bytecode::MutBorrowLoc(local),
        Bytecode::VecPopBack(u64s),
        Bytecode::Add,
        Bytecode::Ret,
    ];
    add(&mut m, "f", &signature, &locals, code);
    package(vec![m.build()])
}
