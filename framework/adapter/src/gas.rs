//! The gas payment: its coins become one, and computation gets a price.
//!
//! ```text
//!  coins ──smash──▶ one coin ──withhold budget──▶ commands ──give back──▶ settlement
//! ```
//!
//! All coins of a payment are merged into the first before anything runs, and
//! stay merged if the transaction fails. While commands run, the coin shows its
//! balance less the budget, so that a transaction can't spend what it may owe.

use crate::ExecuteError;
use crate::changes::{Body, Changes};
use crate::inputs::{Access, Inputs};
use heddle_objects::limits::{COMPUTATION_UNITS_MAX, GAS_UNITS_MIN};
use heddle_objects::object::{COIN_CONTENTS_BYTES, coin_balance};
use heddle_vm::GasMeter;
use sui_sdk_types::{Address, GasPayment, StructTag};

/// VM gas units (about one simple instruction each) in one gas unit. Ten, so
/// that the cap on gas units allows some fifty million instructions, which an
/// interpreter runs in about half a second.
const VM_UNITS_PER_GAS_UNIT: u64 = 10;
/// Computation is charged in steps of this many gas units, so that small
/// changes to an object's size or to a branch taken don't change the price.
const ROUNDING_STEP_UNITS: u64 = 1_000;

const _: () = assert!(GAS_UNITS_MIN.is_multiple_of(ROUNDING_STEP_UNITS));
const _: () = assert!(COMPUTATION_UNITS_MAX.is_multiple_of(ROUNDING_STEP_UNITS));

/// A payment that was found good.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// The first coin: it absorbs the others and pays.
    pub(crate) coin: Address,
    /// The other coins, which cease to exist.
    absorbed: Vec<Address>,
    /// Sum of all balances, in base units.
    pub(crate) balance: u64,
    /// Base units per gas unit.
    pub(crate) price: u64,
    /// The most that may be charged, in base units.
    pub(crate) budget: u64,
}

impl Payment {
    /// Checks that every coin is a native coin among the owned inputs and that
    /// together they hold the budget.
    ///
    /// # Errors
    /// [`ExecuteError::GasPayment`] if not.
    pub(crate) fn new(payment: &GasPayment, inputs: &Inputs) -> Result<Self, ExecuteError> {
        let invalid = |reason: String| ExecuteError::GasPayment { reason };
        let mut coins = payment.objects.iter().map(|coin| *coin.object_id());
        let coin = coins
            .next()
            .ok_or_else(|| invalid("it names no coin".into()))?;
        let absorbed: Vec<Address> = coins.collect();
        let mut balance = 0_u64;
        for id in std::iter::once(&coin).chain(&absorbed) {
            let entry = inputs
                .objects
                .get(id)
                .ok_or_else(|| invalid(format!("coin {id} is no input")))?;
            let value = native_coin_balance(entry.access, &entry.object)
                .ok_or_else(|| invalid(format!("{id} is no native coin owned by an address")))?;
            balance = balance
                .checked_add(value)
                .ok_or_else(|| invalid("the coins hold more than the supply".into()))?;
        }
        if balance < payment.budget {
            return Err(invalid(format!(
                "the coins hold {balance} base units, less than the budget of {}",
                payment.budget
            )));
        }
        if payment.price == 0 {
            return Err(invalid("the price is 0".into()));
        }
        Ok(Payment {
            coin,
            absorbed,
            balance,
            price: payment.price,
            budget: payment.budget,
        })
    }

    /// A meter for the VM that runs out where the budget does.
    pub(crate) fn meter(&self) -> GasMeter {
        let units = (self.budget / self.price).min(COMPUTATION_UNITS_MAX);
        GasMeter::new(units.saturating_mul(VM_UNITS_PER_GAS_UNIT))
    }

    /// The price of computation that used `vm_units`, in base units: rounded
    /// up to a step, at least the minimum, at most the budget.
    pub(crate) fn computation_cost(&self, vm_units: u64) -> u64 {
        let units = vm_units
            .div_ceil(VM_UNITS_PER_GAS_UNIT)
            .clamp(GAS_UNITS_MIN, COMPUTATION_UNITS_MAX)
            .next_multiple_of(ROUNDING_STEP_UNITS);
        units.saturating_mul(self.price).min(self.budget)
    }

    /// The merged coins' balance less the budget: what commands may spend.
    pub(crate) fn spendable(&self) -> u64 {
        self.balance.saturating_sub(self.budget)
    }

    /// Whether `id` is a coin that the payment's first coin absorbed.
    pub(crate) fn absorbs(&self, id: &Address) -> bool {
        self.absorbed.contains(id)
    }

    /// Makes one coin of all coins in `changes`, where it has `balance`.
    pub(crate) fn smash(&self, changes: &mut Changes, balance: u64) -> Result<(), ExecuteError> {
        for id in &self.absorbed {
            changes.written.remove(id);
            changes.deleted.insert(*id);
        }
        set_coin_balance(changes, &self.coin, balance)
    }

    /// The balance of the paying coin in `changes`.
    pub(crate) fn balance_in(&self, changes: &Changes) -> Result<u64, ExecuteError> {
        match changes.written.get(&self.coin).map(|draft| &draft.body) {
            Some(Body::Struct { contents, .. }) => {
                heddle_objects::object::coin_balance_of_contents(contents)
            }
            _ => None,
        }
        .ok_or_else(|| missing_coin(&self.coin))
    }
}

/// Sets the balance of a coin that is among the written objects.
pub(crate) fn set_coin_balance(
    changes: &mut Changes,
    coin: &Address,
    balance: u64,
) -> Result<(), ExecuteError> {
    match changes.written.get_mut(coin).map(|draft| &mut draft.body) {
        Some(Body::Struct { contents, .. }) if contents.len() == COIN_CONTENTS_BYTES => {
            contents[Address::LENGTH..].copy_from_slice(&balance.to_le_bytes());
            Ok(())
        }
        _ => Err(missing_coin(coin)),
    }
}

fn missing_coin(coin: &Address) -> ExecuteError {
    ExecuteError::Invariant {
        reason: format!("gas coin {coin} is not among the written objects"),
    }
}

fn native_coin_balance(access: Access, object: &sui_sdk_types::Object) -> Option<u64> {
    let is_native = object
        .as_struct()
        .is_some_and(|value| *value.object_type() == StructTag::gas_coin());
    if access == Access::Owned && is_native {
        coin_balance(object)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(price: u64, budget: u64) -> Payment {
        Payment {
            coin: Address::ZERO,
            absorbed: Vec::new(),
            balance: budget,
            price,
            budget,
        }
    }

    #[test]
    fn computation_is_rounded_up_and_capped() {
        let rich = payment(1_000, u64::MAX);
        assert_eq!(rich.computation_cost(0), 1_000_000);
        assert_eq!(rich.computation_cost(10_000), 1_000_000);
        assert_eq!(rich.computation_cost(10_001), 2_000_000);
        assert_eq!(rich.computation_cost(u64::MAX), 5_000_000_000);
        assert_eq!(
            payment(1_000, 1_500_000).computation_cost(u64::MAX),
            1_500_000
        );
    }

    #[test]
    fn the_meter_follows_the_budget() {
        assert_eq!(payment(1_000, 2_000_000).meter().budget(), 20_000);
        assert_eq!(payment(1, u64::MAX).meter().budget(), 50_000_000);
    }
}
