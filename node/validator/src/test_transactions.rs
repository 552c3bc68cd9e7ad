//! Transactions for this crate's tests.

use heddle_objects::EpochContext;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_sdk_types::{
    Address, Argument, Command, Digest, ExecutionStatus, GasCostSummary, GasPayment, Input,
    ObjectReference, ProgrammableTransaction, SharedInput, Transaction, TransactionEffects,
    TransactionEffectsV2, TransactionExpiration, TransactionKind, TransferObjects,
};

/// A key that follows from its number.
pub(crate) fn keypair(number: u8) -> Ed25519PrivateKey {
    Ed25519PrivateKey::new([number; 32])
}

/// An epoch with a past and a future.
pub(crate) fn epoch() -> EpochContext {
    EpochContext {
        epoch: 5,
        epoch_start_timestamp_ms: 1_700_000_000_000,
        reference_gas_price: 1_000,
        chain_id: Digest::new([9; 32]),
        protocol_version: 1,
    }
}

/// A well-formed transfer of objects that need not exist.
pub(crate) fn any_transfer(sender: Address) -> Transaction {
    let object = ObjectReference::new(Address::from_static("0xb"), 1, Digest::ZERO);
    let gas = ObjectReference::new(Address::from_static("0xc"), 1, Digest::ZERO);
    transfer(sender, Address::from_static("0xd"), &[object], gas)
}

/// A transfer of whole objects.
pub(crate) fn transfer(
    sender: Address,
    recipient: Address,
    objects: &[ObjectReference],
    gas: ObjectReference,
) -> Transaction {
    let mut inputs: Vec<Input> = objects
        .iter()
        .cloned()
        .map(Input::ImmutableOrOwned)
        .collect();
    let arguments = (0..).map(Argument::Input).take(inputs.len()).collect();
    let address = Argument::Input(u16::try_from(inputs.len()).expect("few inputs"));
    inputs.push(Input::Pure(recipient.as_bytes().to_vec()));
    Transaction {
        kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
            inputs,
            commands: vec![Command::TransferObjects(TransferObjects {
                objects: arguments,
                address,
            })],
        }),
        sender,
        gas_payment: GasPayment {
            objects: vec![gas],
            owner: sender,
            price: 1_000,
            budget: 50_000_000,
        },
        expiration: TransactionExpiration::None,
    }
}

/// A use of shared objects, each mutable or not.
pub(crate) fn increment(
    sender: Address,
    counters: &[(Address, bool)],
    gas: ObjectReference,
) -> Transaction {
    let mut transaction = transfer(sender, sender, &[], gas);
    let TransactionKind::ProgrammableTransaction(commands) = &mut transaction.kind else {
        unreachable!("a transfer is programmable");
    };
    commands.inputs.extend(counters.iter().map(|(id, mutable)| {
        Input::Shared(SharedInput::new(
            *id,
            heddle_objects::GENESIS_VERSION,
            *mutable,
        ))
    }));
    transaction
}

/// A verified transfer that no other number gives.
pub(crate) fn any_verified(number: u64) -> std::sync::Arc<crate::VerifiedTransaction> {
    let mut transaction = any_transfer(Address::from_static("0xa"));
    transaction.gas_payment.budget += number;
    std::sync::Arc::new(crate::VerifiedTransaction {
        digest: transaction.digest(),
        declared: heddle_objects::DeclaredInputs::of(&transaction).expect("well-formed"),
        transaction: std::sync::Arc::new(transaction),
        signatures: Vec::new(),
        received: std::time::Instant::now(),
    })
}

/// An executed transfer that no other number gives, with effects that only
/// count gas.
pub(crate) fn any_executed(number: u64) -> std::sync::Arc<heddle_objects::ExecutedTransaction> {
    let verified = any_verified(number);
    let effects = TransactionEffects::V2(Box::new(TransactionEffectsV2 {
        status: ExecutionStatus::Success,
        epoch: 0,
        gas_used: GasCostSummary::new(1_000, 0, 0, 0),
        transaction_digest: verified.digest,
        gas_object_index: None,
        events_digest: None,
        dependencies: vec![],
        lamport_version: 2,
        changed_objects: vec![],
        unchanged_consensus_objects: vec![],
        auxiliary_data_digest: None,
    }));
    std::sync::Arc::new(heddle_objects::ExecutedTransaction {
        digest: verified.digest,
        transaction: verified.to_signed(),
        effects_digest: effects.digest(),
        effects,
        events: None,
    })
}
