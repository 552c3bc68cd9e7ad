//! `SplitCoins` and `MergeCoins`, without the VM: a coin is an id and a balance.

use super::values::{ObjectValue, Value};
use super::{Engine, set_balance};
use crate::failure::{Step, Stop};
use crate::object_runtime::leading_id;
use heddle_objects::object::coin_balance_of_contents;
use sui_sdk_types::{
    Argument, CommandArgumentError, ExecutionError, MergeCoins, SplitCoins, StructTag,
};

/// VM gas units for each coin made or merged.
const COIN_COST: u64 = 100;

impl Engine<'_> {
    /// Takes an amount out of a coin for each of `amounts`.
    pub(super) fn split_coins(&mut self, command: &SplitCoins) -> Step<Vec<Value>> {
        let (location, value) = self.borrow_mut(0, command.coin)?;
        let (mut coin, mut balance) = coin_of(0, value)?;
        let mut made = Vec::with_capacity(command.amounts.len());
        for (index, argument) in command.amounts.iter().enumerate() {
            self.machine.charge(COIN_COST)?;
            let amount = self.take_u64(index + 1, *argument)?;
            balance = balance.checked_sub(amount).ok_or_else(|| {
                Stop::failed(
                    ExecutionError::InsufficientCoinBalance,
                    format!("the coin holds {balance}, and {amount} is to be split off"),
                )
            })?;
            let id = self.fresh_id()?;
            let mut contents = id.into_inner().to_vec();
            contents.extend_from_slice(&amount.to_le_bytes());
            made.push(Value::Object(ObjectValue {
                type_: coin.type_.clone(),
                has_public_transfer: true,
                tainted: false,
                contents,
            }));
        }
        set_balance(&mut coin.contents, balance)?;
        self.restore(location, Value::Object(coin))?;
        Ok(made)
    }

    /// Adds coins of the same type to a coin; they cease to exist.
    pub(super) fn merge_coins(&mut self, command: &MergeCoins) -> Step<Vec<Value>> {
        let (location, value) = self.borrow_mut(0, command.coin)?;
        let (mut coin, mut balance) = coin_of(0, value)?;
        for (index, argument) in command.coins_to_merge.iter().enumerate() {
            self.machine.charge(COIN_COST)?;
            let amount = self.take_coin(index + 1, *argument, &coin.type_)?;
            balance = balance.checked_add(amount).ok_or_else(|| {
                Stop::failed(
                    ExecutionError::CoinBalanceOverflow,
                    "the merged coins hold more than fits 64 bits",
                )
            })?;
        }
        set_balance(&mut coin.contents, balance)?;
        self.restore(location, Value::Object(coin))?;
        Ok(Vec::new())
    }

    /// Takes a coin of type `type_`, deletes it, and gives its balance.
    fn take_coin(&mut self, index: usize, argument: Argument, type_: &StructTag) -> Step<u64> {
        let value = self.take(index, argument)?;
        let (coin, balance) = coin_of(index, value)?;
        if coin.type_ != *type_ {
            return Err(Stop::argument(index, CommandArgumentError::TypeMismatch));
        }
        let id = leading_id(&coin.contents).ok_or_else(|| Stop::invariant("a coin has no id"))?;
        if self.machine.runtime()?.delete_id(id) {
            Ok(balance)
        } else {
            Err(Stop::failed(
                ExecutionError::MovePrimitiveRuntimeError { location: None },
                "limit reached: objects deleted by one transaction",
            ))
        }
    }
}

/// A coin and its balance, if the value is one.
fn coin_of(index: usize, value: Value) -> Step<(ObjectValue, u64)> {
    let coin = match value {
        Value::Object(object) if object.type_.is_coin().is_some() => object,
        _ => return Err(Stop::argument(index, CommandArgumentError::TypeMismatch)),
    };
    let balance = coin_balance_of_contents(&coin.contents)
        .ok_or_else(|| Stop::invariant("a coin has not the layout of one"))?;
    Ok((coin, balance))
}
