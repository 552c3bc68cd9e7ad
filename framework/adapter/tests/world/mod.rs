//! A small network in memory: accounts, coins, and transactions against them.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs, each of which uses a part"
)]

use heddle_adapter::testing::MemoryStore;
use heddle_adapter::{Executor, ExecutorConfig};
use heddle_objects::object::coin_balance;
use heddle_objects::{
    DeclaredInputs, EpochContext, ExecutionOutput, ExecutionRequest, ObjectRead, SharedVersion,
};
use std::sync::Arc;
use sui_sdk_types::{
    Address, Argument, ChangedObject, Command, Digest, ExecutionError, ExecutionStatus,
    GasCostSummary, GasPayment, Input, MoveStruct, Object, ObjectData, ObjectReference, Owner,
    ProgrammableTransaction, StructTag, Transaction, TransactionEffects, TransactionEffectsV2,
    TransactionExpiration, TransactionKind, TypeTag,
};

pub const ALICE: Address = Address::from_static("0xa11ce");
pub const BOB: Address = Address::from_static("0xb0b");
pub const PRICE: u64 = 1_000;
pub const BUDGET: u64 = 100_000_000;

/// The executor, the store, and a count that keeps transactions apart.
pub struct World {
    pub executor: Executor,
    pub store: MemoryStore,
    pub next: u64,
}

/// A transaction to be built.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub inputs: Vec<Input>,
    pub commands: Vec<Command>,
    pub gas: Vec<Address>,
    pub budget: Option<u64>,
    pub sender: Option<Address>,
}

impl World {
    pub fn new() -> Self {
        World {
            executor: Executor::new(ExecutorConfig::default()),
            store: MemoryStore::new(),
            next: 0,
        }
    }

    /// A fresh id, not derived from any transaction.
    pub fn id(&mut self) -> Address {
        self.next += 1;
        let mut bytes = [0xc0; 32];
        bytes[24..].copy_from_slice(&self.next.to_be_bytes());
        Address::new(bytes)
    }

    /// Puts a native coin into the store.
    pub fn coin(&mut self, owner: Address, balance: u64) -> Address {
        self.coin_of(StructTag::gas_coin(), Owner::Address(owner), balance)
    }

    /// Puts a coin of any type with any owner into the store.
    pub fn coin_of(&mut self, type_: StructTag, owner: Owner, balance: u64) -> Address {
        let mut contents = self.id().into_inner().to_vec();
        contents.extend_from_slice(&balance.to_le_bytes());
        self.object(type_, true, contents, owner)
    }

    /// Puts any object into the store, at version 5.
    pub fn object(
        &mut self,
        type_: StructTag,
        has_public_transfer: bool,
        contents: Vec<u8>,
        owner: Owner,
    ) -> Address {
        let value = MoveStruct::new(type_, has_public_transfer, 5, contents).expect("an id");
        let object = Object::new(
            ObjectData::Struct(value),
            owner,
            Digest::new([9; 32]),
            988_000,
        );
        *self.store.insert(object).object_id()
    }

    pub fn reference(&self, id: &Address) -> ObjectReference {
        self.store.reference(id).expect("a live object")
    }

    pub fn owned(&self, id: &Address) -> Input {
        Input::ImmutableOrOwned(self.reference(id))
    }

    pub fn balance(&self, id: &Address) -> Option<u64> {
        coin_balance(&*self.store.latest(id).expect("memory")?)
    }

    pub fn owner(&self, id: &Address) -> Option<Owner> {
        Some(*self.store.latest(id).expect("memory")?.owner())
    }

    pub fn transaction(&self, plan: &Plan) -> Transaction {
        let sender = plan.sender.unwrap_or(ALICE);
        Transaction {
            kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
                inputs: plan.inputs.clone(),
                commands: plan.commands.clone(),
            }),
            sender,
            gas_payment: GasPayment {
                objects: plan.gas.iter().map(|id| self.reference(id)).collect(),
                owner: sender,
                price: PRICE,
                budget: plan.budget.unwrap_or(BUDGET),
            },
            expiration: TransactionExpiration::None,
        }
    }

    /// Executes without applying.
    pub fn try_run(&self, plan: &Plan) -> ExecutionOutput {
        let transaction = self.transaction(plan);
        let declared = DeclaredInputs::of(&transaction).expect("well-formed inputs");
        let shared_versions = declared
            .shared
            .iter()
            .map(|(id, initial, _)| SharedVersion {
                object_id: *id,
                version: self.store.newest_version(id).unwrap_or(*initial),
            })
            .collect();
        let request = ExecutionRequest {
            digest: transaction.digest(),
            transaction: Arc::new(transaction),
            shared_versions,
            epoch: epoch(),
        };
        self.executor
            .execute(&request, &self.store)
            .expect("an executable request")
    }

    /// Executes and applies.
    pub fn run(&mut self, plan: &Plan) -> ExecutionOutput {
        let output = self.try_run(plan);
        self.store.apply(&output);
        output
    }

    /// Native coins in all live objects, plus the fees kept with objects.
    pub fn total(&self) -> u128 {
        self.store
            .live()
            .values()
            .map(|object| {
                let is_native = object
                    .as_struct()
                    .is_some_and(|value| *value.object_type() == StructTag::gas_coin());
                let balance = if is_native {
                    coin_balance(object).unwrap_or(0)
                } else {
                    0
                };
                u128::from(balance) + u128::from(object.storage_rebate())
            })
            .sum()
    }
}

pub fn epoch() -> EpochContext {
    EpochContext {
        epoch: 3,
        epoch_start_timestamp_ms: 1_000,
        reference_gas_price: PRICE,
        chain_id: Digest::ZERO,
        protocol_version: 1,
    }
}

pub fn pure<T: serde::Serialize>(value: &T) -> Input {
    Input::Pure(bcs::to_bytes(value).expect("serialisable"))
}

pub fn effects(output: &ExecutionOutput) -> &TransactionEffectsV2 {
    match &output.effects {
        TransactionEffects::V2(effects) => effects,
        TransactionEffects::V1(_) => panic!("effects of version 1"),
    }
}

pub fn gas(output: &ExecutionOutput) -> &GasCostSummary {
    &effects(output).gas_used
}

/// What the network earned.
pub fn earned(output: &ExecutionOutput) -> u128 {
    let gas = gas(output);
    u128::from(gas.computation_cost) + u128::from(gas.non_refundable_storage_fee)
}

pub fn change<'a>(output: &'a ExecutionOutput, id: &Address) -> Option<&'a ChangedObject> {
    effects(output)
        .changed_objects
        .iter()
        .find(|changed| changed.object_id == *id)
}

pub fn assert_success(output: &ExecutionOutput) {
    assert_eq!(
        effects(output).status,
        ExecutionStatus::Success,
        "{:?}",
        output.failure_detail
    );
}

pub fn assert_failure(output: &ExecutionOutput, expected: ExecutionError, command: Option<u64>) {
    assert_eq!(
        effects(output).status,
        ExecutionStatus::Failure {
            error: expected,
            command
        },
        "{:?}",
        output.failure_detail
    );
}

pub fn native() -> TypeTag {
    StructTag::sui().into()
}

pub fn nested(command: u16, position: u16) -> Argument {
    Argument::NestedResult(command, position)
}

/// A network after genesis, with what it takes to publish and call.
pub mod chain {
    use super::*;
    use heddle_adapter::{GenesisAccount, GenesisConfig};
    use heddle_compiler::{BuildOptions, BuiltPackage, Compiler, FrameworkSources, PackageFiles};
    use std::path::Path;
    use std::sync::OnceLock;
    use sui_sdk_types::{IdOperation, Identifier, MoveCall, ObjectOut, Publish, TransferObjects};

    pub const PUBLISH_BUDGET: u64 = 5_000_000_000;

    /// A network after genesis.
    pub struct Chain {
        pub world: World,
        pub gas: Address,
    }

    fn compiler() -> &'static Compiler {
        static COMPILER: OnceLock<Compiler> = OnceLock::new();
        COMPILER.get_or_init(|| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages");
            Compiler::new(FrameworkSources::read(folder).expect("the framework's sources"))
        })
    }

    /// Builds a package from texts.
    pub fn build(files: &[(&str, &str)]) -> BuiltPackage {
        compiler()
            .build(
                &PackageFiles::from_texts(files.iter().copied()),
                &BuildOptions::default(),
            )
            .unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn probe() -> &'static BuiltPackage {
        static PROBE: OnceLock<BuiltPackage> = OnceLock::new();
        PROBE.get_or_init(|| {
            build(&[
                ("Move.toml", MANIFEST),
                ("sources/probe.move", PROBE_SOURCE),
            ])
        })
    }

    pub const MANIFEST: &str = include_str!("../packages/probe/Move.toml");
    pub const PROBE_SOURCE: &str = include_str!("../packages/probe/sources/probe.move");

    impl Chain {
        pub fn new() -> Self {
            let mut world = World::new();
            let config = GenesisConfig {
                timestamp_ms: 1,
                protocol_version: 1,
                reference_gas_price: PRICE,
                accounts: vec![GenesisAccount {
                    address: ALICE,
                    coins: vec![1_000_000_000_000],
                }],
            };
            let genesis = world.executor.genesis(&config).expect("genesis");
            world.store.apply(&genesis.output);
            let gas = world
                .store
                .live()
                .into_iter()
                .find(|(_, object)| *object.owner() == Owner::Address(ALICE))
                .map(|(id, _)| id)
                .expect("a coin");
            Chain { world, gas }
        }

        /// A network with the probe package: its id, its shared thing.
        pub fn with_probe() -> (Self, Address, Address) {
            let mut chain = Self::new();
            let output = chain.publish(probe());
            assert_success(&output);
            let package = published(&output);
            let shared = created(&output, |owner| matches!(owner, Owner::Shared(_)));
            (chain, package, shared[0])
        }

        /// Publishes a package and keeps the right to upgrade it.
        pub fn publish(&mut self, built: &BuiltPackage) -> ExecutionOutput {
            let plan = Plan {
                inputs: vec![pure(&ALICE)],
                commands: vec![
                    Command::Publish(Publish {
                        modules: built.modules.iter().map(|m| m.bytes.clone()).collect(),
                        dependencies: built.dependencies.clone(),
                    }),
                    Command::TransferObjects(TransferObjects {
                        objects: vec![Argument::Result(0)],
                        address: Argument::Input(0),
                    }),
                ],
                gas: vec![self.gas],
                budget: Some(PUBLISH_BUDGET),
                sender: None,
            };
            self.world.run(&plan)
        }

        pub fn plan(&self, inputs: Vec<Input>, commands: Vec<Command>) -> Plan {
            Plan {
                inputs,
                commands,
                gas: vec![self.gas],
                ..Plan::default()
            }
        }

        pub fn run(&mut self, inputs: Vec<Input>, commands: Vec<Command>) -> ExecutionOutput {
            let plan = self.plan(inputs, commands);
            self.world.run(&plan)
        }

        pub fn owned(&self, id: &Address) -> Input {
            self.world.owned(id)
        }

        /// A new `Thing` of Alice's.
        pub fn thing(&mut self, package: Address, value: u64) -> Address {
            let output = self.run(
                vec![pure(&value), pure(&ALICE)],
                vec![
                    call(package, "new", &[Argument::Input(0)]),
                    give(&[Argument::Result(0)], Argument::Input(1)),
                ],
            );
            assert_success(&output);
            created(&output, |_| true)[0]
        }

        /// The value of a `Thing`.
        pub fn value(&self, id: &Address) -> Option<u64> {
            let object = self.world.store.latest(id).expect("memory")?;
            let contents = object.as_struct()?.contents();
            Some(u64::from_le_bytes(contents[32..40].try_into().ok()?))
        }
    }

    /// A call of `probe::function` without type arguments.
    pub fn call(package: Address, function: &str, arguments: &[Argument]) -> Command {
        call_generic(package, function, &[], arguments)
    }

    pub fn call_generic(
        package: Address,
        function: &str,
        types: &[TypeTag],
        arguments: &[Argument],
    ) -> Command {
        Command::MoveCall(MoveCall {
            package,
            module: Identifier::from_static("probe"),
            function: Identifier::new(function).expect("a name"),
            type_arguments: types.to_vec(),
            arguments: arguments.to_vec(),
        })
    }

    pub fn give(objects: &[Argument], address: Argument) -> Command {
        Command::TransferObjects(TransferObjects {
            objects: objects.to_vec(),
            address,
        })
    }

    /// The package that a transaction published.
    pub fn published(output: &ExecutionOutput) -> Address {
        effects(output)
            .changed_objects
            .iter()
            .find(|changed| matches!(changed.output_state, ObjectOut::PackageWrite { .. }))
            .map(|changed| changed.object_id)
            .expect("a package")
    }

    /// Objects created with an owner that fits.
    pub fn created(output: &ExecutionOutput, fits: impl Fn(&Owner) -> bool) -> Vec<Address> {
        effects(output)
            .changed_objects
            .iter()
            .filter(|changed| changed.id_operation == IdOperation::Created)
            .filter(|changed| match &changed.output_state {
                ObjectOut::ObjectWrite { owner, .. } => fits(owner),
                _ => false,
            })
            .map(|changed| changed.object_id)
            .collect()
    }
}
