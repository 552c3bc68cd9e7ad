//! Publishes the example packages, each compiled from source.

use super::account::{Account, submit_and_settle};
use super::load::SharedCounter;
use crate::build;
use crate::output::Output;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::time::Instant;
use sui_rpc::Client;
use sui_sdk_types::{
    Address, Argument, Command, IdOperation, Identifier, Input, MoveCall, ObjectOut, Owner,
    Publish, TransactionEffects, TransferObjects,
};

/// The name of the example whose counter the demo increments.
const COUNTER: &str = "counter";

/// One published example.
pub(super) struct Published {
    pub(super) name: String,
    pub(super) package: Address,
    pub(super) modules: usize,
    pub(super) bytes: usize,
    /// Compilation from source, in milliseconds.
    pub(super) compile_ms: u128,
    /// Publication, from submission to durable effects, in milliseconds.
    pub(super) publish_ms: u128,
}

/// Compiles and publishes every package below `folder`, in order of name.
pub(super) async fn examples(
    client: &Client,
    folder: &Path,
    publisher: &mut Account,
    output: &Output,
) -> anyhow::Result<Vec<Published>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| {
            format!(
                "no example packages in {}; run this in the project's folder or give --examples",
                folder.display()
            )
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("Move.toml").is_file())
        .collect();
    paths.sort();
    let mut published = Vec::new();
    for path in paths {
        let one = publish(client, &path, publisher, output).await?;
        output.note(format_args!(
            "  {:<12} {} ({} modules, {} bytes)",
            one.name, one.package, one.modules, one.bytes
        ));
        published.push(one);
    }
    Ok(published)
}

async fn publish(
    client: &Client,
    path: &Path,
    publisher: &mut Account,
    output: &Output,
) -> anyhow::Result<Published> {
    let began = Instant::now();
    let package = build::compile(path, None, output)?;
    let compile_ms = began.elapsed().as_millis();
    let modules = build::module_bytes(&package);
    let (count, bytes) = (modules.len(), modules.iter().map(Vec::len).sum());
    let gas_price = client.clone().get_reference_gas_price().await?;
    let mut transaction = publisher.transaction(
        vec![Input::Pure(publisher.address.as_bytes().to_vec())],
        vec![
            Command::Publish(Publish {
                modules,
                dependencies: package.dependencies.clone(),
            }),
            Command::TransferObjects(TransferObjects {
                objects: vec![Argument::Result(0)],
                address: Argument::Input(0),
            }),
        ],
        gas_price,
    )?;
    transaction.gas_payment.budget = 5_000_000_000;
    let began = Instant::now();
    let effects = submit_and_settle(client, publisher, transaction)
        .await
        .with_context(|| format!("publish {}", path.display()))?;
    Ok(Published {
        name: package.name.clone(),
        package: written_package(&effects).context("the effects name no package")?,
        modules: count,
        bytes,
        compile_ms,
        publish_ms: began.elapsed().as_millis(),
    })
}

fn written_package(effects: &TransactionEffects) -> Option<Address> {
    let TransactionEffects::V2(effects) = effects else {
        return None;
    };
    effects
        .changed_objects
        .iter()
        .find(|object| matches!(object.output_state, ObjectOut::PackageWrite { .. }))
        .map(|object| object.object_id)
}

/// Makes a counter that everybody shares.
pub(super) async fn shared_counter(
    client: &Client,
    packages: &[Published],
    owner: &mut Account,
    gas_price: u64,
) -> anyhow::Result<SharedCounter> {
    let package = packages
        .iter()
        .find(|package| package.name.eq_ignore_ascii_case(COUNTER))
        .context("there is no example named counter")?
        .package;
    let transaction = owner.transaction(
        Vec::new(),
        vec![Command::MoveCall(MoveCall {
            package,
            module: Identifier::from_static("counter"),
            function: Identifier::from_static("create"),
            type_arguments: Vec::new(),
            arguments: Vec::new(),
        })],
        gas_price,
    )?;
    let effects = submit_and_settle(client, owner, transaction).await?;
    let TransactionEffects::V2(effects) = effects else {
        anyhow::bail!("the node answered with effects of an old version");
    };
    effects
        .changed_objects
        .iter()
        .find_map(|object| match &object.output_state {
            ObjectOut::ObjectWrite {
                owner: Owner::Shared(version),
                ..
            } if object.id_operation == IdOperation::Created => Some(SharedCounter {
                package,
                object: object.object_id,
                initial_version: *version,
            }),
            _ => None,
        })
        .context("the counter example shared no counter")
}
