//! Packages: publish, upgrade, call.

use super::SendArgs;
use super::context::ClientContext;
use super::network;
use super::report;
use super::value::{self, CallValue};
use crate::build;
use anyhow::{Context, bail};
use heddle_compiler::{DEFAULT_ENVIRONMENT, PublicationRecord};
use std::path::Path;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{Address, Identifier, TypeTag};
use sui_transaction_builder::{Argument, Function, ObjectInput, TransactionBuilder};

/// Policy byte of an upgrade that keeps everything compatible.
const POLICY_COMPATIBLE: u8 = 0;

/// `heddle client publish`.
pub(super) async fn publish(
    context: &mut ClientContext,
    path: &Path,
    send: &SendArgs,
) -> anyhow::Result<()> {
    let sender = context.signer(send.from.as_deref())?.address;
    let network = network::of(context).await?;
    let chain = network.chain_id().to_owned();
    let package = build::compile(path, Some(network), &context.output)?;
    if let Some(live) = package.publication.original_id
        && build::read_publication(path, &chain)?.is_none()
    {
        bail!(
            "Move.toml says that the package lives at {live}, and there is a package. \
             To publish another one, set that address to 0x0; to upgrade it, \
             use `heddle client upgrade --package {live} --upgrade-cap ID`"
        );
    }
    let mut builder = TransactionBuilder::new();
    let capability = builder.publish(build::module_bytes(&package), package.dependencies.clone());
    let to = builder.pure(&sender);
    builder.transfer_objects(vec![capability], to);
    let executed = context.execute(builder, send).await?;
    report::print(&context.output, &executed)?;
    report::check(&executed)?;
    if !send.dry_run {
        let record = publication_of(context, &executed).await?;
        let file = build::record_publication(path, &record)?;
        context.output.note(format_args!(
            "Package {} is live; {} remembers it for `heddle client upgrade`",
            record.package_id,
            file.display()
        ));
    }
    Ok(())
}

/// `heddle client upgrade`.
pub(super) async fn upgrade(
    context: &mut ClientContext,
    path: &Path,
    package: Option<Address>,
    capability: Option<Address>,
    send: &SendArgs,
) -> anyhow::Result<()> {
    let chain = context.chain_id().await?;
    let recorded = build::read_publication(path, &chain)?;
    let package = package.or(recorded.as_ref().map(|it| it.package)).context(
        "which package? There is no Published.toml entry for this network; give --package",
    )?;
    let capability = capability
        .or(recorded.as_ref().map(|it| it.upgrade_cap))
        .context("which capability? There is no Published.toml entry for this network; give --upgrade-cap")?;
    let network = network::of(context).await?;
    let built = build::compile(path, Some(network), &context.output)?;
    let mut builder = TransactionBuilder::new();
    let cap = builder.object(ObjectInput::new(capability));
    let policy = builder.pure(&POLICY_COMPATIBLE);
    let digest = builder.pure(&built.digest.to_vec());
    let ticket = builder.move_call(
        framework("package", "authorize_upgrade"),
        vec![cap, policy, digest],
    );
    let receipt = builder.upgrade(
        build::module_bytes(&built),
        built.dependencies.clone(),
        package,
        ticket,
    );
    builder.move_call(framework("package", "commit_upgrade"), vec![cap, receipt]);
    let executed = context.execute(builder, send).await?;
    report::print(&context.output, &executed)?;
    report::check(&executed)?;
    if !send.dry_run {
        let new = published_package(&executed)?;
        // A package that was named by hand has no record to go on from.
        if let Some(recorded) = recorded {
            build::record_publication(
                path,
                &PublicationRecord {
                    environment: DEFAULT_ENVIRONMENT.to_owned(),
                    chain_id: chain,
                    package_id: new,
                    version: recorded.version + 1,
                    upgrade_capability: None,
                    is_upgrade: true,
                },
            )?;
        }
        context
            .output
            .note(format_args!("Package {package} is upgraded to {new}"));
    }
    Ok(())
}

fn framework(module: &'static str, function: &'static str) -> Function {
    Function::new(
        Address::TWO,
        Identifier::from_static(module),
        Identifier::from_static(function),
    )
}

async fn publication_of(
    context: &mut ClientContext,
    executed: &proto::ExecutedTransaction,
) -> anyhow::Result<PublicationRecord> {
    let capability = executed
        .effects()
        .changed_objects
        .iter()
        .find(|object| object.object_type().ends_with("::package::UpgradeCap"))
        .context("the transaction made no UpgradeCap")?
        .object_id()
        .parse()
        .context("id of the UpgradeCap")?;
    Ok(PublicationRecord {
        environment: DEFAULT_ENVIRONMENT.to_owned(),
        chain_id: context.chain_id().await?,
        package_id: published_package(executed)?,
        version: 1,
        upgrade_capability: Some(capability),
        is_upgrade: false,
    })
}

fn published_package(executed: &proto::ExecutedTransaction) -> anyhow::Result<Address> {
    use proto::changed_object::OutputObjectState;
    executed
        .effects()
        .changed_objects
        .iter()
        .find(|object| object.output_state() == OutputObjectState::PackageWrite)
        .context("the transaction published no package")?
        .object_id()
        .parse()
        .context("id of the package")
}

/// `heddle client call`.
pub(super) async fn call(
    context: &mut ClientContext,
    function: &str,
    type_args: Vec<TypeTag>,
    args: &[String],
    send: &SendArgs,
) -> anyhow::Result<()> {
    let (package, module, name) = parse_function(function)?;
    let sender = context.signer(send.from.as_deref())?.address;
    let descriptor = describe(context, package, &module, &name).await?;
    let mut builder = TransactionBuilder::new();
    let arguments = arguments(&mut builder, &descriptor, &type_args, args)?;
    let target = Function::new(package, module, name).with_type_args(type_args.clone());
    let result = builder.move_call(target, arguments);
    keep_results(
        context,
        &mut builder,
        result,
        &descriptor,
        &type_args,
        sender,
    )
    .await?;
    context.send(builder, send).await
}

fn parse_function(text: &str) -> anyhow::Result<(Address, Identifier, Identifier)> {
    let parts: Vec<&str> = text.split("::").collect();
    let [package, module, function] = parts.as_slice() else {
        bail!("{text:?} names no function; write PACKAGE::MODULE::FUNCTION");
    };
    Ok((
        package
            .parse()
            .with_context(|| format!("{package:?} is no package id"))?,
        module
            .parse()
            .with_context(|| format!("{module:?} is no module name"))?,
        function
            .parse()
            .with_context(|| format!("{function:?} is no function name"))?,
    ))
}

async fn describe(
    context: &mut ClientContext,
    package: Address,
    module: &Identifier,
    name: &Identifier,
) -> anyhow::Result<proto::FunctionDescriptor> {
    let request = proto::GetFunctionRequest::default()
        .with_package_id(package)
        .with_module_name(module.to_string())
        .with_name(name.to_string());
    let response = context.rpc.package_client().get_function(request).await;
    response
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
        .into_inner()
        .function
        .context("the server answered without a function")
}

/// Whether a parameter is the transaction context, which the adapter passes.
fn is_context(parameter: &proto::OpenSignature) -> bool {
    parameter
        .body()
        .type_name()
        .ends_with("::tx_context::TxContext")
}

fn arguments(
    builder: &mut TransactionBuilder,
    function: &proto::FunctionDescriptor,
    type_args: &[TypeTag],
    args: &[String],
) -> anyhow::Result<Vec<Argument>> {
    let wanted: Vec<_> = function
        .parameters
        .iter()
        .filter(|parameter| !is_context(parameter))
        .collect();
    if function.type_parameters.len() != type_args.len() {
        bail!(
            "{} takes {} type arguments, {} were given",
            function.name(),
            function.type_parameters.len(),
            type_args.len()
        );
    }
    if wanted.len() != args.len() {
        bail!(
            "{} takes {} arguments, {} were given",
            function.name(),
            wanted.len(),
            args.len()
        );
    }
    wanted
        .iter()
        .zip(args)
        .enumerate()
        .map(|(index, (parameter, text))| {
            let value = value::parse(text, parameter.body(), type_args)
                .with_context(|| format!("argument {index}"))?;
            Ok(match value {
                CallValue::Pure(bytes) => builder.pure_bytes(bytes),
                CallValue::Object(id) => builder.object(ObjectInput::new(id)),
            })
        })
        .collect()
}

/// Sends results that would otherwise be lost to the sender: objects have no
/// `drop`, so a call that leaves one fails.
async fn keep_results(
    context: &mut ClientContext,
    builder: &mut TransactionBuilder,
    result: Argument,
    function: &proto::FunctionDescriptor,
    type_args: &[TypeTag],
    sender: Address,
) -> anyhow::Result<()> {
    let results = match function.returns.len() {
        0 => return Ok(()),
        1 => vec![result],
        count => result.to_nested(count),
    };
    let mut objects = Vec::new();
    for (signature, argument) in function.returns.iter().zip(results) {
        if is_transferable(context, signature.body(), type_args).await? {
            objects.push(argument);
        }
    }
    if !objects.is_empty() {
        let to = builder.pure(&sender);
        builder.transfer_objects(objects, to);
    }
    Ok(())
}

/// Whether a result is an object that anybody may transfer (`key` and `store`).
async fn is_transferable(
    context: &mut ClientContext,
    body: &proto::OpenSignatureBody,
    type_args: &[TypeTag],
) -> anyhow::Result<bool> {
    use proto::open_signature_body::Type;
    let name = match body.r#type() {
        Type::Datatype => body.type_name().to_owned(),
        Type::Parameter => match type_args.get(body.type_parameter() as usize) {
            Some(TypeTag::Struct(tag)) => tag.to_string(),
            _ => return Ok(false),
        },
        _ => return Ok(false),
    };
    let base = name.split('<').next().unwrap_or(&name);
    let [package, module, datatype] = base.split("::").collect::<Vec<_>>()[..] else {
        bail!("the server describes a result of type {name:?}, which is no type name");
    };
    let request = proto::GetDatatypeRequest::default()
        .with_package_id(package.to_owned())
        .with_module_name(module.to_owned())
        .with_name(datatype.to_owned());
    let response = context.rpc.package_client().get_datatype(request).await;
    let descriptor = response
        .map_err(|status| anyhow::anyhow!(context.explain(&status)))?
        .into_inner()
        .datatype
        .context("the server answered without a datatype")?;
    let has = |ability: proto::Ability| descriptor.abilities.contains(&(ability as i32));
    Ok(has(proto::Ability::Key) && has(proto::Ability::Store))
}
