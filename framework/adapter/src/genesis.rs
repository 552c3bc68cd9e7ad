//! The first transaction of a network: framework packages, the clock, the
//! system state, the native coin, and accounts with coins.
//!
//! Genesis is a transaction that carries its objects; executing it writes them
//! at version 1. Nothing in it depends on anything but the configuration, so
//! every validator that starts from the same one has the same genesis digest,
//! which is the network's identity.

use crate::host::Host;
use crate::packages::vm_package;
use crate::{ExecuteError, Executor, GenesisError, system};
use heddle_bytecode::{BinaryLimits, CompiledModule, EnumDefinitionIndex, StructDefinitionIndex};
use heddle_objects::sui_sdk_types::{
    Address, Digest, GasPayment, GenesisObject, GenesisTransaction, Identifier, MovePackage,
    MoveStruct, Object, ObjectData, Owner, StructTag, Transaction, TransactionExpiration,
    TransactionKind, TypeOrigin, TypeTag, UpgradeInfo,
};
use heddle_objects::{
    CLOCK_ID, EpochContext, ExecutionOutput, ExecutionRequest, GENESIS_VERSION, ObjectRead,
    ReadError, SYSTEM_PACKAGE_ID, SYSTEM_STATE_ID,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most of the native coin that there may be, in base units: ten billion
/// coins of 10⁹.
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
    /// Accounts with coins, at most [`TOTAL_SUPPLY`] together.
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

/// A package to be put into genesis, as it was compiled.
#[derive(Clone, Debug)]
struct FrameworkPackage {
    id: Address,
    modules: Vec<Vec<u8>>,
    dependencies: Vec<Address>,
}

impl Executor {
    /// Builds the genesis state. The same configuration gives the same bytes.
    ///
    /// # Errors
    /// [`GenesisError`] if a framework package does not verify or the accounts
    /// hold more than the supply.
    pub fn genesis(&self, config: &GenesisConfig) -> Result<GenesisState, GenesisError> {
        let packages = self.packages_of(&framework_packages())?;
        let mut objects: Vec<GenesisObject> = packages
            .into_iter()
            .map(|package| GenesisObject::new(ObjectData::Package(package), Owner::Immutable))
            .collect();
        objects.push(clock(config.timestamp_ms)?);
        objects.push(system_state()?);
        let mut ids = Ids::default();
        objects.push(native_coin_metadata(&mut ids)?);
        objects.extend(coins(&config.accounts, &mut ids)?);
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

    /// Verifies packages, each after those that it depends on.
    fn packages_of(&self, packages: &[FrameworkPackage]) -> Result<Vec<MovePackage>, GenesisError> {
        let host = Host::new(&Nothing, self.package_cache(), self.vm());
        packages
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
                self.vm()
                    .verify_package(&loaded, &host)
                    .map_err(|error| fail(error.to_string()))?;
                host.add_unpublished(loaded);
                Ok(object)
            })
            .collect()
    }
}

/// The framework, dependencies first.
fn framework_packages() -> Vec<FrameworkPackage> {
    Vec::new()
}

fn move_package(package: &FrameworkPackage) -> Result<MovePackage, String> {
    let mut modules = BTreeMap::new();
    let mut type_origin_table = Vec::new();
    for bytes in &package.modules {
        let module = CompiledModule::deserialize(bytes, &BinaryLimits::local())
            .map_err(|error| error.to_string())?;
        let (name, datatypes) = names(&module).ok_or("a module's tables are malformed")?;
        for struct_name in datatypes {
            type_origin_table.push(TypeOrigin {
                module_name: name.clone(),
                struct_name,
                package: package.id,
            });
        }
        modules.insert(name, bytes.clone());
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

/// Ids of genesis objects that have no fixed one. The transaction's digest
/// depends on them, so they are derived from a constant instead.
#[derive(Debug, Default)]
struct Ids {
    count: u64,
}

impl Ids {
    fn next(&mut self) -> Address {
        let id = Address::derive_id(
            Digest::new(*b"heddle genesis object ids seed 1"),
            self.count,
        );
        self.count += 1;
        id
    }
}

fn object(
    type_: StructTag,
    contents: Vec<u8>,
    owner: Owner,
) -> Result<GenesisObject, GenesisError> {
    // Of the objects here, those with `store` are the coins and their metadata.
    let has_public_transfer = *type_.address() == Address::TWO && type_.module().as_str() == "coin";
    let value = MoveStruct::new(type_, has_public_transfer, GENESIS_VERSION, contents)
        .ok_or_else(|| invariant("a genesis object has no id"))?;
    Ok(GenesisObject::new(ObjectData::Struct(value), owner))
}

fn invariant(reason: &str) -> GenesisError {
    GenesisError::Execute(ExecuteError::Invariant {
        reason: reason.into(),
    })
}

fn tag(address: Address, module: &'static str, name: &'static str) -> StructTag {
    StructTag::new(
        address,
        Identifier::from_static(module),
        Identifier::from_static(name),
        Vec::new(),
    )
}

/// `0x2::clock::Clock { id: UID, timestamp_ms: u64 }`.
fn clock(timestamp_ms: u64) -> Result<GenesisObject, GenesisError> {
    let mut contents = CLOCK_ID.into_inner().to_vec();
    contents.extend_from_slice(&timestamp_ms.to_le_bytes());
    object(
        tag(Address::TWO, "clock", "Clock"),
        contents,
        Owner::Shared(GENESIS_VERSION),
    )
}

/// `0x3::sui_system::SuiSystemState { id: UID, version: u64 }`.
fn system_state() -> Result<GenesisObject, GenesisError> {
    let mut contents = SYSTEM_STATE_ID.into_inner().to_vec();
    contents.extend_from_slice(&1_u64.to_le_bytes());
    object(
        tag(SYSTEM_PACKAGE_ID, "sui_system", "SuiSystemState"),
        contents,
        Owner::Shared(GENESIS_VERSION),
    )
}

/// `0x2::coin::CoinMetadata<0x2::sui::SUI>`, which nobody can change.
fn native_coin_metadata(ids: &mut Ids) -> Result<GenesisObject, GenesisError> {
    #[derive(serde::Serialize)]
    struct CoinMetadata {
        id: Address,
        decimals: u8,
        name: &'static str,
        symbol: &'static str,
        description: &'static str,
        icon_url: Option<&'static str>,
    }
    let metadata = CoinMetadata {
        id: ids.next(),
        decimals: 9,
        name: "Heddle",
        symbol: "HED",
        description: "The native coin of this network",
        icon_url: None,
    };
    let contents =
        bcs::to_bytes(&metadata).map_err(|_| invariant("coin metadata can't be encoded"))?;
    let type_ = StructTag::new(
        Address::TWO,
        Identifier::from_static("coin"),
        Identifier::from_static("CoinMetadata"),
        vec![TypeTag::from(StructTag::sui())],
    );
    object(type_, contents, Owner::Immutable)
}

fn coins(accounts: &[GenesisAccount], ids: &mut Ids) -> Result<Vec<GenesisObject>, GenesisError> {
    let mut supply = 0_u64;
    let mut coins = Vec::new();
    for account in accounts {
        for balance in &account.coins {
            supply = supply
                .checked_add(*balance)
                .filter(|supply| *supply <= TOTAL_SUPPLY)
                .ok_or(GenesisError::SupplyExceeded {
                    supply: TOTAL_SUPPLY,
                })?;
            let mut contents = ids.next().into_inner().to_vec();
            contents.extend_from_slice(&balance.to_le_bytes());
            coins.push(object(
                StructTag::gas_coin(),
                contents,
                Owner::Address(account.address),
            )?);
        }
    }
    Ok(coins)
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
