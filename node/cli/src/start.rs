//! `heddle start`: a network of one validator in this process, and the same
//! network for the demo.
//!
//! The life of the process: open or make the data directory, start the node,
//! start the servers, print where they are, wait for a signal or a fatal
//! error, stop taking requests, finish what is in flight, flush, exit.

use crate::cli;
use crate::keys::keystore::write_private;
use crate::output::{BOLD, FAINT, Output};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use heddle_rpc::{FaucetConfig, RpcConfig, RunningServers};
use heddle_validator::{Durability, FundedAccount, GenesisOptions, Node, NodeConfig};
use heddle_vm::NativeCode;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_sdk_types::Address;
use tokio::signal::unix::{SignalKind, signal};

/// The faucet's coins at genesis: number and base units of each (1 million HED).
const FAUCET_COINS: (usize, u64) = (100, 1_000_000_000_000_000);
/// An account funded with `--fund`: number of coins and base units of each (1000 HED).
const FUNDED_COINS: (usize, u64) = (5, 1_000_000_000_000);

/// Options of `heddle start`.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// Where everything is kept [default: ~/.heddle/network]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "IP")]
    listen: IpAddr,
    /// Port of the RPC server (gRPC and grpc-web); 0 takes a free one
    #[arg(long, default_value_t = heddle_rpc::config::RPC_PORT, value_name = "PORT")]
    rpc_port: u16,
    /// Port of the faucet; 0 takes a free one
    #[arg(long, default_value_t = heddle_rpc::config::FAUCET_PORT, value_name = "PORT")]
    faucet_port: u16,
    /// Port of the Ethereum JSON-RPC server. Reserved: this version has no EVM yet
    #[arg(long, default_value_t = 8545, value_name = "PORT")]
    evm_port: u16,
    /// Port of the Prometheus metrics; 0 takes a free one
    #[arg(long, default_value_t = heddle_rpc::config::METRICS_PORT, value_name = "PORT")]
    metrics_port: u16,
    /// Delete the network that is in the data directory and make a new one
    #[arg(long)]
    force_regenesis: bool,
    /// Cores to use, for execution, RPC and storage together [default: all]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// What to log: error, warn, info, debug, trace, or a filter such as info,heddle_rpc=debug
    #[arg(
        long,
        env = "HEDDLE_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    log: String,
    /// Form of the log lines
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// When a transaction counts as durable
    #[arg(long, value_enum, default_value_t = DurabilityChoice::Disk)]
    durability: DurabilityChoice,
    /// Compile functions that are called often to native code. Results, errors and gas are the same
    #[arg(long, value_enum, default_value_t = NativeCodeChoice::Off, value_name = "CHOICE")]
    native_code: NativeCodeChoice,
    /// Give coins to this address at genesis; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    fund: Vec<Address>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// Lines for a person
    Text,
    /// One JSON object per line
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DurabilityChoice {
    /// Flushed to the disk: survives a power cut
    Disk,
    /// Written to the operating system: survives the death of the process
    System,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum NativeCodeChoice {
    /// Interpret everything
    Off,
    /// Compile in the background, on x86-64 Linux; elsewhere this changes nothing
    On,
}

impl NativeCodeChoice {
    /// The same for the VM.
    pub(crate) fn setting(self) -> NativeCode {
        match self {
            Self::Off => NativeCode::Off,
            Self::On => NativeCode::ON,
        }
    }
}

/// Runs `heddle start` until a signal or a fatal error.
pub(crate) fn run(args: StartArgs, output: &Output) -> anyhow::Result<()> {
    init_log(&args)?;
    let cores = use_cores(args.threads)?;
    let data_dir = match &args.data_dir {
        Some(folder) => folder.clone(),
        None => crate::config::default_folder().join("network"),
    };
    cli::runtime(cores)?.block_on(serve(args, data_dir, cores, output))
}

fn init_log(args: &StartArgs) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&args.log)
        .with_context(|| format!("--log {:?} is no log filter", args.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

async fn serve(
    args: StartArgs,
    data_dir: PathBuf,
    cores: usize,
    output: &Output,
) -> anyhow::Result<()> {
    // Listen for signals before anything else: one that comes during genesis
    // must stop the process too.
    let interrupted = interrupted();
    let mut config = NodeConfig::new(&data_dir);
    config.threads = cores;
    config.force_regenesis = args.force_regenesis;
    config.executor.vm.native_code = args.native_code.setting();
    config.durability = match args.durability {
        DurabilityChoice::Disk => Durability::Disk,
        DurabilityChoice::System => Durability::System,
    };
    config.genesis.accounts = args
        .fund
        .iter()
        .map(|address| FundedAccount {
            address: *address,
            coins: vec![FUNDED_COINS.1; FUNDED_COINS.0],
        })
        .collect();
    let at = |port| SocketAddr::new(args.listen, port);
    let mut rpc = RpcConfig::local();
    rpc.rpc_address = at(args.rpc_port);
    rpc.metrics_address = Some(at(args.metrics_port));
    let network = Network::start(config, rpc, at(args.faucet_port)).await?;
    output.print(
        &json!({
            "chain_id": network.node.chain_id(),
            "rpc": network.rpc_url(),
            "faucet": network.faucet_url(),
            "metrics": network.servers.metrics_address().map(|it| format!("http://{it}/metrics")),
            "data_dir": data_dir,
            "cores": cores,
        }),
        || {
            format!(
                "{BOLD}Heddle is up{BOLD:#}\n  \
                 chain    {}\n  \
                 RPC      {}\n  \
                 faucet   {}\n  \
                 metrics  {}\n  \
                 data     {}\n\
                 {FAINT}Ctrl-C stops it. `heddle client faucet` asks for coins.{FAINT:#}",
                network.node.chain_id(),
                network.rpc_url(),
                network.faucet_url(),
                network
                    .servers
                    .metrics_address()
                    .map(|it| format!("http://{it}/metrics"))
                    .unwrap_or_default(),
                data_dir.display(),
            )
        },
    )?;
    let result = tokio::select! {
        () = interrupted => Ok(()),
        error = network.failed() => Err(error),
    };
    network.stop().await;
    result
}

/// A running node with its servers.
pub(crate) struct Network {
    node: Arc<Node>,
    servers: RunningServers,
}

impl Network {
    async fn start(
        mut config: NodeConfig,
        mut rpc: RpcConfig,
        faucet_address: SocketAddr,
    ) -> anyhow::Result<Self> {
        let faucet_key = faucet_key(&config.data_dir)?;
        config.genesis.accounts.insert(
            0,
            FundedAccount {
                address: faucet_key.public_key().derive_address(),
                coins: vec![FAUCET_COINS.1; FAUCET_COINS.0],
            },
        );
        let mut faucet = FaucetConfig::local(faucet_key);
        faucet.address = faucet_address;
        rpc.faucet = Some(faucet);
        // Opening the store and making genesis block for seconds.
        let node = tokio::task::spawn_blocking(move || Node::start(config))
            .await
            .context("start the node")??;
        let servers = match heddle_rpc::serve(Arc::clone(&node), rpc).await {
            Ok(servers) => servers,
            Err(error) => {
                stop_node(&node).await;
                return Err(error.into());
            }
        };
        Ok(Network { node, servers })
    }

    /// A network on free ports for the demo.
    pub(crate) async fn for_demo(
        folder: &Path,
        cores: usize,
        accounts: Vec<FundedAccount>,
    ) -> anyhow::Result<Self> {
        let mut config = NodeConfig::new(folder);
        config.threads = cores;
        config.genesis = GenesisOptions {
            accounts,
            ..GenesisOptions::default()
        };
        let any_port = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let mut rpc = RpcConfig::local();
        rpc.rpc_address = any_port;
        rpc.metrics_address = Some(any_port);
        Self::start(config, rpc, any_port).await
    }

    /// Where the RPC server answers.
    pub(crate) fn rpc_url(&self) -> String {
        format!("http://{}", self.servers.rpc_address())
    }

    /// Where the faucet answers.
    pub(crate) fn faucet_url(&self) -> String {
        self.servers
            .faucet_address()
            .map(|address| format!("http://{address}"))
            .unwrap_or_default()
    }

    /// Resolves if the node fails.
    pub(crate) async fn failed(&self) -> anyhow::Error {
        self.node.failed().await.into()
    }

    /// Stops the servers, then the node: nothing acknowledged is lost.
    pub(crate) async fn stop(self) {
        self.servers.shutdown().await;
        stop_node(&self.node).await;
    }
}

async fn stop_node(node: &Arc<Node>) {
    let node = Arc::clone(node);
    if let Err(error) = tokio::task::spawn_blocking(move || node.shutdown()).await {
        tracing::error!(%error, "the node did not stop in order");
    }
}

/// An account with one coin at genesis.
pub(crate) fn funded(address: Address, balance: u64) -> FundedAccount {
    FundedAccount {
        address,
        coins: vec![balance],
    }
}

/// The key of the faucet's account, kept beside the data so that the faucet
/// works after a restart.
fn faucet_key(data_dir: &Path) -> anyhow::Result<Ed25519PrivateKey> {
    let path = data_dir.join("faucet.key");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ed25519PrivateKey::from_suiprivkey(text.trim())
            .with_context(|| format!("{} holds no key", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = Ed25519PrivateKey::new(rand::random());
            let text = key.to_suiprivkey().context("encode the faucet's key")?;
            std::fs::create_dir_all(data_dir)
                .with_context(|| format!("make the data directory {}", data_dir.display()))?;
            write_private(&path, text.as_bytes())?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    }
}

/// Resolves on SIGINT or SIGTERM. Handlers are installed when this is called,
/// not when it is first awaited.
pub(crate) fn interrupted() -> impl Future<Output = ()> {
    let signals = signal(SignalKind::interrupt())
        .and_then(|interrupt| Ok((interrupt, signal(SignalKind::terminate())?)));
    async move {
        match signals {
            Ok((mut interrupt, mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(error) => {
                tracing::error!(%error, "cannot listen for signals; only kill -9 stops this");
                std::future::pending().await
            }
        }
    }
}

/// Restricts this process to `wanted` cores, so that `--threads 1` means one
/// core for everything: execution, RPC, storage. Returns how many it may use.
pub(crate) fn use_cores(wanted: Option<usize>) -> anyhow::Result<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let Some(wanted) = wanted else {
        return Ok(available);
    };
    if wanted == 0 {
        bail!("--threads must be at least 1");
    }
    if wanted >= available {
        // More threads than cores are allowed, but they share the cores.
        return Ok(wanted);
    }
    let allowed = sched_getaffinity(None).context("read the cores that this process may use")?;
    let mut chosen = CpuSet::new();
    (0..CpuSet::MAX_CPU)
        .filter(|cpu| allowed.is_set(*cpu))
        .take(wanted)
        .for_each(|cpu| chosen.set(cpu));
    sched_setaffinity(None, &chosen).context("choose the cores that this process uses")?;
    Ok(wanted)
}
