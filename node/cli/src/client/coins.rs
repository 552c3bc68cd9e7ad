//! Coins: transfer, split, merge, and what an address has for gas.

use super::SendArgs;
use super::context::ClientContext;
use crate::output::{BOLD, Output, hed};
use anyhow::bail;
use futures::TryStreamExt;
use serde_json::json;
use std::pin::pin;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::Address;
use sui_transaction_builder::{ObjectInput, TransactionBuilder};

/// The type of the coins that pay for gas.
const NATIVE_COIN: &str = "0x2::coin::Coin<0x2::sui::SUI>";

/// `heddle client transfer`.
pub(super) async fn transfer(
    context: &mut ClientContext,
    to: &str,
    amount: Option<u64>,
    object: Option<Address>,
    send: &SendArgs,
) -> anyhow::Result<()> {
    let recipient = context.address(Some(to))?;
    let mut builder = TransactionBuilder::new();
    let to = builder.pure(&recipient);
    let sent = match (amount, object) {
        (Some(amount), None) => {
            let amount = builder.pure(&amount);
            let gas = builder.gas();
            builder.split_coins(gas, vec![amount])
        }
        (None, Some(id)) => vec![builder.object(ObjectInput::new(id))],
        _ => bail!("give either --amount or --object"),
    };
    builder.transfer_objects(sent, to);
    context.send(builder, send).await
}

/// `heddle client split`.
pub(super) async fn split(
    context: &mut ClientContext,
    coin: Address,
    amounts: &[u64],
    send: &SendArgs,
) -> anyhow::Result<()> {
    let sender = context.signer(send.from.as_deref())?.address;
    let mut builder = TransactionBuilder::new();
    let coin = builder.object(ObjectInput::new(coin));
    let amounts = amounts
        .iter()
        .map(|amount| builder.pure_unique(amount))
        .collect();
    let coins = builder.split_coins(coin, amounts);
    let to = builder.pure(&sender);
    builder.transfer_objects(coins, to);
    context.send(builder, send).await
}

/// `heddle client merge`.
pub(super) async fn merge(
    context: &mut ClientContext,
    coin: Address,
    others: &[Address],
    send: &SendArgs,
) -> anyhow::Result<()> {
    let mut builder = TransactionBuilder::new();
    let coin = builder.object(ObjectInput::new(coin));
    let others = others
        .iter()
        .map(|id| builder.object(ObjectInput::new(*id)))
        .collect();
    builder.merge_coins(coin, others);
    context.send(builder, send).await
}

/// `heddle client gas`.
pub(super) async fn gas(context: &mut ClientContext, owner: Option<&str>) -> anyhow::Result<()> {
    let owner = context.address(owner)?;
    let request = proto::ListOwnedObjectsRequest::default()
        .with_owner(owner)
        .with_object_type(NATIVE_COIN.to_owned())
        .with_page_size(1000u32)
        .with_read_mask(FieldMask::from_str("object_id,version,digest,balance"));
    let rpc = context.rpc.clone();
    let coins: Vec<proto::Object> = pin!(rpc.list_owned_objects(request))
        .try_collect()
        .await
        .map_err(|status: tonic::Status| anyhow::anyhow!(context.explain(&status)))?;
    let total: u128 = coins.iter().map(|coin| u128::from(coin.balance())).sum();
    let rows: Vec<_> = coins
        .iter()
        .map(|coin| json!({ "coin": coin.object_id(), "balance": coin.balance().to_string() }))
        .collect();
    context.output.print(
        &json!({ "owner": owner, "balance": total.to_string(), "coins": rows }),
        || {
            if coins.is_empty() {
                return format!("{owner} has no coins. `heddle client faucet` asks a development network for some.");
            }
            let mut table = Output::table(["coin", "balance"]);
            for coin in &coins {
                table.add_row([coin.object_id().to_owned(), hed(coin.balance())]);
            }
            let total = u64::try_from(total).map_or_else(|_| total.to_string(), hed);
            format!("{table}\n{BOLD}{total}{BOLD:#} in {} coins of {owner}", coins.len())
        },
    )
}
