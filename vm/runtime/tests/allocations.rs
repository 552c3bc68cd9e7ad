//! Starting an execution and calling a function allocates nothing on the heap
//! once caches are warm.

use heddle_bytecode::Bytecode;
use heddle_bytecode::testing::{ModuleBuilder, address};
use heddle_vm::{
    Extensions, GasMeter, NativeTable, Package, PackageSource, SourceError, Vm, VmConfig,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

thread_local! {
    /// Allocations of this thread.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: all methods pass their arguments on to the system's allocator and
// return what it returns.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the promises of `dealloc`, and the block came
        // from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct OnePackage(Arc<Package>);

impl PackageSource for OnePackage {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok((*storage_id == self.0.storage_id).then(|| self.0.clone()))
    }
}

#[test]
fn a_warm_call_of_an_empty_function_allocates_nothing() {
    let mut builder = ModuleBuilder::new(address(0x42), "m");
    builder.simple_function("empty", &[], &[], vec![Bytecode::Ret]);
    let module = Identifier::from_static("m");
    let bytes = builder.build().serialize().expect("is well formed");
    let source = OnePackage(Arc::new(Package {
        storage_id: address(0x42),
        original_id: address(0x42),
        version: 1,
        modules: BTreeMap::from([(module.clone(), Arc::from(bytes))]),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::new(),
    }));
    let vm = Vm::new(NativeTable::with_std(), VmConfig::default());
    let function = Identifier::from_static("empty");
    let call = || {
        let mut execution = vm.start(&source, GasMeter::new(1_000), Extensions::new());
        execution
            .call(address(0x42), &module, &function, &[], Vec::new())
            .expect("runs");
        execution.finish().0.used()
    };
    let cold = call();
    let before = ALLOCATIONS.get();
    let warm = call();
    let allocations = ALLOCATIONS.get() - before;
    assert_eq!(allocations, 0);
    assert_eq!(cold, warm);
    assert!(before > 0, "allocations are counted");
}
