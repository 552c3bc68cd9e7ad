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
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// A live reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RefId(pub(super) u32);

impl RefId {
    /// The locals of the function.
    pub(super) const FRAME: RefId = RefId(0);

    /// The name after this one, for ranges.
    fn next(self) -> RefId {
        RefId(self.0.saturating_add(1))
    }
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

/// Steps from a parent to a child; most paths are short.
type Path = SmallVec<[Label; 2]>;

/// That a child borrows from a parent, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Edge {
    parent: RefId,
    child: RefId,
    path: Path,
    exact: bool,
}

impl Edge {
    /// Whether every borrow that `other`, an edge between the same two
    /// references, stands for is one that `self` stands for.
    fn covers(&self, other: &Edge) -> bool {
        if self.exact {
            self == other
        } else {
            other.path.starts_with(&self.path)
        }
    }

    /// That `child` is `parent` or something inside. Of all edges between
    /// the two it is the least.
    fn anywhere(parent: RefId, child: RefId) -> Self {
        Edge {
            parent,
            child,
            path: Path::new(),
            exact: false,
        }
    }

    /// How much there is to look at or to copy.
    fn size(&self) -> usize {
        self.path.len() + 1
    }

    /// The way from a parent through a released reference to a child.
    fn then(&self, lower: &Edge) -> Edge {
        // Where the reference was may be unknown; then where the child is, is too.
        let (path, exact) = if self.exact {
            (
                self.path.iter().chain(&lower.path).copied().collect(),
                lower.exact,
            )
        } else {
            (self.path.clone(), false)
        };
        Edge {
            parent: self.parent,
            child: lower.child,
            path,
            exact,
        }
    }
}

/// The graph. Equal graphs compare equal.
///
/// The sets are flat, because a hostile function makes a large graph and has
/// it kept for each of its blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BorrowGraph {
    /// Live references and whether each is mutable.
    mutable: BTreeMap<RefId, bool>,
    /// By parent, then by child.
    edges: BTreeSet<Edge>,
    /// The parents of each child; follows from `edges`.
    parents: BTreeSet<(RefId, RefId)>,
}

impl BorrowGraph {
    /// Units for finding an edge's place in the sets, beyond its size.
    const INSERT_UNITS: usize = 3;

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
        let path: Path = step.into_iter().collect();
        let mut below = Vec::new();
        for edge in self.below(parent) {
            meter.charge_each(edge.size())?;
            if edge.path.starts_with(&path) {
                below.push(edge.clone());
            }
        }
        for edge in below {
            self.remove(&edge);
            let moved = Edge {
                parent: child,
                path: Path::from_slice(&edge.path[path.len()..]),
                ..edge
            };
            self.insert(moved, meter)?;
        }
        let edge = Edge {
            parent,
            child,
            path,
            exact: true,
        };
        self.insert(edge, meter).map(drop)
    }

    /// `child` is `parent` or something inside.
    pub(super) fn borrow_open(
        &mut self,
        parent: RefId,
        child: RefId,
        meter: &mut WorkMeter,
    ) -> Result<(), Violation> {
        self.insert(Edge::anywhere(parent, child), meter).map(drop)
    }

    /// Adds an edge, unless those that there are cover it, and removes those
    /// that it covers. Looks at all edges between its two references.
    fn insert(&mut self, edge: Edge, meter: &mut WorkMeter) -> Result<bool, Violation> {
        // Branches that meet can make two references borrow from each other;
        // releasing one must not make the other its own parent.
        if edge.parent == edge.child {
            return Ok(false);
        }
        meter.charge_each(edge.size() + Self::INSERT_UNITS)?;
        let mut covered = Vec::new();
        for known in self.between(edge.parent, edge.child) {
            meter.charge(1)?;
            if known.covers(&edge) {
                return Ok(false);
            }
            if edge.covers(known) {
                covered.push(known.clone());
            }
        }
        for known in covered {
            self.edges.remove(&known);
        }
        self.parents.insert((edge.child, edge.parent));
        Ok(self.edges.insert(edge))
    }

    fn remove(&mut self, edge: &Edge) {
        self.edges.remove(edge);
        if self.between(edge.parent, edge.child).next().is_none() {
            self.parents.remove(&(edge.child, edge.parent));
        }
    }

    fn between(&self, parent: RefId, child: RefId) -> impl Iterator<Item = &Edge> + '_ {
        self.edges
            .range(Edge::anywhere(parent, child)..Edge::anywhere(parent, child.next()))
    }

    fn below(&self, parent: RefId) -> impl Iterator<Item = &Edge> + '_ {
        self.edges.range(
            Edge::anywhere(parent, RefId::FRAME)..Edge::anywhere(parent.next(), RefId::FRAME),
        )
    }

    fn parents(&self, id: RefId) -> impl Iterator<Item = RefId> + '_ {
        self.parents
            .range((id, RefId::FRAME)..(id.next(), RefId::FRAME))
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
        for edge in self.below(id) {
            meter.charge(1)?;
            if mutable_only && !self.is_mutable(edge.child) {
                continue;
            }
            let overlaps = match (edge.path.first(), at) {
                (Some(step), Some(at)) => *step == at,
                (None, _) | (_, None) => true,
            };
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
        for edge in self.below(id) {
            meter.charge(1)?;
            if edge.path.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends a reference. Its parents become the parents of its children.
    pub(super) fn release(&mut self, id: RefId, meter: &mut WorkMeter) -> Result<(), Violation> {
        let mut above = Vec::new();
        for parent in self.parents(id) {
            for edge in self.between(parent, id) {
                meter.charge_each(edge.size())?;
                above.push(edge.clone());
            }
        }
        let mut below = Vec::new();
        for edge in self.below(id) {
            meter.charge_each(edge.size())?;
            below.push(edge.clone());
        }
        for edge in above.iter().chain(&below) {
            self.remove(edge);
        }
        for upper in &above {
            for lower in &below {
                meter.charge_each(upper.size() + lower.size())?;
                self.insert(upper.then(lower), meter)?;
            }
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
                .map(|edge| Edge {
                    parent: name(edge.parent),
                    child: name(edge.child),
                    path: edge.path.clone(),
                    exact: edge.exact,
                })
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
        for edge in &other.edges {
            changed |= self.insert(edge.clone(), meter)?;
        }
        Ok(changed)
    }

    /// How much there is to copy when the graph is.
    pub(super) fn size(&self) -> usize {
        self.mutable.len() + self.edges.iter().map(Edge::size).sum::<usize>()
    }
}
