//! Transactions of the system.

mod world;

use heddle_adapter::ExecuteError;
use heddle_objects::{CLOCK_ID, ExecutionOutput, ExecutionRequest, ObjectRead, SharedVersion};
use std::sync::Arc;
use sui_sdk_types::{
    Address, ChangeEpoch, ConsensusCommitPrologueV4, ConsensusDeterminedVersionAssignments, Digest,
    GasCostSummary, GasPayment, Owner, Transaction, TransactionExpiration, TransactionKind,
};
use world::chain::Chain;
use world::{assert_success, effects, epoch};

fn request(kind: TransactionKind, shared_versions: Vec<SharedVersion>) -> ExecutionRequest {
    let transaction = Transaction {
        kind,
        sender: Address::ZERO,
        gas_payment: GasPayment {
            objects: vec![],
            owner: Address::ZERO,
            price: 1,
            budget: 0,
        },
        expiration: TransactionExpiration::None,
    };
    ExecutionRequest {
        digest: transaction.digest(),
        transaction: Arc::new(transaction),
        shared_versions,
        epoch: epoch(),
    }
}

fn prologue(timestamp_ms: u64) -> TransactionKind {
    TransactionKind::ConsensusCommitPrologueV4(ConsensusCommitPrologueV4 {
        epoch: 3,
        round: 1,
        sub_dag_index: None,
        commit_timestamp_ms: timestamp_ms,
        consensus_commit_digest: Digest::ZERO,
        consensus_determined_version_assignments:
            ConsensusDeterminedVersionAssignments::CanceledTransactions {
                canceled_transactions: vec![],
            },
        additional_state_digest: Digest::ZERO,
    })
}

fn tick(chain: &mut Chain, timestamp_ms: u64) -> ExecutionOutput {
    let version = chain.world.reference(&CLOCK_ID).version();
    let assigned = SharedVersion {
        object_id: CLOCK_ID,
        version,
    };
    let output = chain
        .world
        .executor
        .execute(
            &request(prologue(timestamp_ms), vec![assigned]),
            &chain.world.store,
        )
        .expect("a prologue");
    assert_eq!(output.lamport_version, version + 1);
    chain.world.store.apply(&output);
    output
}

fn reading(chain: &Chain) -> u64 {
    let clock = chain
        .world
        .store
        .latest(&CLOCK_ID)
        .expect("memory")
        .expect("a clock");
    let contents = clock.as_struct().expect("an object").contents().to_vec();
    u64::from_le_bytes(contents[32..].try_into().expect("a timestamp"))
}

#[test]
fn the_prologue_sets_the_clock_which_never_goes_back() {
    let mut chain = Chain::new();
    let before = chain.world.total();
    for (timestamp_ms, expected) in [(500, 500), (900, 900), (300, 900)] {
        let output = tick(&mut chain, timestamp_ms);
        assert_success(&output);
        assert_eq!(reading(&chain), expected);
        assert_eq!(effects(&output).gas_used, GasCostSummary::default());
        assert_eq!(effects(&output).gas_object_index, None);
        assert_eq!(effects(&output).changed_objects.len(), 1);
    }
    assert_eq!(chain.world.owner(&CLOCK_ID), Some(Owner::Shared(1)));
    assert_eq!(chain.world.total(), before);
}

#[test]
fn a_prologue_needs_the_clocks_version() {
    let chain = Chain::new();
    let result = chain
        .world
        .executor
        .execute(&request(prologue(1), vec![]), &chain.world.store);
    assert!(matches!(
        result,
        Err(ExecuteError::MissingSharedVersion { id }) if id == CLOCK_ID
    ));
}

#[test]
fn what_is_not_built_says_so() {
    let chain = Chain::new();
    let kind = TransactionKind::ChangeEpoch(ChangeEpoch {
        epoch: 4,
        protocol_version: 1,
        storage_charge: 0,
        computation_charge: 0,
        storage_rebate: 0,
        non_refundable_storage_fee: 0,
        epoch_start_timestamp_ms: 0,
        system_packages: vec![],
    });
    let result = chain
        .world
        .executor
        .execute(&request(kind, vec![]), &chain.world.store);
    assert!(matches!(result, Err(ExecuteError::NotBuilt(_))));
}
