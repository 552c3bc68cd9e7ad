//! `0x2::address`: addresses as numbers and bytes, big endian.

use heddle_bytecode::U256;
use heddle_vm::{NativeContext, NativeError, NativeTable};
use sui_sdk_types::Address;

const COST: u64 = 50;
/// The bytes are not 32 in number.
const E_ADDRESS_PARSE: u64 = 0;

pub(super) fn register(table: &mut NativeTable) {
    table.register(super::FRAMEWORK, "address", "from_bytes", from_bytes);
    table.register(super::FRAMEWORK, "address", "from_u256", from_u256);
    table.register(super::FRAMEWORK, "address", "to_u256", to_u256);
}

fn from_bytes(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)?;
    let address = Address::from_bytes(context.arg_bytes(0)?);
    match address {
        Ok(address) => context.return_address(address),
        Err(_) => Err(context.abort(E_ADDRESS_PARSE)),
    }
}

fn from_u256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)?;
    let number = context.arg_u256(0)?;
    context.return_address(Address::new(number.to_be_bytes()))
}

fn to_u256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    context.charge(COST)?;
    let address = context.arg_address(0)?;
    context.return_u256(U256::from_be_bytes(address.into_inner()))
}
