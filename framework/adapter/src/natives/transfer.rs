//! `0x2::transfer`: objects leave Move code for an owner, or come in by being
//! received.

use super::{FRAMEWORK, fail, has_store, object_type, runtime};
use crate::host::ReceiveQuestion;
use crate::object_runtime::{TransferOutcome, leading_id};
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Address, ExecutionError, Owner, StructTag};

const BASE_COST: u64 = 100;
const RECEIVE_COST: u64 = 500;
/// VM gas units for each byte of an object that is received.
const RECEIVE_COST_PER_BYTE: u64 = 2;

/// An object that existed before can't become shared.
const E_SHARED_NON_NEW_OBJECT: u64 = 0;
/// The received object is of another type.
const E_RECEIVING_OBJECT_TYPE_MISMATCH: u64 = 2;
/// The object to receive does not belong to this parent.
const E_UNABLE_TO_RECEIVE_OBJECT: u64 = 3;
/// What a party may do is none of the combinations supported.
const E_INVALID_PARTY_PERMISSIONS: u64 = 5;

/// All permissions of a party: read, write, delete, transfer.
const PARTY_ALL_PERMISSIONS: u64 = 0xf;

pub(super) fn register(table: &mut NativeTable) {
    table.register(FRAMEWORK, "transfer", "transfer_impl", transfer_impl);
    table.register(
        FRAMEWORK,
        "transfer",
        "freeze_object_impl",
        freeze_object_impl,
    );
    table.register(
        FRAMEWORK,
        "transfer",
        "share_object_impl",
        share_object_impl,
    );
    table.register(
        FRAMEWORK,
        "transfer",
        "party_transfer_impl",
        party_transfer_impl,
    );
    table.register(FRAMEWORK, "transfer", "receive_impl", receive_impl);
}

/// An object on its way out: type, whether it has `store`, contents, id.
struct Outgoing {
    type_: StructTag,
    has_store: bool,
    contents: Vec<u8>,
    id: Address,
}

fn outgoing(context: &mut NativeContext<'_>) -> Result<Outgoing, NativeError> {
    context.charge(BASE_COST)?;
    let type_ = object_type(context, 0)?;
    let has_store = has_store(context, 0)?;
    let contents = context.arg_bcs(0)?;
    let id = leading_id(&contents).ok_or(NativeError::Misuse("an object has no id"))?;
    Ok(Outgoing {
        type_,
        has_store,
        contents,
        id,
    })
}

fn hand_over(
    context: &mut NativeContext<'_>,
    object: Outgoing,
    owner: Owner,
) -> Result<TransferOutcome, NativeError> {
    let maximum = heddle_objects::limits::OBJECT_BYTES_MAX;
    if object.contents.len() > maximum {
        let error = ExecutionError::ObjectTooBig {
            object_size: object.contents.len() as u64,
            max_object_size: maximum as u64,
        };
        let detail = format!(
            "object {} holds {} bytes; at most {maximum} are allowed",
            object.id,
            object.contents.len()
        );
        return Err(fail(context, error, detail));
    }
    runtime(context)?
        .transfer(owner, object.type_, object.has_store, object.contents)
        .ok_or(NativeError::Misuse("an object has no id"))
}

fn transfer_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let object = outgoing(context)?;
    let recipient = context.arg_address(1)?;
    hand_over(context, object, Owner::Address(recipient)).map(drop)
}

fn freeze_object_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let object = outgoing(context)?;
    hand_over(context, object, Owner::Immutable).map(drop)
}

fn share_object_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let object = outgoing(context)?;
    let owner = runtime(context)?.owner_when_shared(&object.id);
    match hand_over(context, object, owner)? {
        TransferOutcome::New | TransferOutcome::SameOwner => Ok(()),
        TransferOutcome::OwnerChanged => Err(context.abort(E_SHARED_NON_NEW_OBJECT)),
    }
}

/// `party_transfer_impl<T: key>(obj: T, default_permissions: u64, addresses:
/// vector<address>, permissions: vector<u64>)`. One party with all permissions
/// is what ownership through consensus can express.
fn party_transfer_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let object = outgoing(context)?;
    let default_permissions = context.arg_u64(1)?;
    let addresses: Vec<Address> = decode(context, 2)?;
    let permissions: Vec<u64> = decode(context, 3)?;
    let owner = match (addresses.as_slice(), permissions.as_slice()) {
        ([owner], [PARTY_ALL_PERMISSIONS]) if default_permissions == 0 => *owner,
        _ => return Err(context.abort(E_INVALID_PARTY_PERMISSIONS)),
    };
    let start_version = runtime(context)?.lamport_version;
    let owner = Owner::ConsensusAddress {
        start_version,
        owner,
    };
    hand_over(context, object, owner).map(drop)
}

fn decode<T: serde::de::DeserializeOwned>(
    context: &mut NativeContext<'_>,
    index: usize,
) -> Result<T, NativeError> {
    let bytes = context.arg_bcs(index)?;
    bcs::from_bytes(&bytes).map_err(|_| NativeError::Misuse("an argument is not of its type"))
}

/// `receive_impl<T: key>(parent: address, to_receive: address, version: u64): T`.
fn receive_impl(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(RECEIVE_COST)?;
    let parent = context.arg_address(0)?;
    let id = context.arg_address(1)?;
    let version = context.arg_u64(2)?;
    let runtime_ = runtime(context)?;
    let declared = runtime_.receivable.get(&id) == Some(&version);
    if !declared || runtime_.received.contains_key(&id) {
        return Err(context.abort(E_UNABLE_TO_RECEIVE_OBJECT));
    }
    let mut question = ReceiveQuestion::new(id, version);
    context.source().ask(&mut question);
    let object = question
        .into_answer()
        .map_err(|detail| NativeError::Host { detail })?
        .filter(|object| *object.owner() == Owner::Address(parent));
    let Some(object) = object else {
        return Err(context.abort(E_UNABLE_TO_RECEIVE_OBJECT));
    };
    let type_ = object_type(context, 0)?;
    let Some(value) = object
        .as_struct()
        .filter(|value| *value.object_type() == type_)
    else {
        return Err(context.abort(E_RECEIVING_OBJECT_TYPE_MISMATCH));
    };
    context.charge(RECEIVE_COST_PER_BYTE.saturating_mul(value.contents().len() as u64))?;
    context.return_bcs(value.contents())?;
    let runtime = runtime(context)?;
    runtime.input_owners.insert(id, *object.owner());
    runtime.received.insert(id, object);
    Ok(())
}
