//! Keys with coins that build, sign and send transactions through the public
//! RPC, without the `heddle` client.

use anyhow::{Context, bail};
use futures::TryStreamExt;
use std::pin::pin;
use sui_crypto::SuiSigner;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{
    Address, Argument, Command, GasPayment, Input, ObjectOut, ObjectReference,
    ProgrammableTransaction, SplitCoins, Transaction, TransactionEffects, TransactionExpiration,
    TransactionKind, TransferObjects, UserSignature,
};

/// Type of the native coin objects.
pub const NATIVE_COIN: &str = "0x2::coin::Coin<0x2::sui::SUI>";
/// Gas price that every network starts with, in base units per gas unit.
pub const GAS_PRICE: u64 = 1_000;
/// A budget that suffices for small transactions, in base units.
pub const GAS_BUDGET: u64 = 50_000_000;

/// One key.
#[derive(Clone)]
pub struct Wallet {
    /// The address that the key signs for.
    pub address: Address,
    key: Ed25519PrivateKey,
}

impl Wallet {
    /// The key whose 32 bytes all are `seed`.
    pub fn seeded(seed: u8) -> Self {
        let key = Ed25519PrivateKey::new([seed; 32]);
        Wallet {
            address: key.public_key().derive_address(),
            key,
        }
    }

    /// Signs a transaction.
    pub fn sign(&self, transaction: &Transaction) -> UserSignature {
        self.key
            .sign_transaction(transaction)
            .expect("an ed25519 key signs anything")
    }

    /// A transaction with these inputs and commands, paid by `gas`.
    pub fn transaction(
        &self,
        gas: ObjectReference,
        inputs: Vec<Input>,
        commands: Vec<Command>,
    ) -> Transaction {
        Transaction {
            kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
                inputs,
                commands,
            }),
            sender: self.address,
            gas_payment: GasPayment {
                objects: vec![gas],
                owner: self.address,
                price: GAS_PRICE,
                budget: GAS_BUDGET,
            },
            expiration: TransactionExpiration::None,
        }
    }

    /// Pays `amount` base units from the gas coin to `recipient`.
    pub fn pay(&self, gas: ObjectReference, amount: u64, recipient: Address) -> Transaction {
        self.transaction(
            gas,
            vec![
                Input::Pure(amount.to_le_bytes().to_vec()),
                Input::Pure(recipient.as_bytes().to_vec()),
            ],
            vec![
                Command::SplitCoins(SplitCoins {
                    coin: Argument::Gas,
                    amounts: vec![Argument::Input(0)],
                }),
                Command::TransferObjects(TransferObjects {
                    objects: vec![Argument::Result(0)],
                    address: Argument::Input(1),
                }),
            ],
        )
    }

    /// Gives an owned object to `recipient`.
    pub fn give(
        &self,
        gas: ObjectReference,
        object: ObjectReference,
        recipient: Address,
    ) -> Transaction {
        self.transaction(
            gas,
            vec![
                Input::ImmutableOrOwned(object),
                Input::Pure(recipient.as_bytes().to_vec()),
            ],
            vec![Command::TransferObjects(TransferObjects {
                objects: vec![Argument::Input(0)],
                address: Argument::Input(1),
            })],
        )
    }
}

/// A coin with its balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coin {
    /// The coin at its latest version.
    pub reference: ObjectReference,
    /// Balance in base units.
    pub balance: u64,
}

/// The native coins of an address, in the order in which the server lists them.
///
/// # Errors
/// The server refused.
pub async fn coins(client: &Client, owner: Address) -> anyhow::Result<Vec<Coin>> {
    let request = proto::ListOwnedObjectsRequest::default()
        .with_owner(owner)
        .with_object_type(NATIVE_COIN.to_owned())
        .with_page_size(1000u32)
        .with_read_mask(FieldMask::from_str("object_id,version,digest,balance"));
    let objects: Vec<proto::Object> = pin!(client.list_owned_objects(request))
        .try_collect()
        .await
        .context("list coins")?;
    objects
        .iter()
        .map(|object| {
            Ok(Coin {
                reference: ObjectReference::new(
                    object.object_id().parse()?,
                    object.version(),
                    object.digest().parse()?,
                ),
                balance: object.balance(),
            })
        })
        .collect()
}

/// Sends a signed transaction and waits for its effects.
///
/// # Errors
/// The status with which the server refused it.
pub async fn execute(
    client: &Client,
    transaction: &Transaction,
    signatures: Vec<UserSignature>,
) -> Result<TransactionEffects, tonic::Status> {
    let request = proto::ExecuteTransactionRequest::new(transaction.clone().into())
        .with_signatures(
            signatures
                .into_iter()
                .map(Into::into)
                .collect::<Vec<proto::UserSignature>>(),
        )
        .with_read_mask(FieldMask::from_str("effects.bcs"));
    let response = client
        .clone()
        .execution_client()
        .execute_transaction(request)
        .await?
        .into_inner();
    response
        .transaction()
        .effects()
        .bcs()
        .deserialize()
        .map_err(|error| tonic::Status::internal(format!("effects do not decode: {error}")))
}

/// The reference that `effects` leave for an object.
///
/// # Errors
/// The effects don't write the object.
pub fn written(effects: &TransactionEffects, id: &Address) -> anyhow::Result<ObjectReference> {
    let TransactionEffects::V2(effects) = effects else {
        bail!("effects of an old version");
    };
    effects
        .changed_objects
        .iter()
        .find(|object| object.object_id == *id)
        .and_then(|object| match object.output_state {
            ObjectOut::ObjectWrite { digest, .. } => {
                Some(ObjectReference::new(*id, effects.lamport_version, digest))
            }
            _ => None,
        })
        .with_context(|| format!("the effects don't write {id}"))
}
