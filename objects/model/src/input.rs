//! Which objects a transaction declares, and therefore which path it takes.

use sui_sdk_types::{
    Address, Digest, Input, Mutability, ObjectReference, Transaction, TransactionKind,
};

/// One object that a transaction names before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputObject {
    /// Owned by an address, or immutable: named at an exact version and digest.
    /// Which of the two it is, only the store knows.
    OwnedOrImmutable(ObjectReference),
    /// Shared (or owned through consensus): named by id and the version at
    /// which it became shared; the ordered path assigns the version to read.
    Shared {
        /// The object.
        object_id: Address,
        /// The version at which it became shared.
        initial_version: u64,
        /// Whether the transaction may write it.
        mutable: bool,
    },
    /// Sent to another object's address; taken in the transaction by `receive`.
    Receiving(ObjectReference),
    /// A package that a command calls or depends on. Packages are immutable
    /// and take no part in versions.
    Package(Address),
}

/// The two ways through a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// Owned and immutable inputs alone: lock and execute, no order needed.
    Fast,
    /// At least one shared input: order first, then execute.
    Ordered,
}

impl Path {
    /// The path's name in metrics and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Path::Fast => "fast",
            Path::Ordered => "ordered",
        }
    }
}

/// What is wrong with a transaction's declaration of inputs. The user's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The same object is declared twice.
    #[error("object {0} is declared as an input more than once")]
    Duplicate(Address),
    /// More inputs than [`crate::limits::INPUTS_MAX`].
    #[error("the transaction declares {actual} inputs; at most {maximum} are allowed")]
    TooMany {
        /// How many were declared.
        actual: usize,
        /// How many are allowed.
        maximum: usize,
    },
    /// A kind of input that this version of Heddle does not support.
    #[error("inputs of kind {0} are not supported yet")]
    Unsupported(&'static str),
}

/// All objects that a transaction declares, gas payment included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredInputs {
    /// Owned or immutable inputs in order of declaration, then the gas payment.
    pub owned: Vec<ObjectReference>,
    /// Shared inputs in order of declaration: id, initial version, mutable.
    pub shared: Vec<(Address, u64, bool)>,
    /// Objects to receive, in order of declaration.
    pub receiving: Vec<ObjectReference>,
    /// Packages named by commands, sorted, without duplicates.
    pub packages: Vec<Address>,
}

impl DeclaredInputs {
    /// Reads the declaration off a transaction.
    ///
    /// # Errors
    /// [`InputError`] when an object is declared twice, there are too many, or
    /// a kind of input is not supported.
    pub fn of(transaction: &Transaction) -> Result<Self, InputError> {
        let mut declared = DeclaredInputs::default();
        let mut packages = std::collections::BTreeSet::new();
        if let TransactionKind::ProgrammableTransaction(ptb)
        | TransactionKind::ProgrammableSystemTransaction(ptb) = &transaction.kind
        {
            if ptb.inputs.len() > crate::limits::INPUTS_MAX {
                return Err(InputError::TooMany {
                    actual: ptb.inputs.len(),
                    maximum: crate::limits::INPUTS_MAX,
                });
            }
            for input in &ptb.inputs {
                match input {
                    Input::Pure(_) => {}
                    Input::ImmutableOrOwned(reference) => declared.owned.push(reference.clone()),
                    Input::Shared(shared) => declared.shared.push((
                        shared.object_id(),
                        shared.version(),
                        match shared.mutability() {
                            Mutability::Immutable => false,
                            Mutability::Mutable => true,
                            Mutability::NonExclusiveWrite => {
                                return Err(InputError::Unsupported("non-exclusive write"));
                            }
                        },
                    )),
                    Input::Receiving(reference) => declared.receiving.push(reference.clone()),
                    Input::FundsWithdrawal(_) => {
                        return Err(InputError::Unsupported("funds withdrawal"));
                    }
                    _ => return Err(InputError::Unsupported("unknown")),
                }
            }
            for command in &ptb.commands {
                match command {
                    sui_sdk_types::Command::MoveCall(call) => {
                        packages.insert(call.package);
                    }
                    sui_sdk_types::Command::Publish(publish) => {
                        packages.extend(publish.dependencies.iter().copied());
                    }
                    sui_sdk_types::Command::Upgrade(upgrade) => {
                        packages.insert(upgrade.package);
                        packages.extend(upgrade.dependencies.iter().copied());
                    }
                    _ => {}
                }
            }
        }
        declared
            .owned
            .extend(transaction.gas_payment.objects.iter().cloned());
        declared.packages = packages.into_iter().collect();
        declared.check_unique()?;
        Ok(declared)
    }

    /// The path that this declaration sends the transaction down.
    pub fn path(&self) -> Path {
        if self.shared.is_empty() {
            Path::Fast
        } else {
            Path::Ordered
        }
    }

    /// The version that every object written by this transaction gets: one
    /// more than the highest version among its inputs (a Lamport clock).
    /// `shared_versions` are the versions assigned by the ordered path.
    /// Receiving objects count; packages don't.
    pub fn lamport_version(&self, shared_versions: &[crate::SharedVersion]) -> u64 {
        self.owned
            .iter()
            .chain(&self.receiving)
            .map(ObjectReference::version)
            .chain(shared_versions.iter().map(|shared| shared.version))
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    fn check_unique(&self) -> Result<(), InputError> {
        let mut ids: Vec<Address> = self
            .owned
            .iter()
            .chain(&self.receiving)
            .map(|reference| *reference.object_id())
            .chain(self.shared.iter().map(|(id, _, _)| *id))
            .collect();
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(InputError::Duplicate(pair[0])),
            None => Ok(()),
        }
    }
}

/// The digest that stands for "no transaction": genesis objects name it as
/// their previous transaction only before genesis has executed.
pub const NO_TRANSACTION: Digest = Digest::ZERO;

#[cfg(test)]
mod tests;
