//! Which version of a shared object each ordered transaction reads.
//!
//! Versions are assigned in the order of the commits, before anything
//! executes. That works because the version a transaction writes follows from
//! what it reads: one more than the highest version among its inputs.
//!
//! ```text
//! order   uses counter       reads   its Lamport version   next user reads
//!   a     mutably              5            6                     6
//!   b     immutably            6            7                     6
//!   c     immutably            6            9                     6
//!   d     mutably              6           12                    12
//! ```
//!
//! An object is remembered while assigned transactions have yet to execute;
//! after that its newest version is what the store says. A deleted object goes
//! on getting versions: whoever names it later executes to the failure
//! "input object deleted", and order still needs to be told apart.

use heddle_objects::{DeclaredInputs, SharedVersion};
use rustc_hash::FxHashMap;
use sui_sdk_types::Address;

/// Assigns versions in order, and forgets objects that nobody waits for.
#[derive(Debug, Default)]
pub(crate) struct SharedVersionAssigner {
    pending: FxHashMap<Address, Pending>,
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    /// The version that the next user reads.
    next: u64,
    /// Assigned transactions that have not executed.
    users: u32,
}

impl SharedVersionAssigner {
    /// Assigns the next transaction's shared inputs, in their order.
    /// `newest` gives the newest version in the store of an object that no
    /// transaction is pending on.
    ///
    /// # Errors
    /// Those of `newest`. Nothing is assigned then.
    pub(crate) fn assign<E>(
        &mut self,
        declared: &DeclaredInputs,
        mut newest: impl FnMut(&Address) -> Result<u64, E>,
    ) -> Result<Vec<SharedVersion>, E> {
        let mut assigned = Vec::with_capacity(declared.shared.len());
        for (object_id, _, _) in &declared.shared {
            let version = match self.pending.get(object_id) {
                Some(pending) => pending.next,
                None => newest(object_id)?,
            };
            assigned.push(SharedVersion {
                object_id: *object_id,
                version,
            });
        }
        let lamport = declared.lamport_version(&assigned);
        for ((object_id, _, mutable), shared) in declared.shared.iter().zip(&assigned) {
            let pending = self.pending.entry(*object_id).or_insert(Pending {
                next: shared.version,
                users: 0,
            });
            pending.users += 1;
            if *mutable {
                pending.next = lamport;
            }
        }
        Ok(assigned)
    }

    /// Notes that an assigned transaction has executed and that what it wrote
    /// can be read.
    pub(crate) fn executed(&mut self, assigned: &[SharedVersion]) {
        for shared in assigned {
            if let Some(pending) = self.pending.get_mut(&shared.object_id) {
                pending.users -= 1;
                if pending.users == 0 {
                    self.pending.remove(&shared.object_id);
                }
            }
        }
    }

    /// How many objects are waited for.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{collections::BTreeMap, convert::Infallible};
    use sui_sdk_types::{Digest, ObjectReference};

    fn id(byte: u8) -> Address {
        Address::new([byte; 32])
    }

    fn declared(owned: u64, shared: &[(u8, bool)]) -> DeclaredInputs {
        DeclaredInputs {
            owned: vec![ObjectReference::new(id(255), owned, Digest::ZERO)],
            shared: shared
                .iter()
                .map(|(object, mutable)| (id(*object), 1, *mutable))
                .collect(),
            ..DeclaredInputs::default()
        }
    }

    fn versions(assigned: &[SharedVersion]) -> Vec<u64> {
        assigned.iter().map(|shared| shared.version).collect()
    }

    #[test]
    fn the_table_of_the_module_description() {
        let mut assigner = SharedVersionAssigner::default();
        let mut assign = |owned, mutable| {
            let found = assigner.assign(&declared(owned, &[(1, mutable)]), |_| {
                Ok::<u64, Infallible>(5)
            });
            let Ok(assigned) = found;
            assigned[0].version
        };
        assert_eq!(assign(1, true), 5);
        assert_eq!(assign(1, false), 6);
        assert_eq!(assign(8, false), 6);
        assert_eq!(assign(11, true), 6);
        assert_eq!(assign(1, false), 12);
    }

    #[test]
    fn a_failed_look_up_assigns_nothing() {
        let mut assigner = SharedVersionAssigner::default();
        let refused = assigner.assign(&declared(1, &[(1, true), (2, true)]), |object| {
            if *object == id(2) { Err(()) } else { Ok(3) }
        });
        assert_eq!(refused, Err(()));
        assert_eq!(assigner.len(), 0);
    }

    proptest! {
        /// Assigning everything first and executing later gives the versions
        /// that executing one after the other would have given, whatever is
        /// executed in between.
        #[test]
        fn equals_execution_one_by_one(
            transactions in proptest::collection::vec(
                (0_u64..50, proptest::collection::btree_map(0_u8..4, any::<bool>(), 1..4), any::<bool>()),
                1..60,
            ),
        ) {
            let mut serial: BTreeMap<Address, u64> = BTreeMap::new();
            let mut store: BTreeMap<Address, u64> = BTreeMap::new();
            let mut assigner = SharedVersionAssigner::default();
            let mut waiting = Vec::new();
            for (owned, shared, execute_all) in transactions {
                let shared: Vec<(u8, bool)> = shared.into_iter().collect();
                let declared = declared(owned, &shared);
                let Ok(assigned) = assigner.assign(&declared, |object| {
                    Ok::<u64, Infallible>(store.get(object).copied().unwrap_or(1))
                });
                let expected: Vec<u64> = declared
                    .shared
                    .iter()
                    .map(|(object, _, _)| serial.get(object).copied().unwrap_or(1))
                    .collect();
                prop_assert_eq!(versions(&assigned), expected);
                let lamport = declared.lamport_version(&assigned);
                for (object, _, mutable) in &declared.shared {
                    if *mutable {
                        serial.insert(*object, lamport);
                    }
                }
                waiting.push((declared, assigned, lamport));
                if execute_all {
                    for (declared, assigned, lamport) in waiting.drain(..) {
                        for (object, _, mutable) in &declared.shared {
                            if *mutable {
                                store.insert(*object, lamport);
                            }
                        }
                        assigner.executed(&assigned);
                    }
                    prop_assert_eq!(assigner.len(), 0);
                }
            }
        }
    }
}
