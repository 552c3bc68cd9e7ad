//! Checkpoints for those who follow the chain.
//!
//! Putting a checkpoint's objects together reads the store, so it happens on a
//! thread of its own, and only while somebody listens. The writer only says
//! which checkpoint is the last; nothing queues up between the two, however
//! far the thread is behind.

use heddle_objects::ExecutedTransaction;
use heddle_store::{Store, StoreError};
use parking_lot::{Condvar, Mutex};
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

/// Tells the broadcasting thread of new checkpoints. The thread ends when
/// this is dropped and it has sent the last one.
pub(crate) struct Announcer {
    news: Arc<News>,
}

/// What the broadcasting thread waits for.
#[derive(Default)]
pub(crate) struct News {
    state: Mutex<NewsState>,
    changed: Condvar,
}

#[derive(Default)]
struct NewsState {
    /// The sequence number of the last checkpoint that was announced.
    last: Option<u64>,
    is_closed: bool,
}

impl Announcer {
    /// An announcer, and what [`broadcast`] is to be run with.
    pub(crate) fn new() -> (Self, Arc<News>) {
        let news = Arc::new(News::default());
        (Announcer { news: news.clone() }, news)
    }

    /// Says that a checkpoint is durable. They come in order.
    pub(crate) fn announce(&self, sequence: u64) {
        self.news.state.lock().last = Some(sequence);
        self.news.changed.notify_one();
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        self.news.state.lock().is_closed = true;
        self.news.changed.notify_one();
    }
}

impl News {
    /// Waits for a checkpoint from `next` on; `None` once none will come.
    fn last_from(&self, next: u64) -> Option<u64> {
        let mut state = self.state.lock();
        loop {
            if let Some(last) = state.last.filter(|last| *last >= next) {
                return Some(last);
            }
            if state.is_closed {
                return None;
            }
            self.changed.wait(&mut state);
        }
    }
}

/// Sends every checkpoint to whoever listens when it is announced, in order
/// and without gaps, until the announcer is gone.
pub(crate) fn broadcast(news: &News, listeners: &Listeners, store: &Store) {
    let mut next = 0;
    while let Some(last) = news.last_from(next) {
        if listeners.receiver_count() == 0 {
            next = last + 1;
            continue;
        }
        // The first that anybody can have waited for is the one announced.
        let first = if next == 0 { last } else { next };
        for sequence in first..=last {
            match load(store, sequence) {
                Ok(Some(data)) => {
                    // An error means that the last listener has left.
                    let _ = listeners.send(Arc::new(data));
                }
                Ok(None) => tracing::error!(sequence, "an announced checkpoint is missing"),
                Err(error) => tracing::error!(sequence, %error, "a checkpoint is not broadcast"),
            }
        }
        next = last + 1;
    }
}

/// A checkpoint with its transactions and their objects, `None` if there is
/// none with this sequence number.
///
/// # Errors
/// [`StoreError`] if the store can't be read.
pub(crate) fn load(store: &Store, sequence: u64) -> Result<Option<CheckpointData>, StoreError> {
    let (Some(checkpoint_summary), Some(checkpoint_contents)) = (
        store.checkpoint_summary(sequence)?,
        store.checkpoint_contents(sequence)?,
    ) else {
        return Ok(None);
    };
    let mut transactions = Vec::with_capacity(checkpoint_contents.transactions().len());
    for info in checkpoint_contents.transactions() {
        if let Some(executed) = store.executed_transaction(info.transaction())? {
            transactions.push(with_objects(&executed, store)?);
        }
    }
    Ok(Some(CheckpointData {
        checkpoint_summary,
        checkpoint_contents,
        transactions,
    }))
}

fn with_objects(
    executed: &ExecutedTransaction,
    store: &Store,
) -> Result<CheckpointTransaction, StoreError> {
    let mut inputs = Vec::new();
    let mut outputs = Vec::new();
    if let Some(effects) = executed.effects_v2() {
        for changed in &effects.changed_objects {
            let id = &changed.object_id;
            if let ObjectIn::Exist { version, .. } = changed.input_state {
                inputs.extend(read(store, id, version)?);
            }
            match &changed.output_state {
                ObjectOut::ObjectWrite { .. } => {
                    outputs.extend(read(store, id, effects.lamport_version)?);
                }
                ObjectOut::PackageWrite { version, .. } => {
                    outputs.extend(read(store, id, *version)?);
                }
                _ => {}
            }
        }
        for unchanged in &effects.unchanged_consensus_objects {
            if let UnchangedConsensusKind::ReadOnlyRoot { version, .. } = unchanged.kind {
                inputs.extend(read(store, &unchanged.object_id, version)?);
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

fn read(store: &Store, id: &Address, version: u64) -> Result<Option<Object>, StoreError> {
    Ok(store.object_at(id, version)?.map(Arc::unwrap_or_clone))
}
