//! How each input of a programmable transaction is used.
//!
//! Only inputs that the client left open are looked at: for a transaction that
//! is complete, no function is looked up.

use super::Catalog;
use crate::error::RpcError;
use heddle_adapter::{OpenType, Parameter, ParameterRole, Reference};
use heddle_objects::sui_sdk_types::{Argument, Command, MoveCall, StructTag, TypeTag};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::input::InputKind;

/// One use of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// As plain bytes of this type; `None` where any type will do.
    Pure(Option<TypeTag>),
    /// As an object.
    Object {
        /// Whether the object may change: passed by value or by `&mut`.
        mutable: bool,
    },
    /// As an object to be received.
    Receiving,
    /// As a command's plain argument that is bytes or an object depending on
    /// what the input is (an element of a vector).
    Either(Option<TypeTag>),
}

/// The uses of every input, in order of commands.
///
/// # Errors
/// [`RpcError`] if a function that an open input is passed to does not exist
/// or takes fewer arguments.
pub(crate) fn uses(
    inputs: &[proto::Input],
    commands: &[Command],
    catalog: &dyn Catalog,
) -> Result<Vec<Vec<Use>>, RpcError> {
    let open: Vec<bool> = inputs.iter().map(is_open).collect();
    let mut uses = vec![Vec::new(); inputs.len()];
    if !open.contains(&true) {
        return Ok(uses);
    }
    let open_input = |argument: &Argument| match argument {
        Argument::Input(index) => {
            let index = usize::from(*index);
            open.get(index).copied().unwrap_or(false).then_some(index)
        }
        _ => None,
    };
    for (position, command) in commands.iter().enumerate() {
        if let Command::MoveCall(call) = command {
            if call.arguments.iter().any(|one| open_input(one).is_some()) {
                call_uses(position, call, catalog, &open_input, &mut uses)?;
            }
            continue;
        }
        for (argument, use_) in plain_uses(command) {
            if let Some(index) = open_input(&argument) {
                uses[index].push(use_);
            }
        }
    }
    Ok(uses)
}

/// Whether an input needs to know how it is used.
fn is_open(input: &proto::Input) -> bool {
    if input.literal.is_some() {
        return true;
    }
    match input.kind() {
        InputKind::Unknown => input.object_id.is_some(),
        InputKind::Shared => input.mutable.is_none() && input.mutability.is_none(),
        _ => false,
    }
}

/// The uses that the commands other than calls make of their arguments.
fn plain_uses(command: &Command) -> Vec<(Argument, Use)> {
    let by_value = || Use::Object { mutable: true };
    match command {
        Command::TransferObjects(transfer) => transfer
            .objects
            .iter()
            .map(|object| (*object, by_value()))
            .chain([(transfer.address, Use::Pure(Some(TypeTag::Address)))])
            .collect(),
        Command::SplitCoins(split) => split
            .amounts
            .iter()
            .map(|amount| (*amount, Use::Pure(Some(TypeTag::U64))))
            .chain([(split.coin, by_value())])
            .collect(),
        Command::MergeCoins(merge) => merge
            .coins_to_merge
            .iter()
            .chain([&merge.coin])
            .map(|coin| (*coin, by_value()))
            .collect(),
        Command::MakeMoveVector(vector) => vector
            .elements
            .iter()
            .map(|element| (*element, Use::Either(vector.type_.clone())))
            .collect(),
        Command::Upgrade(upgrade) => vec![(upgrade.ticket, by_value())],
        _ => Vec::new(),
    }
}

fn call_uses(
    position: usize,
    call: &MoveCall,
    catalog: &dyn Catalog,
    open_input: &dyn Fn(&Argument) -> Option<usize>,
    uses: &mut [Vec<Use>],
) -> Result<(), RpcError> {
    let signature = catalog.function(&call.package, &call.module, &call.function)?;
    let parameters: Vec<&Parameter> = signature
        .parameters
        .iter()
        .filter(|parameter| parameter.role != ParameterRole::TxContext)
        .collect();
    if call.arguments.len() > parameters.len() {
        return Err(RpcError::invalid(
            format!("transaction.kind.programmable_transaction.commands[{position}].arguments"),
            format!(
                "{}::{}::{} takes {} arguments, {} are given",
                call.package,
                call.module,
                call.function,
                parameters.len(),
                call.arguments.len()
            ),
        ));
    }
    for (argument, parameter) in call.arguments.iter().zip(parameters) {
        if let Some(index) = open_input(argument) {
            uses[index].push(use_of(parameter, &call.type_arguments));
        }
    }
    Ok(())
}

fn use_of(parameter: &Parameter, type_arguments: &[TypeTag]) -> Use {
    match parameter.role {
        ParameterRole::Receiving => Use::Receiving,
        ParameterRole::Pure | ParameterRole::TxContext => {
            Use::Pure(instantiate(&parameter.type_, type_arguments))
        }
        ParameterRole::Object => match (&parameter.type_, parameter.reference) {
            // A type parameter may stand for an object or for plain bytes.
            (OpenType::TypeParameter(_), None) => {
                Use::Either(instantiate(&parameter.type_, type_arguments))
            }
            (_, reference) => Use::Object {
                mutable: reference != Some(Reference::Immutable),
            },
        },
    }
}

/// A type with its parameters replaced, `None` if one of them is not given.
pub(crate) fn instantiate(open: &OpenType, type_arguments: &[TypeTag]) -> Option<TypeTag> {
    Some(match open {
        OpenType::Bool => TypeTag::Bool,
        OpenType::U8 => TypeTag::U8,
        OpenType::U16 => TypeTag::U16,
        OpenType::U32 => TypeTag::U32,
        OpenType::U64 => TypeTag::U64,
        OpenType::U128 => TypeTag::U128,
        OpenType::U256 => TypeTag::U256,
        OpenType::Address => TypeTag::Address,
        OpenType::Signer => TypeTag::Signer,
        OpenType::Vector(element) => {
            TypeTag::Vector(Box::new(instantiate(element, type_arguments)?))
        }
        OpenType::TypeParameter(index) => type_arguments.get(usize::from(*index))?.clone(),
        OpenType::Datatype {
            address,
            module,
            name,
            type_arguments: arguments,
        } => {
            let arguments = arguments
                .iter()
                .map(|argument| instantiate(argument, type_arguments))
                .collect::<Option<Vec<_>>>()?;
            StructTag::new(*address, module.clone(), name.clone(), arguments).into()
        }
    })
}
