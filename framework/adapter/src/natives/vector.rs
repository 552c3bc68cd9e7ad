//! `0x1::vector`: functions that the compiler turns into instructions.
//!
//! They are declared native, so a package that declares them is only complete
//! with them in the table; no code that the compiler makes calls them.

use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::Address;

const INSTRUCTIONS: [&str; 8] = [
    "empty",
    "length",
    "borrow",
    "borrow_mut",
    "push_back",
    "pop_back",
    "destroy_empty",
    "swap",
];

pub(super) fn register(table: &mut NativeTable) {
    for name in INSTRUCTIONS {
        table.register(Address::from_static("0x1"), "vector", name, instruction);
    }
}

fn instruction(_: &mut NativeContext<'_>) -> Result<(), NativeError> {
    Err(NativeError::Misuse(
        "vector operations are instructions, not functions",
    ))
}
