//! Settles the fees of an execution, whatever its outcome.
//!
//! 1. Computation has used some units: they have a price, at most the budget.
//! 2. Storage: every written object costs its fee anew, every object version
//!    that ended gives its fee back, less the part that is not refundable.
//! 3. If the budget does not cover both, the transaction fails for lack of
//!    gas: all its changes are dropped, and only the inputs are written anew.
//! 4. If it does not even cover those, computation takes the whole budget, and
//!    the inputs keep the fees that they came with.
//!
//! Nothing is made or lost: what leaves the paying coin equals what the
//! network earns plus what is stored with the objects.

use crate::ExecuteError;
use crate::changes::Changes;
use crate::failure::Failure;
use crate::gas::{Payment, set_coin_balance};
use crate::inputs::Inputs;
use crate::storage_fee;
use std::collections::BTreeMap;
use sui_sdk_types::{Address, ExecutionError, GasCostSummary};

/// The changes that hold, with every fee in place.
#[derive(Debug)]
pub(crate) struct Settled {
    /// What changes.
    pub(crate) changes: Changes,
    /// The fee kept with every written object, in base units.
    pub(crate) rebates: BTreeMap<Address, u64>,
    /// What was charged.
    pub(crate) summary: GasCostSummary,
    /// Why the transaction failed, if it did.
    pub(crate) failure: Option<Failure>,
}

/// Settles a transaction that pays.
pub(crate) fn settle(
    payment: &Payment,
    inputs: &Inputs,
    outcome: Result<Changes, Failure>,
    vm_units: u64,
) -> Result<Settled, ExecuteError> {
    let computation = payment.computation_cost(vm_units);
    let (changes, failure) = match outcome {
        Ok(changes) => match charge(payment, &changes, computation) {
            Some((summary, rebates)) => {
                return pay(payment, changes, rebates, summary, None);
            }
            None => (inputs_alone(payment, inputs)?, out_of_gas_in_storage()),
        },
        Err(failure) => (inputs_alone(payment, inputs)?, failure),
    };
    if let Some((summary, rebates)) = charge(payment, &changes, computation) {
        return pay(payment, changes, rebates, summary, Some(failure));
    }
    let (summary, rebates) = whole_budget(payment, &changes);
    pay(payment, changes, rebates, summary, Some(failure))
}

/// Settles a transaction of the system, which pays nothing: every object keeps
/// the fee that it came with.
pub(crate) fn settle_unmetered(changes: Changes, failure: Option<Failure>) -> Settled {
    let rebates = kept_rebates(&changes);
    Settled {
        changes,
        rebates,
        summary: GasCostSummary::default(),
        failure,
    }
}

fn out_of_gas_in_storage() -> Failure {
    Failure {
        error: ExecutionError::InsufficientGas,
        command: None,
        detail: "the budget does not cover the fee for storing the written objects".into(),
    }
}

fn inputs_alone(payment: &Payment, inputs: &Inputs) -> Result<Changes, ExecuteError> {
    let mut changes = Changes::of_inputs(inputs);
    payment.smash(&mut changes, payment.balance)?;
    Ok(changes)
}

/// The charge for `changes`, `None` if the budget does not cover it.
fn charge(
    payment: &Payment,
    changes: &Changes,
    computation: u64,
) -> Option<(GasCostSummary, BTreeMap<Address, u64>)> {
    let rebates: BTreeMap<Address, u64> = changes
        .written
        .iter()
        .map(|(id, draft)| (*id, storage_fee::of(draft)))
        .collect();
    let storage_cost = rebates
        .values()
        .try_fold(0_u64, |sum, fee| sum.checked_add(*fee))?;
    let (refund, kept) = refunds(changes.prior.values().map(|object| object.storage_rebate()));
    let owed = storage_cost.saturating_sub(refund);
    if owed > payment.budget.saturating_sub(computation) {
        return None;
    }
    let summary = GasCostSummary::new(computation, storage_cost, refund, kept);
    Some((summary, rebates))
}

/// The last resort: computation takes the budget, nothing else is charged, and
/// only coins that were absorbed give their fee back.
fn whole_budget(payment: &Payment, changes: &Changes) -> (GasCostSummary, BTreeMap<Address, u64>) {
    let ended = changes
        .prior
        .iter()
        .filter(|(id, _)| payment.absorbs(id))
        .map(|(_, object)| object.storage_rebate());
    let (refund, kept) = refunds(ended);
    (
        GasCostSummary::new(payment.budget, 0, refund, kept),
        kept_rebates(changes),
    )
}

fn kept_rebates(changes: &Changes) -> BTreeMap<Address, u64> {
    changes
        .written
        .keys()
        .map(|id| {
            let rebate = changes.prior.get(id).map_or(0, |old| old.storage_rebate());
            (*id, rebate)
        })
        .collect()
}

/// What is paid back of kept fees, and what is not.
fn refunds(fees: impl Iterator<Item = u64>) -> (u64, u64) {
    let total = fees.fold(0_u64, u64::saturating_add);
    let refund = storage_fee::refund(total);
    (refund, total - refund)
}

fn pay(
    payment: &Payment,
    mut changes: Changes,
    rebates: BTreeMap<Address, u64>,
    summary: GasCostSummary,
    failure: Option<Failure>,
) -> Result<Settled, ExecuteError> {
    let before = payment.balance_in(&changes)?;
    let after = before
        .checked_add(summary.storage_rebate)
        .and_then(|balance| balance.checked_sub(summary.computation_cost))
        .and_then(|balance| balance.checked_sub(summary.storage_cost))
        .ok_or_else(|| ExecuteError::Invariant {
            reason: format!("gas coin holds {before} base units, the charge is {summary}"),
        })?;
    set_coin_balance(&mut changes, &payment.coin, after)?;
    Ok(Settled {
        changes,
        rebates,
        summary,
        failure,
    })
}
