//! What can be read off a transaction message as it stands, with defaults for
//! what may be left out.

use super::{Catalog, inputs, usage};
use crate::error::RpcError;
use heddle_objects::limits;
use heddle_objects::sui_sdk_types::{
    Address, Command, GasPayment, ObjectReference, ProgrammableTransaction, Transaction,
    TransactionExpiration, TransactionKind,
};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::transaction_kind::Data;

/// A transaction whose inputs are complete, with gas as far as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    /// The transaction; its price and budget are zero where not given.
    pub(crate) transaction: Transaction,
    /// Whether a gas price was given.
    pub(crate) has_price: bool,
    /// Whether a gas budget was given.
    pub(crate) has_budget: bool,
}

/// Whether a sender must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingSender {
    /// It must.
    Refuse,
    /// The zero address stands in, for dry runs without checks.
    UseZero,
}

/// Reads a transaction message and completes its inputs.
///
/// # Errors
/// [`RpcError`] naming the field that is missing, malformed, or does not fit
/// the chain.
pub(crate) fn sketch(
    message: &proto::Transaction,
    missing_sender: MissingSender,
    catalog: &dyn Catalog,
) -> Result<Sketch, RpcError> {
    if let Some(bcs) = &message.bcs {
        let transaction = from_bcs(bcs)?;
        return Ok(Sketch {
            has_price: transaction.gas_payment.price > 0,
            has_budget: transaction.gas_payment.budget > 0,
            transaction,
        });
    }
    if let Some(version) = message.version.filter(|version| *version != 1) {
        return Err(RpcError::invalid(
            "transaction.version",
            format!("version {version} is unknown; there is only 1"),
        ));
    }
    let sender = match (&message.sender, missing_sender) {
        (Some(sender), _) => address("transaction.sender", sender)?,
        (None, MissingSender::UseZero) => Address::ZERO,
        (None, MissingSender::Refuse) => return Err(RpcError::missing("transaction.sender")),
    };
    let kind = message
        .kind
        .as_ref()
        .ok_or_else(|| RpcError::missing("transaction.kind"))?;
    let programmable = match &kind.data {
        Some(Data::ProgrammableTransaction(programmable)) => programmable,
        Some(_) => {
            return Err(RpcError::invalid(
                "transaction.kind",
                "only programmable transactions can be built; the other kinds are the system's",
            ));
        }
        None => {
            return Err(RpcError::missing(
                "transaction.kind.programmable_transaction",
            ));
        }
    };
    let kind = TransactionKind::ProgrammableTransaction(resolve(programmable, catalog)?);
    let payment = message.gas_payment.as_ref();
    let expiration = match &message.expiration {
        None => TransactionExpiration::None,
        Some(expiration) => TransactionExpiration::try_from(expiration)
            .map_err(|error| RpcError::conversion("transaction.expiration", error))?,
    };
    Ok(Sketch {
        has_price: payment.is_some_and(|payment| payment.price.is_some()),
        has_budget: payment.is_some_and(|payment| payment.budget.is_some()),
        transaction: Transaction {
            kind,
            sender,
            gas_payment: gas_payment(payment, sender, catalog)?,
            expiration,
        },
    })
}

/// A transaction in BCS.
///
/// # Errors
/// [`RpcError::FieldInvalid`] if the bytes are no transaction or too many.
pub(crate) fn from_bcs(message: &proto::Bcs) -> Result<Transaction, RpcError> {
    let bytes = message
        .value
        .as_deref()
        .ok_or_else(|| RpcError::missing("transaction.bcs.value"))?;
    if bytes.len() > limits::PUBLISH_TRANSACTION_BYTES_MAX {
        return Err(RpcError::invalid(
            "transaction.bcs",
            format!(
                "the transaction has {} bytes; at most {} are allowed",
                bytes.len(),
                limits::PUBLISH_TRANSACTION_BYTES_MAX
            ),
        ));
    }
    bcs::from_bytes(bytes).map_err(|error| {
        RpcError::invalid(
            "transaction.bcs",
            format!("the bytes are no transaction: {error}"),
        )
    })
}

fn resolve(
    message: &proto::ProgrammableTransaction,
    catalog: &dyn Catalog,
) -> Result<ProgrammableTransaction, RpcError> {
    const AT: &str = "transaction.kind.programmable_transaction";
    let bound = |field: &str, actual: usize, maximum: usize| {
        if actual > maximum {
            return Err(RpcError::invalid(
                format!("{AT}.{field}"),
                format!("{actual} of them; at most {maximum} are allowed"),
            ));
        }
        Ok(())
    };
    bound("inputs", message.inputs.len(), limits::INPUTS_MAX)?;
    bound("commands", message.commands.len(), limits::COMMANDS_MAX)?;
    let commands = message
        .commands
        .iter()
        .enumerate()
        .map(|(index, command)| {
            Command::try_from(command)
                .map_err(|error| RpcError::conversion(&format!("{AT}.commands[{index}]"), error))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let uses = usage::uses(&message.inputs, &commands, catalog)?;
    let inputs = message
        .inputs
        .iter()
        .zip(&uses)
        .enumerate()
        .map(|(index, (input, uses))| {
            inputs::resolve(&format!("{AT}.inputs[{index}]"), input, uses, catalog)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ProgrammableTransaction { inputs, commands })
}

fn gas_payment(
    message: Option<&proto::GasPayment>,
    sender: Address,
    catalog: &dyn Catalog,
) -> Result<GasPayment, RpcError> {
    const AT: &str = "transaction.gas_payment";
    let Some(message) = message else {
        return Ok(GasPayment {
            objects: Vec::new(),
            owner: sender,
            price: 0,
            budget: 0,
        });
    };
    if message.objects.len() > limits::GAS_OBJECTS_MAX {
        return Err(RpcError::invalid(
            format!("{AT}.objects"),
            format!(
                "{} of them; at most {} are allowed",
                message.objects.len(),
                limits::GAS_OBJECTS_MAX
            ),
        ));
    }
    let objects = message
        .objects
        .iter()
        .enumerate()
        .map(|(index, object)| reference(&format!("{AT}.objects[{index}]"), object, catalog))
        .collect::<Result<_, _>>()?;
    Ok(GasPayment {
        objects,
        owner: match &message.owner {
            Some(owner) => address(&format!("{AT}.owner"), owner)?,
            None => sender,
        },
        price: message.price.unwrap_or(0),
        budget: message.budget.unwrap_or(0),
    })
}

/// A reference whose version and digest may be left out.
fn reference(
    at: &str,
    message: &proto::ObjectReference,
    catalog: &dyn Catalog,
) -> Result<ObjectReference, RpcError> {
    let id = message
        .object_id
        .as_deref()
        .ok_or_else(|| RpcError::missing(format!("{at}.object_id")))?;
    let id = address(&format!("{at}.object_id"), id)?;
    inputs::complete_reference(at, id, message.version, message.digest.as_deref(), catalog)
}

/// An address in a field of a request.
///
/// # Errors
/// [`RpcError::FieldInvalid`] if it is none.
pub(crate) fn address(field: &str, text: &str) -> Result<Address, RpcError> {
    text.parse().map_err(|error| {
        RpcError::invalid(field, format!("`{}` is no address: {error}", shorten(text)))
    })
}

/// The beginning of a text that a client sent, for an error message.
pub(crate) fn shorten(text: &str) -> String {
    const CHARACTERS_MAX: usize = 80;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
