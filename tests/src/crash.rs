//! `kill -9` under load, again and again, and what must hold afterwards.
//!
//! Each round: clients send payments between a fixed set of accounts and note
//! every acknowledged digest with its effects; after a random while the process
//! is killed; then
//! 1. the store on disk is checked from end to end without the node
//!    (`Store::verify_integrity`: no object with two live versions, indexes and
//!    balances agree with objects, the checkpoint chain is whole, the state
//!    commitment matches);
//! 2. the node starts again and answers for every transaction acknowledged
//!    since the last crash, and for a sample of the older ones, with the
//!    effects that it gave before (after the last crash, for all of them);
//! 3. the checkpoint chain that a client saw goes on from where it was;
//! 4. the native coins add up to what there was at genesis.

use crate::process::Network;
use crate::wallet::{Wallet, coins, execute, written};
use futures::stream::{FuturesUnordered, StreamExt};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Digest, TransactionEffects};

const ACCOUNTS: u8 = 16;
/// How many older transactions are asked for after each crash.
const SAMPLE: usize = 500;

/// What clients were told before the crashes.
#[derive(Default)]
struct Acknowledged {
    /// In the order in which they were acknowledged.
    effects: Vec<(Digest, TransactionEffects)>,
    /// Digest of each checkpoint that a client has seen.
    checkpoints: BTreeMap<u64, String>,
}

/// Runs `rounds` crashes. The seed is printed, and replays the same moments.
///
/// # Panics
/// If anything acknowledged is lost or the state is inconsistent.
pub async fn crash_rounds(data: &Path, rounds: usize, seed: u64) {
    println!("crash seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let wallets: Vec<Wallet> = (1..=ACCOUNTS).map(Wallet::seeded).collect();
    let mut options = Vec::new();
    for wallet in &wallets {
        options.extend(["--fund".to_owned(), wallet.address.to_string()]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut network = Network::start(data, &options);
    let chain = network.info["chain_id"].clone();
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    let mut supply = None;
    let mut checked = 0;
    for round in 0..rounds {
        let pause = Duration::from_millis(random.random_range(20..300));
        let client = Client::new(network.rpc_url()).expect("the address is valid");
        note_checkpoints(&client, &acknowledged).await;
        let load = tokio::spawn(load(
            client,
            wallets.clone(),
            Arc::clone(&acknowledged),
            random.random(),
        ));
        // The moment of the crash is the test's input, not a way to wait for something.
        tokio::time::sleep(pause).await;
        network.kill();
        load.await.expect("the load ends when the node is gone");

        let found = heddle_store::Store::open(store_path(data), Default::default())
            .expect("the store opens after a crash")
            .verify_integrity()
            .unwrap_or_else(|error| panic!("round {round}, seed {seed}: {error}"));
        let total = found.native_total();
        assert_eq!(
            *supply.get_or_insert(total),
            total,
            "round {round}, seed {seed}: the supply of the native coin changed"
        );

        network.restart();
        assert_eq!(network.info["chain_id"], chain);
        let client = Client::new(network.rpc_url()).expect("the address is valid");
        let count = acknowledged.lock().expect("no holder panics").effects.len();
        let all = round + 1 == rounds;
        let older = (0..checked).filter(|_| {
            all || checked <= SAMPLE || random.random_ratio(SAMPLE as u32, checked as u32)
        });
        let chosen: Vec<usize> = older.chain(checked..count).collect();
        check_acknowledged(&client, &acknowledged, &chosen, round, seed).await;
        checked = count;
    }
    let total = acknowledged.lock().expect("no holder panics").effects.len();
    println!("{rounds} crashes, {total} acknowledged transactions, none lost");
    assert!(total > rounds, "the load did nothing");
}

/// Where the node keeps its store.
fn store_path(data: &Path) -> std::path::PathBuf {
    data.join("store")
}

/// Payments by all accounts until the node stops answering.
async fn load(
    client: Client,
    wallets: Vec<Wallet>,
    acknowledged: Arc<Mutex<Acknowledged>>,
    seed: u64,
) {
    let recipients: Vec<_> = wallets.iter().map(|wallet| wallet.address).collect();
    let mut people: FuturesUnordered<_> = wallets
        .into_iter()
        .enumerate()
        .map(|(index, wallet)| {
            let (client, acknowledged) = (client.clone(), Arc::clone(&acknowledged));
            let recipients = recipients.clone();
            let mut random = StdRng::seed_from_u64(seed ^ index as u64);
            async move {
                let Ok(coins) = coins(&client, wallet.address).await else {
                    return;
                };
                let Some(coin) = coins.into_iter().max_by_key(|coin| coin.balance) else {
                    return;
                };
                let mut gas = coin.reference;
                loop {
                    let recipient = recipients[random.random_range(0..recipients.len())];
                    let transaction =
                        wallet.pay(gas.clone(), random.random_range(1..1000), recipient);
                    let signature = wallet.sign(&transaction);
                    let Ok(effects) = execute(&client, &transaction, vec![signature]).await else {
                        return;
                    };
                    gas = written(&effects, gas.object_id()).expect("gas is written");
                    acknowledged
                        .lock()
                        .expect("no holder panics")
                        .effects
                        .push((transaction.digest(), effects));
                }
            }
        })
        .collect();
    while people.next().await.is_some() {}
}

/// Remembers the newest checkpoint, and checks the chain down to the one that
/// was seen last.
async fn note_checkpoints(client: &Client, acknowledged: &Mutex<Acknowledged>) {
    let known = acknowledged
        .lock()
        .expect("no holder panics")
        .checkpoints
        .clone();
    let last = known.keys().next_back().copied();
    let mut checkpoint = checkpoint(client, None).await;
    let newest = (checkpoint.sequence_number(), checkpoint.digest().to_owned());
    if let Some(last) = last {
        assert!(
            newest.0 >= last,
            "checkpoints went back from {last} to {}",
            newest.0
        );
    }
    loop {
        let number = checkpoint.sequence_number();
        if let Some(digest) = known.get(&number) {
            assert_eq!(digest, checkpoint.digest(), "checkpoint {number} changed");
            break;
        }
        if number == 0 {
            break;
        }
        let previous = checkpoint.summary().previous_digest().to_owned();
        checkpoint = self::checkpoint(client, Some(number - 1)).await;
        assert_eq!(
            checkpoint.digest(),
            previous,
            "the chain breaks at {number}"
        );
    }
    acknowledged
        .lock()
        .expect("no holder panics")
        .checkpoints
        .insert(newest.0, newest.1);
}

async fn checkpoint(client: &Client, number: Option<u64>) -> proto::Checkpoint {
    let mut request = proto::GetCheckpointRequest::default()
        .with_read_mask(FieldMask::from_str("sequence_number,digest,summary"));
    if let Some(number) = number {
        request.set_sequence_number(number);
    }
    client
        .clone()
        .ledger_client()
        .get_checkpoint(request)
        .await
        .expect("checkpoints can be read")
        .into_inner()
        .checkpoint
        .expect("an answer holds a checkpoint")
}

/// Asks for the transactions at the positions `chosen`, and compares.
async fn check_acknowledged(
    client: &Client,
    acknowledged: &Mutex<Acknowledged>,
    chosen: &[usize],
    round: usize,
    seed: u64,
) {
    let expected: Vec<(Digest, TransactionEffects)> = {
        let acknowledged = acknowledged.lock().expect("no holder panics");
        chosen
            .iter()
            .map(|position| acknowledged.effects[*position].clone())
            .collect()
    };
    for part in expected.chunks(50) {
        let request = proto::BatchGetTransactionsRequest::default()
            .with_digests(
                part.iter()
                    .map(|(digest, _)| digest.to_string())
                    .collect::<Vec<_>>(),
            )
            .with_read_mask(FieldMask::from_str("digest,effects.bcs"));
        let results = client
            .clone()
            .ledger_client()
            .batch_get_transactions(request)
            .await
            .expect("transactions can be read")
            .into_inner()
            .transactions;
        assert_eq!(results.len(), part.len());
        for ((digest, expected), result) in part.iter().zip(results) {
            let found = result
                .transaction_opt()
                .unwrap_or_else(|| panic!("round {round}, seed {seed}: {digest} is lost"));
            let effects: TransactionEffects =
                found.effects().bcs().deserialize().expect("effects decode");
            assert_eq!(
                effects, *expected,
                "round {round}, seed {seed}: {digest} has other effects"
            );
        }
    }
}
