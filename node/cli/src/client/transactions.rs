//! Transactions and events that happened, and transactions that might.

use super::context::ClientContext;
use super::report;
use anyhow::Context;
use base64::Engine;
use std::io::Read;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Digest, Transaction};

/// Most bytes that `simulate` reads from standard input: a transaction at the
/// protocol's limit, in base64, with room to spare.
const STDIN_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// `heddle client tx`.
pub(super) async fn show(context: &mut ClientContext, digest: Digest) -> anyhow::Result<()> {
    let request = proto::GetTransactionRequest::new(&digest)
        .with_read_mask(FieldMask::from_str(report::READ_MASK));
    let response = context.rpc.ledger_client().get_transaction(request).await;
    let executed = response
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
        .into_inner()
        .transaction
        .context("the server answered without a transaction")?;
    report::print(&context.output, &executed)
}

/// `heddle client events`.
pub(super) async fn events(
    context: &mut ClientContext,
    transaction: Option<Digest>,
    event_type: Option<String>,
    sender: Option<String>,
    limit: u32,
) -> anyhow::Result<()> {
    let events = match transaction {
        Some(digest) => of_transaction(context, &digest).await?,
        None => listed(context, event_type, sender, limit).await?,
    };
    if events.is_empty() {
        return context.print_empty("No such events.");
    }
    context.output.print(&events, || {
        events
            .iter()
            .map(|event| {
                format!(
                    "{} {}",
                    event.transaction_digest(),
                    report::event_text(event)
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    })
}

async fn of_transaction(
    context: &mut ClientContext,
    digest: &Digest,
) -> anyhow::Result<Vec<proto::Event>> {
    let request = proto::GetTransactionRequest::new(digest)
        .with_read_mask(FieldMask::from_str("digest,events.events"));
    let response = context.rpc.ledger_client().get_transaction(request).await;
    let executed = response
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
        .into_inner()
        .transaction
        .context("the server answered without a transaction")?;
    let digest = executed.digest().to_owned();
    let mut events = executed.events.unwrap_or_default().events;
    for event in &mut events {
        event.transaction_digest = Some(digest.clone());
    }
    Ok(events)
}

async fn listed(
    context: &mut ClientContext,
    event_type: Option<String>,
    sender: Option<String>,
    limit: u32,
) -> anyhow::Result<Vec<proto::Event>> {
    use proto::event_literal::Predicate;
    let mut literals = Vec::new();
    if let Some(event_type) = event_type {
        literals.push(Predicate::EventType(
            proto::EventTypeFilter::default().with_event_type(event_type),
        ));
    }
    if let Some(sender) = sender {
        let address = context.address(Some(&sender))?;
        literals.push(Predicate::Sender(
            proto::SenderFilter::default().with_address(address),
        ));
    }
    let mut request = proto::ListEventsRequest::default()
        .with_options(
            proto::QueryOptions::default()
                .with_limit(limit)
                .with_ordering(proto::Ordering::Descending),
        )
        .with_read_mask(FieldMask::from_str(
            "event_type,sender,json,transaction_digest,checkpoint",
        ));
    if !literals.is_empty() {
        let literals = literals
            .into_iter()
            .map(|predicate| {
                let mut literal = proto::EventLiteral::default();
                literal.predicate = Some(predicate);
                literal
            })
            .collect();
        let term = proto::EventTerm::default().with_literals(literals);
        request.set_filter(proto::EventFilter::default().with_terms(vec![term]));
    }
    let mut stream = context
        .rpc
        .ledger_client()
        .list_events(request)
        .await
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
        .into_inner();
    let mut events = Vec::new();
    while let Some(response) = stream
        .message()
        .await
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
    {
        events.extend(response.event);
    }
    Ok(events)
}

/// `heddle client simulate`.
pub(super) async fn simulate(
    context: &mut ClientContext,
    text: Option<String>,
    checks: bool,
) -> anyhow::Result<()> {
    let text = match text {
        Some(text) => text,
        None => {
            let mut text = String::new();
            std::io::stdin()
                .take(STDIN_BYTES_MAX)
                .read_to_string(&mut text)
                .context("read the transaction from standard input")?;
            text
        }
    };
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text.trim())
        .context("the transaction is not base64")?;
    let transaction = decode(&bytes)?;
    let executed = context.simulate(transaction, checks).await?;
    report::print(&context.output, &executed)?;
    report::check(&executed)
}

/// Reads a transaction, signed or not, in either of the two public encodings
/// of the signed form.
fn decode(bytes: &[u8]) -> anyhow::Result<Transaction> {
    if let Ok(transaction) = bcs::from_bytes::<Transaction>(bytes) {
        return Ok(transaction);
    }
    bcs::from_bytes::<sui_sdk_types::SignedTransaction>(bytes)
        .map(|signed| signed.transaction)
        .context("the bytes are no BCS of a transaction")
}
