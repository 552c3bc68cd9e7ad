//! Checkpoints for those who follow the chain.
//!
//! Putting a checkpoint's objects together reads the store, so it happens on a
//! thread of its own, and only while somebody listens.

use crossbeam_channel::{Receiver, Sender, unbounded};
use heddle_objects::{ExecutedTransaction, ObjectRead, ReadError};
use heddle_store::NewCheckpoint;
use std::sync::Arc;
use sui_sdk_types::{
    Address, CheckpointData, CheckpointTransaction, Object, ObjectIn, ObjectOut,
    UnchangedConsensusKind,
};
use tokio::sync::broadcast;

/// Checkpoints that a slow listener may be behind before it misses some.
const BACKLOG: usize = 256;

/// Where listeners come from.
pub(crate) type Listeners = broadcast::Sender<Arc<CheckpointData>>;

/// A channel that nobody listens to yet.
pub(crate) fn listeners() -> Listeners {
    broadcast::Sender::new(BACKLOG)
}

/// Hands checkpoints to the broadcasting thread.
pub(crate) struct CheckpointPublisher {
    listeners: Listeners,
    queue: Sender<NewCheckpoint>,
}

impl CheckpointPublisher {
    /// The publisher, and what [`broadcast`] is to be run with.
    pub(crate) fn new(listeners: Listeners) -> (Self, Receiver<NewCheckpoint>) {
        let (queue, receiver) = unbounded();
        (CheckpointPublisher { listeners, queue }, receiver)
    }

    /// Sends a checkpoint to all who listen now.
    pub(crate) fn publish(&self, checkpoint: NewCheckpoint) {
        if self.listeners.receiver_count() > 0 {
            // The thread is gone only when the node is.
            let _ = self.queue.send(checkpoint);
        }
    }
}

/// Sends checkpoints with their objects until the publisher is gone.
pub(crate) fn broadcast(
    queue: &Receiver<NewCheckpoint>,
    listeners: &Listeners,
    state: &dyn ObjectRead,
) {
    for checkpoint in queue {
        match assemble(&checkpoint, state) {
            // An error means that the last listener has left.
            Ok(data) => drop(listeners.send(Arc::new(data))),
            Err(error) => tracing::warn!(%error, "a checkpoint is not broadcast"),
        }
    }
}

/// A checkpoint with its transactions and their objects.
///
/// # Errors
/// [`ReadError`] if an object can't be read.
pub(crate) fn assemble(
    checkpoint: &NewCheckpoint,
    state: &dyn ObjectRead,
) -> Result<CheckpointData, ReadError> {
    Ok(CheckpointData {
        checkpoint_summary: checkpoint.summary.clone(),
        checkpoint_contents: checkpoint.contents.clone(),
        transactions: checkpoint
            .transactions
            .iter()
            .map(|executed| with_objects(executed, state))
            .collect::<Result<_, _>>()?,
    })
}

fn with_objects(
    executed: &ExecutedTransaction,
    state: &dyn ObjectRead,
) -> Result<CheckpointTransaction, ReadError> {
    let mut inputs = Vec::new();
    let mut outputs = Vec::new();
    if let Some(effects) = executed.effects_v2() {
        for changed in &effects.changed_objects {
            let id = &changed.object_id;
            if let ObjectIn::Exist { version, .. } = changed.input_state {
                inputs.extend(read(state, id, version)?);
            }
            match &changed.output_state {
                ObjectOut::ObjectWrite { .. } => {
                    outputs.extend(read(state, id, effects.lamport_version)?);
                }
                ObjectOut::PackageWrite { version, .. } => {
                    outputs.extend(read(state, id, *version)?);
                }
                _ => {}
            }
        }
        for unchanged in &effects.unchanged_consensus_objects {
            if let UnchangedConsensusKind::ReadOnlyRoot { version, .. } = unchanged.kind {
                inputs.extend(read(state, &unchanged.object_id, version)?);
            }
        }
    }
    Ok(CheckpointTransaction {
        transaction: executed.transaction.clone(),
        effects: executed.effects.clone(),
        events: executed.events.clone(),
        input_objects: inputs,
        output_objects: outputs,
    })
}

fn read(state: &dyn ObjectRead, id: &Address, version: u64) -> Result<Option<Object>, ReadError> {
    Ok(state
        .at_version(id, version)?
        .map(|object| Object::clone(&object)))
}
