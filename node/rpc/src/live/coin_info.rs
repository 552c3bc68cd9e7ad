//! What a coin type is called, how it is shown, and how much of it there is.

use super::struct_tag;
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_objects::sui_sdk_types::{Address, Object, StructTag, TypeTag};
use heddle_store::CoinObjectKind;
use serde::Deserialize;
use std::sync::Arc;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::coin_treasury::SupplyState;
use sui_rpc::proto::sui::rpc::v2::regulated_coin_metadata::CoinRegulatedState;

/// `0x2::coin::CoinMetadata<T>` as it lies in BCS.
#[derive(Deserialize)]
struct Metadata {
    id: Address,
    decimals: u8,
    name: String,
    symbol: String,
    description: String,
    icon_url: Option<String>,
}

/// `0x2::coin::TreasuryCap<T>` as it lies in BCS.
#[derive(Deserialize)]
struct Treasury {
    id: Address,
    total_supply: u64,
}

/// `0x2::coin::RegulatedCoinMetadata<T>` as it lies in BCS.
#[derive(Deserialize)]
struct Regulated {
    id: Address,
    coin_metadata_object: Address,
    deny_cap_object: Address,
}

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetCoinInfoRequest,
) -> Result<proto::GetCoinInfoResponse, RpcError> {
    let text = request
        .coin_type
        .as_deref()
        .ok_or_else(|| RpcError::missing("coin_type"))?;
    let tag = struct_tag("coin_type", text)?;
    let coin_type = TypeTag::from(tag.clone());
    let mut response = proto::GetCoinInfoResponse::default();
    response.coin_type = Some(coin_type.to_string());
    response.metadata = metadata(state, &tag, &coin_type)?;
    response.treasury =
        read::<Treasury>(state, CoinObjectKind::TreasuryCap, &coin_type)?.map(treasury);
    let regulated = read::<Regulated>(state, CoinObjectKind::RegulatedMetadata, &coin_type)?;
    if response.metadata.is_none() && response.treasury.is_none() {
        return Err(RpcError::not_found("coin type", coin_type));
    }
    response.regulated_metadata = Some(self::regulated(regulated));
    Ok(response)
}

fn metadata(
    state: &NodeState,
    tag: &StructTag,
    coin_type: &TypeTag,
) -> Result<Option<proto::CoinMetadata>, RpcError> {
    let found = read::<Metadata>(state, CoinObjectKind::Metadata, coin_type)?;
    let mut message = proto::CoinMetadata::default();
    match found {
        Some(found) => {
            message.id = Some(found.id.to_string());
            message.decimals = Some(u32::from(found.decimals));
            message.name = Some(found.name);
            message.symbol = Some(found.symbol);
            message.description = Some(found.description);
            message.icon_url = found.icon_url;
        }
        // The native coin is known by its protocol, whether or not genesis
        // made an object that describes it.
        None if *tag == StructTag::sui() => {
            message.decimals = Some(9);
            message.name = Some("Heddle".into());
            message.symbol = Some("HED".into());
            message.description = Some("The native coin of Heddle".into());
        }
        None => return Ok(None),
    }
    Ok(Some(message))
}

fn treasury(found: Treasury) -> proto::CoinTreasury {
    let mut message = proto::CoinTreasury::default();
    message.id = Some(found.id.to_string());
    message.total_supply = Some(found.total_supply);
    message.supply_state = Some(SupplyState::Unknown as i32);
    message
}

fn regulated(found: Option<Regulated>) -> proto::RegulatedCoinMetadata {
    let mut message = proto::RegulatedCoinMetadata::default();
    match found {
        None => message.coin_regulated_state = Some(CoinRegulatedState::Unknown as i32),
        Some(found) => {
            message.id = Some(found.id.to_string());
            message.coin_metadata_object = Some(found.coin_metadata_object.to_string());
            message.deny_cap_object = Some(found.deny_cap_object.to_string());
            message.coin_regulated_state = Some(CoinRegulatedState::Regulated as i32);
        }
    }
    message
}

/// The object of this kind for a coin type, `None` if there is none or it is
/// wrapped.
fn read<T: for<'de> Deserialize<'de>>(
    state: &NodeState,
    kind: CoinObjectKind,
    coin_type: &TypeTag,
) -> Result<Option<T>, RpcError> {
    let Some(id) = state.store().coin_object(kind, coin_type)? else {
        return Ok(None);
    };
    let Some(object): Option<Arc<Object>> = state.store().object(&id)? else {
        return Ok(None);
    };
    let Some(value) = object.as_struct() else {
        return Ok(None);
    };
    bcs::from_bytes(value.contents())
        .map(Some)
        .map_err(|error| {
            RpcError::Internal(format!(
                "object {id} has not the layout of its type: {error}"
            ))
        })
}
