//! Tests of what lies on disk: damage is found, and the format is pinned.

use super::*;

/// A name, and what it does to a store.
type Damage = (&'static str, fn(&Store));

#[test]
fn damage_is_found() {
    let damage: [Damage; 5] = [
        ("live", |store| {
            let id = address(1);
            put_raw(store, Column::Live, id.as_bytes(), None);
        }),
        ("consumer", |store| {
            let key = crate::key::versioned(&address(1), 1);
            put_raw(store, Column::Consumers, &key, None);
        }),
        ("index", |store| {
            put_raw(store, Column::Owned, &[7; 100], Some(&[]));
        }),
        ("balance", |store| {
            let key = crate::key::balance(&address(2), &native());
            put_raw(store, Column::Balances, &key, None);
        }),
        ("commitment", |store| {
            let wrong = bcs::to_bytes(&StateCommitment::default()).unwrap();
            put_raw(store, Column::Metadata, b"commitment", Some(&wrong));
        }),
    ];
    for (what, inflict) in damage {
        let (_directory, store) = open();
        let mut world = World::default();
        let first = world.execute(1, &[coin(1, 1, 10)]);
        let second = world.execute(1, &[coin(1, 2, 10)]);
        store.commit(&batch(vec![first, second])).unwrap();
        store.verify_integrity().unwrap();
        inflict(&store);
        let found = store.verify_integrity().unwrap_err();
        let is_it = match what {
            "live" => matches!(found, IntegrityError::Live { .. }),
            "consumer" => matches!(found, IntegrityError::Consumer { .. }),
            "index" => matches!(found, IntegrityError::Index { .. }),
            "balance" => matches!(found, IntegrityError::Balance { .. }),
            _ => matches!(found, IntegrityError::Commitment { .. }),
        };
        assert!(is_it, "{what}: {found}");
    }
}

fn put_raw(store: &Store, column: Column, key: &[u8], value: Option<&[u8]>) {
    let mut write = WriteBatch::default();
    let handle = store.database.column(column);
    match value {
        Some(value) => write.put_cf(handle, key, value),
        None => write.delete_cf(handle, key),
    }
    store.database.write(write).unwrap();
}

/// Every key and value of a store in which every column is used. A difference
/// is another format: raise [`crate::FORMAT_VERSION`] with it.
#[test]
fn the_format_is_pinned() {
    let (_directory, store) = open();
    let mut world = World::default();
    let cap = StructTag::new(
        sui_sdk_types::Address::TWO,
        name("coin"),
        name("TreasuryCap"),
        vec![other_coin()],
    );
    let entries = vec![
        world.execute(
            1,
            &[
                coin(1, 1, 10),
                coin(2, 1, 20),
                random_put(4, 1, 1),
                random_put(8, 1, 1),
                put(6, cap, Owner::Address(address(1)), 0),
                Change::Publish {
                    id: address(9),
                    version: 1,
                },
            ],
        ),
        world.execute(2, &[coin(1, 2, 5), remove(2, Removal::Deleted)]),
        world.execute(2, &[remove(8, Removal::Wrapped)]),
    ];
    let mut all = batch(entries);
    all.push_checkpoint(world.checkpoint(3));
    all.set_node_state("n", Some(vec![1]));
    store.commit(&all).unwrap();
    let mut hasher = blake3::Hasher::new();
    for &column in Column::ALL {
        let mut is_used = false;
        hasher.update(column.name().as_bytes());
        let view = store.database.now();
        view.scan(column, &[], |key, value| {
            is_used = true;
            for part in [key, value] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            Ok(true)
        })
        .unwrap();
        assert!(is_used, "{} is not covered", column.name());
    }
    assert_eq!(
        hasher.finalize().to_hex().as_str(),
        "cb748b57a26d380fde5c6709cf33259f64ce5fbcf34244c1e54f8445e73ddb51"
    );
}
