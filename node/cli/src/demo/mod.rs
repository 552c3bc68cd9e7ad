//! `heddle demo`: the main job from end to end, on one machine.
//!
//! Steps, in order:
//! 1. start a network on free ports in a temporary directory ([`crate::start`]);
//! 2. compile the example packages with the real compiler and publish them;
//! 3. 100 accounts split coins off their own and give their coins away, all at once: the fast path ([`load`]);
//! 4. all of them increment one shared counter: the ordered path;
//! 5. each of some spends one coin version twice at the same time;
//! 6. read everything back and compare it with what it must be ([`check`]);
//! 7. print the table ([`report`]).
//!
//! Every request goes through the public RPC, as a client's would.

mod account;
mod check;
mod load;
mod publish;
mod report;

use crate::output::{BOLD, FAINT, Output};
use crate::{cli, start};
use account::Account;
use anyhow::Context;
use clap::Args;
use load::{Conflicts, Phase};
use publish::Published;
use std::path::PathBuf;
use std::time::Instant;
use sui_rpc::Client;

/// What each account has for gas, in base units.
const GAS_COIN: u64 = 1_000_000_000_000;
/// Each coin that is given away, in base units.
const GIFT_COIN: u64 = 1_000_000;

/// Options of `heddle demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Leave the network up afterwards and say what to try next
    #[arg(long)]
    keep: bool,
    /// Cores to use, for the node and the clients together [default: all]
    #[arg(long)]
    threads: Option<usize>,
    /// Accounts that send transactions at the same time
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=1000))]
    accounts: u32,
    /// Owned transfers in all
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    transfers: u32,
    /// Increments of the shared counter in all
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    increments: u32,
    /// Accounts that try to spend one coin twice
    #[arg(long, default_value_t = 20)]
    conflicts: u32,
    /// Folder of the example packages
    #[arg(long, default_value = "examples")]
    examples: PathBuf,
}

/// All that the demo found out.
pub(crate) struct Findings {
    cores_allowed: usize,
    packages: Vec<Published>,
    transfers: Phase,
    increments: Phase,
    conflicts: Conflicts,
    checks: Vec<check::Check>,
    start_up_ms: u128,
}

/// Runs `heddle demo`.
pub(crate) fn run(args: DemoArgs, output: &Output) -> anyhow::Result<()> {
    let cores = start::use_cores(args.threads)?;
    let runtime = cli::runtime(cores)?;
    runtime.block_on(show(args, cores, output))
}

async fn show(args: DemoArgs, cores: usize, output: &Output) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("heddle-demo-")
        .tempdir()
        .context("make a temporary directory")?;
    let mut accounts: Vec<Account> = (0..args.accounts as usize).map(Account::numbered).collect();
    let gifts = gift_counts(args.transfers as usize, accounts.len());
    let began = Instant::now();
    step(output, "Starting a network");
    let network = start::Network::for_demo(
        folder.path(),
        cores,
        accounts
            .iter()
            .zip(&gifts)
            .map(|(account, gifts)| start::funded(account.address, funding(*gifts)))
            .collect(),
    )
    .await?;
    let start_up_ms = began.elapsed().as_millis();
    output.note(format_args!("  RPC {}", network.rpc_url()));

    let outcome = tokio::select! {
        findings = perform(&args, &network, &mut accounts, cores, start_up_ms, output) => findings,
        error = network.failed() => Err(error),
        _ = start::interrupted() => Err(anyhow::anyhow!("interrupted")),
    };
    let result = match outcome {
        Ok(findings) => {
            let holds = findings.checks.iter().all(|check| check.holds());
            report::print(output, &findings)?;
            if args.keep {
                report::what_next(output, &network, &findings);
                start::interrupted().await;
            }
            holds
                .then_some(())
                .context("the state is not what it must be: see the checks above")
        }
        Err(error) => Err(error),
    };
    network.stop().await;
    result
}

/// How many coins each account gives away.
fn gift_counts(total: usize, accounts: usize) -> Vec<usize> {
    (0..accounts)
        .map(|index| total / accounts + usize::from(index < total % accounts))
        .collect()
}

/// What an account has at genesis, in base units: gas, and what it gives away.
fn funding(gifts: usize) -> u64 {
    GAS_COIN + gifts as u64 * GIFT_COIN
}

fn step(output: &Output, text: &str) {
    if !output.json {
        anstream::eprintln!("{BOLD}{text}{BOLD:#}");
    }
}

async fn perform(
    args: &DemoArgs,
    network: &start::Network,
    accounts: &mut [Account],
    cores: usize,
    start_up_ms: u128,
    output: &Output,
) -> anyhow::Result<Findings> {
    let client = Client::new(network.rpc_url())
        .context("connect to the network")?
        .with_num_connections(4);
    let gas_price = client
        .clone()
        .get_reference_gas_price()
        .await
        .context("read the gas price")?;
    check::find_gas(&client, accounts).await?;

    step(output, "Publishing the examples");
    let packages = publish::examples(&client, &args.examples, &mut accounts[0], output).await?;
    let counter = publish::shared_counter(&client, &packages, &mut accounts[0], gas_price).await?;

    step(output, "Sending transactions");
    let gifts = gift_counts(args.transfers as usize, accounts.len());
    load::split_gifts(&client, accounts, &gifts, gas_price, output.json).await?;
    let transfers = load::transfers(&client, accounts, gas_price, output.json).await?;
    let increments = load::increments(
        &client,
        accounts,
        &counter,
        args.increments as usize,
        gas_price,
        output.json,
    )
    .await?;
    let spenders = (args.conflicts as usize).min(accounts.len());
    let conflicts = load::double_spends(&client, &mut accounts[..spenders], gas_price).await?;

    step(output, "Checking the state");
    let checks = check::all(
        &client,
        accounts,
        &gifts,
        &counter,
        args.increments as u64,
        conflicts,
        spenders,
    )
    .await?;
    if !output.json {
        anstream::eprintln!("{FAINT}  {} checks{FAINT:#}", checks.len());
    }
    Ok(Findings {
        cores_allowed: cores,
        packages,
        transfers,
        increments,
        conflicts,
        checks,
        start_up_ms,
    })
}
