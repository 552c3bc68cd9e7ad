//! Tests of which execution outputs are taken and which are refused.

use super::*;

fn problem_of(store: &Store, entry: CommitEntry) -> OutputProblem {
    let before = store.next_execution();
    let error = store.commit(&batch(vec![entry])).unwrap_err();
    assert!(error.is_rejected_batch());
    assert_eq!(store.next_execution(), before);
    match error {
        StoreError::InconsistentOutput { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

#[test]
fn outputs_that_do_not_fit_are_refused_and_change_nothing() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entry = world.execute(1, &[coin(1, 1, 10), coin(2, 1, 10)]);
    store.commit(&batch(vec![entry])).unwrap();
    let before = store.verify_integrity().unwrap();

    // Two transactions that consume the same version.
    let mut other = world.clone();
    let first = world.execute(1, &[coin(1, 2, 10)]);
    let second = other.execute(3, &[coin(1, 3, 10), coin(2, 3, 10)]);
    let error = store.commit(&batch(vec![first, second])).unwrap_err();
    assert!(matches!(
        error,
        StoreError::InconsistentOutput {
            problem: OutputProblem::StaleInput {
                expected: 1,
                found: Some(2)
            },
            ..
        }
    ));

    let mut missing = world.clone().execute(1, &[coin(2, 2, 10)]);
    missing.written.clear();
    assert_eq!(problem_of(&store, missing), OutputProblem::MissingWrite);

    let mut surplus = world.clone().execute(1, &[coin(2, 2, 10)]);
    let extra = world.clone().execute(1, &[coin(3, 2, 10)]);
    surplus.written.extend(extra.written);
    assert_eq!(problem_of(&store, surplus), OutputProblem::UnlistedWrite);

    let mut surplus = world.clone().execute(1, &[coin(2, 2, 10)]);
    surplus.removed.push(address(1));
    assert_eq!(problem_of(&store, surplus), OutputProblem::UnlistedWrite);

    let mut fresh = World::default();
    fresh.execute(1, &[]);
    let created_again = fresh.execute(5, &[remove(2, Removal::Deleted)]);
    assert_eq!(
        problem_of(&store, created_again),
        OutputProblem::AlreadyLive { found: 1 }
    );
    assert_eq!(store.verify_integrity().unwrap(), before);
}

#[test]
fn a_shared_object_that_is_gone_keeps_its_place_in_the_order() {
    let (_directory, store) = open();
    let mut world = World::default();
    let id = address(3);
    let entries = vec![
        world.execute(1, &[put(3, plain_tag(), Owner::Shared(1), 0)]),
        world.execute(1, &[remove(3, Removal::Deleted)]),
        world.execute(1, &[Change::NameRemoved { id }]),
    ];
    store.commit(&batch(entries)).unwrap();
    assert_eq!(store.live(&id).unwrap().unwrap().version(), 3);
    assert!(store.has_version(&id, 3).unwrap());
    assert_eq!(store.object_at_or_before(&id, 3).unwrap(), None);
    assert!(store.object_at_or_before(&id, 1).unwrap().is_some());
    store.verify_integrity().unwrap();
}
