//! Streams of checkpoints, transactions and events that match a filter.
//!
//! A scan walks an open interval of the ledger in either direction:
//!
//! 1. Bounds: the checkpoint range and the cursors of the request, intersected
//!    with what exists when the call begins.
//! 2. Candidates: places proposed by the store's index, or every place.
//! 3. Each candidate's items are matched and become frames with a watermark.
//! 4. It ends at the item limit, at a bound, or after [`SCAN_MAX`] candidates.
//!
//! A scan works in steps of [`STEP_PLACES`] candidates, each on a thread; the
//! next step begins when the client has taken the frames of the last.

use super::cursor::{Counting, LedgerCursor};
use super::filter::{Facts, Filter};
use crate::error::RpcError;
use crate::mask::read_mask;
use crate::node_state::NodeState;
use crate::paging::page_size;
use crate::render::checkpoint::stored_checkpoint;
use crate::render::events::{EventPlace, placed_event};
use crate::render::transaction::stored_transaction;
use heddle_objects::ExecutedTransaction;
use heddle_objects::sui_sdk_types::Digest;
use heddle_store::{LedgerOrder, LedgerPosition};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::{Ordering, QueryEndReason};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

/// Most candidates that one call looks at.
const SCAN_MAX: usize = 10_000;
/// Candidates looked at in one step.
const STEP_PLACES: usize = 32;
/// Frames that wait for the client.
const FRAMES_WAITING: usize = 32;

/// One of the three list methods.
pub(super) trait Listing: Send + 'static {
    /// The frame that it streams.
    type Frame: Send + 'static;
    /// What it lists.
    type Item;
    /// What its cursors count.
    const COUNTING: Counting;

    /// The items at a place that match, with their index, in order.
    fn items(&self, state: &NodeState, place: u64) -> Result<Vec<(u32, Self::Item)>, RpcError>;

    /// The filter.
    fn filter(&self) -> &Filter;

    /// A frame.
    fn frame(
        item: Option<Self::Item>,
        watermark: proto::Watermark,
        end: Option<proto::QueryEnd>,
    ) -> Self::Frame;
}

/// A walk over an open interval of the ledger.
pub(super) struct Scan<L> {
    listing: L,
    /// Everything at or below is excluded; rises in an ascending scan.
    lower: LedgerCursor,
    /// Everything at or above is excluded; falls in a descending scan.
    upper: LedgerCursor,
    order: LedgerOrder,
    /// Checkpoints of the interval when the scan began.
    checkpoints: Range<u64>,
    /// Why the scan ends if it reaches its bound.
    reason_at_bound: QueryEndReason,
    items_left: usize,
    places_left: usize,
    /// The first checkpoint in scan direction, known after the first place.
    first_checkpoint: Option<u64>,
}

/// What a request says about its interval.
struct Interval<'a> {
    start_checkpoint: Option<u64>,
    end_checkpoint: Option<u64>,
    options: Option<&'a proto::QueryOptions>,
    limit_default: usize,
    limit_max: usize,
}

impl<L: Listing> Scan<L> {
    fn new(state: &NodeState, listing: L, interval: &Interval<'_>) -> Result<Self, RpcError> {
        let options = interval.options;
        let order = match options.map(proto::QueryOptions::ordering) {
            Some(Ordering::Descending) => LedgerOrder::Descending,
            _ => LedgerOrder::Ascending,
        };
        let exists = state
            .store()
            .checkpoint_tip()
            .map_or(0, |tip| tip.sequence.saturating_add(1));
        let start = interval.start_checkpoint.unwrap_or(0).min(exists);
        let end = interval
            .end_checkpoint
            .unwrap_or(exists)
            .min(exists)
            .max(start);
        let mut lower = LedgerCursor::before(first_place::<L>(state, start)?);
        let mut upper = LedgerCursor::before(first_place::<L>(state, end)?);
        let mut reason_at_bound = match order {
            LedgerOrder::Ascending if interval.end_checkpoint.is_none_or(|end| end > exists) => {
                QueryEndReason::LedgerTip
            }
            _ => QueryEndReason::CheckpointBound,
        };
        let cursor = |field, bytes: Option<&bytes::Bytes>| {
            bytes
                .map(|bytes| LedgerCursor::decode(field, L::COUNTING, bytes))
                .transpose()
        };
        if let Some(after) = cursor("options.after", options.and_then(|o| o.after.as_ref()))?
            && after >= lower
        {
            lower = after;
            if order == LedgerOrder::Descending {
                reason_at_bound = QueryEndReason::CursorBound;
            }
        }
        if let Some(before) = cursor("options.before", options.and_then(|o| o.before.as_ref()))?
            && before < upper
        {
            upper = before;
            if order == LedgerOrder::Ascending {
                reason_at_bound = QueryEndReason::CursorBound;
            }
        }
        Ok(Scan {
            listing,
            lower,
            upper,
            order,
            checkpoints: start..end,
            reason_at_bound,
            items_left: page_size(
                options.and_then(|options| options.limit),
                interval.limit_default,
                interval.limit_max,
            ),
            places_left: SCAN_MAX,
            first_checkpoint: None,
        })
    }

    /// The frames of some more candidates, and whether they are the last.
    fn step(&mut self, state: &NodeState) -> Result<(Vec<L::Frame>, bool), RpcError> {
        let mut frames = Vec::new();
        let limit = STEP_PLACES.min(self.places_left);
        let (candidates, covered_to) = self.candidates(state, limit)?;
        for place in candidates {
            let checkpoint = checkpoint_of::<L>(state, place)?;
            let first = *self.first_checkpoint.get_or_insert(checkpoint);
            let covered = match self.order {
                LedgerOrder::Ascending if checkpoint > first => Some(checkpoint - 1),
                LedgerOrder::Descending if checkpoint < first => Some(checkpoint + 1),
                _ => None,
            };
            let mut items = self.listing.items(state, place)?;
            if self.order == LedgerOrder::Descending {
                items.reverse();
            }
            for (index, item) in items {
                let cursor = LedgerCursor::item(place, index);
                if cursor <= self.lower || cursor >= self.upper {
                    continue;
                }
                self.advance(cursor);
                self.items_left -= 1;
                let end = (self.items_left == 0).then(|| query_end(QueryEndReason::ItemLimit));
                let is_last = end.is_some();
                frames.push(L::frame(Some(item), watermark::<L>(cursor, covered), end));
                if is_last {
                    return Ok((frames, true));
                }
            }
            self.places_left -= 1;
            self.advance(match self.order {
                LedgerOrder::Ascending => LedgerCursor::before(place + 1),
                LedgerOrder::Descending => LedgerCursor::before(place),
            });
        }
        match covered_to {
            Some(cursor) => self.advance(cursor),
            None => {
                frames.push(self.last_frame(state)?);
                return Ok((frames, true));
            }
        }
        let is_exhausted = self.places_left == 0;
        if is_exhausted || frames.is_empty() {
            let end = is_exhausted.then(|| query_end(QueryEndReason::ScanLimit));
            frames.push(L::frame(None, watermark::<L>(self.here(), None), end));
        }
        Ok((frames, is_exhausted))
    }

    /// The frame that says that the bound is reached.
    fn last_frame(&self, state: &NodeState) -> Result<L::Frame, RpcError> {
        let cursor = match self.order {
            LedgerOrder::Ascending => self.upper,
            LedgerOrder::Descending => self.lower,
        };
        let covered = if self.checkpoints.is_empty() {
            None
        } else if self.reason_at_bound == QueryEndReason::CursorBound {
            let checkpoint = checkpoint_of::<L>(state, cursor.place)?;
            match (self.order, self.first_checkpoint) {
                (LedgerOrder::Ascending, Some(first)) if checkpoint > first => Some(checkpoint - 1),
                (LedgerOrder::Descending, Some(first)) if checkpoint < first => {
                    Some(checkpoint + 1)
                }
                _ => None,
            }
        } else {
            Some(match self.order {
                LedgerOrder::Ascending => self.checkpoints.end - 1,
                LedgerOrder::Descending => self.checkpoints.start,
            })
        };
        let end = query_end(self.reason_at_bound);
        Ok(L::frame(None, watermark::<L>(cursor, covered), Some(end)))
    }

    fn here(&self) -> LedgerCursor {
        match self.order {
            LedgerOrder::Ascending => self.lower,
            LedgerOrder::Descending => self.upper,
        }
    }

    fn advance(&mut self, to: LedgerCursor) {
        match self.order {
            LedgerOrder::Ascending => self.lower = self.lower.max(to),
            LedgerOrder::Descending => self.upper = self.upper.min(to),
        }
    }

    /// The places that are left in the interval.
    fn places(&self) -> Range<u64> {
        // A cursor above offset zero leaves part of its place inside.
        let end = self.upper.place + u64::from(self.upper.offset > 0);
        self.lower.place..end.max(self.lower.place)
    }

    /// At most `limit` candidates in scan order, and up to where they cover
    /// the interval; `None` for all of it.
    fn candidates(
        &self,
        state: &NodeState,
        limit: usize,
    ) -> Result<(Vec<u64>, Option<LedgerCursor>), RpcError> {
        let places = self.places();
        let Some(subjects) = self.listing.filter().subjects() else {
            let left = usize::try_from(places.end - places.start).unwrap_or(usize::MAX);
            let found: Vec<u64> = match self.order {
                LedgerOrder::Ascending => places.clone().take(limit).collect(),
                LedgerOrder::Descending => places.clone().rev().take(limit).collect(),
            };
            let covered_to = (left > limit).then(|| match self.order {
                LedgerOrder::Ascending => LedgerCursor::before(places.start + limit as u64),
                LedgerOrder::Descending => LedgerCursor::before(places.end - limit as u64),
            });
            return Ok((found, covered_to));
        };
        let positions = positions_of_places::<L>(state, &places)?;
        let mut found = BTreeSet::new();
        // Where the first index that has more stopped: beyond it, the union is
        // incomplete.
        let mut stop: Option<u64> = None;
        for subject in &subjects {
            let range = LedgerPosition(positions.start)..LedgerPosition(positions.end);
            let some = state
                .store()
                .positions_of(subject, range, self.order, limit)?;
            if some.len() == limit
                && let Some(last) = some.last()
            {
                stop = Some(match (stop, self.order) {
                    (None, _) => last.0,
                    (Some(stop), LedgerOrder::Ascending) => stop.min(last.0),
                    (Some(stop), LedgerOrder::Descending) => stop.max(last.0),
                });
            }
            found.extend(some.into_iter().map(|position| position.0));
        }
        if let Some(stop) = stop {
            found.retain(|position| match self.order {
                LedgerOrder::Ascending => *position <= stop,
                LedgerOrder::Descending => *position >= stop,
            });
        }
        let mut candidates = BTreeSet::new();
        for position in &found {
            candidates.insert(place_of_position::<L>(state, *position)?);
        }
        let covered_to = match stop {
            None => None,
            Some(stop) => {
                let place = place_of_position::<L>(state, stop)?;
                Some(match self.order {
                    LedgerOrder::Ascending => LedgerCursor::before(place + 1),
                    LedgerOrder::Descending => LedgerCursor::before(place),
                })
            }
        };
        let mut candidates: Vec<u64> = candidates.into_iter().collect();
        if self.order == LedgerOrder::Descending {
            candidates.reverse();
        }
        Ok((candidates, covered_to))
    }
}

fn query_end(reason: QueryEndReason) -> proto::QueryEnd {
    let mut end = proto::QueryEnd::default();
    end.reason = Some(reason as i32);
    end
}

fn watermark<L: Listing>(cursor: LedgerCursor, covered: Option<u64>) -> proto::Watermark {
    let mut watermark = proto::Watermark::default();
    watermark.cursor = Some(cursor.encode(L::COUNTING));
    watermark.checkpoint = covered;
    watermark
}

/// The first place of a checkpoint, or the end of the ledger.
fn first_place<L: Listing>(state: &NodeState, checkpoint: u64) -> Result<u64, RpcError> {
    if L::COUNTING == Counting::Checkpoints {
        return Ok(checkpoint);
    }
    match checkpoint.checked_sub(1) {
        None => Ok(0),
        Some(previous) => Ok(state
            .store()
            .checkpoint_summary(previous)?
            .map_or(0, |summary| summary.checkpoint.network_total_transactions)),
    }
}

/// The ledger positions of a range of places.
fn positions_of_places<L: Listing>(
    state: &NodeState,
    places: &Range<u64>,
) -> Result<Range<u64>, RpcError> {
    Ok(first_position::<L>(state, places.start)?..first_position::<L>(state, places.end)?)
}

fn first_position<L: Listing>(state: &NodeState, place: u64) -> Result<u64, RpcError> {
    if L::COUNTING != Counting::Checkpoints {
        return Ok(place);
    }
    match place.checked_sub(1) {
        None => Ok(0),
        Some(previous) => Ok(state
            .store()
            .checkpoint_summary(previous)?
            .map_or(0, |summary| summary.checkpoint.network_total_transactions)),
    }
}

fn place_of_position<L: Listing>(state: &NodeState, position: u64) -> Result<u64, RpcError> {
    if L::COUNTING == Counting::Checkpoints {
        checkpoint_of_position(state, position)
    } else {
        Ok(position)
    }
}

fn checkpoint_of<L: Listing>(state: &NodeState, place: u64) -> Result<u64, RpcError> {
    if L::COUNTING == Counting::Checkpoints {
        Ok(place)
    } else {
        checkpoint_of_position(state, place)
    }
}

fn checkpoint_of_position(state: &NodeState, position: u64) -> Result<u64, RpcError> {
    let digest = digest_at(state, position)?;
    state
        .store()
        .location(&digest)?
        .map(|location| location.checkpoint)
        .ok_or_else(|| RpcError::Internal(format!("position {position} is in no checkpoint")))
}

fn digest_at(state: &NodeState, position: u64) -> Result<Digest, RpcError> {
    state
        .store()
        .transaction_at(LedgerPosition(position))?
        .ok_or_else(|| RpcError::Internal(format!("no transaction at ledger position {position}")))
}

fn executed_at(state: &NodeState, digest: &Digest) -> Result<Arc<ExecutedTransaction>, RpcError> {
    state
        .store()
        .executed_transaction(digest)?
        .ok_or_else(|| RpcError::Internal(format!("transaction {digest} of the ledger is missing")))
}

fn facts(executed: &ExecutedTransaction) -> Facts<'_> {
    Facts {
        transaction: &executed.transaction.transaction,
        effects: &executed.effects,
        events: executed.events.as_ref(),
    }
}

/// Streams a scan.
pub(super) fn stream<L: Listing>(state: Arc<NodeState>, mut scan: Scan<L>) -> BoxStream<L::Frame> {
    let (frames_out, frames_in) = mpsc::channel::<Result<L::Frame, Status>>(FRAMES_WAITING);
    tokio::spawn(async move {
        loop {
            let step = state
                .on_thread(move |state| {
                    let outcome = scan.step(state)?;
                    Ok((scan, outcome))
                })
                .await;
            let (rest, (frames, is_last)) = match step {
                Ok(step) => step,
                Err(error) => {
                    // Whether anybody still listens makes no difference here.
                    let _ = frames_out.send(Err(error.into())).await;
                    return;
                }
            };
            for frame in frames {
                if frames_out.send(Ok(frame)).await.is_err() {
                    return;
                }
            }
            if is_last {
                return;
            }
            scan = rest;
        }
    });
    Box::pin(ReceiverStream::new(frames_in))
}

/// The [`Interval`] of a request; its three types share names only. The range
/// runs from the page size by default to the largest one.
macro_rules! interval {
    ($request:ident, $default:literal..=$max:literal) => {
        Interval {
            start_checkpoint: $request.start_checkpoint,
            end_checkpoint: $request.end_checkpoint,
            options: $request.options.as_ref(),
            limit_default: $default,
            limit_max: $max,
        }
    };
}

/// What the listings differ in by a field's name only.
macro_rules! framed {
    ($field:ident) => {
        fn filter(&self) -> &Filter {
            &self.filter
        }

        fn frame(
            item: Option<Self::Item>,
            watermark: proto::Watermark,
            end: Option<proto::QueryEnd>,
        ) -> Self::Frame {
            let mut frame = Self::Frame::default();
            frame.$field = item;
            frame.watermark = Some(watermark);
            frame.end = end;
            frame
        }
    };
}

/// `ListCheckpoints`.
pub(super) struct Checkpoints {
    mask: FieldMaskTree,
    filter: Filter,
}

pub(super) fn checkpoints(
    state: &NodeState,
    request: &proto::ListCheckpointsRequest,
) -> Result<Scan<Checkpoints>, RpcError> {
    let listing = Checkpoints {
        mask: read_mask::<proto::Checkpoint>(
            request.read_mask.as_ref(),
            super::checkpoints::DEFAULT_MASK,
        )?,
        filter: Filter::of_transactions(request.filter.as_ref())?,
    };
    Scan::new(state, listing, &interval!(request, 10..=100))
}

impl Listing for Checkpoints {
    type Frame = proto::ListCheckpointsResponse;
    type Item = proto::Checkpoint;
    const COUNTING: Counting = Counting::Checkpoints;

    fn items(&self, state: &NodeState, place: u64) -> Result<Vec<(u32, Self::Item)>, RpcError> {
        if !self.filter.is_everything() {
            let contents = state.store().checkpoint_contents(place)?;
            let mut is_match = false;
            for info in contents.iter().flat_map(|contents| contents.transactions()) {
                let executed = executed_at(state, info.transaction())?;
                if self.filter.matches(&facts(&executed)) {
                    is_match = true;
                    break;
                }
            }
            if !is_match {
                return Ok(Vec::new());
            }
        }
        Ok(vec![(0, stored_checkpoint(state, place, &self.mask)?)])
    }

    framed!(checkpoint);
}

/// `ListTransactions`.
pub(super) struct Transactions {
    mask: FieldMaskTree,
    filter: Filter,
}

pub(super) fn transactions(
    state: &NodeState,
    request: &proto::ListTransactionsRequest,
) -> Result<Scan<Transactions>, RpcError> {
    let listing = Transactions {
        mask: read_mask::<proto::ExecutedTransaction>(request.read_mask.as_ref(), "digest")?,
        filter: Filter::of_transactions(request.filter.as_ref())?,
    };
    Scan::new(state, listing, &interval!(request, 50..=1_000))
}

impl Listing for Transactions {
    type Frame = proto::ListTransactionsResponse;
    type Item = proto::ExecutedTransaction;
    const COUNTING: Counting = Counting::Transactions;

    fn items(&self, state: &NodeState, place: u64) -> Result<Vec<(u32, Self::Item)>, RpcError> {
        let digest = digest_at(state, place)?;
        if !self.filter.is_everything() {
            let executed = executed_at(state, &digest)?;
            if !self.filter.matches(&facts(&executed)) {
                return Ok(Vec::new());
            }
        }
        Ok(vec![(0, stored_transaction(state, &digest, &self.mask)?)])
    }

    framed!(transaction);
}

/// `ListEvents`.
pub(super) struct Events {
    mask: FieldMaskTree,
    filter: Filter,
}

pub(super) fn events(
    state: &NodeState,
    request: &proto::ListEventsRequest,
) -> Result<Scan<Events>, RpcError> {
    let listing = Events {
        mask: read_mask::<proto::Event>(request.read_mask.as_ref(), "event_type,sender")?,
        filter: Filter::of_events(request.filter.as_ref())?,
    };
    Scan::new(state, listing, &interval!(request, 50..=1_000))
}

impl Listing for Events {
    type Frame = proto::ListEventsResponse;
    type Item = proto::Event;
    const COUNTING: Counting = Counting::Events;

    fn items(&self, state: &NodeState, place: u64) -> Result<Vec<(u32, Self::Item)>, RpcError> {
        let digest = digest_at(state, place)?;
        let executed = executed_at(state, &digest)?;
        let Some(events) = &executed.events else {
            return Ok(Vec::new());
        };
        let location = state.store().location(&digest)?.ok_or_else(|| {
            RpcError::Internal(format!(
                "transaction {digest} of the ledger has no location"
            ))
        })?;
        let at = EventPlace {
            checkpoint: location.checkpoint,
            transaction: digest,
            transaction_index: u64::from(location.index),
        };
        let facts = facts(&executed);
        let mut found = Vec::new();
        for (index, event) in (0_u32..).zip(&events.0) {
            if self.filter.matches_event(&facts, event) {
                found.push((index, placed_event(state, event, index, at, &self.mask)?));
            }
        }
        Ok(found)
    }

    framed!(event);
}
