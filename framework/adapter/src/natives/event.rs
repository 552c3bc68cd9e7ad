//! `0x2::event`: events are values that leave the transaction as bytes.

use super::{FRAMEWORK, limit, runtime};
use heddle_objects::limits::{EVENT_BYTES_MAX, EVENTS_BYTES_TOTAL_MAX, EVENTS_MAX};
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Event, TypeTag};

const BASE_COST: u64 = 100;
/// VM gas units for each byte of an event.
const COST_PER_BYTE: u64 = 5;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "event", "emit", emit);
    table.register(FRAMEWORK, "event", "num_events", num_events);
    table.register(FRAMEWORK, "event", "events_by_type", events_by_type);
}

fn emit(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(BASE_COST)?;
    let TypeTag::Struct(type_) = context.type_arg_tag(0)? else {
        return Err(NativeError::Misuse("an event's type is not a struct"));
    };
    let contents = context.arg_bcs(0)?;
    context.charge(COST_PER_BYTE.saturating_mul(contents.len() as u64))?;
    if contents.len() > EVENT_BYTES_MAX {
        return Err(limit(context, "bytes of one event"));
    }
    let runtime = runtime(context)?;
    let total = runtime.events_bytes.saturating_add(contents.len());
    if total > EVENTS_BYTES_TOTAL_MAX {
        return Err(limit(context, "bytes of all events of one transaction"));
    }
    if runtime.events.len() >= EVENTS_MAX {
        return Err(limit(context, "events of one transaction"));
    }
    let (package_id, module) = runtime.emitter.clone();
    runtime.events_bytes = total;
    runtime.events.push(Event {
        package_id,
        module,
        sender: runtime.context.sender,
        type_: *type_,
        contents,
    });
    Ok(())
}

/// `num_events(): u32`, for unit tests.
fn num_events(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(BASE_COST)?;
    let count = u32::try_from(runtime(context)?.events.len()).unwrap_or(u32::MAX);
    context.return_bcs(&count.to_le_bytes())
}

/// `events_by_type<T: copy + drop>(): vector<T>`, for unit tests.
fn events_by_type(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(BASE_COST)?;
    let TypeTag::Struct(wanted) = context.type_arg_tag(0)? else {
        return Err(NativeError::Misuse("an event's type is not a struct"));
    };
    let found: Vec<&Event> = runtime(context)?
        .events
        .iter()
        .filter(|event| event.type_ == *wanted)
        .collect();
    let mut bytes = crate::encoding::length_prefix(found.len());
    for event in found {
        bytes.extend_from_slice(&event.contents);
    }
    context.charge(COST_PER_BYTE.saturating_mul(bytes.len() as u64))?;
    context.return_bcs(&bytes)
}
