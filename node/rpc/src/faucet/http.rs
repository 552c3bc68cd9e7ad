//! `POST /v2/gas` and its older form `POST /gas`, with the body
//! `{"FixedAmountRequest":{"recipient":"0x…"}}`.

use super::dispenser::{DispenseError, Dispenser, SentCoin};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use heddle_objects::sui_sdk_types::Address;
use serde::Deserialize;
use serde_json::{Value, json};

/// Largest request body, in bytes.
const BODY_BYTES_MAX: usize = 4 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
enum Request {
    FixedAmountRequest(FixedAmountRequest),
}

#[derive(Deserialize)]
struct FixedAmountRequest {
    recipient: String,
}

/// The faucet's routes.
pub(crate) fn routes(dispenser: Dispenser) -> Router {
    Router::new()
        .route("/", get(|| async { "OK" }))
        .route("/health", get(|| async { "OK" }))
        .route("/v2/gas", post(give_v2))
        .route("/gas", post(give_v0))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(crate::server::admission::cors())
        .with_state(dispenser)
}

async fn give_v2(State(dispenser): State<Dispenser>, body: Bytes) -> Response {
    match give(&dispenser, &body).await {
        Ok(coins) => Json(json!({
            "status": "Success",
            "coins_sent": coins.iter().map(coin).collect::<Vec<_>>(),
        }))
        .into_response(),
        Err(refusal) => refusal.respond(
            |reason| json!({ "status": { "Failure": { "internal": reason } }, "coins_sent": null }),
        ),
    }
}

async fn give_v0(State(dispenser): State<Dispenser>, body: Bytes) -> Response {
    match give(&dispenser, &body).await {
        Ok(coins) => Json(json!({
            "transferredGasObjects": coins.iter().map(coin).collect::<Vec<_>>(),
            "error": null,
        }))
        .into_response(),
        Err(refusal) => {
            refusal.respond(|reason| json!({ "transferredGasObjects": [], "error": reason }))
        }
    }
}

/// A request that gets no coins.
struct Refusal {
    status: StatusCode,
    reason: String,
}

impl Refusal {
    fn respond(self, body: impl FnOnce(&str) -> Value) -> Response {
        (self.status, Json(body(&self.reason))).into_response()
    }
}

async fn give(dispenser: &Dispenser, body: &[u8]) -> Result<Vec<SentCoin>, Refusal> {
    let recipient = recipient(body).map_err(|reason| Refusal {
        status: StatusCode::BAD_REQUEST,
        reason,
    })?;
    dispenser.give(recipient).await.map_err(|error| Refusal {
        status: match error {
            DispenseError::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            DispenseError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            DispenseError::Empty { .. } | DispenseError::Failed(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        },
        reason: error.to_string(),
    })
}

fn recipient(body: &[u8]) -> Result<Address, String> {
    let request: Request = serde_json::from_slice(body).map_err(|error| {
        format!("the body is no {{\"FixedAmountRequest\":{{\"recipient\":\"0x…\"}}}}: {error}")
    })?;
    let Request::FixedAmountRequest(request) = request;
    request
        .recipient
        .parse()
        .map_err(|error| format!("the recipient is no address: {error}"))
}

fn coin(coin: &SentCoin) -> Value {
    json!({
        "amount": coin.amount,
        "id": coin.id.to_string(),
        "transferTxDigest": coin.transaction.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_or_refused_with_a_reason() {
        let good = br#"{"FixedAmountRequest":{"recipient":"0x2"}}"#;
        assert_eq!(recipient(good), Ok(Address::TWO));
        for bad in [
            br#"{"FixedAmountRequest":{"recipient":"nobody"}}"#.as_slice(),
            br#"{"FixedAmountRequest":{}}"#,
            br#"{"Other":{}}"#,
            b"",
            b"\xff",
        ] {
            assert!(recipient(bad).is_err(), "{bad:?}");
        }
    }
}
