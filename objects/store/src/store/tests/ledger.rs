//! Tests of transactions by digest and order, and of the chain of checkpoints.

use super::*;

#[test]
fn transactions_are_found_by_digest_order_and_consumer() {
    let (_directory, store) = open();
    let mut world = World::default();
    let first = world.execute(1, &[coin(1, 1, 10)]);
    let second = world.execute(1, &[coin(1, 2, 10)]);
    store.commit(&batch(vec![first, second])).unwrap();
    let digests: Vec<Digest> = world.executed.iter().map(|e| e.digest).collect();
    for executed in &world.executed {
        let found = store.executed_transaction(&executed.digest).unwrap();
        assert_eq!(found.as_ref(), Some(executed));
        assert!(store.is_executed(&executed.digest).unwrap());
    }
    let one = store.executed_from(ExecutionSequence(1), 10).unwrap();
    assert_eq!(one, [(ExecutionSequence(1), digests[1])]);
    assert_eq!(
        store.executed_from(ExecutionSequence(0), 1).unwrap().len(),
        1
    );
    let id = address(1);
    assert_eq!(store.consumer_of(&id, 1).unwrap(), Some(digests[1]));
    assert_eq!(store.consumer_of(&id, 2).unwrap(), None);
    assert!(store.has_version(&id, 2).unwrap());
    assert!(!store.is_executed(&Digest::ZERO).unwrap());
    assert_eq!(store.executed_transaction(&Digest::ZERO).unwrap(), None);
}

#[test]
fn checkpoints_and_the_ledger_index() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entries: Vec<_> = (0..6_u64)
        .map(|round| world.execute(round % 2, &[coin(1 + round % 3, 9, round)]))
        .collect();
    let mut all = batch(entries);
    all.push_checkpoint(world.checkpoint(2));
    all.push_checkpoint(world.checkpoint(4));
    store.commit(&all).unwrap();
    let tip = store.checkpoint_tip().unwrap();
    assert_eq!((tip.sequence, tip.total_transactions), (1, 6));
    assert_eq!(store.checkpoint_by_digest(&tip.digest).unwrap(), Some(1));
    let positions = store.checkpoint_positions(1).unwrap().unwrap();
    assert_eq!(positions, LedgerPosition(2)..LedgerPosition(6));
    let location = store.location(&world.executed[3].digest).unwrap().unwrap();
    assert_eq!((location.checkpoint, location.index), (1, 1));
    let at_three = store.transaction_at(LedgerPosition(3)).unwrap();
    assert_eq!(at_three, Some(world.executed[3].digest));

    let whole = LedgerPosition(0)..LedgerPosition(6);
    let find = |subject: &LedgerSubject, range, order, limit| -> Vec<u64> {
        let found = store.positions_of(subject, range, order, limit).unwrap();
        found.into_iter().map(|position| position.0).collect()
    };
    let up = LedgerOrder::Ascending;
    let sender = LedgerSubject::Sender(address(1));
    assert_eq!(find(&sender, whole.clone(), up, 10), [1, 3, 5]);
    let down = LedgerOrder::Descending;
    assert_eq!(find(&sender, whole.clone(), down, 2), [5, 3]);
    let later = LedgerPosition(2)..LedgerPosition(5);
    assert_eq!(find(&sender, later, up, 10), [3]);
    let object = LedgerSubject::AffectedObject(address(1));
    assert_eq!(find(&object, whole.clone(), up, 10), [0, 3]);
    let owner = LedgerSubject::AffectedAddress(address(9));
    assert_eq!(find(&owner, whole.clone(), up, 10), [0, 1, 2, 3, 4, 5]);
    let event = LedgerSubject::EventName(address(0xeee), name("events"), name("Odd"));
    assert_eq!(find(&event, whole.clone(), up, 10), [1, 3, 5]);
    let nobody = LedgerSubject::Sender(address(77));
    assert_eq!(find(&nobody, whole, up, 10), [0; 0]);
}

fn chain_problem(store: &Store, checkpoint: NewCheckpoint) -> ChainProblem {
    let mut batch = CommitBatch::new();
    batch.push_checkpoint(checkpoint);
    match store.commit(&batch).unwrap_err() {
        StoreError::BrokenChain { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

#[test]
fn checkpoints_that_do_not_continue_the_chain_are_refused() {
    let (_directory, store) = open();
    let mut world = World::default();
    let entries = (0..4).map(|round| world.execute(1, &[coin(1, 1, round)]));
    let mut all = batch(entries.collect());
    all.push_checkpoint(world.checkpoint(1));
    store.commit(&all).unwrap();
    let good = world.checkpoint(2);

    let mut bad = good.clone();
    bad.summary.checkpoint.sequence_number = 5;
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Sequence { expected: 1 });
    let mut bad = good.clone();
    bad.summary.checkpoint.previous_digest = None;
    let problem = chain_problem(&store, bad);
    assert!(matches!(
        problem,
        ChainProblem::Previous { found: None, .. }
    ));
    let mut bad = good.clone();
    bad.summary.checkpoint.content_digest = Digest::ZERO;
    let problem = chain_problem(&store, bad);
    assert!(matches!(problem, ChainProblem::Contents { .. }));
    let mut bad = good.clone();
    bad.summary.checkpoint.network_total_transactions = 9;
    let problem = chain_problem(&store, bad);
    assert_eq!(
        problem,
        ChainProblem::Total {
            expected: 3,
            found: 9
        }
    );
    let mut bad = good.clone();
    bad.transactions.swap(0, 1);
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Transactions { index: 0 });
    let mut bad = good.clone();
    bad.transactions.pop();
    let problem = chain_problem(&store, bad);
    assert_eq!(problem, ChainProblem::Transactions { index: 1 });

    let mut batch = CommitBatch::new();
    batch.push_checkpoint(good);
    store.commit(&batch).unwrap();
    store.verify_integrity().unwrap();
}

#[test]
fn a_transaction_is_in_one_checkpoint_only_and_only_once_executed() {
    let (_directory, store) = open();
    let mut world = World::default();
    world.execute(1, &[coin(1, 1, 1)]);
    let problem = chain_problem(&store, world.checkpoint(1));
    let transaction = world.executed[0].digest;
    assert_eq!(problem, ChainProblem::Foreign { transaction });
}
