//! `SubscriptionService`: checkpoints, transactions and events as they come.
//!
//! A subscription begins with the newest checkpoint and goes on without gaps.
//! One task per subscription turns checkpoints into frames and hands them to
//! the connection; at most [`FRAMES_WAITING`] wait there. A subscriber that
//! reads so slowly that the node's own buffer of checkpoints overtakes it is
//! closed with a typed status: nothing grows without bound, and the client
//! knows that it has to list what it missed.

use crate::error::RpcError;
use crate::ledger::cursor::{Counting, LedgerCursor};
use crate::ledger::filter::{Facts, Filter};
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::render::checkpoint::{fresh_checkpoint, fresh_transaction};
use crate::render::events::{EventPlace, placed_event};
use heddle_objects::sui_sdk_types::{CheckpointData, CheckpointTransaction};
use std::sync::Arc;
use std::time::Duration;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::subscription_service_server::SubscriptionService;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::{BoxStream, async_trait};
use tonic::{Request, Response, Status};

/// Frames that wait for one subscriber.
const FRAMES_WAITING: usize = 64;
/// How long a closed subscriber may take to be told why.
const FAREWELL: Duration = Duration::from_secs(5);

/// The service.
pub(crate) struct Subscriptions {
    state: Arc<NodeState>,
}

impl Subscriptions {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        Subscriptions { state }
    }
}

#[async_trait]
impl SubscriptionService for Subscriptions {
    async fn subscribe_checkpoints(
        &self,
        request: Request<proto::SubscribeCheckpointsRequest>,
    ) -> Result<Response<BoxStream<proto::SubscribeCheckpointsResponse>>, Status> {
        let request = request.get_ref();
        let feed = Checkpoints {
            mask: read_mask::<proto::Checkpoint>(
                request.read_mask.as_ref(),
                "sequence_number,digest",
            )?,
            filter: Filter::of_transactions(request.filter.as_ref())?,
        };
        Ok(Response::new(subscribe(self.state.clone(), feed)?))
    }

    async fn subscribe_transactions(
        &self,
        request: Request<proto::SubscribeTransactionsRequest>,
    ) -> Result<Response<BoxStream<proto::SubscribeTransactionsResponse>>, Status> {
        let request = request.get_ref();
        let feed = Transactions {
            mask: read_mask::<proto::ExecutedTransaction>(request.read_mask.as_ref(), "digest")?,
            filter: Filter::of_transactions(request.filter.as_ref())?,
        };
        Ok(Response::new(subscribe(self.state.clone(), feed)?))
    }

    async fn subscribe_events(
        &self,
        request: Request<proto::SubscribeEventsRequest>,
    ) -> Result<Response<BoxStream<proto::SubscribeEventsResponse>>, Status> {
        let request = request.get_ref();
        let feed = Events {
            mask: read_mask::<proto::Event>(request.read_mask.as_ref(), "event_type,sender")?,
            filter: Filter::of_events(request.filter.as_ref())?,
        };
        Ok(Response::new(subscribe(self.state.clone(), feed)?))
    }
}

/// One kind of subscription.
trait Feed: Send + Sync + 'static {
    type Frame: Send + 'static;

    /// A frame that only says where the stream begins; `None` where every
    /// frame carries an item.
    fn opening(&self, first: &CheckpointData) -> Option<Self::Frame>;

    /// The frames of one checkpoint.
    fn frames(
        &self,
        state: &NodeState,
        data: &CheckpointData,
    ) -> Result<Vec<Self::Frame>, RpcError>;
}

fn subscribe<F: Feed>(state: Arc<NodeState>, feed: F) -> Result<BoxStream<F::Frame>, RpcError> {
    let permit = state.subscription_permit()?;
    let (out, frames) = mpsc::channel(FRAMES_WAITING);
    tokio::spawn(async move {
        let _permit = permit;
        let mut stopped = state.stopped();
        let ended = tokio::select! {
            ended = run(&state, Arc::new(feed), &out) => ended,
            _ = stopped.wait_for(|stopped| *stopped) => Err(RpcError::ShuttingDown),
            () = out.closed() => Ok(()),
        };
        if let Err(error) = ended {
            // A subscriber that does not take even this is simply dropped.
            let _ = tokio::time::timeout(FAREWELL, out.send(Err(error.into()))).await;
        }
    });
    Ok(Box::pin(ReceiverStream::new(frames)))
}

async fn run<F: Feed>(
    state: &Arc<NodeState>,
    feed: Arc<F>,
    out: &mpsc::Sender<Result<F::Frame, Status>>,
) -> Result<(), RpcError> {
    // Subscribed before the newest is read: no checkpoint falls in between.
    let mut fresh = state.node().subscribe_checkpoints();
    let newest = state
        .on_thread(|state| match state.store().checkpoint_tip() {
            None => Ok(None),
            Some(tip) => Ok(state.node().checkpoint_data(tip.sequence)?),
        })
        .await?;
    let mut next = 0;
    let mut is_open = false;
    let mut pending = newest.map(Arc::new);
    loop {
        let data = match pending.take() {
            Some(data) => data,
            None => match fresh.recv().await {
                Ok(data) => data,
                Err(RecvError::Lagged(missed)) => {
                    return Err(RpcError::SubscriberTooSlow { missed });
                }
                Err(RecvError::Closed) => return Err(RpcError::ShuttingDown),
            },
        };
        let sequence = data.checkpoint_summary.checkpoint.sequence_number;
        if is_open && sequence < next {
            continue;
        }
        if is_open && sequence > next {
            return Err(RpcError::SubscriberTooSlow {
                missed: sequence - next,
            });
        }
        next = sequence + 1;
        let mut frames: Vec<F::Frame> = Vec::new();
        if !is_open {
            frames.extend(feed.opening(&data));
            is_open = true;
        }
        frames.extend(rendered(state, &feed, data).await?);
        for frame in frames {
            if out.send(Ok(frame)).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Renders on a thread of the blocking pool, outside of the limits on calls:
/// an open subscription has its own limit.
async fn rendered<F: Feed>(
    state: &Arc<NodeState>,
    feed: &Arc<F>,
    data: Arc<CheckpointData>,
) -> Result<Vec<F::Frame>, RpcError> {
    let (state, feed) = (state.clone(), feed.clone());
    tokio::task::spawn_blocking(move || feed.frames(&state, &data))
        .await
        .map_err(|_| RpcError::Internal("rendering a checkpoint panicked".into()))?
}

fn facts(one: &CheckpointTransaction) -> Facts<'_> {
    Facts {
        transaction: &one.transaction.transaction,
        effects: &one.effects,
        events: one.events.as_ref(),
    }
}

/// The ledger position of a checkpoint's first transaction.
fn first_position(data: &CheckpointData) -> u64 {
    data.checkpoint_summary
        .checkpoint
        .network_total_transactions
        .saturating_sub(data.transactions.len() as u64)
}

/// A watermark at `cursor`, with all checkpoints up to `covered` done.
fn watermark(counting: Counting, cursor: LedgerCursor, covered: Option<u64>) -> proto::Watermark {
    let mut watermark = proto::Watermark::default();
    watermark.cursor = Some(cursor.encode(counting));
    watermark.checkpoint = covered;
    watermark
}

/// The watermark before anything of a checkpoint.
fn opening_watermark(counting: Counting, first: &CheckpointData) -> proto::Watermark {
    let sequence = first.checkpoint_summary.checkpoint.sequence_number;
    let cursor = LedgerCursor::before(first_position(first));
    watermark(counting, cursor, sequence.checked_sub(1))
}

/// The watermark after all of a checkpoint.
fn closing_watermark(counting: Counting, data: &CheckpointData) -> proto::Watermark {
    let summary = &data.checkpoint_summary.checkpoint;
    let cursor = LedgerCursor::before(summary.network_total_transactions);
    watermark(counting, cursor, Some(summary.sequence_number))
}

struct Checkpoints {
    mask: FieldMaskTree,
    filter: Filter,
}

impl Feed for Checkpoints {
    type Frame = proto::SubscribeCheckpointsResponse;

    fn opening(&self, first: &CheckpointData) -> Option<Self::Frame> {
        if self.filter.is_everything() {
            return None;
        }
        let sequence = first.checkpoint_summary.checkpoint.sequence_number;
        let mut frame = Self::Frame::default();
        frame.cursor = Some(sequence.checked_sub(1)?);
        Some(frame)
    }

    fn frames(
        &self,
        state: &NodeState,
        data: &CheckpointData,
    ) -> Result<Vec<Self::Frame>, RpcError> {
        let mut frame = Self::Frame::default();
        frame.cursor = Some(data.checkpoint_summary.checkpoint.sequence_number);
        let is_match = self.filter.is_everything()
            || data
                .transactions
                .iter()
                .any(|one| self.filter.matches(&facts(one)));
        if is_match {
            frame.checkpoint = Some(fresh_checkpoint(state, data, &self.mask)?);
        }
        Ok(vec![frame])
    }
}

struct Transactions {
    mask: FieldMaskTree,
    filter: Filter,
}

impl Feed for Transactions {
    type Frame = proto::SubscribeTransactionsResponse;

    fn opening(&self, first: &CheckpointData) -> Option<Self::Frame> {
        let mut frame = Self::Frame::default();
        frame.watermark = Some(opening_watermark(Counting::Transactions, first));
        Some(frame)
    }

    fn frames(
        &self,
        state: &NodeState,
        data: &CheckpointData,
    ) -> Result<Vec<Self::Frame>, RpcError> {
        let sequence = data.checkpoint_summary.checkpoint.sequence_number;
        let first = first_position(data);
        let mut frames = Vec::new();
        for (index, one) in data.transactions.iter().enumerate() {
            if !self.filter.matches(&facts(one)) {
                continue;
            }
            let cursor = LedgerCursor::item(first + index as u64, 0);
            let mut frame = Self::Frame::default();
            frame.transaction = Some(fresh_transaction(state, data, index, &self.mask)?);
            frame.watermark = Some(watermark(
                Counting::Transactions,
                cursor,
                sequence.checked_sub(1),
            ));
            frames.push(frame);
        }
        let mut progress = Self::Frame::default();
        progress.watermark = Some(closing_watermark(Counting::Transactions, data));
        frames.push(progress);
        Ok(frames)
    }
}

struct Events {
    mask: FieldMaskTree,
    filter: Filter,
}

impl Feed for Events {
    type Frame = proto::SubscribeEventsResponse;

    fn opening(&self, first: &CheckpointData) -> Option<Self::Frame> {
        let mut frame = Self::Frame::default();
        frame.watermark = Some(opening_watermark(Counting::Events, first));
        Some(frame)
    }

    fn frames(
        &self,
        state: &NodeState,
        data: &CheckpointData,
    ) -> Result<Vec<Self::Frame>, RpcError> {
        let sequence = data.checkpoint_summary.checkpoint.sequence_number;
        let first = first_position(data);
        let infos = data.checkpoint_contents.transactions();
        let mut frames = Vec::new();
        for (index, (one, info)) in data.transactions.iter().zip(infos).enumerate() {
            let place = EventPlace {
                checkpoint: sequence,
                transaction: *info.transaction(),
                transaction_index: index as u64,
            };
            let events = one.events.iter().flat_map(|events| &events.0);
            for (event_index, event) in (0_u32..).zip(events) {
                if !self.filter.matches_event(&facts(one), event) {
                    continue;
                }
                let cursor = LedgerCursor::item(first + index as u64, event_index);
                let mut frame = Self::Frame::default();
                frame.event = Some(placed_event(state, event, event_index, place, &self.mask)?);
                frame.watermark =
                    Some(watermark(Counting::Events, cursor, sequence.checked_sub(1)));
                frames.push(frame);
            }
        }
        let mut progress = Self::Frame::default();
        progress.watermark = Some(closing_watermark(Counting::Events, data));
        frames.push(progress);
        Ok(frames)
    }
}
