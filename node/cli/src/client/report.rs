//! An executed transaction, for a person or a program.

use crate::output::{BAD, BOLD, FAINT, GOOD, Output, hed, short_type, signed_amount};
use anyhow::bail;
use std::fmt::Write;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// What [`print`] needs of an executed transaction.
pub(crate) const READ_MASK: &str = "digest,transaction.sender,effects.status,effects.gas_used,\
    effects.changed_objects,effects.epoch,effects.lamport_version,events.events,checkpoint,timestamp,\
    balance_changes";

/// Prints status, gas, objects, events and balance changes; with `--json` the
/// public JSON form of the same fields.
pub(crate) fn print(output: &Output, executed: &proto::ExecutedTransaction) -> anyhow::Result<()> {
    output.print(executed, || text(executed))
}

/// An error if the transaction failed, so that the exit code says so too.
pub(crate) fn check(executed: &proto::ExecutedTransaction) -> anyhow::Result<()> {
    let status = executed.effects().status();
    if status.success() {
        Ok(())
    } else {
        bail!(
            "transaction {} was executed and failed: {}",
            executed.digest(),
            explain_error(status.error())
        )
    }
}

/// A failure in words: what happened, in which command, where.
pub(crate) fn explain_error(error: &proto::ExecutionError) -> String {
    let mut text = if error.description().is_empty() {
        error.kind().as_str_name().to_owned()
    } else {
        error.description().to_owned()
    };
    if let Some(proto::execution_error::ErrorDetails::PackageUpgradeError(upgrade)) =
        &error.error_details
        && upgrade.kind()
            == proto::package_upgrade_error::PackageUpgradeErrorKind::IncompatibleUpgrade
    {
        text = format!("the upgrade is incompatible: {text}");
    }
    if let Some(proto::execution_error::ErrorDetails::Abort(abort)) = &error.error_details {
        let location = abort.location();
        let _ = write!(
            text,
            " (abort code {} in {}::{}::{})",
            abort.abort_code(),
            location.package(),
            location.module(),
            location.function_name()
        );
        if let Some(clever) = &abort.clever_error {
            let _ = write!(text, ", {}", clever_text(clever));
        }
    }
    if let Some(command) = error.command {
        let _ = write!(text, ", in command {command}");
    }
    text
}

/// What an abort code says: the error constant with its message, and the line.
fn clever_text(clever: &proto::CleverError) -> String {
    let mut text = String::new();
    if let Some(name) = &clever.constant_name {
        text.push_str(name);
        if let Some(code) = clever.error_code {
            let _ = write!(text, " ({code})");
        }
        if let Some(proto::clever_error::Value::Rendered(message)) = &clever.value {
            let _ = write!(text, ": {message:?},");
        }
        text.push(' ');
    }
    let _ = write!(text, "on line {}", clever.line_number());
    text
}

fn text(executed: &proto::ExecutedTransaction) -> String {
    let mut text = String::new();
    let effects = executed.effects();
    let _ = writeln!(text, "{BOLD}Transaction{BOLD:#} {}", executed.digest());
    if effects.status().success() {
        let _ = writeln!(text, "  {GOOD}success{GOOD:#}");
    } else {
        let _ = writeln!(
            text,
            "  {BAD}failed{BAD:#}: {}",
            explain_error(effects.status().error())
        );
    }
    if let Some(checkpoint) = executed.checkpoint {
        let _ = writeln!(text, "  checkpoint {checkpoint}");
    }
    write_gas(&mut text, effects.gas_used());
    write_objects(&mut text, &effects.changed_objects);
    write_events(&mut text, &executed.events().events);
    write_balances(&mut text, &executed.balance_changes);
    text
}

fn write_gas(text: &mut String, gas: &proto::GasCostSummary) {
    let net = i128::from(gas.computation_cost()) + i128::from(gas.storage_cost())
        - i128::from(gas.storage_rebate());
    let net_text = match u64::try_from(net) {
        Ok(cost) => hed(cost),
        Err(_) => format!("{} back", hed(u64::try_from(-net).unwrap_or(u64::MAX))),
    };
    let _ = writeln!(
        text,
        "  gas {net_text} {FAINT}(computation {}, storage {}, rebate {}){FAINT:#}",
        gas.computation_cost(),
        gas.storage_cost(),
        gas.storage_rebate()
    );
}

fn write_objects(text: &mut String, objects: &[proto::ChangedObject]) {
    use proto::changed_object::{IdOperation, OutputObjectState};
    for object in objects {
        let verb = match (object.output_state(), object.id_operation()) {
            (OutputObjectState::PackageWrite, _) => "published",
            (_, IdOperation::Created) => "created",
            (_, IdOperation::Deleted) => "deleted",
            (OutputObjectState::DoesNotExist, _) => "wrapped",
            _ => "changed",
        };
        let _ = writeln!(
            text,
            "  {verb:<9} {} {FAINT}{}{}{FAINT:#}",
            object.object_id(),
            short_type(object.object_type()),
            owner_suffix(object.output_owner.as_ref())
        );
    }
}

fn owner_suffix(owner: Option<&proto::Owner>) -> String {
    owner
        .map(|owner| format!(", {}", owner_text(owner)))
        .unwrap_or_default()
}

/// Who owns an object, in words.
pub(crate) fn owner_text(owner: &proto::Owner) -> String {
    use proto::owner::OwnerKind;
    match owner.kind() {
        OwnerKind::Address => format!("owned by {}", owner.address()),
        OwnerKind::Object => format!("child of {}", owner.address()),
        OwnerKind::Shared => format!("shared since version {}", owner.version()),
        OwnerKind::Immutable => "immutable".to_owned(),
        OwnerKind::ConsensusAddress => {
            format!("owned by {} through consensus", owner.address())
        }
        _ => "of unknown ownership".to_owned(),
    }
}

fn write_events(text: &mut String, events: &[proto::Event]) {
    for event in events {
        let _ = writeln!(text, "  event     {}", event_text(event));
    }
}

/// An event on one line: type and content.
pub(crate) fn event_text(event: &proto::Event) -> String {
    let content = event
        .json
        .as_ref()
        .and_then(|json| serde_json::to_string(&SerdeValue(json)).ok())
        .unwrap_or_default();
    format!(
        "{} {FAINT}{content}{FAINT:#}",
        short_type(event.event_type())
    )
}

fn write_balances(text: &mut String, changes: &[proto::BalanceChange]) {
    for change in changes {
        let _ = writeln!(
            text,
            "  balance   {} {}",
            change.address(),
            signed_amount(change.amount(), change.coin_type())
        );
    }
}

/// A protobuf JSON value as JSON.
pub(crate) struct SerdeValue<'a>(pub(crate) &'a prost_types::Value);

impl serde::Serialize for SerdeValue<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use prost_types::value::Kind;
        use serde::ser::{SerializeMap, SerializeSeq};
        match &self.0.kind {
            None | Some(Kind::NullValue(_)) => serializer.serialize_unit(),
            Some(Kind::BoolValue(value)) => serializer.serialize_bool(*value),
            Some(Kind::NumberValue(value)) => serializer.serialize_f64(*value),
            Some(Kind::StringValue(value)) => serializer.serialize_str(value),
            Some(Kind::ListValue(list)) => {
                let mut sequence = serializer.serialize_seq(Some(list.values.len()))?;
                for value in &list.values {
                    sequence.serialize_element(&SerdeValue(value))?;
                }
                sequence.end()
            }
            Some(Kind::StructValue(fields)) => {
                let mut map = serializer.serialize_map(Some(fields.fields.len()))?;
                for (name, value) in &fields.fields {
                    map.serialize_entry(name, &SerdeValue(value))?;
                }
                map.end()
            }
        }
    }
}
