//! Objects: what an address has, and what an object holds.

use super::context::ClientContext;
use super::report::{SerdeValue, owner_text};
use crate::output::{BOLD, FAINT, Output, short_type};
use futures::{StreamExt, TryStreamExt};
use std::fmt::Write;
use std::pin::pin;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::Address;

/// `heddle client objects`.
pub(super) async fn list(
    context: &mut ClientContext,
    owner: Option<&str>,
    object_type: Option<String>,
    limit: usize,
) -> anyhow::Result<()> {
    let owner = context.address(owner)?;
    let mut request = proto::ListOwnedObjectsRequest::default()
        .with_owner(owner)
        .with_page_size(u32::try_from(limit.min(1000)).unwrap_or(1000))
        .with_read_mask(FieldMask::from_str(
            "object_id,version,digest,object_type,owner",
        ));
    if let Some(object_type) = object_type {
        request.set_object_type(object_type);
    }
    let rpc = context.rpc.clone();
    let objects: Vec<proto::Object> = pin!(rpc.list_owned_objects(request).take(limit))
        .try_collect()
        .await
        .map_err(|status: tonic::Status| anyhow::anyhow!(context.explain(&status)))?;
    context.output.print(&objects, || {
        if objects.is_empty() {
            return format!("{owner} has no such objects.");
        }
        let mut table = Output::table(["object", "version", "type"]);
        for object in &objects {
            table.add_row([
                object.object_id().to_owned(),
                object.version().to_string(),
                short_type(object.object_type()),
            ]);
        }
        table.to_string()
    })
}

/// `heddle client object`.
pub(super) async fn show(
    context: &mut ClientContext,
    id: Address,
    version: Option<u64>,
    fields: bool,
) -> anyhow::Result<()> {
    let object = context
        .object(
            id,
            version,
            "object_id,version,digest,owner,object_type,previous_transaction,storage_rebate,json,package",
        )
        .await?;
    if !fields {
        return context.output.print(&object, || text(&object));
    }
    let request = proto::ListDynamicFieldsRequest::default()
        .with_parent(id)
        .with_page_size(1000u32)
        .with_read_mask(FieldMask::from_str(
            "kind,field_id,name,value_type,child_id,field_object.json",
        ));
    let rpc = context.rpc.clone();
    let fields: Vec<proto::DynamicField> = pin!(rpc.list_dynamic_fields(request))
        .try_collect()
        .await
        .map_err(|status: tonic::Status| anyhow::anyhow!(context.explain(&status)))?;
    context.output.print(
        &serde_json::json!({ "object": object, "dynamic_fields": fields }),
        || {
            let mut text = text(&object);
            let _ = writeln!(text, "{BOLD}dynamic fields{BOLD:#} {}", fields.len());
            for field in &fields {
                let _ = writeln!(
                    text,
                    "  {} {} {FAINT}{}{FAINT:#}",
                    field.field_id(),
                    short_type(field.value_type()),
                    json_line(field.field_object().json.as_deref())
                );
            }
            text
        },
    )
}

fn json_line(json: Option<&prost_types::Value>) -> String {
    json.and_then(|json| serde_json::to_string(&SerdeValue(json)).ok())
        .unwrap_or_default()
}

fn text(object: &proto::Object) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{BOLD}Object{BOLD:#} {}", object.object_id());
    let _ = writeln!(text, "  type     {}", short_type(object.object_type()));
    let _ = writeln!(text, "  version  {}", object.version());
    let _ = writeln!(text, "  digest   {}", object.digest());
    if let Some(owner) = &object.owner {
        let _ = writeln!(text, "  owner    {}", owner_text(owner));
    }
    let _ = writeln!(text, "  written by {}", object.previous_transaction());
    if let Some(package) = &object.package {
        let _ = writeln!(text, "  modules");
        for module in &package.modules {
            let _ = writeln!(text, "    {}", module.name());
        }
    }
    if let Some(json) = &object.json
        && let Ok(content) = serde_json::to_string_pretty(&SerdeValue(json))
    {
        let _ = writeln!(text, "{content}");
    }
    text
}
