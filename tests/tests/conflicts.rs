//! Two conflicting transactions on one owned version, sent at the same time
//! from eight clients: exactly one executes, the others get a typed refusal
//! that names it.

use heddle_tests::process::Network;
use heddle_tests::wallet::{Wallet, coins, execute, written};
use sui_rpc::Client;
use sui_sdk_types::{Digest, ObjectReference, Transaction, TransactionEffects};
use tonic::Code;

const ROUNDS: usize = 1_000;
const CLIENTS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_of_two_conflicting_transactions_executes() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = Wallet::seeded(1);
    let fund = wallet.address.to_string();
    let network = Network::start(&folder.path().join("data"), &["--fund", &fund]);
    let clients: Vec<Client> = (0..CLIENTS)
        .map(|_| Client::new(network.rpc_url()).unwrap())
        .collect();
    let mut gas = coins(&clients[0], wallet.address).await.unwrap()[0]
        .reference
        .clone();
    let mut wins = [0usize; 2];
    for round in 0..ROUNDS {
        let (winner, next) = conflict(&clients, &wallet, gas, round).await;
        wins[winner] += 1;
        gas = next;
    }
    println!("wins of the two transactions over {ROUNDS} rounds: {wins:?}");
}

/// One round. Returns which of the two executed, and the coin afterwards.
async fn conflict(
    clients: &[Client],
    wallet: &Wallet,
    gas: ObjectReference,
    round: usize,
) -> (usize, ObjectReference) {
    let pair: Vec<Transaction> = [1, 2]
        .map(|amount| wallet.pay(gas.clone(), amount, wallet.address))
        .into();
    let digests: Vec<Digest> = pair.iter().map(Transaction::digest).collect();
    let sends = clients.iter().enumerate().map(|(index, client)| {
        let transaction = &pair[(index + round) % 2];
        async move {
            let result = execute(client, transaction, vec![wallet.sign(transaction)]).await;
            ((index + round) % 2, result)
        }
    });
    let results = futures::future::join_all(sends).await;

    let executed: Vec<(usize, &TransactionEffects)> = results
        .iter()
        .filter_map(|(which, result)| Some((*which, result.as_ref().ok()?)))
        .collect();
    let (winner, effects) = *executed
        .first()
        .unwrap_or_else(|| panic!("round {round}: nobody won: {results:?}"));
    for (which, other) in &executed {
        assert_eq!(*which, winner, "round {round}: both executed");
        assert_eq!(*other, effects, "round {round}: one digest, two effects");
    }
    for (which, result) in &results {
        let Err(status) = result else { continue };
        assert_ne!(*which, winner, "round {round}: {status:?}");
        assert!(
            matches!(status.code(), Code::Aborted | Code::FailedPrecondition),
            "round {round}: {status:?}"
        );
        assert!(
            status.message().contains(&digests[winner].to_string()),
            "round {round}: the refusal does not name the winner {}: {status:?}",
            digests[winner]
        );
    }
    (winner, written(effects, gas.object_id()).unwrap())
}
