//! What a submitter gets once its transaction is executed and durable.

use heddle_objects::{ExecutedTransaction, WrittenObject};
use std::sync::Arc;

/// The certified and durable result of one transaction.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The transaction with its effects and events.
    pub executed: Arc<ExecutedTransaction>,
    /// The object versions that it wrote, sorted by id. Empty if the
    /// transaction had been executed before it was submitted this time: then
    /// the store has them.
    pub written: Vec<WrittenObject>,
    /// Where a failure came from, in words for a person. Not part of the
    /// certified result, and not kept: `None` for a transaction that had been
    /// executed before.
    pub failure_detail: Option<String>,
}
