//! Tests of the listings by owner, coin type and lineage.

use super::*;

#[test]
fn listings_go_by_type_and_in_pages() {
    let (_directory, store) = open();
    let mut world = World::default();
    let alice = Owner::Address(address(1));
    let mut changes: Vec<Change> = (10..25).map(|id| coin(id, 1, id)).collect();
    changes.push(put(30, StructTag::coin(other_coin()), alice, 5));
    changes.push(put(31, plain_tag(), alice, 0));
    changes.push(coin(40, 2, 1));
    let entry = world.execute(1, &changes);
    store.commit(&batch(vec![entry])).unwrap();

    let count = |filter: &TypeFilter| {
        let page = store.owned_objects(&address(1), Some(filter), None, 100);
        page.unwrap().items.len()
    };
    let coin_without_arguments = StructTag::new(
        *StructTag::gas_coin().address(),
        name("coin"),
        name("Coin"),
        vec![],
    );
    assert_eq!(count(&TypeFilter::of(&coin_without_arguments)), 16);
    assert_eq!(count(&TypeFilter::exact(&StructTag::gas_coin())), 15);
    assert_eq!(count(&TypeFilter::of(&StructTag::coin(other_coin()))), 1);
    assert_eq!(
        count(&TypeFilter::any_arguments(&StructTag::gas_coin())),
        16
    );
    assert_eq!(count(&TypeFilter::exact(&coin_without_arguments)), 0);

    let mut seen = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = store
            .owned_objects(&address(1), None, cursor.as_ref(), 4)
            .unwrap();
        assert!(page.items.len() <= 4);
        seen.extend(page.items.into_iter().map(|item| item.id));
        // The last object of a page goes away: the listing goes on behind it.
        let gone = *seen.last().unwrap();
        let removal = Removal::Deleted;
        let entry = world.execute(1, &[Change::Remove { id: gone, removal }]);
        store.commit(&batch(vec![entry])).unwrap();
        match page.next {
            None => break,
            Some(next) => cursor = Some(Cursor::from_bytes(next.into_bytes())),
        }
    }
    assert_eq!(seen.len(), 17);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 17);
    let too_long = Cursor::from_bytes(vec![0; Cursor::BYTES_MAX + 1]);
    let refused = store.owned_objects(&address(1), None, Some(&too_long), 4);
    assert_eq!(refused, Err(StoreError::InvalidCursor));
    assert_eq!(
        store.balances(&address(2), None, 10).unwrap().items.len(),
        1
    );
}

#[test]
fn what_describes_a_coin_type_is_found() {
    let (_directory, store) = open();
    let mut world = World::default();
    let tag = StructTag::new(
        sui_sdk_types::Address::TWO,
        name("coin"),
        name("TreasuryCap"),
        vec![other_coin()],
    );
    let entry = world.execute(1, &[put(5, tag, Owner::Address(address(1)), 0)]);
    store.commit(&batch(vec![entry])).unwrap();
    let kind = CoinObjectKind::TreasuryCap;
    assert_eq!(
        store.coin_object(kind, &other_coin()).unwrap(),
        Some(address(5))
    );
    assert_eq!(store.coin_object(kind, &native()).unwrap(), None);
    let metadata = CoinObjectKind::Metadata;
    assert_eq!(store.coin_object(metadata, &other_coin()).unwrap(), None);
}

#[test]
fn packages_are_found_by_lineage() {
    let (_directory, store) = open();
    let mut world = World::default();
    let id = address(8);
    let entry = world.execute(1, &[Change::Publish { id, version: 1 }]);
    store.commit(&batch(vec![entry])).unwrap();
    let latest = store.latest_package_version(&id).unwrap().unwrap();
    assert_eq!((latest.version, latest.storage_id), (1, id));
    assert_eq!(
        store.package_versions(&id, None, 10).unwrap().items,
        [latest]
    );
    assert_eq!(store.latest_package_version(&address(9)).unwrap(), None);

    // The fixture's modules are no bytecode: a later version can't be placed.
    let id = address(9);
    let entry = world.execute(1, &[Change::Publish { id, version: 2 }]);
    let refused = store.commit(&batch(vec![entry])).unwrap_err();
    assert!(matches!(
        refused,
        StoreError::InconsistentOutput {
            problem: OutputProblem::UnreadablePackage,
            ..
        }
    ));
}
