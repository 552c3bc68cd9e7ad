//! The first transaction of a network: framework packages, the clock, the
//! system state, the native coin, and accounts with coins.
//!
//! Genesis is a transaction that carries its objects; executing it writes them
//! at version 1. Nothing in it depends on anything but the configuration, so
//! every validator that starts from the same one has the same genesis digest,
//! which is the network's identity.

use crate::changes::Draft;
use crate::failure::Stop;
use crate::host::Host;
use crate::packages::vm_package;
use crate::{ExecuteError, Executor, GenesisError, genesis_calls, natives, system};
use heddle_bytecode::{BinaryLimits, CompiledModule, EnumDefinitionIndex, StructDefinitionIndex};
use heddle_objects::{
    CLOCK_ID, EpochContext, ExecutionOutput, ExecutionRequest, GENESIS_VERSION, ObjectRead,
    ReadError,
};
use heddle_vm::{Vm, VmConfig};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{
    Address, Digest, GasPayment, GenesisObject, GenesisTransaction, Identifier, MovePackage,
    MoveStruct, Object, ObjectData, Owner, Transaction, TransactionExpiration, TransactionKind,
    TypeOrigin, UpgradeInfo,
};

/// All of the native coin, in base units: ten billion coins of 10⁹.
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
    /// Accounts with coins, at most [`TOTAL_SUPPLY`] together. What they don't
    /// hold belongs to the system state.
    pub accounts: Vec<GenesisAccount>,
}

/// The genesis transaction and what it writes.
#[derive(Clone, Debug)]
pub struct GenesisState {
    /// The transaction; it carries every genesis object.
    pub transaction: Transaction,
    /// Its digest.
    pub digest: Digest,
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
        check_supply(&config.accounts)?;
        let host = Host::new(&Nothing, self.package_cache(), self.vm());
        let packages = Self::publish_framework(&host)?;
        let made = genesis_calls::run(self.vm(), &host, config).map_err(|stop| match stop {
            Stop::Refused(error) => GenesisError::Execute(error),
            Stop::Failed(failure) => invariant(&failure.detail),
        })?;
        let mut objects: Vec<GenesisObject> = packages
            .into_iter()
            .map(|package| GenesisObject::new(ObjectData::Package(package), Owner::Immutable))
            .collect();
        for draft in made.into_values() {
            objects.push(genesis_object(draft, config.timestamp_ms)?);
        }
        let transaction = Transaction {
            kind: TransactionKind::Genesis(GenesisTransaction { objects }),
            sender: Address::ZERO,
            gas_payment: GasPayment {
                objects: Vec::new(),
                owner: Address::ZERO,
                price: 1,
                budget: 0,
            },
            expiration: TransactionExpiration::None,
        };
        let digest = transaction.digest();
        let request = ExecutionRequest {
            digest,
            transaction: Arc::new(transaction.clone()),
            shared_versions: Vec::new(),
            epoch: EpochContext {
                epoch: 0,
                epoch_start_timestamp_ms: config.timestamp_ms,
                reference_gas_price: config.reference_gas_price,
                chain_id: Digest::ZERO,
                protocol_version: config.protocol_version,
            },
        };
        let TransactionKind::Genesis(genesis) = &transaction.kind else {
            return Err(invariant("the genesis transaction is none"));
        };
        let output = system::genesis(&request, genesis)?;
        Ok(GenesisState {
            transaction,
            digest,
            output,
        })
    }

    /// Verifies the framework's packages, each after those that it depends on.
    fn publish_framework(host: &Host<'_>) -> Result<Vec<MovePackage>, GenesisError> {
        // The framework makes objects of other packages' types, which the object
        // rules allow nobody else.
        let config = VmConfig {
            object_rules: false,
            ..VmConfig::default()
        };
        let vm = Vm::new(natives::table(), config);
        heddle_framework::packages()
            .iter()
            .map(|package| {
                let fail = |reason: String| GenesisError::Package {
                    package: package.id,
                    reason,
                };
                let object = move_package(package).map_err(fail)?;
                let loaded = vm_package(&object)
                    .map(Arc::new)
                    .ok_or_else(|| fail("its modules can't be read".into()))?;
                vm.verify_package(&loaded, host)
                    .map_err(|error| fail(error.to_string()))?;
                host.add_unpublished(loaded);
                Ok(object)
            })
            .collect()
    }
}

fn check_supply(accounts: &[GenesisAccount]) -> Result<(), GenesisError> {
    accounts
        .iter()
        .flat_map(|account| &account.coins)
        .try_fold(0_u64, |sum, balance| sum.checked_add(*balance))
        .filter(|sum| *sum <= TOTAL_SUPPLY)
        .map(drop)
        .ok_or(GenesisError::SupplyExceeded {
            supply: TOTAL_SUPPLY,
        })
}

fn move_package(package: &heddle_framework::FrameworkPackage) -> Result<MovePackage, String> {
    let mut modules = BTreeMap::new();
    let mut type_origin_table = Vec::new();
    for module in package.modules {
        let compiled = CompiledModule::deserialize(module.bytes, &BinaryLimits::local())
            .map_err(|error| error.to_string())?;
        let (name, datatypes) = names(&compiled).ok_or("a module's tables are malformed")?;
        for struct_name in datatypes {
            type_origin_table.push(TypeOrigin {
                module_name: name.clone(),
                struct_name,
                package: package.id,
            });
        }
        modules.insert(name, module.bytes.to_vec());
    }
    let linkage_table = package
        .dependencies
        .iter()
        .map(|id| {
            let link = UpgradeInfo {
                upgraded_id: *id,
                upgraded_version: GENESIS_VERSION,
            };
            (*id, link)
        })
        .collect();
    Ok(MovePackage {
        id: package.id,
        version: GENESIS_VERSION,
        modules,
        type_origin_table,
        linkage_table,
    })
}

/// A module's name, and those of its structs and enums.
fn names(module: &CompiledModule) -> Option<(Identifier, Vec<Identifier>)> {
    let handle = module.get(module.self_module_handle)?;
    let name = Identifier::new(module.get(handle.name)?.as_str()).ok()?;
    let structs = module
        .entries::<StructDefinitionIndex>()
        .map(|(_, def)| def.struct_handle);
    let enums = module
        .entries::<EnumDefinitionIndex>()
        .map(|(_, def)| def.enum_handle);
    let datatypes = structs
        .chain(enums)
        .map(|handle| {
            let name = module.get(module.get(handle)?.name)?;
            Identifier::new(name.as_str()).ok()
        })
        .collect::<Option<Vec<_>>>()?;
    Some((name, datatypes))
}

/// An object that the framework made. Its clock starts at 0; the network's
/// starts with the network.
fn genesis_object(draft: Draft, timestamp_ms: u64) -> Result<GenesisObject, GenesisError> {
    let owner = draft.owner;
    let object = draft
        .into_object(GENESIS_VERSION, Digest::ZERO, 0)
        .ok_or_else(|| invariant("a genesis object has no id"))?;
    let data = match object.data() {
        ObjectData::Struct(value) if value.object_id() == CLOCK_ID => {
            let mut contents = value.contents().to_vec();
            system::set_clock(&mut contents, timestamp_ms)?;
            MoveStruct::new(
                value.object_type().clone(),
                value.has_public_transfer(),
                GENESIS_VERSION,
                contents,
            )
            .map(ObjectData::Struct)
            .ok_or_else(|| invariant("the clock has no id"))?
        }
        data => data.clone(),
    };
    Ok(GenesisObject::new(data, owner))
}

fn invariant(reason: &str) -> GenesisError {
    GenesisError::Execute(ExecuteError::Invariant {
        reason: reason.into(),
    })
}

/// The state before genesis.
struct Nothing;

impl ObjectRead for Nothing {
    fn latest(&self, _: &Address) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(None)
    }

    fn at_version(&self, _: &Address, _: u64) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(None)
    }

    fn at_or_before(&self, _: &Address, _: u64) -> Result<Option<Arc<Object>>, ReadError> {
        Ok(None)
    }
}
