//! The `TxContext` that functions get without anybody passing it.

use super::Engine;
use crate::failure::{Step, Stop};
use crate::host::Host;
use crate::object_runtime::TransactionContext;
use heddle_vm::{Passing, TypeLayout, Vm};
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

/// Whether a type is `0x2::tx_context::TxContext`.
pub(super) fn is_tx_context(type_: &TypeTag) -> bool {
    matches!(type_, TypeTag::Struct(tag)
        if *tag.address() == Address::TWO
            && tag.module().as_str() == "tx_context"
            && tag.name().as_str() == "TxContext")
}

/// Whether a parameter is filled in by the adapter: a context by reference.
pub(super) fn is_injected(passing: Passing, type_: &TypeTag) -> bool {
    passing != Passing::Value && is_tx_context(type_)
}

impl Engine<'_> {
    /// The context in BCS.
    pub(super) fn tx_context_bytes(&mut self) -> Step<Vec<u8>> {
        let facts = &self.machine.runtime()?.context;
        encode(self.setting.vm, self.setting.host, facts)
    }
}

/// The context in BCS, whatever fields the framework's struct has: each is
/// filled in by its name.
pub(crate) fn encode(vm: &Vm, host: &Host<'_>, facts: &TransactionContext) -> Step<Vec<u8>> {
    let tag = TypeTag::from(StructTag::new(
        Address::TWO,
        Identifier::from_static("tx_context"),
        Identifier::from_static("TxContext"),
        Vec::new(),
    ));
    let layout = match vm.type_layout(host, &tag) {
        Ok(layout) => layout,
        Err(error) => {
            return Err(match host.take_fault() {
                Some(fault) => fault.into(),
                None => Stop::invariant(format!("TxContext can't be loaded: {error}")),
            });
        }
    };
    let TypeLayout::Struct(layout) = &*layout else {
        return Err(Stop::invariant("TxContext is no struct"));
    };
    let mut bytes = Vec::with_capacity(96);
    for field in &layout.fields {
        write_field(facts, field.name.as_str(), &field.layout, &mut bytes).ok_or_else(|| {
            Stop::invariant(format!("TxContext has an unknown field `{}`", field.name))
        })?;
    }
    Ok(bytes)
}

fn write_field(
    facts: &TransactionContext,
    name: &str,
    layout: &TypeLayout,
    bytes: &mut Vec<u8>,
) -> Option<()> {
    match (name, layout) {
        ("sender", TypeLayout::Address) => bytes.extend_from_slice(facts.sender.as_ref()),
        ("tx_hash", TypeLayout::Vector(_)) => {
            bytes.push(32);
            bytes.extend_from_slice(facts.digest.as_ref());
        }
        ("epoch", TypeLayout::U64) => bytes.extend_from_slice(&facts.epoch.to_le_bytes()),
        ("epoch_timestamp_ms", TypeLayout::U64) => {
            bytes.extend_from_slice(&facts.epoch_timestamp_ms.to_le_bytes());
        }
        ("ids_created", TypeLayout::U64) => {
            bytes.extend_from_slice(&facts.ids_created.to_le_bytes());
        }
        (_, TypeLayout::Bool) => bytes.push(0),
        (_, TypeLayout::U64) => bytes.extend_from_slice(&[0; 8]),
        _ => return None,
    }
    Some(())
}
