//! Tables that grow, and find the first entry of each value.

use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use heddle_bytecode::TableIndex;
use rustc_hash::FxHashMap;
use std::hash::Hash;

pub(crate) struct Pool<I: TableIndex> {
    pub(crate) entries: Vec<I::Entry>,
    first: FxHashMap<I::Entry, I>,
}

impl<I: TableIndex> Default for Pool<I> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            first: FxHashMap::default(),
        }
    }
}

impl<I: TableIndex> Pool<I>
where
    I::Entry: Clone + Eq + Hash,
{
    /// The first entry that is equal.
    pub(crate) fn find(&self, entry: &I::Entry) -> Option<I> {
        self.first.get(entry).copied()
    }

    /// The first entry that is equal, added if there is none.
    pub(crate) fn intern(&mut self, entry: I::Entry, at: Position) -> Result<I, AssemblyError> {
        match self.find(&entry) {
            Some(index) => Ok(index),
            None => self.push(entry, at),
        }
    }

    /// Adds an entry, whether or not there is an equal one.
    pub(crate) fn push(&mut self, entry: I::Entry, at: Position) -> Result<I, AssemblyError> {
        let index = index_of(self.entries.len(), at)?;
        self.first.entry(entry.clone()).or_insert(index);
        self.entries.push(entry);
        Ok(index)
    }
}

/// The index for a position of a table.
pub(crate) fn index_of<I: TableIndex>(position: usize, at: Position) -> Result<I, AssemblyError> {
    let what = I::KIND;
    I::from_position(position)
        .ok_or_else(|| AssemblyError::new(at, AssemblyErrorKind::TooMany { what }))
}
