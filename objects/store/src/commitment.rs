//! The state commitment: one short value that stands for all live objects.
//!
//! A homomorphic lattice hash over the set of (id, version, digest). Each
//! element is expanded by BLAKE3 to 1024 lanes of 16 bits; the commitment is
//! the lane-wise sum modulo 2¹⁶ of all elements. So adding and removing an
//! object costs the same whatever the size of the state, in any order, and two
//! nodes with the same live objects have the same commitment.
//!
//! Finding two different sets with the same sum is a short-vector problem in a
//! lattice of these dimensions, for which the construction's authors estimate
//! more than 200 bits of security.
//!
//! What it can't do is prove that one object is in the set; a versioned tree
//! will.

use serde::{Deserialize, Serialize};
use sui_sdk_types::{Address, Digest};

/// Lanes of the sum.
const LANES: usize = 1024;
/// Bytes of the sum.
const COMMITMENT_BYTES: usize = LANES * size_of::<u16>();
/// Separates this use of BLAKE3 from every other.
const CONTEXT: &str = "heddle 2026 state commitment v1: live object (id, version, digest)";

/// The lattice hash of a set of live objects. 2 KiB.
#[derive(Clone, PartialEq, Eq)]
pub struct StateCommitment {
    lanes: Box<[u16; LANES]>,
}

impl Default for StateCommitment {
    fn default() -> Self {
        StateCommitment {
            lanes: Box::new([0; LANES]),
        }
    }
}

impl StateCommitment {
    /// Adds a live object.
    pub fn add(&mut self, id: &Address, version: u64, digest: &Digest) {
        self.combine(id, version, digest, u16::wrapping_add);
    }

    /// Removes an object that was added before.
    pub fn remove(&mut self, id: &Address, version: u64, digest: &Digest) {
        self.combine(id, version, digest, u16::wrapping_sub);
    }

    /// Adds all of another set.
    pub fn add_all(&mut self, other: &StateCommitment) {
        for (lane, addend) in self.lanes.iter_mut().zip(other.lanes.iter()) {
            *lane = lane.wrapping_add(*addend);
        }
    }

    /// A 32-byte digest of the commitment, for people and for checkpoints.
    pub fn digest(&self) -> Digest {
        Digest::new(*blake3::hash(&self.to_bytes()).as_bytes())
    }

    /// The lanes, each little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(COMMITMENT_BYTES);
        for lane in self.lanes.iter() {
            bytes.extend_from_slice(&lane.to_le_bytes());
        }
        bytes
    }

    /// The inverse of [`StateCommitment::to_bytes`], `None` if the length is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != COMMITMENT_BYTES {
            return None;
        }
        let mut commitment = StateCommitment::default();
        for (lane, bytes) in commitment.lanes.iter_mut().zip(bytes.chunks_exact(2)) {
            *lane = u16::from_le_bytes([bytes[0], bytes[1]]);
        }
        Some(commitment)
    }

    fn combine(
        &mut self,
        id: &Address,
        version: u64,
        digest: &Digest,
        operation: impl Fn(u16, u16) -> u16,
    ) {
        let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
        hasher.update(id.as_bytes());
        hasher.update(&version.to_le_bytes());
        hasher.update(digest.as_bytes());
        let mut expanded = [0; COMMITMENT_BYTES];
        hasher.finalize_xof().fill(&mut expanded);
        for (lane, bytes) in self.lanes.iter_mut().zip(expanded.chunks_exact(2)) {
            *lane = operation(*lane, u16::from_le_bytes([bytes[0], bytes[1]]));
        }
    }
}

impl std::fmt::Debug for StateCommitment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "StateCommitment({})", self.digest())
    }
}

impl Serialize for StateCommitment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_bytes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StateCommitment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        StateCommitment::from_bytes(&bytes)
            .ok_or_else(|| serde::de::Error::invalid_length(bytes.len(), &"2048 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Element = ([u8; 32], u64, [u8; 32]);

    fn of<'a>(elements: impl IntoIterator<Item = &'a Element>) -> StateCommitment {
        let mut commitment = StateCommitment::default();
        for (id, version, digest) in elements {
            commitment.add(&Address::new(*id), *version, &Digest::new(*digest));
        }
        commitment
    }

    #[test]
    fn the_expansion_is_pinned() {
        assert_eq!(
            of(&[([1; 32], 2, [3; 32])]).digest().to_string(),
            "G9yWy7XRs6LuvQGeV8xQpPka3mFPdxbViEKZ4iHQtevf"
        );
    }

    #[test]
    fn the_empty_set_is_zero() {
        assert_eq!(StateCommitment::default().to_bytes(), vec![0; 2048]);
    }

    proptest! {
        #[test]
        fn order_does_not_matter(elements: Vec<Element>) {
            prop_assert_eq!(of(&elements), of(elements.iter().rev()));
        }

        #[test]
        fn removal_undoes_addition(kept: Vec<Element>, gone: Vec<Element>) {
            let mut commitment = of(kept.iter().chain(&gone));
            for (id, version, digest) in &gone {
                commitment.remove(&Address::new(*id), *version, &Digest::new(*digest));
            }
            prop_assert_eq!(commitment, of(&kept));
        }

        #[test]
        fn every_field_counts(id: [u8; 32], version: u64, digest: [u8; 32], other: Element) {
            prop_assume!((id, version, digest) != other);
            let commitment = of(&[(id, version, digest)]);
            prop_assert_ne!(of(&[other]), commitment.clone());
            let moved = of(&[(id, version.wrapping_add(1), digest)]);
            prop_assert_ne!(moved, commitment);
        }

        #[test]
        fn sums_of_parts_are_the_whole(left: Vec<Element>, right: Vec<Element>) {
            let mut sum = of(&left);
            sum.add_all(&of(&right));
            prop_assert_eq!(sum.clone(), of(left.iter().chain(&right)));
            prop_assert_eq!(StateCommitment::from_bytes(&sum.to_bytes()), Some(sum));
        }
    }
}
