//! `0x2::object`: the ids of objects come and go.

use super::{FRAMEWORK, limit, runtime};
use heddle_vm::{NativeContext, NativeError, NativeTable};

const BORROW_COST: u64 = 10;
const RECORD_COST: u64 = 50;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "object", "borrow_uid", borrow_uid);
    table.register(FRAMEWORK, "object", "delete_impl", delete_impl);
    table.register(FRAMEWORK, "object", "record_new_uid", record_new_uid);
}

/// `borrow_uid<T: key>(obj: &T): &UID`: the first field of every object.
fn borrow_uid(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(BORROW_COST)?;
    context.return_field_reference(0, 0)
}

fn delete_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(RECORD_COST)?;
    let id = context.arg_address(0)?;
    if runtime(context)?.delete_id(id) {
        Ok(())
    } else {
        Err(limit(context, "objects deleted by one transaction"))
    }
}

fn record_new_uid(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(RECORD_COST)?;
    let id = context.arg_address(0)?;
    if runtime(context)?.record_new_id(id) {
        Ok(())
    } else {
        Err(limit(context, "objects created by one transaction"))
    }
}
