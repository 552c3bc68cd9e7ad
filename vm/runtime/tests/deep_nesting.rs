//! Nesting, as deep as it can be made, on a stack of 256 KiB: nothing that a
//! stranger sends can overflow the host's stack. An overflow would not fail a
//! test but end the process, this one too.
//!
//! | what nests | bounded by |
//! |---|---|
//! | types in a module | the format's depth of 256 |
//! | types at run time, values | `VmConfig::type_depth_max` |
//! | calls | `VmConfig::call_depth_max`, on frames of the VM's own |
//! | blocks, datatypes, modules, packages | nothing; walked without recursion |

use std::collections::BTreeMap;
use std::sync::Arc;

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, address, instantiation, mutable_reference, reference,
    type_parameter, vector,
};
use heddle_bytecode::{
    AbilitySet, BinaryLimits, Bytecode as B, CodeOffset, CompiledModule, FunctionDefinitionIndex,
    LocalIndex, SignatureToken as T, Visibility, format,
};
use heddle_verifier::{
    Rule, UpgradePolicy, VerifierLimits, WorkMeter, check_compatibility, verify_acyclic,
    verify_links, verify_module, verify_object_rules,
};
use heddle_vm::{
    CallArg, ExecutionErrorKind, Extensions, GasMeter, NativeTable, Package, PackageSource,
    ResolveError, SourceError, Vm, VmConfig,
};
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

const STACK_BYTES: usize = 256 << 10;

/// Runs `test` on a small stack.
fn on_a_small_stack<R: Send + 'static>(test: impl FnOnce() -> R + Send + 'static) -> R {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let running = thread.spawn(test).expect("a thread starts");
    running
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

struct Store(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("tests use identifiers")
}

fn home() -> Address {
    address(0x42)
}

fn package(modules: &[CompiledModule], linkage: BTreeMap<Address, Address>) -> Package {
    let id = *modules[0].address();
    let written = modules.iter().map(|module| {
        let bytes = module.serialize().expect("can be written");
        (name(module.name().as_str()), Arc::from(bytes))
    });
    Package {
        storage_id: id,
        original_id: id,
        version: 1,
        modules: written.collect(),
        type_origins: BTreeMap::new(),
        linkage,
    }
}

struct World {
    vm: Vm,
    store: Store,
}

impl World {
    fn new(modules: &[CompiledModule], verified: bool) -> Self {
        let config = VmConfig {
            verify_on_load: verified,
            ..VmConfig::default()
        };
        let package = package(modules, BTreeMap::new());
        World {
            vm: Vm::new(NativeTable::with_std(), config),
            store: Store(BTreeMap::from([(package.storage_id, Arc::new(package))])),
        }
    }

    fn call(
        &self,
        function: &str,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
    ) -> Result<Vec<Vec<u8>>, ExecutionErrorKind> {
        let gas = GasMeter::new(100_000_000);
        let mut execution = self.vm.start(&self.store, gas, Extensions::new());
        let (module, function) = (name("m"), name(function));
        let result = execution.call(home(), &module, &function, type_arguments, arguments);
        result
            .map(|result| result.values)
            .map_err(|error| error.kind)
    }
}

fn module() -> ModuleBuilder {
    ModuleBuilder::new(home(), "m")
}

fn add(m: &mut ModuleBuilder, function: &str, parameters: &[T], returns: &[T], code: Vec<B>) {
    let signature = FunctionSignature {
        type_parameters: vec![],
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
    };
    let index = m.function(function, Visibility::Public, &signature);
    m.body(index, &[], code);
}

/// `vector<vector<..u8..>>` with `depth` vectors.
fn vectors(depth: usize) -> T {
    (0..depth).fold(T::U8, |type_, _| vector(type_))
}

// --- types in modules --------------------------------------------------------------

/// A module with a type as deep as the format holds, in every place that a
/// type can have.
fn deep_types() -> CompiledModule {
    let mut m = module();
    let all = [(false, AbilitySet::EMPTY)];
    let boxed = m.own_datatype("Box", AbilitySet::PRIMITIVES, &all);
    let def = m.struct_def(boxed, &[("v", type_parameter(0))]);
    // 60 boxes weigh 240, and a reference around them takes one level more.
    let boxes = (0..60).fold(T::U8, |type_, _| instantiation(boxed, vec![type_]));
    let deepest = vectors(format::TYPE_DEPTH_MAX - 2);
    let deep = m.own_datatype("Deep", AbilitySet::PRIMITIVES, &[]);
    m.struct_def(deep, &[("a", deepest.clone()), ("b", boxes.clone())]);
    m.constant(vectors(200), &[0]);
    let vectors = m.signature(std::slice::from_ref(&deepest));
    let instance = m.struct_instantiation(def, std::slice::from_ref(&boxes));
    let parameters = [
        reference(deepest.clone()),
        mutable_reference(boxes.clone()),
        deepest.clone(),
        boxes,
    ];
    let code = vec![
        B::MoveLoc(LocalIndex(2)),
        B::VecPack(vectors, 1),
        B::Pop,
        B::MoveLoc(LocalIndex(3)),
        B::PackGeneric(instance),
        B::Pop,
        B::CopyLoc(LocalIndex(0)),
        B::CopyLoc(LocalIndex(0)),
        B::Eq,
        B::Pop,
        B::Ret,
    ];
    add(&mut m, "f", &parameters, &[], code);
    m.build()
}

#[test]
fn types_in_a_module() {
    on_a_small_stack(|| {
        let module = deep_types();
        let bytes = module.serialize().expect("can be written");
        let read = CompiledModule::deserialize(&bytes, &BinaryLimits::published());
        let read = read.expect("can be read");
        assert_eq!(read, module);
        let mut meter = WorkMeter::default();
        let verdict = verify_module(&read, &VerifierLimits::default(), &mut meter);
        assert_eq!(verdict, Ok(()));
        assert_eq!(verify_object_rules(&read, &mut meter), Ok(()));
        assert_eq!(verify_links(&read, &|_| None), Ok(()));
        for policy in [UpgradePolicy::Compatible, UpgradePolicy::DependencyOnly] {
            assert_eq!(check_compatibility(&module, &read, policy), Ok(()));
        }
        // Shown to people, cloned, dropped.
        assert!(format!("{:?}", read.clone()).len() > 1000);
        assert!(format!("{:#?}", read.struct_defs).len() > 1000);
        assert!(heddle_bytecode::disassemble(&read).len() > 1000);
        drop(read);
    });
}

#[test]
fn types_that_do_not_fit_are_shown_in_an_error() {
    on_a_small_stack(|| {
        let mut m = module();
        let deepest = vectors(format::TYPE_DEPTH_MAX - 1);
        add(
            &mut m,
            "f",
            &[deepest],
            &[T::Bool],
            vec![B::MoveLoc(LocalIndex(0)), B::Ret],
        );
        let mut meter = WorkMeter::default();
        let verdict = verify_module(&m.build(), &VerifierLimits::default(), &mut meter);
        let error = verdict.expect_err("is no bool");
        assert_eq!(error.rule, Rule::TypeMismatch);
        assert!(!error.to_string().is_empty());
    });
}

#[test]
fn types_deeper_than_the_format_allows() {
    on_a_small_stack(|| {
        // The bytes of `vector<u8>` in a signature, made a hundred thousand
        // deep, and with every other kind of nesting.
        let mut m = module();
        add(&mut m, "f", &[vectors(100)], &[], vec![B::Ret]);
        let bytes = m.build().serialize().expect("can be written");
        let vector_tag = 0x0A;
        let nested = vec![vector_tag; 100];
        let at = bytes.windows(100).position(|window| window == nested);
        let at = at.expect("the type is there");
        let table = bytes[..at].to_vec();
        for tags in [[0x0A, 0x0A], [0x06, 0x06], [0x07, 0x0A], [0x0A, 0x06]] {
            let mut hostile = table.clone();
            hostile.extend(std::iter::repeat_n(tags, 100_000).flatten());
            hostile.extend_from_slice(&bytes[at..]);
            let read = CompiledModule::deserialize(&hostile, &BinaryLimits::local());
            assert!(read.is_err());
            // In its place: a type one level too deep, in a table that fits.
        }
        let too_deep = format::TYPE_DEPTH_MAX + 1;
        let mut m = module();
        add(&mut m, "f", &[vectors(too_deep)], &[], vec![B::Ret]);
        if let Ok(bytes) = m.build().serialize() {
            let read = CompiledModule::deserialize(&bytes, &BinaryLimits::local());
            assert!(read.is_err());
        }
    });
}

// --- types and values at run time ----------------------------------------------------

/// Module `m` with ways to nest: `Box<T> { v: T }`, `Maybe<T> { None, Some { v: T
/// } }`, and a chain of structs and enums `C0 .. C199`, each around the one
/// before; and with functions that copy, compare and drop.
fn nesting() -> CompiledModule {
    let mut m = module();
    let all = [(false, AbilitySet::EMPTY)];
    let boxed = m.own_datatype("Box", AbilitySet::PRIMITIVES, &all);
    m.struct_def(boxed, &[("v", type_parameter(0))]);
    let maybe = m.own_datatype("Maybe", AbilitySet::PRIMITIVES, &all);
    m.enum_def(
        maybe,
        &[("None", &[]), ("Some", &[("v", type_parameter(0))])],
    );
    let mut inner = vector(T::U8);
    for link in 0..190 {
        let handle = m.own_datatype(&format!("C{link}"), AbilitySet::PRIMITIVES, &[]);
        if link % 3 == 2 {
            m.enum_def(handle, &[("None", &[]), ("Some", &[("v", inner)])]);
        } else {
            m.struct_def(handle, &[("v", inner)]);
        }
        inner = T::Datatype(handle);
    }
    let t = type_parameter(0);
    let ts = m.signature(std::slice::from_ref(&t));
    let local = LocalIndex(0);
    let keep = FunctionSignature {
        type_parameters: vec![AbilitySet::PRIMITIVES],
        parameters: vec![t.clone()],
        returns: vec![t.clone()],
    };
    let code = vec![
        B::CopyLoc(local),
        B::CopyLoc(local),
        B::Eq,
        B::Pop,
        B::CopyLoc(local),
        B::StLoc(local),
        B::CopyLoc(local),
        B::Pop,
        B::CopyLoc(local),
        B::VecPack(ts, 1),
        B::Pop,
        B::MoveLoc(local),
        B::Ret,
    ];
    let index = m.function("keep", Visibility::Public, &keep);
    m.body(index, &[], code);
    // fun deeper<T>(): calls itself with a vector around T, unverified.
    let generic = FunctionSignature {
        type_parameters: vec![AbilitySet::EMPTY],
        ..FunctionSignature::default()
    };
    let deeper = m.function("deeper", Visibility::Public, &generic);
    let handle = m.module[deeper].function;
    let larger = m.function_instantiation(handle, &[vector(t)]);
    m.body(deeper, &[], vec![B::CallGeneric(larger), B::Ret]);
    m.build()
}

fn datatype(text: &str, arguments: Vec<TypeTag>) -> TypeTag {
    TypeTag::Struct(Box::new(StructTag::new(
        home(),
        name("m"),
        name(text),
        arguments,
    )))
}

/// A type around another: what it is called, and what stands before the BCS of
/// the one inside.
type Around = (&'static str, fn(TypeTag) -> TypeTag, &'static [u8]);

const WAYS: [Around; 3] = [
    ("vectors", |inner| TypeTag::Vector(Box::new(inner)), &[1]),
    ("structs", |inner| datatype("Box", vec![inner]), &[]),
    ("enums", |inner| datatype("Maybe", vec![inner]), &[1]),
];

fn types_of_depth(around: Around, depth: usize) -> (TypeTag, Vec<u8>) {
    let tag = (0..depth).fold(TypeTag::U8, |tag, _| around.1(tag));
    let mut bytes = around.2.repeat(depth);
    bytes.push(7);
    (tag, bytes)
}

#[test]
fn types_and_values_at_run_time() {
    on_a_small_stack(|| {
        let world = World::new(&[nesting()], false);
        let limit = usize::try_from(VmConfig::default().type_depth_max).expect("small");
        for around in WAYS {
            for (depth, fits) in [(1, true), (limit / 2, true), (limit, false), (450, false)] {
                let (tag, bytes) = types_of_depth(around, depth);
                let what = format!("{} {depth}", around.0);
                let loaded = world.vm.load_type(&world.store, &tag);
                assert_eq!(loaded.is_ok(), fits, "{what}: {loaded:?}");
                let layout = world.vm.type_layout(&world.store, &tag);
                assert_eq!(layout.is_ok(), fits, "{what}");
                let valid = world.vm.validate_bcs(&world.store, &tag, &bytes);
                assert_eq!(valid.is_ok(), fits, "{what}");
                let argument = vec![CallArg::Value(bytes.clone())];
                let kept = world.call("keep", std::slice::from_ref(&tag), argument);
                match loaded {
                    Err(error) => {
                        assert_eq!(error, ResolveError::TypeTooLarge { limit: "depth" });
                        assert!(kept.is_err(), "{what}");
                    }
                    Ok(loaded) => {
                        assert_eq!(kept, Ok(vec![bytes]), "{what}");
                        assert_eq!(loaded.tag(), tag, "{what}");
                        assert!(format!("{loaded:?}").len() > depth);
                        assert!(tag.to_string().len() > depth);
                        let layout = layout.expect("is there");
                        assert!(format!("{layout:?}").len() > depth);
                        assert_eq!(layout, layout.clone());
                    }
                }
            }
        }
    });
}

#[test]
fn the_deepest_types_that_load() {
    on_a_small_stack(|| {
        // Whatever the exact limit for each way: from where it fits to where it
        // doesn't, nothing overflows.
        let world = World::new(&[nesting()], false);
        for around in WAYS {
            let mut deepest = 0;
            for depth in 1..80 {
                let (tag, bytes) = types_of_depth(around, depth);
                let kept = world.call("keep", &[tag], vec![CallArg::Value(bytes.clone())]);
                if kept.is_ok() {
                    deepest = depth;
                }
            }
            assert!((30..80).contains(&deepest), "{}: {deepest}", around.0);
        }
    });
}

#[test]
fn a_chain_of_datatypes() {
    on_a_small_stack(|| {
        let world = World::new(&[nesting()], false);
        let mut loaded = 0;
        for link in 0..190usize {
            let tag = datatype(&format!("C{link}"), vec![]);
            let layout = world.vm.type_layout(&world.store, &tag);
            assert_eq!(
                layout.is_ok(),
                world.vm.load_type(&world.store, &tag).is_ok()
            );
            loaded += usize::from(layout.is_ok());
            // An enum's tag, `Some`, for every third around the vector.
            let mut bytes = vec![1; (link + 1) / 3];
            bytes.extend([1, 7]);
            let kept = world.call("keep", &[tag], vec![CallArg::Value(bytes.clone())]);
            // `keep` makes a vector of it, which is one level more.
            match kept {
                Ok(values) => assert_eq!(values, [bytes]),
                Err(_) => assert!(link > 50, "C{link}"),
            }
        }
        assert!((30..190).contains(&loaded), "{loaded}");
        // Straight to the last one, without those before in any cache.
        let world = World::new(&[nesting()], false);
        let last = datatype("C189", vec![]);
        assert!(world.vm.load_type(&world.store, &last).is_err());
    });
}

#[test]
fn instances_that_grow() {
    on_a_small_stack(|| {
        let world = World::new(&[nesting()], false);
        let result = world.call("deeper", &[TypeTag::U8], vec![]);
        assert!(result.is_err(), "{result:?}");
    });
}

/// Types whose parts are shared are small in memory, however often a part occurs
/// in them: `Two<Two<..>>` has 2^n. Only so many are allowed, because whatever
/// writes a type out visits them all.
#[test]
fn types_that_double() {
    on_a_small_stack(|| {
        let mut m = module();
        let all = [(false, AbilitySet::EMPTY)];
        for (name, wrap) in [("Flat", false), ("Two", true)] {
            let handle = m.own_datatype(name, AbilitySet::PRIMITIVES, &all);
            let t = type_parameter(0);
            let field = if wrap { vector(t) } else { t };
            m.struct_def(handle, &[("a", field.clone()), ("b", field)]);
        }
        let world = World::new(&[m.build()], true);
        for name in ["Flat", "Two"] {
            for depth in 1..30 {
                let tag = (0..depth).fold(TypeTag::U8, |tag, _| datatype(name, vec![tag]));
                let Ok(loaded) = world.vm.load_type(&world.store, &tag) else {
                    assert!(depth > 8, "{name} {depth}");
                    continue;
                };
                assert!(depth < 17, "{name} {depth}");
                assert!(format!("{loaded:?}").len() < 10_000);
                let layout = world.vm.type_layout(&world.store, &tag).expect("loads");
                // Loaded afresh, so that nothing is shared with the first.
                let vm = Vm::new(NativeTable::with_std(), VmConfig::default());
                let again = vm.type_layout(&world.store, &tag).expect("loads");
                assert_eq!(layout, again);
            }
        }
    });
}

// --- calls ------------------------------------------------------------------------------

#[test]
fn calls() {
    on_a_small_stack(|| {
        // fun f(n: u64): u64 { if (n == 0) 0 else f(n - 1) + 1 }, and two that
        // call each other through a generic one.
        let mut m = module();
        let signature = FunctionSignature {
            parameters: vec![T::U64],
            returns: vec![T::U64],
            ..FunctionSignature::default()
        };
        let f = m.function("f", Visibility::Public, &signature);
        let handle = m.module[f].function;
        let local = LocalIndex(0);
        let code = vec![
            B::CopyLoc(local),
            B::LdU64(0),
            B::Eq,
            B::BrFalse(CodeOffset(6)),
            B::LdU64(0),
            B::Ret,
            B::MoveLoc(local),
            B::LdU64(1),
            B::Sub,
            B::Call(handle),
            B::LdU64(1),
            B::Add,
            B::Ret,
        ];
        m.body(f, &[], code);
        assert_eq!(f, FunctionDefinitionIndex(0));
        let world = World::new(&[m.build()], true);
        let depth_max = u64::from(VmConfig::default().call_depth_max);
        for depth in [1, 10, depth_max - 2, depth_max * 2, 1 << 40] {
            let argument = CallArg::Value(depth.to_le_bytes().to_vec());
            let result = world.call("f", &[], vec![argument]);
            if depth < depth_max - 1 {
                assert_eq!(result, Ok(vec![depth.to_le_bytes().to_vec()]));
            } else {
                assert_eq!(result, Err(ExecutionErrorKind::CallDepth), "depth {depth}");
            }
        }
    });
}

// --- what has no bound: blocks, datatypes, modules, packages --------------------------------

#[test]
fn blocks() {
    on_a_small_stack(|| {
        // 1,000 blocks in a row, each branching to the next and to the end; and
        // 500 that open before any closes.
        let mut m = module();
        let blocks = 1000u16;
        let mut code = Vec::new();
        for _ in 0..blocks - 2 {
            code.extend([B::LdTrue, B::BrTrue(CodeOffset(2 * (blocks - 2)))]);
        }
        code.extend([B::Nop, B::Ret]);
        add(&mut m, "f", &[], &[], code);
        let mut code = Vec::new();
        let depth = 400u16;
        for level in 0..depth {
            code.extend([B::LdTrue, B::BrTrue(CodeOffset(3 * depth - 1 - level))]);
        }
        code.extend(std::iter::repeat_n(B::Nop, usize::from(depth)));
        code.push(B::Ret);
        add(&mut m, "g", &[], &[], code);
        let module = m.build();
        let mut meter = WorkMeter::default();
        let verdict = verify_module(&module, &VerifierLimits::default(), &mut meter);
        assert_eq!(verdict, Ok(()));
        let world = World::new(&[module], true);
        assert_eq!(world.call("f", &[], vec![]), Ok(vec![]));
        assert_eq!(world.call("g", &[], vec![]), Ok(vec![]));
    });
}

#[test]
fn modules_and_packages() {
    on_a_small_stack(|| {
        // 3,000 modules, each naming the next; then the last names the first.
        let count = 3000;
        let chain = |is_circle: bool| -> Vec<CompiledModule> {
            let named = |position: usize| format!("m{position}");
            (0..count)
                .map(|position| {
                    let mut m = ModuleBuilder::new(home(), &named(position));
                    if position + 1 < count || is_circle {
                        m.module_handle(home(), &named((position + 1) % count));
                    }
                    m.build()
                })
                .collect()
        };
        assert_eq!(verify_acyclic(&chain(false)), Ok(()));
        let error = verify_acyclic(&chain(true)).expect_err("is a circle");
        assert_eq!(error.rule, Rule::CyclicDependency);

        // 300 packages, each linked to the next, called through all of them.
        let id = |position: usize| {
            let mut bytes = [0; Address::LENGTH];
            bytes[30..].copy_from_slice(&u16::try_from(position + 1).expect("few").to_be_bytes());
            Address::new(bytes)
        };
        let count = 300;
        let linkage: BTreeMap<Address, Address> = (0..count)
            .map(|position| (id(position), id(position)))
            .collect();
        let packages = (0..count).map(|position| {
            let mut m = ModuleBuilder::new(id(position), "m");
            let signature = FunctionSignature {
                returns: vec![T::U64],
                ..FunctionSignature::default()
            };
            let code = if position + 1 < count {
                let next = m.module_handle(id(position + 1), "m");
                vec![B::Call(m.function_handle(next, "f", &signature)), B::Ret]
            } else {
                vec![B::LdU64(9), B::Ret]
            };
            let f = m.function("f", Visibility::Public, &signature);
            m.body(f, &[], code);
            (
                id(position),
                Arc::new(package(&[m.build()], linkage.clone())),
            )
        });
        let store = Store(packages.collect());
        let vm = Vm::new(NativeTable::with_std(), VmConfig::default());
        let mut execution = vm.start(&store, GasMeter::new(1_000_000), Extensions::new());
        let result = execution.call(id(0), &name("m"), &name("f"), &[], vec![]);
        assert_eq!(result.expect("runs").values, [9u64.to_le_bytes().to_vec()]);
    });
}
