//! The node as the services see it: its store, its executor, its tip, and the
//! threads on which calls read and execute.
//!
//! The store blocks and execution computes, so neither happens on the async
//! workers: [`NodeState::on_thread`] moves a call to a thread of the blocking
//! pool. At most `concurrent_calls_max` run there at once and at most
//! `waiting_calls_max` wait for that; beyond, calls are refused.

use crate::config::RpcLimits;
use crate::error::RpcError;
use heddle_adapter::{Executor, QueryError};
use heddle_objects::sui_sdk_types::{Address, Object, TypeTag};
use heddle_store::Store;
use heddle_validator::Node;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, watch};

/// The newest checkpoint, as response headers and service info name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) sequence: u64,
    pub(crate) timestamp_ms: u64,
}

/// What all services share.
pub(crate) struct NodeState {
    node: Arc<Node>,
    chain_name: String,
    limits: RpcLimits,
    /// The newest checkpoint that was asked for: the store knows its number
    /// at no cost, its time only from the summary.
    tip: Mutex<Option<Tip>>,
    stop: watch::Receiver<bool>,
    threads: Semaphore,
    /// Calls in [`NodeState::on_thread`], running and waiting. Only a count:
    /// relaxed ordering will do.
    calls: AtomicUsize,
    subscriptions: Arc<Semaphore>,
}

impl NodeState {
    /// The state of a server that stops when `stop` turns true.
    pub(crate) fn new(
        node: Arc<Node>,
        chain_name: String,
        limits: RpcLimits,
        stop: watch::Receiver<bool>,
    ) -> Self {
        NodeState {
            node,
            chain_name,
            tip: Mutex::new(None),
            stop,
            threads: Semaphore::new(limits.concurrent_calls_max.max(1)),
            calls: AtomicUsize::new(0),
            subscriptions: Arc::new(Semaphore::new(limits.subscriptions_max)),
            limits,
        }
    }

    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.node
    }

    pub(crate) fn store(&self) -> &Store {
        self.node.store()
    }

    pub(crate) fn executor(&self) -> &Executor {
        self.node.executor()
    }

    pub(crate) fn chain_name(&self) -> &str {
        &self.chain_name
    }

    pub(crate) fn limits(&self) -> &RpcLimits {
        &self.limits
    }

    /// Turns true when the server stops.
    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// The newest checkpoint, `None` before the first. Cheap: at most one read
    /// of a record just written, once per checkpoint.
    pub(crate) fn tip(&self) -> Option<Tip> {
        let newest = self.store().checkpoint_tip()?.sequence;
        let mut known = self.tip.lock();
        if known.is_none_or(|tip| tip.sequence < newest)
            && let Ok(Some(summary)) = self.store().checkpoint_summary(newest)
        {
            *known = Some(Tip {
                sequence: newest,
                timestamp_ms: summary.checkpoint.timestamp_ms,
            });
        }
        *known
    }

    /// A permit for one subscription, held as long as it is open.
    pub(crate) fn subscription_permit(
        &self,
    ) -> Result<tokio::sync::OwnedSemaphorePermit, RpcError> {
        self.subscriptions
            .clone()
            .try_acquire_owned()
            .map_err(|_| RpcError::TooManySubscriptions {
                maximum: self.limits.subscriptions_max,
            })
    }

    /// Runs a call that blocks or computes on a thread of its own.
    ///
    /// # Errors
    /// What `call` returns; [`RpcError::Overloaded`] if too many wait already.
    pub(crate) async fn on_thread<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&NodeState) -> Result<T, RpcError> + Send + 'static,
    ) -> Result<T, RpcError> {
        let counted = CountedCall::new(self.clone())?;
        let _thread = self
            .threads
            .acquire()
            .await
            .map_err(|_| RpcError::ShuttingDown)?;
        tokio::task::spawn_blocking(move || call(&counted.state))
            .await
            .map_err(|error| {
                if error.is_panic() {
                    RpcError::Internal("the call panicked".into())
                } else {
                    RpcError::ShuttingDown
                }
            })?
    }

    /// The newest version of an object, durable or not.
    ///
    /// # Errors
    /// [`RpcError::NotFound`] if it is not live.
    pub(crate) fn object(&self, id: &Address) -> Result<Arc<Object>, RpcError> {
        self.node
            .state()
            .latest(id)?
            .ok_or_else(|| RpcError::not_found("object", id))
    }

    /// A Move value in the public API's JSON, `None` if its type can't be
    /// loaded or shown by this version.
    ///
    /// # Errors
    /// [`RpcError::Store`] if the store fails.
    pub(crate) fn render_json(
        &self,
        type_: &TypeTag,
        bytes: &[u8],
    ) -> Result<Option<serde_json::Value>, RpcError> {
        match self.executor().render_json(self.node.state(), type_, bytes) {
            Ok(value) => Ok(Some(value)),
            Err(QueryError::Read(error)) => Err(error.into()),
            Err(error) => {
                tracing::debug!(%type_, %error, "a value has no JSON rendering");
                Ok(None)
            }
        }
    }
}

/// A call that runs or waits, counted as long as this lives.
struct CountedCall {
    state: Arc<NodeState>,
}

impl CountedCall {
    fn new(state: Arc<NodeState>) -> Result<Self, RpcError> {
        let maximum = state.limits.waiting_calls_max + state.limits.concurrent_calls_max;
        let before = state.calls.fetch_add(1, Ordering::Relaxed);
        let call = CountedCall { state };
        if before >= maximum {
            return Err(RpcError::Overloaded {
                waiting: before,
                maximum,
            });
        }
        Ok(call)
    }
}

impl Drop for CountedCall {
    fn drop(&mut self) {
        self.state.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
