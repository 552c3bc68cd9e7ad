use super::*;
use crate::test_transactions::{any_transfer, epoch};
use sui_sdk_types::{
    Address, Argument, ChangeEpoch, Identifier, MoveCall, ObjectReference, Publish, SharedInput,
    StructTag,
};

fn valid() -> Transaction {
    any_transfer(Address::from_static("0xa"))
}

fn commands(transaction: &mut Transaction) -> &mut ProgrammableTransaction {
    match &mut transaction.kind {
        TransactionKind::ProgrammableTransaction(commands) => commands,
        _ => unreachable!("the transaction is a programmable one"),
    }
}

fn code(transaction: &Transaction) -> Option<&'static str> {
    let bytes = bcs::to_bytes(transaction).expect("serialises").len();
    check(transaction, bytes, &epoch(), Payment::Required)
        .err()
        .map(|e| e.code())
}

#[test]
fn a_plain_transfer_passes() {
    assert_eq!(code(&valid()), None);
}

/// One line per way to be wrong: how to spoil a valid transaction, and the code.
#[test]
fn every_malformed_transaction_has_its_code() {
    type Spoil = fn(&mut Transaction);
    let cases: &[(Spoil, &str)] = &[
        (
            |t| commands(t).inputs = vec![Input::Pure(vec![0; 16 * 1024]); 9],
            "TRANSACTION_TOO_LARGE",
        ),
        (|t| commands(t).commands.clear(), "NO_COMMANDS"),
        (
            |t| {
                let first = commands(t).commands[0].clone();
                commands(t).commands = vec![first; limits::COMMANDS_MAX + 1];
            },
            "LIMIT_EXCEEDED",
        ),
        (
            |t| {
                commands(t)
                    .inputs
                    .push(Input::Pure(vec![0; limits::PURE_ARGUMENT_BYTES_MAX + 1]));
            },
            "LIMIT_EXCEEDED",
        ),
        (
            |t| {
                commands(t)
                    .commands
                    .push(Command::MergeCoins(sui_sdk_types::MergeCoins {
                        coin: Argument::Gas,
                        coins_to_merge: vec![Argument::Gas; limits::ARGUMENTS_MAX + 1],
                    }));
            },
            "LIMIT_EXCEEDED",
        ),
        (
            |t| call_with_types(t, vec![TypeTag::U8; 17]),
            "LIMIT_EXCEEDED",
        ),
        (|t| call_with_types(t, vec![nested(17)]), "LIMIT_EXCEEDED"),
        (
            |t| {
                commands(t).commands.push(Command::Publish(Publish {
                    modules: vec![vec![]; limits::PACKAGE_MODULES_MAX + 1],
                    dependencies: vec![],
                }));
            },
            "LIMIT_EXCEEDED",
        ),
        (
            |t| t.kind = TransactionKind::ChangeEpoch(change_epoch()),
            "SYSTEM_TRANSACTION_KIND",
        ),
        (
            |t| t.kind = TransactionKind::ProgrammableSystemTransaction(commands(t).clone()),
            "SYSTEM_TRANSACTION_KIND",
        ),
        (
            |t| t.expiration = TransactionExpiration::Epoch(epoch().epoch - 1),
            "EXPIRED",
        ),
        (
            |t| t.expiration = valid_during(Digest::ZERO, None, None),
            "WRONG_CHAIN",
        ),
        (
            |t| t.expiration = valid_during(epoch().chain_id, Some(epoch().epoch + 1), None),
            "NOT_YET_VALID",
        ),
        (
            |t| t.expiration = valid_during(epoch().chain_id, None, Some(epoch().epoch - 1)),
            "EXPIRED",
        ),
        (
            |t| {
                t.expiration = TransactionExpiration::ValidDuring {
                    min_epoch: None,
                    max_epoch: None,
                    min_timestamp: None,
                    max_timestamp: Some(1),
                    chain: epoch().chain_id,
                    nonce: 0,
                }
            },
            "NOT_BUILT",
        ),
        (|t| share(t, CLOCK_ID, true), "SYSTEM_OBJECT_MUTABLE"),
        (|t| share(t, RANDOM_ID, false), "NOT_BUILT"),
        (|t| t.gas_payment.price = 999, "GAS_PRICE_TOO_LOW"),
        (
            |t| t.gas_payment.price = limits::GAS_PRICE_MAX + 1,
            "GAS_PRICE_TOO_HIGH",
        ),
        (|t| t.gas_payment.budget = 999_999, "GAS_BUDGET_TOO_LOW"),
        (
            |t| t.gas_payment.budget = limits::GAS_BUDGET_MAX + 1,
            "GAS_BUDGET_TOO_HIGH",
        ),
        (|t| t.gas_payment.objects.clear(), "GAS_PAYMENT_EMPTY"),
        (
            |t| {
                let coin = ObjectReference::new(Address::ZERO, 1, Digest::ZERO);
                t.gas_payment.objects = vec![coin; limits::GAS_OBJECTS_MAX + 1];
            },
            "LIMIT_EXCEEDED",
        ),
    ];
    for (index, (spoil, expected)) in cases.iter().enumerate() {
        let mut transaction = valid();
        spoil(&mut transaction);
        assert_eq!(code(&transaction), Some(*expected), "case {index}");
    }
}

#[test]
fn limits_themselves_are_allowed() {
    let mut transaction = valid();
    call_with_types(&mut transaction, vec![nested(16); 16]);
    transaction.expiration =
        valid_during(epoch().chain_id, Some(epoch().epoch), Some(epoch().epoch));
    transaction.gas_payment.budget = limits::GAS_BUDGET_MAX;
    assert_eq!(code(&transaction), None);
}

#[test]
fn the_clock_may_be_read() {
    let mut transaction = valid();
    share(&mut transaction, CLOCK_ID, false);
    assert_eq!(code(&transaction), None);
}

fn share(transaction: &mut Transaction, id: Address, mutable: bool) {
    let input = Input::Shared(SharedInput::new(id, 1, mutable));
    commands(transaction).inputs.push(input);
}

#[test]
fn a_publish_may_be_larger() {
    let mut transaction = valid();
    commands(&mut transaction)
        .commands
        .push(Command::Publish(Publish {
            modules: vec![vec![0; limits::TRANSACTION_BYTES_MAX]],
            dependencies: vec![],
        }));
    assert_eq!(code(&transaction), None);
}

fn call_with_types(transaction: &mut Transaction, type_arguments: Vec<TypeTag>) {
    commands(transaction)
        .commands
        .push(Command::MoveCall(MoveCall {
            package: Address::TWO,
            module: Identifier::from_static("coin"),
            function: Identifier::from_static("zero"),
            type_arguments,
            arguments: vec![],
        }));
}

/// A type of this many levels, structs and vectors in turn.
fn nested(levels: usize) -> TypeTag {
    (1..levels).fold(TypeTag::U8, |tag, level| match level % 2 {
        0 => TypeTag::Vector(Box::new(tag)),
        _ => StructTag::coin(tag).into(),
    })
}

fn valid_during(chain: Digest, min: Option<u64>, max: Option<u64>) -> TransactionExpiration {
    TransactionExpiration::ValidDuring {
        min_epoch: min,
        max_epoch: max,
        min_timestamp: None,
        max_timestamp: None,
        chain,
        nonce: 7,
    }
}

fn change_epoch() -> ChangeEpoch {
    ChangeEpoch {
        epoch: 1,
        protocol_version: 1,
        storage_charge: 0,
        computation_charge: 0,
        storage_rebate: 0,
        non_refundable_storage_fee: 0,
        epoch_start_timestamp_ms: 0,
        system_packages: vec![],
    }
}
