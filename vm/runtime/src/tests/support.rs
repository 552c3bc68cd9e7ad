//! A package source in memory, and short ways to run a function.

use crate::{
    CallArg, CallReturn, Execution, ExecutionError, Extensions, GasMeter, NativeCode, NativeTable,
    Package, PackageSource, SourceError, Vm, VmConfig,
};
use heddle_bytecode::testing::{ModuleBuilder, address};
use heddle_bytecode::{Bytecode, CompiledModule, SignatureToken};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

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

/// A VM and the packages it runs.
pub(crate) struct World {
    pub(crate) vm: Vm,
    /// The same VM with native code from the first call on. Each call by
    /// [`World::call_generic`] runs in both.
    native: Vm,
    pub(crate) store: Store,
}

impl World {
    pub(crate) fn new(packages: Vec<Package>) -> Self {
        Self::with_config(packages, VmConfig::default())
    }

    pub(crate) fn with_config(packages: Vec<Package>, config: VmConfig) -> Self {
        let store = Store(
            packages
                .into_iter()
                .map(|package| (package.storage_id, Arc::new(package)))
                .collect(),
        );
        let native = VmConfig {
            native_code: NativeCode::ALWAYS,
            ..config.clone()
        };
        Self {
            vm: Vm::new(NativeTable::with_std(), config),
            native: Vm::new(NativeTable::with_std(), native),
            store,
        }
    }

    /// One module called `m` at 0x42, verified when it is loaded.
    pub(crate) fn of(module: ModuleBuilder) -> Self {
        Self::new(vec![package(vec![module.build()])])
    }

    /// The same without verification, for code that the verifier refuses.
    pub(crate) fn unverified(module: ModuleBuilder) -> Self {
        let config = VmConfig {
            verify_on_load: false,
            ..VmConfig::default()
        };
        Self::with_config(vec![package(vec![module.build()])], config)
    }

    pub(crate) fn start(&self, gas: u64) -> Execution<'_> {
        self.vm
            .start(&self.store, GasMeter::new(gas), Extensions::new())
    }

    pub(crate) fn call_generic(
        &self,
        function: &str,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        self.call_with_gas(10_000_000, function, type_arguments, arguments)
            .0
    }

    /// Calls a function of `m` with both tiers, holds the two to be the same,
    /// and returns the result with the gas used.
    pub(crate) fn call_with_gas(
        &self,
        gas: u64,
        function: &str,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
    ) -> (Result<CallReturn, ExecutionError>, u64) {
        let [interpreted, native] = [&self.vm, &self.native].map(|vm| {
            let mut execution = vm.start(&self.store, GasMeter::new(gas), Extensions::new());
            let (module, function) = (name("m"), name(function));
            let arguments = arguments.clone();
            let result = execution.call(HOME, &module, &function, type_arguments, arguments);
            (result, execution.finish().0.used())
        });
        assert_eq!(interpreted, native, "interpreter and native code differ");
        interpreted
    }

    /// Runs unverified code with native code; the answer does not matter.
    #[cfg(feature = "native-code")]
    pub(crate) fn survives(&self, function: &str, arguments: Vec<CallArg>) {
        let gas = GasMeter::new(100_000);
        let mut execution = self.native.start(&self.store, gas, Extensions::new());
        let (module, function) = (name("m"), name(function));
        let _ = execution.call(HOME, &module, &function, &[], arguments);
    }

    pub(crate) fn call(
        &self,
        function: &str,
        arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        self.call_generic(function, &[], arguments)
    }
}

/// Where the module under test lives.
pub(crate) const HOME: Address =
    Address::from_static("0x0000000000000000000000000000000000000000000000000000000000000042");

/// A builder for module `m` at [`HOME`].
pub(crate) fn module() -> ModuleBuilder {
    assert_eq!(address(0x42), HOME);
    ModuleBuilder::new(HOME, "m")
}

/// BCS of a value.
pub(crate) fn bcs<T: Serialize>(value: &T) -> Vec<u8> {
    bcs::to_bytes(value).expect("tests encode what can be encoded")
}

/// An argument by value.
pub(crate) fn arg<T: Serialize>(value: &T) -> CallArg {
    CallArg::Value(bcs(value))
}

/// Runs one function `f` without a call frame to prepare: parameters,
/// results, further locals and code.
pub(crate) fn run(
    parameters: &[SignatureToken],
    returns: &[SignatureToken],
    locals: &[SignatureToken],
    code: Vec<Bytecode>,
    arguments: Vec<CallArg>,
) -> Result<CallReturn, ExecutionError> {
    let mut module = module();
    add(&mut module, "f", parameters, returns, locals, code);
    World::of(module).call("f", arguments)
}

/// Adds a public function with locals.
pub(crate) fn add(
    module: &mut ModuleBuilder,
    function: &str,
    parameters: &[SignatureToken],
    returns: &[SignatureToken],
    locals: &[SignatureToken],
    code: Vec<Bytecode>,
) -> heddle_bytecode::FunctionHandleIndex {
    let index = module.simple_function(function, parameters, returns, vec![Bytecode::Ret]);
    module.body(index, locals, code);
    module.module[index].function
}
