//! `std::unit_test`, which exists only in packages built in test mode.

use super::STD;
use crate::{NativeContext, NativeError, NativeTable};

/// Signers that one call may ask for.
const SIGNERS_MAX: u64 = 256;

pub(super) fn register(table: &mut NativeTable) {
    let name = "create_signers_for_testing";
    table.register(STD, "unit_test", name, create_signers_for_testing);
    table.register(STD, "unit_test", "poison", poison);
    table.register(STD, "unit_test", "destroy", destroy);
}

/// `create_signers_for_testing(u64): vector<signer>`: signers whose addresses
/// count from 0.
fn create_signers_for_testing(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
    let count = context.arg_u64(0)?;
    if count > SIGNERS_MAX {
        return Err(context.abort(0));
    }
    context.charge(count * 4)?;
    let signers: Vec<[u8; 32]> = (0..count)
        .map(|index| {
            let mut address = [0; 32];
            address[24..].copy_from_slice(&index.to_be_bytes());
            address
        })
        .collect();
    let encoded = bcs::to_bytes(&signers).map_err(|error| NativeError::Host {
        detail: error.to_string(),
    })?;
    context.return_bcs(&encoded)
}

/// `poison()`: keeps test modules from being published; does nothing here.
fn poison(_: &mut NativeContext<'_>) -> Result<(), NativeError> {
    Ok(())
}

/// `destroy<T>(T)`: drops a value whose type may lack `drop`; the VM does so
/// with every argument that a native leaves.
fn destroy(_: &mut NativeContext<'_>) -> Result<(), NativeError> {
    Ok(())
}
