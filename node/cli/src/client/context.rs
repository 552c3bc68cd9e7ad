//! Connection and keys, and the one way in which a transaction is built,
//! signed, sent and reported.

use super::{SendArgs, report};
use crate::config::{ClientConfig, DEFAULT_FAUCET_URL, DEFAULT_RPC_URL};
use crate::keys::keystore::{Key, Keystore};
use crate::output::Output;
use anyhow::{Context, bail};
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use sui_crypto::SuiSigner;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Address, Transaction};
use sui_transaction_builder::{ObjectInput, TransactionBuilder};

/// How long an executed transaction may take to appear in a checkpoint before
/// the command reports it without one.
const CHECKPOINT_TIMEOUT: Duration = Duration::from_secs(5);

/// Everything a client command needs.
pub(crate) struct ClientContext {
    pub(crate) rpc: Client,
    pub(crate) rpc_url: String,
    pub(crate) faucet_url: String,
    pub(crate) output: Output,
    pub(crate) keystore: Keystore,
    config: ClientConfig,
}

impl ClientContext {
    /// Loads keys and choices from `folder`. Nothing is sent yet.
    pub(crate) fn open(
        folder: &Path,
        rpc: Option<String>,
        faucet: Option<String>,
        output: Output,
    ) -> anyhow::Result<Self> {
        let config = ClientConfig::load(folder)?;
        let rpc_url = rpc
            .or_else(|| config.rpc_url.clone())
            .unwrap_or_else(|| DEFAULT_RPC_URL.to_owned());
        let faucet_url = faucet
            .or_else(|| config.faucet_url.clone())
            .unwrap_or_else(|| DEFAULT_FAUCET_URL.to_owned());
        let rpc = Client::new(rpc_url.as_str())
            .with_context(|| format!("{rpc_url:?} is no RPC address"))?;
        Ok(Self {
            rpc,
            rpc_url,
            faucet_url,
            output,
            keystore: Keystore::open(folder)?,
            config,
        })
    }

    /// Writes the addresses of a network into the configuration.
    pub(crate) fn remember(
        mut self,
        folder: &Path,
        rpc: String,
        faucet: Option<String>,
    ) -> anyhow::Result<()> {
        Client::new(rpc.as_str()).with_context(|| format!("{rpc:?} is no RPC address"))?;
        self.config.rpc_url = Some(rpc);
        if faucet.is_some() {
            self.config.faucet_url = faucet;
        }
        self.config.save(folder)?;
        self.output.print(&self.config, || {
            format!(
                "RPC {} and faucet {} from now on",
                self.config.rpc_url.as_deref().unwrap_or(DEFAULT_RPC_URL),
                self.config
                    .faucet_url
                    .as_deref()
                    .unwrap_or(DEFAULT_FAUCET_URL)
            )
        })
    }

    /// The address that a person means: an address, a key's name, or nothing
    /// for the active key.
    pub(crate) fn address(&self, wanted: Option<&str>) -> anyhow::Result<Address> {
        match wanted {
            Some(text) => match text.parse() {
                Ok(address) => Ok(address),
                Err(_) => Ok(self.keystore.find(text)?.address),
            },
            None => Ok(self.signer(None)?.address),
        }
    }

    /// The key that signs.
    pub(crate) fn signer(&self, wanted: Option<&str>) -> anyhow::Result<&Key> {
        match (wanted, self.config.active_address) {
            (Some(wanted), _) => Ok(self.keystore.find(wanted)?),
            (None, Some(active)) => Ok(self.keystore.find(&active.to_string())?),
            (None, None) => bail!("no active key. Make one with `heddle keys new`"),
        }
    }

    /// Builds (the server fills in versions, gas and budget), signs and sends
    /// a transaction, waits for its checkpoint, and prints it. With
    /// `--dry-run` nothing is signed or sent.
    pub(crate) async fn send(
        &mut self,
        builder: TransactionBuilder,
        send: &SendArgs,
    ) -> anyhow::Result<()> {
        let executed = self.execute(builder, send).await?;
        report::print(&self.output, &executed)?;
        report::check(&executed)
    }

    /// [`Self::send`] without the printing.
    pub(crate) async fn execute(
        &mut self,
        mut builder: TransactionBuilder,
        send: &SendArgs,
    ) -> anyhow::Result<proto::ExecutedTransaction> {
        let signer = self.signer(send.from.as_deref())?.clone();
        builder.set_sender(signer.address);
        if let Some(budget) = send.gas_budget {
            builder.set_gas_budget(budget);
        }
        if let Some(coin) = send.gas {
            let object = self.object_reference(coin).await?;
            builder.add_gas_objects([object]);
        }
        let transaction = self.build(builder).await?;
        if send.dry_run {
            return self.simulate(transaction, true).await;
        }
        let signature = signer
            .keypair
            .sign_transaction(&transaction)
            .context("sign the transaction")?;
        let request = proto::ExecuteTransactionRequest::new(transaction.into())
            .with_signatures(vec![signature.into()])
            .with_read_mask(FieldMask::from_str(report::READ_MASK));
        let response = self
            .rpc
            .execute_transaction_and_wait_for_checkpoint(request, CHECKPOINT_TIMEOUT)
            .await;
        let response = match response {
            Ok(response) => response.into_inner(),
            Err(sui_rpc::client::ExecuteAndWaitError::RpcError(status)) => {
                bail!(self.explain(&status))
            }
            Err(
                sui_rpc::client::ExecuteAndWaitError::CheckpointTimeout(response)
                | sui_rpc::client::ExecuteAndWaitError::CheckpointStreamError { response, .. },
            ) => response.into_inner(),
            Err(error) => return Err(error).context("send the transaction"),
        };
        response
            .transaction
            .context("the server answered without a transaction")
    }

    async fn build(&mut self, builder: TransactionBuilder) -> anyhow::Result<Transaction> {
        builder
            .build(&mut self.rpc)
            .await
            .map_err(|error| match error {
                sui_transaction_builder::Error::SimulationFailure(failure) => {
                    anyhow::anyhow!(
                        "the transaction would fail, so it was not sent: {}",
                        report::explain_error(failure.execution_error())
                    )
                }
                other => anyhow::anyhow!("cannot build the transaction: {other}"),
            })
    }

    /// Runs a complete transaction without sending it.
    pub(crate) async fn simulate(
        &mut self,
        transaction: Transaction,
        checks: bool,
    ) -> anyhow::Result<proto::ExecutedTransaction> {
        use proto::simulate_transaction_request::TransactionChecks;
        let mask = report::READ_MASK
            .split(',')
            .filter(|path| !matches!(*path, "checkpoint" | "timestamp"))
            .map(|path| format!("transaction.{path}"))
            .collect::<Vec<_>>()
            .join(",");
        let request = proto::SimulateTransactionRequest::new(transaction.into())
            .with_checks(if checks {
                TransactionChecks::Enabled
            } else {
                TransactionChecks::Disabled
            })
            .with_read_mask(FieldMask::from_str(&mask));
        let response = self
            .rpc
            .execution_client()
            .simulate_transaction(request)
            .await;
        response
            .map_err(|status| anyhow::anyhow!(self.explain(&status)))?
            .into_inner()
            .transaction
            .context("the server answered without a transaction")
    }

    /// An owned object at its latest version, as an input.
    pub(crate) async fn object_reference(&mut self, id: Address) -> anyhow::Result<ObjectInput> {
        let object = self.object(id, None, "object_id,version,digest").await?;
        let digest = object.digest().parse().context("digest of an object")?;
        Ok(ObjectInput::owned(id, object.version(), digest))
    }

    /// Reads one object.
    pub(crate) async fn object(
        &mut self,
        id: Address,
        version: Option<u64>,
        mask: &str,
    ) -> anyhow::Result<proto::Object> {
        let mut request =
            proto::GetObjectRequest::new(&id).with_read_mask(FieldMask::from_str(mask));
        if let Some(version) = version {
            request.set_version(version);
        }
        let response = self.rpc.ledger_client().get_object(request).await;
        response
            .map_err(|status| anyhow::anyhow!(self.explain(&status)))?
            .into_inner()
            .object
            .context("the server answered without an object")
    }

    /// Identity of the network: base58 of the digest of its genesis checkpoint.
    pub(crate) async fn chain_id(&mut self) -> anyhow::Result<String> {
        let request = proto::GetServiceInfoRequest::default();
        let response = self.rpc.ledger_client().get_service_info(request).await;
        let info = response
            .map_err(|status| anyhow::anyhow!(self.explain(&status)))?
            .into_inner();
        Ok(info.chain_id().to_owned())
    }

    /// A gRPC status in words, with what to do next where that is known.
    pub(crate) fn explain(&self, status: &tonic::Status) -> String {
        match status.code() {
            tonic::Code::Unavailable => format!(
                "no answer from {}: {}. Is a network running there? `heddle start` starts one, --rpc names another",
                self.rpc_url,
                status.message()
            ),
            _ => format!("{} ({})", status.message(), kebab(status.code())),
        }
    }

    /// The JSON that stands for "nothing to show".
    pub(crate) fn print_empty(&self, text: &str) -> anyhow::Result<()> {
        self.output.print(&json!([]), || text.to_owned())
    }
}

/// A gRPC code as it is written in documents: `FAILED_PRECONDITION`.
fn kebab(code: tonic::Code) -> String {
    let name = format!("{code:?}");
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}
