//! `0x2::types`: one-time witnesses.

use super::FRAMEWORK;
use heddle_vm::{NativeContext, NativeError, NativeTable};

const COST: u64 = 50;

pub(super) fn register(table: &mut NativeTable) {
    table.register(
        FRAMEWORK,
        "types",
        "is_one_time_witness",
        is_one_time_witness,
    );
}

fn is_one_time_witness(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)?;
    let is_witness = context.type_arg(0)?.is_one_time_witness();
    context.return_bool(is_witness)
}
