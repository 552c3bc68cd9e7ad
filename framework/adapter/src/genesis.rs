//! The first transaction of a network: framework packages, the clock, the
//! system state, the native coin, and accounts with coins.

use crate::{Executor, GenesisError};
use heddle_objects::ExecutionOutput;
use sui_sdk_types::{Address, Transaction};

/// Total supply of the native coin, in base units: ten billion coins of 10⁹.
pub const TOTAL_SUPPLY: u64 = 10_000_000_000_000_000_000;

/// An account that holds coins from the start.
#[derive(Clone, Debug)]
pub struct GenesisAccount {
    /// The account's address.
    pub address: Address,
    /// The balance of each of its coin objects, in base units.
    pub coins: Vec<u64>,
}

/// What to put into genesis.
#[derive(Clone, Debug)]
pub struct GenesisConfig {
    /// The clock's first reading, in milliseconds since the Unix epoch.
    pub timestamp_ms: u64,
    /// Version of the protocol rules.
    pub protocol_version: u64,
    /// Reference gas price of epoch 0, in base units per gas unit.
    pub reference_gas_price: u64,
    /// Accounts with coins. What they don't hold of [`TOTAL_SUPPLY`] belongs to
    /// the system state.
    pub accounts: Vec<GenesisAccount>,
}

/// The genesis transaction and what it writes.
#[derive(Clone, Debug)]
pub struct GenesisState {
    /// The transaction; it carries every genesis object.
    pub transaction: Transaction,
    /// Its effects and objects, ready to be committed.
    pub output: ExecutionOutput,
}

impl Executor {
    /// Builds the genesis state. The same configuration gives the same bytes.
    ///
    /// # Errors
    /// [`GenesisError`] if a framework package does not verify or the accounts
    /// hold more than the supply.
    pub fn genesis(&self, config: &GenesisConfig) -> Result<GenesisState, GenesisError> {
        let _ = config;
        Err(GenesisError::NotBuilt("genesis"))
    }
}
