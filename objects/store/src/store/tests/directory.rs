//! Tests of opening, sharing, filling up and copying a data directory.

use super::*;

#[test]
fn a_directory_is_opened_once() {
    let (directory, store) = open();
    let path = directory.path().to_owned();
    let second = Store::open(&path, small()).unwrap_err();
    assert_eq!(second, StoreError::Locked { path: path.clone() });
    drop(store);
    Store::open(&path, small()).unwrap();
}

#[test]
fn directories_of_others_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_owned();
    std::fs::write(path.join("heddle-store.format"), "999\n").unwrap();
    let refused = Store::open(&path, small()).unwrap_err();
    let expected = StoreError::OtherVersion {
        path: path.clone(),
        found: 999,
        expected: crate::FORMAT_VERSION,
    };
    assert_eq!(refused, expected);
    assert!(!path.join("db").exists());

    std::fs::remove_file(path.join("heddle-store.format")).unwrap();
    std::fs::create_dir(path.join("db")).unwrap();
    let refused = Store::open(&path, small()).unwrap_err();
    assert_eq!(refused, StoreError::NotAStore { path });
}

#[test]
fn a_full_disk_halts_writes_and_not_reads() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::default();
    let entry = world.execute(1, &[coin(1, 1, 10)]);
    let store = Store::open(directory.path(), small()).unwrap();
    store.commit(&batch(vec![entry])).unwrap();
    drop(store);

    let config = StoreConfig {
        free_disk_bytes_min: u64::MAX,
        ..small()
    };
    let store = Store::open(directory.path(), config).unwrap();
    let entry = world.execute(1, &[coin(1, 2, 10)]);
    let refused = batch(vec![entry]);
    let error = store.commit(&refused).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    let error = store.commit(&refused).unwrap_err();
    assert!(matches!(error, StoreError::Halted { .. }), "{error}");
    assert!(store.writable().is_err());
    assert_eq!(store.next_execution(), ExecutionSequence(1));
    assert_eq!(store.object(&address(1)).unwrap().unwrap().version(), 1);
    drop(store);

    let store = Store::open(directory.path(), small()).unwrap();
    store.commit(&refused).unwrap();
    assert_objects(&store, &world);
}

#[test]
fn a_backup_is_a_store() {
    let (directory, store) = open();
    let mut world = World::default();
    for round in 0..20 {
        let entry = world.execute(1, &[coin(1 + round % 3, round, 10)]);
        store.commit(&batch(vec![entry])).unwrap();
    }
    let copy = directory.path().join("copy");
    store.backup(&copy).unwrap();
    assert!(matches!(store.backup(&copy), Err(StoreError::Io { .. })));
    let backup = Store::open(&copy, small()).unwrap();
    assert_objects(&backup, &world);
    assert_eq!(backup.verify_integrity(), store.verify_integrity());
    assert_eq!(backup.commitment(), store.commitment());
    let sizes = store.sizes().unwrap();
    assert_eq!(sizes.len(), Column::ALL.len());
    let live = sizes.iter().find(|size| size.column == Column::Live);
    assert!(live.unwrap().keys >= 3);
}
