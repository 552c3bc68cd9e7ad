//! How fast bytecode is read, verified, linked and translated: the whole
//! framework, in bytes of modules per second of one core. Time is what this
//! thread has run, so that other work on the machine does not count; memory
//! comes from the allocator of the `heddle` binary.

use criterion::{Bencher, Criterion, Throughput, criterion_group, criterion_main};
use heddle_bytecode::{BinaryLimits, CompiledModule, ModuleId};
use heddle_verifier::{
    VerifierLimits, WorkMeter, verify_links, verify_module, verify_object_rules,
};
use heddle_vm::{
    NativeTable, Package, PackageSource, RuntimeType, SourceError, Visibility, Vm, VmConfig,
};
use rustix::time::{ClockId, clock_gettime};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use sui_sdk_types::{Address, Identifier, TypeTag};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Time that this thread has run.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Times `work`, as often as the benchmark wants.
fn timed(bencher: &mut Bencher<'_>, mut work: impl FnMut()) {
    bencher.iter_custom(|times| {
        let start = now();
        (0..times).for_each(|_| work());
        now() - start
    });
}

struct Store(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

fn store() -> Store {
    let packages = heddle_framework::packages().iter().map(|package| {
        let modules = package.modules.iter();
        let modules = modules.map(|module| {
            let name = Identifier::new(module.name).expect("a module's name");
            (name, Arc::from(module.bytes))
        });
        let package = Package {
            storage_id: package.id,
            original_id: package.id,
            version: 1,
            modules: modules.collect(),
            type_origins: BTreeMap::new(),
            linkage: package.dependencies.iter().map(|id| (*id, *id)).collect(),
        };
        (package.storage_id, Arc::new(package))
    });
    Store(packages.collect())
}

fn modules(store: &Store) -> Vec<(&[u8], CompiledModule)> {
    let packages = store.0.values();
    let modules = packages.flat_map(|package| package.modules.values());
    modules
        .map(|bytes| {
            let module = CompiledModule::deserialize(bytes, &BinaryLimits::published());
            (&bytes[..], module.expect("the framework can be read"))
        })
        .collect()
}

/// A function instance to translate.
struct Instance {
    package: Address,
    module: Identifier,
    function: Identifier,
    type_arguments: Vec<TypeTag>,
}

/// All functions with code, generic ones with the first types that fit.
fn instances(vm: &Vm, store: &Store, modules: &[(&[u8], CompiledModule)]) -> Vec<Instance> {
    let candidates: Vec<RuntimeType> = ["u64", "0x2::sui::SUI", "0x2::coin::Coin<0x2::sui::SUI>"]
        .iter()
        .map(|text| {
            let tag: TypeTag = text.parse().expect("a type");
            vm.load_type(store, &tag).expect("a type of the framework")
        })
        .collect();
    let mut found = Vec::new();
    for (_, module) in modules {
        let id = module.self_id();
        for definition in &module.function_defs {
            let handle = &module[definition.function];
            let arguments: Option<Vec<TypeTag>> = handle
                .type_parameters
                .iter()
                .map(|demanded| {
                    let mut fitting = candidates.iter();
                    let found = fitting.find(|ty| demanded.is_subset(ty.abilities()));
                    found.map(RuntimeType::tag)
                })
                .collect();
            if let (Some(type_arguments), Some(_)) = (arguments, &definition.code) {
                found.push(Instance {
                    package: id.address,
                    module: Identifier::new(id.name.as_str()).expect("a module's name"),
                    function: Identifier::new(module[handle.name].as_str()).expect("a name"),
                    type_arguments,
                });
            }
        }
    }
    found
}

fn vm() -> Vm {
    let config = VmConfig {
        verify_on_load: false,
        ..VmConfig::default()
    };
    Vm::new(NativeTable::with_std(), config)
}

/// Translates everything on cold caches; the time without loading modules.
fn translate(store: &Store, instances: &[Instance]) -> Duration {
    let vm = vm();
    for instance in instances {
        let loaded = vm.function(
            store,
            instance.package,
            &instance.module,
            &instance.function,
        );
        assert!(loaded.is_ok_and(|info| info.visibility != Visibility::Private || !info.is_native));
    }
    let start = now();
    for instance in instances {
        let Instance {
            package,
            module,
            function,
            type_arguments,
        } = instance;
        vm.translate(store, *package, module, function, type_arguments)
            .expect("the framework can be translated");
    }
    now() - start
}

fn publishing(criterion: &mut Criterion) {
    let store = store();
    let modules = modules(&store);
    let bytes: usize = modules.iter().map(|(bytes, _)| bytes.len()).sum();
    let instances = instances(&vm(), &store, &modules);
    let by_id: BTreeMap<ModuleId, &CompiledModule> = modules
        .iter()
        .map(|(_, module)| (module.self_id(), module))
        .collect();
    let limits = VerifierLimits::default();

    let mut group = criterion.benchmark_group("publishing");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("deserialise", |b| {
        timed(b, || {
            for (bytes, _) in &modules {
                black_box(CompiledModule::deserialize(bytes, &BinaryLimits::published()).is_ok());
            }
        });
    });
    group.bench_function("verify", |b| {
        timed(b, || {
            for (bytes, module) in &modules {
                let mut meter = WorkMeter::for_module(bytes.len());
                verify_module(module, &limits, &mut meter).expect("the framework verifies");
            }
        });
    });
    group.bench_function("object_rules", |b| {
        timed(b, || {
            for (bytes, module) in &modules {
                let mut meter = WorkMeter::for_module(bytes.len());
                black_box(verify_object_rules(module, &mut meter).is_ok());
            }
        });
    });
    group.bench_function("link", |b| {
        timed(b, || {
            for (_, module) in &modules {
                verify_links(module, &|id| by_id.get(id).copied()).expect("the framework links");
            }
        });
    });
    group.bench_function("translate", |b| {
        b.iter_custom(|times| (0..times).map(|_| translate(&store, &instances)).sum());
    });
    group.bench_function("all", |b| {
        b.iter_custom(|times| {
            (0..times)
                .map(|_| {
                    let start = now();
                    for (bytes, _) in &modules {
                        let module = CompiledModule::deserialize(bytes, &BinaryLimits::published())
                            .expect("the framework can be read");
                        let mut meter = WorkMeter::for_module(bytes.len());
                        verify_module(&module, &limits, &mut meter)
                            .expect("the framework verifies");
                        black_box(verify_object_rules(&module, &mut meter).is_ok());
                        verify_links(&module, &|id| by_id.get(id).copied())
                            .expect("the framework links");
                    }
                    (now() - start) + translate(&store, &instances)
                })
                .sum()
        });
    });
    group.finish();
}

criterion_group!(benches, publishing);
criterion_main!(benches);
