//! The metered interpreter and native code beside the same algorithm in plain Rust.
//!
//! One group per program: `move` runs it in the interpreter, call and gas
//! included, `native` in native code (the same as `move` in a build without the
//! feature `native-code`), `rust` the same steps with the same checks. `empty_call` is what starting
//! an execution costs. Run with `cargo bench -p heddle-vm`; figures and the
//! machine they were taken on are in `docs/measurements.md`.

use criterion::{Criterion, criterion_group, criterion_main};
use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, address, mutable_reference, vector,
};
use heddle_bytecode::{
    AbilitySet, Bytecode, CodeOffset, FunctionHandleIndex, LocalIndex, SignatureToken, Visibility,
};
use heddle_vm::{
    CallArg, Extensions, GasMeter, NativeCode, NativeTable, Package, PackageSource, SourceError,
    Vm, VmConfig,
};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

struct OnePackage(Arc<Package>);

impl PackageSource for OnePackage {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok((*storage_id == self.0.storage_id).then(|| self.0.clone()))
    }
}

fn copy(index: u8) -> Bytecode {
    Bytecode::CopyLoc(LocalIndex(index))
}
fn take(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}
fn store(index: u8) -> Bytecode {
    Bytecode::StLoc(LocalIndex(index))
}
fn borrow_mut(index: u8) -> Bytecode {
    Bytecode::MutBorrowLoc(LocalIndex(index))
}

const U64: SignatureToken = SignatureToken::U64;

fn function(
    module: &mut ModuleBuilder,
    name: &str,
    parameters: &[SignatureToken],
    returns: &[SignatureToken],
    locals: &[SignatureToken],
    code: Vec<Bytecode>,
) -> FunctionHandleIndex {
    let signature = FunctionSignature {
        type_parameters: Vec::new(),
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
    };
    let index = module.function(name, Visibility::Public, &signature);
    module.body(index, locals, code);
    module.module[index].function
}

/// `for i in 0..n` around `body`, which uses local `i` and leaves the stack
/// empty; then `end`.
fn counted(i: u8, n: u8, body: Vec<Bytecode>, end: Vec<Bytecode>) -> Vec<Bytecode> {
    let head = 2u16;
    let exit = head + 4 + body.len() as u16 + 5;
    let mut code = vec![Bytecode::LdU64(0), store(i)];
    code.extend([
        copy(i),
        copy(n),
        Bytecode::Lt,
        Bytecode::BrFalse(CodeOffset(exit)),
    ]);
    code.extend(body);
    code.extend([
        take(i),
        Bytecode::LdU64(1),
        Bytecode::Add,
        store(i),
        Bytecode::Branch(CodeOffset(head)),
    ]);
    code.extend(end);
    code
}

fn programs() -> OnePackage {
    let mut m = ModuleBuilder::new(address(0x42), "m");
    function(&mut m, "empty", &[], &[], &[], vec![Bytecode::Ret]);

    // x = (x * 31 + i) % 1000003
    let body = vec![
        take(1),
        Bytecode::LdU64(31),
        Bytecode::Mul,
        copy(2),
        Bytecode::Add,
        Bytecode::LdU64(1_000_003),
        Bytecode::Mod,
        store(1),
    ];
    let code = counted(2, 0, body, vec![take(1), Bytecode::Ret]);
    function(&mut m, "arithmetic", &[U64, U64], &[U64], &[U64], code);

    // x = (x ^ i) + (x >> 3) & 0xffff
    let body = vec![
        copy(1),
        copy(2),
        Bytecode::Xor,
        take(1),
        Bytecode::LdU8(3),
        Bytecode::Shr,
        Bytecode::Add,
        Bytecode::LdU64(0xffff),
        Bytecode::BitAnd,
        store(1),
    ];
    let code = counted(2, 0, body, vec![take(1), Bytecode::Ret]);
    function(&mut m, "bits", &[U64, U64], &[U64], &[U64], code);

    // A chain of calls: a(x) = b(x) + 1, b(x) = c(x) + 1, c(x) = x + 1
    let add_one = |call: Option<FunctionHandleIndex>| {
        let mut code = vec![take(0)];
        code.extend(call.map(Bytecode::Call));
        code.extend([Bytecode::LdU64(1), Bytecode::Add, Bytecode::Ret]);
        code
    };
    let c = function(&mut m, "c", &[U64], &[U64], &[], add_one(None));
    let b = function(&mut m, "b", &[U64], &[U64], &[], add_one(Some(c)));
    let a = function(&mut m, "a", &[U64], &[U64], &[], add_one(Some(b)));
    let body = vec![take(1), Bytecode::Call(a), store(1)];
    let code = counted(2, 0, body, vec![take(1), Bytecode::Ret]);
    function(&mut m, "calls", &[U64, U64], &[U64], &[U64], code);

    // Push n, swap neighbours, pop n.
    let index = m.signature(&[U64]);
    let push = vec![borrow_mut(1), copy(2), Bytecode::VecPushBack(index)];
    let swap = vec![
        borrow_mut(1),
        copy(2),
        Bytecode::LdU64(0),
        Bytecode::VecSwap(index),
    ];
    let pop = vec![
        borrow_mut(1),
        Bytecode::VecPopBack(index),
        take(3),
        Bytecode::Add,
        store(3),
    ];
    let mut code = vec![
        Bytecode::VecPack(index, 0),
        store(1),
        Bytecode::LdU64(0),
        store(3),
    ];
    for (body, end) in [
        (push, vec![]),
        (swap, vec![]),
        (pop, vec![take(3), Bytecode::Ret]),
    ] {
        append(&mut code, counted(2, 0, body, end));
    }
    let list = vector(U64);
    function(
        &mut m,
        "vectors",
        &[U64],
        &[U64],
        &[list.clone(), U64, U64],
        code,
    );

    // Bubble pass: for i in 0..n-1 if v[i] > v[i + 1] swap, n times.
    let reference = mutable_reference(list);
    let item = |offset: u64| {
        vec![
            copy(1),
            Bytecode::FreezeRef,
            copy(3),
            Bytecode::LdU64(offset),
            Bytecode::Add,
            Bytecode::VecImmBorrow(index),
            Bytecode::ReadRef,
        ]
    };
    let mut inner = [item(0), item(1)].concat();
    inner.push(Bytecode::Gt);
    // Behind the loop's head, this branch and the swap.
    let skip = 6 + inner.len() as u16 + 1 + 6;
    inner.push(Bytecode::BrFalse(CodeOffset(skip)));
    inner.extend([
        copy(1),
        copy(3),
        copy(3),
        Bytecode::LdU64(1),
        Bytecode::Add,
        Bytecode::VecSwap(index),
    ]);
    let mut body = Vec::new();
    append_at(&mut body, 6, counted(3, 4, inner, vec![]));
    let end = vec![take(1), Bytecode::Pop, Bytecode::Ret];
    let code = counted(2, 0, body, end);
    function(
        &mut m,
        "bubble",
        &[U64, reference, U64, U64, U64],
        &[],
        &[],
        code,
    );

    let mut m2 = m;
    let pair = m2.own_datatype("Pair", AbilitySet::PRIMITIVES, &[]);
    let def = m2.struct_def(pair, &[("a", U64), ("b", U64)]);
    let (a, b) = (m2.field(def, 0), m2.field(def, 1));
    let read = |field| vec![copy(1), Bytecode::ImmBorrowField(field), Bytecode::ReadRef];
    let write = |field| vec![copy(1), Bytecode::MutBorrowField(field), Bytecode::WriteRef];
    let body = [
        read(a),
        read(b),
        vec![
            Bytecode::Add,
            Bytecode::LdU64(0xffff_ffff),
            Bytecode::BitAnd,
        ],
        write(b),
        read(a),
        vec![Bytecode::LdU64(1), Bytecode::Add],
        write(a),
    ]
    .concat();
    let code = counted(2, 0, body, vec![take(1), Bytecode::Pop, Bytecode::Ret]);
    let reference = mutable_reference(SignatureToken::Datatype(pair));
    function(&mut m2, "fields", &[U64, reference], &[], &[U64], code);

    let module = m2.build();
    let bytes = module.serialize().expect("is well formed");
    OnePackage(Arc::new(Package {
        storage_id: address(0x42),
        original_id: address(0x42),
        version: 1,
        modules: BTreeMap::from([(Identifier::from_static("m"), Arc::from(bytes))]),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::new(),
    }))
}

fn append(code: &mut Vec<Bytecode>, more: Vec<Bytecode>) {
    append_at(code, code.len() as u16, more);
}

/// Appends code that was written from offset 0, to stand at `base`.
fn append_at(code: &mut Vec<Bytecode>, base: u16, more: Vec<Bytecode>) {
    let moved = |target: CodeOffset| CodeOffset(target.0 + base);
    code.extend(more.into_iter().map(|instruction| match instruction {
        Bytecode::Branch(target) => Bytecode::Branch(moved(target)),
        Bytecode::BrTrue(target) => Bytecode::BrTrue(moved(target)),
        Bytecode::BrFalse(target) => Bytecode::BrFalse(moved(target)),
        other => other,
    }));
}

fn word(value: u64) -> CallArg {
    CallArg::Value(value.to_le_bytes().to_vec())
}

fn interpreter(criterion: &mut Criterion) {
    let vm = Vm::new(NativeTable::with_std(), VmConfig::default());
    let native = VmConfig {
        native_code: NativeCode::ALWAYS,
        ..VmConfig::default()
    };
    let native_vm = Vm::new(NativeTable::with_std(), native);
    let source = programs();
    let module = Identifier::from_static("m");
    let run_in = |vm: &Vm, function: &'static str, arguments: Vec<CallArg>| {
        let function = Identifier::from_static(function);
        let gas = GasMeter::new(u64::MAX);
        let mut execution = vm.start(&source, gas, Extensions::new());
        let result = execution.call(address(0x42), &module, &function, &[], arguments);
        result.unwrap_or_else(|error| panic!("{function}: {error}"))
    };
    let run = |function, arguments| run_in(&vm, function, arguments);
    let native = |function, arguments| run_in(&native_vm, function, arguments);
    if let Ok(function) = std::env::var("HEDDLE_LISTING") {
        let name = Identifier::new(&function).expect("is a name");
        let listing = vm.disassemble(&source, address(0x42), &module, &name, &[]);
        println!("{}", listing.expect("translates"));
    }
    const N: u64 = 10_000;

    criterion.bench_function("empty_call/move", |b| b.iter(|| run("empty", vec![])));
    criterion.bench_function("empty_call/native", |b| b.iter(|| native("empty", vec![])));

    let mut group = criterion.benchmark_group("arithmetic");
    group.bench_function("move", |b| {
        b.iter(|| run("arithmetic", vec![word(N), word(7)]))
    });
    group.bench_function("native", |b| {
        b.iter(|| native("arithmetic", vec![word(N), word(7)]))
    });
    group.bench_function("rust", |b| {
        b.iter(|| {
            let mut x = black_box(7u64);
            for i in 0..black_box(N) {
                x = x
                    .checked_mul(31)
                    .and_then(|x| x.checked_add(i))
                    .expect("fits")
                    % 1_000_003;
            }
            x
        })
    });
    group.finish();

    let mut group = criterion.benchmark_group("bits");
    group.bench_function("move", |b| b.iter(|| run("bits", vec![word(N), word(7)])));
    group.bench_function("native", |b| {
        b.iter(|| native("bits", vec![word(N), word(7)]))
    });
    group.bench_function("rust", |b| {
        b.iter(|| {
            let mut x = black_box(7u64);
            for i in 0..black_box(N) {
                x = (x ^ i).checked_add(x >> 3).expect("fits") & 0xffff;
            }
            x
        })
    });
    group.finish();

    let mut group = criterion.benchmark_group("calls");
    group.bench_function("move", |b| b.iter(|| run("calls", vec![word(N), word(7)])));
    group.bench_function("native", |b| {
        b.iter(|| native("calls", vec![word(N), word(7)]))
    });
    group.bench_function("rust", |b| {
        b.iter(|| {
            let mut x = black_box(7u64);
            for _ in 0..black_box(N) {
                x = call_a(x);
            }
            x
        })
    });
    group.finish();

    let mut group = criterion.benchmark_group("vectors");
    group.bench_function("move", |b| b.iter(|| run("vectors", vec![word(N)])));
    group.bench_function("native", |b| b.iter(|| native("vectors", vec![word(N)])));
    group.bench_function("rust", |b| {
        b.iter(|| {
            let n = black_box(N);
            let mut v = Vec::new();
            for i in 0..n {
                v.push(i);
            }
            for i in 0..n {
                black_box(&mut v).swap(i as usize, 0);
            }
            let mut sum = 0u64;
            for _ in 0..n {
                sum = black_box(&mut v)
                    .pop()
                    .and_then(|x| x.checked_add(sum))
                    .expect("fits");
            }
            sum
        })
    });
    group.finish();

    let mut group = criterion.benchmark_group("bubble");
    let items: Vec<u64> = (0..200).rev().collect();
    let argument = [
        vec![200, 1],
        items.iter().flat_map(|x| x.to_le_bytes()).collect(),
    ]
    .concat();
    group.bench_function("move", |b| {
        b.iter(|| {
            let list = CallArg::MutRef(argument.clone());
            run("bubble", vec![word(200), list, word(0), word(0), word(199)])
        })
    });
    group.bench_function("native", |b| {
        b.iter(|| {
            let list = CallArg::MutRef(argument.clone());
            native("bubble", vec![word(200), list, word(0), word(0), word(199)])
        })
    });
    group.bench_function("rust", |b| {
        b.iter(|| {
            let mut items = black_box(items.clone());
            for _ in 0..black_box(200) {
                for i in 0..black_box(199) {
                    if items[i] > items[i + 1] {
                        items.swap(i, i + 1);
                    }
                }
            }
            items
        })
    });
    group.finish();

    let mut group = criterion.benchmark_group("fields");
    group.bench_function("move", |b| {
        b.iter(|| run("fields", vec![word(N), CallArg::MutRef(vec![0; 16])]))
    });
    group.bench_function("native", |b| {
        b.iter(|| native("fields", vec![word(N), CallArg::MutRef(vec![0; 16])]))
    });
    group.bench_function("rust", |b| {
        b.iter(|| {
            let mut pair = (0u64, 0u64);
            for _ in 0..black_box(N) {
                let pair = black_box(&mut pair);
                pair.1 = pair.0.checked_add(pair.1).expect("fits") & 0xffff_ffff;
                pair.0 = pair.0.checked_add(1).expect("fits");
            }
            pair
        })
    });
    group.finish();
}

#[inline(never)]
fn call_a(x: u64) -> u64 {
    call_b(black_box(x)).checked_add(1).expect("fits")
}

#[inline(never)]
fn call_b(x: u64) -> u64 {
    call_c(black_box(x)).checked_add(1).expect("fits")
}

#[inline(never)]
fn call_c(x: u64) -> u64 {
    black_box(x).checked_add(1).expect("fits")
}

criterion_group!(benches, interpreter);
criterion_main!(benches);
