//! Asks the faucet of a development network for coins, with the request that
//! the public SDKs send.

use crate::output::{Output, hed};
use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use sui_sdk_types::Address;

/// Most bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// One coin that the faucet sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentCoin {
    /// Amount in base units.
    pub(crate) amount: u64,
    pub(crate) id: String,
    pub(crate) transfer_tx_digest: String,
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
    #[serde(default)]
    coins_sent: Option<Vec<SentCoin>>,
}

#[derive(Deserialize)]
enum Status {
    Success,
    Failure { internal: String },
}

/// Sends one request and waits for the coins.
pub(crate) async fn request(url: &str, recipient: Address) -> anyhow::Result<Vec<SentCoin>> {
    let body = serde_json::json!({ "FixedAmountRequest": { "recipient": recipient } });
    let request = http::Request::post(format!("{}/v2/gas", url.trim_end_matches('/')))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .with_context(|| format!("{url:?} is no faucet address"))?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.with_context(|| {
        format!(
            "no answer from the faucet at {url}. Is a network running there? --faucet names another"
        )
    })?;
    let status = response.status();
    let bytes = Limited::new(response.into_body(), ANSWER_BYTES_MAX)
        .collect()
        .await
        .map_err(|error| anyhow::anyhow!("the faucet's answer broke off: {error}"))?
        .to_bytes();
    if status == http::StatusCode::TOO_MANY_REQUESTS {
        bail!("the faucet has had too many requests; try again in a while");
    }
    let answer: Answer = serde_json::from_slice(&bytes)
        .with_context(|| format!("the faucet answered {status} with no JSON that is known"))?;
    match answer.status {
        Status::Success => Ok(answer.coins_sent.unwrap_or_default()),
        Status::Failure { internal } => bail!("the faucet refused: {internal}"),
    }
}

/// Prints the coins that came.
pub(super) fn print(output: &Output, coins: &[SentCoin]) -> anyhow::Result<()> {
    output.print(coins, || {
        coins
            .iter()
            .map(|coin| format!("{} in coin {}", hed(coin.amount), coin.id))
            .collect::<Vec<_>>()
            .join("\n")
    })
}
