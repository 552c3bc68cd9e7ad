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
                version: self
                    .store
                    .latest(id)
                    .expect("memory")
                    .map_or(*initial, |object| object.version()),
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
