//! The versions of a package, from any of them.

use super::{PackageObject, package_id};
use crate::error::RpcError;
use crate::node_state::NodeState;
use crate::paging::{Listing, Pager, page_size};
use heddle_store::Cursor;
use sui_rpc::proto::sui::rpc::v2 as proto;

const PAGE_DEFAULT: usize = 1_000;
const PAGE_MAX: usize = 10_000;

pub(super) fn list(
    state: &NodeState,
    request: &proto::ListPackageVersionsRequest,
) -> Result<proto::ListPackageVersionsResponse, RpcError> {
    let id = package_id(request.package_id.as_deref())?;
    let original = PackageObject::load(state, &id)?.original_id()?;
    let pager = Pager::new(Listing::PackageVersions, &[original.as_bytes()]);
    let after = pager
        .cursor(request.page_token.as_deref())?
        .map(Cursor::from_bytes);
    let limit = page_size(request.page_size, PAGE_DEFAULT, PAGE_MAX);
    let page = state
        .store()
        .package_versions(&original, after.as_ref(), limit)?;
    let versions = page
        .items
        .iter()
        .map(|version| proto::PackageVersion::new(&version.storage_id, version.version))
        .collect();
    let next = page.next.map(|next| pager.token(next.as_bytes()));
    Ok(proto::ListPackageVersionsResponse::new(versions, next))
}
