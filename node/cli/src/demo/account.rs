//! The people of the demo: key pairs, and the one transaction that each has
//! in flight at a time.

use anyhow::{Context, bail};
use sui_crypto::SuiSigner;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{
    Address, Argument, Command, ExecutionStatus, GasPayment, Input, ObjectOut, ObjectReference,
    ProgrammableTransaction, SplitCoins, Transaction, TransactionEffects, TransactionExpiration,
    TransactionKind, TransferObjects, UserSignature,
};

/// Budget of each transaction of the load, in base units.
const GAS_BUDGET: u64 = 50_000_000;

/// One account: a key, its gas coin at the latest version, its other coins.
pub(super) struct Account {
    pub(super) address: Address,
    key: Ed25519PrivateKey,
    pub(super) gas: Option<ObjectReference>,
    /// Coins to give away, in a fixed order.
    pub(super) coins: Vec<ObjectReference>,
    /// What all its transactions have cost so far, in base units.
    pub(super) gas_spent: i128,
}

impl Account {
    /// The account number `index`. Keys follow from the index alone, so that
    /// two runs of the demo do the same.
    pub(super) fn numbered(index: usize) -> Self {
        let mut seed = *b"heddle demo account 000000000000";
        seed[24..].copy_from_slice(&(index as u64).to_le_bytes());
        let key = Ed25519PrivateKey::new(seed);
        Account {
            address: key.public_key().derive_address(),
            key,
            gas: None,
            coins: Vec::new(),
            gas_spent: 0,
        }
    }

    /// A transaction of this account, paid by its gas coin.
    pub(super) fn transaction(
        &self,
        inputs: Vec<Input>,
        commands: Vec<Command>,
        gas_price: u64,
    ) -> anyhow::Result<Transaction> {
        let gas = self.gas.clone().context("the account has no gas coin")?;
        Ok(Transaction {
            kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
                inputs,
                commands,
            }),
            sender: self.address,
            gas_payment: GasPayment {
                objects: vec![gas],
                owner: self.address,
                price: gas_price,
                budget: GAS_BUDGET,
            },
            expiration: TransactionExpiration::None,
        })
    }

    /// A transaction that gives `coin` to `recipient`.
    pub(super) fn transfer(
        &self,
        coin: ObjectReference,
        recipient: Address,
        gas_price: u64,
    ) -> anyhow::Result<Transaction> {
        self.transaction(
            vec![
                Input::ImmutableOrOwned(coin),
                Input::Pure(recipient.as_bytes().to_vec()),
            ],
            vec![Command::TransferObjects(TransferObjects {
                objects: vec![Argument::Input(0)],
                address: Argument::Input(1),
            })],
            gas_price,
        )
    }

    /// A transaction that splits `count` coins of `amount` off the gas coin.
    pub(super) fn split(
        &self,
        amount: u64,
        count: usize,
        gas_price: u64,
    ) -> anyhow::Result<Transaction> {
        let results = (0..count)
            .map(|index| Ok(Argument::NestedResult(0, u16::try_from(index)?)))
            .collect::<anyhow::Result<_>>()?;
        self.transaction(
            vec![
                Input::Pure(amount.to_le_bytes().to_vec()),
                Input::Pure(self.address.as_bytes().to_vec()),
            ],
            vec![
                Command::SplitCoins(SplitCoins {
                    coin: Argument::Gas,
                    amounts: vec![Argument::Input(0); count],
                }),
                Command::TransferObjects(TransferObjects {
                    objects: results,
                    address: Argument::Input(1),
                }),
            ],
            gas_price,
        )
    }

    /// Signs a transaction.
    pub(super) fn sign(&self, transaction: &Transaction) -> anyhow::Result<UserSignature> {
        self.key
            .sign_transaction(transaction)
            .context("sign a transaction")
    }

    /// Takes note of what a transaction did to the gas coin.
    pub(super) fn settle(&mut self, effects: &TransactionEffects) -> anyhow::Result<()> {
        let TransactionEffects::V2(effects) = effects else {
            bail!("the node answered with effects of an old version");
        };
        let gas = self.gas.as_ref().context("the account has no gas coin")?;
        let digest = effects
            .changed_objects
            .iter()
            .find(|object| object.object_id == *gas.object_id())
            .and_then(|object| match object.output_state {
                ObjectOut::ObjectWrite { digest, .. } => Some(digest),
                _ => None,
            })
            .context("the effects don't name the gas coin")?;
        self.gas = Some(ObjectReference::new(
            *gas.object_id(),
            effects.lamport_version,
            digest,
        ));
        self.gas_spent += i128::from(effects.gas_used.net_gas_usage());
        Ok(())
    }
}

/// What came of a submitted transaction.
pub(super) enum Outcome {
    /// Executed; the effects are durable.
    Executed(TransactionEffects),
    /// Refused before execution.
    Refused(tonic::Status),
}

/// Submits a signed transaction and waits for its effects.
pub(super) async fn submit(
    client: &Client,
    transaction: Transaction,
    signature: UserSignature,
) -> anyhow::Result<Outcome> {
    let request = proto::ExecuteTransactionRequest::new(transaction.into())
        .with_signatures(vec![signature.into()])
        .with_read_mask(FieldMask::from_str("effects.bcs"));
    match client
        .clone()
        .execution_client()
        .execute_transaction(request)
        .await
    {
        Ok(response) => {
            let response = response.into_inner();
            let effects = response
                .transaction()
                .effects()
                .bcs()
                .deserialize()
                .context("decode the effects")?;
            Ok(Outcome::Executed(effects))
        }
        Err(status) => Ok(Outcome::Refused(status)),
    }
}

/// Submits a transaction that must succeed, and settles its gas.
pub(super) async fn submit_and_settle(
    client: &Client,
    account: &mut Account,
    transaction: Transaction,
) -> anyhow::Result<TransactionEffects> {
    let signature = account.sign(&transaction)?;
    match submit(client, transaction, signature).await? {
        Outcome::Executed(effects) => {
            account.settle(&effects)?;
            match effects.status() {
                ExecutionStatus::Success => Ok(effects),
                ExecutionStatus::Failure { error, .. } => {
                    bail!("a transaction of the demo failed: {error:?}")
                }
            }
        }
        Outcome::Refused(status) => {
            bail!(
                "a transaction of the demo was refused: {}",
                status.message()
            )
        }
    }
}
