//! `0x2::dynamic_field`: objects stored under other objects.
//!
//! A child is read from the store when it is first asked for, at the newest
//! version that is not newer than its root's: which children a transaction sees
//! thus follows from its inputs. Once read it lives in the execution's memory,
//! and all its borrows refer to the one place there.

use super::{FRAMEWORK, fail, has_store, limit, object_type, runtime};
use crate::host::ChildQuestion;
use crate::object_runtime::{ChildSlot, ChildState, leading_id};
use heddle_objects::limits::{CHILD_OBJECTS_MAX, OBJECT_BYTES_MAX};
use heddle_vm::{GlobalRef, NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Address, ExecutionError, StructTag};

const HASH_COST: u64 = 200;
/// VM gas units for each byte of a key.
const HASH_COST_PER_BYTE: u64 = 3;
const ACCESS_COST: u64 = 100;
/// For a child that is not in memory yet.
const LOAD_COST: u64 = 1_000;
/// VM gas units for each byte of a child that is loaded.
const LOAD_COST_PER_BYTE: u64 = 2;

/// There is no such child.
const E_FIELD_DOES_NOT_EXIST: u64 = 1;
/// The child is of another type.
const E_FIELD_TYPE_MISMATCH: u64 = 2;

pub(super) fn register(table: &mut NativeTable) {
    let mut add = |name, function| table.register(FRAMEWORK, "dynamic_field", name, function);
    add("hash_type_and_key", hash_type_and_key);
    add("add_child_object", add_child_object);
    add("borrow_child_object", borrow_child_object);
    add("borrow_child_object_mut", borrow_child_object);
    add("remove_child_object", remove_child_object);
    add("has_child_object", has_child_object);
    add("has_child_object_with_ty", has_child_object_with_ty);
}

/// `hash_type_and_key<K>(parent: address, k: K): address`.
fn hash_type_and_key(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(HASH_COST)?;
    let parent = context.arg_address(0)?;
    let key = context.arg_bcs(1)?;
    context.charge(HASH_COST_PER_BYTE.saturating_mul(key.len() as u64))?;
    let key_type = context.type_arg_tag(0)?;
    context.return_address(parent.derive_dynamic_child_id(&key_type, &key))
}

/// `add_child_object<Child: key>(parent: address, child: Child)`.
fn add_child_object(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(ACCESS_COST)?;
    let parent = context.arg_address(0)?;
    let type_ = object_type(context, 0)?;
    let has_public_transfer = has_store(context, 0)?;
    let global = context.arg_into_global(1)?;
    let contents = context.read_global(global)?;
    if contents.len() > OBJECT_BYTES_MAX {
        let error = ExecutionError::ObjectTooBig {
            object_size: contents.len() as u64,
            max_object_size: OBJECT_BYTES_MAX as u64,
        };
        return Err(fail(context, error, "a child object is too large"));
    }
    let id = leading_id(&contents).ok_or(NativeError::Misuse("an object has no id"))?;
    let runtime = runtime(context)?;
    let prior = match runtime.children.get(&id) {
        Some(slot) if !matches!(slot.state, ChildState::Absent) => {
            return Err(NativeError::Misuse("a child was added twice"));
        }
        Some(slot) => slot.prior.clone(),
        None => None,
    };
    let state = ChildState::Placed {
        global,
        type_,
        has_public_transfer,
    };
    let slot = ChildSlot {
        parent,
        prior,
        state,
    };
    runtime.children.insert(id, slot);
    if runtime.children.len() > CHILD_OBJECTS_MAX {
        return Err(limit(context, "child objects used by one transaction"));
    }
    Ok(())
}

/// `borrow_child_object<Child: key>(object: &UID, id: address): &Child`, and
/// the same for `&mut`.
fn borrow_child_object(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(ACCESS_COST)?;
    let uid = context.arg_bcs(0)?;
    let parent = leading_id(&uid).ok_or(NativeError::Misuse("a UID has no address"))?;
    let id = context.arg_address(1)?;
    let global = place(context, parent, id)?;
    context.return_reference(global)
}

/// `remove_child_object<Child: key>(parent: address, id: address): Child`.
fn remove_child_object(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(ACCESS_COST)?;
    let parent = context.arg_address(0)?;
    let id = context.arg_address(1)?;
    let global = place(context, parent, id)?;
    context.return_global(global)?;
    if let Some(slot) = runtime(context)?.children.get_mut(&id) {
        slot.state = ChildState::Absent;
    }
    Ok(())
}

/// `has_child_object(parent: address, id: address): bool`.
fn has_child_object(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(ACCESS_COST)?;
    let parent = context.arg_address(0)?;
    let id = context.arg_address(1)?;
    let found = child_type(context, parent, id)?.is_some();
    context.return_bool(found)
}

/// `has_child_object_with_ty<Child: key>(parent: address, id: address): bool`.
fn has_child_object_with_ty(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(ACCESS_COST)?;
    let parent = context.arg_address(0)?;
    let id = context.arg_address(1)?;
    let wanted = object_type(context, 0)?;
    let found = child_type(context, parent, id)?.is_some_and(|type_| type_ == wanted);
    context.return_bool(found)
}

/// The type of a child, `None` if there is none under this parent.
fn child_type(
    context: &mut NativeContext<'_>,
    parent: Address,
    id: Address,
) -> Result<Option<StructTag>, NativeError> {
    let slot = slot(context, parent, id)?;
    Ok(match &slot.state {
        _ if slot.parent != parent => None,
        ChildState::Absent => None,
        ChildState::Stored => slot
            .prior
            .as_ref()
            .and_then(|object| object.as_struct())
            .map(|value| value.object_type().clone()),
        ChildState::Placed { type_, .. } => Some(type_.clone()),
    })
}

/// The place in memory of a child of the type that the native was called with.
fn place(
    context: &mut NativeContext<'_>,
    parent: Address,
    id: Address,
) -> Result<GlobalRef, NativeError> {
    let wanted = object_type(context, 0)?;
    match child_type(context, parent, id)? {
        None => return Err(context.abort(E_FIELD_DOES_NOT_EXIST)),
        Some(type_) if type_ != wanted => return Err(context.abort(E_FIELD_TYPE_MISMATCH)),
        Some(_) => {}
    }
    let slot = slot(context, parent, id)?;
    let prior = match &slot.state {
        ChildState::Placed { global, .. } => return Ok(*global),
        ChildState::Absent | ChildState::Stored => slot.prior.clone(),
    };
    let Some(value) = prior.as_ref().and_then(|object| object.as_struct()) else {
        return Err(context.abort(E_FIELD_DOES_NOT_EXIST));
    };
    context.charge(LOAD_COST_PER_BYTE.saturating_mul(value.contents().len() as u64))?;
    let runtime_type = context.type_arg(0)?;
    let global = context.place_global(&runtime_type, value.contents())?;
    if let Some(slot) = runtime(context)?.children.get_mut(&id) {
        slot.state = ChildState::Placed {
            global,
            type_: wanted,
            has_public_transfer: value.has_public_transfer(),
        };
    }
    Ok(global)
}

/// The slot of a child, filled from the store when it is first asked for.
fn slot(
    context: &mut NativeContext<'_>,
    parent: Address,
    id: Address,
) -> Result<ChildSlot, NativeError> {
    if let Some(slot) = runtime(context)?.children.get(&id) {
        // What was absent under one parent may be stored under another.
        let known = slot.parent == parent
            || slot.prior.is_some()
            || !matches!(slot.state, ChildState::Absent);
        if known {
            return Ok(slot.clone());
        }
    }
    context.charge(LOAD_COST)?;
    let mut question = ChildQuestion::new(parent, id);
    context.source().ask(&mut question);
    let prior = question
        .into_answer()
        .map_err(|detail| NativeError::Host { detail })?;
    let runtime = runtime(context)?;
    let slot = ChildSlot {
        parent,
        state: if prior.is_some() {
            ChildState::Stored
        } else {
            ChildState::Absent
        },
        prior,
    };
    runtime.children.insert(id, slot.clone());
    if runtime.children.len() > CHILD_OBJECTS_MAX {
        return Err(limit(context, "child objects used by one transaction"));
    }
    Ok(slot)
}
