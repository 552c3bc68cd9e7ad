use super::*;
use crate::{
    sequencer::{Sequencer, SequencerError},
    test_network::{DELETE, TestNetwork, account, counter_id, number},
    test_transactions::increment,
};
use std::sync::Weak;
use sui_sdk_types::{ExecutionError, ExecutionStatus, Input, ObjectReference};

/// Delivers every transaction in two commits, and every commit twice.
struct Stuttering {
    sink: Mutex<Option<Arc<dyn CommitSink>>>,
    mark: Mutex<CommitMark>,
}

impl Sequencer for Stuttering {
    fn submit(&self, transaction: Arc<VerifiedTransaction>) -> Result<(), SequencerError> {
        let sink = self.sink.lock().clone().ok_or(SequencerError::Stopped)?;
        for _ in 0..2 {
            let mut mark = self.mark.lock();
            mark.index = mark.index.next();
            let commit = OrderedCommit {
                mark: *mark,
                transactions: vec![transaction.clone()],
            };
            sink.deliver(commit.clone());
            sink.deliver(commit);
        }
        Ok(())
    }

    fn queued(&self) -> usize {
        0
    }

    fn stop(&self) {
        self.sink.lock().take();
    }
}

#[test]
fn what_is_delivered_again_is_executed_once() {
    let network = TestNetwork::start_sequenced(4, 1, |sink, mark| {
        Ok(Box::new(Stuttering {
            sink: Mutex::new(Some(sink)),
            mark: Mutex::new(mark),
        }))
    });
    let weak: Weak<Engine> = Arc::downgrade(&network.core().engine);
    let mut digests = Vec::new();
    for round in 0..10 {
        let sender = account(round % 4);
        let gas: ObjectReference = network.coin(round % 4, 0);
        let signed = sender.sign(increment(sender.address, &[(counter_id(0), true)], gas));
        digests.push(signed.transaction.digest());
        network.submit(signed).expect("accepted");
    }
    assert_eq!(number(&network.object(&counter_id(0))), 10);
    let store = network.core().engine.cache.store().clone();
    network.core().shutdown();
    let executed = store
        .executed_from(Default::default(), 1_000)
        .expect("readable");
    for digest in &digests {
        let times = executed.iter().filter(|(_, d)| d == digest).count();
        assert_eq!(times, 1);
    }
    // Genesis, and one prologue for each commit however often it came.
    assert_eq!(executed.len(), 1 + digests.len() + 20);
    drop(network);
    assert!(
        weak.upgrade().is_none(),
        "nothing keeps a stopped node alive"
    );
}

/// Waits for a number of transactions, then orders them by their budgets in
/// one commit.
struct Gathering {
    sink: Mutex<Option<Arc<dyn CommitSink>>>,
    gathered: Mutex<Vec<Arc<VerifiedTransaction>>>,
    count: usize,
}

impl Sequencer for Gathering {
    fn submit(&self, transaction: Arc<VerifiedTransaction>) -> Result<(), SequencerError> {
        let mut gathered = self.gathered.lock();
        gathered.push(transaction);
        if gathered.len() < self.count {
            return Ok(());
        }
        let mut transactions = std::mem::take(&mut *gathered);
        transactions.sort_by_key(|verified| verified.transaction.gas_payment.budget);
        let sink = self.sink.lock().clone().ok_or(SequencerError::Stopped)?;
        sink.deliver(OrderedCommit {
            mark: CommitMark {
                index: CommitIndex(1),
                timestamp_ms: 5_000,
            },
            transactions,
        });
        Ok(())
    }

    fn queued(&self) -> usize {
        self.gathered.lock().len()
    }

    fn stop(&self) {
        self.sink.lock().take();
    }
}

/// Those ordered after a deletion execute to a failure; nobody waits for ever,
/// and other shared objects that they use go on.
#[test]
fn what_comes_after_a_deletion_fails_in_order() {
    const USERS: u8 = 6;
    let network = TestNetwork::start_sequenced(USERS, 2, |sink, _| {
        Ok(Box::new(Gathering {
            sink: Mutex::new(Some(sink)),
            gathered: Mutex::default(),
            count: usize::from(USERS),
        }))
    });
    let statuses: Vec<ExecutionStatus> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..USERS)
            .map(|user| {
                let network = &network;
                scope.spawn(move || {
                    let sender = account(user);
                    let used = [(counter_id(0), user % 2 == 0), (counter_id(1), true)];
                    let mut transaction = increment(sender.address, &used, network.coin(user, 0));
                    transaction.gas_payment.budget += u64::from(user);
                    if user == 2 {
                        let TransactionKind::ProgrammableTransaction(commands) =
                            &mut transaction.kind
                        else {
                            unreachable!("an increment is programmable");
                        };
                        commands.inputs.push(Input::Pure(DELETE.to_vec()));
                    }
                    let receipt = network.submit(sender.sign(transaction)).expect("accepted");
                    receipt.executed.effects.status().clone()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let gone = ExecutionStatus::Failure {
        error: ExecutionError::InputObjectDeleted,
        command: None,
    };
    for (user, status) in statuses.iter().enumerate() {
        let expected = if user <= 2 {
            &ExecutionStatus::Success
        } else {
            &gone
        };
        assert_eq!(status, expected, "user {user}");
    }
    // Two before the deletion; the deletion takes counter 0 alone.
    assert_eq!(number(&network.object(&counter_id(1))), 3);
    let refused = network
        .submit({
            let sender = account(0);
            let used = [(counter_id(0), true)];
            sender.sign(increment(sender.address, &used, network.coin(0, 0)))
        })
        .expect_err("it is gone");
    assert_eq!(refused.code(), "OBJECT_REMOVED");
    let store = network.core().engine.cache.store().clone();
    network.core().shutdown();
    store.verify_integrity().expect("consistent");
}
