//! Compares the state after the load with what it must be.

use super::account::Account;
use super::load::{Conflicts, SharedCounter};
use super::{GIFT_COIN, funding};
use anyhow::Context;
use futures::TryStreamExt;
use std::pin::pin;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Address, ObjectReference};

const NATIVE_COIN: &str = "0x2::coin::Coin<0x2::sui::SUI>";

/// One comparison.
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Check {
    fn new(what: &'static str, expected: impl ToString, found: impl ToString) -> Self {
        Check {
            what,
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    /// Whether the state is what it must be.
    pub(super) fn holds(&self) -> bool {
        self.expected == self.found
    }
}

async fn coins_of(client: &Client, owner: Address) -> anyhow::Result<Vec<proto::Object>> {
    let request = proto::ListOwnedObjectsRequest::default()
        .with_owner(owner)
        .with_object_type(NATIVE_COIN.to_owned())
        .with_page_size(1000u32)
        .with_read_mask(FieldMask::from_str("object_id,version,digest,balance"));
    pin!(client.list_owned_objects(request))
        .try_collect()
        .await
        .with_context(|| format!("list the coins of {owner}"))
}

/// Finds each account's only coin.
pub(super) async fn find_gas(client: &Client, accounts: &mut [Account]) -> anyhow::Result<()> {
    for account in accounts {
        let coins = coins_of(client, account.address).await?;
        let [coin] = coins.as_slice() else {
            anyhow::bail!(
                "{} starts with {} coins instead of one",
                account.address,
                coins.len()
            );
        };
        account.gas = Some(ObjectReference::new(
            coin.object_id().parse().context("id of a coin")?,
            coin.version(),
            coin.digest().parse().context("digest of a coin")?,
        ));
    }
    Ok(())
}

/// All comparisons after the load.
pub(super) async fn all(
    client: &Client,
    accounts: &[Account],
    gifts: &[usize],
    counter: &SharedCounter,
    increments: u64,
    conflicts: Conflicts,
    spenders: usize,
) -> anyhow::Result<Vec<Check>> {
    let mut expected_total = 0i128;
    let mut found_total = 0i128;
    let mut wrong = 0usize;
    for (index, account) in accounts.iter().enumerate() {
        // It gave its own gifts away, and has those of the account before it.
        let received = gifts[(index + gifts.len() - 1) % gifts.len()] as i128;
        let given = gifts[index] as i128;
        let expected = i128::from(funding(gifts[index]))
            + (received - given) * i128::from(GIFT_COIN)
            - account.gas_spent;
        let found: i128 = coins_of(client, account.address)
            .await?
            .iter()
            .map(|coin| i128::from(coin.balance()))
            .sum();
        expected_total += expected;
        found_total += found;
        wrong += usize::from(expected != found);
    }
    let value = counter_value(client, counter).await?;
    Ok(vec![
        Check::new("accounts whose balance is wrong", 0, wrong),
        Check::new("all balances, in base units", expected_total, found_total),
        Check::new("value of the shared counter", increments, value),
        Check::new(
            "double spends that executed once",
            spenders,
            conflicts.executed,
        ),
        Check::new("double spends refused", spenders, conflicts.refused),
    ])
}

async fn counter_value(client: &Client, counter: &SharedCounter) -> anyhow::Result<String> {
    let request =
        proto::GetObjectRequest::new(&counter.object).with_read_mask(FieldMask::from_str("json"));
    let response = client
        .clone()
        .ledger_client()
        .get_object(request)
        .await
        .context("read the counter")?
        .into_inner();
    let json = response.object().json.as_deref();
    let Some(prost_types::value::Kind::StructValue(fields)) =
        json.and_then(|json| json.kind.as_ref())
    else {
        anyhow::bail!("the counter has no content");
    };
    match fields
        .fields
        .get("value")
        .and_then(|value| value.kind.as_ref())
    {
        Some(prost_types::value::Kind::StringValue(value)) => Ok(value.clone()),
        other => anyhow::bail!("the counter's value is {other:?}"),
    }
}
