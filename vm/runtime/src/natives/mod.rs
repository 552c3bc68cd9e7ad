//! The natives of the Move standard library, a file for each module at `0x1`.

mod bcs;
mod debug;
mod hash;
mod string;
mod type_name;
mod unit_test;

pub use debug::DebugOutput;

use crate::NativeTable;
use sui_sdk_types::Address;

/// Address of the standard library.
pub(crate) const STD: Address =
    Address::from_static("0x0000000000000000000000000000000000000000000000000000000000000001");

/// Registers all of them.
pub(crate) fn register(table: &mut NativeTable) {
    bcs::register(table);
    debug::register(table);
    hash::register(table);
    string::register(table);
    type_name::register(table);
    unit_test::register(table);
}
