//! Questions that every layer asks of an object: who may use it, whether it is
//! a coin and of how much, how large it is.
//!
//! Free functions over the public [`Object`], because the type is not ours.

use sui_sdk_types::{Address, Object, ObjectData, Owner, StructTag, TypeTag};

/// Bytes of BCS contents of a `0x2::coin::Coin<T>`: its id, then its balance.
pub const COIN_CONTENTS_BYTES: usize = Address::LENGTH + size_of::<u64>();

/// Who may use an object, and through which of the two paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// One address owns it; the fast path takes it.
    Address(Address),
    /// It is a dynamic field of this parent; reached only through its root.
    Parent(Address),
    /// Anybody may use it; the ordered path takes it.
    Shared {
        /// The version at which it became shared.
        initial_version: u64,
    },
    /// Anybody may read it and nobody may write it.
    Immutable,
    /// One address owns it, and only the ordered path takes it.
    Consensus {
        /// The owner.
        owner: Address,
        /// The version at which it last became owned through consensus.
        start_version: u64,
    },
}

impl Ownership {
    /// Classifies the owner field of an object; `None` for a kind of owner
    /// that this version of Heddle does not know.
    pub fn of(owner: &Owner) -> Option<Self> {
        match owner {
            Owner::Address(address) => Some(Ownership::Address(*address)),
            Owner::Object(parent) => Some(Ownership::Parent(*parent)),
            Owner::Shared(initial_version) => Some(Ownership::Shared {
                initial_version: *initial_version,
            }),
            Owner::Immutable => Some(Ownership::Immutable),
            Owner::ConsensusAddress {
                start_version,
                owner,
            } => Some(Ownership::Consensus {
                owner: *owner,
                start_version: *start_version,
            }),
            _ => None,
        }
    }

    /// The address that the object belongs to, by either path; `None` for
    /// dynamic fields, shared and immutable objects.
    pub fn address(self) -> Option<Address> {
        match self {
            Ownership::Address(owner) | Ownership::Consensus { owner, .. } => Some(owner),
            Ownership::Parent(_) | Ownership::Shared { .. } | Ownership::Immutable => None,
        }
    }
}

/// The type of a Move object, `None` for a package.
pub fn struct_tag(object: &Object) -> Option<&StructTag> {
    object.as_struct().map(|value| value.object_type())
}

/// The type `T` of a `0x2::coin::Coin<T>`, `None` for anything else.
pub fn coin_type(object: &Object) -> Option<&TypeTag> {
    struct_tag(object)?.is_coin()
}

/// The balance of a coin in its smallest unit, `None` if the object is no coin
/// or its contents have not the layout of one.
pub fn coin_balance(object: &Object) -> Option<u64> {
    let value = object.as_struct()?;
    value.object_type().is_coin()?;
    coin_balance_of_contents(value.contents())
}

/// The balance in the BCS contents of a coin: the eight bytes that follow the
/// id. `None` if the length is not that of a coin.
pub fn coin_balance_of_contents(contents: &[u8]) -> Option<u64> {
    if contents.len() != COIN_CONTENTS_BYTES {
        return None;
    }
    let (_, balance) = contents.split_at(Address::LENGTH);
    Some(u64::from_le_bytes(balance.try_into().ok()?))
}

/// Size of an object in bytes, as storage fees and caches count it: contents
/// or modules and tables, without the fixed fields around them.
pub fn payload_bytes(object: &Object) -> usize {
    match object.data() {
        ObjectData::Struct(value) => value.contents().len(),
        ObjectData::Package(package) => {
            let modules: usize = package
                .modules
                .iter()
                .map(|(name, bytes)| name.as_str().len() + bytes.len())
                .sum();
            let origins: usize = package
                .type_origin_table
                .iter()
                .map(|origin| {
                    origin.module_name.as_str().len()
                        + origin.struct_name.as_str().len()
                        + Address::LENGTH
                })
                .sum();
            let links = package.linkage_table.len() * (2 * Address::LENGTH + size_of::<u64>());
            modules + origins + links
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sui_sdk_types::{Digest, MoveStruct};

    fn object(tag: StructTag, contents: Vec<u8>) -> Object {
        let value = MoveStruct::new(tag, true, 1, contents).expect("contents begin with an id");
        Object::new(ObjectData::Struct(value), Owner::Immutable, Digest::ZERO, 0)
    }

    #[test]
    fn a_coin_has_a_type_and_a_balance() {
        let mut contents = vec![7; Address::LENGTH];
        contents.extend_from_slice(&1_234_u64.to_le_bytes());
        let coin = object(StructTag::gas_coin(), contents);
        assert_eq!(coin_balance(&coin), Some(1_234));
        assert_eq!(coin_type(&coin), Some(&StructTag::sui().into()));
        assert_eq!(payload_bytes(&coin), COIN_CONTENTS_BYTES);
    }

    #[test]
    fn only_coins_have_balances() {
        let not_a_coin = object(StructTag::sui(), vec![7; COIN_CONTENTS_BYTES]);
        assert_eq!(coin_balance(&not_a_coin), None);
        let wrong_layout = object(StructTag::gas_coin(), vec![7; COIN_CONTENTS_BYTES + 1]);
        assert_eq!(coin_balance(&wrong_layout), None);
    }

    #[test]
    fn owners_are_classified() {
        let alice = Address::from_static("0xa");
        for (owner, class, address) in [
            (
                Owner::Address(alice),
                Ownership::Address(alice),
                Some(alice),
            ),
            (Owner::Object(alice), Ownership::Parent(alice), None),
            (
                Owner::Shared(4),
                Ownership::Shared { initial_version: 4 },
                None,
            ),
            (Owner::Immutable, Ownership::Immutable, None),
            (
                Owner::ConsensusAddress {
                    start_version: 9,
                    owner: alice,
                },
                Ownership::Consensus {
                    owner: alice,
                    start_version: 9,
                },
                Some(alice),
            ),
        ] {
            let found = Ownership::of(&owner).expect("a known kind of owner");
            assert_eq!(found, class);
            assert_eq!(found.address(), address);
        }
    }
}
