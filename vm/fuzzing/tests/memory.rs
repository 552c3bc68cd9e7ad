//! Memory that hostile modules can make the VM take, counted by an allocator.

use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, vector};
use heddle_bytecode::{
    BinaryLimits, Bytecode as B, CodeOffset, CompiledModule, LocalIndex, SignatureToken as T,
    Visibility,
};
use heddle_fuzzing::choices::{Choices, Seeded};
use heddle_fuzzing::mutate::mutate_bytes;
use heddle_fuzzing::targets::work;
use heddle_fuzzing::{generate, shapes};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts what each thread holds, and the most that it held.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn took(bytes: usize) {
    HELD.with(|held| {
        held.set(held.get().wrapping_add(bytes));
        MOST.with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: every call is passed on to the system's allocator as it came; the
// counters are plain cells of the thread and allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.with(|held| held.set(held.get().wrapping_sub(layout.size())));
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that `work` held beyond what there was before it.
fn most(work: impl FnOnce()) -> usize {
    let before = HELD.with(Cell::get);
    MOST.with(|most| most.set(before));
    work();
    MOST.with(Cell::get) - before
}

/// Bytes of memory for a byte of a module that is read. An instruction is one
/// byte there and 16 here; a field is three there and 48 with its type.
const READ_FACTOR: usize = 60;

fn check_reading(bytes: &[u8]) -> usize {
    let found = most(|| drop(CompiledModule::deserialize(bytes, &BinaryLimits::local())));
    let allowed = 4096 + READ_FACTOR * bytes.len();
    assert!(
        found <= allowed,
        "reading {} bytes takes {found} bytes of memory: {:02x?}",
        bytes.len(),
        &bytes[..bytes.len().min(200)]
    );
    found
}

#[test]
fn reading_takes_memory_in_proportion_to_the_bytes() {
    for (_, module) in shapes::small().into_iter().chain(shapes::large()) {
        check_reading(&module.serialize().unwrap());
    }
    for seed in 0..3000 {
        let decisions = Seeded::new(seed).bytes(600);
        let module = generate::module(&mut Choices::new(&decisions));
        let mut bytes = module.serialize().unwrap();
        let mutations = Seeded::new(seed + 10_000).bytes(60);
        let mut choices = Choices::new(&mutations);
        while !choices.is_exhausted() {
            check_reading(&bytes);
            mutate_bytes(&mut bytes, &mut choices);
        }
    }
}

#[test]
fn counts_that_promise_more_than_there_is_take_nothing() {
    let mut builder = ModuleBuilder::new(generate::home(), generate::MODULE);
    builder.simple_function("f", &[], &[], vec![B::Nop; 100]);
    let bytes = builder.build().serialize().unwrap();
    // Each byte in turn becomes the largest number of two or three bytes.
    for at in 0..bytes.len() {
        for number in [
            &[0xFF, 0x7F][..],
            &[0xFF, 0xFF, 0x03],
            &[0xFF, 0xFF, 0xFF, 0x7F],
        ] {
            let mut hostile = bytes.clone();
            hostile.splice(at..=at, number.iter().copied());
            check_reading(&hostile);
        }
    }
}

/// Memory that verification may hold: what its work can fill, and the work
/// follows from the size.
#[test]
fn verification_takes_memory_within_its_work() {
    let mut worst = (0, "");
    for (name, module) in shapes::small().into_iter().chain(shapes::large()) {
        let size = module.serialize().unwrap().len();
        let mut units = 0;
        let found = most(|| units = work(&module, size).1);
        let allowed = 64 * 1024 + 24 * units as usize;
        assert!(found <= allowed, "{name}: {found} bytes for {units} units");
        assert!(found <= 96 << 20, "{name}: {found} bytes");
        worst = worst.max((found, name));
    }
    println!("most memory: {} bytes ({})", worst.0, worst.1);
}

/// A function whose every way out drops many locals.
fn many_returns(locals: usize, returns: usize) -> CompiledModule {
    let mut b = ModuleBuilder::new(generate::home(), generate::MODULE);
    let signature = FunctionSignature {
        type_parameters: Vec::new(),
        parameters: vec![T::Bool],
        returns: Vec::new(),
    };
    let function = b.function("f", Visibility::Public, &signature);
    let mut code = Vec::new();
    for _ in 0..returns {
        let next = code.len() + 3;
        code.extend([
            B::CopyLoc(LocalIndex(0)),
            B::BrTrue(CodeOffset(u16::try_from(next).unwrap())),
            B::Ret,
        ]);
    }
    code.push(B::Ret);
    b.body(function, &vec![vector(T::U8); locals], code);
    b.build()
}

#[test]
fn hostile_code_is_translated_to_a_bounded_size() {
    use heddle_fuzzing::targets::run_all;
    for (locals, returns) in [(10, 10), (250, 300)] {
        let module = many_returns(locals, returns);
        let size = module.serialize().unwrap().len();
        let found = most(|| {
            let outcome = run_all(&module, &mut Choices::new(&[1; 40])).expect("it verifies");
            assert_eq!(outcome.returned + outcome.failed, 1);
        });
        // Each run of a VM has a memory of 64 MiB that is touched lazily; one
        // more with native code.
        let memories = 3 + usize::from(heddle_vm::NativeCode::is_available());
        let code = found.saturating_sub(memories * (64 << 20));
        println!("{size} bytes: {code} bytes beyond memories");
        assert!(code < 32 << 20, "{size} bytes are translated to {code}");
    }
}
