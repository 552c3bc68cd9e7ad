//! Throughput of the fast path: owned transfers, from signed transaction to
//! durable effects, by number of worker threads.
//!
//! Workload: every account has a coin to pay with and a coin to send to
//! itself; each round sends one transfer per account, all at once, and waits
//! for all. Transactions are signed before the clock starts. The client side
//! is one thread that only hands over and waits.
//!
//! Run with `cargo bench -p heddle-validator --bench owned_transfers`.
//! Environment: `ACCOUNTS` (default 500), `ROUNDS` (default 20),
//! `THREADS` (default `1,2`).

use heddle_validator::{Durability, FundedAccount, Node, NodeConfig};
use std::{
    collections::HashMap,
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};
use sui_crypto::{SuiSigner, ed25519::Ed25519PrivateKey};
use sui_sdk_types::{
    Address, Argument, Command, GasPayment, Input, ObjectReference, ProgrammableTransaction,
    SignedTransaction, Transaction, TransactionExpiration, TransactionKind, TransferObjects,
};

struct Account {
    key: Ed25519PrivateKey,
    address: Address,
    gas: ObjectReference,
    coin: ObjectReference,
}

fn main() -> Result<(), Box<dyn Error>> {
    let accounts: u32 = setting("ACCOUNTS", 500)?;
    let rounds: u32 = setting("ROUNDS", 20)?;
    let threads = std::env::var("THREADS").unwrap_or_else(|_| "1,2".to_owned());
    for threads in threads.split(',') {
        let threads = threads.trim().parse()?;
        let (elapsed, cpu) = run(accounts, rounds, threads)?;
        let transactions = f64::from(accounts) * f64::from(rounds);
        println!(
            "validator::owned_transfers/threads={threads} {:>8.0} tx/s  {:>6.1} µs CPU per tx",
            transactions / elapsed.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / transactions,
        );
    }
    Ok(())
}

fn setting(name: &str, default: u32) -> Result<u32, std::num::ParseIntError> {
    std::env::var(name).map_or(Ok(default), |value| value.parse())
}

fn run(accounts: u32, rounds: u32, threads: usize) -> Result<(Duration, Duration), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let keys: Vec<Ed25519PrivateKey> = (0..accounts).map(key).collect();
    let mut config = NodeConfig::new(directory.path());
    config.threads = threads;
    config.durability = Durability::Disk;
    config.genesis.accounts = keys
        .iter()
        .map(|key| FundedAccount {
            address: key.public_key().derive_address(),
            coins: vec![1_000_000_000_000; 2],
        })
        .collect();
    let node = Node::start(config)?;
    let mut accounts = keys
        .into_iter()
        .map(|key| account(&node, key))
        .collect::<Result<Vec<_>, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut elapsed = Duration::ZERO;
    let mut cpu = Duration::ZERO;
    for round in 0..=rounds {
        let signed: Vec<SignedTransaction> = accounts.iter().map(sign).collect::<Result<_, _>>()?;
        let (start, cpu_start) = (Instant::now(), cpu_time());
        runtime.block_on(submit_all(&node, signed, &mut accounts))?;
        // The first round warms caches.
        if round > 0 {
            elapsed += start.elapsed();
            cpu += cpu_time().saturating_sub(cpu_start);
        }
    }
    node.shutdown();
    Ok((elapsed, cpu))
}

fn key(number: u32) -> Ed25519PrivateKey {
    let mut seed = [0x5e; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    Ed25519PrivateKey::new(seed)
}

fn account(node: &Node, key: Ed25519PrivateKey) -> Result<Account, Box<dyn Error>> {
    let address = key.public_key().derive_address();
    let listed = node.store().owned_objects(&address, None, None, 2)?;
    let references: Vec<ObjectReference> = listed
        .items
        .into_iter()
        .map(|object| object.reference())
        .collect();
    let [gas, coin] = references.try_into().map_err(|_| "two coins at genesis")?;
    Ok(Account {
        key,
        address,
        gas,
        coin,
    })
}

fn sign(account: &Account) -> Result<SignedTransaction, Box<dyn Error>> {
    let transaction = Transaction {
        kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
            inputs: vec![
                Input::ImmutableOrOwned(account.coin.clone()),
                Input::Pure(account.address.as_bytes().to_vec()),
            ],
            commands: vec![Command::TransferObjects(TransferObjects {
                objects: vec![Argument::Input(0)],
                address: Argument::Input(1),
            })],
        }),
        sender: account.address,
        gas_payment: GasPayment {
            objects: vec![account.gas.clone()],
            owner: account.address,
            price: 1_000,
            budget: 50_000_000,
        },
        expiration: TransactionExpiration::None,
    };
    let signature = account.key.sign_transaction(&transaction)?;
    Ok(SignedTransaction {
        transaction,
        signatures: vec![signature],
    })
}

async fn submit_all(
    node: &Arc<Node>,
    signed: Vec<SignedTransaction>,
    accounts: &mut [Account],
) -> Result<(), Box<dyn Error>> {
    let submissions: Vec<_> = signed
        .into_iter()
        .map(|signed| {
            let node = node.clone();
            tokio::spawn(async move { node.submit(signed).await })
        })
        .collect();
    for (account, submission) in accounts.iter_mut().zip(submissions) {
        let receipt = submission.await??;
        if !receipt.executed.is_success() {
            return Err(format!("a transfer failed: {:?}", receipt.failure_detail).into());
        }
        let written: HashMap<Address, ObjectReference> = receipt
            .written
            .iter()
            .map(|written| {
                let object = &written.object;
                let id = object.object_id();
                (
                    id,
                    ObjectReference::new(id, object.version(), object.digest()),
                )
            })
            .collect();
        account.gas = written[account.gas.object_id()].clone();
        account.coin = written[account.coin.object_id()].clone();
    }
    Ok(())
}

/// Processor time that this process has used.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}
