//! Which coins pay for a transaction, and with which budget.
//!
//! 1. Take the coins that were given; otherwise all of the payer's native
//!    coins that the transaction does not use, the richest first.
//! 2. Try the transaction with all of them and as much budget as they allow.
//! 3. The budget is what the trial used, with headroom. (If a budget was given,
//!    it stays.)
//! 4. Of the payer's coins keep as many as cover the budget and what the
//!    commands take out of the gas coin, so that the others stay free for
//!    transactions at the same time. A transaction that does more with the gas
//!    coin than to split from it or merge into it keeps all.
//! 5. Try again with exactly that, since this is what will be signed. Should
//!    it fail where the first trial did not, the first one stands.

use super::sketch::Sketch;
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_adapter::{Checks, SimulationOutput};
use heddle_objects::limits;
use heddle_objects::object::coin_balance;
use heddle_objects::sui_sdk_types::{
    Address, Argument, Command, Input, ObjectReference, StructTag, Transaction, TransactionKind,
    TypeTag,
};
use heddle_validator::Payment;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Coins read from the store at a time.
const COINS_PER_PAGE: usize = 256;

/// A transaction that is ready to be signed, and what it would do.
pub(crate) struct Completed {
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) output: SimulationOutput,
}

/// A coin that can pay.
#[derive(Clone, Debug)]
struct GasCoin {
    reference: ObjectReference,
    balance: u64,
}

/// Fills in price, budget and payment, and tries the transaction.
///
/// # Errors
/// [`RpcError::InsufficientGasFunds`] if the payer has too little;
/// [`RpcError::Submit`] if the transaction would not be admitted;
/// [`RpcError::Execute`] if it can't be tried.
pub(crate) fn complete(
    state: &NodeState,
    sketch: Sketch,
    checks: Checks,
    select: bool,
) -> Result<Completed, RpcError> {
    let Sketch {
        mut transaction,
        has_price,
        has_budget,
    } = sketch;
    if !has_price {
        transaction.gas_payment.price = state.node().reference_gas_price();
    }
    if checks == Checks::Disabled || !select {
        if !has_budget {
            transaction.gas_payment.budget = largest_budget(state, &transaction)?;
        }
        return attempt(state, transaction, checks);
    }
    select_gas(state, transaction, has_budget)
}

/// The largest budget that the payment allows; the protocol's if a stand-in pays.
fn largest_budget(state: &NodeState, transaction: &Transaction) -> Result<u64, RpcError> {
    if transaction.gas_payment.objects.is_empty() {
        return Ok(limits::GAS_BUDGET_MAX);
    }
    let coins = given_coins(state, &transaction.gas_payment.objects)?;
    Ok(capped(total(&coins)))
}

fn select_gas(
    state: &NodeState,
    mut transaction: Transaction,
    has_budget: bool,
) -> Result<Completed, RpcError> {
    let payer = transaction.gas_payment.owner;
    let is_given = !transaction.gas_payment.objects.is_empty();
    let coins = if is_given {
        given_coins(state, &transaction.gas_payment.objects)?
    } else {
        payers_coins(state, payer, &used_objects(&transaction))?
    };
    let available = total(&coins);
    let smallest = limits::GAS_UNITS_MIN.saturating_mul(transaction.gas_payment.price);
    let required = if has_budget {
        transaction.gas_payment.budget
    } else {
        smallest
    };
    let insufficient = |required: u64| RpcError::InsufficientGasFunds {
        owner: payer.to_string(),
        coins: coins.len(),
        available,
        required,
    };
    if coins.is_empty() || available < u128::from(required) {
        return Err(insufficient(required));
    }
    transaction.gas_payment.objects = references(&coins);
    if !has_budget {
        transaction.gas_payment.budget = capped(available);
    }
    let trial = attempt(state, transaction, Checks::Enabled)?;
    if !trial.output.execution.is_success() || (has_budget && is_given) {
        return Ok(trial);
    }
    let mut chosen = Transaction::clone(&trial.transaction);
    if !has_budget {
        // The trial got storage fees back for every coin that it merged away.
        // With fewer coins there is less to get back, so the budget must do
        // without.
        let rebate = trial.output.execution.effects.gas_summary().storage_rebate;
        let merged = if coins.len() > 1 { rebate } else { 0 };
        chosen.gas_payment.budget = trial
            .output
            .suggested_gas_budget
            .saturating_add(merged)
            .max(smallest)
            .min(capped(available));
    }
    if !is_given && gas_coin_is_only_split(&chosen) {
        let needed = u128::from(chosen.gas_payment.budget) + taken_out(&trial, available);
        chosen.gas_payment.objects = references(richest(&coins, needed));
    }
    let last = attempt(state, chosen, Checks::Enabled)?;
    if last.output.execution.is_success() {
        Ok(last)
    } else {
        Ok(trial)
    }
}

fn attempt(
    state: &NodeState,
    transaction: Transaction,
    checks: Checks,
) -> Result<Completed, RpcError> {
    if checks == Checks::Enabled {
        let payment = if transaction.gas_payment.objects.is_empty() {
            Payment::Optional
        } else {
            Payment::Required
        };
        state.node().check(&transaction, payment)?;
    }
    let transaction = Arc::new(transaction);
    let output = state.node().simulate(transaction.clone(), checks)?;
    Ok(Completed {
        transaction,
        output,
    })
}

fn total(coins: &[GasCoin]) -> u128 {
    coins.iter().map(|coin| u128::from(coin.balance)).sum()
}

fn capped(balance: u128) -> u64 {
    u64::try_from(balance)
        .unwrap_or(u64::MAX)
        .min(limits::GAS_BUDGET_MAX)
}

fn references(coins: &[GasCoin]) -> Vec<ObjectReference> {
    coins.iter().map(|coin| coin.reference.clone()).collect()
}

/// The fewest of the coins, richest first, that hold `needed`; all if they
/// don't.
fn richest(coins: &[GasCoin], needed: u128) -> &[GasCoin] {
    let mut sum = 0_u128;
    let enough = coins.iter().position(|coin| {
        sum += u128::from(coin.balance);
        sum >= needed
    });
    match enough {
        Some(last) => &coins[..=last],
        None => coins,
    }
}

fn given_coins(
    state: &NodeState,
    references: &[ObjectReference],
) -> Result<Vec<GasCoin>, RpcError> {
    let mut coins = Vec::with_capacity(references.len());
    for (index, reference) in references.iter().enumerate() {
        let (id, version) = (*reference.object_id(), reference.version());
        let object =
            state
                .store()
                .object_at(&id, version)?
                .ok_or_else(|| RpcError::VersionNotFound {
                    id: id.to_string(),
                    version,
                })?;
        let is_native = object
            .as_struct()
            .is_some_and(|value| *value.object_type() == StructTag::gas_coin());
        let balance = coin_balance(&object).filter(|_| is_native).ok_or_else(|| {
            RpcError::invalid(
                format!("transaction.gas_payment.objects[{index}]"),
                format!("object {id} is not a coin of type 0x2::sui::SUI"),
            )
        })?;
        coins.push(GasCoin {
            reference: reference.clone(),
            balance,
        });
    }
    Ok(coins)
}

fn payers_coins(
    state: &NodeState,
    payer: Address,
    used: &BTreeSet<Address>,
) -> Result<Vec<GasCoin>, RpcError> {
    let native = TypeTag::from(StructTag::sui());
    let mut coins = Vec::new();
    let mut cursor = None;
    loop {
        let page = state
            .store()
            .coins(&payer, &native, cursor.as_ref(), COINS_PER_PAGE)?;
        for coin in page.items {
            if coin.is_address_owned
                && coin.balance > 0
                && !used.contains(coin.reference.object_id())
            {
                coins.push(GasCoin {
                    reference: coin.reference,
                    balance: coin.balance,
                });
                if coins.len() == limits::GAS_OBJECTS_MAX {
                    return Ok(coins);
                }
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(coins);
        }
    }
}

/// The objects that a transaction's inputs name.
fn used_objects(transaction: &Transaction) -> BTreeSet<Address> {
    let TransactionKind::ProgrammableTransaction(programmable) = &transaction.kind else {
        return BTreeSet::new();
    };
    programmable
        .inputs
        .iter()
        .filter_map(|input| match input {
            Input::ImmutableOrOwned(reference) | Input::Receiving(reference) => {
                Some(*reference.object_id())
            }
            Input::Shared(shared) => Some(shared.object_id()),
            _ => None,
        })
        .collect()
}

/// Whether commands do nothing with the gas coin but split from it and merge
/// into it.
fn gas_coin_is_only_split(transaction: &Transaction) -> bool {
    let TransactionKind::ProgrammableTransaction(programmable) = &transaction.kind else {
        return true;
    };
    let is_gas = |argument: &Argument| matches!(argument, Argument::Gas);
    !programmable.commands.iter().any(|command| match command {
        Command::MoveCall(call) => call.arguments.iter().any(is_gas),
        Command::TransferObjects(transfer) => transfer.objects.iter().any(is_gas),
        Command::MergeCoins(merge) => merge.coins_to_merge.iter().any(is_gas),
        Command::MakeMoveVector(vector) => vector.elements.iter().any(is_gas),
        _ => false,
    })
}

/// What the commands took out of the gas coin in a trial, beyond gas.
fn taken_out(trial: &Completed, available: u128) -> u128 {
    let left = trial
        .transaction
        .gas_payment
        .objects
        .first()
        .and_then(|gas| {
            let written = &trial.output.execution.written;
            let object = written
                .iter()
                .find(|one| one.object.object_id() == *gas.object_id())?;
            coin_balance(&object.object)
        })
        .unwrap_or(0);
    let used = trial.output.execution.effects.gas_summary();
    let paid = i128::from(used.computation_cost) + i128::from(used.storage_cost)
        - i128::from(used.storage_rebate);
    let spent = i128::try_from(available).unwrap_or(i128::MAX) - i128::from(left);
    u128::try_from(spent - paid).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_objects::sui_sdk_types::Digest;

    fn coins(balances: &[u64]) -> Vec<GasCoin> {
        balances
            .iter()
            .map(|balance| GasCoin {
                reference: ObjectReference::new(Address::ZERO, 1, Digest::ZERO),
                balance: *balance,
            })
            .collect()
    }

    #[test]
    fn as_few_coins_as_cover_the_need_are_chosen() {
        let coins = coins(&[50, 30, 20]);
        for (needed, expected) in [(0, 1), (50, 1), (51, 2), (80, 2), (81, 3), (1_000, 3)] {
            assert_eq!(richest(&coins, needed).len(), expected, "{needed}");
        }
    }

    #[test]
    fn a_budget_never_exceeds_the_protocols() {
        assert_eq!(capped(7), 7);
        assert_eq!(capped(u128::MAX), limits::GAS_BUDGET_MAX);
    }
}
