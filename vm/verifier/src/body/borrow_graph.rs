//! Which references borrow from which, and by which path.
//!
//! Nodes are live references, and one node, [`RefId::FRAME`], for the function's
//! locals. An edge from `p` to `c` says that `c` points into what `p` points to:
//!
//! * an *exact* edge with path `f.g` says that `c` is `p.f.g` (the empty path:
//!   `c` is `p` itself);
//! * an *open* edge with path `f.g` says that `c` is somewhere at or below
//!   `p.f.g`.
//!
//! Releasing a reference connects its parents to its children, so that what
//! was borrowed through it stays known.

use crate::WorkMeter;
use crate::error::Violation;
use heddle_bytecode::{EnumDefinitionIndex, FieldIndex, StructDefinitionIndex, VariantTag};
use std::collections::{BTreeMap, BTreeSet};

/// A live reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RefId(pub(super) u32);

impl RefId {
    /// The locals of the function.
    pub(super) const FRAME: RefId = RefId(0);
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Label {
    /// A local of the frame.
    Local(u8),
    /// A field of a struct.
    Field(StructDefinitionIndex, FieldIndex),
    /// A field of a variant.
    VariantField(EnumDefinitionIndex, VariantTag, u16),
}

/// How a child borrows from its parent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Edge {
    path: Vec<Label>,
    exact: bool,
}

impl Edge {
    /// Whether every borrow that `other` stands for is one that `self` stands for.
    fn covers(&self, other: &Edge) -> bool {
        if self.exact {
            self == other
        } else {
            other.path.starts_with(&self.path)
        }
    }
}

/// The graph. Equal graphs compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BorrowGraph {
    /// Live references and whether each is mutable.
    mutable: BTreeMap<RefId, bool>,
    /// Edges by (parent, child).
    edges: BTreeMap<(RefId, RefId), BTreeSet<Edge>>,
    /// The parents of each child; follows from `edges`.
    parents: BTreeSet<(RefId, RefId)>,
}

impl BorrowGraph {
    /// Adds a reference that borrows from nothing known.
    pub(super) fn add(&mut self, id: RefId, mutable: bool) {
        self.mutable.insert(id, mutable);
    }

    /// Whether a live reference is mutable. The frame counts as mutable.
    pub(super) fn is_mutable(&self, id: RefId) -> bool {
        id == RefId::FRAME || self.mutable.get(&id).copied().unwrap_or(false)
    }

    /// `child`, a new reference, is what `step` below `parent` is. Whatever
    /// borrowed from there until now borrows from `child` from now on, so that
    /// `child` cannot be written while an older reference points into it.
    pub(super) fn borrow_exact(
        &mut self,
        parent: RefId,
        step: Option<Label>,
        child: RefId,
        meter: &mut WorkMeter,
    ) -> Result<(), Violation> {
        let path: Vec<Label> = step.into_iter().collect();
        let mut moved = Vec::new();
        for (older, edges) in self
            .edges
            .range_mut((parent, RefId(0))..=(parent, RefId(u32::MAX)))
        {
            meter.charge_each(edges.len() + 1)?;
            let (below, beside) = std::mem::take(edges)
                .into_iter()
                .partition(|edge: &Edge| edge.path.starts_with(&path));
            *edges = beside;
            moved.push((older.1, below));
        }
        for (older, below) in moved {
            if self
                .edges
                .get(&(parent, older))
                .is_some_and(BTreeSet::is_empty)
            {
                self.edges.remove(&(parent, older));
                self.parents.remove(&(older, parent));
            }
            for edge in below {
                meter.charge_each(edge.path.len() + 1)?;
                self.insert(
                    child,
                    older,
                    Edge {
                        path: edge.path[path.len()..].to_vec(),
                        exact: edge.exact,
                    },
                );
            }
        }
        self.insert(parent, child, Edge { path, exact: true });
        Ok(())
    }

    /// `child` is `parent` or something inside.
    pub(super) fn borrow_open(&mut self, parent: RefId, child: RefId) {
        self.insert(
            parent,
            child,
            Edge {
                path: Vec::new(),
                exact: false,
            },
        );
    }

    fn insert(&mut self, parent: RefId, child: RefId, edge: Edge) {
        // Branches that meet can make two references borrow from each other;
        // releasing one must not make the other its own parent.
        if parent == child {
            return;
        }
        let edges = self.edges.entry((parent, child)).or_default();
        if !edges.iter().any(|known| known.covers(&edge)) {
            edges.retain(|known| !edge.covers(known));
            edges.insert(edge);
        }
        self.parents.insert((child, parent));
    }

    fn children(&self, id: RefId) -> impl Iterator<Item = (RefId, &BTreeSet<Edge>)> + '_ {
        self.edges
            .range((id, RefId(0))..=(id, RefId(u32::MAX)))
            .map(|((_, child), edges)| (*child, edges))
    }

    fn parents(&self, id: RefId) -> impl Iterator<Item = RefId> + '_ {
        self.parents
            .range((id, RefId(0))..=(id, RefId(u32::MAX)))
            .map(|(_, parent)| *parent)
    }

    /// Whether something borrows from `id` in a way that may overlap with
    /// `at` (a step below it; `None` for all of it).
    pub(super) fn has_borrows(
        &self,
        id: RefId,
        at: Option<Label>,
        mutable_only: bool,
        meter: &mut WorkMeter,
    ) -> Result<bool, Violation> {
        for (child, edges) in self.children(id) {
            meter.charge_each(edges.len() + 1)?;
            if mutable_only && !self.is_mutable(child) {
                continue;
            }
            let overlaps = edges.iter().any(|edge| match (edge.path.first(), at) {
                (Some(step), Some(at)) => *step == at,
                (None, _) | (_, None) => true,
            });
            if overlaps {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether something borrows all of `id`, or somewhere unknown in it.
    pub(super) fn has_full_borrows(
        &self,
        id: RefId,
        meter: &mut WorkMeter,
    ) -> Result<bool, Violation> {
        for (_, edges) in self.children(id) {
            meter.charge_each(edges.len() + 1)?;
            if edges.iter().any(|edge| edge.path.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends a reference. Its parents become the parents of its children.
    pub(super) fn release(&mut self, id: RefId, meter: &mut WorkMeter) -> Result<(), Violation> {
        let parents: Vec<RefId> = self.parents(id).collect();
        let children: Vec<(RefId, BTreeSet<Edge>)> = self
            .children(id)
            .map(|(child, edges)| (child, edges.clone()))
            .collect();
        for parent in &parents {
            let above = self.edges.remove(&(*parent, id)).unwrap_or_default();
            self.parents.remove(&(id, *parent));
            for (child, below) in &children {
                for upper in &above {
                    for lower in below {
                        meter.charge_each(upper.path.len() + lower.path.len() + 1)?;
                        self.insert(*parent, *child, join_path(upper, lower));
                    }
                }
            }
        }
        for (child, _) in children {
            self.edges.remove(&(id, child));
            self.parents.remove(&(child, id));
        }
        self.mutable.remove(&id);
        Ok(())
    }

    /// The graph with other names for its references.
    pub(super) fn renamed(&self, names: &BTreeMap<RefId, RefId>) -> BorrowGraph {
        let name = |id: RefId| names.get(&id).copied().unwrap_or(id);
        BorrowGraph {
            mutable: self
                .mutable
                .iter()
                .map(|(id, mutable)| (name(*id), *mutable))
                .collect(),
            edges: self
                .edges
                .iter()
                .map(|((parent, child), edges)| ((name(*parent), name(*child)), edges.clone()))
                .collect(),
            parents: self
                .parents
                .iter()
                .map(|(child, parent)| (name(*child), name(*parent)))
                .collect(),
        }
    }

    /// Adds all borrows of `other`, whose references are the same. Returns
    /// whether that changed anything.
    pub(super) fn merge(
        &mut self,
        other: &BorrowGraph,
        meter: &mut WorkMeter,
    ) -> Result<bool, Violation> {
        let mut changed = false;
        for ((parent, child), edges) in &other.edges {
            for edge in edges {
                meter.charge_each(edge.path.len() + 1)?;
                let known = self.edges.get(&(*parent, *child));
                if known.is_none_or(|known| !known.iter().any(|it| it.covers(edge))) {
                    self.insert(*parent, *child, edge.clone());
                    changed = true;
                }
            }
        }
        Ok(changed)
    }

    /// How much there is to copy when the graph is.
    pub(super) fn size(&self) -> usize {
        self.mutable.len() + self.edges.values().map(BTreeSet::len).sum::<usize>()
    }
}

/// The way from a parent through a released reference to a child.
fn join_path(upper: &Edge, lower: &Edge) -> Edge {
    if upper.exact {
        Edge {
            path: [upper.path.as_slice(), lower.path.as_slice()].concat(),
            exact: lower.exact,
        }
    } else {
        // Where the reference was is unknown, so where the child is, is too.
        upper.clone()
    }
}
