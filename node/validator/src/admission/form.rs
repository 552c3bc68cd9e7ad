//! What can be said of a transaction without looking at state: kind, sizes,
//! counts, validity in time, price and budget.

use super::Payment;
use crate::SubmitError;
use heddle_objects::{CLOCK_ID, EpochContext, limits};
use sui_sdk_types::{
    Address, Command, Digest, Input, Mutability, ProgrammableTransaction, Transaction,
    TransactionExpiration, TransactionKind, TypeTag,
};

/// The object of on-chain randomness. No randomness is made yet, so what it
/// would give is predictable.
const RANDOM_ID: Address = Address::from_static("0x8");

/// Checks a user's transaction of `bytes` bytes of BCS.
///
/// # Errors
/// [`SubmitError`]: the transaction is wrong whatever the state is, or is not
/// valid in this epoch.
pub(crate) fn check(
    transaction: &Transaction,
    bytes: usize,
    epoch: &EpochContext,
    payment: Payment,
) -> Result<(), SubmitError> {
    let commands = programmable(transaction)?;
    check_size(commands, bytes)?;
    check_counts(commands)?;
    check_expiration(&transaction.expiration, epoch)?;
    match payment {
        Payment::Required => check_payment(transaction, epoch),
        Payment::Optional => Ok(()),
    }
}

fn programmable(transaction: &Transaction) -> Result<&ProgrammableTransaction, SubmitError> {
    let kind = match &transaction.kind {
        TransactionKind::ProgrammableTransaction(commands) => return Ok(commands),
        TransactionKind::ChangeEpoch(_) => "ChangeEpoch",
        TransactionKind::Genesis(_) => "Genesis",
        TransactionKind::ConsensusCommitPrologue(_)
        | TransactionKind::ConsensusCommitPrologueV2(_)
        | TransactionKind::ConsensusCommitPrologueV3(_)
        | TransactionKind::ConsensusCommitPrologueV4(_) => "ConsensusCommitPrologue",
        TransactionKind::AuthenticatorStateUpdate(_) => "AuthenticatorStateUpdate",
        TransactionKind::EndOfEpoch(_) => "EndOfEpoch",
        TransactionKind::RandomnessStateUpdate(_) => "RandomnessStateUpdate",
        TransactionKind::ProgrammableSystemTransaction(_) => "ProgrammableSystemTransaction",
        _ => "unknown",
    };
    Err(SubmitError::SystemKind { kind })
}

fn check_size(commands: &ProgrammableTransaction, bytes: usize) -> Result<(), SubmitError> {
    let carries_modules = commands
        .commands
        .iter()
        .any(|command| matches!(command, Command::Publish(_) | Command::Upgrade(_)));
    let maximum = if carries_modules {
        limits::PUBLISH_TRANSACTION_BYTES_MAX
    } else {
        limits::TRANSACTION_BYTES_MAX
    };
    if bytes > maximum {
        return Err(SubmitError::TooLarge {
            actual: bytes,
            maximum,
        });
    }
    Ok(())
}

/// Refuses `actual` above `maximum`.
fn at_most(what: &'static str, actual: usize, maximum: usize) -> Result<(), SubmitError> {
    if actual > maximum {
        return Err(SubmitError::LimitExceeded {
            what,
            actual: actual as u64,
            maximum: maximum as u64,
        });
    }
    Ok(())
}

fn check_counts(commands: &ProgrammableTransaction) -> Result<(), SubmitError> {
    if commands.commands.is_empty() {
        return Err(SubmitError::NoCommands);
    }
    at_most("commands", commands.commands.len(), limits::COMMANDS_MAX)?;
    commands.inputs.iter().try_for_each(check_input)?;
    commands.commands.iter().try_for_each(check_command)
}

fn check_input(input: &Input) -> Result<(), SubmitError> {
    match input {
        Input::Pure(bytes) => at_most(
            "bytes of a pure argument",
            bytes.len(),
            limits::PURE_ARGUMENT_BYTES_MAX,
        ),
        Input::Shared(shared) if shared.object_id() == RANDOM_ID => Err(SubmitError::NotBuilt {
            what: "randomness (object 0x8)".to_owned(),
        }),
        Input::Shared(shared)
            if shared.object_id() == CLOCK_ID && shared.mutability() != Mutability::Immutable =>
        {
            Err(SubmitError::SystemObjectMutable { object: CLOCK_ID })
        }
        _ => Ok(()),
    }
}

fn check_command(command: &Command) -> Result<(), SubmitError> {
    let (arguments, types): (usize, &[TypeTag]) = match command {
        Command::MoveCall(call) => (call.arguments.len(), &call.type_arguments),
        Command::TransferObjects(transfer) => (transfer.objects.len(), &[]),
        Command::SplitCoins(split) => (split.amounts.len(), &[]),
        Command::MergeCoins(merge) => (merge.coins_to_merge.len(), &[]),
        Command::MakeMoveVector(vector) => (vector.elements.len(), vector.type_.as_slice()),
        Command::Publish(publish) => {
            return check_package(publish.modules.len(), publish.dependencies.len());
        }
        Command::Upgrade(upgrade) => {
            return check_package(upgrade.modules.len(), upgrade.dependencies.len());
        }
        _ => {
            return Err(SubmitError::NotBuilt {
                what: "this kind of command".to_owned(),
            });
        }
    };
    at_most("arguments of a command", arguments, limits::ARGUMENTS_MAX)?;
    at_most(
        "type arguments of a command",
        types.len(),
        limits::TYPE_ARGUMENTS_MAX,
    )?;
    if types
        .iter()
        .any(|tag| deeper_than(tag, limits::TYPE_ARGUMENT_DEPTH_MAX))
    {
        return Err(SubmitError::LimitExceeded {
            what: "nesting of a type argument",
            actual: limits::TYPE_ARGUMENT_DEPTH_MAX as u64 + 1,
            maximum: limits::TYPE_ARGUMENT_DEPTH_MAX as u64,
        });
    }
    Ok(())
}

fn check_package(modules: usize, dependencies: usize) -> Result<(), SubmitError> {
    at_most("modules of a package", modules, limits::PACKAGE_MODULES_MAX)?;
    at_most(
        "dependencies of a package",
        dependencies,
        limits::PACKAGE_DEPENDENCIES_MAX,
    )
}

/// Whether a type is nested deeper than `levels`. Looks no deeper than that.
fn deeper_than(tag: &TypeTag, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return true;
    };
    match tag {
        TypeTag::Vector(element) => deeper_than(element, below),
        TypeTag::Struct(tag) => tag.type_params().iter().any(|tag| deeper_than(tag, below)),
        _ => false,
    }
}

fn check_expiration(
    expiration: &TransactionExpiration,
    epoch: &EpochContext,
) -> Result<(), SubmitError> {
    let not_built = |what: &str| {
        Err(SubmitError::NotBuilt {
            what: what.to_owned(),
        })
    };
    match expiration {
        TransactionExpiration::None => Ok(()),
        TransactionExpiration::Epoch(last) => check_epochs(None, Some(*last), epoch.epoch),
        TransactionExpiration::ValidDuring {
            min_epoch,
            max_epoch,
            min_timestamp,
            max_timestamp,
            chain,
            nonce: _,
        } => {
            check_chain(*chain, epoch.chain_id)?;
            if min_timestamp.is_some() || max_timestamp.is_some() {
                return not_built("expiration by timestamp");
            }
            check_epochs(*min_epoch, *max_epoch, epoch.epoch)
        }
        TransactionExpiration::Validity { chain, .. } => {
            check_chain(*chain, epoch.chain_id)?;
            not_built("expiration with allowed proposers")
        }
        _ => not_built("this kind of expiration"),
    }
}

fn check_chain(declared: Digest, actual: Digest) -> Result<(), SubmitError> {
    if declared == actual {
        return Ok(());
    }
    Err(SubmitError::WrongChain { declared, actual })
}

fn check_epochs(first: Option<u64>, last: Option<u64>, current: u64) -> Result<(), SubmitError> {
    if let Some(last_epoch) = last.filter(|last| *last < current) {
        return Err(SubmitError::Expired {
            last_epoch,
            current,
        });
    }
    if let Some(first_epoch) = first.filter(|first| *first > current) {
        return Err(SubmitError::NotYetValid {
            first_epoch,
            current,
        });
    }
    Ok(())
}

fn check_payment(transaction: &Transaction, epoch: &EpochContext) -> Result<(), SubmitError> {
    let payment = &transaction.gas_payment;
    if payment.price < epoch.reference_gas_price {
        return Err(SubmitError::GasPriceTooLow {
            price: payment.price,
            reference: epoch.reference_gas_price,
        });
    }
    if payment.price > limits::GAS_PRICE_MAX {
        return Err(SubmitError::GasPriceTooHigh {
            price: payment.price,
            maximum: limits::GAS_PRICE_MAX,
        });
    }
    if payment.budget > limits::GAS_BUDGET_MAX {
        return Err(SubmitError::GasBudgetTooHigh {
            budget: payment.budget,
            maximum: limits::GAS_BUDGET_MAX,
        });
    }
    let minimum = limits::GAS_UNITS_MIN.saturating_mul(payment.price);
    if payment.budget < minimum {
        return Err(SubmitError::GasBudgetTooLow {
            budget: payment.budget,
            minimum,
        });
    }
    if payment.objects.is_empty() {
        return Err(SubmitError::GasPaymentEmpty);
    }
    at_most(
        "coins in the gas payment",
        payment.objects.len(),
        limits::GAS_OBJECTS_MAX,
    )
}

#[cfg(test)]
mod tests;
