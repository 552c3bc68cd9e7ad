//! What a test finds around it: native functions, and an object runtime as at
//! the start of a transaction.

use heddle_adapter::{ObjectRuntime, TransactionContext};
use heddle_vm::{Extensions, NativeTable};

/// The version that objects made in a test would get.
const LAMPORT_VERSION: u64 = 1;

/// The natives that tests can reach: those of a transaction, and those that
/// only tests have.
pub(crate) fn natives() -> NativeTable {
    let mut table = NativeTable::with_std();
    heddle_adapter::natives::register(&mut table);
    crate::natives::register(&mut table);
    table
}

/// The state of natives at the start of a test.
pub(crate) fn extensions() -> Extensions {
    let mut extensions = Extensions::new();
    extensions.insert(ObjectRuntime::new(
        TransactionContext::for_tests(),
        LAMPORT_VERSION,
    ));
    extensions
}
