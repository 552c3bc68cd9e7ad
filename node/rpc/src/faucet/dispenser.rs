//! One task owns the faucet's key. It collects the requests that wait, sends
//! one transaction that splits a coin for each of them off its own, and
//! answers all of them; meanwhile the next ones gather. So requests never
//! conflict over the faucet's coins, and many cost little more than one.

use crate::config::FaucetConfig;
use heddle_objects::limits;
use heddle_objects::object::coin_balance;
use heddle_objects::sui_sdk_types::{
    Address, Argument, Command, Digest, GasPayment, Input, Object, ObjectReference,
    ProgrammableTransaction, SignedTransaction, SplitCoins, StructTag, Transaction,
    TransactionExpiration, TransactionKind, TransferObjects, TypeTag,
};
use heddle_validator::{Node, Receipt, SubmitError};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_crypto::SuiSigner;
use tokio::sync::{mpsc, oneshot, watch};

/// Gas for a transaction, without that for the coins it makes, in base units.
const BUDGET_BASE: u64 = 100_000_000;
/// Gas for each coin that it makes, in base units.
const BUDGET_PER_COIN: u64 = 5_000_000;
/// Most coins that one transaction makes.
const COINS_PER_TRANSACTION_MAX: usize = 400;
/// How often a batch is tried, with the faucet's coins looked up anew each time.
const ATTEMPTS: usize = 3;

const _: () = assert!(COINS_PER_TRANSACTION_MAX < limits::ARGUMENTS_MAX);

/// A coin that a request got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SentCoin {
    /// Its balance, in base units.
    pub(crate) amount: u64,
    pub(crate) id: Address,
    /// The transaction that made it.
    pub(crate) transaction: Digest,
}

/// Why a request got nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum DispenseError {
    /// Too many requests wait already.
    #[error("too many requests wait for coins; try again in a moment")]
    TooManyRequests,
    /// The faucet's account can't pay any more.
    #[error(
        "the faucet at {account} is empty: its richest coin holds {available} base units, {required} are needed"
    )]
    Empty {
        account: Address,
        available: u64,
        required: u64,
    },
    /// The transaction was refused or failed.
    #[error("the faucet's transaction failed: {0}")]
    Failed(String),
    /// The faucet is stopping.
    #[error("the faucet is shutting down")]
    Stopped,
}

type Answer = Result<Vec<SentCoin>, DispenseError>;

struct Waiting {
    recipient: Address,
    answer: oneshot::Sender<Answer>,
}

/// A handle to the task.
#[derive(Clone)]
pub(crate) struct Dispenser {
    requests: mpsc::Sender<Waiting>,
}

impl Dispenser {
    /// A dispenser and the task that it needs; the task ends when `stop` turns
    /// true.
    pub(crate) fn new(
        node: Arc<Node>,
        config: FaucetConfig,
        stop: watch::Receiver<bool>,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (requests, waiting) = mpsc::channel(config.waiting_requests_max.max(1));
        let account = config.key.public_key().derive_address();
        let task = Task {
            node,
            config,
            account,
            coin: None,
        };
        (Dispenser { requests }, task.run(waiting, stop))
    }

    /// Coins for a recipient.
    ///
    /// # Errors
    /// [`DispenseError`].
    pub(crate) async fn give(&self, recipient: Address) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.requests
            .try_send(Waiting { recipient, answer })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => DispenseError::TooManyRequests,
                mpsc::error::TrySendError::Closed(_) => DispenseError::Stopped,
            })?;
        answered.await.unwrap_or(Err(DispenseError::Stopped))
    }
}

/// The coin that the faucet pays and splits from.
#[derive(Clone, Debug)]
struct FaucetCoin {
    reference: ObjectReference,
    balance: u64,
}

struct Task {
    node: Arc<Node>,
    config: FaucetConfig,
    account: Address,
    coin: Option<FaucetCoin>,
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>, mut stop: watch::Receiver<bool>) {
        let per_request = self.config.coins_per_request.max(1);
        let batch_max = self
            .config
            .batch_requests_max
            .min(COINS_PER_TRANSACTION_MAX / per_request)
            .max(1);
        loop {
            let mut batch = Vec::new();
            let received = tokio::select! {
                received = waiting.recv_many(&mut batch, batch_max) => received,
                _ = stop.wait_for(|stopped| *stopped) => 0,
            };
            if received == 0 {
                return;
            }
            let recipients: Vec<Address> = batch.iter().map(|one| one.recipient).collect();
            let answers = match self.serve(&recipients).await {
                Ok(coins) => coins.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error); batch.len()],
            };
            for (one, answer) in batch.into_iter().zip::<Vec<Answer>>(answers) {
                // A client that has gone gets its coins all the same.
                let _ = one.answer.send(answer);
            }
        }
    }

    /// The coins for each recipient, in order.
    async fn serve(&mut self, recipients: &[Address]) -> Result<Vec<Vec<SentCoin>>, DispenseError> {
        let mut last = DispenseError::Stopped;
        for attempt in 0..ATTEMPTS {
            match self.attempt(recipients).await {
                Ok(coins) => return Ok(coins),
                Err(error @ (DispenseError::Empty { .. } | DispenseError::Stopped)) => {
                    self.coin = None;
                    return Err(error);
                }
                Err(error) => {
                    tracing::warn!(%error, attempt, "the faucet tries again");
                    self.coin = None;
                    last = error;
                }
            }
        }
        Err(last)
    }

    async fn attempt(
        &mut self,
        recipients: &[Address],
    ) -> Result<Vec<Vec<SentCoin>>, DispenseError> {
        let per_request = self.config.coins_per_request.max(1);
        let made = recipients.len() * per_request;
        let budget = BUDGET_BASE + BUDGET_PER_COIN * made as u64;
        let required = (made as u64)
            .saturating_mul(self.config.coin_amount)
            .saturating_add(budget);
        let coin = self.coin_holding(required).await?;
        let transaction = self.transaction(recipients, per_request, &coin, budget)?;
        let signature = self
            .config
            .key
            .sign_transaction(&transaction)
            .map_err(|error| DispenseError::Failed(error.to_string()))?;
        let signed = SignedTransaction {
            transaction,
            signatures: vec![signature],
        };
        let receipt = self
            .node
            .submit(signed)
            .await
            .map_err(|error| match error {
                SubmitError::ShuttingDown => DispenseError::Stopped,
                error => DispenseError::Failed(error.to_string()),
            })?;
        if !receipt.executed.is_success() {
            let detail = receipt.failure_detail.clone();
            return Err(DispenseError::Failed(detail.unwrap_or_else(|| {
                format!("{:?}", receipt.executed.effects.status())
            })));
        }
        let gas = *coin.reference.object_id();
        self.coin = written(&receipt)
            .find(|object| object.object_id() == gas)
            .and_then(faucet_coin);
        Ok(self.allot(recipients, per_request, &receipt, gas))
    }

    /// The kept coin if it holds enough, else the account's richest.
    async fn coin_holding(&mut self, required: u64) -> Result<FaucetCoin, DispenseError> {
        if let Some(coin) = self.coin.clone().filter(|coin| coin.balance >= required) {
            return Ok(coin);
        }
        let (node, account) = (self.node.clone(), self.account);
        let richest = tokio::task::spawn_blocking(move || {
            let native = TypeTag::from(StructTag::sui());
            node.store().coins(&account, &native, None, 1)
        })
        .await
        .map_err(|_| DispenseError::Stopped)?
        .map_err(|error| DispenseError::Failed(error.to_string()))?;
        let coin = richest.items.into_iter().next().map(|coin| FaucetCoin {
            reference: coin.reference,
            balance: coin.balance,
        });
        coin.clone()
            .filter(|coin| coin.balance >= required)
            .ok_or(DispenseError::Empty {
                account,
                available: coin.map_or(0, |coin| coin.balance),
                required,
            })
    }

    /// Splits `per_request` coins for each recipient off the gas coin and
    /// sends them.
    fn transaction(
        &self,
        recipients: &[Address],
        per_request: usize,
        coin: &FaucetCoin,
        budget: u64,
    ) -> Result<Transaction, DispenseError> {
        let encoded = |value: Result<Vec<u8>, bcs::Error>| {
            value
                .map(Input::Pure)
                .map_err(|error| DispenseError::Failed(error.to_string()))
        };
        let index = |position: usize| {
            u16::try_from(position)
                .map_err(|_| DispenseError::Failed("too many coins in one transaction".into()))
        };
        let mut inputs = vec![encoded(bcs::to_bytes(&self.config.coin_amount))?];
        let mut commands = vec![Command::SplitCoins(SplitCoins {
            coin: Argument::Gas,
            amounts: vec![Argument::Input(0); recipients.len() * per_request],
        })];
        for (position, recipient) in recipients.iter().enumerate() {
            inputs.push(encoded(bcs::to_bytes(recipient))?);
            let first = position * per_request;
            commands.push(Command::TransferObjects(TransferObjects {
                objects: (first..first + per_request)
                    .map(|coin| Ok(Argument::NestedResult(0, index(coin)?)))
                    .collect::<Result<_, DispenseError>>()?,
                address: Argument::Input(index(inputs.len() - 1)?),
            }));
        }
        Ok(Transaction {
            kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
                inputs,
                commands,
            }),
            sender: self.account,
            gas_payment: GasPayment {
                objects: vec![coin.reference.clone()],
                owner: self.account,
                price: self.node.reference_gas_price(),
                budget,
            },
            expiration: TransactionExpiration::None,
        })
    }

    /// Which of the coins that were made went to which request.
    fn allot(
        &self,
        recipients: &[Address],
        per_request: usize,
        receipt: &Receipt,
        gas: Address,
    ) -> Vec<Vec<SentCoin>> {
        let mut by_owner: BTreeMap<Address, Vec<SentCoin>> = BTreeMap::new();
        for object in written(receipt).filter(|object| object.object_id() != gas) {
            let owner = heddle_objects::Ownership::of(object.owner())
                .and_then(heddle_objects::Ownership::address);
            if let (Some(owner), Some(amount)) = (owner, coin_balance(object)) {
                by_owner.entry(owner).or_default().push(SentCoin {
                    amount,
                    id: object.object_id(),
                    transaction: receipt.executed.digest,
                });
            }
        }
        recipients
            .iter()
            .map(|recipient| {
                let coins = by_owner.entry(*recipient).or_default();
                coins.split_off(coins.len().saturating_sub(per_request))
            })
            .collect()
    }
}

fn written(receipt: &Receipt) -> impl Iterator<Item = &Object> {
    receipt.written.iter().map(|one| &*one.object)
}

fn faucet_coin(object: &Object) -> Option<FaucetCoin> {
    Some(FaucetCoin {
        reference: ObjectReference::new(object.object_id(), object.version(), object.digest()),
        balance: coin_balance(object)?,
    })
}
