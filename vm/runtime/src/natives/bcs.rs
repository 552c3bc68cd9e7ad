//! `std::bcs`.

use super::STD;
use crate::{NativeContext, NativeError, NativeTable};

pub(super) fn register(table: &mut NativeTable) {
    table.register(STD, "bcs", "to_bytes", to_bytes);
}

/// `to_bytes<T>(&T): vector<u8>`
fn to_bytes(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let bytes = context.arg_bcs(0)?;
    context.return_bytes(&bytes)
}
