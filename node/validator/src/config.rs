//! What a node is told when it starts.

use crate::StartError;
use heddle_adapter::ExecutorConfig;
use std::path::PathBuf;
use std::time::Duration;
use sui_sdk_types::Address;

/// How far a write must get before its transaction is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// To the disk: survives a power cut. One flush serves a whole group of
    /// transactions.
    #[default]
    Disk,
    /// To the operating system: survives the death of the process (`kill -9`
    /// included), not a power cut.
    System,
}

/// An account that holds coins from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundedAccount {
    /// The account.
    pub address: Address,
    /// The balance of each coin object it gets, in base units.
    pub coins: Vec<u64>,
}

/// What genesis consists of. Read on the first start of a data directory
/// only; later starts continue the network that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisOptions {
    /// Accounts with coins, a faucet's among them.
    pub accounts: Vec<FundedAccount>,
    /// The clock's first reading in milliseconds since the Unix epoch; `None`
    /// for the time of the first start.
    pub timestamp_ms: Option<u64>,
    /// Reference gas price, in base units per gas unit.
    pub reference_gas_price: u64,
}

impl Default for GenesisOptions {
    fn default() -> Self {
        GenesisOptions {
            accounts: Vec::new(),
            timestamp_ms: None,
            reference_gas_price: REFERENCE_GAS_PRICE,
        }
    }
}

/// Reference gas price of a network that does not say otherwise, in base
/// units per gas unit.
pub const REFERENCE_GAS_PRICE: u64 = 1_000;

/// Version of the protocol rules that this crate runs.
pub const PROTOCOL_VERSION: u64 = 1;

/// How much work a node takes on before it answers `Overloaded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Most transactions between submission and durable effects.
    pub in_flight_max: usize,
    /// Most transactions that wait to be ordered.
    pub unordered_max: usize,
    /// Most transactions of one commit of the ordered path.
    pub commit_transactions_max: usize,
    /// How long a refused client should wait before it tries again.
    pub retry_after: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        QueueLimits {
            in_flight_max: 20_000,
            unordered_max: 10_000,
            commit_transactions_max: 1_000,
            retry_after: Duration::from_millis(250),
        }
    }
}

/// Longest interval that a configuration may name.
const INTERVAL_MAX: Duration = Duration::from_secs(24 * 3_600);

/// How a node runs.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Where everything lives: the store in `store/`, the validator's key in
    /// `validator.key`.
    pub data_dir: PathBuf,
    /// Worker threads that check and execute transactions; at least one.
    pub threads: usize,
    /// How far a write must get before its transaction is acknowledged.
    pub durability: Durability,
    /// A checkpoint is made at most this long after a transaction executed.
    pub checkpoint_interval: Duration,
    /// Under load, the ordered path makes one commit per interval; when idle
    /// it orders a transaction at once.
    pub commit_interval: Duration,
    /// With nothing to order, an empty commit advances the clock this often.
    pub heartbeat_interval: Duration,
    /// What genesis consists of, if the data directory has none yet.
    pub genesis: GenesisOptions,
    /// Delete the network in the data directory and make a new genesis.
    pub force_regenesis: bool,
    /// When to answer `Overloaded`.
    pub limits: QueueLimits,
    /// How transactions execute.
    pub executor: ExecutorConfig,
}

impl NodeConfig {
    /// The defaults for a development network in `data_dir`, with as many
    /// workers as the machine has cores.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        NodeConfig {
            data_dir: data_dir.into(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            durability: Durability::default(),
            checkpoint_interval: Duration::from_millis(100),
            commit_interval: Duration::from_millis(5),
            heartbeat_interval: Duration::from_secs(1),
            genesis: GenesisOptions::default(),
            force_regenesis: false,
            limits: QueueLimits::default(),
            executor: ExecutorConfig::default(),
        }
    }

    /// Checks that a node can run like this.
    ///
    /// # Errors
    /// [`StartError::Config`] with what is wrong.
    pub(crate) fn validate(&self) -> Result<(), StartError> {
        let wrong = |what| Err(StartError::Config(what));
        if self.threads == 0 {
            return wrong("at least one worker thread is needed");
        }
        if self.heartbeat_interval.is_zero() {
            return wrong("the heartbeat interval must not be zero");
        }
        let intervals = [
            self.checkpoint_interval,
            self.commit_interval,
            self.heartbeat_interval,
        ];
        if intervals.iter().any(|interval| *interval > INTERVAL_MAX) {
            return wrong("an interval is longer than a day");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senseless_configurations_are_refused() {
        type Spoil = fn(&mut NodeConfig);
        let cases: [(Spoil, bool); 4] = [
            (|_| {}, true),
            (|c| c.threads = 0, false),
            (|c| c.heartbeat_interval = Duration::ZERO, false),
            (|c| c.checkpoint_interval = Duration::MAX, false),
        ];
        for (spoil, is_valid) in cases {
            let mut config = NodeConfig::new("nowhere");
            spoil(&mut config);
            assert_eq!(config.validate().is_ok(), is_valid, "{config:?}");
        }
    }
}
