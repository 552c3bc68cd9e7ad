//! Keys: fixed-width fields first, numbers big-endian, names closed by a zero
//! byte (no Move identifier holds one), so that every listing is a range.
//!
//! ```text
//! object        id(32) ‖ version(8)
//! owned         owner(32) ‖ type ‖ id(32)
//! type          address(32) ‖ module 00 ‖ name 00 ‖ hash of type arguments(32)
//! balance       owner(32) ‖ hash of coin type(32)
//! dynamic field parent(32) ‖ id(32)
//! package       original id(32) ‖ version(8)
//! ```
//!
//! Type arguments are hashed (BLAKE3 of their BCS) because they have no useful
//! order and may be long; nothing is ever read back out of the hash.

use crate::{StoreError, column::Column};
use sui_sdk_types::{Address, StructTag, TypeTag};

/// Bytes of an address, a digest or a hash in a key.
pub(crate) const HASH_BYTES: usize = 32;
/// Bytes of a number in a key.
pub(crate) const NUMBER_BYTES: usize = 8;
/// Bytes of an (object id, version) key.
pub(crate) const VERSIONED_BYTES: usize = HASH_BYTES + NUMBER_BYTES;

/// `id ‖ number`: objects by version, consumers, packages by version.
pub(crate) fn versioned(id: &Address, number: u64) -> [u8; VERSIONED_BYTES] {
    let mut key = [0; VERSIONED_BYTES];
    key[..HASH_BYTES].copy_from_slice(id.as_bytes());
    key[HASH_BYTES..].copy_from_slice(&number.to_be_bytes());
    key
}

/// `first ‖ second`, both 32 bytes.
pub(crate) fn pair(first: &[u8; HASH_BYTES], second: &[u8; HASH_BYTES]) -> [u8; 2 * HASH_BYTES] {
    let mut key = [0; 2 * HASH_BYTES];
    key[..HASH_BYTES].copy_from_slice(first);
    key[HASH_BYTES..].copy_from_slice(second);
    key
}

/// Appends a name and the zero byte that closes it.
pub(crate) fn push_name(key: &mut Vec<u8>, name: &str) {
    key.extend_from_slice(name.as_bytes());
    key.push(0);
}

/// BLAKE3 of the BCS of a list of type arguments.
pub(crate) fn type_arguments_hash(arguments: &[TypeTag]) -> [u8; HASH_BYTES] {
    hash_of(arguments)
}

/// BLAKE3 of the BCS of a coin type.
pub(crate) fn coin_type_hash(coin_type: &TypeTag) -> [u8; HASH_BYTES] {
    hash_of(coin_type)
}

fn hash_of<T: serde::Serialize + ?Sized>(value: &T) -> [u8; HASH_BYTES] {
    let mut hasher = blake3::Hasher::new();
    bcs::serialize_into(&mut hasher, value)
        .expect("invariant: type tags were decoded from BCS or built within its limits");
    *hasher.finalize().as_bytes()
}

/// Appends a full type.
pub(crate) fn push_type(key: &mut Vec<u8>, tag: &StructTag) {
    key.extend_from_slice(tag.address().as_bytes());
    push_name(key, tag.module().as_str());
    push_name(key, tag.name().as_str());
    key.extend_from_slice(&type_arguments_hash(tag.type_params()));
}

/// Key of a live object under its owner.
pub(crate) fn owned(owner: &Address, tag: &StructTag, id: &Address) -> Vec<u8> {
    let names = tag.module().as_str().len() + tag.name().as_str().len() + 2;
    let mut key = Vec::with_capacity(4 * HASH_BYTES + names);
    key.extend_from_slice(owner.as_bytes());
    push_type(&mut key, tag);
    key.extend_from_slice(id.as_bytes());
    key
}

/// Key of the balance of one owner in one coin type.
pub(crate) fn balance(owner: &Address, coin_type: &TypeTag) -> [u8; 2 * HASH_BYTES] {
    pair(owner.inner(), &coin_type_hash(coin_type))
}

/// The last 32 bytes of a key, as an object id.
pub(crate) fn trailing_id(column: Column, key: &[u8]) -> Result<Address, StoreError> {
    key.len()
        .checked_sub(HASH_BYTES)
        .and_then(|start| Address::from_bytes(&key[start..]).ok())
        .ok_or_else(|| malformed(column, key))
}

/// The last 8 bytes of a key, as a number.
pub(crate) fn trailing_number(column: Column, key: &[u8]) -> Result<u64, StoreError> {
    key.len()
        .checked_sub(NUMBER_BYTES)
        .and_then(|start| key[start..].try_into().ok())
        .map(u64::from_be_bytes)
        .ok_or_else(|| malformed(column, key))
}

/// The key that follows every key with this prefix, `None` if there is none.
pub(crate) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

pub(crate) fn malformed(column: Column, key: &[u8]) -> StoreError {
    StoreError::Corrupt {
        column: column.name(),
        key: hex::encode(key),
        reason: "the key is too short".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_end_of_a_prefix_follows_all_its_keys() {
        for (prefix, end) in [
            (vec![1, 2], Some(vec![1, 3])),
            (vec![1, 255], Some(vec![2])),
            (vec![255, 255], None),
            (vec![], None),
        ] {
            assert_eq!(prefix_end(&prefix), end);
        }
    }

    #[test]
    fn key_encodings_are_pinned() {
        let owner = Address::from_static("0xa11ce");
        let id = Address::from_static("0x1d");
        let gas: TypeTag = StructTag::sui().into();
        let all = [
            versioned(&id, 258).to_vec(),
            owned(&owner, &StructTag::gas_coin(), &id),
            balance(&owner, &gas).to_vec(),
        ]
        .concat();
        assert_eq!(
            hex::encode(blake3::hash(&all).as_bytes()),
            "0351e75aad3e637d6bea3a1efe7841189b2a77f16ca45317094f543f4642ed6d"
        );
    }

    proptest! {
        #[test]
        fn versions_sort_as_numbers(id: [u8; 32], a: u64, b: u64) {
            let id = Address::new(id);
            prop_assert_eq!(versioned(&id, a).cmp(&versioned(&id, b)), a.cmp(&b));
        }
    }
}
