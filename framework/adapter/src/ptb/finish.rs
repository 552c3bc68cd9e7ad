//! The end of a programmable transaction: what is left over, where every
//! object went, and whether that is allowed.

use super::Engine;
use super::machine::Machine;
use super::values::{Slot, Value};
use crate::changes::{Body, Changes, Draft};
use crate::failure::{Step, Stop};
use crate::gas::Payment;
use crate::inputs::Inputs;
use crate::object_runtime::{ChildState, leading_id};
use crate::simulation::Checks;
use heddle_objects::limits::{OBJECT_BYTES_MAX, WRITTEN_BYTES_TOTAL_MAX};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, ExecutionError, Object, Owner};

impl Engine<'_> {
    /// Collects the changes.
    pub(super) fn finish(&mut self, payment: Option<&Payment>) -> Step<Changes> {
        let mut changes = Changes::default();
        self.keep_remaining_inputs(&mut changes);
        self.check_remaining_results()?;
        collect_children(&mut self.machine, &mut changes)?;
        let runtime = self.machine.runtime()?;
        changes.written.append(&mut runtime.transfers);
        changes.created = std::mem::take(&mut runtime.new_ids);
        changes.deleted = std::mem::take(&mut runtime.deleted_ids);
        changes.events = std::mem::take(&mut runtime.events);
        for (id, object) in std::mem::take(&mut runtime.received) {
            changes.prior.insert(id, object);
        }
        changes.written.append(&mut self.packages);
        changes
            .created
            .extend(package_ids(&changes.written).collect::<Vec<_>>());
        self.check_inputs_read_only(&changes)?;
        self.check_shared(&changes)?;
        check_circular_ownership(&changes)?;
        check_sizes(&changes)?;
        if let Some(payment) = payment {
            give_back_budget(payment, &mut changes)?;
        }
        Ok(changes)
    }

    /// Inputs that nobody took are written anew with their owner, and every
    /// mutable input has its version end here.
    fn keep_remaining_inputs(&mut self, changes: &mut Changes) {
        let inputs = self.setting.inputs;
        for (id, entry) in &inputs.objects {
            if entry.access.is_mutable() {
                changes.prior.insert(*id, Arc::clone(&entry.object));
            }
        }
        let slots = std::mem::take(&mut self.input_slots);
        for slot in slots.into_iter().chain(self.gas_coin.take()) {
            if let Some((id, draft)) = remaining_object(slot, inputs) {
                changes.written.insert(id, draft);
            }
        }
    }

    fn check_remaining_results(&self) -> Step<()> {
        if self.setting.checks == Checks::Disabled {
            return Ok(());
        }
        for (result, slots) in self.results.iter().enumerate() {
            for (subresult, slot) in slots.iter().enumerate() {
                let fine = match &slot.value {
                    None => true,
                    // A value that can be copied but not dropped counts as
                    // consumed if its last use took a copy.
                    Some(value) => {
                        value.is_droppable() || (value.is_copyable() && slot.last_used_by_value)
                    }
                };
                if !fine {
                    return Err(Stop::failed(
                        ExecutionError::UnusedValueWithoutDrop {
                            result: u16::try_from(result).unwrap_or(u16::MAX),
                            subresult: u16::try_from(subresult).unwrap_or(u16::MAX),
                        },
                        format!("result {result}.{subresult} is left over and has no `drop`"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Nothing may have changed an input that is immutable or was declared
    /// read-only; the rules above see to it, this is their proof.
    fn check_inputs_read_only(&self, changes: &Changes) -> Step<()> {
        for (id, entry) in &self.setting.inputs.objects {
            if !entry.access.is_mutable()
                && (changes.written.contains_key(id) || changes.deleted.contains(id))
            {
                return Err(Stop::invariant(format!("read-only input {id} was changed")));
            }
        }
        Ok(())
    }

    /// A shared object that was taken must be shared again or deleted.
    fn check_shared(&self, changes: &Changes) -> Step<()> {
        for id in &self.shared_taken {
            let before = self
                .setting
                .inputs
                .objects
                .get(id)
                .map(|entry| *entry.object.owner());
            let fine = match (changes.written.get(id), before) {
                (None, _) => changes.deleted.contains(id),
                (Some(draft), Some(Owner::Shared(start))) => draft.owner == Owner::Shared(start),
                (Some(_), _) => true,
            };
            if !fine {
                return Err(Stop::failed(
                    ExecutionError::ConsensusObjectOperationNotAllowed,
                    format!("shared object {id} was wrapped, frozen or given to an owner"),
                ));
            }
        }
        Ok(())
    }
}

/// Children in memory are written if they are new, moved or changed; those
/// taken out have their version end here.
pub(crate) fn collect_children(machine: &mut Machine<'_>, changes: &mut Changes) -> Step<()> {
    let children = std::mem::take(&mut machine.runtime()?.children);
    for (id, slot) in children {
        if let Some(prior) = &slot.prior {
            changes.loaded_children.insert(id, prior.version());
            changes.dependencies.insert(prior.previous_transaction());
        }
        match slot.state {
            ChildState::Stored => {}
            ChildState::Absent => {
                if let Some(prior) = slot.prior {
                    changes.prior.insert(id, prior);
                }
            }
            ChildState::Placed {
                global,
                type_,
                has_public_transfer,
            } => {
                let contents = machine
                    .read_global(global)?
                    .ok_or_else(|| Stop::invariant("a child left its place unseen"))?;
                let owner = Owner::Object(slot.parent);
                if slot
                    .prior
                    .as_ref()
                    .is_some_and(|prior| is_unchanged(prior, &owner, &contents))
                {
                    continue;
                }
                if let Some(prior) = slot.prior {
                    changes.prior.insert(id, prior);
                }
                let body = Body::Struct {
                    type_,
                    has_public_transfer,
                    contents,
                };
                changes.written.insert(id, Draft { body, owner });
            }
        }
    }
    Ok(())
}

/// An input object that is still in its slot and may have been changed.
fn remaining_object(slot: Slot, inputs: &Inputs) -> Option<(Address, Draft)> {
    let facts = slot.object.filter(|object| object.mutable)?;
    let Some(Value::Object(object)) = slot.value else {
        return None;
    };
    let owner = *inputs.objects.get(&facts.id)?.object.owner();
    let body = Body::Struct {
        type_: object.type_,
        has_public_transfer: object.has_public_transfer,
        contents: object.contents,
    };
    Some((facts.id, Draft { body, owner }))
}

fn is_unchanged(prior: &Object, owner: &Owner, contents: &[u8]) -> bool {
    prior.owner() == owner
        && prior
            .as_struct()
            .is_some_and(|value| value.contents() == contents)
}

fn package_ids(written: &BTreeMap<Address, Draft>) -> impl Iterator<Item = Address> + '_ {
    written
        .iter()
        .filter(|(_, draft)| matches!(draft.body, Body::Package(_)))
        .map(|(id, _)| *id)
}

/// No chain of objects owned by objects may close.
fn check_circular_ownership(changes: &Changes) -> Step<()> {
    let parent = |id: &Address| match changes.written.get(id)?.owner {
        Owner::Object(parent) => Some(parent),
        _ => None,
    };
    for start in changes.written.keys() {
        let mut next = parent(start);
        // Chains are short; one longer than there are objects has closed.
        for _ in 0..changes.written.len() {
            match next {
                Some(id) if id == *start => {
                    return Err(Stop::failed(
                        ExecutionError::CircularObjectOwnership { object: *start },
                        format!("object {start} would own itself"),
                    ));
                }
                Some(id) => next = parent(&id),
                None => break,
            }
        }
    }
    Ok(())
}

fn check_sizes(changes: &Changes) -> Step<()> {
    let mut total = 0_usize;
    for (id, draft) in &changes.written {
        let bytes = draft.contents_bytes();
        total = total.saturating_add(bytes);
        if let Body::Struct { contents, .. } = &draft.body {
            if contents.len() > OBJECT_BYTES_MAX {
                return Err(Stop::failed(
                    ExecutionError::ObjectTooBig {
                        object_size: contents.len() as u64,
                        max_object_size: OBJECT_BYTES_MAX as u64,
                    },
                    format!("object {id} holds {} bytes", contents.len()),
                ));
            }
            if leading_id(contents) != Some(*id) {
                return Err(Stop::invariant(format!("object {id} lost its id")));
            }
        }
    }
    if total > WRITTEN_BYTES_TOTAL_MAX {
        return Err(Stop::failed(
            ExecutionError::WrittenObjectsTooLarge {
                object_size: total as u64,
                max_object_size: WRITTEN_BYTES_TOTAL_MAX as u64,
            },
            format!("the transaction writes {total} bytes"),
        ));
    }
    Ok(())
}

/// The gas coin gets the withheld budget back, wherever it went.
fn give_back_budget(payment: &Payment, changes: &mut Changes) -> Step<()> {
    let withheld = payment.balance - payment.spendable();
    let balance = payment
        .balance_in(changes)?
        .checked_add(withheld)
        .ok_or_else(|| {
            Stop::failed(
                ExecutionError::CoinBalanceOverflow,
                "the gas coin would hold more than fits 64 bits",
            )
        })?;
    // Coins that were merged into the first cease to exist.
    payment.smash(changes, balance)?;
    Ok(())
}
