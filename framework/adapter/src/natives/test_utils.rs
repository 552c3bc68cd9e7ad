//! `0x2::test_utils`: for unit tests alone; published code can't name these.

use super::FRAMEWORK;
use heddle_vm::{NativeContext, NativeError, NativeTable};

const COST: u64 = 50;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "test_utils", "destroy", destroy);
    table.register(
        FRAMEWORK,
        "test_utils",
        "create_one_time_witness",
        create_one_time_witness,
    );
}

/// `destroy<T>(x: T)`: the value is simply not used again.
fn destroy(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)
}

/// `create_one_time_witness<T: drop>(): T`.
fn create_one_time_witness(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)?;
    if !context.type_arg(0)?.is_one_time_witness() {
        return Err(NativeError::Misuse("the type is no one-time witness"));
    }
    // The compiler gives a struct without fields one that is a bool.
    context.return_bcs(&[1])
}
