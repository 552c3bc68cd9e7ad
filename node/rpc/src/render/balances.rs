//! Who gained and lost how much of which coin, read off the coins that went
//! into a transaction and the coins that came out.

use heddle_objects::Ownership;
use heddle_objects::object::{coin_balance, coin_type};
use heddle_objects::sui_sdk_types::{Address, Object};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// The changes, by owner and coin type; what adds up to nothing is left out.
pub(crate) fn changes(before: &[Arc<Object>], after: &[Arc<Object>]) -> Vec<proto::BalanceChange> {
    let mut sums: BTreeMap<(Address, String), i128> = BTreeMap::new();
    let signed = [(before, -1_i128), (after, 1_i128)];
    for (objects, sign) in signed {
        for object in objects {
            let owner = Ownership::of(object.owner()).and_then(Ownership::address);
            let (Some(owner), Some(type_), Some(balance)) =
                (owner, coin_type(object), coin_balance(object))
            else {
                continue;
            };
            // At most 2¹¹ objects of less than 2⁶⁴ each: no overflow.
            *sums.entry((owner, type_.to_string())).or_default() += sign * i128::from(balance);
        }
    }
    sums.into_iter()
        .filter(|(_, amount)| *amount != 0)
        .map(|((owner, type_), amount)| {
            let mut change = proto::BalanceChange::default();
            change.address = Some(owner.to_string());
            change.coin_type = Some(type_);
            change.amount = Some(amount.to_string());
            change
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_objects::sui_sdk_types::{Digest, MoveStruct, ObjectData, Owner, StructTag};

    fn coin(id: u8, owner: Owner, balance: u64) -> Arc<Object> {
        let mut contents = vec![id; 32];
        contents.extend_from_slice(&balance.to_le_bytes());
        let value =
            MoveStruct::new(StructTag::gas_coin(), true, 1, contents).expect("begins with an id");
        Arc::new(Object::new(
            ObjectData::Struct(value),
            owner,
            Digest::ZERO,
            0,
        ))
    }

    #[test]
    fn a_transfer_moves_and_a_split_does_not() {
        let alice = Address::from_static("0xa");
        let bob = Address::from_static("0xb");
        let before = [coin(1, Owner::Address(alice), 1_000)];
        let after = [
            coin(1, Owner::Address(alice), 600),
            coin(2, Owner::Address(alice), 100),
            coin(3, Owner::Address(bob), 250),
            coin(4, Owner::Shared(3), 50),
        ];
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| (change.address.expect("set"), change.amount.expect("set")))
            .collect();
        assert_eq!(
            found,
            [
                (alice.to_string(), "-300".to_owned()),
                (bob.to_string(), "250".to_owned())
            ]
        );
    }

    #[test]
    fn nothing_is_said_of_what_stays_the_same() {
        let alice = Address::from_static("0xa");
        let before = [coin(1, Owner::Address(alice), 10)];
        let after = [
            coin(1, Owner::Address(alice), 4),
            coin(2, Owner::Address(alice), 6),
        ];
        assert!(changes(&before, &after).is_empty());
    }
}
