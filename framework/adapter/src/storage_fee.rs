//! What storing an object costs.
//!
//! The fee is paid when a version is written and kept with the object as its
//! rebate; when the version ends, [`STORAGE_REBATE_RATE_BPS`] of it goes back
//! to whoever pays for the transaction, the rest is kept by the network.

use crate::changes::{Body, Draft};
use heddle_objects::limits::{STORAGE_GAS_PRICE, STORAGE_REBATE_RATE_BPS, STORAGE_UNITS_PER_BYTE};
use sui_sdk_types::{Address, MovePackage, StructTag, TypeTag};

/// Bytes that every object is charged for besides its data: owner (40),
/// previous transaction (32) and rebate (8).
const METADATA_BYTES: usize = 80;
/// Bytes of a Move object's version and its transfer flag.
const STRUCT_HEADER_BYTES: usize = 9;

/// Size of a package, in bytes, as limits and fees count it.
pub(crate) fn package_bytes(package: &MovePackage) -> usize {
    let modules: usize = package
        .modules
        .iter()
        .map(|(name, bytes)| name.as_str().len() + bytes.len())
        .sum();
    let origins: usize = package
        .type_origin_table
        .iter()
        .map(|origin| {
            origin.module_name.as_str().len() + origin.struct_name.as_str().len() + Address::LENGTH
        })
        .sum();
    let links = package.linkage_table.len() * (2 * Address::LENGTH + size_of::<u64>());
    size_of::<u64>() + modules + origins + links
}

/// The fee for storing an object, in base units.
pub(crate) fn of(draft: &Draft) -> u64 {
    let data = match &draft.body {
        Body::Struct {
            type_, contents, ..
        } => STRUCT_HEADER_BYTES + object_type_bytes(type_) + contents.len(),
        Body::Package(package) => package_bytes(package),
    };
    let bytes = u64::try_from(METADATA_BYTES + data).unwrap_or(u64::MAX);
    bytes
        .saturating_mul(STORAGE_UNITS_PER_BYTE)
        .saturating_mul(STORAGE_GAS_PRICE)
}

/// The part of a kept fee that is paid back, rounded half up, in base units.
pub(crate) fn refund(rebate: u64) -> u64 {
    let refund = (u128::from(rebate) * u128::from(STORAGE_REBATE_RATE_BPS) + 5_000) / 10_000;
    u64::try_from(refund).unwrap_or(rebate)
}

/// Bytes of an object's type in the public format, which abbreviates the types
/// of coins.
fn object_type_bytes(type_: &StructTag) -> usize {
    match type_.is_coin() {
        Some(TypeTag::Struct(inner)) if **inner == StructTag::sui() => 1,
        Some(inner) => 1 + bcs_len(inner),
        None => 1 + bcs_len(type_),
    }
}

fn bcs_len<T: serde::Serialize>(value: &T) -> usize {
    bcs::serialized_size(value).unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sui_sdk_types::Owner;

    #[test]
    fn a_native_coin_costs_what_clients_expect() {
        let draft = Draft {
            body: Body::Struct {
                type_: StructTag::gas_coin(),
                has_public_transfer: true,
                contents: vec![0; 40],
            },
            owner: Owner::Immutable,
        };
        // 130 bytes at 100 units of 76.
        assert_eq!(of(&draft), 988_000);
        assert_eq!(refund(988_000), 978_120);
    }

    #[test]
    fn refunds_never_exceed_what_was_kept() {
        for rebate in [0, 1, 49, 50, 51, 99, 100, 9_999, u64::MAX] {
            assert!(refund(rebate) <= rebate, "{rebate}");
        }
    }
}
