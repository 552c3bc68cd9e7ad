//! What a test finds around it: native functions, and an object runtime as at
//! the start of a transaction.

use heddle_adapter::{ObjectRuntime, TransactionContext};
use heddle_vm::{DebugOutput, Extensions, NativeTable, Vm, VmConfig};

use crate::scenario::Inventory;

/// The version that objects made in a test would get.
const LAMPORT_VERSION: u64 = 1;

/// The VM for a test run.
pub(crate) fn vm() -> Vm {
    let config = VmConfig {
        accept_test_modules: true,
        ..VmConfig::default()
    };
    Vm::new(natives(), config)
}

/// The natives that tests can reach: those of a transaction, and those that
/// only tests have.
fn natives() -> NativeTable {
    let mut table = heddle_adapter::natives::table();
    crate::natives::register(&mut table);
    crate::scenario::register(&mut table);
    table
}

/// The state of natives at the start of a test.
pub(crate) fn extensions() -> Extensions {
    let mut extensions = Extensions::new();
    extensions.insert(DebugOutput::default());
    extensions.insert(Inventory::default());
    extensions.insert(ObjectRuntime::new(
        TransactionContext::for_tests(),
        LAMPORT_VERSION,
    ));
    extensions
}
