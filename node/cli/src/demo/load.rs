//! Runs many clients at once and measures each request from submission to
//! durable effects.

use super::account::{Account, Outcome, submit, submit_and_settle};
use anyhow::Context;
use futures::stream::{FuturesUnordered, StreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};
use sui_rpc::Client;
use sui_sdk_types::{
    Address, Argument, Command, IdOperation, Identifier, Input, MoveCall, Mutability, ObjectOut,
    ObjectReference, SharedInput, TransactionEffects,
};

/// One measured phase.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) count: usize,
    pub(super) elapsed: Duration,
    /// Processor time of the whole process, clients and node together.
    pub(super) processor: Duration,
    /// Sorted.
    latencies: Vec<Duration>,
}

impl Phase {
    /// Transactions per second.
    pub(super) fn throughput(&self) -> f64 {
        self.count as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// How many cores were busy on average.
    pub(super) fn cores(&self) -> f64 {
        self.processor.as_secs_f64() / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// The latency that `percent` of the requests stay within.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        self.latencies
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }
}

/// Processor time that this process has used.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// A progress bar for a phase, hidden where nobody looks.
fn bar(name: &str, total: usize, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("  {msg:<26} {bar:32.cyan/dim} {pos:>6}/{len} {per_sec}")
            .expect("the template above is valid")
            .progress_chars("━╸─");
    ProgressBar::new(total as u64)
        .with_style(style)
        .with_message(name.to_owned())
}

/// Most coins that one transaction splits off.
const SPLITS_MAX: usize = 250;

/// Every account splits the coins that it will give away off its own.
pub(super) async fn split_gifts(
    client: &Client,
    accounts: &mut [Account],
    gifts: &[usize],
    gas_price: u64,
    quiet: bool,
) -> anyhow::Result<()> {
    let progress = bar("coins split", gifts.iter().sum(), quiet);
    let mut clients: FuturesUnordered<_> = accounts
        .iter_mut()
        .zip(gifts)
        .map(|(account, gifts)| {
            let progress = progress.clone();
            async move {
                while account.coins.len() < *gifts {
                    let count = (*gifts - account.coins.len()).min(SPLITS_MAX);
                    let mut transaction = account.split(super::GIFT_COIN, count, gas_price)?;
                    transaction.gas_payment.budget = SPLIT_BUDGET;
                    let effects = submit_and_settle(client, account, transaction).await?;
                    account.coins.extend(created(&effects));
                    progress.inc(count as u64);
                }
                anyhow::Ok(())
            }
        })
        .collect();
    while let Some(done) = clients.next().await {
        done?;
    }
    drop(clients);
    progress.finish();
    Ok(())
}

/// Budget of a transaction that makes [`SPLITS_MAX`] objects, in base units.
const SPLIT_BUDGET: u64 = 5_000_000_000;

/// The objects that a transaction made.
fn created(effects: &TransactionEffects) -> Vec<ObjectReference> {
    let TransactionEffects::V2(effects) = effects else {
        return Vec::new();
    };
    effects
        .changed_objects
        .iter()
        .filter(|object| object.id_operation == IdOperation::Created)
        .filter_map(|object| match object.output_state {
            ObjectOut::ObjectWrite { digest, .. } => Some(ObjectReference::new(
                object.object_id,
                effects.lamport_version,
                digest,
            )),
            _ => None,
        })
        .collect()
}

/// Every account gives all its coins to the next one: owned objects alone, so
/// each account's transactions are independent of every other's.
pub(super) async fn transfers(
    client: &Client,
    accounts: &mut [Account],
    gas_price: u64,
    quiet: bool,
) -> anyhow::Result<Phase> {
    let total = accounts.iter().map(|account| account.coins.len()).sum();
    let recipients: Vec<Address> = (0..accounts.len())
        .map(|index| accounts[(index + 1) % accounts.len()].address)
        .collect();
    let progress = bar("owned transfers", total, quiet);
    let (start, processor) = (Instant::now(), processor_time());
    let mut clients: FuturesUnordered<_> = accounts
        .iter_mut()
        .zip(recipients)
        .map(|(account, recipient)| {
            let progress = progress.clone();
            async move {
                let mut latencies = Vec::with_capacity(account.coins.len());
                for coin in std::mem::take(&mut account.coins) {
                    let transaction = account.transfer(coin, recipient, gas_price)?;
                    let submitted = Instant::now();
                    submit_and_settle(client, account, transaction).await?;
                    latencies.push(submitted.elapsed());
                    progress.inc(1);
                }
                anyhow::Ok(latencies)
            }
        })
        .collect();
    let mut latencies = Vec::with_capacity(total);
    while let Some(measured) = clients.next().await {
        latencies.extend(measured?);
    }
    drop(clients);
    let elapsed = start.elapsed();
    progress.finish();
    latencies.sort_unstable();
    Ok(Phase {
        name: "owned transfers",
        path: "fast",
        count: total,
        elapsed,
        processor: processor_time().saturating_sub(processor),
        latencies,
    })
}

/// A shared object that anybody may increment.
#[derive(Clone)]
pub(super) struct SharedCounter {
    pub(super) package: Address,
    pub(super) object: Address,
    pub(super) initial_version: u64,
}

/// `total` increments of one shared counter by all accounts at once: ordered
/// first, then executed one after the other, because all write one object.
pub(super) async fn increments(
    client: &Client,
    accounts: &mut [Account],
    counter: &SharedCounter,
    total: usize,
    gas_price: u64,
    quiet: bool,
) -> anyhow::Result<Phase> {
    let progress = bar("shared increments", total, quiet);
    let (start, processor) = (Instant::now(), processor_time());
    let people = accounts.len();
    let mut clients: FuturesUnordered<_> = accounts
        .iter_mut()
        .enumerate()
        .map(|(index, account)| {
            let progress = progress.clone();
            let share = total / people + usize::from(index < total % people);
            async move {
                let mut latencies = Vec::with_capacity(share);
                for _ in 0..share {
                    let transaction = account.transaction(
                        vec![Input::Shared(SharedInput::new(
                            counter.object,
                            counter.initial_version,
                            Mutability::Mutable,
                        ))],
                        vec![Command::MoveCall(MoveCall {
                            package: counter.package,
                            module: Identifier::from_static("counter"),
                            function: Identifier::from_static("increment"),
                            type_arguments: Vec::new(),
                            arguments: vec![Argument::Input(0)],
                        })],
                        gas_price,
                    )?;
                    let submitted = Instant::now();
                    submit_and_settle(client, account, transaction).await?;
                    latencies.push(submitted.elapsed());
                    progress.inc(1);
                }
                anyhow::Ok(latencies)
            }
        })
        .collect();
    let mut latencies = Vec::with_capacity(total);
    while let Some(measured) = clients.next().await {
        latencies.extend(measured?);
    }
    drop(clients);
    let elapsed = start.elapsed();
    progress.finish();
    latencies.sort_unstable();
    Ok(Phase {
        name: "shared increments",
        path: "ordered",
        count: total,
        elapsed,
        processor: processor_time().saturating_sub(processor),
        latencies,
    })
}

/// What came of spending the same coin version in two ways at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conflicts {
    pub(super) executed: usize,
    pub(super) refused: usize,
}

/// Each account sends its gas coin's version into two different transactions
/// at the same time. Exactly one of each pair may execute.
pub(super) async fn double_spends(
    client: &Client,
    accounts: &mut [Account],
    gas_price: u64,
) -> anyhow::Result<Conflicts> {
    let mut conflicts = Conflicts::default();
    for account in accounts {
        let mut pair = Vec::new();
        for amount in [1u64, 2] {
            let transaction = account.transaction(
                vec![
                    Input::Pure(amount.to_le_bytes().to_vec()),
                    Input::Pure(account.address.as_bytes().to_vec()),
                ],
                vec![
                    Command::SplitCoins(sui_sdk_types::SplitCoins {
                        coin: Argument::Gas,
                        amounts: vec![Argument::Input(0)],
                    }),
                    Command::TransferObjects(sui_sdk_types::TransferObjects {
                        objects: vec![Argument::Result(0)],
                        address: Argument::Input(1),
                    }),
                ],
                gas_price,
            )?;
            let signature = account.sign(&transaction)?;
            pair.push(submit(client, transaction, signature));
        }
        let mut executed = 0;
        for outcome in futures::future::join_all(pair).await {
            match outcome? {
                Outcome::Executed(effects) => {
                    executed += 1;
                    account.settle(&effects)?;
                }
                Outcome::Refused(_) => conflicts.refused += 1,
            }
        }
        conflicts.executed += executed;
        (executed == 1)
            .then_some(())
            .with_context(|| format!("{executed} of two conflicting transactions executed"))?;
    }
    Ok(conflicts)
}
