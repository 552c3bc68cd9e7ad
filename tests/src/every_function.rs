//! Calls every function of a package, each with many generated arguments.
//!
//! ```text
//! BuiltPackage ──► Packages ──► verify ──► for each function, for some choices
//!  (compiler)      (source)                of type arguments: translate it, and
//!                                          call it with arguments made up
//!                                          from the layouts of its parameters
//! ```
//!
//! Arguments are any values of their types, objects and capabilities included,
//! so most calls end in an abort. What counts is how a call ends: with results
//! or an error that is the program's own. An error that no verified program can
//! cause, or a package, function or native that isn't found, is a defect.

use heddle_adapter::{ObjectRuntime, TransactionContext};
use heddle_bytecode::{AbilitySet, BinaryLimits, CompiledModule};
use heddle_compiler::{
    BuildOptions, BuiltPackage, CompileError, Compiler, FrameworkSources, PackageFiles,
};
use heddle_vm::{
    CallArg, DebugOutput, ExecutionError, ExecutionErrorKind, Extensions, FunctionInfo, GasMeter,
    Package, PackageSource, Passing, SourceError, TypeLayout, Vm, VmConfig,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Where a package goes whose manifest names no address.
pub const UNPLACED: Address = Address::from_static("0x5eed");

/// Gas that one call may use.
const GAS_LIMIT: u64 = 200_000;

/// Longest vector that an argument has.
const LENGTH_MAX: usize = 4;

/// The Move compiler with Heddle's framework.
pub fn compiler() -> Compiler {
    let files = |folder: &str| {
        let package = heddle_framework::sources()
            .iter()
            .find(|package| package.folder == folder);
        PackageFiles::from_texts(package.into_iter().flat_map(|it| it.files.iter().copied()))
    };
    Compiler::new(FrameworkSources {
        std: files("std"),
        sui: files("sui"),
        system: files("system"),
    })
}

/// Builds the package in `folder` for publication.
///
/// # Errors
/// What the compiler says.
pub fn build(compiler: &Compiler, folder: &Path) -> Result<BuiltPackage, CompileError> {
    let options = BuildOptions {
        silence_warnings: true,
        ..BuildOptions::default()
    };
    compiler.build(&PackageFiles::read(folder)?, &options)
}

/// Published packages, as the VM's loader asks for them.
pub struct Packages(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Packages {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

impl Packages {
    /// The framework alone.
    pub fn framework() -> Self {
        let mut packages = Self(BTreeMap::new());
        for package in heddle_framework::packages() {
            let modules = package
                .modules
                .iter()
                .map(|module| (identifier(module.name), module.bytes.into()));
            packages.insert(package.id, modules.collect());
        }
        packages
    }

    /// Adds a package as publishing would: at the address that its manifest
    /// names, or else at [`UNPLACED`].
    pub fn publish(&mut self, built: &BuiltPackage) -> Arc<Package> {
        let id = built.publication.original_id.unwrap_or(UNPLACED);
        let modules = built.modules.iter().map(|module| {
            let mut compiled = read(&module.bytes);
            compiled.set_address(id);
            let bytes = compiled.serialize().expect("what was read can be written");
            (identifier(&module.name), bytes.into())
        });
        self.insert(id, modules.collect())
    }

    fn insert(&mut self, id: Address, modules: BTreeMap<Identifier, Arc<[u8]>>) -> Arc<Package> {
        let package = Arc::new(Package {
            storage_id: id,
            original_id: id,
            version: 1,
            modules,
            type_origins: BTreeMap::new(),
            linkage: self.0.keys().map(|other| (*other, *other)).collect(),
        });
        self.0.insert(id, package.clone());
        package
    }
}

fn identifier(name: &str) -> Identifier {
    Identifier::new(name).expect("the compiler gives modules good names")
}

fn read(bytes: &[u8]) -> CompiledModule {
    CompiledModule::deserialize(bytes, &BinaryLimits::published()).expect("the module reads")
}

/// What was called, and how it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Modules verified.
    pub modules: usize,
    /// Functions translated.
    pub functions: usize,
    /// Instances translated: a generic function has several.
    pub instances: usize,
    /// Calls that returned.
    pub returned: usize,
    /// Calls that ended in an abort, an arithmetic error, a limit or the like.
    pub failed: usize,
    /// Functions that return references, so nobody outside Move can call them.
    pub not_callable: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.modules += other.modules;
        self.functions += other.functions;
        self.instances += other.instances;
        self.returned += other.returned;
        self.failed += other.failed;
        self.not_callable += other.not_callable;
    }
}

/// A VM that has all natives of a transaction.
pub fn vm() -> Vm {
    Vm::new(heddle_adapter::natives::table(), VmConfig::default())
}

/// Verifies `package`, translates each of its functions, and calls each
/// `rounds` times.
///
/// # Panics
/// If the package is refused, a function doesn't translate, or a call shows a
/// defect. The message has the function and the seed.
pub fn call_all(vm: &Vm, packages: &Packages, package: &Package, rounds: u64, seed: u64) -> Tally {
    let report = vm
        .verify_package(package, packages)
        .unwrap_or_else(|error| panic!("{}: {error}", package.storage_id));
    let mut tally = Tally {
        modules: report.modules.len(),
        ..Tally::default()
    };
    for (module, bytes) in &package.modules {
        let compiled = read(bytes);
        for definition in &compiled.function_defs {
            let handle = &compiled[definition.function];
            let name = identifier(compiled[handle.name].as_str());
            let info = vm
                .function(packages, package.storage_id, module, &name)
                .unwrap_or_else(|error| panic!("{module}::{name}: {error}"));
            if info.is_native {
                continue;
            }
            let mut driver = Driver {
                vm,
                packages,
                info: &info,
                random: StdRng::seed_from_u64(seed),
                seed,
            };
            tally += driver.drive(rounds);
        }
    }
    tally
}

/// Calls one function.
struct Driver<'a> {
    vm: &'a Vm,
    packages: &'a Packages,
    info: &'a FunctionInfo,
    random: StdRng,
    seed: u64,
}

/// Says what was called when something panicked.
struct Called<'a>(&'a FunctionInfo, u64);

impl Drop for Called<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(info, seed) = self;
            eprintln!(
                "while calling {}::{}::{} with seed {seed}",
                info.package, info.module, info.name
            );
        }
    }
}

impl Driver<'_> {
    fn drive(&mut self, rounds: u64) -> Tally {
        let _called = Called(self.info, self.seed);
        let mut tally = Tally {
            functions: 1,
            ..Tally::default()
        };
        let is_callable = self
            .info
            .returns
            .iter()
            .all(|result| result.passing().0 == Passing::Value);
        tally.not_callable = usize::from(!is_callable);
        let mut translated: Vec<Vec<TypeTag>> = Vec::new();
        for _ in 0..rounds {
            let type_arguments = self.type_arguments();
            if !translated.contains(&type_arguments) {
                self.translate(&type_arguments);
                translated.push(type_arguments.clone());
                tally.instances += 1;
            }
            if is_callable {
                match self.call(&type_arguments) {
                    Ok(()) => tally.returned += 1,
                    Err(error) => {
                        assert!(is_of_the_program(&error), "a defect: {error}");
                        tally.failed += 1;
                    }
                }
            } else if self.info.type_parameters.is_empty() {
                break;
            }
        }
        tally
    }

    fn translate(&self, type_arguments: &[TypeTag]) {
        let FunctionInfo {
            package,
            module,
            name,
            ..
        } = self.info;
        self.vm
            .disassemble(self.packages, *package, module, name, type_arguments)
            .unwrap_or_else(|error| panic!("{module}::{name} doesn't translate: {error}"));
    }

    /// One closed type for each type parameter, with the abilities it asks for.
    fn type_arguments(&mut self) -> Vec<TypeTag> {
        let candidates = candidates();
        self.info
            .type_parameters
            .iter()
            .map(|wanted| {
                let fitting: Vec<&TypeTag> = candidates
                    .iter()
                    .filter(|tag| self.has(tag, *wanted))
                    .collect();
                let chosen = fitting.choose(&mut self.random);
                (*chosen.unwrap_or_else(|| panic!("no type has all of {wanted:?}"))).clone()
            })
            .collect()
    }

    fn has(&self, tag: &TypeTag, wanted: AbilitySet) -> bool {
        let abilities = self.vm.abilities(self.packages, tag);
        wanted.is_subset(abilities.expect("the candidates load"))
    }

    fn call(&mut self, type_arguments: &[TypeTag]) -> Result<(), ExecutionError> {
        let info = self.info;
        let arguments = info
            .parameters
            .iter()
            .map(|parameter| {
                let (passing, tag) = parameter
                    .instantiate(type_arguments)
                    .expect("signatures are well formed");
                let bytes = self.value(&tag);
                match passing {
                    Passing::Value => CallArg::Value(bytes),
                    Passing::ImmutableReference => CallArg::ImmRef(bytes),
                    Passing::MutableReference => CallArg::MutRef(bytes),
                }
            })
            .collect();
        let mut extensions = Extensions::new();
        extensions.insert(DebugOutput::default());
        extensions.insert(ObjectRuntime::new(TransactionContext::for_tests(), 1));
        let meter = GasMeter::new(GAS_LIMIT);
        let mut execution = self.vm.start(self.packages, meter, extensions);
        execution
            .call(
                info.package,
                &info.module,
                &info.name,
                type_arguments,
                arguments,
            )
            .map(drop)
    }

    /// BCS of some value of the type.
    fn value(&mut self, tag: &TypeTag) -> Vec<u8> {
        let layout = self
            .vm
            .type_layout(self.packages, tag)
            .unwrap_or_else(|error| panic!("{tag}: {error}"));
        let mut bytes = Vec::new();
        self.write(&layout, "", &mut bytes);
        bytes
    }

    fn write(&mut self, layout: &TypeLayout, field: &str, bytes: &mut Vec<u8>) {
        match layout {
            TypeLayout::Bool => bytes.push(self.random.random_range(0..2)),
            TypeLayout::U8 => self.integer(1, bytes),
            TypeLayout::U16 => self.integer(2, bytes),
            TypeLayout::U32 => self.integer(4, bytes),
            TypeLayout::U64 => self.integer(8, bytes),
            TypeLayout::U128 => self.integer(16, bytes),
            TypeLayout::U256 => self.integer(32, bytes),
            TypeLayout::Address | TypeLayout::Signer => {
                let mut address = [0; 32];
                address[31] = self.random.random_range(0..4);
                bytes.extend(address);
            }
            TypeLayout::Vector(element) => {
                // The hash in a transaction's context has a length of its own.
                let length = match field {
                    "tx_hash" => 32,
                    _ => self.random.random_range(0..=LENGTH_MAX),
                };
                bytes.push(u8::try_from(length).expect("short"));
                for _ in 0..length {
                    self.write(element, "", bytes);
                }
            }
            TypeLayout::Struct(layout) => {
                for field in &layout.fields {
                    self.write(&field.layout, field.name.as_str(), bytes);
                }
            }
            TypeLayout::Enum(layout) => {
                let variant = self.random.random_range(0..layout.variants.len());
                bytes.push(u8::try_from(variant).expect("an enum has few variants"));
                for field in &layout.variants[variant].fields {
                    self.write(&field.layout, field.name.as_str(), bytes);
                }
            }
        }
    }

    /// Small values more often than others, the greatest now and then.
    fn integer(&mut self, width: usize, bytes: &mut Vec<u8>) {
        let mut value = vec![0; width];
        match self.random.random_range(0..8) {
            0 => value.fill(0xff),
            1 => self.random.fill(&mut value[..]),
            _ => value[0] = self.random.random_range(0..=LENGTH_MAX as u8),
        }
        bytes.extend(value);
    }
}

/// Types to put in for type parameters, of all kinds of abilities.
fn candidates() -> Vec<TypeTag> {
    [
        "u8",
        "u64",
        "u256",
        "bool",
        "address",
        "vector<u8>",
        "0x1::string::String",
        "0x1::option::Option<u64>",
        "0x2::object::ID",
        "0x2::sui::SUI",
        "0x2::balance::Balance<0x2::sui::SUI>",
        "0x2::coin::Coin<0x2::sui::SUI>",
    ]
    .map(|text| text.parse().expect("a type"))
    .to_vec()
}

/// Whether the program itself did it.
fn is_of_the_program(error: &ExecutionError) -> bool {
    use ExecutionErrorKind as Kind;
    matches!(
        error.kind,
        Kind::Abort { .. }
            | Kind::OutOfGas
            | Kind::Arithmetic(_)
            | Kind::Vector(_)
            | Kind::VariantMismatch { .. }
            | Kind::MemoryLimit { .. }
            | Kind::CallDepth
            | Kind::Native { .. }
    )
}
