//! When a function gets native code.
//!
//! Each function instance counts its calls from the interpreter. The call that
//! reaches the threshold of [`NativeCode`](crate::NativeCode) asks for native
//! code; from then on, once it is there, calls go to it. Which calls those are
//! depends on threads and on what other executions did before: results, errors
//! and gas don't, because both tiers do the same.

use crate::code::Body;
use crate::linkage::{FunctionIndex, LinkContext};
use crate::op::Op;
use std::sync::atomic::{AtomicU32, Ordering};

/// Calls that one call of a function with a loop counts for: its work is not
/// in the calls.
const LOOP_WEIGHT: u32 = 32;

/// The state of one function instance.
#[derive(Debug)]
pub(crate) struct Tier {
    /// Calls that the interpreter has counted. More than the threshold once
    /// native code was asked for.
    calls: AtomicU32,
    weight: u32,
    pub(crate) cell: crate::native_code::Cell,
}

impl Tier {
    pub(crate) fn new(body: &Body) -> Self {
        let weight = match body {
            Body::Ops(body) if has_loop(&body.ops) => LOOP_WEIGHT,
            _ => 1,
        };
        Self {
            calls: AtomicU32::new(0),
            weight,
            cell: crate::native_code::Cell::default(),
        }
    }

    /// Whether the function has native code. Counts a call if it has none.
    #[inline(always)]
    pub(crate) fn is_native(&self, context: &LinkContext, function: FunctionIndex) -> bool {
        self.cell.is_ready() || self.count(context, function)
    }

    #[inline(never)]
    fn count(&self, context: &LinkContext, function: FunctionIndex) -> bool {
        let Some(threshold) = context.config().native_code.threshold() else {
            return false;
        };
        // Once over the threshold, the cache line is only read.
        if self.calls.load(Ordering::Relaxed) > threshold {
            return false;
        }
        let before = self.calls.fetch_add(self.weight, Ordering::Relaxed);
        if before > threshold || before.saturating_add(self.weight) <= threshold {
            return false;
        }
        crate::native_code::request(context, function, threshold == 0);
        self.cell.is_ready()
    }
}

fn has_loop(ops: &[Op]) -> bool {
    ops.iter().enumerate().any(|(position, op)| {
        op.target()
            .is_some_and(|target| target as usize <= position)
    })
}
