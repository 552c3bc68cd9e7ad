//! `0x2::tx_context`: what Move code may know of its transaction.

use super::{FRAMEWORK, limit, runtime};
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::{Address, Digest};

const READ_COST: u64 = 20;
const DERIVE_COST: u64 = 200;
/// No id was created yet.
const E_NO_IDS_CREATED: u64 = 1;
/// The transaction's digest is not 32 bytes long.
const E_BAD_DIGEST_LENGTH: u64 = 0;

pub(super) fn register(table: &mut NativeTable) {
    let mut add = |name, function| table.register(FRAMEWORK, "tx_context", name, function);
    add("native_sender", native_sender);
    add("native_sponsor", native_sponsor);
    add("native_epoch", |c| number(c, |x| x.epoch));
    add("native_epoch_timestamp_ms", |c| {
        number(c, |x| x.epoch_timestamp_ms)
    });
    add("native_rgp", |c| number(c, |x| x.reference_gas_price));
    add("native_gas_price", |c| number(c, |x| x.gas_price));
    add("native_gas_budget", |c| number(c, |x| x.gas_budget));
    add("native_ids_created", |c| number(c, |x| x.ids_created));
    add("fresh_id", fresh_id);
    add("derive_id", derive_id);
    add("last_created_id", last_created_id);
    add("replace", replace);
}

fn number(
    context: &mut NativeContext<'_>,
    read: fn(&crate::object_runtime::TransactionContext) -> u64,
) -> Result<(), NativeError> {
    context.charge(READ_COST)?;
    let value = read(&runtime(context)?.context);
    context.return_u64(value)
}

fn native_sender(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(READ_COST)?;
    let sender = runtime(context)?.context.sender;
    context.return_address(sender)
}

/// `native_sponsor(): vector<address>`, empty or one address.
fn native_sponsor(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(READ_COST)?;
    let mut bytes = Vec::with_capacity(1 + Address::LENGTH);
    match runtime(context)?.context.sponsor {
        None => bytes.push(0),
        Some(sponsor) => {
            bytes.push(1);
            bytes.extend_from_slice(sponsor.as_ref());
        }
    }
    context.return_bcs(&bytes)
}

fn fresh_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(DERIVE_COST)?;
    match runtime(context)?.fresh_id() {
        Some(id) => context.return_address(id),
        None => Err(limit(context, "objects created by one transaction")),
    }
}

fn derive_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(DERIVE_COST)?;
    let count = context.arg_u64(1)?;
    let digest = Digest::from_bytes(context.arg_bytes(0)?);
    match digest {
        Ok(digest) => context.return_address(Address::derive_id(digest, count)),
        Err(_) => Err(context.abort(E_BAD_DIGEST_LENGTH)),
    }
}

fn last_created_id(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(DERIVE_COST)?;
    let facts = &runtime(context)?.context;
    match facts.ids_created.checked_sub(1) {
        Some(count) => {
            let id = Address::derive_id(facts.digest, count);
            context.return_address(id)
        }
        None => Err(context.abort(E_NO_IDS_CREATED)),
    }
}

/// Puts other facts in place, for tests that play several transactions:
/// sender, digest, epoch, epoch timestamp, ids created, reference gas price,
/// gas price, gas budget, sponsor. Only test code of the framework calls it.
fn replace(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(DERIVE_COST)?;
    let sender = context.arg_address(0)?;
    let digest = Digest::from_bytes(context.arg_bytes(1)?);
    let Ok(digest) = digest else {
        return Err(context.abort(E_BAD_DIGEST_LENGTH));
    };
    let sponsor: Vec<Address> = bcs::from_bytes(&context.arg_bcs(8)?)
        .map_err(|_| NativeError::Misuse("an argument is not of its type"))?;
    let facts = crate::object_runtime::TransactionContext {
        sender,
        sponsor: sponsor.first().copied(),
        digest,
        epoch: context.arg_u64(2)?,
        epoch_timestamp_ms: context.arg_u64(3)?,
        ids_created: context.arg_u64(4)?,
        reference_gas_price: context.arg_u64(5)?,
        gas_price: context.arg_u64(6)?,
        gas_budget: context.arg_u64(7)?,
    };
    runtime(context)?.context = facts;
    Ok(())
}
