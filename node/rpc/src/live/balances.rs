//! How much of which coin an address has.

use super::{PAGE_DEFAULT, PAGE_MAX, required_address, struct_tag};
use crate::error::RpcError;
use crate::node_state::NodeState;
use crate::paging::{Listing, Pager, page_size};
use heddle_objects::sui_sdk_types::TypeTag;
use heddle_store::{BalanceRecord, Cursor};
use sui_rpc::proto::sui::rpc::v2 as proto;

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetBalanceRequest,
) -> Result<proto::GetBalanceResponse, RpcError> {
    let owner = required_address("owner", request.owner.as_deref())?;
    let coin_type = request
        .coin_type
        .as_deref()
        .ok_or_else(|| RpcError::missing("coin_type"))?;
    let coin_type = TypeTag::from(struct_tag("coin_type", coin_type)?);
    let record = state.store().balance(&owner, &coin_type)?;
    let mut response = proto::GetBalanceResponse::default();
    response.balance = Some(balance(&record)?);
    Ok(response)
}

pub(super) fn list(
    state: &NodeState,
    request: &proto::ListBalancesRequest,
) -> Result<proto::ListBalancesResponse, RpcError> {
    let owner = required_address("owner", request.owner.as_deref())?;
    let pager = Pager::new(Listing::Balances, &[owner.as_bytes()]);
    let after = pager
        .cursor(request.page_token.as_deref())?
        .map(Cursor::from_bytes);
    let limit = page_size(request.page_size, PAGE_DEFAULT, PAGE_MAX);
    let page = state.store().balances(&owner, after.as_ref(), limit)?;
    let mut response = proto::ListBalancesResponse::default();
    response.balances = page.items.iter().map(balance).collect::<Result<_, _>>()?;
    response.next_page_token = page.next.map(|next| pager.token(next.as_bytes()));
    Ok(response)
}

/// Coins are all there is: an address has no balance beside them.
fn balance(record: &BalanceRecord) -> Result<proto::Balance, RpcError> {
    let total = u64::try_from(record.total).map_err(|_| {
        RpcError::Internal(format!(
            "coins of type {} add up to more than their type can supply",
            record.coin_type
        ))
    })?;
    let mut balance = proto::Balance::default();
    balance.coin_type = Some(record.coin_type.to_string());
    balance.balance = Some(total);
    balance.coin_balance = Some(total);
    balance.address_balance = Some(0);
    Ok(balance)
}
