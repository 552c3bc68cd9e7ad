//! `heddle client`: everything a person does to a network, against any RPC address.
//!
//! * [`context`]: connection, keys, and the one way in which a transaction is
//!   built, signed, sent and reported.
//! * [`value`]: arguments of a call, from text to typed values.
//! * [`network`]: what the compiler asks about the network.
//! * [`report`]: an executed transaction for a person or a program.
//! * one file per family of commands: [`coins`], [`objects`], [`packages`],
//!   [`transactions`], [`faucet`].

mod coins;
mod context;
pub(crate) mod faucet;
mod network;
mod objects;
mod packages;
mod report;
mod transactions;
mod value;

use crate::output::Output;
use clap::{Args, Subcommand};
use context::ClientContext;
use std::path::{Path, PathBuf};
use sui_sdk_types::{Address, Digest, TypeTag};

/// Options that every client command takes.
#[derive(Debug, Args)]
pub(crate) struct ClientArgs {
    /// Address of the RPC server [default: the remembered one, else http://127.0.0.1:9000]
    #[arg(long, global = true, env = "HEDDLE_RPC_URL", value_name = "URL")]
    rpc: Option<String>,
    /// Address of the faucet [default: the remembered one, else http://127.0.0.1:9123]
    #[arg(long, global = true, env = "HEDDLE_FAUCET_URL", value_name = "URL")]
    faucet: Option<String>,
    #[command(subcommand)]
    command: ClientCommand,
}

/// Options of commands that send a transaction.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SendArgs {
    /// Who signs and pays: address or name of a key [default: the active one]
    #[arg(long, value_name = "KEY")]
    from: Option<String>,
    /// Most that the transaction may cost, in base units [default: what a dry run needs, with headroom]
    #[arg(long, value_name = "UNITS")]
    gas_budget: Option<u64>,
    /// Coin that pays [default: chosen among the payer's coins]
    #[arg(long, value_name = "COIN_ID")]
    gas: Option<Address>,
    /// Run it without sending it, and show what it would do
    #[arg(long)]
    dry_run: bool,
}

/// What `heddle client` can do.
#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Compile a Move package and publish it
    ///
    /// Packages that it depends on are published first, each from its own folder. Addresses in
    /// Move.toml at which this network has no package count as 0x0; where a package is on this
    /// network stands in its Published.toml, which this command writes.
    Publish {
        /// Folder of the package
        #[arg(default_value = ".")]
        path: PathBuf,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Compile a new version of a published package and upgrade to it
    ///
    /// The package's address and its UpgradeCap are taken from Published.toml, which `publish`
    /// writes, or from --package and --upgrade-cap.
    Upgrade {
        /// Folder of the package
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Id of the newest published version
        #[arg(long)]
        package: Option<Address>,
        /// The capability that allows the upgrade
        #[arg(long, value_name = "OBJECT_ID")]
        upgrade_cap: Option<Address>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Call a Move function
    ///
    /// Arguments follow the function's signature, without the transaction context: numbers, true
    /// and false, addresses and object ids (0x…), text, and vectors as [1,2,3]. Results that are
    /// objects are sent to the sender.
    ///
    /// Example: heddle client call 0x2::coin::zero --type-args 0x2::sui::SUI
    Call {
        /// The function, as PACKAGE::MODULE::FUNCTION
        function: String,
        /// Type arguments, as 0x2::sui::SUI
        #[arg(long, num_args = 1.., value_name = "TYPE")]
        type_args: Vec<TypeTag>,
        /// Arguments in order
        #[arg(long, num_args = 1.., value_name = "VALUE", allow_hyphen_values = true)]
        args: Vec<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Send coins or an object to somebody
    Transfer {
        /// Who gets it: an address, or the name of a key of yours
        #[arg(long)]
        to: String,
        /// Send this much of the native coin, in base units (1 HED is 1000000000)
        #[arg(long, value_name = "UNITS", required_unless_present = "object")]
        amount: Option<u64>,
        /// Send this object whole
        #[arg(long, value_name = "OBJECT_ID", conflicts_with = "amount")]
        object: Option<Address>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Split coins off a coin
    Split {
        /// The coin to split
        coin: Address,
        /// An amount for each new coin, in base units
        #[arg(long, num_args = 1.., required = true, value_name = "UNITS")]
        amounts: Vec<u64>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Merge coins into one
    Merge {
        /// The coin that stays
        coin: Address,
        /// The coins that go
        #[arg(required = true)]
        others: Vec<Address>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// List the objects of an address
    Objects {
        /// Address or name of a key [default: the active one]
        owner: Option<String>,
        /// Only objects of this type, as 0x2::coin::Coin
        #[arg(long = "type", value_name = "TYPE")]
        object_type: Option<String>,
        /// Most objects to list
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one object with its content
    Object {
        /// Id of the object
        id: Address,
        /// An older version
        #[arg(long)]
        version: Option<u64>,
        /// Also list its dynamic fields
        #[arg(long)]
        fields: bool,
    },
    /// List the coins that pay for gas, and the balance
    Gas {
        /// Address or name of a key [default: the active one]
        owner: Option<String>,
    },
    /// Show a transaction and its effects
    Tx {
        /// Digest of the transaction
        digest: Digest,
    },
    /// List events
    Events {
        /// Events of this transaction
        #[arg(long, value_name = "DIGEST")]
        tx: Option<Digest>,
        /// Events of this type, as PACKAGE::MODULE::NAME (or a prefix of it)
        #[arg(long = "type", value_name = "TYPE", conflicts_with = "tx")]
        event_type: Option<String>,
        /// Events of transactions by this sender
        #[arg(long, conflicts_with = "tx")]
        sender: Option<String>,
        /// Most events to list, newest first
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Ask the faucet of a development network for coins
    Faucet {
        /// Address or name of a key [default: the active one]
        recipient: Option<String>,
    },
    /// Run a signed or unsigned transaction (base64 BCS) without sending it
    Simulate {
        /// The transaction in base64; read from standard input if absent
        transaction: Option<String>,
        /// Skip the checks of ownership and gas
        #[arg(long)]
        no_checks: bool,
    },
    /// Remember the addresses of a network for later commands
    Use {
        /// Address of the RPC server
        rpc: String,
        /// Address of the faucet
        faucet: Option<String>,
    },
}

/// Runs `heddle client …`.
pub(crate) async fn run(args: ClientArgs, folder: &Path, output: Output) -> anyhow::Result<()> {
    let mut context = ClientContext::open(folder, args.rpc, args.faucet, output)?;
    match args.command {
        ClientCommand::Publish { path, send } => {
            packages::publish(&mut context, &path, &send).await
        }
        ClientCommand::Upgrade {
            path,
            package,
            upgrade_cap,
            send,
        } => packages::upgrade(&mut context, &path, package, upgrade_cap, &send).await,
        ClientCommand::Call {
            function,
            type_args,
            args,
            send,
        } => packages::call(&mut context, &function, type_args, &args, &send).await,
        ClientCommand::Transfer {
            to,
            amount,
            object,
            send,
        } => coins::transfer(&mut context, &to, amount, object, &send).await,
        ClientCommand::Split {
            coin,
            amounts,
            send,
        } => coins::split(&mut context, coin, &amounts, &send).await,
        ClientCommand::Merge { coin, others, send } => {
            coins::merge(&mut context, coin, &others, &send).await
        }
        ClientCommand::Objects {
            owner,
            object_type,
            limit,
        } => objects::list(&mut context, owner.as_deref(), object_type, limit).await,
        ClientCommand::Object {
            id,
            version,
            fields,
        } => objects::show(&mut context, id, version, fields).await,
        ClientCommand::Gas { owner } => coins::gas(&mut context, owner.as_deref()).await,
        ClientCommand::Tx { digest } => transactions::show(&mut context, digest).await,
        ClientCommand::Events {
            tx,
            event_type,
            sender,
            limit,
        } => transactions::events(&mut context, tx, event_type, sender, limit).await,
        ClientCommand::Faucet { recipient } => {
            let recipient = context.address(recipient.as_deref())?;
            let coins = faucet::request(&context.faucet_url, recipient).await?;
            faucet::print(&context.output, &coins)
        }
        ClientCommand::Simulate {
            transaction,
            no_checks,
        } => transactions::simulate(&mut context, transaction, !no_checks).await,
        ClientCommand::Use { rpc, faucet } => context.remember(folder, rpc, faucet),
    }
}
