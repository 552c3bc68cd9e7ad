//! Native functions that only tests have.

use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::Address;

/// The standard library.
const STD: Address = Address::from_static("0x1");

pub(crate) fn register(table: &mut NativeTable) {
    table.register(STD, "unit_test", "destroy", destroy);
}

/// `destroy<T>(T)`: the value is taken from the caller, and that is all.
fn destroy(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(1)
}
