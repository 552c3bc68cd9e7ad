//! Whether the objects that a transaction names are there, as declared, and
//! the signers' to use.

use super::Payment;
use crate::{FatalError, SubmitError, lock_table::ObjectVersion};
use heddle_objects::{DeclaredInputs, ObjectRead, Ownership, ReadError, object};
use heddle_store::{ObjectCache, StoreError};
use std::sync::{Arc, LazyLock};
use sui_sdk_types::{Address, Digest, Object, ObjectReference, StructTag, Transaction};

const OWNED: &str = "an owned or immutable object";
const SHARED: &str = "a shared object";
const RECEIVED: &str = "an object sent to another object";
const PAYMENT: &str = "a gas coin";

static GAS_COIN: LazyLock<StructTag> = LazyLock::new(StructTag::gas_coin);

/// What a transaction must have for itself while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Owned versions that it may consume.
    pub(crate) owned: Vec<ObjectVersion>,
    /// Objects that their owner uses through consensus, each with the version
    /// at which it last became one. Such an object may leave the line of
    /// versions that its users were promised, by getting another owner; so its
    /// owner uses it in one transaction at a time.
    pub(crate) consensus_owned: Vec<ObjectVersion>,
}

impl Claims {
    /// All that is to be locked, sorted by id.
    pub(crate) fn locks(&self) -> Vec<ObjectVersion> {
        let mut locks = [self.owned.as_slice(), &self.consensus_owned].concat();
        locks.sort_unstable();
        locks
    }
}

/// Checks every declared object against the newest state. Gives what the
/// transaction must lock.
///
/// # Errors
/// [`SubmitError`]; [`SubmitError::Failed`] if the state can't be read.
pub(crate) fn check(
    transaction: &Transaction,
    declared: &DeclaredInputs,
    payment: Payment,
    state: &ObjectCache,
) -> Result<Claims, SubmitError> {
    let check = Check { transaction, state };
    let mut claims = Claims::default();
    for package in &declared.packages {
        check.package(package)?;
    }
    for (id, initial_version, _) in &declared.shared {
        if check.shared(id, *initial_version)? {
            claims.consensus_owned.push((*id, *initial_version));
        }
    }
    // The gas payment is the tail of the owned inputs.
    let coins = transaction.gas_payment.objects.len();
    let (inputs, coins) = declared
        .owned
        .split_at(declared.owned.len().saturating_sub(coins));
    for reference in inputs {
        if check.owned(reference)? {
            claims
                .owned
                .push((*reference.object_id(), reference.version()));
        }
    }
    for reference in &declared.receiving {
        check.received(reference)?;
        claims
            .owned
            .push((*reference.object_id(), reference.version()));
    }
    if payment == Payment::Required || !coins.is_empty() {
        check.payment(coins)?;
        let coins = coins.iter().map(|coin| (*coin.object_id(), coin.version()));
        claims.owned.extend(coins);
    }
    Ok(claims)
}

/// Whether all of `versions` are still the newest: what has to hold once they
/// are locked.
///
/// # Errors
/// [`FatalError`] if the state can't be read.
pub(crate) fn are_newest(
    versions: &[ObjectVersion],
    state: &ObjectCache,
) -> Result<bool, FatalError> {
    for (id, version) in versions {
        let newest = state.newest_version(id)?;
        if !newest.is_some_and(|newest| newest.is_live && newest.version == *version) {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Check<'a> {
    transaction: &'a Transaction,
    state: &'a ObjectCache,
}

impl Check<'_> {
    /// Checks an owned or immutable input. Whether it must be locked.
    fn owned(&self, reference: &ObjectReference) -> Result<bool, SubmitError> {
        let object = self.at_reference(reference)?;
        let signer = self.transaction.sender;
        match ownership(&object)? {
            Ownership::Immutable if object.as_struct().is_some() => Ok(false),
            Ownership::Address(owner) if owner == signer => Ok(true),
            Ownership::Address(owner) => Err(not_owner(reference, owner, signer)),
            _ => Err(mismatch(*reference.object_id(), OWNED, &object)),
        }
    }

    fn received(&self, reference: &ObjectReference) -> Result<(), SubmitError> {
        let object = self.at_reference(reference)?;
        // Whether the address is that of a parent in this transaction, only
        // execution can tell.
        match ownership(&object)? {
            Ownership::Address(_) => Ok(()),
            _ => Err(mismatch(*reference.object_id(), RECEIVED, &object)),
        }
    }

    /// Checks a shared input. Whether only the sender may use it.
    fn shared(&self, id: &Address, declared: u64) -> Result<bool, SubmitError> {
        let object = self.newest(id, None)?;
        let (actual, is_exclusive) = match ownership(&object)? {
            Ownership::Shared { initial_version } => (initial_version, false),
            Ownership::Consensus {
                owner,
                start_version,
            } => {
                let signer = self.transaction.sender;
                if owner != signer {
                    return Err(SubmitError::NotOwner {
                        object: *id,
                        owner,
                        signer,
                    });
                }
                (start_version, true)
            }
            _ => return Err(mismatch(*id, SHARED, &object)),
        };
        if actual != declared {
            return Err(SubmitError::InitialVersionMismatch {
                object: *id,
                declared,
                actual,
            });
        }
        Ok(is_exclusive)
    }

    fn package(&self, id: &Address) -> Result<(), SubmitError> {
        match self.read(self.state.latest(id))? {
            None => Err(SubmitError::PackageNotFound { package: *id }),
            Some(object) if object.as_struct().is_some() => {
                Err(SubmitError::NotPackage { object: *id })
            }
            Some(_) => Ok(()),
        }
    }

    fn payment(&self, coins: &[ObjectReference]) -> Result<(), SubmitError> {
        let payment = &self.transaction.gas_payment;
        let mut balance: u128 = 0;
        for reference in coins {
            let object = self.at_reference(reference)?;
            match ownership(&object)? {
                Ownership::Address(owner) if owner == payment.owner => {}
                Ownership::Address(owner) => {
                    return Err(not_owner(reference, owner, payment.owner));
                }
                _ => return Err(mismatch(*reference.object_id(), PAYMENT, &object)),
            }
            let is_gas_coin = object::struct_tag(&object) == Some(&*GAS_COIN);
            let value = object::coin_balance(&object)
                .filter(|_| is_gas_coin)
                .ok_or(SubmitError::GasNotCoin {
                    object: *reference.object_id(),
                })?;
            balance += u128::from(value);
        }
        if balance < u128::from(payment.budget) {
            return Err(SubmitError::GasBalanceTooLow {
                balance,
                budget: payment.budget,
            });
        }
        Ok(())
    }

    /// The object that a reference names, if it is the newest version.
    fn at_reference(&self, reference: &ObjectReference) -> Result<Arc<Object>, SubmitError> {
        let (id, declared) = (*reference.object_id(), reference.version());
        let object = self.newest(&id, Some(declared))?;
        let current = object.version();
        if current > declared {
            let consumer = self.read(self.state.consumer_of(&id, declared))?;
            return Err(SubmitError::StaleVersion {
                object: id,
                declared,
                current,
                consumed_by: consumer.unwrap_or_else(|| object.previous_transaction()),
            });
        }
        if current < declared {
            return Err(SubmitError::FutureVersion {
                object: id,
                declared,
                current,
            });
        }
        let actual = self.digest(&object)?;
        if actual != *reference.digest() {
            return Err(SubmitError::DigestMismatch {
                object: id,
                version: declared,
                declared: *reference.digest(),
                actual,
            });
        }
        Ok(object)
    }

    /// The digest of the newest version, from the cache unless it just moved on.
    fn digest(&self, object: &Object) -> Result<Digest, SubmitError> {
        let facts = self.read(self.state.facts(&object.object_id()))?;
        Ok(facts
            .filter(|facts| facts.version == object.version())
            .map_or_else(|| object.digest(), |facts| facts.digest))
    }

    fn newest(&self, id: &Address, declared: Option<u64>) -> Result<Arc<Object>, SubmitError> {
        if let Some(object) = self.read(self.state.latest(id))? {
            return Ok(object);
        }
        let Some(removed) = self.read(self.state.newest_version(id))? else {
            return Err(SubmitError::ObjectNotFound { object: *id });
        };
        let by = match declared {
            Some(version) => self.read(self.state.consumer_of(id, version))?,
            None => None,
        };
        Err(SubmitError::ObjectRemoved {
            object: *id,
            version: removed.version,
            by,
        })
    }

    fn read<T, E: Into<ReadFailure>>(&self, result: Result<T, E>) -> Result<T, SubmitError> {
        result.map_err(|error| SubmitError::Failed(error.into().0))
    }
}

/// A failed read as the node's failure.
struct ReadFailure(FatalError);

impl From<StoreError> for ReadFailure {
    fn from(error: StoreError) -> Self {
        ReadFailure(FatalError::from(error))
    }
}

impl From<ReadError> for ReadFailure {
    fn from(error: ReadError) -> Self {
        ReadFailure(FatalError::Store {
            reason: error.to_string(),
        })
    }
}

fn ownership(object: &Object) -> Result<Ownership, SubmitError> {
    Ownership::of(object.owner()).ok_or_else(|| SubmitError::NotBuilt {
        what: format!("objects owned like {}", object.object_id()),
    })
}

fn not_owner(reference: &ObjectReference, owner: Address, signer: Address) -> SubmitError {
    SubmitError::NotOwner {
        object: *reference.object_id(),
        owner,
        signer,
    }
}

fn mismatch(object: Address, declared: &'static str, found: &Object) -> SubmitError {
    let actual = match Ownership::of(found.owner()) {
        _ if found.as_struct().is_none() => "a package",
        Some(Ownership::Address(_)) => "owned by an address",
        Some(Ownership::Parent(_)) => "owned by another object",
        Some(Ownership::Shared { .. }) => "shared",
        Some(Ownership::Immutable) => "immutable",
        Some(Ownership::Consensus { .. }) => "owned through consensus",
        None => "of an unknown kind",
    };
    SubmitError::OwnershipMismatch {
        object,
        declared,
        actual,
    }
}
