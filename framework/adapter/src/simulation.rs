//! A dry run: what a transaction would do, and what each command returned.

use crate::ExecuteError;
use crate::executor::{Executor, Job};
use crate::gas::Payment;
use crate::inputs::{Access, InputEntry, Inputs};
use heddle_objects::limits::GAS_BUDGET_MAX;
use heddle_objects::{DeclaredInputs, EpochContext, ExecutionOutput, ObjectRead, SharedVersion};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{
    Address, Argument, Digest, GasCostSummary, GasPayment, MoveStruct, Object, ObjectData,
    ObjectReference, Owner, StructTag, Transaction, TransactionKind, TypeTag,
};

/// The id of the coin that stands in for an empty gas payment.
const STAND_IN_GAS_ID: Address = Address::new([0xff; 32]);
/// What the stand-in holds, in base units: a billion coins.
const STAND_IN_BALANCE: u64 = 1_000_000_000_000_000_000;
/// Gas units by which a suggested budget exceeds the computation seen.
const BUDGET_MARGIN_UNITS: u64 = 1_000;

/// How much of a dry run's transaction is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// As in real execution: gas is charged from the payment (a stand-in coin
    /// if the payment is empty), visibility and usage rules hold.
    Enabled,
    /// For inspection by developers: private functions may be called, values
    /// of any type may be given as bytes and left over, any sender's objects
    /// may be used. Gas is metered up to the budget but never paid.
    Disabled,
}

/// A transaction to try on the latest state.
#[derive(Clone, Debug)]
pub struct SimulationRequest {
    /// The transaction, with kinds and versions of inputs filled in. Shared
    /// inputs are read at their latest version.
    pub transaction: Arc<Transaction>,
    /// The epoch to pretend.
    pub epoch: EpochContext,
    /// How strict to be.
    pub checks: Checks,
}

/// A Move value with its type, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedValue {
    /// The type, by defining packages.
    pub type_: TypeTag,
    /// The value in BCS.
    pub bytes: Vec<u8>,
}

/// An argument that a command changed through a mutable reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutatedArgument {
    /// Where the value lives: the gas coin, an input or an earlier result.
    pub argument: Argument,
    /// Its value after the command.
    pub value: TypedValue,
}

/// What one command gave back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutputs {
    /// Returned values in order.
    pub return_values: Vec<TypedValue>,
    /// Arguments taken by mutable reference, after the command, in order of
    /// the command's arguments.
    pub mutated_by_ref: Vec<MutatedArgument>,
}

/// What a transaction would do.
#[derive(Clone, Debug)]
pub struct SimulationOutput {
    /// Effects, events and objects, exactly as execution would give them on
    /// the same state.
    pub execution: ExecutionOutput,
    /// One entry per command that finished, in order. On failure the failed
    /// command and those after it have none.
    pub command_outputs: Vec<CommandOutputs>,
    /// The object versions that went in (declared inputs, gas payment, loaded
    /// children that were written), sorted by id.
    pub input_objects: Vec<Arc<Object>>,
    /// The id of the stand-in gas coin if the payment was empty. Its changes
    /// must not be shown as the sender's.
    pub stand_in_gas: Option<Address>,
    /// A budget with which the same transaction passes on the same state: gas
    /// used, with a margin for objects that change in the meantime; base units.
    pub suggested_gas_budget: u64,
}

impl Executor {
    /// Tries a transaction on the latest state and changes nothing. A payment
    /// without coins is stood in for; a price of 0 means the reference price,
    /// a budget of 0 as much as the payment can bear.
    ///
    /// # Errors
    /// As [`Executor::execute`].
    pub fn simulate(
        &self,
        request: &SimulationRequest,
        store: &dyn ObjectRead,
    ) -> Result<SimulationOutput, ExecuteError> {
        let transaction = &*request.transaction;
        let TransactionKind::ProgrammableTransaction(programmable) = &transaction.kind else {
            return Err(ExecuteError::NotBuilt(
                "simulating transactions of the system",
            ));
        };
        let declared = DeclaredInputs::of(transaction)?;
        let shared_versions = latest_versions(&declared, store)?;
        let mut inputs = Inputs::load(&declared, &shared_versions, store)?;
        let (payment, stand_in_gas) = payment(request, &mut inputs)?;
        let job = Job {
            transaction,
            programmable,
            digest: transaction.digest(),
            epoch: &request.epoch,
            inputs: &inputs,
            payment: &payment,
            checks: request.checks,
            keep_outputs: true,
        };
        let done = self.run(&job, store)?;
        let declared_objects = inputs.objects.values().map(|entry| &entry.object);
        let input_objects: BTreeMap<Address, Arc<Object>> = declared_objects
            .chain(&done.prior)
            .map(|object| (object.object_id(), Arc::clone(object)))
            .filter(|(id, _)| Some(*id) != stand_in_gas)
            .collect();
        let suggested_gas_budget =
            suggested_budget(done.output.effects.gas_summary(), payment.price);
        Ok(SimulationOutput {
            execution: done.output,
            command_outputs: done.command_outputs,
            input_objects: input_objects.into_values().collect(),
            stand_in_gas,
            suggested_gas_budget,
        })
    }
}

/// The latest version of every shared input; 0, at which nothing exists, for
/// one that was deleted.
fn latest_versions(
    declared: &DeclaredInputs,
    store: &dyn ObjectRead,
) -> Result<Vec<SharedVersion>, ExecuteError> {
    declared
        .shared
        .iter()
        .map(|(id, _, _)| {
            let version = store.latest(id)?.map_or(0, |object| object.version());
            Ok(SharedVersion {
                object_id: *id,
                version,
            })
        })
        .collect()
}

/// The payment to pretend, and the id of the stand-in if there is one.
fn payment(
    request: &SimulationRequest,
    inputs: &mut Inputs,
) -> Result<(Payment, Option<Address>), ExecuteError> {
    let given = &request.transaction.gas_payment;
    let price = match given.price {
        0 => request.epoch.reference_gas_price.max(1),
        price => price,
    };
    if !given.objects.is_empty() {
        let balance = given
            .objects
            .iter()
            .filter_map(|coin| inputs.objects.get(coin.object_id()))
            .filter_map(|entry| heddle_objects::object::coin_balance(&entry.object))
            .fold(0_u64, u64::saturating_add);
        let budget = match given.budget {
            0 => GAS_BUDGET_MAX.min(balance),
            budget => budget,
        };
        let result = Payment::new(
            &GasPayment {
                price,
                budget,
                ..given.clone()
            },
            inputs,
        );
        if result.is_ok() || request.checks == Checks::Enabled {
            return Ok((result?, None));
        }
    }
    let coin = stand_in(request.transaction.sender)?;
    let reference = ObjectReference::new(STAND_IN_GAS_ID, coin.version(), coin.digest());
    let entry = InputEntry {
        object: Arc::new(coin),
        access: Access::Owned,
    };
    inputs.objects.insert(STAND_IN_GAS_ID, entry);
    let budget = match given.budget {
        0 => GAS_BUDGET_MAX,
        budget => budget.min(STAND_IN_BALANCE),
    };
    let payment = GasPayment {
        objects: vec![reference],
        owner: given.owner,
        price,
        budget,
    };
    Ok((Payment::new(&payment, inputs)?, Some(STAND_IN_GAS_ID)))
}

fn stand_in(owner: Address) -> Result<Object, ExecuteError> {
    let mut contents = STAND_IN_GAS_ID.into_inner().to_vec();
    contents.extend_from_slice(&STAND_IN_BALANCE.to_le_bytes());
    let coin = MoveStruct::new(StructTag::gas_coin(), true, 1, contents).ok_or_else(|| {
        ExecuteError::Invariant {
            reason: "the stand-in coin has no id".into(),
        }
    })?;
    Ok(Object::new(
        ObjectData::Struct(coin),
        Owner::Address(owner),
        Digest::ZERO,
        0,
    ))
}

/// Computation with a margin, and storage as far as refunds don't cover it.
fn suggested_budget(used: &GasCostSummary, price: u64) -> u64 {
    let computation = used
        .computation_cost
        .saturating_add(BUDGET_MARGIN_UNITS.saturating_mul(price));
    let storage = used.storage_cost.saturating_sub(used.storage_rebate);
    computation.saturating_add(storage).min(GAS_BUDGET_MAX)
}
