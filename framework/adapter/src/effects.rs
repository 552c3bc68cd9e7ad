//! Effects and written objects, from settled changes.

use crate::ExecuteError;
use crate::changes::Changes;
use crate::inputs::Inputs;
use crate::settlement::Settled;
use heddle_objects::limits::EFFECTS_BYTES_MAX;
use heddle_objects::{ExecutionOutput, WrittenObject};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sui_sdk_types::{
    Address, ChangedObject, Digest, ExecutionStatus, IdOperation, Object, ObjectIn, ObjectOut,
    TransactionEffects, TransactionEffectsV2, TransactionEvents, UnchangedConsensusKind,
    UnchangedConsensusObject,
};

/// What effects need besides the changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// The transaction.
    pub(crate) transaction_digest: Digest,
    /// The epoch that it ran in.
    pub(crate) epoch: u64,
    /// Its inputs.
    pub(crate) inputs: &'a Inputs,
    /// The coin that paid; `None` for transactions of the system.
    pub(crate) gas_coin: Option<Address>,
    /// Transactions that published the packages used.
    pub(crate) package_dependencies: &'a BTreeSet<Digest>,
}

/// The output, or the size of the effects in bytes if they are too large.
pub(crate) enum Built {
    /// The output.
    Output(Box<ExecutionOutput>),
    /// Effects of this size, over the limit.
    TooLarge(usize),
}

/// Gives every written object its version, and puts the effects together.
pub(crate) fn build(frame: &Frame<'_>, settled: Settled) -> Result<Built, ExecuteError> {
    let Settled {
        mut changes,
        rebates,
        summary,
        failure,
    } = settled;
    let events = match std::mem::take(&mut changes.events) {
        none if none.is_empty() => None,
        some => Some(TransactionEvents(some)),
    };
    let dependencies = dependencies(frame, &changes);
    let written = written_objects(frame, &mut changes, &rebates)?;
    let changed_objects = changed_objects(&changes, &written);
    let gas_object_index = match frame.gas_coin {
        None => None,
        Some(coin) => {
            let position = changed_objects
                .binary_search_by(|changed| changed.object_id.cmp(&coin))
                .map_err(|_| ExecuteError::Invariant {
                    reason: format!("gas coin {coin} is not among the changed objects"),
                })?;
            u32::try_from(position).ok()
        }
    };
    let removed = changes
        .prior
        .keys()
        .filter(|id| !written.contains_key(*id))
        .copied()
        .collect();
    let failure_detail = failure.as_ref().map(|failure| failure.detail.clone());
    let status = match failure {
        None => ExecutionStatus::Success,
        Some(failure) => ExecutionStatus::Failure {
            error: failure.error,
            command: failure.command,
        },
    };
    let effects = TransactionEffects::V2(Box::new(TransactionEffectsV2 {
        status,
        epoch: frame.epoch,
        gas_used: summary,
        transaction_digest: frame.transaction_digest,
        gas_object_index,
        events_digest: events.as_ref().map(TransactionEvents::digest),
        dependencies,
        lamport_version: frame.inputs.lamport_version,
        changed_objects,
        unchanged_consensus_objects: unchanged_consensus_objects(frame.inputs),
        auxiliary_data_digest: None,
    }));
    let size = bcs::serialized_size(&effects).unwrap_or(usize::MAX);
    if size > EFFECTS_BYTES_MAX {
        return Ok(Built::TooLarge(size));
    }
    let loaded_children = changes
        .loaded_children
        .iter()
        .filter(|(id, _)| !changes.prior.contains_key(*id))
        .map(|(id, version)| (*id, *version))
        .collect();
    Ok(Built::Output(Box::new(ExecutionOutput {
        effects_digest: effects.digest(),
        effects,
        events,
        written: written
            .into_values()
            .map(|object| WrittenObject {
                object: Arc::new(object),
            })
            .collect(),
        removed,
        lamport_version: frame.inputs.lamport_version,
        loaded_children,
        failure_detail,
    })))
}

fn dependencies(frame: &Frame<'_>, changes: &Changes) -> Vec<Digest> {
    let mut all: BTreeSet<Digest> = frame.inputs.previous_transactions().collect();
    all.extend(frame.package_dependencies);
    all.extend(&changes.dependencies);
    all.extend(
        changes
            .prior
            .values()
            .map(|object| object.previous_transaction()),
    );
    all.remove(&Digest::ZERO);
    all.into_iter().collect()
}

fn written_objects(
    frame: &Frame<'_>,
    changes: &mut Changes,
    rebates: &BTreeMap<Address, u64>,
) -> Result<BTreeMap<Address, Object>, ExecuteError> {
    std::mem::take(&mut changes.written)
        .into_iter()
        .map(|(id, draft)| {
            let rebate = rebates.get(&id).copied().unwrap_or(0);
            draft
                .into_object(
                    frame.inputs.lamport_version,
                    frame.transaction_digest,
                    rebate,
                )
                .filter(|object| object.object_id() == id)
                .map(|object| (id, object))
                .ok_or_else(|| ExecuteError::Invariant {
                    reason: format!("written object {id} does not begin with its id"),
                })
        })
        .collect()
}

fn changed_objects(changes: &Changes, written: &BTreeMap<Address, Object>) -> Vec<ChangedObject> {
    let mut ids: BTreeSet<Address> = changes.prior.keys().copied().collect();
    ids.extend(written.keys());
    ids.extend(&changes.created);
    ids.extend(&changes.deleted);
    ids.into_iter()
        .map(|object_id| ChangedObject {
            object_id,
            input_state: match changes.prior.get(&object_id) {
                None => ObjectIn::NotExist,
                Some(object) => ObjectIn::Exist {
                    version: object.version(),
                    digest: object.digest(),
                    owner: *object.owner(),
                },
            },
            output_state: match written.get(&object_id) {
                None => ObjectOut::NotExist,
                Some(object) if object.as_struct().is_some() => ObjectOut::ObjectWrite {
                    digest: object.digest(),
                    owner: *object.owner(),
                },
                Some(package) => ObjectOut::PackageWrite {
                    version: package.version(),
                    digest: package.digest(),
                },
            },
            id_operation: if changes.created.contains(&object_id) {
                IdOperation::Created
            } else if changes.deleted.contains(&object_id) {
                IdOperation::Deleted
            } else {
                IdOperation::None
            },
        })
        .collect()
}

fn unchanged_consensus_objects(inputs: &Inputs) -> Vec<UnchangedConsensusObject> {
    let read = inputs.shared_reads.iter().filter_map(|id| {
        let object = &inputs.objects.get(id)?.object;
        Some(UnchangedConsensusObject {
            object_id: *id,
            kind: UnchangedConsensusKind::ReadOnlyRoot {
                version: object.version(),
                digest: object.digest(),
            },
        })
    });
    let deleted = inputs
        .deleted_shared
        .iter()
        .map(|gone| UnchangedConsensusObject {
            object_id: gone.id,
            kind: if gone.mutable {
                UnchangedConsensusKind::MutateDeleted {
                    version: gone.version,
                }
            } else {
                UnchangedConsensusKind::ReadDeleted {
                    version: gone.version,
                }
            },
        });
    read.chain(deleted).collect()
}
